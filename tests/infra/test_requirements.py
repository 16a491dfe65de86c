"""Pins exist once: what goes to Lambda is cut out of the lock, and tool environments are locked with hashes."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.tools import export_requirements as exporting

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"
TOOLS = ROOT / "infra" / "tools"


@pytest.mark.parametrize(("layer", "group"), [("dependencies", "lambda"), ("analytics", "analytics")])
def test_a_layer_carries_exactly_what_the_lock_says(layer: str, group: str) -> None:
    carried = (ROOT / "layers" / layer / "requirements.txt").read_text()
    assert carried == exporting.export(group), "run make lock"


def test_nothing_that_the_layer_needs_is_missing() -> None:
    """Told by the installed distributions, not by the lock's comments, which the export relies on."""
    carried = set(exporting.pins(REQUIREMENTS.read_text()))

    for name in carried:
        for line in requires(name) or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": "", "sys_platform": "linux"}):
                assert wanted.name.lower().replace("_", "-") in carried, f"{name} wants {line}"


def test_what_the_lambda_runtime_has_is_not_shipped() -> None:
    assert not {"boto3", "botocore", "awslambdaric"} & set(exporting.pins(REQUIREMENTS.read_text()))


def test_every_library_of_the_functions_is_one_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert set(project["dependency-groups"]["lambda"]) <= set(project["project"]["dependencies"])


@pytest.mark.parametrize("tool", ["sam", "ministack", "checkov"])
def test_a_tool_environment_is_locked(tool: str) -> None:
    wanted = [Requirement(line) for line in (TOOLS / f"{tool}.in").read_text().split("\n") if line]
    locked = exporting.pins((TOOLS / f"{tool}.lock").read_text())

    for requirement in wanted:
        version = re.match(r"[^=]+==([^ ;]+)", locked[requirement.name])
        assert version
        assert requirement.specifier.contains(version[1])
    assert [name for name, block in locked.items() if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("file", [REQUIREMENTS, *TOOLS.glob("*.lock")], ids=lambda file: file.stem)
def test_a_lock_names_no_registry(file: Path) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links", file.read_text())
