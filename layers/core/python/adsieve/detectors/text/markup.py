"""Markup inside words: what a browser shows for `c&#97;si<b>no</b>`."""

import re
from html import unescape

from adsieve.detectors.text.layers import Piece

HINT = re.compile(r"&(?:#\d|#[xX][0-9a-fA-F]|\w+;)|\w<[a-zA-Z/!]")
_REFERENCE = r"&(?:amp;){0,3}(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z]\w{1,30};)"
_TAG = r"<!--[^<>]{0,200}-->|</?[A-Za-z][^<>]{0,200}>"
_MARKUP = re.compile(f"{_REFERENCE}|(?:{_TAG})+")
_BREAK = re.compile(r"</?(?:br|p|div|li|td|th|tr|h[1-6]|section|article)\b", re.IGNORECASE)
_ESCAPED_AMPERSAND = re.compile("&(?:amp;)+")


def markup(original: str) -> list[Piece]:
    """What character references stand for, and nothing, or a space, for tags between two letters; in order."""
    if not HINT.search(original):
        return []
    pieces: list[Piece] = []
    for match in _MARKUP.finditer(original):
        start, end = match.span()
        if original[start] == "&":
            shown = unescape(_ESCAPED_AMPERSAND.sub("&", match[0]))
            if shown != match[0]:
                pieces.append((start, end, shown))
        elif start and end < len(original) and _continues(original[start - 1]) and _continues(original[end]):
            pieces.append((start, end, " " if _BREAK.search(match[0]) else ""))
    return pieces


def _continues(character: str) -> bool:
    """Whether a word may go on at this character: a letter or digit, or a reference to one."""
    return character.isalnum() or character in "&;"
