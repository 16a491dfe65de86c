"""Words with look-alikes, leet or repeated letters in them: `c4s1n0`, `cаsino`, `fuuuck`, `ك1زينو`."""

import re
from collections.abc import Iterator

from adsieve.detectors.text.evidence import is_stretched
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.lattice import Unit, Word, as_written, begins_phrase, calmed, is_promising, units, words
from adsieve.detectors.text.lookalikes import ARABIC, CYRILLIC, GREEK, SEQUENCES, latin, loose_latin
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.suspects import Reading, Span, Suspect

_LONGEST = 40
_SHORTEST = 2
_MOST_READINGS = 4
_NEIGHBOURHOOD = 100
_CHUNK = re.compile(r"(?:/-\\|\|[-_]\||\(_\)|\]-\[|\(-\)|_\||\|_|'/|[^\s.,;:\"'?،؛؟«»…_-])+")
_MODEL_NUMBER = re.compile(
    r"[^\W\d_]{1,3}\d{2,}[^\W\d_]?|\d+[^\W\d_]|[^\W\d_]\d|\d+x\d+\w*"
    r"|\d+(?:st|nd|rd|th|hp|kw|mp|fl|oz|lb|ft|in|hr|yr|px|gb|mb|tb|kg|km|mg|ml|cm|mm|am|pm)"
)
_DRAWN = tuple(sorted(SEQUENCES))
_OPENING, _CLOSING = "([{<", ")]}>"


def disguised(text: str, start: int, end: int, index: TermIndex, phrases: Phrases) -> Iterator[Suspect]:
    """Suspects in one token: each run of letters, digits and symbols that may stand for letters."""
    for match in _CHUNK.finditer(text, start, end):
        first, last = _trimmed(text, *match.span())
        suspect = _chunk(text, first, last, index, phrases)
        if suspect is None and text.startswith("!", last) and last < match.end():
            suspect = _chunk(text, first, last + 1, index, phrases)
        if suspect is not None:
            yield suspect


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


def _chunk(text: str, start: int, end: int, index: TermIndex, phrases: Phrases) -> Suspect | None:
    chunk = text[start:end]
    if not _SHORTEST <= len(chunk) <= _LONGEST:
        return None
    repeated = is_stretched(chunk)
    if (chunk.isalpha() and chunk.isascii()) and not repeated and "vv" not in chunk:
        return None
    found: list[Reading] = []
    promises = begins_phrase if _MODEL_NUMBER.fullmatch(chunk) else is_promising
    meant = list(_alphabets(text, start, end, chunk))
    if repeated and not chunk.isascii():
        meant.append(as_written(text, start, end))
    for chunk_units in meant:
        for word in words(calmed(chunk_units) if repeated else chunk_units, text, index):
            if word.pieces and (promises(word.text, index) or phrases.continues(start, word.text)):
                phrases.note(start, word.text)
                found.append(Reading(word.pieces, _steps(word, text)))
    return Suspect(start, end, tuple(found[:_MOST_READINGS])) if found else None


def _alphabets(text: str, start: int, end: int, chunk: str) -> Iterator[list[Unit]]:
    """The chunk's units in each alphabet it may be meant in."""
    if ARABIC.letters.search(chunk):
        found = units(text, start, end, ARABIC)
        if found is not None:
            yield found
        return
    # A Latin word with digits in it may stand for a Cyrillic one where its neighbours are Cyrillic: `KA3UHO рядом`.
    around = chunk if text.isascii() else text[max(start - _NEIGHBOURHOOD, 0) : end + _NEIGHBOURHOOD]
    for alphabet, shown in ((CYRILLIC, around), (GREEK, chunk)):
        if alphabet.letters.search(shown) and (found := units(text, start, end, alphabet)) is not None:
            yield found
    found = units(text, start, end, latin() if chunk.isascii() else loose_latin())
    if found is not None and any(text[unit.start].isalpha() for unit in found):
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
