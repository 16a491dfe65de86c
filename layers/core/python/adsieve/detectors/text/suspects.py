"""Spans of a text that look like disguised words, and how each may be read."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from adsieve.detectors.text import lookalikes
from adsieve.detectors.text.arabic import CLITICS
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.lattice import Unit, Word, calmed, is_promising, units, words
from adsieve.detectors.text.layers import Piece
from adsieve.detectors.text.sign_data import SIGNS

_LONGEST = 40
_MOST_READINGS = 4
_SHORTEST_JOINED = 4
_SURE_LENGTH = 5
_MOST_PARTS = 5


class Reading(NamedTuple):
    """One way to read a suspect span."""

    pieces: tuple[Piece, ...]
    steps: tuple[Step, ...]


class Suspect(NamedTuple):
    """A span that may be a disguised word."""

    start: int
    end: int
    readings: tuple[Reading, ...]


# --- look-alikes, leet, repeats -------------------------------------------------------------------------------------

_CHUNK = re.compile(r"(?:\|[-_]\||\(_\)|\]-\[|\(-\)|_\||\|_|'/|[^\s.,;:\"'?،؛؟«»…_-])+")
_TRIPLE = re.compile(r"([^\W\d_])\1\1")
_MODEL_NUMBER = re.compile(r"[^\W\d_]{1,3}\d{2,}[^\W\d_]?|\d+[^\W\d_]|[^\W\d_]\d|\d+x\d+\w*|\d+(?:st|nd|rd|th|hp|kw|mp|fl|oz|lb|ft|in|hr|yr|px|gb|mb|tb|kg|km|mg|ml|cm|mm|am|pm)")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile("[a-z]")


def disguised(text: str, start: int, end: int, index: TermIndex) -> Suspect | None:
    """The readings of one chunk that has foreign characters or repeated letters in it."""
    start, end = _trimmed(text, start, end)
    chunk = text[start:end]
    if end - start < 2 or end - start > _LONGEST or _MODEL_NUMBER.fullmatch(chunk):
        return None
    triple = bool(_TRIPLE.search(chunk))
    found: list[Reading] = []
    for found_units, foreign in _alphabets(text, start, end, chunk):
        if not foreign and not triple:
            continue
        for word in words(calmed(found_units) if triple else found_units, text, index):
            if word.pieces and is_promising(word.text, index):
                found.append(Reading(word.pieces, _steps(word, text, foreign=foreign)))
    return Suspect(start, end, tuple(found[:_MOST_READINGS])) if found else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a hashtag's sign, closing punctuation and enclosing brackets."""
    while start < end and (text[start] in "#*~=&%/" or (text[start] in "([{<" and text[end - 1] in ")]}>")):
        start += 1
    while start < end and text[end - 1] in "!)]}>*~=%/&":
        end -= 1
    return start, end


def _alphabets(text: str, start: int, end: int, chunk: str) -> Iterator[tuple[list[Unit], bool]]:
    """The chunk's units in each alphabet it may be meant in, and whether it has characters foreign to that."""
    if _ARABIC.search(chunk):
        if (found := units(text, start, end, lookalikes.ARABIC, sequences=False)) is not None:
            yield found, any(unit.options[0] != text[unit.start] for unit in found)
        return
    if _CYRILLIC.search(chunk) and (found := units(text, start, end, lookalikes.CYRILLIC, sequences=False)) is not None:
        yield found, any(unit.options[0] != text[unit.start] for unit in found)
    table = lookalikes.latin() if chunk.isascii() else lookalikes.loose_latin()
    found = units(text, start, end, table, sequences=True)
    if found is not None and _has_letters(found, text):
        yield found, any(unit.options[0] != text[unit.start : unit.end] for unit in found)


def _has_letters(found: list[Unit], text: str) -> bool:
    """Whether any unit is more than a digit or symbol: `455` is a number, `4ss` is not."""
    return any(text[unit.start].isalpha() for unit in found)


def _steps(word: Word, text: str, *, foreign: bool) -> tuple[Step, ...]:
    repeated = any(end - start > len(out) and text[start:end] != out for start, end, out in word.pieces)
    skeleton = foreign and any(not text[start:end].startswith(out[:1]) for start, end, out in word.pieces)
    return (Step.SKELETON,) * skeleton + (Step.REPEAT,) * repeated


def chunks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the chunks that could be disguised: not plain words, not plain numbers."""
    for match in _CHUNK.finditer(text):
        chunk = match[0]
        plain = chunk.isalpha() if chunk.isascii() else _only_letters().fullmatch(chunk) and not _is_mixed(chunk)
        if not (plain or chunk.isdigit()) or _TRIPLE.search(chunk) or _is_imitation(chunk):
            yield match.start(), match.end()


def _is_imitation(chunk: str) -> bool:
    """Whether a chunk in one foreign script consists of Latin look-alikes only, like `匚卂丂`."""
    table = lookalikes.latin()
    return chunk[0] > "\u058f" and all(character in table for character in chunk)


@cache
def _only_letters() -> re.Pattern[str]:
    return re.compile(f"(?:[^\\W\\d_]|[{SIGNS}])+")


_FOREIGN_TO_LATIN = re.compile("[^\x00-\x7f]")
_RARE = re.compile("[\u0180-\u036f\u10a0-\u10ff\u13a0-\u167f\u16a0-\u16ff\u1d00-\u1dbf\u2c60-\u2cff\ua000-\ua4ff\ua720-\ua7ff\uab30-\uabff\U00010280-\U000118ff\u2100-\u22ff]")
_SCRIPTS = tuple(
    re.compile(f"[{scripts}]")
    for scripts in (
        "a-z", "\u0370-\u03ff", "\u0400-\u052f", "\u0530-\u058f", "\u0590-\u05ff", "\u0620-\u06ff", "\u0e00-\u0eff",
        "\u1200-\u139f", "\u3040-\u30ff", "\u3105-\u312f", "\u4e00-\u9fff", "\u1100-\u11ff",
    )
)  # fmt: skip


def _is_mixed(chunk: str) -> bool:
    """Whether letters of two scripts meet in one chunk, or of one that nobody writes ads in."""
    return bool(_RARE.search(chunk)) or sum(bool(script.search(chunk)) for script in _SCRIPTS) > 1


# --- letters set apart ----------------------------------------------------------------------------------------------

_LETTER = r"[^\W_]"
_SPACED = re.compile(
    rf"(?<!\w){_LETTER}(?P<gap>\W{{1,3}}|_){_LETTER}(?:(?P=gap){_LETTER})+(?!\w)"
    rf"|(?<![\w@$]){_LETTER}(?:[^\w@$!|€£¢¥+]{{1,3}}|_)(?:[^\W_]|[@$!|€£¢¥+])(?:(?:[^\w@$!|€£¢¥+]{{1,3}}|_)(?:[^\W_]|[@$!|€£¢¥+]))+(?!\w)"
)
_SPACED_HAN = re.compile("(?<!\\w)[\u3400-\u9fff\uac00-\ud7a3](?:[ *·•_~|/+.-]{1,2}[\u3400-\u9fff\uac00-\ud7a3])+(?!\\w)")
_GAP = re.compile(r"[\W_]+")


def spaced(text: str, index: TermIndex) -> Iterator[Suspect]:
    """Letters written one by one: `c a s i n o`, `f.u.c.k`, `ك ا ز ي ن و`.

    Only a whole run counts for short terms (`U S A`, `s h e l l`); longer terms may stand inside a run.
    """
    for match in (*_SPACED.finditer(text), *_SPACED_HAN.finditer(text)):
        for start, end in _segments(text, match.start(), match.end()):
            yield from _spaced_terms(text, start, end, index)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The run cut at gaps wider than its narrowest: two spaces between words, one between letters."""
    gaps = [(gap.start(), gap.end()) for gap in _GAP.finditer(text, start + 1, end)]
    narrow = min((last - first for first, last in gaps), default=0)
    if not any(" " in text[first:last] for first, last in gaps):
        yield start, end
        return
    for first, last in gaps:
        if last - first > narrow and start < first:
            yield start, first
            start = last
    yield start, end


def _spaced_terms(text: str, start: int, end: int, index: TermIndex) -> Iterator[Suspect]:
    places = [at for at in range(start, end) if text[at] != " " and (text[at].isalnum() or text[at] in "@$!|€£¢¥+")]
    places = [at for at in places if at in (start, end - 1) or _stands_apart(text, at)]
    letters = "".join(text[at] for at in places)
    table = lookalikes.ARABIC if _ARABIC.search(letters) else lookalikes.CYRILLIC if _CYRILLIC.search(letters) else lookalikes.latin()
    found = units(letters, 0, len(letters), table, sequences=False)
    if found is None or not any(letter.isalpha() for letter in letters):
        return
    taken = 0
    for word in list(words(found, letters, index))[:_MOST_READINGS] if len(letters) <= _LONGEST else [Word(letters, ())]:
        for first, last in _inside(word.text, index):
            if first >= taken:
                pieces = _closed_up(text, places[first : last], word.text[first:last])
                yield Suspect(places[first], places[last - 1] + 1, (Reading(pieces, (Step.SPACED,)),))
                taken = last


def _stands_apart(text: str, at: int) -> bool:
    return not (text[at - 1].isalnum() or text[at + 1].isalnum()) or text[at].isalnum()


def _inside(word: str, index: TermIndex) -> list[tuple[int, int]]:
    """Spans of the terms that count in a run of single letters, the longest first where they overlap."""
    found = [
        (first, last)
        for first, last, _ in index.find(word, range(len(word)))
        if last - first >= _SURE_LENGTH or (last == len(word) and (first == 0 or word[:first] in CLITICS))
    ]
    kept: list[tuple[int, int]] = []
    for first, last in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
        if all(last <= start or end <= first for start, end in kept):
            kept.append((first, last))
    return sorted(kept)


def _closed_up(text: str, places: list[int], word: str) -> tuple[Piece, ...]:
    """Pieces that read each place as its letter and drop what lies between."""
    pieces: list[Piece] = []
    for at, (place, letter) in enumerate(zip(places, word, strict=True)):
        if at and places[at - 1] + 1 < place:
            pieces.append((places[at - 1] + 1, place, ""))
        if text[place] != letter:
            pieces.append((place, place + 1, letter))
    return tuple(pieces)


# --- symbols inside words -------------------------------------------------------------------------------------------

_BROKEN = re.compile(r"[^\W_]+(?:(?:[^\w\s]{1,2}|_)[^\W_]+)+")
_PART = re.compile(r"[^\W_]+")
_IN_HAN = re.compile("(?<=[\u3400-\u9fff\uac00-\ud7a3\u3041-\u30ff])(?:[*·•_~|/+.=^#@&%☆★●○-]{1,2}|[0-9a-z])(?=[\u3400-\u9fff\uac00-\ud7a3\u3041-\u30ff])")


def broken(text: str, index: TermIndex) -> Iterator[Suspect]:
    """Words with symbols in them: `ca.sino`, `fu-ck`, `赌*博`."""
    for match in _IN_HAN.finditer(text):
        yield Suspect(match.start(), match.end(), (Reading(((match.start(), match.end(), ""),), (Step.JOINED,)),))
    for match in _BROKEN.finditer(text):
        parts = [part.span() for part in _PART.finditer(text, match.start(), match.end())]
        yield from _joined_parts(text, parts, index)


def _joined_parts(text: str, parts: list[tuple[int, int]], index: TermIndex) -> Iterator[Suspect]:
    first = 0
    while first < len(parts) - 1:
        for last in range(min(len(parts), first + _MOST_PARTS), first + 1, -1):
            window = parts[first:last]
            word = "".join(text[start:end] for start, end in window)
            whole = last - first == len(parts)
            if len(word) >= (_SHORTEST_JOINED if whole else _SURE_LENGTH) and _is_term(word, index):
                pieces = tuple((before[1], after[0], "") for before, after in zip(window, window[1:], strict=False))
                yield Suspect(window[0][0], window[-1][1], (Reading(pieces, (Step.JOINED,)),))
                first = last - 1
                break
        first += 1


def _is_term(word: str, index: TermIndex) -> bool:
    return any(index.get(word[at:]) is not None for at in range(6) if not at or word[:at] in CLITICS)
