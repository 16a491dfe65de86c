"""A material that hits far more than was believed reaches a minute of traffic, and all of it is brought back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adsieve.adapters.memory import MemoryFingerprintStore, MemoryUpload, MemoryVerdictStore
from adsieve.adapters.memory_hits import MemoryHitLog
from adsieve.domain import lifecycle
from adsieve.domain.audit import Change
from adsieve.domain.decision import Decision, State
from adsieve.domain.errors import InputError
from adsieve.ports import Hit
from adsieve.service.breaker import FLOOR, Breaker, Trip
from adsieve.service.decide import Decider
from tests.builders import NOON, a_material
from tests.publishing import Desk

ADS, ADS_A_SECOND = 1_800, 20
WATCH_SECONDS = 15
"""How often `adsieve breaker check --watch` looks."""


class Platform:
    """A function that decides what is uploaded, and the breaker beside it."""

    def __init__(self, folder: Path, expected: float | None = 0.0) -> None:
        self.desk = Desk(folder)
        self.verdicts, self.log = MemoryVerdictStore(), MemoryHitLog()
        feed, clock = self.desk.feed, self.desk.clock
        fingerprints = MemoryFingerprintStore()
        self.function = Decider(feed, fingerprints, self.verdicts, clock, feed.off, self.log)
        everything = Decider(feed, fingerprints, self.verdicts, clock)
        publisher = self.desk.publisher
        self.breaker = Breaker(self.desk.registry, self.log, publisher, everything, lambda _: expected, clock)
        self.uploaded = list[str]()

    def upload(self, text: str, advertiser: str = "") -> Decision:
        ad_id = f"ad-{len(self.uploaded)}"
        self.uploaded.append(ad_id)
        ad = f'{{"ad_id": "{ad_id}", "advertiser_id": "{advertiser or ad_id}", "markets": ["SA"], "texts": {{"t": "{text}"}}}}'
        decided = self.function.upload(MemoryUpload(ad_id, ad.encode(), modified=self.desk.clock()))
        assert decided is not None
        return decided.verdict.decision

    def decision(self, ad_id: str) -> str:
        return str(list(self.verdicts.history(ad_id))[-1]["decision"])

    def rejected(self) -> list[str]:
        return [ad_id for ad_id in self.uploaded if self.decision(ad_id) == "REJECT"]


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def test_a_bad_term_forced_into_canary_reaches_a_minute_of_traffic_and_all_is_restored(platform: Platform) -> None:
    """`shoes` stands in every second of twenty ads a second; the canary decides one in ten of them."""
    desk = platform.desk
    row = a_material(id="T-shoes", value="shoes", examples_hit=("shoes",) * 2, examples_miss=("x",) * 2)
    added = lifecycle.add(row, "author", desk.clock(), "forced")
    forced = replace(added.head, material=replace(row, state=State.CANARY, rollout=10))
    desk.registry.append([Change(forced, added.entry, None)])
    desk.activate(a_material(id="T-casino", value="casino"))
    desk.publish()
    desk.poll()
    began = last_reject = desk.clock()
    next_look, trips = 0.0, list[Trip]()
    for number in range(ADS):
        desk.clock.pass_by(seconds=1 / ADS_A_SECOND)
        desk.feed.refresh()
        elapsed = (desk.clock() - began).total_seconds()
        if elapsed >= next_look:
            trips += platform.breaker.check()
            next_look = elapsed + WATCH_SECONDS
        text = "shoes for all" if number % 2 else "casino" if number % 100 == 0 else "tea"
        if platform.upload(text) is Decision.REJECT and number % 2:
            last_reject = desk.clock()
    (trip,) = trips
    assert (trip.count.material_id, trip.paused) == ("T-shoes", True)
    assert timedelta(0) < last_reject - began <= timedelta(seconds=60)
    assert len(trip.held) > FLOOR
    wrong = [ad_id for ad_id in platform.uploaded if int(ad_id[3:]) % 2]
    restored = platform.breaker.restore("T-shoes")
    assert {platform.decision(ad_id) for ad_id in wrong} == {"PASS"}
    assert set(trip.held) <= set(restored)
    assert len(platform.rejected()) == ADS // 100, "what another material rejects stays rejected"
    paused = desk.registry.get("T-shoes")
    assert paused is not None
    assert paused.material.state is State.PAUSED


def test_held_rejects_are_reviewed_until_somebody_restores_them(platform: Platform) -> None:
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for _ in range(FLOOR + 1):
        assert platform.upload("hello") is Decision.REJECT
    (trip,) = platform.breaker.check()
    assert {platform.decision(ad_id) for ad_id in trip.held} == {"REVIEW"}
    assert len(trip.held) == FLOOR + 1
    assert platform.breaker.check() == []
    assert sorted(platform.breaker.restore("T-1")) == sorted(platform.uploaded)
    assert {platform.decision(ad_id) for ad_id in platform.uploaded} == {"PASS"}
    assert platform.breaker.restore("T-1") == []


def test_one_advertiser_who_uploads_again_and_again_trips_nothing(platform: Platform) -> None:
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for _ in range(3 * FLOOR):
        platform.upload("hello", advertiser="adv-1")
    assert platform.breaker.check() == []
    (count,) = platform.breaker.counts()
    assert count.advertisers == 1


def test_what_was_projected_is_believed_five_times_over(tmp_path: Path) -> None:
    platform = Platform(tmp_path, expected=10.0)
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for _ in range(50):
        platform.upload("hello")
    assert platform.breaker.check() == []
    platform.upload("hello")
    assert [trip.count.limit for trip in platform.breaker.check()] == [50.0]


def test_what_decided_before_the_registry_is_not_judged_by_tests_that_it_never_had(tmp_path: Path) -> None:
    platform = Platform(tmp_path, expected=None)
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for _ in range(3 * FLOOR):
        platform.upload("hello")
    assert platform.breaker.counts() == []
    assert platform.breaker.check() == []


def test_rows_of_the_layer_alone_are_not_stopped(platform: Platform) -> None:
    platform.log.note([Hit("T-layer", f"ad-{number}", f"adv-{number}", NOON) for number in range(3 * FLOOR)])
    assert platform.breaker.check() == []


def test_hits_of_an_hour_ago_count_no_more(platform: Platform) -> None:
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for _ in range(FLOOR + 1):
        platform.upload("hello")
    platform.desk.clock.pass_by(minutes=61)
    assert platform.breaker.check() == []


def test_what_is_not_off_is_not_restored(platform: Platform) -> None:
    with pytest.raises(InputError, match="is not off"):
        platform.breaker.restore("T-1")


def test_the_next_package_does_not_bring_it_back(platform: Platform) -> None:
    desk = platform.desk
    desk.activate(a_material(value="hello"), a_material(id="T-2", value="casino"))
    desk.publish()
    desk.poll()
    for _ in range(FLOOR + 1):
        platform.upload("hello")
    platform.breaker.check()
    desk.publish()
    desk.publisher.turn_on(["material:T-1"])
    desk.poll()
    assert platform.upload("hello") is Decision.PASS
    assert platform.upload("casino") is Decision.REJECT


def test_more_of_a_market_than_any_material_may_have_is_stopped_whatever_was_projected(tmp_path: Path) -> None:
    platform = Platform(tmp_path, expected=1_000)
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for number in range(600):
        platform.upload("hello" if number % 20 == 0 else "tea", f"adv-{number % 200}")
    (trip,) = platform.breaker.check()
    assert trip.count.advertisers < trip.count.limit
    assert trip.count.why == "5% of the ads in SA in an hour, 4% at most are believed"


@pytest.mark.parametrize(("ads", "advertisers"), [(90, 90), (600, 4)], ids=["few ads", "few advertisers"])
def test_a_share_of_few_stops_nothing(tmp_path: Path, ads: int, advertisers: int) -> None:
    platform = Platform(tmp_path, expected=1_000)
    platform.desk.activate(a_material(value="hello"))
    platform.desk.publish()
    platform.desk.poll()
    for number in range(ads):
        platform.upload("hello" if number % 3 == 0 else "tea", f"adv-{number % advertisers}")
    (count,) = platform.breaker.counts()
    assert count.advertisers >= min(advertisers, 4)
    assert platform.breaker.check() == []
