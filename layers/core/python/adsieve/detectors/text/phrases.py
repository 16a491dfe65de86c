"""Terms of several words, one or more of which are disguised, or with signs between them."""

import re
from collections.abc import Iterable, Iterator

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text.arabic import clitic_ends
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.sign_data import SIGNS
from adsieve.detectors.text.suspects import Reading, Span, Suspect
from adsieve.detectors.text.words import is_edge

_MOST_WORDS_BEFORE = 3
_MOST_OPENINGS = 12
_LONGEST_WORD = 40
_PRICE = 8
# Begins with the sign, which is rare. No comma, and neither colon nor full stop with a space behind it: `Paris, sportifs`
# and `diet. Pills` are two things.
_MAY_STAND_APART = "/|\\+~*•·→»>="
_SIGN = lazy(r"(?:[/|\\+~*•·→»>=]{1,3} ?|[.:&]|\.{2,6} ?)(?=[^\W\d_])")
_WORD = lazy(rf"[\w{SIGNS}]+")
_EDGES = lazy(rf"^[^\w{SIGNS}]+|[^\w{SIGNS}]+$")


class Phrases:
    """What the words before a place may begin.

    Args:
        text: the text with its symbols.
        index: the terms.
        effort: what may be spent.
    """

    def __init__(self, text: str, index: TermIndex, effort: Effort) -> None:
        self._text = text
        self._effort = effort
        self._index = index
        self._read: dict[int, list[str]] = {}
        self._at = -1
        self._before: list[str] = []

    def divided(self, tokens: Iterable[Span]) -> Iterator[Suspect]:
        """Phrases with signs instead of spaces between their words: `diet/pills`, `diet.pills`.

        Args:
            tokens: where the tokens stand that have such signs.
        """
        for sign in self._signs(tokens):
            start, end = sign.span()
            start -= self._text.startswith(" ", start - 1) and sign[0][0] in _MAY_STAND_APART
            # Every text has signs: a look at the one word before it is all that can be afforded.
            before = _EDGES.sub("", self._text[self._token_start(start - 1) : start])
            if not before or not self._effort.spend(1) or not self._index.extends(f"{before} "):
                continue
            word = _WORD.match(self._text, end)
            if word and self.continues(start, word[0]):
                yield Suspect(start, end, (Reading(((start, end, " "),), (Step.JOINED,)),))

    def _signs(self, tokens: Iterable[Span]) -> Iterator[re.Match[str]]:
        for first, last in tokens:  # a sign at its end may have a space and the next word's letter behind it
            yield from (sign for sign in _SIGN.finditer(self._text, first, last + 2) if sign.start() < last)

    def note(self, start: int, word: str) -> None:
        """Remember that the token at `start` can be read as `word`."""
        self._read.setdefault(self._token_start(start), []).append(word)

    def continues(self, start: int, word: str) -> bool:
        """Whether `word` at `start` goes on with, or ends, a phrase that begins before it."""
        if start != self._at:
            self._at, self._before = start, self._openings(start) if self._effort.spend(_PRICE) else []
        for opening in self._before:
            if not self._effort.spend(1):
                return False
            phrase = opening + word
            if any(end > len(opening) and is_edge(phrase, end, end) for _, end, _ in self._index.find(phrase, [0])):
                return True
            if self._index.extends(phrase + " "):
                return True
        return False

    def _openings(self, start: int) -> list[str]:
        """Beginnings of phrases, each with a space at its end, that stand right before `start`."""
        found: list[str] = []
        tails = [""]
        for _ in range(_MOST_WORDS_BEFORE):
            end = len(self._text[max(0, start - _LONGEST_WORD) : start].rstrip(" _-")) + max(0, start - _LONGEST_WORD)
            start = self._token_start(end - 1) if end else 0
            if not 0 < end - start <= _LONGEST_WORD:
                break
            words = self._read.get(start) or [_EDGES.sub("", self._text[start:end])]
            tails = [f"{word} {tail}" for word in words for tail in tails if word][:_MOST_OPENINGS]
            for tail in tails:
                found += (tail[at:] for at in (0, *clitic_ends(tail, 0)) if self._index.extends(tail[at:]))
        return found

    def _token_start(self, at: int) -> int:
        """Start of the token around `at`; of a token too long to be a word, no more than a word's length."""
        nearest = max(0, at - _LONGEST_WORD)
        return max(nearest, self._text.rfind(" ", nearest, at + 1) + 1)
