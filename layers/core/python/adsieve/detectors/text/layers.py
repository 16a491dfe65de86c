"""Texts made from other texts by replacing pieces, with the way back to the original."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

type Piece = tuple[int, int, str]
"""Half-open span in the text below and what replaces it."""


class Layer:
    """A text and how it was made from the one below it.

    The pieces are asked for only when a span has to be mapped: most texts have nothing to report.

    Args:
        text: the text of this layer.
        below: the layer it was made from; None for an original.
        pieces: the replaced pieces of `below`, in order and without overlap.
    """

    __slots__ = ("_ends", "_pieces", "_sources", "_starts", "below", "text")

    def __init__(
        self, text: str, below: "Layer | None" = None, pieces: Callable[[], Iterable[Piece]] | None = None
    ) -> None:
        self.text = text
        self.below = below
        self._pieces = pieces
        self._starts: list[int] | None = None
        self._ends: list[int] = []
        self._sources: list[tuple[int, int]] = []

    def changes(self) -> Iterator[tuple[str, str]]:
        """What was replaced of the layer below, and by what, in order; for explanations."""
        if self.below is None:
            return
        at = here = 0
        for start, end, new in [*(self._pieces() if self._pieces else ()), (len(self.below.text), 0, "")]:
            between = zip(self.below.text[at:start], self.text[here : here + start - at], strict=False)
            yield from ((old, now) for old, now in between if old != now)
            if end:
                yield self.below.text[start:end], new
            here += start - at + len(new)
            at = end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of `text[start:end]` in code points, extended over trailing characters that were dropped."""
        layer = self
        while layer.below is not None:
            start, end = layer.step_down(start, end)
            layer = layer.below
        return start, end

    def step_down(self, start: int, end: int) -> tuple[int, int]:
        """The span in the layer below."""
        starts = self._starts if self._starts is not None else self._map()
        if not starts:
            return start, end
        return self._source_start(starts, start), self._source_end(starts, end)

    def ascend(self, base: "Layer", at: int) -> int:
        """Position in this layer of a position in `base`, which lies below it; inside a replaced piece, its start."""
        if self is base or self.below is None:
            return at
        at = self.below.ascend(base, at)
        starts = self._starts if self._starts is not None else self._map()
        nearest = bisect_right(self._sources, at, key=_first) - 1
        if nearest < 0:
            return at
        first, last = self._sources[nearest]
        return starts[nearest] if first <= at < last or first == at else self._ends[nearest] + at - last

    def _source_start(self, starts: list[int], at: int) -> int:
        nearest = bisect_right(starts, at) - 1
        if nearest < 0:
            return at
        first, last = self._sources[nearest]
        return first if at < self._ends[nearest] else last + at - self._ends[nearest]

    def _source_end(self, starts: list[int], at: int) -> int:
        nearest = bisect_right(starts, at) - 1
        if nearest < 0:
            return at
        first, last = self._sources[nearest]
        if starts[nearest] < at < self._ends[nearest]:
            return last
        return first if at < self._ends[nearest] else last + at - self._ends[nearest]

    def _map(self) -> list[int]:
        starts: list[int] = []
        shift = 0
        for first, last, out in self._pieces() if self._pieces else ():
            starts.append(first + shift)
            self._ends.append(first + shift + len(out))
            self._sources.append((first, last))
            shift += len(out) - (last - first)
        self._starts = starts
        return starts


def _first(source: tuple[int, int]) -> int:
    return source[0]


def rewrite(below: Layer, pieces: list[Piece]) -> Layer:
    """The layer in which every piece is replaced; pieces are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for first, last, out in pieces:
        parts += (below.text[at:first], out)
        at = last
    parts.append(below.text[at:])
    return Layer("".join(parts), below, lambda: pieces)


def substitute(below: Layer, pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]) -> Layer:
    """The layer in which every match is replaced; `below` itself where nothing matches.

    A replacement string is taken literally.
    """
    replace = replacement if callable(replacement) else lambda _: replacement
    text = pattern.sub(replace, below.text)
    if text == below.text:
        return below

    def pieces() -> Iterator[Piece]:
        return ((match.start(), match.end(), replace(match)) for match in pattern.finditer(below.text))

    return Layer(text, below, pieces)
