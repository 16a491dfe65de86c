"""The same index built in memory, for small hot sets of terms that are scanned over much text."""

from collections.abc import Iterable, Iterator, Sequence

import ahocorasick


class AhoIndex:
    """An Aho-Corasick automaton over the keys: one pass finds every key at every position.

    It cannot be packaged (its own file format takes seconds to load and a pickle may run code); it serves overlays and
    re-scan deltas, and the tests hold it equal to `MarisaIndex`.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = sorted(set(keys))
        self._automaton = ahocorasick.Automaton()
        for number, key in enumerate(self._keys):
            self._automaton.add_word(key, number)
        if self._keys:
            self._automaton.make_automaton()

    def find(self, text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """See `TermIndex`."""
        if not self._keys:
            return
        wanted = starts if isinstance(starts, range) else frozenset(starts)
        ends = ((last + 1, number) for last, number in self._automaton.iter(text))
        found = ((end - len(self._keys[number]), end, number) for end, number in ends)
        yield from sorted(place for place in found if place[0] in wanted)

    def likely(self, text: str, starts: Iterable[int]) -> list[int]:
        """See `TermIndex`."""
        return [at for at in starts if self._automaton.match(text[at])] if self._keys else []

    def get(self, key: str) -> int | None:
        """See `TermIndex`."""
        number: int | None = self._automaton.get(key, None) if self._keys else None
        return number

    def extends(self, prefix: str) -> bool:
        """See `TermIndex`."""
        return bool(self._keys) and (not prefix or self._automaton.match(prefix))

    def key(self, number: int) -> str:
        """See `TermIndex`."""
        return self._keys[number]

    def __len__(self) -> int:
        return len(self._keys)
