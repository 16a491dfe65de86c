"""What goes wrong on purpose: nothing is lost, everything says why, and no role can do more than it must."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from adsieve.local.cloud import Cloud
from tests.e2e.conftest import verdict_of
from tests.waiting import eventually

pytestmark = pytest.mark.e2e

AD = {"markets": ["SA"], "texts": {"headline": "casino tonight"}}
DEAD = "ScanDeadLetterQueueUrl"


@pytest.mark.usefixtures("impatient")
def test_a_poison_message_ends_in_the_dead_letter_queue_and_disturbs_nobody(cloud: Cloud) -> None:
    started = datetime.now(UTC)
    cloud.sqs.send_message(QueueUrl=cloud.stack.outputs["ScanQueueUrl"], MessageBody="poison")
    cloud.put_ad("beside-poison", AD | {"ad_id": "beside-poison"})
    assert verdict_of(cloud, "beside-poison")["decision"] == "REJECT"
    assert _bury(cloud) == ["poison"]
    assert "no JSON message" in _failures(cloud, started)


@pytest.mark.usefixtures("impatient")
def test_an_ad_that_failed_five_times_is_decided_after_a_redrive(cloud: Cloud) -> None:
    started = datetime.now(UTC)
    with _without(cloud, "ScanUploadRole", "dynamodb:PutItem"):
        cloud.put_ad("redriven", AD | {"ad_id": "redriven"})
        (message,) = _bury(cloud)
    assert "AccessDenied" in _failures(cloud, started)
    assert [*cloud.verdicts.history("redriven")] == []
    cloud.sqs.send_message(QueueUrl=cloud.stack.outputs["ScanQueueUrl"], MessageBody=message)
    assert verdict_of(cloud, "redriven")["decision"] == "REJECT"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "dynamodb:GetItem"])
def test_the_scan_role_needs_each_permission_that_it_has(cloud: Cloud, action: str) -> None:
    started, ad_id = datetime.now(UTC), f"denied-{action.replace(':', '-')}"
    with _without(cloud, "ScanUploadRole", action):
        cloud.put_ad(ad_id, AD | {"ad_id": ad_id})
        eventually(lambda: "AccessDenied" in _failures(cloud, started), f"a denial of {action} in the log")
        assert [*cloud.verdicts.history(ad_id)] == []
    assert verdict_of(cloud, ad_id)["decision"] == "REJECT"


@contextmanager
def _without(cloud: Cloud, role: str, action: str) -> Iterator[None]:
    """Take one permission away from one role of the template, and give it back."""
    iam = cloud.client("iam")
    stack = cloud.client("cloudformation").describe_stack_resources(StackName="adsieve", LogicalResourceId=role)
    name = stack["StackResources"][0]["PhysicalResourceId"]
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(_less(whole, action)))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(whole))


def _less(policy: dict[str, Any], action: str) -> dict[str, Any]:
    statements = []
    for statement in policy["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if kept := [each for each in actions if each != action]:
            statements.append(statement | {"Action": kept})
    assert statements != policy["Statement"]
    return policy | {"Statement": statements}


def _bury(cloud: Cloud) -> list[str]:
    """Wait for one message to die, and take what lies in the dead-letter queue."""
    eventually(lambda: cloud.depth(DEAD), "a message in the dead-letter queue")
    url = cloud.stack.outputs[DEAD]
    found = cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    for message in found:
        cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in found]


def _failures(cloud: Cloud, since: datetime) -> str:
    return "\n".join(line for line in cloud.log_lines(since, ["scan"]) if '"failed"' in line)
