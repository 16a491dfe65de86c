"""Words with look-alikes, leet or repeated letters in them: `c4s1n0`, `cаsino`, `fuuuck`, `ك1زينو`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.evidence import is_stretched
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.lattice import Unit, Word, as_written, begins_phrase, calmed, is_promising, units, words
from adsieve.detectors.text.lookalikes import ARABIC, CYRILLIC, GREEK, SEQUENCES, latin, loose_latin
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.suspects import Reading, Span, Suspect, moved

_LONGEST = 40
_SHORTEST = 2
_MOST_READINGS = 4
_PRICE = 2
_CHUNK = re.compile(r"(?:/-\\|\|[-_]\||\(_\)|\]-\[|\(-\)|_\||\|_|'/|[^\s.,;:\"'?،؛؟«»…_-])+")
_MODEL_NUMBER = re.compile(
    r"[^\W\d_]{1,3}\d{2,}|[^\W\d_]{1,3}(?=\d*[2689])\d{2,}[^\W\d_]|\d+[^\W\d_]\d*|[^\W\d_]\d|\d+x\d+\w*"
    r"|\d+(?:st|nd|rd|th|hp|kw|mp|fl|oz|lb|ft|in|hr|yr|px|gb|mb|tb|kg|km|mg|ml|cm|mm|am|pm)"
)
_SHORT_CODE = re.compile(r"(?=\w{0,3}\d)\w{2,4}-\d{2}")
_DRAWN = tuple(sorted(SEQUENCES))
_OPENING, _CLOSING = "([{<", ")]}>"


class Candidate(NamedTuple):
    """A reading of a chunk, the word it makes, and whether that word by itself promises a term."""

    word: str
    reading: Reading
    promises: bool


class Chunk(NamedTuple):
    """A run of letters, digits and symbols that may stand for letters, and its readings, most likely first."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]

    def suspect(self, at: int, phrases: Phrases) -> Suspect | None:
        """The chunk in a text, `at` being the start of its token there; None where no reading makes sense."""
        found: list[Reading] = []
        for word, reading, promises in self.candidates:
            if promises or phrases.continues(at + self.start, word):
                phrases.note(at + self.start, word)
                found.append(moved(reading, at))
        return Suspect(at + self.start, at + self.end, tuple(found[:_MOST_READINGS])) if found else None


def chunks_of(token: str, around: str, index: TermIndex, effort: Effort) -> Iterator[tuple[Chunk, ...]]:
    """For each chunk of a token what it may be, the likelier first where its end is in doubt.

    Args:
        token: folded text without a space.
        around: letters that tell in which alphabet a word in another one may be meant.
        index: the terms.
        effort: what may be spent.
    """
    for match in _CHUNK.finditer(token):
        if not effort.spend(_PRICE):
            return
        first, last = _trimmed(token, *match.span())
        if _SHORT_CODE.match(token, first):
            continue
        ends = (last, last + 1) if token.startswith("!", last) and last < match.end() else (last,)
        chunks = (Chunk(first, end, tuple(_candidates(token, first, end, around, index, effort))) for end in ends)
        if known := tuple(chunk for chunk in chunks if chunk.candidates):
            yield known


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without a hashtag's sign, closing punctuation and enclosing brackets."""
    while (
        start < end
        and not text.startswith(_DRAWN, start)
        and (text[start] in "#*~=&%/" or (text[start] in _OPENING and text[end - 1] in _CLOSING))
    ):
        start += 1
    while start < end and text[end - 1] in "!)]}>*~=%/&" and not text.endswith(_DRAWN, start, end):
        end -= 1
    return start, end


def _candidates(token: str, start: int, end: int, around: str, index: TermIndex, effort: Effort) -> Iterator[Candidate]:
    chunk = token[start:end]
    if not _SHORTEST <= len(chunk) <= _LONGEST:
        return
    repeated = is_stretched(chunk)
    if (chunk.isalpha() and chunk.isascii()) and not repeated and "vv" not in chunk:
        return
    promises = begins_phrase if _MODEL_NUMBER.fullmatch(chunk) else is_promising
    meant = list(_alphabets(token, start, end, around or chunk))
    if repeated and not chunk.isascii():
        meant.append(as_written(token, start, end))
    for units_of_chunk in meant:
        for word in words(calmed(units_of_chunk) if repeated else units_of_chunk, token, index, effort):
            if word.pieces and effort.spend(_PRICE):
                yield Candidate(word.text, Reading(word.pieces, _steps(word, token)), promises(word.text, index))


def _alphabets(token: str, start: int, end: int, around: str) -> Iterator[list[Unit]]:
    """The chunk's units in each alphabet it may be meant in."""
    chunk = token[start:end]
    if ARABIC.letters.search(chunk):
        found = units(token, start, end, ARABIC)
        if found is not None:
            yield found
        return
    # A Latin word with digits in it may stand for a Cyrillic one where its neighbours are Cyrillic: `KA3UHO рядом`.
    for alphabet, shown in ((CYRILLIC, around), (GREEK, chunk)):
        if alphabet.letters.search(shown) and (found := units(token, start, end, alphabet)) is not None:
            yield found
    found = units(token, start, end, latin() if chunk.isascii() else loose_latin())
    if found is not None and any(token[unit.start].isalpha() for unit in found):
        yield found  # `455` is a number, `4ss` is not


def _steps(word: Word, text: str) -> tuple[Step, ...]:
    repeated = skeleton = False
    for start, end, out in word.pieces:
        if set(text[start:end]) == set(out):
            repeated = True
        else:
            skeleton = True
            repeated = repeated or (end - start > len(out) and len(set(text[start:end])) == 1)
    return (Step.SKELETON,) * skeleton + (Step.REPEAT,) * repeated
