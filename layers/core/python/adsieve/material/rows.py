"""Cells of a material row, read strictly: every problem of a file is told at once, by row and column."""

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from adsieve.domain.decision import Action, State
from adsieve.domain.errors import InvalidMaterialError, Problem
from adsieve.domain.material import PDQ, Flag, Kind, Material

COLUMNS = (
    "id", "kind", "value", "language", "policy", "action", "markets", "match", "unless", "state",
    "starts", "expires", "concept", "owner", "case", "note", "examples_hit", "examples_miss",
)  # fmt: skip
REQUIRED = ("kind", "value", "policy", "action")
LISTS = {"markets": False, "match": False, "unless": True, "examples_hit": True, "examples_miss": True}
"""Columns that hold several items, and whether `|` separates them; spaces otherwise."""
MAX_VALUE = 2_000
MAX_ID = 100
_UNSTORABLE = re.compile("[\ud800-\udfff\0]")
_ALLOWABLE = frozenset({Kind.TERM, Kind.URL, Kind.IMAGE})


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a spreadsheet computes: what it shows depends on who looks, so it is never read."""

    text: str


class _CellError(ValueError):
    """What is wrong with one cell, and what would be right."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def parse_rows(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Material]:
    """Read rows given as (source, column → cell); columns that begin with `_` are the registry's and not read here.

    Raises:
        InvalidMaterialError: with every problem of every row; nothing is half-read.
    """
    materials: list[Material] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for source, row in rows:
        material = _parse_row(row, source, problems)
        if material is None:
            continue
        if material.id in seen:
            problems.append(
                Problem(source, "id", f"`{material.id}` stands at {seen[material.id]} too", "ids are unique")
            )
        seen[material.id] = source
        materials.append(material)
    if problems:
        raise InvalidMaterialError(problems)
    return materials


def _parse_row(row: Mapping[str, Any], source: str, problems: list[Problem]) -> Material | None:
    before = len(problems)
    for name in row:
        if name not in COLUMNS and not str(name).startswith("_") and row[name] not in (None, "", []):
            close = difflib.get_close_matches(str(name), COLUMNS, 1)
            hint = f"did you mean `{close[0]}`" if close else f"columns are {', '.join(COLUMNS)}"
            problems.append(Problem(source, str(name), "is no column of a material", hint))
    cells: dict[str, Any] = {}
    for name, read in _READERS.items():
        cell = row.get(name)
        if cell is None or cell in ("", []):
            if name in REQUIRED:
                problems.append(
                    Problem(source, name, "is empty", "fill it in; kind, value, policy and action are required")
                )
            continue
        if isinstance(cell, Formula):
            problems.append(Problem(source, name, "holds a formula", "copy the cell and paste it as a value"))
            continue
        try:
            cells[name] = read(cell)
        except _CellError as error:
            problems.append(Problem(source, name, str(error), error.hint))
    if len(problems) > before:
        return None
    cells["flags"], cells["radius"] = cells.pop("match", (frozenset(), None))
    if cells["kind"] is Kind.IMAGE and cells["value"].lower().startswith(PDQ):
        cells["value"] = cells["value"].lower()  # one hash is one value, however a list writes its digits
    cells.setdefault("id", _content_id(cells))
    material = Material(**cells, source=source)
    problems += _contradictions(material)
    return material if len(problems) == before else None


def _contradictions(material: Material) -> Iterable[Problem]:
    """Cells that are right one by one and wrong together."""
    if material.action is Action.ALLOW and material.kind not in _ALLOWABLE:
        hint = f"use one of {', '.join(sorted(_ALLOWABLE))}"
        yield Problem(material.source, "action", f"ALLOW is not for kind `{material.kind}`", hint)
    if material.starts and material.expires and material.expires < material.starts:
        yield Problem(material.source, "expires", f"{material.expires} is before `starts`", "swap the two dates")
    if material.kind is Kind.VIDEO and material.value.lower().startswith(PDQ):
        hint = "name the file of the clip, or use kind `image` for a frame of it"
        yield Problem(material.source, "value", "a hash is of a picture, not of a clip", hint)
    if material.radius is not None and not material.visual:
        yield Problem(
            material.source, "match", f"`radius` is not for kind `{material.kind}`", "it is for image and video"
        )


def _content_id(cells: Mapping[str, Any]) -> str:
    """A stable id for a row that brings none: the same row gets the same id in every file."""
    identity = "\0".join(
        str(cells.get(name, "")) for name in ("kind", "value", "language", "policy", "action", "markets")
    )
    return f"{str(cells['kind'])[0].upper()}-{hashlib.sha256(identity.encode()).hexdigest()[:10]}"


def _text(cell: Any) -> str:
    if isinstance(cell, bool | list | dict):
        raise _CellError(f"holds {cell!r}", "want text")
    text = str(cell).strip()
    if _UNSTORABLE.search(text):
        raise _CellError("holds a character that cannot be stored", "type it again")
    return text


def _value(cell: Any) -> str:
    text = _text(cell)
    if not text:
        raise _CellError("is empty", "fill it in")
    if len(text) > MAX_VALUE:
        raise _CellError(f"is {len(text)} characters long", f"at most {MAX_VALUE}")
    return text


def _identifier(cell: Any) -> str:
    text = _text(cell)
    if len(text) > MAX_ID or not text.isprintable() or any(character in "|, \t" for character in text):
        raise _CellError(f"`{text[:40]}` is no id", f"at most {MAX_ID} characters, no spaces, commas or `|`")
    return text


def _choice[T](parse: Callable[[str], T], choices: Iterable[str]) -> Callable[[Any], T]:
    known = sorted(choices)

    def read(cell: Any) -> T:
        try:
            return parse(_text(cell))
        except (KeyError, ValueError):
            raise _CellError(f"`{cell}` is not one of them", f"use one of {', '.join(known)}") from None

    return read


def _split(cell: str) -> list[str]:
    r"""Items by `|`. `\|` is one inside an item; backslashes count in pairs before a `|` and for themselves elsewhere."""
    items = [""]
    for text, slashes, bar in re.findall(r"([^\\|]*)(\\*)(\||$|)", cell):
        items[-1] += text + (slashes[: len(slashes) // 2] if bar else slashes)
        if bar and len(slashes) % 2:
            items[-1] += bar
        elif bar:
            items.append("")
    return items


def _list(split: Callable[[str], list[str]]) -> Callable[[Any], tuple[str, ...]]:
    def read(cell: Any) -> tuple[str, ...]:
        items = cell if isinstance(cell, list | tuple) else split(str(cell))
        return tuple(dict.fromkeys(text for item in items if (text := _text(item))))

    return read


_words = _list(str.split)


def _markets(cell: Any) -> tuple[str, ...]:
    codes = _words(cell)
    for code in codes:
        if not (code.isascii() and code.replace("_", "").isalnum() and code == code.upper()):
            raise _CellError(f"`{code}` is no market", "use ISO codes or groups in capitals, separated by spaces")
    return codes


def _match(cell: Any) -> tuple[frozenset[Flag], int | None]:
    flags: set[Flag] = set()
    radius = None
    for word in _words(str(cell).replace("|", " ") if isinstance(cell, str) else cell):
        name, equals, number = word.partition("=")
        if equals and name == "radius":
            if not number.isdigit() or not 0 <= int(number) <= 128:  # noqa: PLR2004 - half of a 256-bit hash
                raise _CellError(f"`{word}` is no radius", "use radius=0 to radius=128")
            radius = int(number)
        elif word in Flag:
            flags.add(Flag(word))
        else:
            raise _CellError(f"`{word}` is no flag", f"use {', '.join(Flag)} or radius=N")
    if len(flags & {Flag.WORD, Flag.PREFIX, Flag.SUBSTRING}) > 1:
        raise _CellError("names more than one of word, prefix and substring", "keep one")
    return frozenset(flags - {Flag.WORD}), radius


def _date(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(_text(cell))
    except ValueError:
        raise _CellError(f"`{cell}` is no date", "use YYYY-MM-DD") from None


_READERS: dict[str, Callable[[Any], Any]] = {
    "id": _identifier,
    "kind": _choice(lambda text: Kind(text.lower()), Kind),
    "value": _value,
    "language": _text,
    "policy": _identifier,
    "action": _choice(Action.parse, Action.__members__),
    "markets": _markets,
    "match": _match,
    "unless": _list(_split),
    "state": _choice(State.parse, State.__members__),
    "starts": _date,
    "expires": _date,
    "concept": _text,
    "owner": _text,
    "case": _text,
    "note": _text,
    "examples_hit": _list(_split),
    "examples_miss": _list(_split),
}
