"""Each project rule is shown to fail on the real template with one promise broken, and to pass on it as it is."""

import shutil
from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn, ManualArgs
from cfnlint.decode import decode
from cfnlint.rules import Rules
from cfnlint.runner.template.runner import run_template_by_data, run_template_by_file_path

ROOT = Path(__file__).parents[2]
RULES = Rules.create_from_directory(str(ROOT / "infra" / "lint"))
ROOT_TEMPLATE = "template.yaml"
NESTED = "infra/observability.yaml"

BROKEN = {
    "a queue without dead letters": (
        "E9101",
        ROOT_TEMPLATE,
        "        deadLetterTargetArn: !GetAtt RescanDeadLetterQueue.Arn\n",
        "",
        "`RescanQueue` invokes a function: give it a dead-letter queue",
    ),
    "a queue that gives up early": (
        "E9101",
        ROOT_TEMPLATE,
        "maxReceiveCount: 5 # fewer",
        "maxReceiveCount: 2 # fewer",
        "`ScanQueue` gives up too early",
    ),
    "dead letters whose name is not passed to the alarms": (
        "E9101",
        ROOT_TEMPLATE,
        "        RescanDeadLetterQueue: !GetAtt RescanDeadLetterQueue.QueueName\n",
        "",
        "nobody hears of what ends in `RescanDeadLetterQueue`",
    ),
    "an alarm on something else": (
        "E9101",
        NESTED,
        "MetricName: ApproximateNumberOfMessagesVisible",
        "MetricName: NumberOfMessagesReceived",
        "nobody hears of what ends in `ScanDeadLetterQueue`",
    ),
    "an alarm on another queue": (
        "E9101",
        NESTED,
        "Value: !Ref RescanDeadLetterQueue",
        "Value: !Ref RescanQueue",
        "nobody hears of what ends in `RescanDeadLetterQueue`",
    ),
    "a function without a log group": (
        "E9102",
        ROOT_TEMPLATE,
        "        LogGroup: !Ref RescanLogGroup\n",
        "        LogFormat: JSON\n",
        "`RescanFunction` needs LoggingConfig.LogGroup",
    ),
    "logs for ever": (
        "E9102",
        ROOT_TEMPLATE,
        "      RetentionInDays: !Ref LogRetentionDays\n",
        "      LogGroupClass: STANDARD\n",
        "`ScanUploadFunction` needs LoggingConfig.LogGroup",
    ),
    "visibility below six times": (
        "E9103",
        ROOT_TEMPLATE,
        '"300": { Seconds: 1800 }',
        '"300": { Seconds: 1799 }',
        "1799 s of visibility for a timeout of 300 s, want 1800 s",
    ),
    "visibility that follows the wrong timeout": (
        "E9103",
        ROOT_TEMPLATE,
        "!FindInMap [Visibility, !Ref ScanTimeout, Seconds]",
        "!FindInMap [Visibility, !Ref RescanTimeout, Seconds]",
        "`ScanQueue`: 0 s of visibility",
    ),
    "visibility that fits the default only": (
        "E9103",
        ROOT_TEMPLATE,
        "!FindInMap [Visibility, !Ref RescanTimeout, Seconds]",
        "60",
        "`RescanQueue`: 60 s of visibility for a timeout of 30 s, want 180 s",
    ),
    "no visibility timeout": (
        "E9103",
        ROOT_TEMPLATE,
        "      VisibilityTimeout: !FindInMap [Visibility, !Ref ScanTimeout, Seconds]\n",
        "",
        "`ScanQueue`: 30 s of visibility for a timeout of 10 s, want 60 s",
    ),
    "batches that fail whole": (
        "E9104",
        ROOT_TEMPLATE,
        "            FunctionResponseTypes: [ReportBatchItemFailures]\n",
        "",
        "one bad message of `ScanQueue` fails its batch",
    ),
    "a wildcard resource": (
        "E9105",
        ROOT_TEMPLATE,
        "Resource: !Sub ${UploadsBucket.Arn}/ads/*",
        'Resource: "*"',
        "`ScanUploadRole`, ReadAds: name the actions and the resource",
    ),
    "a wildcard in a list of resources": (
        "E9105",
        ROOT_TEMPLATE,
        "Resource: !GetAtt VerdictsTable.Arn",
        'Resource: [!GetAtt VerdictsTable.Arn, "*"]',
        "`ScanUploadRole`, RecordVerdicts: name the actions and the resource",
    ),
    "a wildcard action": (
        "E9105",
        ROOT_TEMPLATE,
        "Action: s3:PutObject",
        "Action: s3:Put*",
        "`ScanUploadRole`, KeepFingerprints: name the actions and the resource",
    ),
    "a managed policy": (
        "E9105",
        ROOT_TEMPLATE,
        "      Description: What rescan calls, and nothing else\n",
        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]\n",
        "`RescanRole` has managed policies",
    ),
    "a role made up by SAM": (
        "E9105",
        ROOT_TEMPLATE,
        "      Role: !GetAtt RescanRole.Arn\n",
        "",
        "`RescanFunction` needs a role of this template",
    ),
}


def problems(folder: Path) -> list[str]:
    config = ConfigMixIn(**ManualArgs(regions=["us-east-1"], templates=[str(folder / ROOT_TEMPLATE)]))
    return [
        f"{match.rule.id} {match.message}"
        for match in run_template_by_file_path(str(folder / ROOT_TEMPLATE), config, RULES, ignore_bad_template=False)
    ]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "infra").mkdir()
    for name in (ROOT_TEMPLATE, NESTED):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_templates_keep_every_promise(templates: Path) -> None:
    assert problems(templates) == []


def test_text_without_a_file_name_is_read_as_the_root_template(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sam validate --lint` hands over text only."""
    monkeypatch.chdir(templates)
    text, _ = decode(ROOT_TEMPLATE)

    assert list(run_template_by_data(text, ConfigMixIn(**ManualArgs(regions=["us-east-1"])), RULES)) == []


@pytest.mark.parametrize(("rule", "file", "was", "now", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_promise_is_named(templates: Path, rule: str, file: str, was: str, now: str, message: str) -> None:
    intact = (templates / file).read_text()
    assert was in intact, "the template changed: say anew how this promise is broken"
    (templates / file).write_text(intact.replace(was, now, 1))

    found = problems(templates)

    assert any(problem.startswith(rule) and message in problem for problem in found), found


@pytest.mark.parametrize("store", ["UploadsBucket", "EvidenceBucket", "VerdictsTable"])
@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
def test_data_that_dies_with_its_stack_is_named(templates: Path, store: str, policy: str) -> None:
    before, start, rest = (templates / ROOT_TEMPLATE).read_text().partition(f"  {store}:\n    Type:")
    (templates / ROOT_TEMPLATE).write_text(before + start + rest.replace(f"    {policy}: Retain\n", "", 1))

    assert problems(templates) == [f"E9106 `{store}` holds data: set {policy} to Retain"]
