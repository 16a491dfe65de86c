"""What is deployed, and when there is nothing to deploy: CloudFormation is played, and so is SAM."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from adsieve.domain.errors import UnavailableError
from adsieve.local import deploy as deployment
from adsieve.local.build import Build
from adsieve.local.deploy import DEPLOYED_TAG, Stack, deploy, find_stack, parameters, publishing_key
from adsieve.local.server import Address
from adsieve.local.workspace import Workspace

HERE = Address(1, 4566)
BUILD = Build(Path("/builds/abc"), "abc", "arm64")
CONFIG = '[local.deploy.parameters]\nparameter_overrides = "LogLevel=DEBUG ScanConcurrency=2"\n'
NO_STACK = ClientError({"Error": {"Code": "ValidationError", "Message": "no such stack"}}, "DescribeStacks")


@dataclass
class CloudFormation:
    """Answers every look at the stack with the next of `answers`, the last one for ever."""

    answers: list[dict[str, Any] | Exception]
    deleted: bool = False
    waited: dict[str, Any] = field(default_factory=dict)

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - CloudFormation's own name
        assert StackName == "adsieve"
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"Stacks": [answer]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - likewise
        assert StackName == "adsieve"
        self.deleted = True

    def get_waiter(self, name: str) -> Self:
        assert name == "stack_delete_complete"
        return self

    def wait(self, **waited: Any) -> None:
        self.waited = waited


def described(status: str = "CREATE_COMPLETE", digest: str = "abc", **given: str) -> dict[str, Any]:
    return {
        "StackStatus": status,
        "Outputs": [{"OutputKey": "Name", "OutputValue": "value"}],
        "Tags": [{"Key": DEPLOYED_TAG, "Value": digest}],
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    sam = tmp_path / "sam" / "bin" / "sam"
    sam.parent.mkdir(parents=True)
    sam.write_text('#!/bin/sh\necho "$AWS_ENDPOINT_URL $@" >> calls\n')
    sam.chmod(0o755)
    (tmp_path / "samconfig.toml").write_text(CONFIG)
    return Workspace(tmp_path, tmp_path / "aws", tmp_path / "builds", tmp_path / "sam", tmp_path / "ministack")


@pytest.fixture
def wanted(workspace: Workspace) -> dict[str, str]:
    return parameters(workspace, BUILD)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "SETTLE_SECONDS", 0.3)


def played(monkeypatch: pytest.MonkeyPatch, *answers: dict[str, Any] | Exception) -> CloudFormation:
    cloudformation = CloudFormation([*answers])
    monkeypatch.setattr(deployment, "client", lambda _service, _endpoint: cloudformation)
    return cloudformation


def calls(workspace: Workspace) -> list[str]:
    written = workspace.root / "calls"
    return written.read_text().splitlines() if written.is_file() else []


def test_parameters_come_from_samconfig_and_this_machine(workspace: Workspace) -> None:
    assert parameters(workspace, BUILD) == {
        "LogLevel": "DEBUG",
        "ScanConcurrency": "2",
        "Architecture": "arm64",
        "PackagePath": "/builds/abc/MaterialLayer/material",
        "PublicKey": publishing_key(workspace).public,
    }


def test_the_first_time_the_build_is_deployed_to_the_local_aws(
    workspace: Workspace, wanted: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, NO_STACK, described(**wanted))
    steps: list[str] = []
    assert deploy(workspace, HERE, BUILD, steps.append).outputs == {"Name": "value"}
    (call,) = calls(workspace)
    assert call.startswith("http://127.0.0.1:4566 deploy --config-env local")
    assert all(f'{name}="{value}"' in call for name, value in wanted.items())
    assert f"{DEPLOYED_TAG}=abc" in call
    assert steps == ["deploying the template"]


def test_a_stack_of_this_build_is_left_alone(
    workspace: Workspace, wanted: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, described(**wanted))
    assert deploy(workspace, HERE, BUILD, lambda _: None).deployed == "abc"
    assert calls(workspace) == []


@pytest.mark.parametrize(
    "present",
    [
        described(digest="older", LogLevel="DEBUG"),
        described(LogLevel="INFO"),
        described("UPDATE_ROLLBACK_COMPLETE", LogLevel="DEBUG"),
    ],
)
def test_a_stack_of_another_build_or_with_other_parameters_is_updated(
    workspace: Workspace, present: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloudformation = played(monkeypatch, present)
    deploy(workspace, HERE, BUILD, lambda _: None)
    assert len(calls(workspace)) == 1
    assert not cloudformation.deleted


def test_a_deployment_that_goes_on_without_us_is_waited_for(
    workspace: Workspace, wanted: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, described("CREATE_IN_PROGRESS", **wanted), described(**wanted))
    assert deploy(workspace, HERE, BUILD, lambda _: None).status == "CREATE_COMPLETE"
    assert calls(workspace) == []


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_FAILED"])
def test_a_stack_that_cannot_be_updated_is_deleted_first(
    workspace: Workspace, wanted: dict[str, str], status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloudformation = played(monkeypatch, described(status, **wanted))
    deploy(workspace, HERE, BUILD, lambda _: None)
    assert cloudformation.deleted
    assert cloudformation.waited["StackName"] == "adsieve"
    assert len(calls(workspace)) == 1


def test_a_deployment_that_leaves_no_stack_is_an_error(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    played(monkeypatch, NO_STACK)
    with pytest.raises(UnavailableError, match="no stack `adsieve` after deploying it"):
        deploy(workspace, HERE, BUILD, lambda _: None)


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://127.0.0.1:4566"),
        ClientError({"Error": {"Code": "InternalFailure", "Message": "broken"}}, "DescribeStacks"),
    ],
)
def test_a_local_aws_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    played(monkeypatch, error)
    with pytest.raises(UnavailableError, match="the local AWS at http"):
        find_stack(HERE.endpoint)


def test_a_client_uses_made_up_credentials_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "real")
    made = deployment.client("sqs", "http://127.0.0.1:4566")
    assert made.meta.endpoint_url == "http://127.0.0.1:4566"
    assert made._request_signer._credentials.access_key == "test"


def test_a_stack_holds_a_build_when_digest_and_every_parameter_agree() -> None:
    stack = Stack("http://127.0.0.1:1", "CREATE_COMPLETE", {}, "abc", {"LogLevel": "DEBUG", "ScanMemory": "1769"})
    assert stack.holds(BUILD, {"LogLevel": "DEBUG"})
    assert not stack.holds(BUILD, {"LogLevel": "INFO"})
    assert not stack.holds(Build(BUILD.folder, "other", "arm64"), {"LogLevel": "DEBUG"})
