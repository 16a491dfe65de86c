"""Whether a folded match is the term, or another word that folding made equal to it.

Folding drops accents and merges letters. Most of the time that undoes a variant or a disguise (`cásino`, `كأس`), but
`año` is not `ano`, `göt` is not `got` and `كرة` (ball) is not `كره` (hate). A letter that is one of its own in some
language weighs more than an accent; many of them, or marks that no language stacks, weigh as evidence of a disguise.
"""

import re
import unicodedata

from adsieve.detectors.text.chars import fold_character

_SOFT_MARKS = frozenset("\u0300\u0301\u0302\u0304")  # grave, acute, circumflex, macron
_SOFT_ON_VOWELS = frozenset("ëïÿẽĩũ")
_TURKISH = re.compile("[ığşİĞŞ]")
_ARABIC_OWN = frozenset("پچژڤگٹڈڑڨڭ")
_TEH_MARBUTA = frozenset("ةۃۀ")
_HEH = frozenset("هہەھ")
# Shorter words have neighbours that differ in just such a letter; longer ones hardly ever do.
_LONG_BARE = 5
_LONG_OWN = 6
_LONG_ARABIC = 4
_LONG_TEH = 5
_MANY_OWN = 2


def same_word(found: list[str], wanted: list[str], key: str, original: str) -> bool:
    """Compare the letters of a match with those of its term, one by one.

    Args:
        found: the original characters behind each folded character of the match.
        wanted: the same for the term.
        key: the folded form that both share.
        original: the whole text, for the language it shows.
    """
    letters = sum(character.isalnum() for character in key)
    own = bare = 0
    for here, there, base in zip(found, wanted, key, strict=True):
        if here == there or not base.isalpha() or (here.isascii() and there.isascii() and here not in "Iı"):
            continue
        match _difference(here, there, base, original):
            case "noise":
                return True
            case "own":
                own += 1
            case "bare":
                bare += 1
            case "clash":
                return False
            case "teh" if letters < _LONG_TEH:
                return False
            case "arabic" if letters < _LONG_ARABIC:
                return False
    if bare and letters < _LONG_BARE:
        return False
    return not own or own >= _MANY_OWN or letters >= _LONG_OWN


def _difference(here: str, there: str, base: str, original: str) -> str:
    """How two spellings of one folded letter differ; empty where the difference means nothing."""
    here, there = _composed(here), _composed(there)
    if here == there:
        return ""
    if "\u0600" <= base <= "\u06ff":
        return _arabic_difference(here[:1], there[:1])
    if not base.isascii():
        return ""
    if len(here) > 1 and unicodedata.combining(here[-1]):
        return "noise"
    return _latin_difference(here, there, base, original)


def _latin_difference(here: str, there: str, base: str, original: str) -> str:
    if here == "I":
        here = "ı" if _TURKISH.search(original) else there
    plain_here, plain_there = _is_plain(here, base), _is_plain(there, base)
    if plain_here and plain_there:
        return ""
    if plain_here:
        return "bare"
    if plain_there:
        return "" if _is_soft(here) else "own"
    return "" if here == there or (_is_soft(here) and _is_soft(there)) else "clash"


def _is_plain(character: str, base: str) -> bool:
    """Whether it is the bare letter, or a way to write it that carries no mark (full-width, circled, ß for ss)."""
    return character == base or unicodedata.normalize("NFKC", character).casefold() == base or not _is_marked(character)


def _is_marked(character: str) -> bool:
    name = unicodedata.name(character[:1] or " ", "")
    return " WITH " in name or "DOTLESS" in name


def _is_soft(character: str) -> bool:
    decomposed = unicodedata.normalize("NFD", character)
    if character in _SOFT_ON_VOWELS:
        return True
    return len(decomposed) == 1 + 1 and decomposed[1] in _SOFT_MARKS


def _arabic_difference(here: str, there: str) -> str:
    if here in _TEH_MARBUTA and there in _HEH:
        return "teh"
    if here != there and (here in _ARABIC_OWN or there in _ARABIC_OWN):
        return "arabic"
    return ""


def _composed(characters: str) -> str:
    """One precomposed lower-case letter where there is one. A capital I stays: it may be the capital of i or of ı."""
    return "I" if characters == "I" else unicodedata.normalize("NFC", characters.replace("İ", "i").lower())


def clusters(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """The characters behind each span, without those that fold to nothing unless they are marks."""
    return ["".join(filter(_shows, text[start:end])) for start, end in spans]


def _shows(character: str) -> bool:
    return unicodedata.combining(character) != 0 or fold_character(character) != ""
