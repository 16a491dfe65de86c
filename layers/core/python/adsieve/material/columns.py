"""The rows of a package, column by column: a million of them are hashed at every cold start, so that bytes are time.

Ids and values are kept in tries, each of which holds a text once and close to its like; of everything else a row says
(policy, action, state, ...) each combination is kept once. So a million terms take 25 MB instead of 140 as JSON lines, and
a row is still read without reading any other.

- `materials.ids`, `materials.values`: marisa tries.
- `materials.others`, `materials.others.ends`: the distinct rest of rows as JSON, and where each ends (64 bits).
- `materials.rows`: the numbers, in these three, of every row's id, value and rest (32 bits each), column after column.

Little-endian throughout.
"""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate

import marisa_trie

from adsieve.domain.errors import PackageError
from adsieve.domain.material import Material

ROWS, ENDS = "materials.rows", "materials.others.ends"
IDS, VALUES, OTHERS = "materials.ids", "materials.values", "materials.others"
FILES = (ROWS, IDS, VALUES, OTHERS, ENDS)
_COLUMNS = 3
ROW_BYTES = 4 * _COLUMNS
"""What every row takes in `materials.rows`."""
_APART = ("id", "value")


class Columns:
    """Rows in package files, read in place.

    Raises:
        PackageError: the files contradict each other.
    """

    def __init__(self, files: Mapping[str, memoryview]) -> None:
        try:
            numbers, self._ends = files[ROWS].cast("B").cast("I"), files[ENDS].cast("B").cast("Q")
        except (KeyError, TypeError) as error:
            raise PackageError("inconsistent", f"materials: {error}") from error
        count, left = divmod(len(numbers), _COLUMNS)
        if left:
            raise PackageError("inconsistent", f"{ROWS} is cut short")
        self._ids, self._values, self._rest = (numbers[count * n : count * (n + 1)] for n in range(_COLUMNS))
        self._id_texts, self._value_texts = _trie(files, IDS), _trie(files, VALUES)
        self._others = files[OTHERS]
        self._mapped = (files[IDS], files[VALUES])  # a mapped trie only borrows its bytes: they must live as long
        if count > 1 and not self._id(0) < self._id(count - 1):
            raise PackageError("inconsistent", f"{ROWS} is not in order of ids")

    def __len__(self) -> int:
        return len(self._ids)

    def _id(self, row: int) -> str:
        try:
            text: str = self._id_texts.restore_key(self._ids[row])
        except (KeyError, OverflowError) as error:
            raise PackageError("inconsistent", f"{ROWS} names an id that is not in {IDS}") from error
        return text

    def row(self, material_id: str) -> int | None:
        """The row of an id; None where there is none."""
        at = bisect_left(range(len(self)), material_id, key=self._id)
        return at if at < len(self) and self._id(at) == material_id else None

    def line(self, row: int) -> bytes:
        """A row as a line of JSON, its id and value first; equal rows give equal lines, in every package."""
        number = self._rest[row]
        rest = bytes(self._others[self._ends[number - 1] if number else 0 : self._ends[number]])
        named = (self._id(row), self._value_texts.restore_key(self._values[row]))
        texts = (json.dumps(text, ensure_ascii=False).encode() for text in named)
        return b'{"id": %s, "value": %s, %s' % (*texts, rest[1:])


def columns(materials: Sequence[Material]) -> dict[str, bytes]:
    """What `Columns` reads; the same rows in the same order give the same bytes."""
    ids = marisa_trie.Trie(material.id for material in materials)
    values = marisa_trie.Trie(material.value for material in materials)
    others: dict[bytes, int] = {}
    rest = array("I", (others.setdefault(_rest(material), len(others)) for material in materials))
    table = array("I", (ids[material.id] for material in materials))
    table.extend(values[material.value] for material in materials)
    ends = array("Q", accumulate(map(len, others)))
    if sys.byteorder == "big":
        for numbers in (table, rest, ends):
            numbers.byteswap()
    return {
        IDS: ids.tobytes(),
        VALUES: values.tobytes(),
        OTHERS: b"".join(others),
        ENDS: ends.tobytes(),
        ROWS: table.tobytes() + rest.tobytes(),
    }


def _rest(material: Material) -> bytes:
    rest = {name: value for name, value in material.to_row().items() if name not in _APART}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()


def _trie(files: Mapping[str, memoryview], name: str) -> "marisa_trie.Trie":
    trie = marisa_trie.Trie()
    try:
        trie.map(files[name])
    except (KeyError, RuntimeError, ValueError) as error:
        raise PackageError("inconsistent", f"{name}: {error}") from error
    return trie
