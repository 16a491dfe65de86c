"""What one character folds to, whatever stands around it."""

import re
import unicodedata

_WITH = re.compile(r"^LATIN (SMALL|CAPITAL) LETTER ([A-Z]{1,2}) WITH ")
_BOXED = re.compile(
    r"^(?:NEGATIVE |CROSSED NEGATIVE )?(?:SQUARED|CIRCLED|PARENTHESIZED) LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])$"
)
_SMALL_CAPITAL = re.compile(r"^LATIN LETTER SMALL CAPITAL ([A-Z])$")
_REPLACEMENT = "\ufffd"
_ARABIC = dict(zip("أإآٱٲٳٵىیېےۍئؤۀةہەھۂۃکڪگ", "ااااااايييييييوهههههههككك", strict=False))
_SPECIAL = {
    **_ARABIC,
    "ء": "ء",
    "ς": "σ",
    "ё": "е",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "þ": "th",
    "ð": "d",
    "đ": "d",
    "ł": "l",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
}
_DROPPED = frozenset("\u0640\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_FOREIGN_MARKS = re.compile("[\u0300-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff]")


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if character in _SPECIAL:
        return _SPECIAL[character]
    if category == "Cs":
        return _REPLACEMENT
    if character.isspace() or category in ("Zs", "Zl", "Zp"):
        return " "
    if category in ("Cc", "Cf") or character in _DROPPED:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if 0xAC00 <= ord(character) <= 0xD7A3 or 0x3040 <= ord(character) <= 0x30FF:
        return character
    if category[0] == "M":
        return "" if _drops(character) else unicodedata.normalize("NFD", character)
    name = unicodedata.name(character, "")
    if letter := _BOXED.match(name) or _SMALL_CAPITAL.match(name):
        return letter[1].lower()
    if latin := _WITH.match(name):
        return latin[2].lower()
    return _decompose(character)


def _drops(mark: str) -> bool:
    # Combining overlays and accents never carry meaning that matching needs; vowel signs of Indic scripts do.
    return bool(_FOREIGN_MARKS.match(mark)) or unicodedata.name(mark, "").startswith(("COMBINING", "VARIATION"))


def _decompose(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character).casefold()
    if parts == character:
        return character
    return "".join(fold_character(part) for part in parts)


class _Table(dict[int, str]):
    """Code point → folded string, worked out at first sight: nothing to load, and only what is met is kept."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        # A bound on memory, far above what real text uses: hostile text cannot fill a worker with table entries.
        if len(self) < 65536:
            self[code] = folded
        return folded


TABLE = _Table()


def fold_character(character: str) -> str:
    """The folded form of one character: lower case, without accents, possibly empty or longer than one."""
    return TABLE[ord(character)]
