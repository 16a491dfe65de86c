"""The text engine: from a text to the materials in it."""

from bisect import bisect_left
from collections.abc import Iterator

from adsieve.detectors.text.fold import Folded
from adsieve.detectors.text.lexicon import Lexicon
from adsieve.detectors.text.match import Hit, Matcher
from adsieve.detectors.text.view import View
from adsieve.detectors.text.views import special_views


class TextEngine:
    """Matches texts against one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._matcher = Matcher(lexicon)

    def hits(self, text: str) -> Iterator[Hit]:
        """Every term in the text: first as written, then as disguised, each place of each material once."""
        folded = Folded(text)
        found: dict[int, list[tuple[int, int]]] = {}
        for hit in self._matcher.hits(View(folded.words, text)):
            found.setdefault(hit.row, []).append((hit.start, hit.end))
            yield hit
        for view in special_views(folded, self._lexicon.index):
            for hit in self._matcher.hits(view):
                if _is_new(hit, found.setdefault(hit.row, [])):
                    yield hit


def _is_new(hit: Hit, spans: list[tuple[int, int]]) -> bool:
    """Whether no other hit of the same material overlaps; keeps the spans in order."""
    at = bisect_left(spans, (hit.start, hit.end))
    if at and spans[at - 1][1] > hit.start:
        return False
    if at < len(spans) and spans[at][0] < hit.end:
        return False
    spans.insert(at, (hit.start, hit.end))
    return True
