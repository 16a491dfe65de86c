"""What differs between two packages, in the words of those who maintain them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from adsieve.domain.policy import PolicyMatrix
from adsieve.material.package import Package


@dataclass(frozen=True, slots=True)
class Change:
    """One column (or policy decision) before and after, as text; empty where there was none."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PackageDiff:
    """Materials by id, policy decisions by `policy market`."""

    added: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    changed: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    policies: dict[str, Change] = field(default_factory=dict)


def diff_packages(old: Package, new: Package, day: date | None = None) -> PackageDiff:
    """Compare two packages; policy decisions are those of `day`, by default today (UTC)."""
    before = {material.id: material for material in old.materials()}
    after = {material.id: material for material in new.materials()}
    changed = {}
    for material_id in sorted(before.keys() & after.keys()):
        rows = before[material_id].to_row(), after[material_id].to_row()
        columns = sorted(rows[0].keys() | rows[1].keys())
        changes = tuple(Change(name, _told(rows[0], name), _told(rows[1], name)) for name in columns)
        different = tuple(change for change in changes if change.old != change.new)
        if different:
            changed[material_id] = different
    return PackageDiff(
        added={material_id: after[material_id].value for material_id in sorted(after.keys() - before.keys())},
        removed={material_id: before[material_id].value for material_id in sorted(before.keys() - after.keys())},
        changed=changed,
        policies=_policy_changes(old.matrix, new.matrix, day or datetime.now(UTC).date()),
    )


def _policy_changes(old: PolicyMatrix, new: PolicyMatrix, day: date) -> dict[str, Change]:
    changes = {}
    for policy in sorted({*old.policies, *new.policies}):
        for market in sorted({*old.markets, *new.markets}):
            was, now = _rule(old, policy, market, day), _rule(new, policy, market, day)
            if was != now:
                changes[f"{policy} {market}"] = Change("effect", was, now)
    return changes


def _rule(matrix: PolicyMatrix, policy: str, market: str, day: date) -> str:
    cell = matrix.resolve(policy, market, day)
    if cell is None:
        return ""
    age = f" min_age {cell.min_age}" if cell.min_age else ""
    return f"{cell.effect}{age} {' '.join(cell.requires)}".strip()


def _told(row: dict[str, object], name: str) -> str:
    value = row.get(name, "")
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
