"""Many rows at once: a plan that shows everything first, then all of it or nothing.

A table takes a hundred items in one transaction, so ten thousand rows are many. What is cut off on the way is noted as
unfinished, and the same file finishes it: rows that are in already count as unchanged, whoever wrote them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import batched
from pathlib import Path
from typing import Any

from adsieve.domain import lifecycle
from adsieve.domain.audit import Batch, Change
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, InputError, InvalidMaterialError, Problem, TransitionError
from adsieve.domain.material import Kind, Material
from adsieve.domain.registered import Registered, content
from adsieve.domain.samples import FOLDER, is_sample_name, sample_name
from adsieve.material.bundle import Bundle
from adsieve.material.cells import DIGEST, VERSION, as_text, cells_of
from adsieve.material.compile import check
from adsieve.material.rows import parse_rows
from adsieve.material.source import read_rows
from adsieve.material_ports import MOST_CHANGES
from adsieve.service.desk import Desk

MAX_SAMPLE = 512 * 1024 * 1024


class Outcome(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    CHANGE = "change"
    SAME = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the sheet and what it would do.

    Attributes:
        source: `file:line` or `file!Sheet:row`.
        columns: column → (old text, new text), for a change.
        problems: why it is refused, by cell.
        change: what to write.
        sample: the file to keep with it.
    """

    source: str
    material_id: str
    outcome: Outcome
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    change: Change | None = None
    sample: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; `id` is the same for the same file."""

    id: str
    source: str
    rows: Sequence[PlannedRow]

    @property
    def refused(self) -> list[PlannedRow]:
        """Rows that stop the import."""
        return [row for row in self.rows if row.outcome in (Outcome.CONFLICT, Outcome.ERROR)]

    @property
    def changes(self) -> list[Change]:
        """What is to be written, in the order of the sheet."""
        return [row.change for row in self.rows if row.change]

    def counts(self) -> dict[str, int]:
        """How many rows there are of each outcome."""
        return {str(outcome): sum(row.outcome is outcome for row in self.rows) for outcome in Outcome}


def plan(desk: Desk, bundle: Bundle, source: str, why: str = "") -> Plan:
    """Read the whole sheet and compare it with the registry; nothing is written.

    Raises:
        InvalidMaterialError: the sheet as a whole cannot be read.
    """
    given = [(where, dict(row)) for where, row in read_rows(bundle.sheet)]
    planner = _Planner(desk, bundle, why or f"import of {source}", bundle.digest[:16])
    return Plan(bundle.digest[:16], source, planner.plan(given))


def apply(desk: Desk, made: Plan, report: Callable[[int], None] = lambda _: None, workers: int = 1) -> int:
    """Write a plan, some batches at once; `report` is told how many rows have been written. Returns how many.

    Raises:
        InvalidMaterialError: a row of the plan is refused; nothing was written.
        ConflictError: somebody changed a row since the plan was made; what was not written yet is not.
    """
    if made.refused:
        raise InvalidMaterialError([problem for row in made.refused for problem in row.problems])
    changes = made.changes
    if desk.dry or not changes:
        _finish(desk, made)
        return 0
    _still_as_planned(desk, changes)
    batch = Batch(made.id, made.source, desk.who, desk.clock(), len(changes))
    desk.registry.note(batch)
    for row in made.rows:
        if row.sample and row.change:
            data = row.sample.read_bytes()
            desk.samples.put(sample_name(row.sample.name, data), data)
    written = 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            for done in as_completed([pool.submit(_append, desk, some) for some in _batches(changes)]):
                written += done.result()
                report(written)
        finally:
            pool.shutdown(cancel_futures=True)
    desk.registry.note(replace(batch, done=desk.clock()))
    return written


def _batches(changes: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    return batched(changes, MOST_CHANGES, strict=False)


def _append(desk: Desk, changes: Sequence[Change]) -> int:
    desk.registry.append(changes)
    return len(changes)


def unfinished(desk: Desk) -> Iterator[Batch]:
    """Imports that were cut off: the same file finishes them."""
    return (batch for batch in desk.registry.batches() if batch.done is None)


def _finish(desk: Desk, made: Plan) -> None:
    """Nothing is left to write: an import that was cut off after its last row is done."""
    for batch in unfinished(desk):
        if batch.id == made.id and not desk.dry:
            desk.registry.note(replace(batch, done=desk.clock()))


def _still_as_planned(desk: Desk, changes: Sequence[Change]) -> None:
    heads = desk.registry.get_many(change.head.material.id for change in changes)
    for change in changes:
        if heads.get(change.head.material.id) != change.expected:
            raise ConflictError(change.head.material.id)


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that could be read: its cells as given, and what they say of the version that was edited."""

    where: str
    material: Material
    cells: Mapping[str, Any]
    based: Mapping[str, Any]
    sample: Path | None


class _Planner:
    """Plans the rows of one sheet; knows the ids that it has seen."""

    def __init__(self, desk: Desk, bundle: Bundle, why: str, cause: str) -> None:
        self._desk, self._bundle = desk, bundle
        self._why, self._cause, self._now = why, cause, desk.clock()
        self._heads: dict[str, Registered] = {}
        self._seen: dict[str, str] = {}

    def plan(self, given: Sequence[tuple[str, dict[str, Any]]]) -> list[PlannedRow]:
        """What every row would do. The registry is asked twice: for the ids given, and for those that rows imply."""
        ids = [str(row.get("id") or "").strip() for _, row in given]
        self._heads = self._desk.registry.get_many(known for known in ids if known)
        read = [self._read(where, known, row) for known, (where, row) in zip(ids, given, strict=True)]
        implied = {row.material.id for row in read if isinstance(row, _Read)} - set(ids)
        self._heads |= self._desk.registry.get_many(sorted(implied))
        return [row if isinstance(row, PlannedRow) else self._planned(row) for row in read]

    def _read(self, where: str, told: str, row: dict[str, Any]) -> _Read | PlannedRow:
        """The row; columns that the sheet does not have keep what they held."""
        based = {name: row.pop(name, None) for name in (VERSION, DIGEST)}
        head = self._heads.get(told)
        kept = cells_of(head.material) | {"state": ""} if head else {}
        try:
            (material,) = parse_rows([(where, kept | row)])
            named, sample = self._with_sample(material)
            if sample or named.kind not in (Kind.IMAGE, Kind.VIDEO):  # a sample that is kept was checked when it came
                _check(material)
            return _Read(where, named, row, based, sample)
        except InvalidMaterialError as error:
            return PlannedRow(where, told, Outcome.ERROR, problems=tuple(error.problems))

    def _planned(self, row: _Read) -> PlannedRow:
        try:
            return self._judge(row, self._heads.get(row.material.id))
        except InvalidMaterialError as error:
            return PlannedRow(row.where, row.material.id, Outcome.ERROR, problems=tuple(error.problems))

    def _judge(self, row: _Read, head: Registered | None) -> PlannedRow:
        where, material = row.where, row.material
        self._check_seen(where, material)
        self._check_state(where, material, head, row.cells)
        if head is None and row.based[VERSION] not in (None, ""):
            problem = Problem(where, "id", f"`{material.id}` is not in the registry", "clear the id to add a new row")
            return PlannedRow(where, material.id, Outcome.CONFLICT, problems=(problem,))
        if head is None:
            return self._write(row, Outcome.ADD, None)
        if content(head.material) == content(material):
            return PlannedRow(where, material.id, Outcome.SAME)
        stale = _stale(where, head, row.based)
        if stale:
            return PlannedRow(where, material.id, Outcome.CONFLICT, _columns(head, material), (stale,))
        return self._write(row, Outcome.CHANGE, head)

    def _write(self, row: _Read, outcome: Outcome, head: Registered | None) -> PlannedRow:
        where, material = row.where, row.material
        who = (self._desk.who, self._now, self._why, self._cause)
        try:
            change = lifecycle.edit(head, material, *who) if head else lifecycle.add(material, *who)
        except TransitionError as error:
            raise InvalidMaterialError([Problem(where, "", error.problem, error.hint)]) from None
        except InputError as error:
            raise InvalidMaterialError([Problem(where, "", str(error))]) from None
        columns = _columns(head, material) if head else {}
        return PlannedRow(where, material.id, outcome, columns, change=change, sample=row.sample)

    def _check_seen(self, where: str, material: Material) -> None:
        if first := self._seen.get(material.id):
            raise InvalidMaterialError([Problem(where, "id", f"`{material.id}` stands at {first} too", "keep one row")])
        self._seen[material.id] = where

    def _check_state(self, where: str, material: Material, head: Registered | None, row: Mapping[str, Any]) -> None:
        """A sheet is no way around approvals: it may repeat the state, never set it."""
        present = head.material.state if head else State.DRAFT
        if row.get("state") not in (None, "") and material.state is not present:
            message = f"says {material.state}, the material is {present}"
            hint = f"leave it empty; states are moved with `adsieve material {material.state.name.lower()}`"
            raise InvalidMaterialError([Problem(where, "state", message, hint)])

    def _with_sample(self, material: Material) -> tuple[Material, Path | None]:
        """The row naming its sample by content, and the file to keep; none where the sample is kept already."""
        if material.kind not in (Kind.IMAGE, Kind.VIDEO):
            return material, None
        file = self._bundle.sample(material.value)
        name = material.value.removeprefix(f"{FOLDER}/")
        if file is None:
            if is_sample_name(name) and self._desk.samples.has(name):
                return replace(material, value=f"{FOLDER}/{name}"), None
            hint = "put the file beside the sheet, or pack both into a .zip"
            raise InvalidMaterialError([Problem(material.source, "value", f"no file `{material.value}`", hint)])
        size = file.stat().st_size
        if not 0 < size <= MAX_SAMPLE:
            message = f"`{material.value}` is {size:,} bytes, want 1 to {MAX_SAMPLE:,}"
            raise InvalidMaterialError([Problem(material.source, "value", message, "use a shorter or smaller sample")])
        return replace(material, value=f"{FOLDER}/{sample_name(file.name, file.read_bytes())}"), file


def _check(material: Material) -> None:
    errors = [problem for problem in check(material) if problem.severity == "error"]
    if errors:
        raise InvalidMaterialError(errors)


def _stale(where: str, head: Registered, based: Mapping[str, Any]) -> Problem | None:
    told = str(based[VERSION] or "").strip(), str(based[DIGEST] or "").strip()
    if told == (str(head.version), head.sha256):
        return None
    hint = "export it again and repeat the edit there"
    if told == ("", ""):
        return Problem(where, "id", "is in the registry with other columns", hint)
    if told[0] == str(head.version):
        return Problem(where, DIGEST, "is not the row that was exported", hint)
    message = f"was edited as version {told[0]}, it is at version {head.version} by {head.author} now"
    return Problem(where, VERSION, message, hint)


def _columns(head: Registered, material: Material) -> dict[str, tuple[str, str]]:
    old, new = cells_of(head.material), cells_of(material)
    return {
        name: (as_text(name, old[name]), as_text(name, new[name]))
        for name in old
        if name != "state" and old[name] != new[name]
    }
