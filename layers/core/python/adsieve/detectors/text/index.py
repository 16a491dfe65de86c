"""Indexes of folded terms: from a position of a text to the terms that start there."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Protocol, Self

import marisa_trie

from adsieve.detectors.base import Files
from adsieve.domain.errors import PackageError


class TermIndex(Protocol):
    """Which keys start at a position of a text."""

    def at(self, text: str, position: int) -> Iterator[tuple[str, int]]:
        """Every (key, key id) that `text` has at `position`, shortest first."""


class MarisaIndex:
    """The packaged index: a memory-mapped trie. Opening it reads nothing but its header."""

    def __init__(self, trie: "marisa_trie.Trie", longest: int) -> None:
        self._trie = trie
        self._longest = longest

    @staticmethod
    def build(keys: Sequence[str]) -> tuple[bytes, "marisa_trie.Trie"]:
        """Bytes of the trie over `keys`, and the trie itself for its key ids; same keys, same bytes."""
        trie = marisa_trie.Trie(sorted(keys))
        return trie.tobytes(), trie

    @classmethod
    def open(cls, data: memoryview, longest: int) -> Self:
        """The index over mapped bytes, which must outlive it."""
        trie = marisa_trie.Trie()
        try:
            trie.map(data)
        except RuntimeError as error:
            raise PackageError("bad_term_index", f"terms.trie: {error}") from error
        return cls(trie, longest)

    def __len__(self) -> int:
        return len(self._trie)

    def at(self, text: str, position: int) -> Iterator[tuple[str, int]]:
        """See `TermIndex`."""
        found: Iterator[tuple[str, int]] = self._trie.iter_prefixes_with_ids(text[position : position + self._longest])
        return found


def integers(files: Files, name: str) -> memoryview:
    """A sidecar of unsigned 32-bit numbers, read in place."""
    try:
        return files[name].cast("B").cast("I")
    except (KeyError, TypeError, ValueError) as error:
        raise PackageError("bad_term_index", f"{name}: {error}") from error


def packed(numbers: Sequence[int]) -> bytes:
    """Inverse of `integers`."""
    return array("I", numbers).tobytes()
