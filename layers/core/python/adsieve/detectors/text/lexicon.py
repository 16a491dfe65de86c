"""The compiled terms: an index of keys and, key by key, the material rows behind it, all read in place.

Files (every number is an unsigned 32-bit integer in little-endian order):

- `terms.trie`: the keys.
- `terms.rows`: for each key its row, or, where several rows share the key, the place of its list in `terms.shared`.
- `terms.flags`: for each key one byte, see the constants; `SHARED` marks a list.
- `terms.shared`: lists of [count, row, flags, row, flags, ...].
- `terms.details.rows`, `terms.details.ends`, `terms.details`: for rows whose spelling is not their key or that have
  `unless` phrases: the row numbers in order, the end of each record, and the records as UTF-8.
- `terms.rasm`, `terms.latin`: pairs of (hash, key number) in order of hash, see `hashed`.
- `terms.firsts`: a filter of the first words of all keys, see `hashed`.
- `terms.json`: what must be known before a look-up.
"""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from adsieve.detectors.base import Files
from adsieve.detectors.text.hashed import HashFilter, HashIndex
from adsieve.detectors.text.index import MarisaIndex, TermIndex
from adsieve.domain.errors import PackageError

PREFIX, SUBSTRING, CASE, PLAIN, SUFFIXES, DETAILED, VARIANT, SHARED = (1 << bit for bit in range(8))

MAY_END_INSIDE = PREFIX | SUBSTRING | SUFFIXES | SHARED
"""Flags of keys that may end inside a word; a list may have such a key."""

_BREAK = "\0"
_WHOLE = "\1"
_FIRST_POSITION = 2


@dataclass(frozen=True, slots=True)
class Header:
    """What must be known before a look-up.

    Attributes:
        longest: length of the longest key.
        starts: first two characters of every key that may match inside a word.
        heads: first three characters of every key, where they are few enough to be worth looking at; else empty.
        open_heads: first two characters of every key that may end inside a word.
    """

    longest: int
    starts: tuple[str, ...]
    heads: tuple[str, ...]
    open_heads: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """JSON; `from_bytes` reads it back."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: memoryview) -> Self:
        """Inverse of `to_bytes`; raises KeyError, TypeError or ValueError on anything else."""
        told = json.loads(bytes(data))
        return cls(int(told["longest"]), tuple(told["starts"]), tuple(told["heads"]), tuple(told["open_heads"]))


class Lexicon:
    """Keys, rows, flags and details. Cheap to open: nothing is read but the header."""

    def __init__(self, index: TermIndex, header: Header, files: Files) -> None:
        self.index = index
        self.header = header
        self._rows = numbers(files, "terms.rows")
        self.flags = files["terms.flags"]
        self._shared = numbers(files, "terms.shared")
        self._detail_rows = numbers(files, "terms.details.rows")
        self._detail_ends = numbers(files, "terms.details.ends")
        self._details = files["terms.details"]
        self.rasm = HashIndex(numbers(files, "terms.rasm"))
        self.latin = HashIndex(numbers(files, "terms.latin"))
        self._firsts = HashFilter(files["terms.firsts"])
        self._open_heads = frozenset(header.open_heads)
        if not len(self._rows) == len(self.flags) == len(index) or len(self._detail_rows) != len(self._detail_ends):
            raise PackageError("bad_term_index", "terms.rows, terms.flags and terms.details do not fit terms.trie")

    @classmethod
    def open(cls, files: Files) -> Self:
        """The lexicon over package files.

        Raises:
            PackageError: a file is missing or contradicts another.
        """
        try:
            header = Header.from_bytes(files["terms.json"])
            return cls(MarisaIndex.open(files["terms.trie"], header.longest, header.heads), header, files)
        except (KeyError, TypeError, ValueError) as error:
            raise PackageError("bad_term_index", f"terms: {error!r}") from error

    def may_begin(self, word: str) -> bool:
        """Whether a key may begin with this word or, where keys may end inside words, with its first letters.

        Nearly every word of a text is refused here, for a tenth of the price of asking the index.
        """
        heads = self._open_heads
        return self._firsts.may_hold(word) or (bool(heads) and (word[:2] in heads or word[:1] in heads))

    def entries(self, number: int) -> Sequence[tuple[int, int]]:
        """(row, flags) of every material behind a key."""
        row, flags = self._rows[number], self.flags[number]
        if not flags & SHARED:
            return ((row, flags),)
        return [(self._shared[at], self._shared[at + 1]) for at in range(row + 1, row + 1 + 2 * self._shared[row], 2)]

    def detail(self, row: int) -> tuple[str, list[str]]:
        """How the term as listed differs from its key, see `respelled`, and the folded phrases that cancel it."""
        slot = bisect_left(self._detail_rows, row)
        begin = self._detail_ends[slot - 1] if slot else 0
        spelling, *unless = bytes(self._details[begin : self._detail_ends[slot]]).decode().split(_BREAK)
        return spelling, unless


def numbers(files: Files, name: str) -> memoryview:
    """A sidecar of numbers, read in place."""
    if sys.byteorder != "little":
        raise PackageError("bad_term_index", "packages are little-endian, as every Lambda is")
    return files[name].cast("B").cast("I")


def packed(values: array[int]) -> bytes:
    """Inverse of `numbers`."""
    return values.tobytes()


def spelling_of(value: str, key: str) -> str:
    """How a term as listed differs from its key: pairs of (position, character), or the whole term where shorter."""
    if len(value) == len(key):
        changes = "".join(
            chr(at + _FIRST_POSITION) + here
            for at, (here, there) in enumerate(zip(value, key, strict=True))
            if here != there
        )
        if len(changes) < len(value):
            return changes
    return _WHOLE + value


def respelled(key: str, spelling: str) -> str:
    """Inverse of `spelling_of`."""
    if spelling.startswith(_WHOLE):
        return spelling[1:]
    letters = list(key)
    for at in range(0, len(spelling), 2):
        letters[ord(spelling[at]) - _FIRST_POSITION] = spelling[at + 1]
    return "".join(letters)
