"""Arabic written without its dots, a way to slip past filters that readers hardly notice.

Most dotless forms are words of their own: `عرض` (offer) and `عرص` share one, `بنك` (bank) and another word share one.
So a text is read this way only where it shows letters that nobody writes by accident, and only words that have lost
every dot count.
"""

import re
from collections.abc import Iterator

from adsieve.detectors.text.arabic import CLITICS
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.lexicon import Lexicon

_CLASSES = {
    "ٮ": "بتثنيٮںىپٹ", "ح": "جحخچ", "د": "دذڈ", "ر": "رزژڑ", "س": "سش", "ص": "صض", "ط": "طظ", "ع": "عغ", "ڡ": "فقڡٯڤڨ",
}  # fmt: skip
_RASM = str.maketrans({letter: base for base, letters in _CLASSES.items() for letter in letters})
_DOTTED = re.compile("[بتثنيجخذزشضظغفقةپچژڤ]")
TELLTALE = re.compile("[ٮڡٯ]")
_ARABIC_KEY = re.compile("[\u0620-\u064a ]+")
_WORD = re.compile("[\u0620-\u063f\u0641-\u064a\u066e\u066f\u06a1\u06ba]+")
_SHORTEST = 3
_LONGEST_PHRASE = 4
_PRICE = 4


def rasm_of(key: str) -> str:
    """The letter skeleton of an Arabic term; empty for other terms and for those too short to tell apart."""
    if len(key.replace(" ", "")) < _SHORTEST or not _ARABIC_KEY.fullmatch(key):
        return ""
    return key.translate(_RASM)


def dotless(text: str, lexicon: Lexicon, effort: Effort) -> Iterator[tuple[int, int, int]]:
    """(start, end, key number) of terms written without dots, in folded text."""
    if text.isascii() or not TELLTALE.search(text):
        return
    words = [match.span() for match in _WORD.finditer(text)]
    for first, (start, end) in enumerate(words):
        if not TELLTALE.search(text, start, min(end + 1, len(text))) and not _follows_dotless(text, words, first):
            continue
        for last in range(first, min(first + _LONGEST_PHRASE, len(words))):
            if not effort.spend(_PRICE):
                return
            yield from _matches(text, start, words[last][1], lexicon)


def _follows_dotless(text: str, words: list[tuple[int, int]], at: int) -> bool:
    """Whether a neighbour is dotless: then a word that shows no telltale letter may have lost its dots too."""
    neighbours = words[max(at - 1, 0) : at] + words[at + 1 : at + 2]
    return any(TELLTALE.search(text, start, end) for start, end in neighbours)


def _matches(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    written = text[start:end]
    skeleton = written.translate(_RASM)
    for head in range(min(6, len(written))):
        if head and skeleton[:head] not in _CLITIC_SKELETONS:
            continue
        for number in lexicon.rasm.get(skeleton[head:]):
            key = lexicon.index.key(number)
            if rasm_of(key) == skeleton[head:] and _lost_dots(written[head:], key):
                yield start, end, number


def _lost_dots(written: str, key: str) -> bool:
    """Every letter is the term's own or its dotless form, and at least one has lost its dots."""
    pairs = [(here, there) for here, there in zip(written, key, strict=True) if here != there]
    return bool(pairs) and not any(_DOTTED.match(here) for here, _ in pairs)


_CLITIC_SKELETONS = frozenset(clitic.translate(_RASM) for clitic in CLITICS)
