"""The text engine: from a text to the materials in it."""

from bisect import bisect_left, insort
from collections.abc import Iterator

from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.fold import Folded
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.latin import romanised
from adsieve.detectors.text.lexicon import Lexicon
from adsieve.detectors.text.match import Hit, Matcher
from adsieve.detectors.text.rasm import dotless
from adsieve.detectors.text.reordered import reordered
from adsieve.detectors.text.survey import Survey, Surveyor
from adsieve.detectors.text.tokens import TokenReader
from adsieve.detectors.text.view import View
from adsieve.detectors.text.views import disguised


class TextEngine:
    """Matches texts against one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._matcher = Matcher(lexicon)
        self._surveyor = Surveyor(lexicon, self._matcher)
        self._reader = TokenReader(lexicon.index)

    def hits(self, text: str, effort: Effort) -> Iterator[Hit]:
        """Every term in the text: first as written, then, as far as the effort allows, as disguised.

        Each place of each material comes once.
        """
        survey = self._surveyor.survey(text)
        if not survey.is_worth_reading:
            return
        folded = survey.folded()
        words = View(folded.words, text)
        found: dict[int, list[tuple[int, int]]] = {}
        for hit in self._matcher.hits_in(words, survey.placed(int(words.text.startswith(" ")))):
            insort(found.setdefault(hit.row, []), (hit.start, hit.end))
            yield hit
        for view in self._special_views(folded, survey, effort):
            for hit in self._matcher.hits(view):
                if _is_new(hit, found.setdefault(hit.row, [])):
                    yield hit
        for start, end, number, step in self._looked_up(folded.text, effort) if survey.is_respelled else ():
            for hit in self._matcher.whole(words, start, end, number, step):
                if _is_new(hit, found.setdefault(hit.row, [])):
                    yield hit

    def _special_views(self, folded: Folded, survey: Survey, effort: Effort) -> Iterator[View]:
        """Every view but the plain one, most trustworthy first."""
        if survey.is_out_of_order:
            yield from reordered(folded.original, effort)
        if survey.is_disguised:
            yield from disguised(folded, survey.shows, self._reader, effort)

    def _looked_up(self, text: str, effort: Effort) -> Iterator[tuple[int, int, int, Step]]:
        """(start, end, key number, step) of whole words that have to be looked up by another form than their key."""
        yield from ((*place, Step.RASM) for place in dotless(text, self._lexicon, effort))
        yield from romanised(text, self._lexicon, effort)


def _is_new(hit: Hit, spans: list[tuple[int, int]]) -> bool:
    """Whether no other hit of the same material overlaps; keeps the spans in order."""
    at = bisect_left(spans, (hit.start, hit.end))
    if at and spans[at - 1][1] > hit.start:
        return False
    if at < len(spans) and spans[at][0] < hit.end:
        return False
    spans.insert(at, (hit.start, hit.end))
    return True
