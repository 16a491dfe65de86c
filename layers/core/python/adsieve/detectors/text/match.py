"""Matching one view against the lexicon: which keys stand there as words, and which materials that means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adsieve.detectors.text import hebrew
from adsieve.detectors.text.arabic import (
    CLITIC_INITIALS,
    SHORTEST_STEM,
    SUFFIXES,
    clitic_ends,
    is_arabic,
    is_whole_word,
)
from adsieve.detectors.text.chars import TABLE
from adsieve.detectors.text.fold import fold
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Layer
from adsieve.detectors.text.lexicon import CASE, DETAILED, PLAIN, PREFIX, SHARED, SUBSTRING, VARIANT, Lexicon, respelled
from adsieve.detectors.text.lexicon import SUFFIXES as SUFFIXED
from adsieve.detectors.text.spelling import clusters, is_distinct, is_safe, same_word
from adsieve.detectors.text.view import View
from adsieve.detectors.text.words import is_edge, particle_end

_REACH = 48
_MAY_END_INSIDE = PREFIX | SUBSTRING | SUFFIXED | SHARED
# Two letters within one word, as far as a look at two characters can tell.
_LETTERS_MEET = re.compile(
    "[a-z\u00df-\u0560][a-z\u0400-\u0481\u048a-\u0560]|[\u05d0-\u05ea][\u05d0-\u05ea]"
    "|[\u0620-\u06ff][\u0620-\u063f\u0641-\u064a\u066e-\u066f\u0671-\u06d3]"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands in a view.

    Attributes:
        start: where the match starts, with its clitics.
        inside: where the key starts.
        end: where the key ends.
        stop: where the match ends, with its suffix or particle.
    """

    start: int
    inside: int
    end: int
    stop: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A material found in a text: its row, the original span, and the steps it took."""

    row: int
    start: int
    end: int
    steps: tuple[Step, ...]


class Matcher:
    """Finds the lexicon's terms in views."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._inner = frozenset(lexicon.header.starts)

    def hits(self, view: View) -> Iterator[Hit]:
        """Every hit of one view; lazily, so that a caller may stop."""
        text, flags_of, entries = view.text, self._lexicon.flags, self._lexicon.entries
        length = len(text)
        starts, insides = self._starts(view)
        for inside, end, number in self._lexicon.index.find(text, starts):
            # Most keys end inside a longer word; this settles them before anything else is looked at.
            if end < length and not flags_of[number] & _MAY_END_INSIDE and _LETTERS_MEET.match(text, end - 1):
                continue
            for row, flags in entries(number):
                place = _place(text, inside, end, flags, insides)
                if place is not None and (hit := self._hit(view, place, row, flags)):
                    yield hit

    def whole(self, view: View, start: int, end: int, number: int, step: Step) -> Iterator[Hit]:
        """Hits of a key that a whole word of the view was recognised as by its form."""
        key = self._lexicon.index.key(number)
        place = Place(start, start, end, end)
        for row, flags in self._lexicon.entries(number):
            if flags & (PLAIN | CASE):
                continue
            _, unless = self._detail(row, key, flags)
            if not any(covers(view.text, phrase, place, flags) for phrase in unless):
                yield Hit(row, *view.words.span(start, end), (step,))

    def _detail(self, row: int, key: str, flags: int) -> tuple[str, list[str]]:
        """The term as listed (a variant key stands for itself) and the phrases that cancel it."""
        if not flags & DETAILED:
            return key, []
        spelling, unless = self._lexicon.detail(row)
        return key if flags & VARIANT else respelled(key, spelling), unless

    def _starts(self, view: View) -> tuple[list[int], dict[int, int]]:
        """Positions to look at, each once, and for those behind clitics the start of their word."""
        text = view.text
        starts = view.starts(_REACH)
        insides: dict[int, int] = {}
        if not text.isascii():
            words = [at for at in starts if text[at] in CLITIC_INITIALS]
            insides = {inside: at for at in words for inside in clitic_ends(text, at)}
            words = [at for at in starts if text[at] in hebrew.PREFIX_INITIALS]
            insides |= {inside: at for at in words for inside in hebrew.prefix_ends(text, at)}
            starts = list(dict.fromkeys((*starts, *insides)))
        if inner := self._inner:
            within = (at for at in range(len(text)) if text[at : at + 2] in inner or text[at] in inner)
            starts = sorted({*starts, *within})
        return starts, insides

    def _hit(self, view: View, place: Place, row: int, flags: int) -> Hit | None:
        start, end = view.words.span(place.start, place.stop)
        found = view.original[start:end]
        key = view.text[place.inside : place.end]
        if found == key and not flags and view.changes is None:
            return Hit(row, start, end, ())
        steps = view.steps(place.start, place.stop)
        if steps is None or (view.changes is not None and flags & (PLAIN | CASE)):
            return None
        value, unless = self._detail(row, key, flags)
        if any(covers(view.text, phrase, place, flags) for phrase in unless):
            return None
        if not (_is_term(view, place, key, value, flags) if view.exact else is_distinct(key, value, found)):
            return None
        return Hit(row, start, end, _steps(found, value, place, steps, flags))


def _place(text: str, inside: int, end: int, flags: int, insides: dict[int, int]) -> Place | None:
    """Where the match is, given the term's flags; None where it would cut a word in two."""
    length = end - inside
    if flags & SUBSTRING:
        return Place(inside, inside, end, end)
    start = insides.get(inside, inside)
    if start == inside and not is_edge(text, inside, length):
        return None
    if start < inside and (length < _shortest_stem(text[inside]) or is_whole_word(text, start, inside)):
        return None
    if flags & PREFIX or (is_edge(text, end, length) and not _goes_on(text, end)):
        return Place(start, inside, end, end)
    if flags & SUFFIXED and (suffix := SUFFIXES.match(text, end)) and is_edge(text, suffix.end(), length):
        return Place(start, inside, end, suffix.end())
    stop = particle_end(text, end)
    return Place(start, inside, end, stop) if stop > end else None


def _goes_on(text: str, end: int) -> bool:
    """Whether a term that ends in a digit is part of a longer code, like `poker8` in `poker8b`."""
    return "0" <= text[end - 1] <= "9" and "a" <= text[end : end + 1] <= "z"


def _shortest_stem(letter: str) -> int:
    return hebrew.SHORTEST_STEM if hebrew.is_hebrew(letter) else SHORTEST_STEM


def _is_term(view: View, place: Place, key: str, value: str, flags: int) -> bool:
    """Whether the letters of the match are those of the term, not of a word that merely folds alike."""
    start, end = view.words.span(place.inside, place.end)
    found = view.original[start:end]
    if found == value or flags & VARIANT:
        return True
    if flags & PLAIN:
        return not flags & CASE and found.casefold() == value.casefold()
    if not flags & CASE and is_safe(found, value, view.original):
        return True
    here = _letters(view.original, view.words, place.inside, place.end)
    there = _letters(value, fold(value).words, *_trimmed(value))
    if len(here) != len(key) or len(there) != len(key):
        return True
    if flags & CASE and not all(map(_same_case, here, there)):
        return False
    return same_word(here, there, key, view.original)


def _trimmed(value: str) -> tuple[int, int]:
    text = fold(value).text
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _letters(original: str, layer: Layer, start: int, end: int) -> list[str]:
    return clusters(original, [layer.span(at, at + 1) for at in range(start, end)])


def _same_case(here: str, there: str) -> bool:
    return here.isupper() == there.isupper()


def covers(text: str, phrase: str, place: Place, flags: int) -> bool:
    """Whether an occurrence of `phrase` contains the term of `place`."""
    at = max(0, place.end - len(phrase))
    while (at := text.find(phrase, at, place.inside + len(phrase))) >= 0:
        stop = at + len(phrase)
        starts_well = flags & SUBSTRING or at >= place.start or is_edge(text, at, len(phrase))
        ends_well = flags & (SUBSTRING | PREFIX) or stop == place.end or is_edge(text, stop, len(phrase))
        if at <= place.inside and place.end <= stop and starts_well and ends_well:
            return True
        at += 1
    return False


def _steps(found: str, value: str, place: Place, steps: tuple[Step, ...], flags: int) -> tuple[Step, ...]:
    needed = {*steps}
    folded = value not in found if not steps else found.translate(TABLE) != found.lower()
    if folded:
        needed.add(Step.FOLD)
    if place.inside > place.start or (flags & VARIANT and is_arabic(value[:1])):
        needed.add(Step.CLITIC)
    if place.stop > place.end:
        needed.add(Step.SUFFIX if flags & SUFFIXED else Step.CLITIC)
    return tuple(step for step in Step if step in needed)
