"""Words taken apart: letters set apart by spaces or symbols, and symbols put inside words."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice, pairwise

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text import lookalikes
from adsieve.detectors.text.arabic import CLITIC_INITIALS, CLITICS, clitic_ends
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.evidence import CONTRACTIONS
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.lattice import Unit, words
from adsieve.detectors.text.layers import Piece
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.sign_data import SIGNS
from adsieve.detectors.text.suspects import Reading, Span, Suspect

_LEET = "@$!|€£¢¥+"
_LETTER = rf"(?P<{{0}}>[^\W_])(?P={{0}})*+[{SIGNS}]*+"
_GAP = rf"(?:[^\w{SIGNS}]|_){{1,8}}"
_LEET_GAP = rf"(?:[^\w{SIGNS}{_LEET}]|_){{1,8}}"
_START = rf"(?<![^\W_])(?<![{SIGNS}])(?<!\w')"
_UNIT = lazy(_LETTER.format("a"))
_LEET_UNIT = lazy(rf"{_LETTER.format('a')}|[{_LEET}]")
_SPACED = lazy(rf"{_START}{_LETTER.format('a')}(?:{_GAP}{_LETTER.format('b')}(?![^\W_]))+")
_LEET_SPACED = lazy(
    rf"{_START}(?<![@$])(?:{_LETTER.format('a')}|[{_LEET}](?![^\W_]))"
    rf"(?:{_LEET_GAP}(?:{_LETTER.format('b')}|[{_LEET}])(?![^\W_]))+"
)
_LEETS = frozenset(_LEET)
_LISTED = lazy("[,;،؛] ")
_HAN = "\u3400-\u9fff\uac00-\ud7a3\u3041-\u30fa\u30fc-\u30ff\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"
_CLUSTER = f"[{_HAN}][{SIGNS}]*+"
_HAN_SYMBOL = rf"(?:[^\w\s{SIGNS},!?:;。、()\"…]|_)"
_IN_HAN = lazy(f"(?<=[{_HAN}{SIGNS}])(?:{_HAN_SYMBOL}{{1,4}}|[0-9a-z])(?=[{_HAN}])")
_HAN_GAP = f"(?: |{_HAN_SYMBOL}){{1,4}}"
_SPACED_HAN = lazy(
    rf"(?:(?<![^\W_])(?![\uac00-\ud7a3]){_CLUSTER}|{_CLUSTER}{_HAN_GAP}{_CLUSTER}(?={_HAN_GAP}[{_HAN}]))"
    rf"(?:{_HAN_GAP}{_CLUSTER}(?={_HAN_GAP}[{_HAN}]))*+{_HAN_GAP}(?:(?![\uac00-\ud7a3]){_CLUSTER}|[\uac00-\ud7a3](?![^\W_]))"
)
_HAN_GAPS = lazy(_HAN_GAP)
_LONGEST_RUN = 60
_LONGEST_PIECE, _OVERLAP = 400, 40
_MOST_BEGINNINGS = 24
_FEWEST_LETTERS = 3
_SURE_LENGTH = 5
_SURE_BEHIND_ARTICLE = 4
_WHOLE_NEIGHBOUR = 4
_ONE_LETTER_WORDS = frozenset("aioeuywzавиійзкосуяوηοआও")
_LAST_WORDS = _ONE_LETTER_WORDS | {"ا"}

_LETTERS = f"(?:[^\\W_{_HAN}][{SIGNS}]*+)"
_BROKEN = lazy(f"(?<![^\\W_{_HAN}]){_LETTERS}++(?:(?:[^\\w\\s{SIGNS}]{{1,2}}|_){_LETTERS}+)+")
_PART = lazy(rf"(?:[^\W_][{SIGNS}]*+)+")
_SHORTEST = 4
_SHORTEST_STARRED = 3
_NEVER = 1000
_MOST_PARTS = 5


def spaced(text: str, index: TermIndex, phrases: Phrases, effort: Effort) -> Iterator[Suspect]:
    """Letters written one by one: `c a s i n o`, `f.r.e.e s.p.i.n.s`, `cc aa ss ii nn oo`, `সি গা রে ট`.

    A term counts if it is all that is spelled, or if what is spelled around it is words of its own (`a l o a n`), not
    the rest of a longer word (`s h e l l`, `c a s i n o v a`).
    """
    for match in _SPACED.finditer(text):
        yield from _run(text, _UNIT.finditer(text, *match.span()), index, phrases, effort)
    if not _LEETS.isdisjoint(text):
        for match in _LEET_SPACED.finditer(text):
            yield from _run(text, _LEET_UNIT.finditer(text, *match.span()), index, phrases, effort)


def between_han(text: str, start: int, end: int, effort: Effort) -> Iterator[Suspect]:
    """Symbols, and spaces around single characters, inside words of scripts without spaces: `赌*博`, `赌 博`.

    All letters of such scripts stand in `text[start:end]`.
    """
    for match in _SPACED_HAN.finditer(text, start, end):
        gaps = [gap.span() for gap in _HAN_GAPS.finditer(text, *match.span())]
        if not effort.spend(len(gaps)):
            return
        yield Suspect(*match.span(), (Reading(tuple((*gap, "") for gap in gaps), (Step.SPACED,)),))
    for match in _IN_HAN.finditer(text, start, end):
        if not effort.spend(1):
            return
        yield Suspect(match.start(), match.end(), (Reading(((match.start(), match.end(), ""),), (Step.JOINED,)),))


def _run(
    text: str, units: Iterator[re.Match[str]], index: TermIndex, phrases: Phrases, effort: Effort
) -> Iterator[Suspect]:
    """A run of letters, piece by piece where it is longer than any phrase."""
    letters: list[Span] = []
    while fresh := [unit.span() for unit in islice(units, _LONGEST_PIECE - len(letters))]:
        letters += fresh
        if len(letters) < _FEWEST_LETTERS or not effort.spend(len(letters)):
            return
        for piece in _unlisted(text, letters):
            if len(piece) >= _FEWEST_LETTERS:
                yield from _spelled(text, piece, index, phrases, effort)
        letters = letters[-_OVERLAP:] if len(letters) == _LONGEST_PIECE else []


def _unlisted(text: str, letters: list[Span]) -> Iterator[list[Span]]:
    """The run divided where commas do: a list of single letters, as in `vitamins B, E and T`, spells nothing."""
    first = 0
    for at, (before, after) in enumerate(pairwise(letters), 1):
        if _LISTED.search(text, before[1], after[0]):
            yield letters[first:at]
            first = at
    yield letters[first:]


def _spelled(text: str, letters: list[Span], index: TermIndex, phrases: Phrases, effort: Effort) -> Iterator[Suspect]:
    """The terms in a run of letters, for the first way to divide it into words in which there are any."""
    options = _options(text, letters)
    units: list[Unit] = []
    for cuts in _divisions(text, letters):
        units = [
            Unit(start, end, tuple(option + " " * (at in cuts) for option in options[at]))
            for at, (start, end) in enumerate(letters)
        ]
        found = list(_terms_in(text, units, index, effort))
        if found:
            yield from found
            return
    for parts in _phrases(options, index, effort):
        pieces = tuple(_closed_up(text, units, parts))
        yield Suspect(units[0].start, units[-1].end, (Reading(pieces, (Step.SPACED,)),))
        return
    if readings := tuple(_in_phrase(text, letters, options, index, phrases, effort)):
        yield Suspect(letters[0][0], letters[-1][1], readings)


def _in_phrase(
    text: str,
    letters: list[Span],
    options: list[tuple[str, ...]],
    index: TermIndex,
    phrases: Phrases,
    effort: Effort,
) -> Iterator[Reading]:
    """The reading of a run of letters as one word of a phrase whose others are written as usual: `d.i.e.t pills`."""
    start = letters[0][0]
    units = [Unit(first, last, options[at]) for at, (first, last) in enumerate(letters)]
    for word in words(units, text, index, effort):
        if index.extends(word.text + " ") or phrases.continues(start, word.text):
            phrases.note(start, word.text)
            read = {first: out for first, _, out in word.pieces}
            parts = [read.get(unit.start, text[unit.start : unit.end]) for unit in units]
            yield Reading(tuple(_closed_up(text, units, parts)), (Step.SPACED,))
            return


def _phrases(options: list[tuple[str, ...]], index: TermIndex, effort: Effort) -> Iterator[list[str]]:
    """Terms of several words whose words are not set apart more than their letters: `f r e e s p i n s`."""
    frontier: list[list[str]] = [[]]
    for unit in options:
        if not effort.spend(len(frontier) * len(unit) * 2):
            return
        longer = [[*parts, option + space] for parts in frontier for option in unit for space in ("", " ")]
        frontier = [parts for parts in longer if index.extends("".join(parts))][:_MOST_BEGINNINGS]
    yield from (parts for parts in frontier if index.get("".join(parts)) is not None)


def _options(text: str, letters: list[Span]) -> list[tuple[str, ...]]:
    """What each letter may be read as; one stretched to two or more, as itself once or twice."""
    run = "".join(text[start] for start, _ in letters)
    if len(letters) > _LONGEST_RUN:
        return [(text[start:end],) for start, end in letters]
    known = (lookalikes.ARABIC, lookalikes.CYRILLIC, lookalikes.latin())
    alphabets = [alphabet for alphabet in known if alphabet.letters.search(run)]
    found: list[tuple[str, ...]] = []
    for start, end in letters:
        first = text[start]
        foreign = (alphabet.table.get(first, "") for alphabet in alphabets if not alphabet.letters.match(first))
        once = (*dict.fromkeys("".join(foreign)), first)
        stretched = end - start > 1 and text[start + 1] == first
        signs = text[start:end].lstrip(first)
        found.append(tuple(option + signs for option in once) + tuple(option * 2 for option in once if stretched))
    return found


def _divisions(text: str, letters: list[Span]) -> list[frozenset[int]]:
    """Ways to divide a run into words: the letters behind which a word ends, the undivided run first."""
    gaps = [text[before[1] : after[0]] for before, after in pairwise(letters)]
    usual = Counter(gaps).most_common(1)[0][0]
    narrow = min(map(len, gaps))
    some_without = any(" " not in gap for gap in gaps)
    divisions = [
        frozenset[int](),
        frozenset(at for at, gap in enumerate(gaps) if " " in gap and (some_without or len(gap) > narrow)),
        frozenset(at for at, gap in enumerate(gaps) if gap != usual),
    ]
    return list(dict.fromkeys(divisions))


def _terms_in(text: str, units: list[Unit], index: TermIndex, effort: Effort) -> Iterator[Suspect]:
    taken = 0
    for word in words(units, text, index, effort):
        if not effort.spend(len(units)):
            return
        read = {start: out for start, _, out in word.pieces}
        parts = [read.get(unit.start, text[unit.start : unit.end]) for unit in units]
        offsets = {offset: at for at, offset in enumerate(accumulate(map(len, parts), initial=0))}
        for start, end in _terms_inside(word.text, index):
            first, last = offsets.get(start), offsets.get(end, offsets.get(end + 1))
            if first is None or last is None or first < taken:
                continue
            pieces = tuple(_closed_up(text, units[first:last], parts[first:last]))
            yield Suspect(units[first].start, units[last - 1].end, (Reading(pieces, (Step.SPACED,)),))
            taken = last


def _terms_inside(word: str, index: TermIndex) -> list[Span]:
    """Spans of the terms that count in a run of single letters, the longest first where they overlap."""
    found = [(first, last) for first, last, _ in index.find(word, range(len(word))) if _stands_alone(word, first, last)]
    kept: list[Span] = []
    for first, last in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
        if all(last <= start or end <= first for start, end in kept):
            kept.append((first, last))
    return sorted(kept)


def _stands_alone(word: str, first: int, last: int) -> bool:
    head = word[word.rfind(" ", 0, first) + 1 : first]
    tail = word[last:].partition(" ")[0]
    length = last - first
    behind = not head or head in CLITICS or (head in _ONE_LETTER_WORDS and length >= _SURE_BEHIND_ARTICLE)
    before = not tail or (tail in _LAST_WORDS and length >= _SURE_LENGTH)
    sure = length >= _SURE_LENGTH
    return (behind or (sure and len(head) >= _WHOLE_NEIGHBOUR)) and (before or (sure and len(tail) >= _WHOLE_NEIGHBOUR))


def _closed_up(text: str, units: list[Unit], parts: list[str]) -> Iterator[Piece]:
    """Pieces that read each unit as its part and drop what lies between."""
    for at, (unit, part) in enumerate(zip(units, parts, strict=True)):
        is_last = at == len(units) - 1
        end = unit.end if is_last else units[at + 1].start
        out = part.rstrip() if is_last else part
        if text[unit.start : end] != out:
            yield unit.start, end, out


def broken(text: str, start: int, end: int, index: TermIndex, effort: Effort) -> Iterator[Suspect]:
    """Words with symbols in them: `ca.sino`, `fu-ck`."""
    for match in _BROKEN.finditer(text, start, end):
        parts = [part.span() for part in _PART.finditer(text, *match.span())]
        if any(last - first > 1 for first, last in parts):  # else they are single letters, see `spaced`
            yield from _joined_parts(text, parts, index, effort)


def _joined_parts(text: str, parts: list[Span], index: TermIndex, effort: Effort) -> Iterator[Suspect]:
    first = 0
    while first < len(parts) - 1 and effort.spend(_MOST_PARTS):
        for last in range(min(len(parts), first + _MOST_PARTS), first + 1, -1):
            window = parts[first:last]
            word = "".join(text[start:end] for start, end in window)
            gaps = [(before[1], after[0]) for before, after in pairwise(window)]
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
