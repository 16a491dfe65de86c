"""Combos: words that mean trouble only together, in the little language of `combo.syntax`.

Words and phrases are found as terms are, through the same disguises, and the flags of the row mean for each of them what
they mean for terms. A finding's span goes from the first to the last word that was needed, as short as can be; the places
of the words themselves are in its `words`.
"""

import re
from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator, Sequence
from functools import cached_property
from typing import ClassVar, Self

from adsieve.detectors.base import Files, Look, Row
from adsieve.detectors.combo import expressions as nodes
from adsieve.detectors.combo.expressions import may_hold, stretches
from adsieve.detectors.combo.index import Combo, ComboIndex, as_term
from adsieve.detectors.combo.intervals import Place, Stretch, shortest
from adsieve.detectors.combo.syntax import ComboSyntaxError, parse_combo
from adsieve.detectors.text.fold import Folded, fold
from adsieve.detectors.text.words import word_starts
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material


class ComboDetector:
    """Finds combos in texts.

    Attributes:
        lexicon: the words of all combos; None where there are none.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.COMBO})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.TEXT})

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """A combo must be readable and must want something."""
        try:
            parse_combo(material.value)
        except ComboSyntaxError as error:
            yield Problem(material.source, "value", str(error), error.hint)

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`combos.*`, see `combo.index`."""
        return ComboIndex.build(rows) if rows else {}

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`."""
        return cls(ComboIndex(files) if "combos.expressions" in files else None)

    def __init__(self, index: ComboIndex | None) -> None:
        self._index = index
        self.lexicon = index.words.lexicon if index else None

    def detect(self, part: Part) -> Generator[Match, None, str]:
        """See `Detector.detect`."""
        if self._index is None:
            return ""
        text = _Text(part, self._index)
        for number in sorted({number for word in text.places for number in self._index.triggered(word)}):
            combo = self._index.combo(number)
            # Whether the words are there is asked first: it is cheap, and where they stand is not.
            if not may_hold(combo.expression, text.places.__contains__):
                continue
            for stretch in shortest(stretches(combo.expression, text.find, text.word_at)):
                if not text.excepts(combo, stretch):
                    yield text.match(combo, stretch)
        return text.incomplete


def words_of(material: Material) -> list[Material]:
    """The words of a combo as the terms that they are found as."""
    return [as_term(word, material) for word in nodes.words_of(parse_combo(material.value))]


class _Text:
    """A part and the words of combos in it.

    Attributes:
        places: number of a word → where it stands, in order.
        incomplete: why not every disguise was read; empty where it was.
    """

    def __init__(self, part: Part, index: ComboIndex) -> None:
        self._original = part.text
        self.places: dict[int, list[Stretch]] = {}
        look = Look(index.words, part)
        for match in look:
            place = Place(match.start, match.end, match.how)
            self.places.setdefault(match.row, []).append(Stretch(match.start, match.end, (place,)))
        self.incomplete = look.incomplete

    def find(self, word: int) -> list[Stretch]:
        """Where a word stands."""
        return self.places.get(word, [])

    def word_at(self, position: int) -> int:
        """Number of the word of the text that a position lies in."""
        return bisect_right(self._word_starts, position)

    def excepts(self, combo: Combo, stretch: Stretch) -> bool:
        """Whether an occurrence of a phrase of `unless` contains the stretch."""
        return any(
            start <= stretch.start and stretch.end <= end
            for phrase in combo.unless
            for start, end in self._spans(phrase)
        )

    def match(self, combo: Combo, stretch: Stretch) -> Match:
        """The finding of a combo."""
        places = sorted(set(stretch.places), key=lambda place: place.start)
        how = tuple(dict.fromkeys(step for place in places for step in place.how))
        words = [[place.start, place.end] for place in places]
        found = self._original[stretch.start : stretch.end]
        return Match(combo.row, stretch.start, stretch.end, found, how, where={"words": words})

    def _spans(self, phrase: str) -> Iterator[tuple[int, int]]:
        if sought := fold(phrase).text.strip():
            for found in re.finditer(re.escape(sought), self._folded.text):
                yield self._folded.span(*found.span())

    @cached_property
    def _folded(self) -> Folded:
        return fold(self._original)

    @cached_property
    def _word_starts(self) -> list[int]:
        return word_starts(self._original)
