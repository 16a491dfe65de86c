"""Starting, stopping and starting again."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from adsieve.local import lifecycle
from adsieve.local.cloud import Cloud
from adsieve.local.lifecycle import Local
from adsieve.local.workspace import Workspace
from tests.e2e.conftest import quiet, verdict_of

pytestmark = pytest.mark.e2e


def test_a_second_up_does_nothing(workspace: Workspace, local: Local) -> None:
    steps: list[str] = []
    again = lifecycle.up(workspace, steps.append, built=local.build)
    assert steps == []
    assert replace(again, address=local.address) == local  # another test may have restarted the server
    assert again.address.port == local.address.port


def test_it_listens_on_loopback_only(workspace: Workspace, local: Local) -> None:
    address = lifecycle.status(workspace).address
    assert address is not None
    assert [*_listens(address.pid)] == [f"0100007F:{local.address.port:04X}"]


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


def _listens(pid: int) -> Iterator[str]:
    """Addresses that a process listens on, as the kernel writes them."""
    sockets = set()
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we were looking
            sockets.add(str(fd.readlink()))
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            entry = line.split()
            if entry[3] == "0A" and f"socket:[{entry[9]}]" in sockets:
                yield entry[1]
