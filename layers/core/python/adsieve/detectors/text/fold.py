"""Folding: one canonical form for text and terms, with the way back to the original."""

import re
from functools import cached_property

from adsieve.detectors.text.chars import TABLE

_SEPARATORS = re.compile(r"[\s_-]+")
_ELONGATED = re.compile(r"([\u0620-\u064a\u0671-\u06d3])\1{2,}")


class Folded:
    """Folded text that knows where each of its characters came from.

    Attributes:
        original: the text as given.
        text: its folded form.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self._letters = original.translate(TABLE)
        self._calm = _ELONGATED.sub(r"\1", self._letters)
        self.text = _SEPARATORS.sub(" ", self._calm)

    @cached_property
    def _offsets(self) -> list[int]:
        """For each folded character the original index it came from, and one past the end.

        Worked out only when a span is asked for: most texts have nothing to report.
        """
        sources = [index for index, character in enumerate(self.original) for _ in TABLE[ord(character)]]
        sources.append(len(self.original))
        for pattern, before in ((_ELONGATED, self._letters), (_SEPARATORS, self._calm)):
            sources = _after(pattern, before, sources)
        return sources

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of `text[start:end]` in code points, extended over trailing characters that folding dropped."""
        offsets = self._offsets
        first = offsets[start]
        last = end
        # Several folded characters may share one original: never stop inside it.
        while last < len(offsets) - 1 and offsets[last] == offsets[end - 1]:
            last += 1
        return first, max(offsets[last], first)


def _after(pattern: re.Pattern[str], before: str, sources: list[int]) -> list[int]:
    """Sources of the text in which every match of `pattern` became one character."""
    kept: list[int] = []
    at = 0
    for match in pattern.finditer(before):
        kept += sources[at : match.start()]
        kept.append(sources[match.start()])
        at = match.end()
    return kept + sources[at:]


def fold(text: str) -> Folded:
    """Fold text for matching. Never raises; folding a folded text changes nothing."""
    return Folded(text)
