"""Pins exist once: what goes to Lambda is cut out of the lock, and tool environments are locked with hashes."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.tools import export_requirements as exporting

ROOT = Path(__file__).parents[2]
LAYERS = {"dependencies": "lambda", "media": "lambda-media", "video": "lambda-video", "analytics": "analytics"}
TOOLS = ROOT / "infra" / "tools"


def requirements(layer: str) -> str:
    return (ROOT / "layers" / layer / "requirements.txt").read_text()


@pytest.mark.parametrize(("layer", "group"), LAYERS.items())
def test_a_layer_carries_exactly_what_the_lock_says(layer: str, group: str) -> None:
    file = ROOT / "layers" / layer / "requirements.txt"

    assert file.read_text() == exporting.export(group=group), "run infra/tools/export_requirements.py"


def test_nothing_that_the_layers_need_is_missing() -> None:
    """Told by the installed distributions, not by the lock's comments, which the export relies on."""
    carried = {name for layer in LAYERS for name in exporting.pins(requirements(layer))}

    for name in carried:
        for line in requires(name) or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": "", "sys_platform": "linux"}):
                assert wanted.name.lower().replace("_", "-") in carried, f"{name} wants {line}"


def test_what_the_lambda_runtime_has_is_not_shipped() -> None:
    carried = {name for layer in LAYERS for name in exporting.pins(requirements(layer))}

    assert not {"boto3", "botocore", "awslambdaric"} & carried


def test_every_library_of_the_functions_is_one_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    for group in LAYERS.values():
        assert set(project["dependency-groups"][group]) <= set(project["project"]["dependencies"])


@pytest.mark.parametrize("tool", ["sam", "ministack", "checkov", "npm"])
def test_a_tool_environment_is_locked(tool: str) -> None:
    wanted = [Requirement(line) for line in (TOOLS / f"{tool}.in").read_text().split("\n") if line]
    locked = exporting.pins((TOOLS / f"{tool}.lock").read_text())

    for requirement in wanted:
        version = re.match(r"[^=]+==([^ ;]+)", locked[requirement.name])
        assert version
        assert requirement.specifier.contains(version[1])
    assert [name for name, block in locked.items() if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("file", [*(ROOT / "layers").glob("*/requirements.txt"), *TOOLS.glob("*.lock")])
def test_a_lock_names_no_registry(file: Path) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links", file.read_text())
