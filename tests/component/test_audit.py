"""One edited byte anywhere in the registry is found."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
from adsieve.adapters.memory_materials import MemoryMaterialRegistry
from adsieve.domain.audit import Batch, Change
from adsieve.domain.decision import State
from adsieve.domain.guards import Evidence
from adsieve.domain.lifecycle import add, approve, edit, move
from adsieve.domain.registered import Registered
from adsieve.material_ports import MaterialRegistry
from adsieve.service.audit import verify
from tests.builders import NOON, a_material
from tests.component.template_resources import create_resources

EXAMPLES: dict[str, Any] = {"examples_hit": ("casino a", "casino b"), "examples_miss": ("c", "d")}


def live(registry: MaterialRegistry) -> None:
    """A material with two versions, an approval and a canary, and one that is only a draft."""
    change = add(a_material(value="كازينو", concept="casino", **EXAMPLES), "amal", NOON, "a case")
    changes = [change, add(a_material(id="T-2"), "badr", NOON, "a case", "import-1")]
    registry.append(changes)
    tested = Evidence("g1", clusters=40)
    steps: tuple[Callable[[Registered], Change], ...] = (
        lambda head: edit(head, replace(head.material, note="n"), "badr", NOON, "a note"),
        lambda head: move(head, State.SHADOW, "amal", NOON, "green", evidence=tested),
        lambda head: approve(head, State.CANARY, "chen", NOON, "looks right"),
        lambda head: move(head, State.CANARY, "amal", NOON + timedelta(1), "next", evidence=tested),
    )
    for step in steps:
        change = step(change.head)
        registry.append([change])
    registry.note(Batch("import-1", "m.csv", "badr", NOON, 1, NOON))


@pytest.fixture
def table() -> Iterator[DynamoMaterialRegistry]:
    with mock_aws():
        found = DynamoMaterialRegistry(boto3.client("dynamodb"), create_resources("MaterialsTable")["MaterialsTable"])
        live(found)
        yield found


def items(table: DynamoMaterialRegistry) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [*table.client.scan(TableName=table.table)["Items"]]
    return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_what_was_written_verifies(table: DynamoMaterialRegistry) -> None:
    audit = verify(table)
    assert (audit.materials, audit.versions, audit.entries, audit.damage) == (2, 3, 6, [])
    memory = MemoryMaterialRegistry()
    live(memory)
    assert verify(memory).root == audit.root


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_edited_byte_is_found(table: DynamoMaterialRegistry, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from([item for item in items(table) if item["pk"]["S"] != "BATCH"]))
    name = data.draw(st.sampled_from(sorted(item.keys() - {"pk", "sk"})))
    ((kind, value),) = item[name].items()
    text = value[0] if kind == "SS" else value
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(
        st.sampled_from("0123456789" if kind == "N" else '0aZ"}, ك').filter(lambda char: char != text[place])
    )
    touched = text[:place] + other + text[place + 1 :]
    changed = {kind: [touched, *value[1:]] if kind == "SS" else touched}
    if kind == "N" and int(touched) == int(text):
        return
    table.client.put_item(TableName=table.table, Item=item | {name: changed})
    try:
        assert verify(table).damage
    finally:
        table.client.put_item(TableName=table.table, Item=item)


def test_a_record_that_is_gone_is_found(table: DynamoMaterialRegistry) -> None:
    for item in items(table):
        if item["pk"]["S"] == "BATCH":
            continue
        key = {"pk": item["pk"], "sk": item["sk"]}
        table.client.delete_item(TableName=table.table, Key=key)
        assert verify(table).damage, key
        table.client.put_item(TableName=table.table, Item=item)
    assert not verify(table).damage


def test_a_record_under_another_material_is_found(table: DynamoMaterialRegistry) -> None:
    for item in items(table):
        if item["pk"]["S"] == "MAT#T-1":
            moved = item | {"pk": {"S": "MAT#T-9"}}
            table.client.put_item(TableName=table.table, Item=moved)
            assert verify(table).damage, item["sk"]
            table.client.delete_item(TableName=table.table, Key={"pk": moved["pk"], "sk": moved["sk"]})


def test_a_trail_cut_together_with_its_head_shows_in_the_root(table: DynamoMaterialRegistry) -> None:
    """What no chain can prove alone: the digest that was noted before tells."""
    root = verify(table).root
    before = MemoryMaterialRegistry()
    before.append([add(a_material(id="T-2"), "badr", NOON, "a case", "import-1")])
    assert not verify(before).damage
    assert verify(before).root != root


def test_every_step_has_an_entry_that_names_the_tests_it_rests_on(table: DynamoMaterialRegistry) -> None:
    assert [(entry.number, str(entry.event), str(entry.state), entry.gates) for entry in table.trail("T-1")] == [
        (1, "added", "DRAFT", ""),
        (2, "edited", "DRAFT", ""),
        (3, "moved", "SHADOW", "g1"),
        (4, "approved", "SHADOW", ""),
        (5, "moved", "CANARY", "g1"),
    ]
