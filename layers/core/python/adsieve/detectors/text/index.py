"""Indexes of folded terms: which keys stand at which positions of a text."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, Self

import marisa_trie

from adsieve.domain.errors import PackageError

_HEAD = 3
_MOST_HEADS = 8192


class TermIndex(Protocol):
    """Keys numbered from 0, found in texts. Every key is a folded, non-empty string."""

    def find(self, text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Every (start, end, key number) of a key in `text` that starts at one of `starts`, by start, then end.

        Args:
            text: folded text.
            starts: ascending positions of characters in it, none twice.
        """

    def likely(self, text: str, starts: Iterable[int]) -> list[int]:
        """Those of the starts at which a key may stand, as far as its first characters tell in a text that may go on."""

    def get(self, key: str) -> int | None:
        """Number of exactly this key."""

    def extends(self, prefix: str) -> bool:
        """Whether any key begins with `prefix`."""

    def key(self, number: int) -> str:
        """The key of a number."""

    def __len__(self) -> int:
        """How many keys there are."""


def heads_of(keys: Iterable[str]) -> tuple[str, ...]:
    """First characters of every key, in order; empty where there are too many of them to rule much out."""
    heads: set[str] = set()
    for key in keys:
        heads.add(key[:_HEAD])
        if len(heads) > _MOST_HEADS:
            return ()
    return tuple(sorted(heads))


class MarisaIndex:
    """The packaged index: a memory-mapped trie. Opening it reads nothing but its header."""

    def __init__(
        self, trie: "marisa_trie.Trie", longest: int, heads: Iterable[str] = (), data: memoryview | None = None
    ) -> None:
        self._trie = trie
        self._heads = frozenset(heads)
        self._has_short_heads = any(len(head) < _HEAD for head in self._heads)
        self._longest = longest
        self._data = data  # a mapped trie only borrows its bytes: they must live as long as it does

    @classmethod
    def build(cls, keys: Sequence[str]) -> Self:
        """The index of some keys; the order in which they are given does not matter."""
        return cls(marisa_trie.Trie(keys), max(map(len, keys), default=0))

    @classmethod
    def open(cls, data: memoryview, longest: int, heads: Iterable[str]) -> Self:
        """The index over mapped bytes.

        Raises:
            PackageError: the bytes are no trie.
        """
        trie = marisa_trie.Trie()
        try:
            trie.map(data)
        except (RuntimeError, ValueError) as error:
            raise PackageError("bad_term_index", f"terms.trie: {error}") from error
        return cls(trie, longest, heads, data)

    def to_bytes(self) -> bytes:
        """What `open` reads; same keys, same bytes."""
        data: bytes = self._trie.tobytes()
        return data

    def find(self, text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """See `TermIndex`."""
        prefixes, longest = self._trie.iter_prefixes_with_ids, self._longest
        for start in self.likely(text, starts) if len(starts) > 1 else starts:
            for key, number in prefixes(text[start : start + longest]):
                yield start, start + len(key), number

    def likely(self, text: str, starts: Iterable[int]) -> list[int]:
        """See `TermIndex`. A look at the first letters is a tenth of the price of a look into the trie."""
        heads = self._heads
        if not heads:
            return list(starts)
        last = len(text) - _HEAD  # behind it there is too little to tell
        if self._has_short_heads:
            return [
                at
                for at in starts
                if text[at : at + _HEAD] in heads or at > last or text[at : at + 2] in heads or text[at] in heads
            ]
        return [at for at in starts if text[at : at + _HEAD] in heads or at > last]

    def get(self, key: str) -> int | None:
        """See `TermIndex`."""
        number: int | None = self._trie.get(key)
        return number

    def extends(self, prefix: str) -> bool:
        """See `TermIndex`."""
        if self._heads and len(prefix) >= _HEAD and prefix[:_HEAD] not in self._heads:
            return False
        return next(self._trie.iterkeys(prefix), None) is not None

    def key(self, number: int) -> str:
        """See `TermIndex`."""
        key: str = self._trie.restore_key(number)
        return key

    def __len__(self) -> int:
        return len(self._trie)
