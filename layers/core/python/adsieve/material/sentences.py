"""Clean sentences out of raw texts: markup and placeholders gone, the right script, no doubles."""

import html
import re
import unicodedata
from collections.abc import Iterator

MARKUP = re.compile(r"<[^<>]{1,200}>|\$\([A-Za-z0-9_]+\)|%[0-9$.\-]*[a-zA-Z]|%\{?[A-Za-z0-9_]+\}?|\{[A-Za-z0-9_]*\}")
URL = re.compile(r"\S*(?:://|www\.|\.(?:org|com|net|html|conf|txt))\S*")
END = re.compile(r"(?<=[.!?؟۔।。！？…])\s+|(?<=[。！？])|\n\s*\n")
_LANGUAGE_TEXT = "ar bn de el en es fa fr he hi id it ja ko nl pl pt ru th tr uk ur vi zh"
LANGUAGES = frozenset(_LANGUAGE_TEXT.split())
"""Languages whose script is known here."""

SHORTEST, LONGEST = 12, 400
SHORTEST_WIDE = 6
WIDE = {"zh", "ja", "th", "ko"}
SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "ru": "CYRILLIC", "uk": "CYRILLIC", "he": "HEBREW"}
SCRIPTS |= {"hi": "DEVANAGARI", "bn": "BENGALI", "th": "THAI", "el": "GREEK", "ko": "HANGUL", "zh": "CJK", "ja": ""}
OWN_LETTERS = 0.6


def sentences(language: str, text: str) -> Iterator[str]:
    """Sentences of the text that are long enough and written in the language's script."""
    # A catalogue marks accelerator keys with `~`, `_` or `&` inside words.
    plain = html.unescape(MARKUP.sub(" ", URL.sub(" ", text))).replace("~", "").replace("_", "").replace("\ufffd", "")
    for part in END.split(plain):
        sentence = " ".join(part.split())
        shortest = SHORTEST_WIDE if language in WIDE else SHORTEST
        if shortest <= len(sentence) <= LONGEST and in_script(language, sentence) and _wordy(language, sentence):
            yield sentence


def _wordy(language: str, sentence: str) -> bool:
    return language in WIDE or sentence.count(" ") > 1


def in_script(language: str, sentence: str) -> bool:
    """Whether most letters are those that the language is written in."""
    letters = [character for character in sentence if character.isalpha()]
    script = SCRIPTS.get(language, "LATIN")
    own = sum(unicodedata.name(letter, "").startswith(script) for letter in letters)
    return bool(letters) and own >= OWN_LETTERS * len(letters)
