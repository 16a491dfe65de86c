"""Local AWSs on ports and in folders of their own, started as `adsieve local up` does.

`make e2e-publishing` has one for itself, so that it may run beside the others, which mostly wait.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adsieve.local import lifecycle
from adsieve.local.build import Build, build
from adsieve.local.cloud import Cloud
from adsieve.local.demo import Demonstration, demonstrate
from adsieve.local.lifecycle import Local
from adsieve.local.server import free_port
from adsieve.local.workspace import Workspace
from adsieve.material.package import load_package
from tests.waiting import eventually, processes_in

SAMPLES = Path(__file__).parents[1] / "samples"


def quiet(_step: str) -> None:
    """A report that nobody reads."""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.find(tmp_path_factory.mktemp("aws"))


@pytest.fixture(scope="session")
def built(workspace: Workspace) -> Build:
    return build(workspace, quiet)


@pytest.fixture(scope="session")
def local(workspace: Workspace, built: Build) -> Iterator[Local]:
    try:
        yield lifecycle.up(workspace, quiet, free_port(), built)
    finally:
        lifecycle.down(workspace, quiet)
        assert not [*processes_in(workspace.folder)]


@pytest.fixture(scope="session")
def cloud(local: Local) -> Cloud:
    return Cloud(local.stack)


@pytest.fixture(scope="session")
def package_sha256(built: Build) -> str:
    return load_package(built.package).ref.sha256


@pytest.fixture(scope="session")
def demonstration(cloud: Cloud, package_sha256: str) -> Demonstration:
    return demonstrate(cloud, package_sha256, SAMPLES, quiet)


@pytest.fixture
def impatient(cloud: Cloud) -> Iterator[None]:
    """Failed messages come back after a second instead of a minute: five tries would take five minutes."""
    url = cloud.stack.outputs["ScanQueueUrl"]
    patient = cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    cloud.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    yield
    cloud.sqs.set_queue_attributes(QueueUrl=url, Attributes=patient)


def verdict_of(cloud: Cloud, ad_id: str) -> dict[str, Any]:
    """The ad's only or latest verdict, waited for."""
    return eventually(lambda: [*cloud.verdicts.history(ad_id)], f"a verdict of {ad_id}")[-1]
