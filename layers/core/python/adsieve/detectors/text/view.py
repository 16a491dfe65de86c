"""A text as one kind of evasion would be read, ready to be matched."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Layer

type Change = tuple[int, int, tuple[Step, ...]]
"""Half-open span of a view's text that was read differently, and the steps that took."""


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text.

    Attributes:
        words: the text to match, with the way back to the original.
        original: the text as given.
        changes: what was read differently than in the plain folded text, in order; None for the folded text itself.
            Only matches that touch a change count: the others were found before.
        exact: whether letters still are the original's, so that accents can be compared.
    """

    words: Layer
    original: str
    changes: list[Change] | None = None
    exact: bool = True
    _starts: list[int] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        self._starts.extend(start for start, _, _ in self.changes or ())

    @property
    def text(self) -> str:
        """The text to match."""
        return self.words.text

    def steps(self, start: int, end: int) -> tuple[Step, ...] | None:
        """Steps behind the changes that `text[start:end]` touches; None where it touches none and so is not new."""
        if self.changes is None:
            return ()
        touched: list[Step] = []
        at = max(bisect_left(self._starts, start) - 1, 0)
        for first, last, steps in self.changes[at : bisect_right(self._starts, end)]:
            if (first < end and start < last) or (first == last and start < first < end):
                touched += steps
        return tuple(dict.fromkeys(touched)) if touched else None

    def stretches(self, reach: int) -> Iterator[tuple[int, int]]:
        """Spans of whole words from which a phrase of `reach` characters could touch a change, in order and apart.

        A word longer than `reach` before a change is cut.
        """
        text = self.text
        if self.changes is None:
            yield 0, len(text)
            return
        done = 0
        for first, last, _ in self.changes:
            if done and last < done:
                continue
            begin = max(done, first - reach)
            space = text.find(" ", begin, first)
            if begin > done and space >= 0:
                begin = space + 1
            done = text.find(" ", max(last, first + 1, begin))
            if done < 0:
                yield begin, len(text)
                return
            yield begin, done
            done += 1
