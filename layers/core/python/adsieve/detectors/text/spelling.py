"""Whether a folded match is the term, or another word that folding made equal to it.

Folding drops accents and merges letters. Most of the time that undoes a variant or a disguise (`cásino`, `کازينو`), but
`año` is not `ano`, `göt` is not `got` and `كرة` (ball) is not `كره` (hate). Long words hardly ever have such neighbours;
for short ones the language of the text decides, and marks that no language stacks are a disguise in any.
"""

import re
import unicodedata
from collections import Counter
from enum import Enum, auto

from adsieve.detectors.text import context
from adsieve.detectors.text.chars import fold_character


class Difference(Enum):
    """How a letter of a text differs from the letter of a term that folds alike."""

    NONE = auto()
    NOISE = auto()
    """Marks that no language writes: a disguise."""
    ACCENT = auto()
    """An accent that the term does not have."""
    LETTER = auto()
    """A letter of its own in some language (ñ, ö, ı) where the term has the plain one."""
    BARE = auto()
    """The plain letter where the term has a marked one."""
    BARE_ACCENT = auto()
    """The plain letter where the term has an accent that many leave out: prêt."""
    BARE_I = auto()
    """The plain i where the term has the Turkish dotless one."""
    CLASH = auto()
    """Two different marked letters."""
    FEMININE = auto()
    """The feminine ending ة where the term has ه."""
    SISTER = auto()
    """A Persian or Urdu letter (گ, چ, پ) where the term has the Arabic one nearest to it, or the other way round."""
    GLYPH = auto()
    """The same letter as another language writes it (ک for ك)."""
    STYLED = auto()
    """The plain letter in a typeface of its own (bold, small capital) where the term has a marked one."""
    HAN = auto()
    """A traditional character for a simplified one, or the other way round."""


_ADDED = frozenset({Difference.ACCENT, Difference.LETTER})
_LEFT_OUT = frozenset({Difference.BARE, Difference.BARE_ACCENT})
_SOFT_MARKS = frozenset("\u0300\u0301\u0302\u0304")  # grave, acute, circumflex, macron
_SOFT_LETTERS = frozenset("ëïÿ")
# Marked letters of living alphabets; any other is a disguise. Vietnamese has a block of its own.
_LIVING = frozenset(
    "áàâäãåāăąæçćčďđéèêëēėęěğģíìîïīįıķĺľłļñńňņóòôöõøőœŕřśšşșťțţúùûüūůűųýÿźżžơưảạấầẩẫậắằẳẵặẻẽẹếềểễệỉĩịỏọốồổỗộớờởỡợủũụứừửữựỳỷỹỵ"
)
# Not ڤ and ڨ: the sounds v and g that Arabic lacks, written with or without the dots.
_SISTERS = frozenset("پچژگٹڈڑڭ")
_FEMININE = frozenset("ةۃۀ")
_HEH = frozenset("هہەھ")
_GLYPHS = frozenset("کیہھےەې")
_TELLING = re.compile(
    f"[I\u00c0-\u024f\u0250-\u036f\u1e00-\u1eff\u3400-\u9fff{''.join(sorted(_SISTERS | _FEMININE | _GLYPHS | {'ھ'}))}]"
)
# Shortest words (in letters) for which a difference means nothing: shorter ones have neighbours that differ so.
_SURE = 6
_SURE_BARE = 5
_SURE_ARABIC = 5
_SURE_SISTER_LOCAL = 7
_SHORT = 4
_SURE_MOVED = 8
_NEVER = 1 << 30
_FEWEST_LETTERS = {
    Difference.BARE: _SURE_BARE,
    Difference.BARE_ACCENT: _SHORT,
    Difference.BARE_I: _SURE_BARE,
    Difference.STYLED: _SHORT,
    Difference.CLASH: _NEVER,
    Difference.FEMININE: _SURE_ARABIC,
    Difference.HAN: 2,
}


def same_word(found: list[str], wanted: list[str], key: str, original: str) -> bool:
    """Compare the letters of a match with those of its term, one by one.

    Args:
        found: the original characters behind each folded character of the match.
        wanted: the same for the term.
        key: the folded form that both share.
        original: the whole text, for the language it shows.
    """
    seen: Counter[Difference] = Counter()
    for here, there, base in zip(found, wanted, key, strict=True):
        if here != there and base.isalpha():
            seen[_difference(_composed(here), _composed(there), base, original)] += 1
    if Difference.NOISE in seen:
        return True
    # The gap between two words tells as much as a letter.
    letters = sum(map(str.isalpha, key)) + key.strip().count(" ")
    if letters <= _SURE_MOVED and seen.keys() & _ADDED and seen.keys() & _LEFT_OUT and _marks(found) != _marks(wanted):
        return False  # `mà tuy` is not `ma túy`, but `hóa` is `hoá`
    return all(_tolerable(difference, letters, original) for difference in seen)


def _marks(letters: list[str]) -> Counter[str]:
    """The accents of a word, wherever they stand."""
    return Counter(filter(unicodedata.combining, unicodedata.normalize("NFD", "".join(letters))))


def is_safe(found: str, value: str, original: str) -> bool:
    """Whether neither spelling has a letter that could make it another word; saves comparing letter by letter."""
    if found.isascii() and value.isascii():
        return "I" not in found or not context.has_turkish_letters(original)
    return not _TELLING.search(found) and not _TELLING.search(value)


def is_distinct(key: str, value: str, found: str) -> bool:
    """Whether a disguised word may be the term: not when only marks tell it apart that the word as found lacks."""
    if set(filter(str.isalpha, value.lower())) - set(key) <= set(unicodedata.normalize("NFC", found).lower()):
        return True
    if value.isascii() or not key.isascii():
        return True
    marked = [letter for letter in unicodedata.normalize("NFC", value.lower()) if not letter.isascii()]
    return len(key) >= (_SHORT if all(map(_is_soft, marked)) else _SURE_BARE)


def _tolerable(difference: Difference, letters: int, original: str) -> bool:
    """Whether a word of so many letters is still the term in spite of the difference."""
    match difference:
        case difference if difference in _FEWEST_LETTERS:
            return letters >= _FEWEST_LETTERS[difference]
        case Difference.ACCENT:
            return letters >= _SURE or not context.has_everyday_marks(original)
        case Difference.LETTER:
            return letters >= _SURE or (letters >= _SHORT and not context.has_everyday_marks(original))
        case Difference.SISTER:
            return letters >= (_SURE_SISTER_LOCAL if context.is_persian_or_urdu(original) else _SURE_ARABIC - 1)
        case Difference.GLYPH:
            return letters >= _SURE_ARABIC or not context.is_persian_or_urdu(original)
    return True


def _difference(here: str, there: str, base: str, original: str) -> Difference:
    if here == there:
        return Difference.NONE
    if base.isascii():
        if len(here) > 1 and unicodedata.combining(here[-1]):
            return Difference.NOISE
        return _latin_difference(here, there, base, original)
    if "\u0600" <= base <= "\u06ff":
        return _arabic_difference(here[:1], there[:1]) if here[:1] != there[:1] else Difference.NONE
    return Difference.HAN if base >= "\u3400" and not "\uac00" <= base <= "\ud7a3" else Difference.NONE


def _latin_difference(here: str, there: str, base: str, original: str) -> Difference:
    if here == "I" and there == "i" and context.has_turkish_letters(original):
        return Difference.BARE_I  # ı in Turkish, unless the keyboard has no İ
    if here == "I":
        here = there
    marked_here, marked_there = _is_marked(here, base), _is_marked(there, base)
    if marked_here and marked_there:
        both_soft = _is_soft(here) and _is_soft(there)
        return Difference.NONE if here == there or both_soft else Difference.CLASH
    if marked_here:
        return _added_mark(here)
    if not marked_there:
        return Difference.NONE
    return Difference.STYLED if here != base else _left_out_mark(there)


def _left_out_mark(there: str) -> Difference:
    if there == "ı":
        return Difference.BARE_I
    return Difference.BARE_ACCENT if _is_soft(there) else Difference.BARE


def _added_mark(here: str) -> Difference:
    if here not in _LIVING:
        return Difference.NOISE
    return Difference.ACCENT if _is_soft(here) else Difference.LETTER


def _is_marked(character: str, base: str) -> bool:
    """Whether the letter carries a mark; full-width, circled and mathematical letters carry none."""
    if character == base:
        return False
    name = unicodedata.name(character[:1] or " ", "")
    return " WITH " in name or "DOTLESS" in name


def _is_soft(character: str) -> bool:
    decomposed = unicodedata.normalize("NFD", character)
    return character in _SOFT_LETTERS or (len(decomposed) > 1 and set(decomposed[1:]) <= _SOFT_MARKS)


def _arabic_difference(here: str, there: str) -> Difference:
    if here in _FEMININE and there in _HEH:
        return Difference.FEMININE
    if here in _SISTERS or there in _SISTERS:
        return Difference.SISTER
    if here in _GLYPHS or there in _GLYPHS:
        return Difference.GLYPH
    return Difference.NONE


def _composed(characters: str) -> str:
    """One precomposed lower-case letter where there is one. A capital I stays: it may be the capital of i or of ı."""
    return "I" if characters == "I" else unicodedata.normalize("NFC", characters.replace("İ", "i").lower())


def clusters(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """The characters behind each span, without those that fold to nothing unless they are marks."""
    return ["".join(filter(_shows, text[start:end])) for start, end in spans]


def _shows(character: str) -> bool:
    return unicodedata.combining(character) != 0 or fold_character(character) != ""
