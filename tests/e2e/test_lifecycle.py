"""Starting, stopping and starting again."""

import pytest

from adsieve.local import lifecycle
from adsieve.local.cloud import Cloud
from adsieve.local.lifecycle import Local
from adsieve.local.workspace import Workspace
from tests.e2e.conftest import quiet, verdict_of

pytestmark = pytest.mark.e2e


def test_a_second_up_does_nothing(workspace: Workspace, local: Local) -> None:
    steps: list[str] = []
    assert lifecycle.up(workspace, steps.append, built=local.build) == local
    assert steps == []


def test_what_was_decided_is_there_after_a_restart_and_new_ads_are_decided(
    workspace: Workspace, local: Local, cloud: Cloud
) -> None:
    cloud.put_ad("before-restart", {"ad_id": "before-restart", "texts": {"headline": "soap"}})
    before = verdict_of(cloud, "before-restart")
    assert lifecycle.down(workspace, quiet)
    steps: list[str] = []
    assert lifecycle.up(workspace, steps.append, built=local.build).stack == local.stack
    assert steps == ["starting the local AWS"]
    assert verdict_of(cloud, "before-restart") == before
    cloud.put_ad("after-restart", {"ad_id": "after-restart", "texts": {"headline": "soap"}})
    assert verdict_of(cloud, "after-restart")["decision"] == "PASS"
