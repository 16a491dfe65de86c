"""What is deployed, and when there is nothing to deploy."""

from pathlib import Path

import pytest

from adsieve.local.build import Build
from adsieve.local.deploy import Stack, parameters

BUILD = Build(Path("/builds/abc"), "abc", "arm64")


def stack(deployed: str = "abc", **given: str) -> Stack:
    return Stack("http://127.0.0.1:1", "CREATE_COMPLETE", {}, deployed, given)


def test_parameters_come_from_samconfig_and_this_machine(tmp_path: Path) -> None:
    config = '[local.deploy.parameters]\nparameter_overrides = "LogLevel=DEBUG ScanConcurrency=2"\n'
    (tmp_path / "samconfig.toml").write_text(config)
    assert parameters(tmp_path, BUILD) == {
        "LogLevel": "DEBUG",
        "ScanConcurrency": "2",
        "Architecture": "arm64",
        "PackagePath": "/builds/abc/MaterialLayer/material",
    }


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (stack(LogLevel="DEBUG", ScanMemory="1769"), True),
        (stack(LogLevel="INFO"), False),
        (stack(), False),
        (stack("older", LogLevel="DEBUG"), False),
        (stack("", LogLevel="DEBUG"), False),
    ],
)
def test_a_stack_holds_a_build_when_digest_and_every_parameter_agree(present: Stack, expected: bool) -> None:
    assert present.holds(BUILD, {"LogLevel": "DEBUG"}) is expected
