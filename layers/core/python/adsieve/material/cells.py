"""One material as the cells of a sheet and back, without losing a character.

Three hazards are met here: a list whose item holds the separator, text that a spreadsheet would run as a formula, and
characters that XML cannot hold.
"""

import re
from typing import Any

from adsieve.domain.material import Material
from adsieve.domain.registered import Registered
from adsieve.material.rows import COLUMNS, LISTS

VERSION, DIGEST = "_version", "_sha256"
"""Columns that tell an import which version of the row was edited; hidden in a workbook."""

MAX_CELL = 32_767
"""UTF-16 units that a cell of Excel holds."""

_RUNS = re.compile(r"^['=+\-@\t\r]")
_GUARDED = re.compile(r"^'(?=['=+\-@\t\r])")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_FITTED = re.compile("_x([0-9A-Fa-f]{4})_")


def cells_of(material: Material) -> dict[str, Any]:
    """Every column, JSON-ready; lists stay lists, what is empty is an empty text or list."""
    row = material.to_row()
    flags = list(row.get("flags", ()))
    match = [*flags, f"radius={material.radius}"] if material.radius is not None else flags
    known = row | {"match": match, "state": str(material.state)}
    return {name: known.get(name, [] if name in LISTS else "") for name in COLUMNS}


def registered_cells(head: Registered) -> dict[str, Any]:
    """The columns of a registered row, and which version they are of."""
    return cells_of(head.material) | {VERSION: head.version, DIGEST: head.sha256}


def as_text(name: str, cell: Any) -> str:
    """A cell as one text: lists by `|`, markets and flags by spaces; `material.rows` reads it back."""
    if not isinstance(cell, list):
        return str(cell)
    return join(cell) if LISTS[name] else " ".join(cell)


def join(items: list[str]) -> str:
    r"""Items by `|`; one that stands inside an item becomes `\|`, and backslashes before any `|` are doubled."""
    escaped = [re.sub(r"(\\*)\|", r"\1\1\\|", item) for item in items]
    return "|".join([*(re.sub(r"(\\+)$", r"\1\1", item) for item in escaped[:-1]), *escaped[-1:]])


def guard(text: str) -> str:
    """Text for a CSV, with an apostrophe where a spreadsheet would take it for a formula."""
    return "'" + text if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """Inverse of `guard`."""
    return _GUARDED.sub("", text)


def fit(text: str) -> str:
    """Text for a workbook: what XML cannot hold is written as `_x001F_`, as Excel does."""
    return _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unfit(text: str) -> str:
    """Inverse of `fit`."""
    return _FITTED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
