"""The first day of a registry: what was in use before goes on deciding, and nobody puts it in force alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from adsieve.domain.audit import Event
from adsieve.domain.decision import Decision
from adsieve.domain.errors import InputError, InvalidMaterialError
from adsieve.domain.material import Kind
from adsieve.material.compile import SHIPPED, compile_files
from adsieve.material.package import Package
from adsieve.material.policies import load_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.service.audit import verify
from adsieve.service.desk import Desk as Person
from adsieve.service.desk import no_tests
from adsieve.service.seed import seed
from tests.builders import a_material
from tests.publishing import Desk, terms, words


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, matrix=load_matrix(material_folder()))


def amal(desk: Desk, *, dry: bool = False) -> Person:
    return Person(desk.registry, desk.samples, "amal", no_tests, desk.clock, dry)


def test_the_layers_material_goes_on_deciding_as_before(desk: Desk) -> None:
    rows = load_materials([material_folder()])
    assert seed(amal(desk), rows, "the first day") == len(rows)
    over = sum(row.expires is not None and row.expires < desk.clock().date() for row in rows)
    assert desk.publish().materials == sum(row.state in SHIPPED for row in rows) - over
    desk.poll()
    assert desk.decide("casino").decision is Decision.REJECT
    assert {entry.event for entry in desk.registry.trail("T-0101")} == {Event.SEEDED}
    assert verify(desk.registry).damage == []


def test_a_hash_needs_no_sample_to_be_seeded_and_published(desk: Desk) -> None:
    row = a_material(id="I-1", kind=Kind.IMAGE, value="pdq:" + "0f" * 32)
    assert seed(amal(desk), [row], "the first day") == 1
    assert desk.publish().materials == 1
    desk.poll()
    assert (desk.feed().materials(), len(desk.samples)) == ([row], 0)


def test_what_was_cut_off_is_finished_by_the_same_rows(desk: Desk) -> None:
    rows = terms(*words(100))
    seed(amal(desk), rows[:40], "the first day")
    assert seed(amal(desk), rows, "the first day") == 60
    assert seed(amal(desk), rows, "the first day") == 0


def test_a_registry_in_use_is_not_seeded(desk: Desk) -> None:
    desk.activate(a_material())
    with pytest.raises(InputError, match="only an empty one"):
        seed(amal(desk), terms("casino"), "again")


def test_nobody_puts_material_in_force_that_only_they_have_seen(desk: Desk) -> None:
    seed(amal(desk), terms("casino"), "the first day")
    with pytest.raises(InputError, match="somebody else publishes"):
        replace(desk.publisher, who="amal").publish(desk.registry, desk.matrix, "me too")
    assert desk.publish().release


def test_wrong_rows_and_samples_are_refused_before_anything_is_written(desk: Desk) -> None:
    with pytest.raises(InvalidMaterialError):
        seed(amal(desk), [*terms("casino"), a_material(id="T-9", kind=Kind.PATTERN, value="(")], "the first day")
    with pytest.raises(InvalidMaterialError, match="there is no file"):
        seed(amal(desk), [a_material(kind=Kind.IMAGE, value="media/x.png")], "the first day")
    assert seed(amal(desk, dry=True), terms("casino"), "the first day") == 1
    assert list(desk.registry.records()) == []


def test_a_first_package_that_lost_most_of_the_layer_is_refused_by_functions(desk: Desk) -> None:
    desk.layer = Package.of(compile_files(load_materials([material_folder()]), desk.matrix, version="layer"))
    desk.activate(a_material())
    desk.publish()
    refusal = desk.poll()
    assert refusal is not None
    assert refusal.reason == "growth"
    assert desk.feed().ref.version == "layer"
