"""What one look at each word of a text tells: which ways of reading the text could find anything at all.

Most ads hold nothing that a term or a disguise begins with, and say it in words that were met before. So what can be
known of a word by itself is worked out once and remembered, as bits.
"""

import re
from functools import reduce
from itertools import repeat
from operator import or_, rshift
from typing import NamedTuple

from adsieve.detectors.text.chars import TABLE
from adsieve.detectors.text.evidence import (
    IMITATING,
    IMPURE,
    IN_PARTS,
    LOOKALIKE,
    ODD,
    SIGNED,
    SINGLE,
    SPACELESS,
    TURNED,
    evidence_of,
    is_innocent,
    spells,
)
from adsieve.detectors.text.fold import Folded, fold_word, is_aligned, is_unusual
from adsieve.detectors.text.latin import may_be_romanised
from adsieve.detectors.text.lexicon import Lexicon
from adsieve.detectors.text.match import Matcher
from adsieve.detectors.text.memo import LONGEST, Memo
from adsieve.detectors.text.rasm import TELLTALE
from adsieve.detectors.text.reordered import HYPHENS, is_out_of_order, parted_humps

_PLACED, _LEADING, _UNEVEN, _IN_TOKENS, _HUMPED, _HYPHENED, _OUT_OF_ORDER, _RESPELLED, _UNUSUAL, _UNALIGNED = (
    1 << bit for bit in range(12, 22)
)
"""Beyond what `evidence` tells: a key may stand in it; a key may go on behind it; it is not exactly one word; it is several
tokens; it is in camel case; it has a hyphen; it may be read in another order; it may be another form of a term; it takes
more than one step to fold; a character of it folds to none or to several."""
_COUNT = 24
"""Above these bits: how many words it is."""

_DISGUISED = TURNED | IN_PARTS | SPACELESS | IMITATING | ODD | SIGNED
_WORTH_READING = _DISGUISED | IMPURE | SINGLE | _PLACED | _HUMPED | _HYPHENED | _OUT_OF_ORDER | _RESPELLED
_REACH = 24
"""Words before a change, of one letter each, in which a key that reaches the change may begin."""
_BETWEEN = re.compile("[ _-]+")


class Survey(NamedTuple):
    """What the words of a text show.

    Attributes:
        text: the text.
        words: its words, folded; they are what stands between spaces and line breaks.
        shows: bits, word by word.
        shown: all of them together.
    """

    text: str
    words: tuple[str, ...]
    shows: tuple[int, ...]
    shown: int

    def folded(self) -> Folded:
        """The text, folded."""
        if self.shown & _UNUSUAL:
            return Folded(self.text)
        return Folded(self.text, " ".join(self.words), aligned=not self.shown & _UNALIGNED)

    @property
    def is_worth_reading(self) -> bool:
        """Whether anything could be found in the text."""
        return bool(self.shown & _WORTH_READING)

    @property
    def is_respelled(self) -> bool:
        """Whether a word may be a term in another script or without its dots."""
        return bool(self.shown & _RESPELLED)

    @property
    def is_disguised(self) -> bool:
        """Whether a word may be disguised."""
        shown = self.shown
        return bool(
            shown & _DISGUISED
            or (shown & IMPURE and shown & LOOKALIKE)
            or (shown & SINGLE and (shown & _IN_TOKENS or spells(self.shows)))
        )

    @property
    def is_out_of_order(self) -> bool:
        """Whether a reading of the text in another order or division may show a term."""
        shown = self.shown
        return bool(
            shown & _OUT_OF_ORDER
            or (shown & _HYPHENED and "\n" in self.text)
            or (shown & _HUMPED and shown & _LEADING and self._reaches_humps())
        )

    def _reaches_humps(self) -> bool:
        """Whether a key may begin before a word in camel case and go on into it."""
        since = _REACH + 1
        for shows in self.shows:
            if shows & _HUMPED and since <= _REACH:
                return True
            if shows & _LEADING:
                since = 1
            elif shows >> _COUNT:
                since += 1
        return False

    def placed(self, first: int) -> list[int]:
        """Numbers of the words, in the folded text, in which a key may stand; `first` is that of the first word."""
        if not self.shown & _PLACED:
            return []
        if not self.shown & _UNEVEN:
            return [number for number, shows in enumerate(self.shows) if shows & _PLACED]
        found: list[int] = []
        done = 0
        for at, shows in enumerate(self.shows):
            if shows & _PLACED:
                first += sum(map(rshift, self.shows[done:at], repeat(_COUNT)))
                done = at
                found += range(first, first + (shows >> _COUNT))
        return found


class Surveyor:
    """Looks at texts for one lexicon."""

    def __init__(self, lexicon: Lexicon, matcher: Matcher) -> None:
        self._lexicon = lexicon
        self._matcher = matcher
        self._known = Memo(self._look)

    def survey(self, text: str) -> Survey:
        """What the words of the text show."""
        known = map(self._known.__getitem__, text.replace("\n", " ").split(" "))
        shows, words = zip(*known, strict=True)
        return Survey(text, words, shows, reduce(or_, set(shows)))

    def _look(self, word: str) -> tuple[int, str]:
        if is_innocent(word) and word[-1].isalpha() and word == word.translate(TABLE):
            return 1 << _COUNT | self._holds(word), word
        letters = fold_word(word)
        return self._shown_by(word, letters), word if letters == word else letters

    def _shown_by(self, word: str, letters: str) -> int:
        if letters.isalpha():
            shows = evidence_of(letters) | self._holds(letters) | 1 << _COUNT
        else:
            shows = self._look_at_pieces(letters)
        if word != letters or not letters.isalpha():
            shows |= self._look_at_original(word)
        return shows if letters.isascii() or not TELLTALE.search(letters) else shows | _RESPELLED

    def _look_at_pieces(self, letters: str) -> int:
        tokens = letters.split(" ")
        shows = reduce(or_, map(evidence_of, set(tokens))) | (_IN_TOKENS if len(tokens) > 1 else 0)
        words = [word for word in _BETWEEN.split(letters) if word]
        if words != [letters]:
            shows |= _UNEVEN
        return reduce(or_, map(self._holds, set(words)), shows) | len(words) << _COUNT

    def _look_at_original(self, word: str) -> int:
        shows = _OUT_OF_ORDER if is_out_of_order(word) else 0
        if is_unusual(word):
            shows |= _UNUSUAL
        if not is_aligned(word):
            shows |= _UNALIGNED
        if not HYPHENS.isdisjoint(word):
            shows |= _HYPHENED
        parted = parted_humps(word)
        if parted != word:
            shows |= _HUMPED
            parts = _BETWEEN.split(fold_word(parted))
            if any(self._matcher.places(part) for part in parts if part):
                shows |= _OUT_OF_ORDER
        return shows

    def _holds(self, word: str) -> int:
        """What the lexicon says of one word of the folded text; of a long one, which would be asked twice, anything."""
        if len(word) > LONGEST:
            return _PLACED | _LEADING | _RESPELLED
        shows = _RESPELLED if may_be_romanised(word, self._lexicon) else 0
        if places := self._matcher.places(word):
            shows |= _PLACED
            if self._matcher.goes_on(word, places):
                shows |= _LEADING
        return shows
