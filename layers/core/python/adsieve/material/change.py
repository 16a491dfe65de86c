"""What a new package means for ads that were decided with an old one: which materials and rules differ, and why.

Both directions are one question. An added, a removed and a changed row can matter to an ad only where one of its forms
is found in it, so all of them are looked for, in their old and in their new form. Findings that a verdict shows would
not do for removals: an ALLOW row, what it cancelled and what was past the limits of a verdict are not among them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from adsieve.domain.decision import Action, State
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyCell, PolicyMatrix
from adsieve.material.package import Package

_TOLD = ("note", "owner", "case", "concept", "examples_hit", "examples_miss")
"""Columns that no detector and no decision looks at."""

_DATED = (b'"starts"', b'"expires"')


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
class PackageChange:
    """Everything that can make a verdict differ.

    Attributes:
        old, new: the packages.
        days: the day on which each decides.
        rows: materials that differ, by id.
        markets: markets that the matrix did not have, has no more, or counts to other groups.
    """

    old: Package
    new: Package
    days: tuple[date, date]
    rows: Mapping[str, Row]
    markets: frozenset[str]

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
    rows: dict[str, Row] = {}
    unchanged = _compare_rows(old, new, (old_day, new_day), rows)
    cells = _changed_cells(old.matrix, new.matrix, old_day, new_day)
    if cells:
        for material in _of_policies(unchanged, cells):
            if concerned := _concerned(material, cells[material.policy], (old.matrix, new.matrix)):
                rows.setdefault(material.id, Row(material.id, f"policy: {' '.join(concerned)}", (material,)))
    return PackageChange(old, new, (old_day, new_day), rows, _moved_markets(old.matrix, new.matrix))


def _compare_rows(old: Package, new: Package, days: tuple[date, date], rows: dict[str, Row]) -> set[bytes]:
    """Put what differs into `rows`; the lines that are in both packages."""
    before, after = set(old.lines()), set(new.lines())
    was = {material.id: material for material in _parsed(before - after)}
    now = {material.id: material for material in _parsed(after - before)}
    for material_id in sorted(was.keys() | now.keys()):
        forms = tuple(form for form in (was.get(material_id), now.get(material_id)) if form is not None)
        if why := _why(was.get(material_id), now.get(material_id)):
            rows[material_id] = Row(material_id, why, forms)
    unchanged = before & after
    if days[0] != days[1]:
        # A row that was edited in nothing that decides has its days like any other.
        edited = (form for material_id, form in now.items() if material_id not in rows)
        dated = _parsed(line for line in unchanged if any(name in line for name in _DATED))
        for material in chain(edited, dated):
            if material.live_on(days[0]) != material.live_on(days[1]):
                why = "valid now" if material.live_on(days[1]) else "no longer valid"
                rows[material.id] = Row(material.id, why, (material,))
    return unchanged | {line for line in after - before if json.loads(line)["id"] not in rows}


def _why(was: Material | None, now: Material | None) -> str:
    if was is None or now is None:
        return "added" if was is None else "removed"
    before, after = _deciding(was), _deciding(now)
    columns = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return f"changed: {' '.join(columns)}" if columns else ""


def _deciding(material: Material) -> dict[str, Any]:
    return {name: value for name, value in material.to_row().items() if name not in _TOLD}


def _parsed(lines: Iterable[bytes]) -> Iterator[Material]:
    return (Material.from_row(json.loads(line)) for line in lines)


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
