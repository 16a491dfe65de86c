"""Patterns: regular expressions over folded text, in linear time.

An expression is folded like the texts it meets (see `pattern.translate`): capitals, accents, digits of any script, and
hyphens or underscores instead of spaces make no difference. The flag `plain` matches the original text, capitals or not;
`case` matches it exactly as written. The values `@phone`, `@messenger` and `@price` are ready-made expressions.

Where an expression cannot match without certain letters it is only run over texts that have them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

from adsieve.detectors.base import Files, Row
from adsieve.detectors.pattern.problems import expression_of, options, too_general
from adsieve.detectors.pattern.translate import MARK, marked_text
from adsieve.detectors.text.fold import Folded, fold
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import PackageError, Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind, Material

_MEANINGLESS = frozenset({Flag.PREFIX, Flag.SUBSTRING, Flag.SUFFIXES})
_UNUSABLE = re.compile(f"[{MARK}\ud800-\udfff]")
_MAX_EXCEPTIONS = 1_000
"""Matches of one row that `unless` may cancel in one part; past that the text is made to hide something."""


class PatternDetector:
    """Finds pattern rows in texts."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.PATTERN})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.TEXT})

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """A pattern must compile in bounded space and must not match everything."""
        try:
            expression = expression_of(material.value, folded=_is_folded(material))
        except ValueError as error:
            yield Problem(material.source, "value", error.args[0], error.args[1])
            return
        if reason := too_general(expression):
            yield Problem(material.source, "value", reason, "add what must be there")
        if useless := sorted(material.flags & _MEANINGLESS):
            message = f"{', '.join(f'`{flag}`' for flag in useless)} means nothing for a pattern"
            yield Problem(material.source, "match", message, "use `\\b` where a word ends", "warning")

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`patterns.json`: what RE2 is to run, row by row."""
        if not rows:
            return {}
        entries = [_entry(number, material) for number, material in sorted(rows, key=lambda row: row[0])]
        return {"patterns.json": json.dumps(entries, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")}

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`."""
        if "patterns.json" not in files:
            return cls(())
        try:
            return cls([_Pattern(**entry) for entry in json.loads(bytes(files["patterns.json"]))])
        except (ValueError, TypeError) as error:
            raise PackageError("bad_patterns", f"patterns.json: {error}") from error

    def __init__(self, patterns: Sequence["_Pattern"]) -> None:
        self._patterns = patterns

    def detect(self, part: Part) -> Iterator[Match]:
        """See `Detector.detect`."""
        if not self._patterns:
            return
        texts = _Texts(part.text)
        for index in sorted(self._candidates(texts.folded.text)):
            yield from self._patterns[index].matches(texts)

    def _candidates(self, text: str) -> set[int]:
        """The patterns that may match: those that can do without letters, and those whose letters are there."""
        found = set(self._unconditional)
        if self._by_literal is not None:
            for _, indexes in self._by_literal.iter(text):
                found.update(indexes)
        return found

    @cached_property
    def _unconditional(self) -> list[int]:
        return [index for index, pattern in enumerate(self._patterns) if not pattern.literals]

    @cached_property
    def _by_literal(self) -> Any:
        """An automaton of all literals; built at the first text, in about 3 µs a literal."""
        import ahocorasick

        indexes: dict[str, list[int]] = {}
        for index, pattern in enumerate(self._patterns):
            for literal in pattern.literals:
                indexes.setdefault(literal, []).append(index)
        automaton = ahocorasick.Automaton()
        for literal, found in indexes.items():
            automaton.add_word(literal, found)
        automaton.make_automaton()
        return automaton if indexes else None


class _Texts:
    """A part in every form that patterns run over."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.folded: Folded = fold(original)

    @cached_property
    def marked(self) -> str:
        return marked_text(self.folded.text)

    @cached_property
    def marked_original(self) -> str:
        return marked_text(self.plain)

    @cached_property
    def plain(self) -> str:
        """The original with what could be taken for a mark, or cannot be encoded, replaced one for one."""
        return _UNUSABLE.sub(" ", self.original)


class _Pattern:
    def __init__(
        self,
        row: int,
        regex: str,
        literals: Sequence[str] = (),
        unless: Sequence[str] = (),
        *,
        marked: bool = False,
        folded: bool = True,
        sensitive: bool = True,
    ) -> None:
        self._row = row
        self._regex = regex
        self.literals = literals
        self._unless = unless
        self._marked = marked
        self._folded = folded
        self._sensitive = sensitive

    @cached_property
    def _compiled(self) -> Any:
        # RE2 is imported and the expression compiled (0.1 ms) only once a text may match it.
        import re2

        return re2.compile(self._regex, options(sensitive=self._sensitive))

    def matches(self, texts: _Texts) -> Iterator[Match]:
        """Every match, less those that `unless` covers."""
        text = self._text(texts)
        for count, found in enumerate(self._compiled.finditer(text)):
            start, end = found.span()
            if self._marked:
                start, end = start - text.count(MARK, 0, start), end - text.count(MARK, 0, end)
            if start == end or (count < _MAX_EXCEPTIONS and self._is_excepted(texts, start, end)):
                continue
            first, last = texts.folded.span(start, end) if self._folded else (start, end)
            seen = texts.original[first:last]
            how = ("fold",) if self._folded and seen != texts.folded.text[start:end] else ()
            yield Match(self._row, first, last, seen, how)

    def _text(self, texts: _Texts) -> str:
        if self._folded:
            return texts.marked if self._marked else texts.folded.text
        return texts.marked_original if self._marked else texts.plain

    def _is_excepted(self, texts: _Texts, start: int, end: int) -> bool:
        """Whether an occurrence of a phrase of `unless` contains the match."""
        if not self._unless:
            return False
        text = texts.folded.text if self._folded else texts.original.casefold()
        return any(text.find(phrase, max(0, end - len(phrase)), start + len(phrase)) >= 0 for phrase in self._unless)


def _is_folded(material: Material) -> bool:
    return not material.flags & {Flag.PLAIN, Flag.CASE}


def _entry(number: int, material: Material) -> dict[str, Any]:
    folded = _is_folded(material)
    expression = expression_of(material.value, folded=folded)
    entry: dict[str, Any] = {"row": number, "regex": expression.regex}
    if expression.literals:
        entry["literals"] = expression.literals
    if material.unless:
        entry["unless"] = [fold(phrase).text.strip() if folded else phrase.casefold() for phrase in material.unless]
    if expression.marked:
        entry["marked"] = True
    if not folded:
        entry |= {"folded": False, "sensitive": Flag.CASE in material.flags}
    return entry
