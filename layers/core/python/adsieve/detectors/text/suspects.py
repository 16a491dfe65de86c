"""Spans of a text that look like disguised words: what they are, and which tokens are worth a look.

Every text pays for these searches, so each pattern begins with a class of characters that is rare in plain text.
"""

from collections.abc import Iterator
from typing import NamedTuple

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Piece
from adsieve.detectors.text.lookalikes import latin
from adsieve.detectors.text.sign_data import SIGNS


class Reading(NamedTuple):
    """One way to read a suspect span."""

    pieces: tuple[Piece, ...]
    steps: tuple[Step, ...]


class Suspect(NamedTuple):
    """A span that may be a disguised word, and its readings, most likely first."""

    start: int
    end: int
    readings: tuple[Reading, ...]


type Span = tuple[int, int]

TRIPLE = lazy(rf"([^\W\d_]|[{SIGNS}])\1\1")
_STRETCHED = lazy(rf"([^\W_]|[{SIGNS}])\1\1")
_ALL_DOUBLED = lazy(r"(?:([^\W\d_])\1++){3,}")
_DOUBLED_START = lazy(r" ([^\W\d_])\1")
CONTRACTIONS = frozenset(["s", "t", "re", "ll", "ve", "d", "m", "em", "n", "all"])
"""What English writes behind an apostrophe."""

# Looking for `aaa`, `bbb`, ... one by one is faster than a back-reference, which stops at every letter.
_LATIN_TRIPLES = tuple(letter * 3 for letter in "eoaiutslhmnrcfdgpkybvwxzjq")
_TRIPLES = _LATIN_TRIPLES + tuple(
    letter * 3 for letter in "اويهنلمرتبكسدعحجقفشصخضطذزثغظءپچژگٮаеёиоуыэюябвгджзйклмнпрстфхцчшщьъіїєґ"
)
_LESS_COMMON = lazy("[\u00df-\u042f\u0460-\u0620\u064b-\u0669\u0700-\uabff\uf900-\ufdff\U00010000-\U0003ffff]")
_SPACELESS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_SIGNED = "\u0900-\u1aff"  # scripts whose vowel signs are no word characters to `re`
_SYMBOL = lazy(
    rf"[^\w\s{_SIGNED}](?:(?<=[^\W\d_{_SPACELESS}].)(?:[^\w\s]{{0,2}}[^\W{_SPACELESS}]|(?<=[$@€£¥¢®©†]))"
    rf"|(?<=[^\W{_SPACELESS}].)[^\w\s]{{0,2}}[^\W\d{_SPACELESS}]|(?<=[@$€£¥¢!|(+<{{\[©®°§†×])(?=[^\W\d_{_SPACELESS}]))"
)
_DRAWN = lazy(r"\\/|/-?\\|\|[<>)3=]|\(\)|\[\]|vv")
_EDGE_MASK = lazy(r"[*#](?<=[^\W_]{5}.)(?=\s|$)")
_SIGNED_TEXT = lazy("[\u0900-\u1aff]")
_SIGNED_SYMBOL = lazy(rf"(?:[^\w\s{SIGNS}]|_)(?<=[{SIGNS}].)[^\w\s{SIGNS}]{{0,2}}[^\W_]")
_UNDERSCORE = lazy(r"_(?<=[^\W_].)[^\W_]")
_DIGIT = lazy(rf"\d(?:(?<=[^\W\d_{_SPACELESS}].)|(?=[^\W\d_{_SPACELESS}]))")
_LATIN_MEETING = lazy(r"[a-z](?:(?=[^\W\d_a-z])|(?<=[^\W\d_a-z].))")
_OTHER_MEETING = lazy(r"[^\W\d_a-z](?:(?=[a-z])|(?<=[a-z].))")
# Letters that imitate Latin ones; the Cyrillic ones are those that no large language writes.
_IMITATING = lazy("[卂匚乇丂ㄥㄖㄒㄩ乂ㄚ丨\u13a0-\u167f\ua000-\ua4ffѕјһѡѵԁԛԝӏ]")
_LOOKALIKE = lazy(
    "[\u0250-\u03ff\u0530-\u05ff\u0e00-\u0eff\u10a0-\u10ff\u13a0-\u167f\u2c60-\u2dff\ua000-\ua4ff\U00010280-\U000118ff]"
)
_PURE = lazy(
    "|".join(
        f"[{script}\\W\\d_]*"
        for script in ("a-z", "\u0370-\u03ff", "\u0400-\u052f", "\u0530-\u058f", "\u0590-\u05ff", "\u0620-\u06ff",
                       "\u0e00-\u0eff", "\u10a0-\u10ff", "\u1100-\u11ff\u3005-\u3007\u3040-\u318e\u3400-\u9fff\uac00-\ud7a3")
    )
)  # fmt: skip
_SHORTEST_IMITATION = 3
_PUNCTUATION = ".,;:!?'\"()[]#*"
_TOKEN = lazy(r"\S+")


def odd_tokens(letters: str) -> list[Span]:
    """Spans of the tokens that are more than plain words, numbers and punctuation."""
    patterns = [_SYMBOL, _DIGIT, _DRAWN]
    if "*" in letters or "#" in letters:
        patterns.append(_EDGE_MASK)
    if "_" in letters:
        patterns.append(_UNDERSCORE)
    if not letters.isascii():
        # The search must not stop at every letter: look for whichever of Latin and other letters is the rarer.
        patterns.append(_LATIN_MEETING if len(letters.encode()) > len(letters) * 1.5 else _OTHER_MEETING)
        if _SIGNED_TEXT.search(letters):
            patterns.append(_SIGNED_SYMBOL)
    odd: set[Span] = set()
    for pattern in patterns:
        end = 0
        while (match := pattern.search(letters, end)) is not None:
            start, end = _token_around(letters, *match.span())
            if not _is_contraction(letters[start:end]):
                odd.add((start, end))
    if not letters.isascii() and _LOOKALIKE.search(letters):
        odd.update(match.span() for match in _TOKEN.finditer(letters) if not _PURE.fullmatch(match[0]))
    if not letters.isascii() and _IMITATING.search(letters):
        odd.update(match.span() for match in _TOKEN.finditer(letters) if _is_imitation(match[0]))
    return sorted(odd)


def _token_around(letters: str, start: int, end: int) -> Span:
    start = letters.rfind(" ", 0, start + 1) + 1
    end = letters.find(" ", end)
    return start, len(letters) if end < 0 else end


def _is_contraction(token: str) -> bool:
    """Whether an apostrophe is all that is odd about it, as in `don't,`."""
    word, apostrophe, ending = token.partition("'")
    return bool(apostrophe) and word.isalpha() and ending.rstrip('.,!?;:")') in CONTRACTIONS


def _is_imitation(token: str) -> bool:
    """Whether a token in one foreign script consists of Latin look-alikes only, like `匚卂丂`."""
    table = latin().table
    word = token.strip(_PUNCTUATION)
    return len(word) >= _SHORTEST_IMITATION and all(character in table for character in word)


def repeated_tokens(letters: str) -> Iterator[Span]:
    """Spans of the tokens in which a letter stands three times or more in a row."""
    if not _LESS_COMMON.search(letters) and not any(triple in letters for triple in _triples(letters)):
        return
    end = 0
    for match in TRIPLE.finditer(letters):
        if match.start() >= end:
            start, end = _token_around(letters, *match.span())
            yield start, end


def doubled_tokens(letters: str) -> Iterator[Span]:
    """Spans of the tokens in which every letter stands twice or more in a row."""
    for match in _DOUBLED_START.finditer(" " + letters):
        start, end = _token_around(letters, match.start(), match.start() + 1)
        if _ALL_DOUBLED.match(letters, start, end):
            yield start, end


def is_stretched(word: str) -> bool:
    """Whether a character stands three times in a row, or every letter twice; a word of one letter is none."""
    return len(set(word)) > 1 and bool(_STRETCHED.search(word) or _ALL_DOUBLED.fullmatch(word))


def _triples(letters: str) -> tuple[str, ...]:
    return _LATIN_TRIPLES if letters.isascii() else _TRIPLES
