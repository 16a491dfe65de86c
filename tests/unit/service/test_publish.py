"""What reaches functions, and what never does."""

from dataclasses import replace
from pathlib import Path

import pytest

from adsieve.domain import lifecycle
from adsieve.domain.decision import Action, Decision, State
from adsieve.domain.errors import ConflictError, InputError, PackageError
from adsieve.domain.switches import Switch
from adsieve.material.bounds import MAX_DELTA
from adsieve.material.compile import compile_files
from adsieve.material.overlay import Overlay
from adsieve.material.package import Package
from adsieve.service.assemble import build, live, plan
from adsieve.service.feed import read_manifest
from adsieve.service.golden import Golden
from adsieve.service.publish import Trial
from tests.builders import a_fingerprint, a_material
from tests.publishing import GATES, OTHER_KEY, Desk, terms, words

SA = ["SA"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def decision(desk: Desk, text: str) -> Decision:
    return desk.decide(text).markets["SA"].decision


def test_what_is_activated_decides_after_the_next_poll(desk: Desk) -> None:
    desk.activate(a_material(value="casino"))
    desk.publish()
    assert decision(desk, "best casino") is Decision.PASS
    assert desk.poll() is None
    assert decision(desk, "best casino") is Decision.REJECT
    assert desk.decide("best casino").package == desk.feed().ref


def test_a_poll_happens_every_fifteen_seconds_at_most(desk: Desk) -> None:
    desk.poll()
    desk.activate(a_material())
    desk.publish()
    desk.clock.pass_by(seconds=14)
    desk.feed.refresh()
    assert decision(desk, "casino") is Decision.PASS
    desk.clock.pass_by(seconds=1)
    desk.feed.refresh()
    assert decision(desk, "casino") is Decision.REJECT


def test_only_what_is_live_is_packed(desk: Desk) -> None:
    desk.activate(*terms("casino", "poker"))
    desk.registry.append([lifecycle.add(a_material(id="T-9", value="draft"), "author", desk.clock(), "a case")])
    desk.step("T-00001", State.PAUSED)
    desk.publish()
    desk.poll()
    assert [material.id for material in desk.feed().materials()] == ["T-00000"]


def test_what_is_overdue_is_not_packed_though_nobody_swept(desk: Desk) -> None:
    row = a_material(
        action=Action.REVIEW, markets=("SA",), examples_hit=("casino", "a casino"), examples_miss=("x", "y")
    )
    head = lifecycle.add(row, "author", desk.clock(), "an outbreak")
    panic = lifecycle.move(head.head, State.ACTIVE, "author", desk.clock(), "an outbreak", evidence=GATES, hours=2)
    desk.registry.append([head])
    desk.registry.append([panic])
    assert len(live(desk.registry, desk.clock())) == 1
    desk.clock.pass_by(minutes=61)
    assert live(desk.registry, desk.clock()) == []


def test_publishing_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.activate(a_material())
    first = desk.publish()
    assert desk.publish().release is None
    assert desk.publisher.pointer()[0] == first.pointer


def test_two_builds_of_the_same_registry_are_the_same_bytes(desk: Desk) -> None:
    desk.seed(*terms(*words(50)))
    heads = live(desk.registry, desk.clock())
    assert build(plan(heads, desk.matrix, None)) == build(plan(live(desk.registry, desk.clock()), desk.matrix, None))


def test_few_changes_are_laid_over_the_base_and_decide_as_a_whole_build(desk: Desk) -> None:
    values = list(words(MAX_DELTA + 50))
    desk.seed(*terms(*values))
    desk.publish()
    desk.poll()
    desk.activate(a_material(id="T-new", value="casino"))
    desk.step("T-00003", State.PAUSED)
    desk.step("T-00004", State.SHADOW)
    published = desk.publish()
    assert published.delta
    assert desk.poll() is None
    serving = desk.feed()
    assert isinstance(serving, Overlay)
    whole = Package.of(compile_files([head.material for head in live(desk.registry, desk.clock())], desk.matrix))
    assert {material.id: material for material in serving.materials()} == {m.id: m for m in whole.materials()}
    assert decision(desk, "casino") is Decision.REJECT
    assert decision(desk, values[3]) is Decision.PASS
    assert decision(desk, values[4]) is Decision.PASS
    assert decision(desk, values[5]) is Decision.REJECT


def test_a_second_delta_is_laid_over_the_same_base(desk: Desk) -> None:
    desk.seed(*terms(*words(MAX_DELTA + 1)))
    base = desk.publish().release
    for name in ("casino", "poker"):
        desk.activate(a_material(id=name, value=name))
        assert desk.publish().delta
        desk.poll()
        serving = desk.feed()
        assert isinstance(serving, Overlay)
        assert base is not None
        assert serving.base.ref.sha256 == base.sha256
        assert decision(desk, name) is Decision.REJECT
    assert [release.version for release in desk.publisher.pointer()[0].earlier] == ["2", "1"]


def test_a_fresh_function_fetches_delta_and_base(desk: Desk) -> None:
    desk.seed(*terms(*words(MAX_DELTA + 1)))
    desk.publish()
    desk.activate(a_material(id="T-new"))
    desk.publish()
    fresh = desk.another_function("fresh")
    assert fresh.refresh() is None
    assert desk.decide("casino", fresh).decision is Decision.REJECT


def test_a_rollback_puts_the_earlier_package_in_force_with_a_newer_generation(desk: Desk) -> None:
    desk.activate(a_material(id="T-1", value="casino"))
    desk.publish()
    desk.activate(a_material(id="T-2", value="good"))
    desk.publish()
    desk.poll()
    assert decision(desk, "good") is Decision.REJECT
    pointer = desk.publisher.rollback("1", "bad term")
    assert (pointer.generation, pointer.release and pointer.release.version) == (3, "1")
    desk.poll()
    assert decision(desk, "good") is Decision.PASS
    assert decision(desk, "casino") is Decision.REJECT


def test_a_version_is_never_given_twice_even_after_a_rollback(desk: Desk) -> None:
    for name in ("casino", "poker"):
        desk.activate(a_material(id=name, value=name))
        desk.publish()
    desk.publisher.rollback("1", "bad term")
    desk.activate(a_material(id="bingo", value="bingo"))
    release = desk.publish().release
    assert release is not None
    assert release.version == "3"


def test_a_rollback_to_what_never_was_is_refused(desk: Desk) -> None:
    desk.activate(a_material())
    desk.publish()
    with pytest.raises(InputError, match="no earlier package `7`"):
        desk.publisher.rollback("7", "why")


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("material:T-1", Decision.PASS),
        ("policy:gambling", Decision.REVIEW),
        ("market:SA", Decision.REVIEW),
        ("package:1", Decision.REVIEW),
        ("material:T-2", Decision.REJECT),
        ("market:FR", Decision.REJECT),
        ("package:2", Decision.REJECT),
    ],
)
def test_a_switch_takes_effect_after_a_poll_and_says_so(desk: Desk, what: str, expected: Decision) -> None:
    desk.activate(a_material())
    desk.publish()
    desk.poll()
    desk.publisher.turn_off([Switch.off(what, "on-call", "a storm", desk.clock())])
    desk.poll()
    verdict = desk.decide("casino", ad_id="ad-1")
    assert verdict.markets["SA"].decision is expected
    assert any(what in key for key in verdict.switches) is (expected is not Decision.REJECT)
    desk.publisher.turn_on([what])
    desk.poll()
    assert decision(desk, "casino") is Decision.REJECT


def test_a_market_or_package_that_is_off_lets_nothing_pass_by_itself(desk: Desk) -> None:
    desk.activate(a_material())
    desk.publish()
    desk.publisher.turn_off([Switch.off("market:SA", "on-call", "a storm", desk.clock())])
    desk.poll()
    verdict = desk.decide("harmless")
    assert {market: told.decision for market, told in verdict.markets.items()} == {
        "SA": Decision.REVIEW, "AE": Decision.PASS, "GB": Decision.PASS, "US": Decision.PASS,
    }  # fmt: skip


def test_an_allow_row_that_is_off_excuses_nothing(desk: Desk) -> None:
    desk.activate(a_material(), a_material(id="A-1", value="casino royale", action=Action.ALLOW))
    desk.publish()
    desk.poll()
    assert decision(desk, "casino royale") is Decision.PASS
    desk.publisher.turn_off([Switch.off("material:A-1", "on-call", "abused", desk.clock())])
    desk.poll()
    assert decision(desk, "casino royale") is Decision.REJECT


def test_a_switch_goes_back_on_when_it_expires(desk: Desk) -> None:
    desk.activate(a_material())
    desk.publish()
    until = desk.clock().replace(hour=13)
    desk.publisher.turn_off([Switch.off("material:T-1", "on-call", "a storm", desk.clock(), until)])
    desk.poll()
    assert decision(desk, "casino") is Decision.PASS
    desk.clock.now = until
    assert decision(desk, "casino") is Decision.REJECT


def test_switches_outlive_a_publication_and_a_publication_outlives_switches(desk: Desk) -> None:
    desk.activate(a_material())
    desk.publish()
    desk.publisher.turn_off([Switch.off("material:T-1", "on-call", "a storm", desk.clock())])
    desk.activate(a_material(id="T-2", value="poker"))
    desk.publish()
    desk.poll()
    assert decision(desk, "casino") is Decision.PASS
    assert decision(desk, "poker") is Decision.REJECT


def test_two_publishers_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    desk.activate(a_material())
    pointer, tag = desk.publisher.pointer()
    desk.publish()
    with pytest.raises(ConflictError):
        desk.publisher._point(pointer, tag)


def test_a_golden_verdict_that_changes_stops_the_publication(desk: Desk) -> None:
    expected = {"ad_id": "ad-1", "decision": "PASS", "markets": {"US": "PASS"}, "materials": []}
    golden = Golden(a_fingerprint("casino", markets=["US"]), expected)
    desk.activate(a_material())
    with pytest.raises(PackageError, match="golden") as refused:
        desk.publish(trial=Trial(golden=[golden]))
    assert refused.value.reason == "golden"
    assert len(desk.store) == 0


def test_too_many_changed_decisions_stop_the_publication_until_somebody_insists(desk: Desk) -> None:
    recent = [a_fingerprint(f"hello {n}", ad_id=f"ad-{n}") for n in range(98)]
    recent += [a_fingerprint("poker", ad_id=f"ad-9{n}") for n in range(3)]
    desk.activate(a_material())
    desk.publish()
    desk.activate(a_material(id="T-2", value="poker"))
    with pytest.raises(PackageError, match="3 of 101 ads change"):
        desk.publish(trial=Trial(recent=recent))
    published = desk.publish(trial=Trial(recent=recent), force=True)
    assert published.comparison is not None
    assert (published.comparison.stricter, published.comparison.milder) == (3, 0)


def test_a_broken_example_stops_the_publication(desk: Desk) -> None:
    desk.activate(a_material(value="casino"))
    head = desk.registry.get("T-1")
    assert head
    edited = lifecycle.edit(head, replace(head.material, examples_hit=("other", "casino")), "author", desk.clock(), "w")
    desk.registry.append([edited])
    with pytest.raises(PackageError, match="T-1: `other` is not found"):
        desk.publish()


def test_more_than_twice_the_rows_takes_somebodys_decision(desk: Desk) -> None:
    desk.seed(*terms(*words(150)))
    desk.publish()
    desk.seed(*terms(*words(200, "other"), prefix="U"))
    with pytest.raises(PackageError, match="350 rows after 150"):
        desk.publish()
    assert desk.publish(growth=3.0).materials == 350
    assert desk.poll() is None


def test_a_key_that_functions_do_not_trust_publishes_nothing(desk: Desk) -> None:
    desk.activate(a_material())
    desk.publish()
    desk.signer = OTHER_KEY
    with pytest.raises(PackageError, match="bad_signature"):
        desk.publish()


def test_the_manifest_names_its_predecessor(desk: Desk) -> None:
    desk.activate(a_material())
    first = desk.publish().release
    desk.activate(a_material(id="T-2", value="poker"))
    second = desk.publish().release
    assert first is not None
    assert second is not None
    assert read_manifest(desk.store, second.sha256).previous == first.sha256
