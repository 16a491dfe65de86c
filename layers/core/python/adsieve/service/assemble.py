"""From the registry to package files: what is live now, built whole or laid over the base that is in force."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adsieve.domain.lifecycle import overdue
from adsieve.domain.lock import LOCK, Locked, read_lock, write_lock
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.registered import Registered
from adsieve.material.bounds import MAX_DELTA
from adsieve.material.compile import SHIPPED, compile_files
from adsieve.material.manifest import GROWTH
from adsieve.material.overlay import HIDDEN, Overlay
from adsieve.material.package import Package
from adsieve.material.selftest import SELFTEST, examples_of
from adsieve.material_ports import MaterialRegistry


@dataclass(frozen=True, slots=True)
class Plan:
    """What a package shall hold.

    Attributes:
        heads: everything that is live, by id.
        previous: the package in force, which the new one follows; None for the first.
        version: name of the new one.
        base: the package to lay the new one over; None: build it whole.
    """

    heads: Sequence[Registered]
    matrix: PolicyMatrix
    version: str = "1"
    previous: Package | None = None
    base: Package | None = None
    growth: float = GROWTH


def live(registry: MaterialRegistry, now: datetime) -> list[Registered]:
    """Heads that a package holds, by id. What is overdue is left out, even if nobody has swept yet."""
    heads = (head for state in sorted(SHIPPED) for head in registry.in_state(state))
    return sorted((head for head in heads if overdue(head, now) is None), key=lambda head: head.material.id)


def plan(
    heads: Sequence[Registered],
    matrix: PolicyMatrix,
    previous: Package | None,
    *,
    version: str = "1",
    whole: bool = False,
    growth: float = GROWTH,
) -> Plan:
    """Lay the new package over the present base where little has changed since, or build it whole."""
    base = previous.base if isinstance(previous, Overlay) else previous
    if base is None or whole or len(base) <= MAX_DELTA or not base.beside(LOCK):
        return Plan(heads, matrix, version, previous, None, growth)
    added, hidden = changes(heads, base)
    fits = max(len(added), len(hidden)) <= MAX_DELTA
    return Plan(heads, matrix, version, previous, base if fits else None, growth)


def changes(heads: Iterable[Registered], base: Package) -> tuple[list[Registered], list[int]]:
    """Heads that the base does not hold as they are, and its rows that are no longer so. Rows follow the lock."""
    known = {locked.id: (row, locked) for row, locked in enumerate(read_lock(base.beside(LOCK)))}
    kept, added = set[int](), list[Registered]()
    for head in heads:
        row, locked = known.get(head.material.id, (-1, None))
        if locked == Locked.of(head):
            kept.add(row)
        else:
            added.append(head)
    return added, [row for row, _ in known.values() if row not in kept]


def build(planned: Plan) -> dict[str, bytes]:
    """The files of the package: the same plan, the same bytes.

    Raises:
        InvalidMaterialError: rows that cannot be compiled.
        PackageError: more than a package may hold.
    """
    heads, beside = list(planned.heads), dict[str, bytes]()
    if planned.base is not None:
        heads, hidden = changes(planned.heads, planned.base)
        beside[HIDDEN] = json.dumps(sorted(hidden)).encode()
    materials = [head.material for head in heads]
    beside |= {LOCK: write_lock(heads), SELFTEST: examples_of(materials)}
    previous, base = planned.previous, planned.base
    return compile_files(
        materials,
        planned.matrix,
        version=planned.version,
        beside=beside,
        previous=None if previous is None else previous.ref.sha256,
        base=None if base is None else base.ref.sha256,
        growth=planned.growth,
    )


def locked(package: Package) -> set[Locked]:
    """What a package holds, over its base."""
    if not isinstance(package, Overlay):
        return set(read_lock(package.beside(LOCK)))
    below = read_lock(package.base.beside(LOCK))
    return {line for row, line in enumerate(below) if row not in package.hidden} | locked(package.upper)
