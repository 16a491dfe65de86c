"""Folding: one canonical form for texts and terms, with the way back to the original.

Two layers are kept. `letters` has every character folded but still has the symbols between them, which is where
evasion shows. `words`, the form that is matched, also joins spaces, `_` and hyphens into single spaces, so that
`online_casino`, `online-casino` and `online  casino` are one phrase.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from adsieve.detectors.text.chars import TABLE
from adsieve.detectors.text.layers import Layer, Piece, substitute
from adsieve.detectors.text.memo import LONGEST, Memo
from adsieve.detectors.text.sign_data import SIGNS

# What may fold together with what stands beside it, in ranges with room to spare. Every one of `SIGNS` is among it.
_UNUSUAL = re.compile(
    "[\u0306\u0308\u07a6-\u085b\u0900-\u1cff\u2cef-\u2cf1\u2d7f\u302a-\u302f\u3099\u309a\u3131-\u318e\u3200-\u327e"
    "\ua6f0\ua6f1\ua802-\uabff\uff9e-\uffdc\U000101fd-\U00016fff\U0001bc9d-\U0001d1ad\U0001da00-\U0001e94a"
    "\U0001f1e6-\U0001f1ff]"
)
_APART = re.compile("[иИуУіІ][\u0306\u0308]|[\u3041-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]")
_CONJOINING = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINALS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_VOWELS = 21
_JAMO = re.compile(f"[{_LEADS}][ㅏ-ㅣ](?:[{_FINALS}](?![ㅏ-ㅣ]))?")
_NASAL = re.compile("[ङञणनम]\u094d(?=[क-ह])")
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_FLAG_LENGTH = 2
_FLAG_A = 0x1F1E6
# Planes without a letter: only hostile texts use them, and would fill the table with what folds to itself.
_INERT = re.compile("([\U00040000-\U000dffff\U000f0000-\U0010ffff]+)")
_FEW = 64
_SEPARATORS = re.compile("[_-][ _-]*| [ _-]+")


class Folded:
    """A text, its folded forms and the way back.

    Args:
        original: the text.
        letters: every character folded, where that was done already, character by character.
        aligned: whether each of them became exactly one.

    Attributes:
        original: the text as given.
        letters: every character folded, symbols kept.
        words: what is matched: `letters` with separators joined into single spaces.
    """

    __slots__ = ("letters", "original", "words")

    def __init__(self, original: str, letters: str | None = None, *, aligned: bool = False) -> None:
        self.original = original
        base = Layer(original)
        if letters is None:
            self.letters = fold_letters(base)
        else:
            self.letters = Layer(letters, base, None if aligned else _table_pieces(original))
        self.words = join_separators(self.letters)

    @property
    def text(self) -> str:
        """The folded text."""
        return self.words.text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of `text[start:end]` in code points, extended over trailing characters that folding dropped."""
        return self.words.span(start, end)


def fold(text: str) -> Folded:
    """Fold text for matching. Never raises; folding a folded text changes nothing."""
    return Folded(text)


def fold_word(word: str) -> str:
    """The letters of what stands between two spaces: no character folds otherwise for what stands behind a space."""
    return fold_letters(Layer(word)).text if is_unusual(word) else _translate(word)


def is_aligned(word: str) -> bool:
    """Whether every character of a word, which was folded before, folds to exactly one."""
    return TABLE.irregular.isdisjoint(word)


def is_unusual(text: str) -> bool:
    """Whether characters may fold together, so that folding takes more than one step."""
    return not text.isascii() and _UNUSUAL.search(text) is not None


def fold_letters(layer: Layer) -> Layer:
    """The layer with every character folded."""
    unusual = is_unusual(layer.text)
    if unusual:
        layer = substitute(layer, _APART, _composed)
    layer = Layer(_translated(layer.text), layer, _table_pieces(layer.text))
    if unusual:
        # Each may lay bare what the next reads; invisible characters between are gone by now.
        layer = substitute(layer, _CONJOINING, _composed)
        layer = substitute(layer, _JAMO, _syllable)
        layer = substitute(layer, _NASAL, "\u0902")
        layer = substitute(layer, _FLAG_LETTERS, _spelled_flags)
        layer = substitute(layer, _stray_signs(), "")
    return layer


def join_separators(letters: Layer) -> Layer:
    """The layer in which every run of spaces, `_` and hyphens is one space."""
    text = letters.text.replace("-", " ").replace("_", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    if text == letters.text:
        return letters
    return Layer(text, letters, lambda: ((*run.span(), " ") for run in _SEPARATORS.finditer(letters.text)))


@cache
def _stray_signs() -> re.Pattern[str]:
    """Vowel signs of India and South-East Asia behind a letter or digit that can carry none."""
    return re.compile(f"(?<=[0-9a-z\u0370-\u06ff])[{SIGNS}]+")


def _translated(text: str) -> str:
    """Every character folded; word by word where that saves looking up each of them, as it does not in ASCII."""
    return text.translate(TABLE) if text.isascii() else " ".join(map(_WORDS.__getitem__, text.split(" ")))


def _translate(word: str) -> str:
    if word.isascii() or len(word) <= LONGEST or not _INERT.search(word):
        return word.translate(TABLE)
    pieces = _INERT.split(word)
    pieces[::2] = [piece.translate(TABLE) for piece in pieces[::2]]
    return "".join(pieces)


_WORDS = Memo(_translate)


def _table_pieces(text: str) -> Callable[[], Iterator[Piece]]:
    def pieces() -> Iterator[Piece]:
        # A search for one character is so much faster than a look at every one that it wins while there are few.
        irregular = TABLE.irregular
        met = filter(text.__contains__, tuple(irregular)) if len(irregular) < _FEW else irregular.intersection(text)
        places = ((at, character) for character in met for at in _places(text, character))
        for at, character in sorted(places):
            yield at, at + 1, str(TABLE[ord(character)])

    return pieces


def _places(text: str, character: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _syllable(match: re.Match[str]) -> str:
    """Hangul letters typed one by one, put together as they are read."""
    lead, vowel, final = match[0][0], match[0][1], match[0][2:]
    block = _LEADS.index(lead) * _VOWELS + ord(vowel) - ord("ㅏ")
    return chr(ord("가") + block * (len(_FINALS) + 1) + (_FINALS.index(final) + 1 if final else 0))


def _spelled_flags(match: re.Match[str]) -> str:
    """Regional indicators spell a word unless they are one flag; pairs of flags read as nonsense, which is harmless."""
    if len(match[0]) == _FLAG_LENGTH:
        return match[0]
    return "".join(chr(ord(letter) - _FLAG_A + ord("a")) for letter in match[0])
