"""The packaged combos: their words as terms, which combos each word may trigger, and the combos themselves.

Words are found by the term detector, so they are found through all that it sees through. Files:

- `combos.words.*`: the words, as the term detector compiles them; row numbers are word numbers.
- `combos.first`, `combos.rows`, …: for each word, the combos that it triggers, see `tables`.
- `combos.expressions`, `combos.offsets`: each combo as JSON `[row, expression, [exceptions]]`, and where it starts.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from adsieve.detectors.base import Files, Row
from adsieve.detectors.combo.expressions import Expression, encoded, triggers, words_of
from adsieve.detectors.combo.syntax import Word, parse_combo
from adsieve.detectors.tables import RowTable, integers, packed
from adsieve.detectors.terms import TermDetector
from adsieve.domain.decision import Action
from adsieve.domain.errors import PackageError
from adsieve.domain.material import Flag, Kind, Material

_WORDS = "combos.words."
_TERMS = "terms."
_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Combo:
    """A combo as packaged.

    Attributes:
        row: of the material.
        expression: see `expressions`.
        unless: phrases that cancel what they contain.
    """

    row: int
    expression: Expression
    unless: Sequence[str] = ()


class ComboIndex:
    """From a text to its words, and from words to the combos that may hold.

    Attributes:
        words: finds the words; a match's row is the number of the word.
    """

    @staticmethod
    def build(rows: Sequence[Row]) -> dict[str, bytes]:
        """`combos.*`; same rows, same bytes."""
        parsed = [(number, material, parse_combo(material.value)) for number, material in sorted(rows, key=_number)]
        terms: dict[Material, int] = {}

        def term_of(word: Word, material: Material) -> int:
            return terms.setdefault(as_term(word, material), len(terms))

        used = Counter(term_of(word, material) for _, material, node in parsed for word in words_of(node))
        triggered: list[list[tuple[int, Mapping[str, Any]]]] = [[] for _ in terms]
        offsets, expressions = [0], bytearray()
        for combo, (row, material, node) in enumerate(parsed):
            expression = encoded(node, partial(term_of, material=material))
            for word in triggers(expression, used):
                triggered[word].append((combo, {}))
            record = [row, expression, *([list(material.unless)] if material.unless else [])]
            expressions += json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            offsets.append(len(expressions))
        return {
            **_word_files(terms),
            "combos.offsets": packed(offsets),
            "combos.expressions": bytes(expressions),
            **RowTable.build("combos", triggered),
        }

    def __init__(self, files: Files) -> None:
        """Open the index over mapped files.

        Raises:
            PackageError: they contradict themselves.
        """
        named = {_TERMS + name.removeprefix(_WORDS): data for name, data in files.items() if name.startswith(_WORDS)}
        self.words = TermDetector.open(named)
        self._table = RowTable("combos", files)
        self._offsets = integers(files, "combos.offsets")
        self._expressions = files["combos.expressions"]
        if self._offsets[-1] != len(self._expressions):
            raise PackageError("bad_combo_index", "combos.offsets does not fit combos.expressions")
        self.combo = lru_cache(maxsize=_CACHED)(self._combo)

    def triggered(self, word: int) -> Iterator[int]:
        """Combos to look at where the word was found."""
        return (combo for combo, _ in self._table.entries(word))

    def _combo(self, number: int) -> Combo:
        return Combo(*json.loads(bytes(self._expressions[self._offsets[number] : self._offsets[number + 1]])))


def as_term(word: Word, material: Material) -> Material:
    """The term that a word of a combo is found as; equal for every combo that means the same word."""
    flags = material.flags | {Flag.PREFIX} if word.prefix else material.flags
    return Material("", Kind.TERM, word.text, "", Action.LOG, language=material.language, flags=flags)


def _word_files(terms: Mapping[Material, int]) -> dict[str, bytes]:
    rows = [(number, term) for term, number in terms.items()]
    return {_WORDS + name.removeprefix(_TERMS): data for name, data in TermDetector.compile(rows).items()}


def _number(row: Row) -> int:
    return row[0]
