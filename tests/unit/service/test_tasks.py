"""What the state machine does by itself: it follows the registry, and stops where a person decided otherwise."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adsieve.adapters.memory_materials import MemorySampleStore
from adsieve.domain.decision import Decision, State
from adsieve.domain.errors import ConflictError, InvalidMessageError, PackageError
from adsieve.domain.guards import SYSTEM
from adsieve.service.desk import Desk as People
from adsieve.service.desk import no_tests
from adsieve.service.golden import Golden
from adsieve.service.publish import NO_TRIAL, Trial
from adsieve.service.tasks import Publication
from tests.builders import a_fingerprint, a_material
from tests.publishing import Desk, terms


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def publication(desk: Desk, trial: Trial = NO_TRIAL) -> Publication:
    people = People(desk.registry, MemorySampleStore(), SYSTEM, no_tests, desk.clock)
    return Publication(people, replace(desk.publisher, who=SYSTEM), lambda: trial)


def test_what_is_activated_comes_in_force_in_three_steps(desk: Desk) -> None:
    desk.activate(*terms("casino"))
    desk.publish()
    desk.activate(*terms("roulette", prefix="R"))
    steps = publication(desk)
    assert steps.run("sweep") == {"swept": []}
    built = steps.run("build")
    assert (built["version"], built["materials"]) == ("2", 2)
    assert steps.run("release", built["sha256"])["version"] == "2"
    desk.poll()
    assert desk.decide("roulette").decision is Decision.REJECT
    assert steps.run("build") == {"sha256": None, "why": "nothing differs from the package in force"}


def test_the_first_package_takes_a_person(desk: Desk) -> None:
    desk.activate(*terms("casino"))
    assert publication(desk).run("build")["sha256"] is None


def test_a_rollback_stands_until_a_person_publishes(desk: Desk) -> None:
    desk.activate(*terms("casino"))
    desk.publish()
    desk.activate(*terms("roulette", prefix="R"))
    desk.publish()
    desk.publisher.rollback("1", "wrong")
    assert "rolled back to 1" in publication(desk).run("build")["why"]
    desk.activate(*terms("baccarat", prefix="B"))
    assert publication(desk).run("build")["sha256"] is None
    desk.publish()
    desk.activate(*terms("poker", prefix="P"))
    assert publication(desk).run("build")["sha256"]


def test_what_changed_since_it_was_tried_is_not_released(desk: Desk) -> None:
    desk.activate(*terms("casino"))
    desk.publish()
    desk.activate(*terms("roulette", prefix="R"))
    steps = publication(desk)
    built = steps.run("build")
    desk.activate(*terms("poker", prefix="P"))
    with pytest.raises(ConflictError):
        steps.run("release", built["sha256"])
    again = steps.run("build")
    assert steps.run("release", again["sha256"])["version"] == "2"


def test_a_golden_verdict_that_changes_stops_it(desk: Desk) -> None:
    desk.activate(*terms("casino"))
    desk.publish()
    desk.activate(*terms("bakery", prefix="B"))
    ad = a_fingerprint("a bakery", ad_id="golden")
    expected = {"ad_id": "golden", "decision": "PASS", "markets": {}, "materials": []}
    with pytest.raises(PackageError, match="golden"):
        publication(desk, Trial(golden=[Golden(ad, expected)])).run("build")


def test_the_sweep_expires_and_pauses_on_time(desk: Desk) -> None:
    desk.activate(a_material(id="T-1", expires=(desk.clock() + timedelta(days=1)).date()))
    desk.clock.pass_by(days=3)
    assert publication(desk).run("sweep") == {"swept": ["T-1 EXPIRED"]}
    head = desk.registry.get("T-1")
    assert head
    assert head.material.state is State.EXPIRED


def test_an_empty_registry_is_no_package(desk: Desk) -> None:
    with pytest.raises(PackageError, match="empty"):
        desk.publish()
    assert desk.publish(force=True).release


def test_another_task_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidMessageError):
        publication(desk).run("drop")
