"""Terms: words and phrases, found through every script's spelling and through attempts to hide them."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Self

from adsieve.detectors.base import Files, Row
from adsieve.detectors.text.fold import Folded, fold
from adsieve.detectors.text.index import MarisaIndex, integers, packed
from adsieve.detectors.text.words import SUFFIXES, clitic_starts, is_boundary, starts
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import PackageError, Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind, Material

_BITS = {Flag.PREFIX: 1, Flag.SUBSTRING: 2, Flag.CASE: 4, Flag.PLAIN: 8, Flag.SUFFIXES: 16}
_PREFIX, _SUBSTRING, _CASE, _PLAIN, _SUFFIXES = _BITS.values()
_DETAILED = 32
_SHORTEST_STEM = 3


class TermDetector:
    """Finds terms in texts through a memory-mapped index."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TERM})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.TEXT})

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """A term must have something left to match after folding."""
        if not fold(material.value).text.strip():
            yield Problem(material.source, "value", "has no letter, digit or symbol", "write the term to look for")

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`terms.*`: a trie of folded terms and, key by key, the rows behind it."""
        by_key: dict[str, list[Row]] = {}
        for number, material in rows:
            by_key.setdefault(fold(material.value).text.strip(), []).append((number, material))
        by_key.pop("", None)
        if not by_key:
            return {}
        trie_bytes, trie = MarisaIndex.build(list(by_key))
        ordered: list[list[Row]] = [[]] * len(by_key)
        for key, members in by_key.items():
            ordered[trie.key_id(key)] = sorted(members, key=lambda member: member[0])
        return {"terms.trie": trie_bytes, **_sidecars(ordered), "terms.json": _header(by_key)}

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`."""
        return cls(files)

    def __init__(self, files: Files) -> None:
        if not files:
            self._index = None
            return
        try:
            header = json.loads(bytes(files["terms.json"]))
            self._index: MarisaIndex | None = MarisaIndex.open(files["terms.trie"], header["longest"])
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("bad_term_index", f"terms.json: {error}") from error
        self._substrings = bool(header["substrings"])
        self._first = integers(files, "terms.first")
        self._rows = integers(files, "terms.rows")
        self._flags = files["terms.flags"]
        self._detail_entries = integers(files, "terms.details.entries")
        self._detail_ends = integers(files, "terms.details.ends")
        self._details = files["terms.details"]
        if len(self._first) != len(self._index) + 1 or len(self._flags) != len(self._rows):
            raise PackageError("bad_term_index", "terms.first and terms.rows do not fit terms.trie")

    def detect(self, part: Part) -> Iterator[Match]:
        """See `Detector.detect`."""
        if self._index is None:
            return
        folded = fold(part.text)
        text = folded.text
        positions = range(len(text)) if self._substrings else starts(text)
        for at in positions:
            begins = is_boundary(text, at)
            yield from self._matches(folded, at, at, begins=begins)
            if begins:
                for inside in clitic_starts(text, at):
                    yield from self._matches(folded, at, inside, begins=True)

    def _matches(self, folded: Folded, start: int, inside: int, *, begins: bool) -> Iterator[Match]:
        if self._index is None:
            return
        for key, number in self._index.at(folded.text, inside):
            end = inside + len(key)
            if inside > start and len(key) < _SHORTEST_STEM:
                continue
            for entry in range(self._first[number], self._first[number + 1]):
                flags = self._flags[entry]
                stop = _end(folded.text, end, flags)
                if stop is None or not (begins or flags & _SUBSTRING) or (inside > start and flags & _SUBSTRING):
                    continue
                match = self._match(folded, entry, (start, inside, stop), key)
                if match is not None:
                    yield match

    def _match(self, folded: Folded, entry: int, span: tuple[int, int, int], key: str) -> Match | None:
        start, inside, stop = span
        first, last = folded.span(start, stop)
        found = folded.original[first:last]
        value, unless = self._detail(entry, key)
        flags = self._flags[entry]
        if flags & (_CASE | _PLAIN) and not _literal(found, value, flags):
            return None
        if any(_covers(folded.text, phrase, inside, stop) for phrase in unless):
            return None
        how = [] if value in found else ["fold"]
        how += ["clitic"] * (inside > start) + ["suffix"] * (stop > inside + len(key))
        return Match(self._rows[entry], first, last, found, tuple(how))

    def _detail(self, entry: int, key: str) -> tuple[str, list[str]]:
        if not self._flags[entry] & _DETAILED:
            return key, []
        slot = bisect_left(self._detail_entries, entry)
        begin = self._detail_ends[slot - 1] if slot else 0
        value, *unless = json.loads(bytes(self._details[begin : self._detail_ends[slot]]))
        return value, unless


def _literal(found: str, value: str, flags: int) -> bool:
    if flags & _CASE:
        return value in found
    return value.casefold() in found.casefold()


def _covers(text: str, phrase: str, start: int, stop: int) -> bool:
    """Whether an occurrence of `phrase` contains the span."""
    at = text.find(phrase, max(0, stop - len(phrase)), start + len(phrase))
    return at >= 0


def _end(text: str, end: int, flags: int) -> int | None:
    """Where the match ends given the term's flags; None where it may not end there."""
    if flags & (_PREFIX | _SUBSTRING) or is_boundary(text, end):
        return end
    if flags & _SUFFIXES and (suffix := SUFFIXES.match(text, end)) and is_boundary(text, suffix.end()):
        return suffix.end()
    return None


def _sidecars(ordered: list[list[Row]]) -> dict[str, bytes]:
    first, numbers, flags = [0], [], bytearray()
    entries, ends, details = [], [], bytearray()
    for members in ordered:
        for number, material in members:
            detail = [material.value, *(fold(phrase).text.strip() for phrase in material.unless)]
            detailed = len(detail) > 1 or fold(material.value).text != material.value
            if detailed:
                entries.append(len(numbers))
                details += json.dumps(detail, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
                ends.append(len(details))
            numbers.append(number)
            flags.append(sum(_BITS.get(flag, 0) for flag in material.flags) | (_DETAILED if detailed else 0))
        first.append(len(numbers))
    return {
        "terms.first": packed(first),
        "terms.rows": packed(numbers),
        "terms.flags": bytes(flags),
        "terms.details.entries": packed(entries),
        "terms.details.ends": packed(ends),
        "terms.details": bytes(details),
    }


def _header(by_key: dict[str, list[Row]]) -> bytes:
    substrings = any(Flag.SUBSTRING in material.flags for members in by_key.values() for _, material in members)
    return json.dumps({"longest": max(map(len, by_key)), "substrings": substrings}, sort_keys=True).encode()
