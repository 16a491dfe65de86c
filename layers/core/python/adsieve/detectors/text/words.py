"""Where words start and end, script by script."""

import re
import unicodedata
from collections.abc import Iterator

_JOINED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_SPACELESS = re.compile(f"[{_JOINED}]")
_ARABIC_WORD = re.compile("[\u0620-\u064a\u0671-\u06d3]")
CLITICS = frozenset(
    conjunction + preposition
    for conjunction in ("", "و", "ف")
    for preposition in ("", "ال", "ب", "ك", "ل", "بال", "كال", "لل", "هال", "عال", "يا")
) - {""}
_LONGEST_CLITIC = max(map(len, CLITICS))
SUFFIXES = re.compile("(?:ها|هم|كم|نا|ات|ون|ين|يه|ه|ي|ك)")
_SHORTEST_STEM = 3


def is_word(character: str) -> bool:
    """Letters, digits and the signs that belong to them; `_`, `#` and emoji are boundaries."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def is_spaceless(character: str) -> bool:
    """Whether the character's script writes words without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese)."""
    return bool(_SPACELESS.match(character))


def is_boundary(text: str, at: int) -> bool:
    """Whether a word may start or end at `at`."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if not (is_word(before) and is_word(after)):
        return True
    if unicodedata.category(after)[0] == "M":
        return False
    return is_spaceless(before) or is_spaceless(after)


def starts(text: str) -> Iterator[int]:
    """Positions at which a whole word may start."""
    return (at for at in range(len(text)) if text[at] != " " and is_boundary(text, at))


def clitic_starts(text: str, at: int) -> Iterator[int]:
    """Positions behind the Arabic clitics (and, the, in, like, for) that the word at `at` may begin with."""
    for length in range(1, _LONGEST_CLITIC + 1):
        inside = at + length
        if text[at:inside] in CLITICS and _ARABIC_WORD.match(text, inside):
            yield inside
