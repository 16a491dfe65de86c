"""What adsieve's templates promise beyond what cfn-lint knows: no ad is lost, no log is endless, no role is wide.

cfn-lint loads every class of this file (`append_rules` in .cfnlintrc.yaml). It hands over SAM templates with their
Globals merged in and their events still inside the functions, which is what the rules below read.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cfnlint.decode import decode
from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
STORES = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::S3::Bucket")
SAM_TIMEOUT = 3
SQS_VISIBILITY = 30
VISIBILITY_FACTOR = 6
"""AWS's own advice for queues that invoke functions: room for a batch, its retries and throttling."""

FEWEST_RECEIVES = 3
ROOT_TEMPLATE = "template.yaml"
"""What is linted where cfn-lint is told no file name: `sam validate --lint` hands over text, in the repository's root."""

type Node = Mapping[str, Any]


def resources(cfn: Template, *kinds: str) -> Iterator[tuple[str, Node]]:
    """Logical id and properties of the resources of some types."""
    for name, resource in cfn.get_resources().items():
        if resource["Type"] in kinds:
            yield name, resource.get("Properties", {})


def target(value: object) -> str | None:
    """Logical id that a `Ref` or `Fn::GetAtt` points to."""
    if not isinstance(value, Mapping):
        return None
    attribute = value.get("Fn::GetAtt")
    name = attribute[0] if isinstance(attribute, list) else value.get("Ref")
    return str(name) if name else None


def queue_events(cfn: Template) -> Iterator[tuple[list[str], Node, str, Node]]:
    """Every SQS event: its path, its properties, the queue's logical id, the properties of the function."""
    for name, function in resources(cfn, "AWS::Serverless::Function"):
        for event, source in function.get("Events", {}).items():
            queue = target(source["Properties"]["Queue"]) if source["Type"] == "SQS" else None
            if queue:
                path = ["Resources", name, "Properties", "Events", event]
                yield path, source["Properties"], queue, function


class Rule(CloudFormationLintRule):  # type: ignore[misc] # cfn-lint's classes are untyped to mypy
    """A rule that reports paths and messages. It has no id, so cfn-lint runs only the rules below it."""

    tags = ("adsieve",)

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Called by cfn-lint, once a template."""
        return [RuleMatch(path, message) for path, message in self.problems(cfn)]

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """What is wrong, with the path to where it is."""
        raise NotImplementedError


class QueuesLoseNothing(Rule):
    """Whatever a function cannot process must end where a person sees it."""

    id = "E9101"
    shortdesc = "queues that invoke functions have a dead-letter queue with an alarm"
    description = "A message that fails again and again must be kept, and somebody must hear of it"

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """One for each queue without a dead-letter queue, with too few tries, or without an alarm."""
        queues = dict(resources(cfn, "AWS::SQS::Queue"))
        watched = set(alarmed_queues(cfn))
        for _, _, queue, _ in queue_events(cfn):
            path = ["Resources", queue]
            redrive = queues.get(queue, {}).get("RedrivePolicy", {})
            dead_letters = target(redrive.get("deadLetterTargetArn"))
            if dead_letters not in queues:
                yield path, f"`{queue}` invokes a function: give it a dead-letter queue"
            elif redrive.get("maxReceiveCount", 0) < FEWEST_RECEIVES:
                yield path, f"`{queue}` gives up too early: want a maxReceiveCount of {FEWEST_RECEIVES} or more"
            elif dead_letters not in watched:
                yield path, f"nobody hears of what ends in `{dead_letters}`: add an alarm on its visible messages"


def alarmed_queues(cfn: Template) -> Iterator[str]:
    """Queues whose visible messages raise an alarm, here or in a nested template that is told the queue's name."""
    yield from alarm_targets(cfn.template)
    folder = Path(cfn.filename or ROOT_TEMPLATE).parent
    for _, stack in resources(cfn, "AWS::CloudFormation::Stack"):
        nested, _ = decode(str(folder / stack["TemplateURL"]))
        passed = stack.get("Parameters", {})
        for parameter in alarm_targets(nested or {}):
            queue = target(passed.get(parameter))
            if queue:
                yield queue


def alarm_targets(template: Node) -> Iterator[str]:
    """What the alarms on visible messages point to."""
    for resource in template.get("Resources", {}).values():
        alarm = resource.get("Properties", {})
        if (
            resource["Type"] == "AWS::CloudWatch::Alarm"
            and alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        ):
            yield from filter(None, (target(dimension["Value"]) for dimension in alarm.get("Dimensions", ())))


class LogsEnd(Rule):
    """A log group that Lambda makes by itself keeps its lines for ever."""

    id = "E9102"
    shortdesc = "functions write to a log group of the template that expires"
    description = "LoggingConfig.LogGroup refers to an AWS::Logs::LogGroup with RetentionInDays"

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """One for each function without such a log group."""
        expiring = {name for name, group in resources(cfn, "AWS::Logs::LogGroup") if "RetentionInDays" in group}
        for name, function in resources(cfn, *FUNCTIONS):
            if target(function.get("LoggingConfig", {}).get("LogGroup")) not in expiring:
                yield ["Resources", name], f"`{name}` needs LoggingConfig.LogGroup: a log group with RetentionInDays"


class MessagesAreNotHandedOutTwice(Rule):
    """A message that becomes visible while a function still works on it is decided twice."""

    id = "E9103"
    shortdesc = f"a queue's visibility timeout is {VISIBILITY_FACTOR} times its function's, for every parameter value"
    description = "SQS must not hand out a message that is still being worked on"

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """One for each event and each allowed timeout that its queue does not outlast."""
        queues = dict(resources(cfn, "AWS::SQS::Queue"))
        for _, _, queue, function in queue_events(cfn):
            visibility = queues.get(queue, {}).get("VisibilityTimeout", SQS_VISIBILITY)
            for timeout, choice in choices(cfn, function.get("Timeout", SAM_TIMEOUT)):
                seconds = chosen(cfn, visibility, choice)
                if seconds < VISIBILITY_FACTOR * timeout:
                    told = f"`{queue}`: {seconds} s of visibility for a timeout of {timeout} s"
                    yield ["Resources", queue], f"{told}, want {VISIBILITY_FACTOR * timeout} s or more"


def choices(cfn: Template, value: object) -> Iterator[tuple[int, Node]]:
    """Every number that a property may take, with the parameter values that lead there; endless ones give infinity."""
    name = target(value)
    if name is None:
        yield int(str(value)), {}
        return
    parameter = cfn.template["Parameters"][name]
    for allowed in parameter.get("AllowedValues", [parameter.get("MaxValue", 900)]):
        yield int(allowed), {name: str(allowed)}


def chosen(cfn: Template, value: object, choice: Node) -> int:
    """The number that a property takes once parameters are chosen; 0 where it depends on something else."""
    if not isinstance(value, Mapping):
        return int(str(value))
    mapping, key, column = value.get("Fn::FindInMap", ("", "", ""))
    row = cfn.template.get("Mappings", {}).get(mapping, {}).get(choice.get(target(key) or ""), {})
    return int(row.get(column, 0))


class BatchesFailInParts(Rule):
    """Without partial failures one poison ad takes nine good ones to the dead-letter queue."""

    id = "E9104"
    shortdesc = "SQS events report failures message by message"
    description = "FunctionResponseTypes holds ReportBatchItemFailures"

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """One for each event that does not."""
        for path, event, queue, _ in queue_events(cfn):
            if "ReportBatchItemFailures" not in event.get("FunctionResponseTypes", ()):
                yield path, f"one bad message of `{queue}` fails its batch: add ReportBatchItemFailures"


class RolesAreNarrow(Rule):
    """A wildcard grants what nobody thought of."""

    id = "E9105"
    shortdesc = "roles are written here and name their actions and resources"
    description = "No statement of a role has a wildcard resource or action; functions use a role of the template"

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """One for each wide statement, managed policy, or function whose role SAM would make up."""
        roles = dict(resources(cfn, "AWS::IAM::Role"))
        for name, function in resources(cfn, *FUNCTIONS):
            if target(function.get("Role")) not in roles:
                yield ["Resources", name], f"`{name}` needs a role of this template: SAM's own may log anywhere"
        for name, role in roles.items():
            if "ManagedPolicyArns" in role:
                yield ["Resources", name], f"`{name}` has managed policies, which are wider than any function needs"
            for policy in role.get("Policies", ()):
                for statement in policy["PolicyDocument"]["Statement"]:
                    if wide(statement):
                        where = statement.get("Sid", policy["PolicyName"])
                        yield ["Resources", name], f"`{name}`, {where}: name the actions and the resource"


def wide(statement: Node) -> bool:
    """Whether a statement reaches every resource, or has an action that ends in `*`."""
    resource, action = ([value] if not isinstance(value, list) else value for value in _reach(statement))
    return "*" in resource or any(str(named).endswith("*") for named in action)


def _reach(statement: Node) -> tuple[Any, Any]:
    return statement.get("Resource", "*"), statement.get("Action", "*")


class DataOutlivesTheStack(Rule):
    """Deleting a stack, or a change that replaces a resource, must not delete evidence."""

    id = "E9106"
    shortdesc = "buckets and tables are retained"
    description = "DeletionPolicy and UpdateReplacePolicy are Retain"

    def problems(self, cfn: Template) -> Iterator[tuple[list[Any], str]]:
        """One for each policy that is missing or says something else."""
        for name, resource in cfn.get_resources().items():
            if resource["Type"] not in STORES:
                continue
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if resource.get(policy) != "Retain":
                    yield ["Resources", name], f"`{name}` holds data: set {policy} to Retain"
