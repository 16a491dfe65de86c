"""Arabic as it is typed in Latin letters and digits: `5amr`, `mo5adarat`, `7ashish`.

The way in is the skeleton of consonants, which many words share; then the vowels decide. A long vowel, which Arabic
writes, must stand in the Latin word too; a short one may.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

_SPELLINGS = {
    "sh": "c", "ch": "c", "kh": "x", "gh": "g", "dh": "zd", "th": "sz", "7'": "x", "3'": "g", "6'": "z", "9'": "d",
    "b": "b", "p": "b", "t": "t", "6": "t", "s": "s", "9": "sk", "j": "j", "g": "jkg", "7": "h", "h": "h", "5": "x",
    "2": "k", "d": "d", "z": "z", "r": "r", "4": "c", "8": "gk", "f": "f", "v": "f", "q": "k", "k": "k", "c": "k", "l": "l",
    "m": "m", "n": "n",
}  # fmt: skip
"""What a Latin spelling may be: one letter for each class of Arabic consonants."""

_LETTERS = {
    "ب": "b p", "ت": "t", "ث": "th s t", "ج": "j g dj", "ح": "7 h", "خ": "5 kh 7' x", "د": "d", "ذ": "th dh z d", "ر": "r",
    "ز": "z", "س": "s c", "ش": "sh ch 4", "ص": "s 9", "ض": "d 9' dh", "ط": "t 6", "ظ": "z th dh 6'", "غ": "gh 8 3' g",
    "ف": "f v", "ق": "q k 8 9 g 2", "ك": "k c q", "ل": "l", "م": "m", "ن": "n", "ه": "h",
}  # fmt: skip
"""How each Arabic consonant is typed."""

_VOWELS = {
    "ا": "[ae]{1,2}2?", "و": "[ouw]{1,2}[aeiou]?", "ي": "[iyej]{1,2}[aeou]?", "ى": "[iyej]{1,2}[aeou]?",
    "ع": "(?:3|[aeiou])?[aeiou]{0,2}", "ء": "[2']?[aeiou]?",
}  # fmt: skip
"""The same for letters that are vowels, or typed as one."""

_CLASS_OF = dict(zip("بتطثسصجحهخدضذزظرشغفقكلمن", "bttsssjhhxddzzzrcgfkklmn", strict=True))
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]{3,}")
_UNIT = re.compile("|".join(sorted(map(re.escape, _SPELLINGS), key=len, reverse=True)) + "|.")
_ARTICLE = re.compile("(?:w|wa|f|fa)?(?:b|bi|l|li|k|ka)?(?:al|el|il|l)?")
_MARKED = re.compile(r"[a-z]'?[235679]'?[a-z]|^[235-9][a-z]{2}|[a-z]{2}[35679]'?$")
_FEWEST_CONSONANTS = 2
_MOST_DOUBTS = 4


def is_marked(word: str) -> bool:
    """Whether digits are used as letters in the word."""
    return bool(_MARKED.search(word))


def skeleton_of(key: str) -> str:
    """The consonants of an Arabic word, as classes; empty for other terms and for those with too few."""
    if not _ARABIC.fullmatch(key):
        return ""
    skeleton = "".join(_CLASS_OF.get(letter, "") for letter in _bare(key))
    return skeleton if len(skeleton) >= _FEWEST_CONSONANTS else ""


def _bare(key: str) -> str:
    """Without the feminine ending, which Latin spelling writes as a, h, t or not at all."""
    return key.removesuffix("ه")


def skeletons(word: str) -> Iterator[str]:
    """Consonant skeletons that a Latin word may have, doubled consonants read once."""
    options: list[tuple[str, ...]] = []
    before = ""
    for unit in _UNIT.findall(word):
        if unit in _SPELLINGS and unit != before:
            # A glottal stop is no consonant of its own, or an Egyptian qaf.
            options.append(("", *_SPELLINGS[unit]) if unit == "2" else tuple(_SPELLINGS[unit]))
        before = unit
    if sum(len(option) > 1 for option in options) > _MOST_DOUBTS:
        return
    for classes in product(*options):
        yield "".join(classes)
        if classes and classes[-1] in "ht":
            yield "".join(classes[:-1])


def stems(word: str) -> Iterator[str]:
    """The word, and the word behind each of the prefixes (and, in, for, the) it may begin with."""
    yield word
    for match in (_ARTICLE.match(word), re.match("[wbfl]i?", word)):
        if match and match.end() and len(word) - match.end() >= _FEWEST_CONSONANTS + 1:
            yield word[match.end() :]


def spells(word: str, key: str) -> bool:
    """Whether the Latin word can be read as the Arabic one, vowels included."""
    return _reading(key).fullmatch(word) is not None


@lru_cache(maxsize=1024)
def _reading(key: str) -> re.Pattern[str]:
    parts = [_letter(letter, first=at == 0, last=at == len(key) - 1) for at, letter in enumerate(key)]
    return re.compile("".join(parts))


def _letter(letter: str, *, first: bool, last: bool) -> str:
    if letter == "ا" and first:
        return "2?[aeiou]{1,2}"
    if letter == "ه" and last:
        return "[aei]?[ht]?"
    if letter in _VOWELS:
        return _VOWELS[letter]
    spelled = sorted(_LETTERS.get(letter, letter).split(), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, spelled))}){{1,2}}[aeiou]{{0,2}}"
