"""What a new package means for ads that were decided with an old one: which materials and rules differ, and why.

Both directions are one question. An added, a removed and a changed row can matter to an ad only where one of its forms
is found in it, so all of them are looked for, in their old and in their new form. Findings that a verdict shows would
not do for removals: an ALLOW row, what it cancelled and what was past the limits of a verdict are not among them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, starmap, zip_longest
from typing import Any

from adsieve.domain.decision import Action, State
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyCell, PolicyMatrix
from adsieve.material.package import Package

_TOLD = ("note", "owner", "case", "concept", "examples_hit", "examples_miss")
"""Columns that no detector and no decision looks at."""

_DATED = (b'"starts"', b'"expires"')

type _Layer = tuple[Package | None, frozenset[int]]

_NO_LAYER: _Layer = (None, frozenset())


@dataclass(frozen=True, slots=True)
class Row:
    """A material that differs.

    Attributes:
        why: `added`, `removed`, `changed: action markets`, `valid now`, `no longer valid` or `policy: SA GB`.
        forms: the material as it was and as it is; one of them where it is added or removed.
    """

    id: str
    why: str
    forms: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class LayerChange:
    """One layer of a package before and after, see `Package.layers`.

    Attributes:
        old, new: None where the package had or has no such layer.
        gone, come: rows in force in only one of them, as stored.
        swapped: rows in only one of them, in force or not: a detector of the layer knows all of its rows.
    """

    old: Package | None
    new: Package | None
    gone: frozenset[bytes]
    come: frozenset[bytes]
    swapped: frozenset[bytes]

    def forms(self) -> Iterator[Material]:
        """Every row that differs in what it is or whether it is in force."""
        return _parsed(self.gone | self.come | self.swapped)


@dataclass(frozen=True, slots=True)
class PackageChange:
    """Everything that can make a verdict differ.

    Attributes:
        old, new: the packages.
        days: the day on which each decides.
        rows: materials that differ, by id.
        markets: markets that the matrix did not have, has no more, or counts to other groups.
        layers: what differs layer by layer, for detectors whose rows are not found each on its own.
    """

    old: Package
    new: Package
    days: tuple[date, date]
    rows: Mapping[str, Row]
    markets: frozenset[str]
    layers: tuple[LayerChange, ...]

    def forms(self) -> Iterator[Material]:
        """Every form of every material that differs."""
        return chain.from_iterable(row.forms for row in self.rows.values())

    def concerns(self, markets: Iterable[str]) -> bool:
        """Whether an ad for these markets can be decided otherwise whatever is in it."""
        named = tuple(markets)
        if not self.markets:
            return False
        before, after = self.old.matrix.expand(named), self.new.matrix.expand(named)
        return before != after or not self.markets.isdisjoint(after)

    def __bool__(self) -> bool:
        return bool(self.rows or self.markets)


def compare(old: Package, new: Package, old_day: date, new_day: date) -> PackageChange:
    """What can make ads that were decided with `old` on `old_day` differ with `new` on `new_day` (UTC days)."""
    layers = tuple(starmap(_layer_change, zip_longest(old.layers(), new.layers(), fillvalue=_NO_LAYER)))
    # A row that moved from one layer to another is the same row.
    gone = frozenset[bytes]().union(*(layer.gone for layer in layers))
    come = frozenset[bytes]().union(*(layer.come for layer in layers))
    rows = {row.id: row for row in _differing(gone - come, come - gone)}
    unchanged = (line for package, hidden in new.layers() for line in _in_force(package, hidden))
    for line in unchanged if old_day != new_day else ():
        if any(name in line for name in _DATED) and (row := _turned(_material(line), old_day, new_day)):
            rows.setdefault(row.id, row)
    if cells := _changed_cells(old.matrix, new.matrix, old_day, new_day):
        for material in _of_policies(
            (line for package, hidden in new.layers() for line in _in_force(package, hidden)), cells
        ):
            if concerned := _concerned(material, cells[material.policy], (old.matrix, new.matrix)):
                rows.setdefault(material.id, Row(material.id, f"policy: {' '.join(concerned)}", (material,)))
    return PackageChange(old, new, (old_day, new_day), rows, _moved_markets(old.matrix, new.matrix), layers)


def _layer_change(before: _Layer, after: _Layer) -> LayerChange:
    (old, was_hidden), (new, hidden) = before, after
    if old and new and old.ref.sha256 == new.ref.sha256:
        gone, come = (
            frozenset(old.lines(sorted(hidden - was_hidden))),
            frozenset(old.lines(sorted(was_hidden - hidden))),
        )
        return LayerChange(old, new, gone, come, frozenset())
    was, now = frozenset(_in_force(old, was_hidden)), frozenset(_in_force(new, hidden))
    swapped = frozenset(_in_force(old, frozenset())) ^ frozenset(_in_force(new, frozenset()))
    return LayerChange(old, new, was - now, now - was, swapped)


def _in_force(package: Package | None, hidden: frozenset[int]) -> Iterator[bytes]:
    if package is not None:
        yield from package.lines(row for row in range(package.manifest.counts["materials"]) if row not in hidden)


def _differing(gone: Iterable[bytes], come: Iterable[bytes]) -> Iterator[Row]:
    """Rows that are in one package only, as pairs of what they were and are."""
    was = {material.id: material for material in _parsed(gone)}
    now = {material.id: material for material in _parsed(come)}
    for material_id in sorted(was.keys() | now.keys()):
        forms = tuple(form for form in (was.get(material_id), now.get(material_id)) if form is not None)
        if why := _why(was.get(material_id), now.get(material_id)):
            yield Row(material_id, why, forms)


def _turned(material: Material, old_day: date, new_day: date) -> Row | None:
    """A row that began or ceased to be valid between two days."""
    if material.live_on(old_day) == material.live_on(new_day):
        return None
    return Row(material.id, "valid now" if material.live_on(new_day) else "no longer valid", (material,))


def _why(was: Material | None, now: Material | None) -> str:
    if was is None or now is None:
        return "added" if was is None else "removed"
    before, after = _deciding(was), _deciding(now)
    columns = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return f"changed: {' '.join(columns)}" if columns else ""


def _deciding(material: Material) -> dict[str, Any]:
    return {name: value for name, value in material.to_row().items() if name not in _TOLD}


def _parsed(lines: Iterable[bytes]) -> Iterator[Material]:
    return map(_material, lines)


def _material(line: bytes) -> Material:
    return Material.from_row(json.loads(line))


def _of_policies(lines: Iterable[bytes], policies: Iterable[str]) -> Iterator[Material]:
    """Materials of these policies; lines that cannot be one are not parsed."""
    named = [json.dumps(policy, ensure_ascii=False).encode() for policy in policies]
    likely = _parsed(line for line in lines if any(name in line for name in named))
    wanted = frozenset(policies)
    return (material for material in likely if material.policy in wanted and _may_decide(material))


def _may_decide(material: Material) -> bool:
    return material.action > Action.LOG and material.state in (State.CANARY, State.ACTIVE)


def _concerned(material: Material, markets: Iterable[str], matrices: tuple[PolicyMatrix, PolicyMatrix]) -> list[str]:
    return [market for market in markets if any(matrix.covers(material.markets, market) for matrix in matrices)]


def _changed_cells(old: PolicyMatrix, new: PolicyMatrix, old_day: date, new_day: date) -> dict[str, list[str]]:
    """Markets by policy in which the policy now leads to something else."""
    markets = sorted({*old.markets, *new.markets})
    changed: dict[str, list[str]] = {}
    for policy in sorted({*old.policies, *new.policies}):
        for market in markets:
            if _rule(old.resolve(policy, market, old_day)) != _rule(new.resolve(policy, market, new_day)):
                changed.setdefault(policy, []).append(market)
    return changed


def _rule(cell: PolicyCell | None) -> object:
    return cell and (cell.effect, cell.min_age, cell.requires)


def _moved_markets(old: PolicyMatrix, new: PolicyMatrix) -> frozenset[str]:
    known = old.groups.keys() | new.groups.keys()
    return frozenset(market for market in known if old.groups.get(market) != new.groups.get(market))
