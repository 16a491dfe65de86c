"""Where words start and end, script by script."""

import re
import unicodedata
from functools import cache

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text.sign_data import SIGNS

HAN = "\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HIRAGANA = "\u3041-\u3096\u309d-\u309f"
HANGUL = "\uac00-\ud7a3\u3131-\u318e"
SYLLABIC = "\u0e01-\u0e4e\u0e81-\u0ecf\u1000-\u109f\u1780-\u17d3\uaa60-\uaa7f"
"""Thai, Lao, Burmese and Khmer: no spaces, but syllables that cannot be cut anywhere."""
SPACELESS = HAN + KATAKANA + HIRAGANA + HANGUL + SYLLABIC

ONE_ALPHABET = re.compile("[a-z]+|[\u0620-\u064a]+|[\u0370-\u052f]+")
"""A folded word of letters of one alphabet that is written with spaces: it starts nowhere but at its start."""

UNDIVIDED = re.compile("([a-z]+|[\u0620-\u063f\u0641-\u064a]+|[\u0400-\u0481\u048a-\u052f]+)[.,:;!?،؛؟]?")
"""A folded word, and perhaps a mark behind it, in which no key ends but at its end, unless it is one that may end inside."""

_SYMBOLS = lazy(r"[^\w\s]+")
_DIGIT_MEETING = lazy(r"[0-9](?=[^\W\d_])")
_RIGHT_TO_LEFT = lazy("[\u05d0-\u05ea\u0620-\u06ff]")
_LATIN_MEETING = lazy(
    "[a-z](?=[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3])|(?<=[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3])(?=[a-z])"
)
_NEEDS_CARE = lazy("[\u0900-\u1aff\u2e80-\ud7ff\uf900-\ufaff\U00010a00-\U0003ffff]")
_SPACELESS_RUN = lazy(f"[{SPACELESS}]+")
_SCRIPT = lazy(f"([{HAN}])|([{KATAKANA}])|([{HIRAGANA}])|([{HANGUL}])|([{SYLLABIC}])")
_HAN, _KATAKANA, _HIRAGANA, _HANGUL, _SYLLABIC = range(1, 6)
# Two syllables of kana or Hangul are inside too many ordinary words; three are as good as a word.
_LONG_ENOUGH = 3
_LONG_ENOUGH_LATIN = 4
_NEVER_FIRST = frozenset("ーンッァィゥェォャュョヮ")
_TWO_KATAKANA = lazy(f"[{KATAKANA}]{{2}}")
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ\u17d2\u1039")
_TRAILING_VOWELS = frozenset("ะาำๅະາຳ\u0ebd")
_ASAT = "\u103a"
_THAI_CONSONANT = lazy("[ก-ฮກ-ຮ]")
_NEVER_LAST = frozenset("ฉผฝหฮฌຜຝຫຮ")
"""Consonants that close no syllable: what begins with one begins there."""
_CARRIED_VOWEL = "ออ"
"""A consonant without a sound of its own and the vowel that it carries."""

_HANGUL_RUN = lazy("[\uac00-\ud7a3]+")
_PARTICLE = lazy(
    "(?:은|는|이|가|을|를|에|에서|에게|의|로|으로|와|과|도|만|까지|부터|보다|처럼|라도|이나|나|하고|한테|께|랑|이랑|들|야|아"
    "|하는|하다|한|할|해|했|합니다|이다|입니다|인|님|요)+"
)


def is_word(character: str) -> bool:
    """Letters, digits and the signs that belong to them; `_`, `#` and emoji are boundaries."""
    return character.isalnum() or (character > "\u02ff" and unicodedata.category(character)[0] == "M")


def word_starts(text: str, start: int = 0, end: int | None = None) -> list[int]:
    """Ascending positions in `text[start:end]` at which a word may start.

    That is the start of each word, behind a space or symbol, each symbol, every character of a script without
    spaces, a letter behind a digit, and where Latin meets Arabic or Hebrew.
    """
    end = len(text) if end is None else end
    starts: set[int] = set()
    symbolic = _SYMBOLS
    if not text.isascii() and _NEEDS_CARE.search(text, start, end):
        symbolic = _symbols_but_signs()
        for run in _SPACELESS_RUN.finditer(text, start, end):
            starts.update(range(run.start(), run.end() + 1))
    for symbols in symbolic.finditer(text, start, end):
        starts.update(range(symbols.start(), symbols.end() + 1))
    starts.update(digit.end() for digit in _DIGIT_MEETING.finditer(text, start, end))
    if not text.isascii() and _RIGHT_TO_LEFT.search(text, start, end):
        starts.update(meeting.end() for meeting in _LATIN_MEETING.finditer(text, start, end))
    at = start
    while at >= 0:
        starts.add(at)
        at = text.find(" ", at, end) + 1 or -1
    starts.discard(end)
    return sorted(starts)


@cache
def _symbols_but_signs() -> re.Pattern[str]:
    return lazy(f"[^\\w\\s{SIGNS}]+")


def is_edge(text: str, at: int, length: int) -> bool:
    """Whether a term of `length` characters may start or end at `at` without cutting a word in two.

    A number is no part of the word it is glued to (`casino777`), nor is Latin of an Arabic or Hebrew word.
    """
    if at <= 0 or at >= len(text) or text[at] == " ":
        return True
    before, after = text[at - 1], text[at]
    if before == " " or not (is_word(before) and is_word(after)):
        return True
    if before.isdigit() != after.isdigit():
        return length >= (_LONG_ENOUGH_LATIN if before.isascii() and after.isascii() else _LONG_ENOUGH)
    if after < "\u0900" and before < "\u0900":
        return _is_right_to_left(before) != _is_right_to_left(after) and length >= _LONG_ENOUGH
    return _cuts_well(text, at, length)


def _is_right_to_left(letter: str) -> bool:
    return "\u0590" <= letter <= "\u06ff"


def _cuts_well(text: str, at: int, length: int) -> bool:
    before, after = text[at - 1], text[at]
    if unicodedata.category(after)[0] == "M":
        return False
    script = _script(before)
    if script != _script(after):
        return True
    if script == _KATAKANA:
        return length >= _LONG_ENOUGH and not _is_scrap(text, at)
    if script in (_HIRAGANA, _HANGUL):
        return length >= _LONG_ENOUGH
    if script == _SYLLABIC:
        return before not in _LEADING_VOWELS and not _continues_syllable(text, at, length)
    return script == _HAN


def _is_scrap(text: str, at: int) -> bool:
    """Whether cutting a run of katakana at `at` leaves a piece that cannot be a word: one character, or `ー...`."""
    if text[at] in _NEVER_FIRST:
        return True
    return not (_TWO_KATAKANA.match(text, at) and _TWO_KATAKANA.search(text, max(at - 2, 0), at))


def _script(character: str) -> int:
    match = _SCRIPT.match(character)
    return match.lastindex or 0 if match else 0


def _continues_syllable(text: str, at: int, length: int) -> bool:
    """Whether the characters at `at` finish the syllable before them."""
    if text[at] in _TRAILING_VOWELS or text[at + 1 : at + 2] == _ASAT:
        return True
    if text[at] in _NEVER_LAST or text.startswith(_CARRIED_VOWEL, at):
        return False
    if length > _LONG_ENOUGH or not _THAI_CONSONANT.match(text[at]):
        return False
    # A short term is one syllable: a consonant behind it that carries no vowel of its own closes that syllable.
    following = text[at + 1 : at + 2]
    return not following or not (following in _TRAILING_VOWELS or unicodedata.category(following) == "Mn")


def particle_end(text: str, at: int) -> int:
    """End of the Korean particles at `at` where they finish the word; `at` itself otherwise."""
    run = _HANGUL_RUN.match(text, at)
    return run.end() if run and _PARTICLE.fullmatch(text, *run.span()) else at
