"""Builds everything once with `sam build`, as for a deployment, and says what is missing instead of skipping."""

import importlib.metadata
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from adsieve.domain.errors import AdsieveError
from adsieve.local.build import build
from adsieve.local.workspace import Workspace
from tests.packaged.emulator import Shipped
from tests.packaged.fake_aws import FakeAws, serving

ROOT = Path(__file__).parents[2]
LAYERS = {
    "ScanUploadFunction": ("CoreLayer", "DependenciesLayer", "MaterialLayer", "MediaLayer", "VideoLayer"),
    "RescanFunction": ("CoreLayer", "DependenciesLayer", "MaterialLayer", "MediaLayer"),
}
SENTENCES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def sam() -> Path:
    """The environment that holds the SAM CLI and the emulator."""
    folder = Path(os.environ.get("ADSIEVE_SAM", ROOT / ".venv-sam"))
    if not (folder / "bin" / "sam").exists():
        pytest.fail(f"no SAM CLI in {folder}: run `make setup`, or set ADSIEVE_SAM", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def built(sam: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `sam build` filled, for this machine's processor: the very build that the local AWS deploys."""
    workspace = replace(Workspace.find(tmp_path_factory.mktemp("aws")), sam=sam)
    try:
        return build(workspace, lambda _step: None).folder
    except AdsieveError as error:
        log = workspace.folder / "build.log"
        pytest.fail(f"{error}\n{log.read_text() if log.exists() else ''}", pytrace=False)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What AWS's runtime brings of its own, linked out of this environment and nothing beside it."""
    folder = tmp_path_factory.mktemp("runtime")
    waiting, found = ["awslambdaric", "boto3"], set[str]()
    while waiting:
        distribution = importlib.metadata.distribution(name := waiting.pop())
        found.add(name)
        for requirement in map(Requirement, distribution.requires or ()):
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if applies and requirement.name not in found:
                waiting.append(requirement.name)
        for top in {Path(file).parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            (folder / top).unlink(missing_ok=True)
            (folder / top).symlink_to(Path(str(distribution.locate_file(top))))
    return folder


@pytest.fixture(scope="session")
def shipped(built: Path, runtime: Path) -> dict[str, Shipped]:
    """The built functions, by logical id."""
    return {
        name: Shipped(
            built / name, tuple(built / layer for layer in layers), runtime, built / "MaterialLayer" / "material"
        )
        for name, layers in LAYERS.items()
    }


@pytest.fixture(scope="session")
def serving_aws() -> Iterator[FakeAws]:
    with serving(FakeAws()) as aws:
        yield aws


@pytest.fixture
def aws(serving_aws: FakeAws) -> FakeAws:
    """An empty AWS."""
    serving_aws.reset()
    return serving_aws


@pytest.fixture
def sentences(request: pytest.FixtureRequest) -> list[str]:
    """What was measured, told at the end of the run."""
    return request.config.stash.setdefault(SENTENCES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for sentence in config.stash.get(SENTENCES, []):
        terminalreporter.write_line(sentence)
