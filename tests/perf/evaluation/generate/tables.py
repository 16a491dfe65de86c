"""Look-alike and styled letters that attacks draw from, written down for this project.

Each table maps plain letters to characters that a reader takes for them.
"""

import string
import unicodedata

LOWER = string.ascii_lowercase


def _row(letters: str, shapes: str) -> dict[str, str]:
    return dict(zip(letters, shapes, strict=True))


def _block(first: int, letters: str = LOWER) -> dict[str, str]:
    return {letter: chr(first + number) for number, letter in enumerate(letters)}


def _math(style: str) -> dict[str, str]:
    """Mathematical letters; the few that Unicode keeps among the letterlike symbols are filled in from there."""
    table = {}
    for letter in LOWER:
        names = (f"MATHEMATICAL {style} SMALL {letter}", f"SCRIPT SMALL {letter}", "PLANCK CONSTANT")
        table[letter] = next(unicodedata.lookup(name) for name in names if _known(name))
    return table


def _known(name: str) -> bool:
    try:
        unicodedata.lookup(name)
    except KeyError:
        return False
    return True


STYLES: dict[str, dict[str, str]] = {
    "math": _math("BOLD"),
    "math-italic": _math("ITALIC"),
    "math-script": _math("SCRIPT"),
    "math-bold-script": _math("BOLD SCRIPT"),
    "math-fraktur": _math("FRAKTUR"),
    "math-bold-fraktur": _math("BOLD FRAKTUR"),
    "math-double-struck": _math("DOUBLE-STRUCK"),
    "math-sans": _math("SANS-SERIF BOLD"),
    "math-mono": _math("MONOSPACE"),
    "fullwidth": _block(0xFF41),
    "fullwidth-capitals": _block(0xFF21),
    "circled": _block(0x24D0),
    "circled-capitals": _block(0x24B6),
    "circled-black": _block(0x1F150),
    "squared": _block(0x1F130),
    "squared-black": _block(0x1F170),
    "parenthesised": _block(0x249C),
    "regional": _block(0x1F1E6),
    "small-caps": _row(LOWER, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ"),
    "superscript": _row("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"),
    "syllabics": _row("abcdefhjlmnprsuvwx", "ᗩᗷᑕᗪᗴᖴᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯ᙭")
    | {"o": "O", "i": "I", "k": "K", "t": "T", "g": "G", "y": "Y"},
    "hooked": _row("acdefgiklmnoprstuvyz", "ąƈɖɛʄɠɨƙɭɱɳơƥɽʂƭųʋƴʐ") | {"b": "ɓ", "h": "ɦ", "w": "ŵ", "j": "ʝ", "q": "ʠ"},
    "currency": _row("acdeghiklnoprstu", "₳₵ĐɆ₲ⱧłꝀⱠ₦Ø₱Ɽ₴₮Ʉ") | {"m": "₥", "b": "฿", "w": "₩", "y": "Ɏ", "v": "V"},
    "lisu": _row("abcdefghijklmnoprstuvwxyz", "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ"),
}

HOMOGLYPHS: dict[str, dict[str, str]] = {
    "cyrillic": _row("aceijopsxyhdqwvlk", "асеіјорѕхуһԁԛԝѵӏк"),
    "greek": _row("aikoptuvxn", "αικορτυνχη"),
    "armenian": _row("oung", "օսոց") | {"h": "հ", "q": "զ"},
    "cherokee": _row("abcdeghijklmprstvwyz", "ᎪᏴᏟᎠᎬᏀᎻᏆᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᎩᏃ"),
}

ACCENTED = {
    "a": "àáâäãåā",
    "c": "çćč",
    "e": "èéêëē",
    "i": "ìíîïī",
    "n": "ñńň",
    "o": "òóôöõō",
    "r": "ŕř",
    "s": "śšş",
    "t": "ťţ",
    "u": "ùúûüū",
    "y": "ýÿ",
    "z": "źžż",
}

LEET = {
    "a": "4@",
    "b": "8",
    "e": "3",
    "g": "9",
    "i": "1!",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}

LEET_PLAIN = {"a": "4@", "e": "3", "i": "1", "o": "0", "s": "5$", "t": "7"}

LEET_RARE = {"c": "(<¢", "e": "€", "l": "£", "y": "¥", "u": "µ", "r": "®", "a": "^"}

LEET_LONG = {
    "a": ("/\\", "/-\\"),
    "b": ("|3",),
    "d": ("|)",),
    "h": ("|-|", "]-["),
    "k": ("|<",),
    "m": ("|\\/|",),
    "n": ("|\\|",),
    "o": ("()",),
    "p": ("|>",),
    "v": ("\\/",),
    "w": ("\\/\\/",),
}

TURNED = _row(LOWER, "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz")

INVISIBLE = {
    "zero-width": "\u200b\u200c\u200d\u2060\ufeff",
    "soft-hyphen": "\u00ad",
    "bidi": "\u200e\u200f\u202a\u202c\u2066\u2069",
    "variation-selector": "\ufe0f\ufe00\U000e0100",
    "filler": "\u3164\u115f\u034f\u180e\u2063",
    "tag": "".join(chr(0xE0000 + ord(letter)) for letter in LOWER),
}

OVERLAYS = "\u0336\u0335\u0332\u0333\u0337\u0338"
ZALGO = "\u0300\u0301\u0302\u0303\u0308\u030a\u0316\u0317\u0323\u0324\u0330\u0340\u0341\u0346\u0348\u0353\u035b"

# What Russian readers take for Cyrillic letters.
CYRILLIC_FROM_LATIN = _row("асеорхкмтуивнз", "aceopxkmtyubh3") | {"о": "0"}
CYRILLIC_LEET = {"а": "@4", "о": "0", "з": "3", "ч": "4", "б": "6", "в": "8"}
GREEK_FROM_LATIN = _row("αβικνορτυχ", "aBikvoptux")
