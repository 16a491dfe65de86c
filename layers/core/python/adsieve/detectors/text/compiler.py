"""From material rows to the files of a lexicon."""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator

from adsieve.detectors.base import Row
from adsieve.detectors.text import lexicon
from adsieve.detectors.text.arabic import article_variants
from adsieve.detectors.text.fold import fold
from adsieve.detectors.text.hashed import filtered, hashed
from adsieve.detectors.text.index import TermIndex, heads_of
from adsieve.detectors.text.latin import latin_forms
from adsieve.detectors.text.rasm import rasm_of
from adsieve.domain.material import Flag, Material

_BITS = {
    Flag.PREFIX: lexicon.PREFIX,
    Flag.SUBSTRING: lexicon.SUBSTRING,
    Flag.CASE: lexicon.CASE,
    Flag.PLAIN: lexicon.PLAIN,
    Flag.SUFFIXES: lexicon.SUFFIXES,
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_TRANSCRIBED = re.compile("(?<![aeq])(?:ae|oe|ue)")
_SHORTEST_TRANSCRIBED = 6
_APOSTROPHE = "'"
_NON_JOINER = "\u200c"
_UNSAFE = str.maketrans({"\0": None, "\1": None, **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")})


def key_of(value: str) -> str:
    """The folded form under which a term is found; empty where nothing is left to find."""
    return fold(value).text.strip()


def variants_of(material: Material, key: str) -> Iterator[str]:
    """Other keys of the same term: spellings that folding does not reach."""
    if material.flags & {Flag.PLAIN, Flag.CASE}:
        return
    yield from article_variants(key)
    if _APOSTROPHE in key and len(key) >= _SHORTEST_TRANSCRIBED:
        yield key.replace(_APOSTROPHE, "")
    if material.language in ("de", "sv", "da", "no", "nb"):
        plain = key_of(unicodedata.normalize("NFC", material.value).lower().translate(_UMLAUTS))
        if len(plain) >= _SHORTEST_TRANSCRIBED:
            yield plain
        if len(key) >= _SHORTEST_TRANSCRIBED:
            yield _TRANSCRIBED.sub(lambda match: match[0][0], key)
    if _NON_JOINER in material.value:
        yield key_of(material.value.replace(_NON_JOINER, " "))


class Draft:
    """Keys with their rows, collected in flat arrays: a million terms must compile in little memory."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.keys: list[str] = []
        self.rows = array("I")
        self.flags = bytearray()
        self._detail_rows = array("I")
        self._detail_ends = array("I")
        self._details = bytearray()
        for number, material in sorted(rows, key=lambda row: row[0]):
            self._add(number, material)

    def _add(self, number: int, material: Material) -> None:
        value = material.value.strip().translate(_UNSAFE)
        key = key_of(value)
        if not key:
            return
        unless = [phrase for phrase in map(key_of, material.unless) if phrase]
        flags = sum(_BITS.get(flag, 0) for flag in material.flags)
        if unless or value != key:
            flags |= lexicon.DETAILED
            self._describe(number, "\0".join([lexicon.spelling_of(value, key), *unless]))
        self._put(key, number, flags)
        for variant in dict.fromkeys(variants_of(material, key)):
            if variant not in ("", key):
                self._put(variant, number, flags | lexicon.VARIANT)

    def _put(self, key: str, row: int, flags: int) -> None:
        self.keys.append(key)
        self.rows.append(row)
        self.flags.append(flags)

    def _describe(self, row: int, record: str) -> None:
        self._details += record.encode()
        self._detail_rows.append(row)
        self._detail_ends.append(len(self._details))

    def files(self, index: TermIndex) -> dict[str, bytes]:
        """The sidecars for an index of `keys`."""
        rows, flags, shared = self._by_number(index)
        mains = dict.fromkeys(
            key
            for key, flag in zip(self.keys, self.flags, strict=True)
            if not flag & (lexicon.PLAIN | lexicon.CASE | lexicon.VARIANT)
        )
        return {
            "terms.json": self.header().to_bytes(),
            "terms.rows": lexicon.packed(rows),
            "terms.flags": bytes(flags),
            "terms.shared": lexicon.packed(shared),
            "terms.details.rows": lexicon.packed(self._detail_rows),
            "terms.details.ends": lexicon.packed(self._detail_ends),
            "terms.details": bytes(self._details),
            "terms.firsts": filtered(key.partition(" ")[0] for key in self.keys),
            "terms.rasm": lexicon.packed(
                hashed((form, _number(index, key)) for key in mains if (form := rasm_of(key)))
            ),
            "terms.latin": lexicon.packed(
                hashed((form, _number(index, key)) for key in mains for form in latin_forms(key))
            ),
        }

    def _by_number(self, index: TermIndex) -> tuple[array[int], bytearray, array[int]]:
        """Rows and flags in the order of the index, with lists for keys that several rows share."""
        rows, flags, shared = array("I", bytes(4 * len(index))), bytearray(len(index)), array("I")
        taken = bytearray(len(index))
        crowded: dict[int, list[tuple[int, int]]] = {}
        for key, row, flag in zip(self.keys, self.rows, self.flags, strict=True):
            number = _number(index, key)
            if not taken[number]:
                rows[number], flags[number], taken[number] = row, flag, 1
            else:
                crowded.setdefault(number, [(rows[number], flags[number])]).append((row, flag))
        for number in sorted(crowded):
            rows[number], flags[number] = len(shared), lexicon.SHARED
            shared.append(len(crowded[number]))
            shared.extend(value for pair in crowded[number] for value in pair)
        return rows, flags, shared

    def header(self) -> lexicon.Header:
        """What must be known before a look-up."""
        starts = {key[:2] for key, flag in zip(self.keys, self.flags, strict=True) if flag & lexicon.SUBSTRING}
        open_heads = {key[:2] for key, flag in zip(self.keys, self.flags, strict=True) if flag & lexicon.MAY_END_INSIDE}
        heads = heads_of(self.keys)
        return lexicon.Header(max(map(len, self.keys)), tuple(sorted(starts)), heads, tuple(sorted(open_heads)))


def _number(index: TermIndex, key: str) -> int:
    number = index.get(key)
    assert number is not None  # noqa: S101 - every key was put into the index
    return number
