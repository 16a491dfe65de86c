"""Sheets in: everything is planned first, one bad row stops all, and what was cut off is finished by the same file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adsieve.adapters.memory_materials import MemoryMaterialRegistry, MemorySampleStore
from adsieve.domain.audit import Change
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, InvalidMaterialError, UnavailableError
from adsieve.domain.lifecycle import edit, move
from adsieve.domain.registered import Registered
from adsieve.domain.samples import sample_name
from adsieve.material.bundle import open_bundle
from adsieve.material.export import export
from adsieve.material.policies import default_matrix
from adsieve.material.workbook import read_workbook, write_workbook
from adsieve.material_ports import MaterialRegistry
from adsieve.service.audit import verify
from adsieve.service.desk import Desk
from adsieve.service.imports import Outcome, Plan, apply, plan, unfinished
from tests.builders import NOON
from tests.gates import lint_gates

ROW = {"kind": "term", "value": "الكازينو 🎰", "policy": "gambling", "action": "REJECT", "language": "ar"}
GATES = lint_gates(default_matrix())


def desk(registry: MaterialRegistry, who: str = "amal", samples: MemorySampleStore | None = None) -> Desk:
    return Desk(registry, MemorySampleStore() if samples is None else samples, who, GATES, lambda: NOON)


def jsonl(file: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def planned(at: Desk, file: Path) -> Plan:
    with open_bundle(file) as bundle:
        return plan(at, bundle, file.name)


def imported(at: Desk, file: Path) -> Plan:
    with open_bundle(file) as bundle:
        made = plan(at, bundle, file.name)
        apply(at, made)
    return made


def heads(registry: MaterialRegistry) -> list[Registered]:
    return [record.head for record in registry.records() if record.head]


def exported(registry: MaterialRegistry, file: Path) -> Path:
    export(file, heads(registry), default_matrix().policies, lambda _: None)
    return file


def edited(file: Path, changes: Mapping[str, Mapping[str, Any]]) -> Path:
    """The workbook as an operator saves it after typing into a few cells."""
    rows = [row | dict(changes.get(row["id"], {})) for _, row in read_workbook(file)]
    out = file.with_name("edited.xlsx")
    write_workbook(out, [{name: cell or "" for name, cell in row.items()} for row in rows], ["gambling"], rtl=True)
    return out


@pytest.fixture
def registry(tmp_path: Path) -> MemoryMaterialRegistry:
    found = MemoryMaterialRegistry()
    rows = [ROW | {"id": f"T-{number}", "note": f"=1+{number}"} for number in range(3)]
    imported(desk(found), jsonl(tmp_path / "first.jsonl", rows))
    return found


def test_new_rows_are_drafts_with_author_reason_and_import(registry: MemoryMaterialRegistry) -> None:
    (entry,) = registry.trail("T-0")
    assert (entry.by, entry.why, entry.state) == ("amal", "import of first.jsonl", State.DRAFT)
    (batch,) = registry.batches()
    assert (entry.cause, batch.changes, batch.done) == (batch.id, 3, NOON)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl"])
def test_what_is_exported_comes_back_unchanged(registry: MemoryMaterialRegistry, tmp_path: Path, ending: str) -> None:
    made = imported(desk(registry, "badr"), exported(registry, tmp_path / f"m.{ending}"))
    assert {row.outcome for row in made.rows} == {Outcome.SAME}
    assert all(head.entries == 1 for head in heads(registry))


def test_an_edited_cell_becomes_a_version_by_whoever_imports(registry: MemoryMaterialRegistry, tmp_path: Path) -> None:
    book = edited(exported(registry, tmp_path / "m.xlsx"), {"T-1": {"value": "كازينو"}})
    made = imported(desk(registry, "badr"), book)
    assert made.counts() | {"unchanged": 2, "change": 1} == made.counts()
    assert dict(made.rows[1].columns) == {"value": ("الكازينو 🎰", "كازينو")}
    head = registry.get("T-1")
    assert head is not None
    assert (head.version, head.author, head.material.value, head.material.note) == (2, "badr", "كازينو", "=1+1")


def test_a_row_that_somebody_else_changed_is_refused_and_listed(
    registry: MemoryMaterialRegistry, tmp_path: Path
) -> None:
    book = edited(exported(registry, tmp_path / "m.xlsx"), {"T-0": {"note": "mine"}, "T-1": {"note": "mine"}})
    head = registry.get("T-1")
    assert head is not None
    registry.append([edit(head, replace(head.material, note="theirs"), "chen", NOON, "a note")])
    made = planned(desk(registry), book)
    (refused,) = made.refused
    assert (refused.material_id, refused.outcome, refused.source) == (
        "T-1",
        Outcome.CONFLICT,
        "edited.xlsx!materials:3",
    )
    assert "version 1, it is at version 2 by chen" in refused.problems[0].message
    with pytest.raises(InvalidMaterialError):
        apply(desk(registry), made)
    change = made.rows[0].change
    assert change
    assert registry.get("T-0") == change.expected


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"_sha256": "0" * 64, "note": "n"}, "not the row that was exported"),
        ({"_version": "", "_sha256": "", "note": "n"}, "in the registry with other columns"),
        ({"_version": "9", "note": "n"}, "as version 9"),
        ({"id": "T-new"}, "not in the registry"),
    ],
)
def test_bookkeeping_that_does_not_fit_is_a_conflict(
    registry: MemoryMaterialRegistry, tmp_path: Path, cells: dict[str, str], words: str
) -> None:
    book = edited(exported(registry, tmp_path / "m.xlsx"), {"T-1": cells})
    (refused,) = planned(desk(registry), book).refused
    assert words in refused.problems[0].message
    assert refused.outcome is Outcome.CONFLICT


@pytest.mark.parametrize("state", ["ACTIVE", "SHADOW", "CANARY"])
def test_a_sheet_cannot_set_a_state(registry: MemoryMaterialRegistry, tmp_path: Path, state: str) -> None:
    book = edited(exported(registry, tmp_path / "m.xlsx"), {"T-1": {"state": state}})
    (refused,) = planned(desk(registry, "badr"), book).refused
    assert (refused.problems[0].column, refused.outcome) == ("state", Outcome.ERROR)
    made = planned(desk(registry), jsonl(tmp_path / "new.jsonl", [ROW | {"state": state}]))
    assert [row.outcome for row in made.rows] == [Outcome.ERROR]


def test_an_edit_that_widens_live_material_is_refused_by_row(registry: MemoryMaterialRegistry, tmp_path: Path) -> None:
    head = registry.get("T-1")
    assert head is not None
    live = replace(head, material=replace(head.material, state=State.ACTIVE))
    registry._heads["T-1"] = live
    book = exported(registry, tmp_path / "m.xlsx")
    (refused,) = planned(desk(registry), edited(book, {"T-1": {"value": "bet"}})).refused
    assert "would match or do more" in refused.problems[0].message
    assert not planned(desk(registry), edited(book, {"T-1": {"action": "REVIEW"}})).refused


def test_every_cell_error_of_every_row_is_told_at_once(registry: MemoryMaterialRegistry, tmp_path: Path) -> None:
    rows = [ROW | {"action": "BLOCK", "starts": "soon"}, ROW | {"id": "x"}, ROW | {"id": "x"}, ROW | {"kind": "tern"}]
    made = planned(desk(registry), jsonl(tmp_path / "m.jsonl", rows))
    problems = [(problem.source, problem.column) for row in made.refused for problem in row.problems]
    assert problems == [("m.jsonl:1", "action"), ("m.jsonl:1", "starts"), ("m.jsonl:3", "id"), ("m.jsonl:4", "kind")]


def test_columns_that_a_sheet_leaves_out_keep_what_they_hold(registry: MemoryMaterialRegistry, tmp_path: Path) -> None:
    head = registry.get("T-1")
    assert head is not None
    row = {"id": "T-1", "_version": 1, "_sha256": head.sha256, "owner": "team-ar"}
    imported(desk(registry), jsonl(tmp_path / "m.jsonl", [row]))
    after = registry.get("T-1")
    assert after is not None
    assert after.material == replace(head.material, owner="team-ar")


def test_one_wrong_row_of_ten_thousand_stops_all_of_them(tmp_path: Path) -> None:
    registry = MemoryMaterialRegistry()
    rows = [ROW | {"value": f"كازينو {number}"} for number in range(10_000)]
    rows[7_000] = rows[7_000] | {"markets": "ksa"}
    made = planned(desk(registry), jsonl(tmp_path / "m.jsonl", rows))
    assert (made.counts()["add"], made.counts()["error"]) == (9_999, 1)
    with pytest.raises(InvalidMaterialError, match=r"m\.jsonl:7001: `markets`"):
        apply(desk(registry), made)
    assert len(registry) == 0
    assert not list(registry.batches())


class Failing(MemoryMaterialRegistry):
    """A table that stops answering after some writes."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.writes = writes

    def append(self, changes: Sequence[Change]) -> None:
        if self.writes == 0:
            raise UnavailableError("the table does not answer")
        self.writes -= 1
        super().append(changes)


@pytest.mark.parametrize("writes", [0, 1, 3])
def test_an_import_that_was_cut_off_is_told_and_finished_by_the_same_file(tmp_path: Path, writes: int) -> None:
    registry = Failing(writes)
    file = jsonl(tmp_path / "m.jsonl", [ROW | {"value": f"كازينو {number}"} for number in range(100)])
    with pytest.raises(UnavailableError):
        imported(desk(registry), file)
    (batch,) = unfinished(desk(registry))
    assert (batch.source, batch.changes, len(registry)) == ("m.jsonl", 100, 33 * writes)
    registry.writes = 10
    imported(desk(registry, "badr"), file)
    assert len(registry) == 100
    assert not list(unfinished(desk(registry)))
    assert all(head.entries == 1 for head in heads(registry))
    assert not verify(registry).damage


def test_edits_that_were_cut_off_are_finished_too(tmp_path: Path) -> None:
    registry = Failing(10)
    imported(desk(registry), jsonl(tmp_path / "a.jsonl", [ROW | {"id": f"T-{number:02}"} for number in range(60)]))
    book = edited(exported(registry, tmp_path / "m.xlsx"), {f"T-{number:02}": {"note": "n"} for number in range(60)})
    registry.writes = 1
    with pytest.raises(UnavailableError):
        imported(desk(registry, "badr"), book)
    registry.writes = 10
    made = imported(desk(registry, "badr"), book)
    assert made.counts()["unchanged"] == 33
    assert {(head.version, head.material.note) for head in heads(registry)} == {(2, "n")}


def test_an_import_cut_off_after_its_last_row_is_done_by_the_same_file(tmp_path: Path) -> None:
    registry = MemoryMaterialRegistry()
    file = jsonl(tmp_path / "m.jsonl", [ROW])
    imported(desk(registry), file)
    (batch,) = registry.batches()
    registry.note(replace(batch, done=None))
    imported(desk(registry), file)
    assert not list(unfinished(desk(registry)))


def test_a_change_between_plan_and_writing_stops_it_before_the_first_row(
    registry: MemoryMaterialRegistry, tmp_path: Path
) -> None:
    book = edited(exported(registry, tmp_path / "m.xlsx"), {"T-0": {"note": "n"}, "T-2": {"note": "n"}})
    made = planned(desk(registry), book)
    head = registry.get("T-2")
    assert head is not None
    registry.append([move(head, State.RETIRED, "chen", NOON + timedelta(1), "useless")])
    with pytest.raises(ConflictError):
        apply(desk(registry), made)
    assert registry.get("T-0") == made.changes[0].expected


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of pictures are taken whether or not this build has a detector for them."""
    monkeypatch.setattr("adsieve.service.imports.check", lambda _: [])


IMAGE = ROW | {"id": "I-1", "kind": "image", "value": "pics/casino.PNG"}


@pytest.mark.usefixtures("pictures")
def test_samples_are_kept_by_content_and_come_back(tmp_path: Path) -> None:
    registry, samples = MemoryMaterialRegistry(), MemorySampleStore()
    (tmp_path / "pics").mkdir()
    (tmp_path / "pics" / "casino.PNG").write_bytes(b"picture")
    imported(desk(registry, samples=samples), jsonl(tmp_path / "m.jsonl", [IMAGE]))
    head = registry.get("I-1")
    assert head is not None
    name = sample_name("x.png", b"picture")
    assert (head.material.value, samples.get(name)) == (f"media/{name}", b"picture")
    export(tmp_path / "m.zip", [head], ["gambling"], samples.get)
    for file in (tmp_path / "m.zip", exported(registry, tmp_path / "m.csv")):
        made = planned(desk(registry, "badr", samples), file)
        assert [row.outcome for row in made.rows] == [Outcome.SAME]


@pytest.mark.usefixtures("pictures")
def test_a_new_picture_under_an_old_name_is_a_new_version(tmp_path: Path) -> None:
    registry, samples = MemoryMaterialRegistry(), MemorySampleStore()
    (tmp_path / "a.png").write_bytes(b"one")
    imported(desk(registry, samples=samples), jsonl(tmp_path / "m.jsonl", [IMAGE | {"value": "a.png"}]))
    first = registry.get("I-1")
    assert first is not None
    (tmp_path / "a.png").write_bytes(b"two")
    row = IMAGE | {"value": "a.png", "_version": 1, "_sha256": first.sha256}
    imported(desk(registry, samples=samples), jsonl(tmp_path / "m.jsonl", [row]))
    second = registry.get("I-1")
    assert second is not None
    assert (second.version, second.logic_since, len(samples)) == (2, 2, 2)


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("value", ["nowhere.png", "../a.png", "/etc/passwd", f"media/{'0' * 64}.png", "empty.png"])
def test_a_sample_that_is_not_there_is_named_by_row(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.png").write_bytes(b"")
    made = planned(desk(MemoryMaterialRegistry()), jsonl(tmp_path / "in" / "m.jsonl", [IMAGE | {"value": value}]))
    (refused,) = made.refused
    assert (refused.problems[0].source, refused.problems[0].column) == ("m.jsonl:1", "value")


HASH = "pdq:" + "0F" * 32


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl", "zip"])
def test_a_hash_comes_and_goes_without_a_file(tmp_path: Path, ending: str) -> None:
    registry, samples = MemoryMaterialRegistry(), MemorySampleStore()
    imported(desk(registry, samples=samples), jsonl(tmp_path / "m.jsonl", [IMAGE | {"value": HASH}]))
    head = registry.get("I-1")
    assert head is not None
    assert (head.material.value, len(samples)) == (HASH.lower(), 0)
    made = planned(desk(registry, "badr", samples), exported(registry, tmp_path / f"out.{ending}"))
    assert [row.outcome for row in made.rows] == [Outcome.SAME]


@pytest.mark.parametrize("value", [HASH[:-1], "pdq:" + "00" * 32])
def test_a_wrong_hash_is_named_by_row(tmp_path: Path, value: str) -> None:
    made = planned(desk(MemoryMaterialRegistry()), jsonl(tmp_path / "m.jsonl", [IMAGE | {"value": value}]))
    (refused,) = made.refused
    assert (refused.problems[0].source, refused.problems[0].column) == ("m.jsonl:1", "value")


def test_batches_on_their_way_at_once_write_the_same(tmp_path: Path) -> None:
    registry = MemoryMaterialRegistry()
    file = jsonl(tmp_path / "m.jsonl", [ROW | {"value": f"كازينو {number}"} for number in range(200)])
    told: list[int] = []
    with open_bundle(file) as bundle:
        assert apply(desk(registry), plan(desk(registry), bundle, "m"), told.append, workers=4) == 200
    assert (len(registry), told[-1], verify(registry).damage) == (200, 200, [])
