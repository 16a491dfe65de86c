"""What one odd token of a text can be read as, worked out once for all texts that have it."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from adsieve.detectors.text.disguise import Chunk, chunks_of
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.lookalikes import CYRILLIC
from adsieve.detectors.text.masks import masked
from adsieve.detectors.text.memo import LONGEST, Memo
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.spacing import broken
from adsieve.detectors.text.suspects import Suspect, moved

_MOST = 1 << 10
_NEIGHBOURHOOD = 100
_CYRILLIC_LETTER = "а"
_CHARACTERS_A_UNIT = 2


class _Readings(NamedTuple):
    """What a token may be, whatever stands around it, and what it took to find that out."""

    broken: tuple[Suspect, ...]
    chunks: tuple[tuple[Chunk, ...], ...]
    masked: tuple[Chunk, ...]
    price: int


class TokenReader:
    """Reads odd tokens as words of an index.

    Attributes:
        index: the terms.
    """

    def __init__(self, index: TermIndex) -> None:
        self.index = index
        self._memos = {around: Memo(partial(self._read_afresh, around), _MOST) for around in ("", _CYRILLIC_LETTER)}

    def suspects(self, text: str, start: int, end: int, phrases: Phrases, effort: Effort) -> Iterator[Suspect]:
        """The suspects in the token at `text[start:end]`; none once the effort is exhausted."""
        around = ""
        if not text.isascii() and CYRILLIC.letters.search(text, max(start - _NEIGHBOURHOOD, 0), end + _NEIGHBOURHOOD):
            around = _CYRILLIC_LETTER
        token = text[start:end]
        if not effort.spend(1 + len(token) // _CHARACTERS_A_UNIT):
            return
        readings = self._memos[around][token] if len(token) <= LONGEST else self._read(around, token, effort)
        if not effort.spend(readings.price):
            return
        yield from (_moved(suspect, start) for suspect in readings.broken)
        for chunks in readings.chunks:
            suspects = (chunk.suspect(start, phrases) for chunk in chunks)
            if suspect := next(filter(None, suspects), None):
                yield suspect
        yield from filter(None, (chunk.suspect(start, phrases) for chunk in readings.masked))

    def _read_afresh(self, around: str, token: str) -> _Readings:
        return self._read(around, token, Effort())

    def _read(self, around: str, token: str, effort: Effort) -> _Readings:
        return _Readings(
            tuple(broken(token, 0, len(token), self.index, effort)),
            tuple(chunks_of(token, around, self.index, effort)),
            tuple(masked(token, self.index, effort)),
            0 if len(token) > LONGEST else effort.spent,
        )


def _moved(suspect: Suspect, by: int) -> Suspect:
    return Suspect(suspect.start + by, suspect.end + by, tuple(moved(reading, by) for reading in suspect.readings))
