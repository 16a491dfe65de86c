"""Recomputes the whole trail: any byte that was changed in an entry, a version or a head shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from adsieve.domain.canonical import digest
from adsieve.domain.registered import head_digest
from adsieve.material_ports import MaterialRegistry, Record


@dataclass(slots=True)
class Audit:
    """What the recomputation found.

    Attributes:
        materials, versions, entries: how many were read.
        damage: what does not agree, worded for people.
        root: digest over the last entry of every material. Noted elsewhere, it also shows a trail that was rewritten
            from its beginning, or cut at its end together with the head.
    """

    materials: int = 0
    versions: int = 0
    entries: int = 0
    damage: list[str] = field(default_factory=list)
    root: str = ""


def verify(registry: MaterialRegistry) -> Audit:
    """Recompute every digest of every material."""
    audit = Audit()
    ends: dict[str, str] = {}
    for record in registry.records():
        audit.materials += 1
        audit.versions += len(record.versions)
        audit.entries += len(record.trail)
        ends[record.material_id] = record.trail[-1].digest if record.trail else ""
        audit.damage += record.damage or _disagreements(record)
    audit.root = digest(ends)
    return audit


def _disagreements(record: Record) -> Iterator[str]:
    """What the entries, versions and head of a material say against each other."""
    material_id, head = record.material_id, record.head
    previous = ""
    contents: dict[int, str] = {}
    for number, entry in enumerate(record.trail, 1):
        where = f"{material_id}: audit entry {number}"
        if (entry.number, entry.material_id) != (number, material_id):
            yield f"{where}: is numbered {entry.number} of `{entry.material_id}`, an entry is missing or foreign"
        if entry.previous != previous:
            yield f"{where}: does not follow from the entry before it"
        if contents.setdefault(entry.version, entry.content) != entry.content:
            yield f"{where}: names another row for version {entry.version}"
        previous = entry.digest
    for version, known in zip_longest(record.versions, sorted(contents.items())):
        if version is None or known is None or (version.number, version.sha256) != known:
            number = version.number if version else known[0] if known else 0
            yield f"{material_id}: version {number} is not what the trail says"
    if head is None or not record.trail:
        yield f"{material_id}: has no head or no trail"
        return
    last = record.trail[-1]
    if (head.entries, head.last, head_digest(head)) != (last.number, last.digest, last.head):
        yield f"{material_id}: the head is not what the trail says"
    elif (head.version, head.sha256) != (last.version, last.content):
        yield f"{material_id}: the head is not of the version that the trail says"
