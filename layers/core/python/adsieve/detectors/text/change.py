"""Which texts a change of terms can matter to, without matching them.

The engine is a function of a text and of what its index answers. A term can matter to a text only where

1. its key stands in a reading that no lexicon is asked for (the folded text, hidden tags, camel case, ...), or
2. a disguised word of the text makes the engine ask the index something that both lexicons answer differently, or
   whose answer is a changed key, or a reading made of those answers has a changed key in it, or
3. it is looked up there by another form than its key (without dots, in Latin letters).

Where none of these holds both lexicons lead to the same matches, whatever else is in them. What is told here is
therefore never too little; it may be too much, so callers compare the two verdicts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import ahocorasick

from adsieve.detectors.text.aho import AhoIndex
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.fold import Folded, join_separators
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.latin import romanised
from adsieve.detectors.text.layers import Layer, rewrite
from adsieve.detectors.text.lexicon import PREFIX, SUBSTRING, SUFFIXES, Lexicon
from adsieve.detectors.text.rasm import dotless
from adsieve.detectors.text.reordered import reordered
from adsieve.detectors.text.suspects import Suspect
from adsieve.detectors.text.tokens import TokenReader
from adsieve.detectors.text.views import may_be_disguised, suspects

LINE = "\n"
"""Parts one reading from the next: folding leaves no line break, so that no key can reach over one."""

_LONG = 10_000
"""Characters above which a text is always looked at again: its effort may end where a lexicon has more to ask."""

_MUCH = 10_000
"""Units of effort, half of what the shortest text deserves, above which the same is true."""

_ENDS_INSIDE = PREFIX | SUBSTRING | SUFFIXES
_FIRST_OTHER = "\u0590"  # from here on there are scripts with prefixes, or without spaces


def readings(text: str) -> list[str]:
    """Every reading that no lexicon is asked for, the folded text first."""
    folded = Folded(text)
    return [folded.text, *(view.text for view in reordered(text, Effort()))]


def disguises(text: str) -> str:
    """The letters of a text in which a lexicon could see disguised words; empty where none could."""
    letters = Folded(text).letters.text
    return letters if len(letters) > _LONG or may_be_disguised(letters) else ""


class TermChange:
    """Terms that one lexicon has and another does not, or that mean something else in them.

    Args:
        old, new: the two lexicons; None where there are no terms.
        changed: every key whose materials differ, as a lexicon of those materials in both their forms.
    """

    def __init__(self, old: Lexicon | None, new: Lexicon | None, changed: Lexicon) -> None:
        empty = AhoIndex(())
        self._indexes: tuple[TermIndex, TermIndex] = (old.index if old else empty, new.index if new else empty)
        self._changed = changed
        self._reader = TokenReader(_Compared(*self._indexes, changed.index))
        numbers = range(len(changed.index))
        self._keys = _automaton((changed.index.key(number), _extent(changed, number)) for number in numbers)
        heads = frozenset(old.header.starts if old else ()) ^ frozenset(new.header.starts if new else ())
        self._heads = _automaton((head, len(head)) for head in heads)
        self.has_forms = bool(len(changed.rasm) or len(changed.latin))
        """Whether any changed term could be looked up by another form; else `in_forms` need not be asked."""

    def in_readings(self, texts: Sequence[str]) -> set[int]:
        """Which of many texts, each some `readings` joined by `LINE`, may have a changed key in them; one pass over all."""
        text = LINE.join(texts)
        ends = list(accumulate(len(one) + 1 for one in texts))
        found: set[int] = set()
        done = 0
        for place in self._places(text):
            if place >= done:
                number = bisect_right(ends, place)
                found.add(number)
                done = ends[number]
        if self._heads:
            found |= {bisect_right(ends, place) for place in self._newly_looked_at(text)}
        return found

    def in_forms(self, text: str) -> bool:
        """Whether a changed term is looked up in a folded text by another form than its key."""
        return any(True for _ in dotless(text, self._changed, Effort())) or any(
            True for _ in romanised(text, self._changed, Effort())
        )

    def in_disguises(self, letters: str) -> bool:
        """Whether disguised words in these letters are read differently, or as a changed term.

        Here they are read to the end. The engine stops where its effort does, which is the same place for both lexicons
        where all answers are the same, but for what other forms of terms cost: so texts that come near it are never
        left out.
        """
        effort = Effort()
        try:
            found = suspects(letters, self._reader, effort)
        except _DifferentError:
            return True
        if len(letters) > _LONG or effort.spent > _MUCH:
            return True
        return any(self.in_readings([text]) for text in _read(letters, found))

    def _places(self, text: str) -> Iterator[int]:
        """Where a changed key may stand as a word, by its last character; only what is certain is refused."""
        if not self._keys:
            return
        for last, (length, begins_inside, ends_inside) in self._keys.iter(text):
            if not begins_inside and _in_word(text, last + 1 - length):
                continue
            if ends_inside or not _in_word(text, last + 1):
                yield last

    def _newly_looked_at(self, text: str) -> Iterator[int]:
        """Where any key may stand that only one of the lexicons looks for.

        A text is also looked at inside words, where a `substring` term of the lexicon may start. What is found there
        may be another term, which the borders of a word then allow or not.
        """
        for last, length in self._heads.iter(text):
            start = last + 1 - length
            if not _in_word(text, start) and any(True for index in self._indexes for _ in index.find(text, [start])):
                yield last


class _DifferentError(Exception):
    """Two lexicons answer a question of the engine differently."""


class _Compared:
    """An index that answers as the old one does, and stops where the new one would not.

    Only questions that touch a changed key can have two answers; nearly all do not, and that is quickly asked.
    """

    def __init__(self, old: TermIndex, new: TermIndex, changed: TermIndex) -> None:
        self._old, self._new, self._changed = old, new, changed

    def find(self, text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """See `TermIndex`."""
        if any(True for _ in self._changed.find(text, starts)):
            raise _DifferentError
        return self._old.find(text, starts)

    def likely(self, text: str, starts: Iterable[int]) -> list[int]:
        """See `TermIndex`."""
        places = list(starts)
        if self._changed.likely(text, places):
            raise _DifferentError
        return self._old.likely(text, places)

    def get(self, key: str) -> int | None:
        """See `TermIndex`."""
        if self._changed.get(key) is not None:
            raise _DifferentError
        return self._old.get(key)

    def extends(self, prefix: str) -> bool:
        """See `TermIndex`."""
        answer = self._old.extends(prefix)
        if self._changed.extends(prefix) and self._new.extends(prefix) != answer:
            raise _DifferentError
        return answer

    def key(self, number: int) -> str:
        """See `TermIndex`."""
        return self._old.key(number)

    def __len__(self) -> int:
        return len(self._old)


def _extent(lexicon: Lexicon, number: int) -> tuple[int, bool, bool]:
    """Length of a key, and whether a word may go on before and behind it."""
    flags = [flags for _, flags in lexicon.entries(number)]
    begins_inside = any(flag & SUBSTRING for flag in flags)
    return len(lexicon.index.key(number)), begins_inside, any(flag & _ENDS_INSIDE for flag in flags)


def _in_word(text: str, at: int) -> bool:
    """Whether letters of a script in which no term ends between two letters stand on both sides."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return before < _FIRST_OTHER and after < _FIRST_OTHER and before.isalpha() and after.isalpha()


def _read(letters: str, found: Sequence[Suspect]) -> Iterator[str]:
    """What the engine matches once it knows the suspects, one text a turn, see `views`."""
    layer = Layer(letters)
    for turn in range(max((len(suspect.readings) for suspect in found), default=0)):
        chosen = (suspect.readings[turn if turn < len(suspect.readings) else 0] for suspect in found)
        yield join_separators(rewrite(layer, [piece for reading in chosen for piece in reading.pieces])).text


def _automaton(words: Iterable[tuple[str, Any]]) -> Any:
    """An automaton over the words; None where there are none."""
    automaton = ahocorasick.Automaton()
    for word, value in words:
        automaton.add_word(word, value)
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton
