"""Characters of links: one form for matching, with the way back to the original."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property

from adsieve.detectors.text.fold import fold

_ENCODED = re.compile(r"(?:%[0-9a-f]{2})+", re.IGNORECASE)
_DROPPED = re.compile("[\u034f\u0640\u064b-\u0655\u0670\ufe00-\ufe0f]")
_MAX_TABLE = 65_536
"""A bound on memory, far above what real text uses: hostile text cannot fill a worker with table entries."""

_BREAKS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")


def _link_character(character: str) -> str:
    """Compatibility forms and case go, accents stay: `münchen` and `munchen` are two sites."""
    category = unicodedata.category(character)
    if character in _BREAKS:
        return "\n"
    if character.isspace():
        return " "
    if category in ("Cc", "Cf") or _DROPPED.match(character):
        return ""
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category == "So":
        return fold(character).text
    return unicodedata.normalize("NFKC", character).casefold().replace("。", ".")


class _Table(dict[int, str]):
    """Code point → form in links, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        mapped = _link_character(chr(code))
        if len(self) < _MAX_TABLE:
            self[code] = mapped
        return mapped


_IN_TEXT = _Table()
_IN_LINK = _Table({ord(character): "" for character in "\t\n\r"})


class Mapped:
    """A text in its form for matching links.

    Attributes:
        original: the text as given.
        text: its form for matching.
    """

    def __init__(self, original: str, table: _Table = _IN_TEXT) -> None:
        self.original = original
        self.text = original.translate(table)
        self._table = table

    @cached_property
    def bounds(self) -> tuple[Sequence[int], Sequence[int]]:
        """Start and end in the original of each character; worked out only when a span is asked for."""
        if self.original.isascii() and len(self.text) == len(self.original):
            return range(len(self.text)), range(1, len(self.text) + 1)
        starts = [at for at, character in enumerate(self.original) for _ in self._table[ord(character)]]
        return starts, [start + 1 for start in starts]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of `text[start:end]`, which must not be empty."""
        starts, ends = self.bounds
        return starts[start], ends[end - 1]

    def decoded(self, start: int, end: int) -> "Mapped":
        """`text[start:end]` with percent-encoding undone once."""
        return _Decoded(self, start, end)


class _Decoded(Mapped):
    def __init__(self, parent: Mapped, start: int, end: int) -> None:
        self.original = parent.original
        starts, ends = parent.bounds
        pieces: list[tuple[str, int, int]] = []
        at = start
        for run in _ENCODED.finditer(parent.text, start, end):
            pieces += zip(parent.text[at : run.start()], starts[at : run.start()], ends[at : run.start()], strict=True)
            at = run.start()
            for character, width in _characters(bytes.fromhex(run[0].replace("%", ""))):
                until = at + 3 * width
                pieces += ((piece, starts[at], ends[until - 1]) for piece in _IN_LINK[ord(character)])
                at = until
        pieces += zip(parent.text[at:end], starts[at:end], ends[at:end], strict=True)
        self.text = "".join(piece for piece, _, _ in pieces)
        self._decoded = [first for _, first, _ in pieces], [last for _, _, last in pieces]

    @property
    def bounds(self) -> tuple[Sequence[int], Sequence[int]]:
        return self._decoded


def _characters(encoded: bytes) -> list[tuple[str, int]]:
    """Each character and its number of bytes; bytes that are no UTF-8 count as Latin-1."""
    try:
        return [(character, len(character.encode())) for character in encoded.decode()]
    except UnicodeDecodeError:
        return [(chr(byte), 1) for byte in encoded]


def in_text(text: str) -> Mapped:
    """A text that may hold links."""
    return Mapped(text)


def in_link(text: str) -> Mapped:
    """A text that is one link: tabs and line breaks inside it are dropped, as browsers do."""
    return Mapped(text, _IN_LINK)
