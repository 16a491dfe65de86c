"""Where things lie, and what is said when they don't."""

import platform
import sys
from pathlib import Path

import pytest

from adsieve.domain.errors import InputError
from adsieve.local.workspace import Workspace, architecture, client_environment

ROOT = Path(__file__).parents[3]


def test_everything_lies_in_the_checkout_unless_it_is_named() -> None:
    workspace = Workspace.find(environ={})
    assert workspace.root == ROOT
    assert workspace.folder == ROOT / ".local" / "aws"
    assert (workspace.sam, workspace.ministack) == (ROOT / ".venv-sam", ROOT / ".venv-ministack")


def test_the_environments_of_the_tools_can_be_named(tmp_path: Path) -> None:
    named = {"ADSIEVE_SAM": str(tmp_path / "sam"), "ADSIEVE_MINISTACK": str(tmp_path / "mini")}
    workspace = Workspace.find(tmp_path / "aws", named)
    assert (workspace.folder, workspace.sam, workspace.ministack) == (
        tmp_path / "aws",
        tmp_path / "sam",
        tmp_path / "mini",
    )


def test_a_missing_tool_is_told_with_what_to_do(tmp_path: Path) -> None:
    workspace = Workspace.find(environ={"ADSIEVE_SAM": str(tmp_path)})
    with pytest.raises(InputError, match=r"bin/sam: not there, run `make setup`"):
        workspace.tool(workspace.sam, "sam")


@pytest.mark.parametrize(("machine", "expected"), [("x86_64", "x86_64"), ("aarch64", "arm64"), ("AMD64", "x86_64")])
def test_processors_are_called_as_lambda_calls_them(
    monkeypatch: pytest.MonkeyPatch, machine: str, expected: str
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert architecture() == expected


def test_a_machine_that_cannot_run_the_functions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(InputError, match="no processor `riscv64`"):
        architecture()
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(InputError, match="this is darwin"):
        architecture()


def test_clients_are_pointed_at_the_local_aws_with_made_up_credentials() -> None:
    assert client_environment("http://127.0.0.1:1") == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
