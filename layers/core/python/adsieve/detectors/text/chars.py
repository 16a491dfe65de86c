"""What one character folds to, whatever stands around it.

Folding is coarse on purpose: it drops every accent and merges letters that writers exchange, so that one key finds
all spellings. `spelling` then tells a true match (`cásino` for `casino`) from another word (`año` for `ano`).
"""

import re
import unicodedata

from adsieve.detectors.text.hanzi import simplified

_NAMED = re.compile(
    r"(?:(?P<script>LATIN|CYRILLIC) (?:SMALL|CAPITAL) LETTER (?P<letter>[A-Z]{1,5})"
    r"|(?P<arabic>ARABIC LETTER [A-Z]+)) WITH .+"
)
_ENCLOSED = re.compile(
    r"(?:(?:CROSSED )?NEGATIVE |RAISED )?(?:SQUARED|CIRCLED|PARENTHESIZED|OUTLINED) LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])"
)
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])(?: WITH .*)?")
_SQUARED_WORD = re.compile(r"SQUARED (CL|COOL|FREE|ID|NEW|NG|OK|SOS|UP|VS)(?: WITH .*)?")
_HALFWIDTH_JAMO = re.compile(r"HALFWIDTH (HANGUL LETTER .+)")
_DROPPED_MARK = re.compile(
    r"(COMBINING|ARABIC|HEBREW|SYRIAC|VARIATION|MONGOLIAN FREE|DEVANAGARI SIGN NUKTA|OLD PERMIC|GLAGOLITIC|KHMER VOWEL INH)"
)
_IRREGULAR_LETTERS = dict(
    zip(
        "ىیےۍې" "ةہەھۃۿ" "کڪ" "پچژڤگٹڈڑںڨڭ" "ۆۇۈۋۅۉ" "ёςךםןףץ" "øðđłıŋħ" "\u0671" "’‘ʼʻ`´′‛׳" "“”„‟″״" "\u0901\u0981",
        "ييييي" "هههههه" "كك" "بجزفكتدرنقك" "وووووو" "еσכמנפצ" "oddlinh" "\u0627" "'''''''''" '""""""' "\u0902\u0982",
        strict=True,
    )
)  # fmt: skip
_EXPANDED = {"æ": "ae", "œ": "oe", "þ": "th", "…": "...", "\u0640": "", "\u2800": " "}
# Letters of their own in languages that use them; the others of their shape (и, і, у) are different letters.
_KEPT = frozenset("йїў")
# Turned letters whose names claim that they are an ordinary letter with a hook or bar.
_TURNED = frozenset("ƃɾɟʞ")
# Letters without a shape: Hangul fillers, which are invisible between letters of any other script.
_FILLERS = "\u115f\u1160\u3164\uffa0"
_KNOWN = {**_IRREGULAR_LETTERS, **_EXPANDED, **dict.fromkeys(_FILLERS, "")}
_BY_CATEGORY = {"Cs": "\ufffd", "Cc": "", "Cf": ""}
_MOST_REMEMBERED = 1 << 16


def _fold(character: str) -> str:
    if (known := _KNOWN.get(character)) is not None:
        return known
    category = unicodedata.category(character)
    if category in ("Cn", "Co"):
        return character
    if character.isspace() or category[0] == "Z":
        return " "
    if (all_alike := _BY_CATEGORY.get(category)) is not None:
        return all_alike
    if category[0] == "M":
        return _fold_mark(character, category)
    return _fold_visible(character, category)


def _fold_visible(character: str, category: str) -> str:
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    if category == "Pd" or character == "\u2212":
        return "-"
    return simplified(character) if "\u3400" <= character <= "\u9fff" else _fold_letter(character)


def _fold_mark(mark: str, category: str) -> str:
    """Accents and vowel points go; vowel signs of the scripts of India and South-East Asia are letters in all but name."""
    if category == "Me" or _DROPPED_MARK.match(unicodedata.name(mark, "")):
        return ""
    decomposed = unicodedata.normalize("NFKD", mark)
    return mark if decomposed == mark else "".join(map(fold_character, decomposed))


def _fold_letter(character: str) -> str:
    if (small := character.lower()) in _KEPT:
        return small
    if character in _TURNED or _is_syllable(character):
        return character
    name = unicodedata.name(character, "")
    if shape := _of_shape(name):
        return shape
    for form in ("NFKC", "NFKD"):  # composed first: what makes up Hangul and kana is no accent
        plain = unicodedata.normalize(form, character).casefold()
        if plain.startswith(" "):
            return character  # a spacing accent is a symbol, not a space
        if plain != character:
            return "".join(map(fold_character, plain))
    return _base_letter(name) or _simple(character)


def _of_shape(name: str) -> str:
    """The letters that a name of the form `CIRCLED LATIN SMALL LETTER A` is about."""
    if match := _ENCLOSED.fullmatch(name) or _SMALL_CAPITAL.fullmatch(name) or _SQUARED_WORD.fullmatch(name):
        return match[1].lower()
    match = _HALFWIDTH_JAMO.fullmatch(name)
    return unicodedata.lookup(match[1]) if match else ""


def _simple(character: str) -> str:
    simple = simplified(character)
    return fold_character(simple) if simple != character else character


def _is_syllable(character: str) -> bool:
    """Hangul and kana: taking them apart would undo what makes them letters."""
    return "\uac00" <= character <= "\ud7a3" or "\u3041" <= character <= "\u30ff" or "\u3131" <= character <= "\u318e"


def _base_letter(name: str) -> str:
    """The letter that a name of the form `LATIN SMALL LETTER O WITH STROKE` is about."""
    match = _NAMED.fullmatch(name)
    if match is None:
        return ""
    base = match["arabic"] or f"{match['script']} SMALL LETTER {match['letter']}"
    try:
        return fold_character(unicodedata.lookup(base))
    except KeyError:
        return ""


class _Table(dict[int, int | str]):
    """Code point → folded code point or string, worked out at first sight: nothing to load at import."""

    def __init__(self) -> None:
        super().__init__()
        self.irregular: set[str] = set()

    def __missing__(self, code: int) -> int | str:
        folded = _fold(chr(code))
        value: int | str = ord(folded) if len(folded) == 1 else folded
        # A bound on memory, far above what real text uses. A full table starts afresh: a text of every character there
        # is must not make those behind it slow.
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[code] = value
        if len(folded) != 1:
            self.irregular.add(chr(code))
        return value


TABLE = _Table()
"""For `str.translate`. `TABLE.irregular` holds the characters met so far that do not fold to exactly one."""


def fold_character(character: str) -> str:
    """The folded form of one character: lower case, without accents, possibly empty or longer than one."""
    value = TABLE[ord(character)]
    return chr(value) if isinstance(value, int) else value
