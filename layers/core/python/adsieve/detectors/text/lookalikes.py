"""What a character may stand for when it is not used as itself: look-alikes, leet and upside-down letters.

Unicode's own list of confusables (TR39) knows typefaces, not people: the alphabets below are those that text
generators on the web produce, and leet is what chat filters have to read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from adsieve.detectors.text.chars import fold_character
from adsieve.detectors.text.confusable_data import LOOKALIKES

_LATIN = "abcdefghijklmnopqrstuvwxyz"
# Each alphabet in the order of a to z; a space where it has no letter of its own.
_ALPHABETS = (
    "αв¢∂єƒﻮнιנкℓмησρqяѕтυνωχуz",
    "ค๒ς๔єŧﻮђเןкɭ๓ภ๏קợгรՇยשฬאץչ",
    "ąҍçժҽƒցհìʝҟӏʍղօքզɾʂէմѵաxվհ",
    "ǟɮƈɖɛʄɢɦɨʝӄʟʍռօքզʀֆȶʊʋաӽʏʐ",
    "ᗩᗷᑕᗪᗴᖴǥᕼiᒍᛕᒪᗰᑎᗝᑭɋᖇᔕtᑌᐯᗯ᙭ƴᘔ",
    "卂乃匚ᗪ乇千Ꮆ卄丨フҝㄥ爪几ㄖ卩ɋ尺丂ㄒㄩᐯ山乂ㄚ乙",
    "ム乃ᄃり乇キムんノフズレ爪刀のアゐ尺丂イひ√山メリ乙",
    "ꍏꌃꉓꀸꍟꎇꁅꃅꀤꀭꀘ꒒ꂵꈤꂦꉣꆰꋪꌗ꓄ꀎꃴꅏꊼꌩꁴ",
    "ꋬꃳꉔ꒯ꏂꊰꍌꁝ꒐꒻ꀘ꒒ꂵꋊꄲꉣꆰꋪꇙ꓄꒤꒦ꅐꉧꌦꁴ",
    "ᏗᏰፈᎴᏋᎦᎶᏂᎥᏠᏦᏝᎷᏁᎧᎮᎤᏒᏕᏖᏬᏉᏇጀᎩፚ",
    "ᎪᏴᏟᎠᎬғᏀᎻᏆᎫᏦᏞᎷΝᎤᏢϘᎡᏚᎢႮᏙᎳХᎩᏃ",
    "₳฿₵đɇ₣₲ⱨłj₭ⱡ₥₦ø₱qɽ₴₮ʉv₩ӿɏⱬ",
    "λбᄃdςғgή jкᄂмпөp яƨtцvщж z",
    "дбсдэфгнij лмиорqгстуvшхуз",
    "ⲁⲃⲥⲇⲉϝⳓⲏⲓϳⲕⳑⲙⲛⲟⲣⲫⲅⲋⲧⳙⲩⲱⲭⲩⲍ",
)
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "gq",
    "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "(": "c", "<": "c", "{": "c", "[": "c", "^": "a", "#": "h",
    "€": "e", "£": "le", "¥": "y", "¢": "c", "©": "c", "®": "r", "°": "o", "¡": "i", "§": "s", "†": "t", "‡": "t",
    "×": "x", "¶": "p", "¿": "c", "∆": "a", "△": "a", "▲": "a", "⭕": "o", "◯": "o", "○": "o", "●": "o", "⚪": "o",
    "⚫": "o", "🔴": "o", "🔵": "o", "🟠": "o", "🟡": "o", "🟢": "o", "🌕": "o", "🌑": "o", "⚽": "o", "🏀": "o",
    "🍩": "o", "🍪": "o", "🌎": "o", "🌍": "o", "🌐": "o", "❌": "x", "✖": "x", "✕": "x", "✗": "x", "✘": "x", "❎": "x",
    "💲": "s", "❗": "i", "❕": "i", "➕": "t", "✝": "t", "✞": "t", "☦": "t", "🗼": "a", "⛺": "a", "🪝": "j", "🐍": "s",
    "☪": "c", "🌙": "c", "🥖": "i", "🕯": "i", "📍": "i", "👁": "i", "ℹ": "i", "♏": "m", "♑": "n", "♉": "b", "🅱": "b",
}  # fmt: skip
SEQUENCES = {
    "|-|": "h", "|_|": "u", "(_)": "u", "/\\/\\": "m", "|\\/|": "m", "|v|": "m", "^^": "m", "\\/\\/": "w", "vv": "w",
    "/\\/": "n", "/-\\": "a", "|\\|": "n", "/\\": "a", "\\/": "v", "|<": "k", "|{": "k", "()": "o", "[]": "o", "<>": "o", "><": "x",
    "|3": "b", "|>": "p", "|)": "d", "[)": "d", "|=": "f", "|_": "l", "|2": "r", "_|": "j", "'/": "y", "}{": "h",
    "]-[": "h", "(-)": "h", "|*": "p", "5h": "sh",
}  # fmt: skip
"""Leet letters of several characters; longer ones first wins."""

_TURNED = dict(zip("ɐɔǝɟƃɥᴉɾʞןꞁɯɹʇʌʍʎ∀ⅎ⅁ᴚ⊥∩⅄˥⋊ᗡԁƐɓ", "acefghijkllmrtvwyafgrtuylkdpeg", strict=True))
_SWAPPED = dict(zip("bqdpnu6mw", "qbpdun9wm", strict=True))
TURNED_ONLY = frozenset("ɐɔǝɟƃɥᴉɾʞɯɹʇʍʎ∀ⅎ⅁ᴚ⊥⅄⋊")
"""Letters that hardly anybody writes but upside down."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The letters a word is meant in, and what other characters may stand for them.

    Attributes:
        letters: matches one letter of the script itself.
        table: character → the letters it may stand for, most likely first.
        sequences: whether letters may be drawn with several symbols.
    """

    letters: re.Pattern[str]
    table: Mapping[str, str]
    sequences: bool = False


@cache
def latin() -> Alphabet:
    """Latin, with everything that people draw Latin letters with."""
    table = {twin: letter for letter, twins in LOOKALIKES.items() for twin in twins}
    for alphabet in _ALPHABETS:
        for twin, letter in zip(alphabet, _LATIN, strict=False):
            folded = fold_character(twin)
            if len(folded) == 1 and folded > "\x7f" and letter not in table.get(folded, ""):
                table[folded] = table.get(folded, "") + letter
    for turned, letter in _TURNED.items():
        table.setdefault(turned, letter)
    return Alphabet(re.compile("[a-z]"), {**table, **_LEET}, sequences=True)


_EITHER = {"l": "i", "i": "l"}


@cache
def loose_latin() -> Alphabet:
    """The same for words with characters from elsewhere, where l and i may stand for each other as well."""
    strict = latin()
    loose = {twin: letters + _EITHER.get(letters, "") for twin, letters in strict.table.items()}
    return replace(strict, table={**loose, "l": "li", "i": "il"})


_TO_CYRILLIC = {
    "a": "а", "b": "вьб", "c": "с", "d": "д", "e": "е", "f": "ф", "g": "гд", "h": "нх", "i": "іи", "j": "ј", "k": "к",
    "l": "л", "m": "м", "n": "пн", "o": "о", "p": "рп", "r": "гр", "s": "ѕс", "t": "т", "u": "иу", "v": "в", "w": "ш",
    "x": "х", "y": "у", "z": "з", "0": "о", "1": "иі", "3": "зе", "4": "ча", "6": "б", "8": "в", "9": "яд", "@": "а",
    "$": "с", "!": "и", "€": "е", "і": "и", "ѕ": "с", "ј": "й", "α": "а", "ε": "е", "ο": "о", "ρ": "р", "ν": "и",
    "κ": "к", "τ": "т", "ɑ": "а", "π": "п", "μ": "м",
}  # fmt: skip
CYRILLIC = Alphabet(re.compile("[\u0400-\u052f]"), _TO_CYRILLIC)
"""Cyrillic, with the Latin letters, digits and symbols that are put into it."""

_TO_GREEK = {
    "a": "α", "b": "β", "c": "σ", "d": "δ", "e": "εη", "f": "φ", "g": "γ", "h": "ηχ", "i": "ι", "k": "κ", "l": "λ",
    "m": "μ", "n": "νηπ", "o": "ο", "p": "ρπ", "q": "θ", "r": "ρ", "s": "σ", "t": "τ", "u": "υ", "v": "νβ", "w": "ω",
    "x": "χξ", "y": "γυ", "z": "ζ", "0": "οθ", "1": "ι", "3": "εξ", "4": "α", "5": "σ", "7": "τ", "8": "θβ", "@": "α",
    "$": "σ", "!": "ι", "€": "ε", "а": "α", "в": "β", "е": "ε", "і": "ι", "к": "κ", "м": "μ", "н": "η", "о": "ο",
    "п": "π", "р": "ρ", "т": "τ", "у": "υγ", "х": "χ", "ф": "φ",
}  # fmt: skip
GREEK = Alphabet(re.compile("[\u0370-\u03ff]"), _TO_GREEK)
"""Greek, with the Latin and Cyrillic letters, digits and symbols that are put into it."""

_TO_ARABIC = {
    "0": "هو", "1": "ال", "2": "اء", "3": "ع", "4": "عش", "5": "هخ", "6": "ط", "7": "حخ", "8": "قغ", "9": "وقص",
    "@": "ا", "!": "ا", "|": "ا", "$": "سش", "a": "ا", "b": "ب", "c": "سك", "d": "د", "e": "يا", "f": "ف", "g": "جق",
    "h": "هح", "i": "اي", "j": "ج", "k": "ك", "l": "ال", "m": "م", "n": "ن", "o": "هو", "q": "ق", "r": "ر", "s": "س",
    "t": "ت", "u": "و", "v": "ف", "w": "و", "y": "ي", "z": "ز", "○": "ه", "°": "ه", "⭕": "ه", "ו": "ا",
}  # fmt: skip
ARABIC = Alphabet(re.compile("[\u0620-\u064a\u066e-\u06d3]"), _TO_ARABIC)
"""Arabic, with the Latin letters, digits and symbols that are put into it."""


def turn(letters: str) -> str:
    """Upside-down letters turned back, in the order in which they are then read."""
    return "".join(_TURNED.get(letter) or _SWAPPED.get(letter, letter) for letter in reversed(letters))
