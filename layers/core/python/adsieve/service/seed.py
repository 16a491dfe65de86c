"""The first day of a registry: the material that was in use before it, in the states that it had."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import batched
from pathlib import Path

from adsieve.domain import lifecycle
from adsieve.domain.errors import InputError, InvalidMaterialError
from adsieve.domain.material import Material
from adsieve.domain.registered import Registered, content
from adsieve.domain.samples import FOLDER, sample_name
from adsieve.material.compile import check
from adsieve.material_ports import MOST_CHANGES
from adsieve.service.desk import Desk


def seed(desk: Desk, materials: Sequence[Material], why: str, report: Callable[[int], None] = lambda _: None) -> int:
    """Fill an empty registry; how many rows were written. What was cut off is finished by the same rows.

    Raises:
        InputError: something else is in the registry.
        InvalidMaterialError: rows that cannot be used; nothing was written.
    """
    if problems := [problem for row in materials for problem in check(row) if problem.severity == "error"]:
        raise InvalidMaterialError(problems)
    materials = [_registered(desk, row) for row in materials]
    known = {row.id: row for row in materials}
    heads = {record.material_id: record.head for record in desk.registry.records()}
    if strange := next((name for name, head in heads.items() if not _same(head, known.get(name))), None):
        raise InputError(f"the registry holds `{strange}` already: only an empty one can be seeded, use `import`")
    now, written = desk.clock(), 0
    missing = [row for row in materials if row.id not in heads]
    for some in batched([lifecycle.seed(row, desk.who, now, why) for row in missing], MOST_CHANGES, strict=False):
        if not desk.dry:
            desk.registry.append(some)
        written += len(some)
        report(written)
    return written


def _registered(desk: Desk, row: Material) -> Material:
    """The row naming its sample by content; the sample is kept first."""
    if not row.sampled:
        return row
    data = Path(row.folder, row.value).read_bytes()
    name = sample_name(row.value, data)
    if not desk.dry:
        desk.samples.put(name, data)
    return replace(row, value=f"{FOLDER}/{name}", folder="")


def unseen(heads: Sequence[Registered], who: str) -> str | None:
    """A material that would decide though nobody but this person ever looked at it."""
    alone = (head for head in heads if head.authors == (who,) and not head.approvals and head.panic_until is None)
    return next((head.material.id for head in alone if head.material.state in lifecycle.DECIDES), None)


def _same(head: Registered | None, row: Material | None) -> bool:
    return head is not None and row is not None and content(head.material) == content(row)
