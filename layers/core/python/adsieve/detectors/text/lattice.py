"""A word whose characters may each stand for several letters, and the words it can be read as."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adsieve.detectors.text.arabic import clitic_ends
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.layers import Piece
from adsieve.detectors.text.lookalikes import SEQUENCES, Alphabet
from adsieve.detectors.text.words import is_edge

_WIDEST = 24
_OUTER_NUMBER = re.compile(r"(?<![^\W\d_])(?<!\d)\d{2,}(?=[^\W\d_])|(?<=[^\W\d_])\d{2,}(?!\w)")
_SEQUENCE = re.compile("|".join(sorted(map(re.escape, SEQUENCES), key=len, reverse=True)))


class Unit(NamedTuple):
    """Half-open span of the text and what it may be read as, most likely first."""

    start: int
    end: int
    options: tuple[str, ...]


class Word(NamedTuple):
    """One way to read a span: the word, and the pieces that change the text into it."""

    text: str
    pieces: tuple[Piece, ...]


def units(text: str, start: int, end: int, alphabet: Alphabet) -> list[Unit] | None:
    """The units of a span; None where a character neither is a letter of the alphabet nor stands for one."""
    found: list[Unit] = []
    numbers = {at for number in _OUTER_NUMBER.finditer(text, start, end) for at in range(*number.span())}
    at = start
    while at < end:
        if alphabet.sequences and (match := _SEQUENCE.match(text, at, end)):
            found.append(Unit(at, match.end(), (SEQUENCES[match[0]],)))
            at = match.end()
            continue
        character = text[at]
        options = tuple(alphabet.table.get(character, ""))
        if alphabet.letters.match(character):
            options = tuple(dict.fromkeys((character, *options)))
        elif character.isdigit():
            # A number before or behind a word is meant as a number first: `c4sino777`.
            options = (character, *options) if at in numbers else (*options, character)
        if not options:
            return None
        found.append(Unit(at, at + 1, options))
        at += 1
    return found


def calmed(found: list[Unit]) -> list[Unit]:
    """Runs of one letter read as that letter once or twice."""
    calm: list[Unit] = []
    at = 0
    while at < len(found):
        stop = at + 1
        while stop < len(found) and found[stop].options == found[at].options:
            stop += 1
        first = found[at]
        if stop - at > 1:
            once = first.options
            calm.append(Unit(first.start, found[stop - 1].end, (*once, *(option * 2 for option in once))))
        else:
            calm.append(first)
        at = stop
    return calm


def words(found: list[Unit], text: str, index: TermIndex, effort: Effort) -> Iterator[Word]:
    """Every reading, most likely first; where there are very many, only those that begin like a term."""
    if all(len(unit.options) == 1 for unit in found):
        yield _only_word(found, text)
        return
    frontier: list[tuple[str, tuple[Piece, ...]]] = [("", ())]
    for unit in found:
        here = text[unit.start : unit.end]
        frontier = [
            (read + option, pieces if option == here else (*pieces, (unit.start, unit.end, option)))
            for read, pieces in frontier
            for option in unit.options
        ]
        if not effort.spend(len(frontier)):
            return
        if len(frontier) > _WIDEST:
            alive = [(read, pieces) for read, pieces in frontier if index.extends(read)]
            frontier = (alive or frontier)[:_WIDEST]
    yield from (Word(read, pieces) for read, pieces in frontier)


def _only_word(found: list[Unit], text: str) -> Word:
    pieces = tuple((start, end, only) for start, end, (only,) in found if only != text[start:end])
    return Word("".join(unit.options[0] for unit in found), pieces)


def as_written(text: str, start: int, end: int) -> list[Unit]:
    """Units that stand for nothing but themselves."""
    return [Unit(at, at + 1, (text[at],)) for at in range(start, end)]


def is_promising(word: str, index: TermIndex) -> bool:
    """Whether a term stands at the start of the word, behind its clitics too, or the word begins a phrase."""
    starts = [0, *clitic_ends(word, 0)] if word else []
    if any(is_edge(word, end, end - start) or end < len(word) for start, end, _ in index.find(word, starts)):
        return True
    return begins_phrase(word, index)


def begins_phrase(word: str, index: TermIndex) -> bool:
    """Whether a term of several words begins with the word, behind its clitics too."""
    return any(index.extends(word[start:] + " ") for start in ((0, *clitic_ends(word, 0)) if word else ()))
