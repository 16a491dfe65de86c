"""Words taken apart: letters set apart by spaces or symbols, and symbols put inside words."""

import re
from collections.abc import Iterator

from adsieve.detectors.text import lookalikes
from adsieve.detectors.text.arabic import CLITIC_INITIALS, CLITICS, clitic_ends
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.lattice import units, words
from adsieve.detectors.text.layers import Piece
from adsieve.detectors.text.suspects import CONTRACTIONS, Reading, Span, Suspect

_LEET = "@$!|€£¢¥+"
_SPACED = re.compile(
    r"(?<!\w)[^\W_](?P<gap>\W{1,3}|_)[^\W_](?:(?P=gap)[^\W_])+(?!\w)"
    rf"|(?<![\w@$])[^\W_](?:(?:[^\w{_LEET}]{{1,3}}|_)[^\W_]|(?:[^\w{_LEET}]{{1,3}}|_)[{_LEET}](?=\W)){{2,}}(?!\w)"
)
_HAN = "\u3400-\u9fff\uac00-\ud7a3\u3041-\u30ff"
_SPACED_HAN = re.compile(f"(?<!\\w)[{_HAN}](?:[ *·•_~|/+.-]{{1,2}}[{_HAN}])+(?!\\w)")
_IN_HAN = re.compile(f"(?<=[{_HAN}])(?:[*·•_~|/+.=^#@&%☆★●○-]{{1,2}}|[0-9a-z])(?=[{_HAN}])")
_GAP = re.compile(r"[\W_]+")
_ONE = re.compile(rf"[^\W_]|[{_LEET}]")
_LONGEST_RUN = 40
_SURE_LENGTH = 5
_MOST_READINGS = 4

_BROKEN = re.compile(f"[^\\W_{_HAN}]+(?:(?:[^\\w\\s]{{1,2}}|_)[^\\W_{_HAN}]+)+")
_PART = re.compile(r"[^\W_]+")
_SHORTEST = 4
_SHORTEST_STARRED = 3
_NEVER = 1000
_MOST_PARTS = 5


def spaced(text: str, index: TermIndex) -> Iterator[Suspect]:
    """Letters written one by one: `c a s i n o`, `f.u.c.k`, `ك ا ز ي ن و`.

    Only a whole run counts for short terms (`U S A`, `s h e l l`); longer terms may stand inside a run.
    """
    for match in _SPACED.finditer(text):
        start, end = match.span()
        whole = list(_terms_in(text, start, end, index))
        yield from whole or (suspect for segment in _segments(text, start, end) for suspect in _terms_in(text, *segment, index))


def between_han(text: str, index: TermIndex) -> Iterator[Suspect]:
    """Symbols, and spaces around single characters, inside words of scripts without spaces: `赌*博`, `赌 博`."""
    for match in _IN_HAN.finditer(text):
        yield Suspect(match.start(), match.end(), (Reading(((match.start(), match.end(), ""),), (Step.JOINED,)),))
    for match in _SPACED_HAN.finditer(text):
        yield from _terms_in(text, match.start(), match.end(), index)


def _segments(text: str, start: int, end: int) -> Iterator[Span]:
    """The run cut at gaps wider than its narrowest: two spaces between words, one between letters."""
    gaps = [gap.span() for gap in _GAP.finditer(text, start + 1, end)]
    narrow = min((last - first for first, last in gaps), default=0)
    for first, last in gaps:
        if last - first > narrow and " " in text[first:last]:
            yield start, first
            start = last
    yield start, end


def _terms_in(text: str, start: int, end: int, index: TermIndex) -> Iterator[Suspect]:
    places = [match.start() for match in _ONE.finditer(text, start, end)]
    letters = "".join(text[at] for at in places)
    taken = 0
    for word in _readings(letters, index):
        for first, last in _terms_inside(word, index):
            if first >= taken:
                pieces = _closed_up(text, places[first:last], word[first:last])
                yield Suspect(places[first], places[last - 1] + 1, (Reading(pieces, (Step.SPACED,)),))
                taken = last


def _readings(letters: str, index: TermIndex) -> list[str]:
    if len(letters) > _LONGEST_RUN or not any(map(str.isalpha, letters)):
        return [letters]
    for alphabet in (lookalikes.ARABIC, lookalikes.CYRILLIC, lookalikes.latin()):
        if alphabet.letters.search(letters) and (found := units(letters, 0, len(letters), alphabet)) is not None:
            return [word.text for word in words(found, letters, index)][:_MOST_READINGS]
    return [letters]


def _terms_inside(word: str, index: TermIndex) -> list[Span]:
    """Spans of the terms that count in a run of single letters, the longest first where they overlap."""
    found = [
        (first, last)
        for first, last, _ in index.find(word, range(len(word)))
        if last - first >= _SURE_LENGTH or (last == len(word) and (first == 0 or word[:first] in CLITICS))
    ]
    kept: list[Span] = []
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


def broken(text: str, start: int, end: int, index: TermIndex) -> Iterator[Suspect]:
    """Words with symbols in them: `ca.sino`, `fu-ck`."""
    for match in _BROKEN.finditer(text, start, end):
        parts = [part.span() for part in _PART.finditer(text, *match.span())]
        if any(last - first > 1 for first, last in parts):  # else they are single letters, see `spaced`
            yield from _joined_parts(text, parts, index)


def _joined_parts(text: str, parts: list[Span], index: TermIndex) -> Iterator[Suspect]:
    first = 0
    while first < len(parts) - 1:
        for last in range(min(len(parts), first + _MOST_PARTS), first + 1, -1):
            window = parts[first:last]
            word = "".join(text[start:end] for start, end in window)
            gaps = [(before[1], after[0]) for before, after in zip(window, window[1:], strict=False)]
            shortest = _shortest(text, window, gaps) if len(window) == len(parts) else _SURE_LENGTH
            if len(word) >= shortest and _is_term(word, index):
                pieces = tuple((*gap, "") for gap in gaps)
                yield Suspect(window[0][0], window[-1][1], (Reading(pieces, (Step.JOINED,)),))
                first = last - 1
                break
        first += 1


def _shortest(text: str, parts: list[Span], gaps: list[Span]) -> int:
    """Fewest letters of a word with these gaps: an asterisk is a disguise, an apostrophe mostly belongs there."""
    symbols = {text[start:end] for start, end in gaps}
    if symbols <= {"*", "**"}:
        return _SHORTEST_STARRED
    return _NEVER if symbols == {"'"} and text[slice(*parts[-1])] in CONTRACTIONS else _SHORTEST


def _is_term(word: str, index: TermIndex) -> bool:
    if index.get(word) is not None:
        return True
    return word[0] in CLITIC_INITIALS and any(index.get(word[at:]) is not None for at in clitic_ends(word, 0))
