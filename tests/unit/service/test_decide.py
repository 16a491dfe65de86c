import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

import adsieve
from adsieve.adapters.memory import MemoryFingerprintStore, MemoryUpload, MemoryVerdictStore
from adsieve.domain.errors import InputError, PackageError, UnavailableError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause
from adsieve.material.package import Package
from adsieve.ports import Outcome
from adsieve.service.decide import Decider
from tests.builders import NOON

CASINO = {"id": "T-1", "kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"}
POKER = CASINO | {"id": "T-2", "value": "poker"}


class World:
    """A decider over memory, a clock that ticks a second a look, and a package that can be changed."""

    def __init__(self) -> None:
        self.package: Package | PackageError = adsieve.compile_package([CASINO])
        self.fingerprints = MemoryFingerprintStore()
        self.verdicts = MemoryVerdictStore()
        self.now = NOON
        self.decider = Decider(self._packages, self.fingerprints, self.verdicts, self._clock)

    def _packages(self) -> Package:
        if isinstance(self.package, PackageError):
            raise self.package
        return self.package

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def history(self, ad_id: str = "ad-1") -> list[tuple[object, object]]:
        return [(told["decision"], told["cause"]) for told in self.verdicts.history(ad_id)]


@pytest.fixture
def world() -> World:
    return World()


def an_upload(text: str = "casino", at: datetime = NOON) -> MemoryUpload:
    data = json.dumps({"ad_id": "ad-1", "markets": ["SA"], "texts": {"headline": text}}).encode()
    return MemoryUpload("ad-1", data, modified=at)


def test_an_upload_is_decided_and_its_evidence_kept(world: World) -> None:
    decided = world.decider.upload(an_upload())
    assert decided is not None
    assert (str(decided.verdict.decision), decided.outcome) == ("REJECT", Outcome.RECORDED)
    assert decided.seconds > 0
    assert "ad-1" in world.fingerprints
    assert "ad-1" in world.verdicts


def test_media_that_arrive_first_decide_nothing(world: World) -> None:
    assert world.decider.upload(MemoryUpload("ad-1", None)) is None
    assert len(world.verdicts) == 0


def test_the_same_event_twice_is_one_verdict(world: World) -> None:
    world.decider.upload(an_upload())
    again = world.decider.upload(an_upload())
    assert again is not None
    assert again.outcome is Outcome.DUPLICATE
    assert world.history() == [("REJECT", "upload")]


def test_new_content_supersedes_and_names_what_it_replaces(world: World) -> None:
    world.decider.upload(an_upload("casino"))
    first = world.verdicts.current("ad-1")
    world.decider.upload(an_upload("hello", NOON + timedelta(hours=1)))
    assert world.history() == [("REJECT", "upload"), ("PASS", "upload")]
    assert first is not None
    assert [told["supersedes"] for told in world.verdicts.history("ad-1")] == [None, first.verdict_id]


def test_an_ad_edited_and_edited_back_has_three_verdicts(world: World) -> None:
    for hour, text in enumerate(["casino", "hello", "casino"]):
        world.decider.upload(an_upload(text, NOON + timedelta(hours=hour)))
    assert [decision for decision, _ in world.history()] == ["REJECT", "PASS", "REJECT"]


def test_a_rescan_with_new_material_flips_both_ways(world: World) -> None:
    world.decider.upload(an_upload("poker"))
    world.package = adsieve.compile_package([CASINO, POKER])
    assert world.decider.again("ad-1").verdict.cause is Cause.RESCAN
    world.package = adsieve.compile_package([CASINO])
    world.decider.again("ad-1")
    assert world.history() == [("PASS", "upload"), ("REJECT", "rescan"), ("PASS", "rescan")]


def test_a_rescan_with_the_same_package_is_a_duplicate(world: World) -> None:
    world.decider.upload(an_upload())
    assert world.decider.again("ad-1").outcome is Outcome.DUPLICATE


def test_a_missing_package_is_review_and_is_healed_by_a_rescan(world: World) -> None:
    world.package = PackageError("not_found", "nowhere")
    decided = world.decider.upload(an_upload())
    assert decided is not None
    assert decided.verdict.to_dict()["package"] is None
    assert decided.verdict.completeness == {"texts.headline": "failed: no package: not_found"}
    world.package = adsieve.compile_package([CASINO])
    world.decider.again("ad-1")
    assert [decision for decision, _ in world.history()] == ["REVIEW", "REJECT"]


def test_rescanning_what_was_never_decided_says_what_to_do(world: World) -> None:
    with pytest.raises(InputError, match="no verdict to re-scan, upload it first"):
        world.decider.again("ad-9")


def test_no_verdict_is_recorded_before_its_evidence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(_: Fingerprint) -> None:
        raise UnavailableError("bucket")

    monkeypatch.setattr(world.fingerprints, "put", unavailable)
    with pytest.raises(UnavailableError):
        world.decider.upload(an_upload())
    assert len(world.verdicts) == 0


@pytest.mark.parametrize("order", [lambda: (0, 1), lambda: (1, 0)])
def test_whichever_scan_ends_last_the_newest_content_stays_current(
    world: World, order: Callable[[], tuple[int, int]]
) -> None:
    uploads = [an_upload("casino", NOON), an_upload("hello", NOON + timedelta(hours=1))]
    for number in order():
        world.decider.upload(uploads[number])
    current = world.verdicts.current("ad-1")
    assert current is not None
    assert current.modified == NOON + timedelta(hours=1)
