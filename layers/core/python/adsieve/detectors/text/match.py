"""Matching one view against the lexicon: which keys stand there as words, and which materials that means."""

import re
from collections.abc import Iterable, Iterator, Sequence
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
from adsieve.detectors.text.lexicon import (
    CASE,
    DETAILED,
    MAY_END_INSIDE,
    PLAIN,
    PREFIX,
    SUBSTRING,
    VARIANT,
    Lexicon,
    respelled,
)
from adsieve.detectors.text.lexicon import SUFFIXES as SUFFIXED
from adsieve.detectors.text.memo import Memo, positions
from adsieve.detectors.text.spelling import clusters, is_distinct, is_safe, same_word
from adsieve.detectors.text.view import View
from adsieve.detectors.text.words import ONE_ALPHABET, UNDIVIDED, is_edge, particle_end, word_starts

_REACH = 48
_FIRST = (0,)
_SEPARATORS = frozenset(".,:/")
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


type Within = tuple[int, int]
"""Where in a word a key starts, and where the word itself does: behind a clitic these differ."""


class Matcher:
    """Finds the lexicon's terms in views."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._inner = frozenset(lexicon.header.starts)
        self._places = Memo(self._places_in)

    def hits(self, view: View) -> Iterator[Hit]:
        """Every hit of one view; lazily, so that a caller may stop."""
        for begin, stop in view.stretches(_REACH):
            words = view.text[begin:stop].split(" ")
            places = map(self._places.__getitem__, words)
            for at, word in positions(words, [number for number, found in enumerate(places) if found]):
                yield from self._hits_in(view, begin + at, word)

    def hits_in(self, view: View, numbers: Sequence[int]) -> Iterator[Hit]:
        """Every hit that starts in one of these words of a view, told by their numbers."""
        for at, word in positions(view.text.split(" "), numbers) if numbers else ():
            yield from self._hits_in(view, at, word)

    def _hits_in(self, view: View, word_at: int, word: str) -> Iterator[Hit]:
        text, longest = view.text, self._lexicon.header.longest
        for inside, start in self._places[word]:
            at = word_at + inside
            for _, length, number in self._lexicon.index.find(text[at : at + longest], _FIRST):
                yield from self._hits_of(view, word_at + start, at, at + length, number)

    def _hits_of(self, view: View, start: int, inside: int, end: int, number: int) -> Iterator[Hit]:
        if self._cuts_word(view.text, end, number):
            return
        for row, flags in self._lexicon.entries(number):
            place = _place(view.text, start, inside, end, flags)
            if place is not None and (hit := self._hit(view, place, row, flags)):
                yield hit

    def _cuts_word(self, text: str, end: int, number: int) -> bool:
        """Whether the key ends inside a longer word, as most do; settled before anything else is looked at."""
        inside = end < len(text) and not self._lexicon.flags[number] & MAY_END_INSIDE
        return inside and _LETTERS_MEET.match(text, end - 1) is not None

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

    def places(self, word: str) -> tuple[Within, ...]:
        """Where in a word a key may stand; remembered where there is such a place, as there is in hardly any word."""
        found = self._places_in(word)
        if found:
            self._places.remember(word, found)
        return found

    def _places_in(self, word: str) -> tuple[Within, ...]:
        """Where in a word a key may stand, whatever stands around it; hardly any word has such a place."""
        undivided = None if self._inner else UNDIVIDED.fullmatch(word)
        if undivided and not self._may_begin_in(word, undivided.end(1)):
            return ()
        places = self._starts(word)
        likely = self._lexicon.index.likely(word + " ", sorted(places))
        return tuple((at, places[at]) for at in likely if self._may_stand(word, at))

    def _may_begin_in(self, word: str, end: int) -> bool:
        """Whether a key may begin in a word of one alphabet up to `end`, with a punctuation mark behind it at most."""
        may_begin = self._lexicon.may_begin
        for at in (0, *clitic_ends(word, 0)) if word[0] in CLITIC_INITIALS else _FIRST:
            if may_begin(word[at:end]) or (end < len(word) and may_begin(word[at:])):
                return True
        return end < len(word) and may_begin(word[end:])

    def _starts(self, word: str) -> dict[int, int]:
        """For each position at which a key may start, where its word does."""
        starts = _FIRST if ONE_ALPHABET.fullmatch(word) else word_starts(word)
        places = {at: at for at in starts}
        if not word.isascii():
            for at in starts:
                if word[at] in CLITIC_INITIALS:
                    places.update((inside, at) for inside in clitic_ends(word, at))
                elif word[at] in hebrew.PREFIX_INITIALS:
                    places.update((inside, at) for inside in hebrew.prefix_ends(word, at))
        if inner := self._inner:
            bounded = word + " "
            for at in range(len(word)):
                if bounded[at : at + 2] in inner or word[at] in inner:
                    places.setdefault(at, at)
        return places

    def goes_on(self, word: str, places: Iterable[Within]) -> bool:
        """Whether a key that starts at one of these places may go on in the next word."""
        index, longest = self._lexicon.index, self._lexicon.header.longest
        return any(len(word) - at < longest and index.extends(word[at:] + " ") for at, _ in places)

    def _may_stand(self, word: str, at: int) -> bool:
        """Whether a key that starts there ends in the word, or goes on behind it."""
        index = self._lexicon.index
        for _, end, number in index.find(word, (at,)):
            if not self._cuts_word(word, end, number):
                return True
        return len(word) - at < self._lexicon.header.longest and index.extends(word[at:] + " ")

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


def _place(text: str, start: int, inside: int, end: int, flags: int) -> Place | None:
    """Where the match is, given the term's flags; None where it would cut a word in two."""
    length = end - inside
    if flags & SUBSTRING:
        return Place(inside, inside, end, end)
    if start == inside and (not is_edge(text, inside, length) or _follows_number(text, inside)):
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
    """Whether a term that ends in a digit is part of a longer code or number, like `777` in `777b` and `777,00`."""
    return "0" <= text[end - 1] <= "9" and ("a" <= text[end : end + 1] <= "z" or _is_grouped(text, end))


def _follows_number(text: str, at: int) -> bool:
    """Whether a term that begins with a digit goes on with a number before it, like `777` in `1.777`."""
    return "0" <= text[at] <= "9" and at > 1 and text[at - 1] in _SEPARATORS and text[at - 2].isdigit()


def _is_grouped(text: str, at: int) -> bool:
    """Whether digits go on behind one separator at `at`."""
    return text[at : at + 1] in _SEPARATORS and text[at + 1 : at + 2].isdigit()


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
