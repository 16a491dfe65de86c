"""The evaluation set: what a case is, and how the data files are read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.perf.evaluation.vocabulary import DATA, vocabularies

type Expected = Literal["hit", "miss"]


@dataclass(frozen=True, slots=True)
class Term:
    """One material row of kind `term`: the columns that decide how it matches."""

    value: str
    language: str
    match: str = ""
    unless: str = ""

    def row(self, number: int) -> dict[str, str]:
        """The row as `adsieve.compile_package` takes it."""
        row = {"id": f"T-{number}", "kind": "term", "policy": "gambling", "action": "REJECT"}
        row |= {"value": self.value, "language": self.language, "match": self.match, "unless": self.unless}
        return {column: cell for column, cell in row.items() if cell}


@dataclass(frozen=True, slots=True)
class Case:
    """One text and what an engine that knows `terms` must say about it.

    Attributes:
        attack: the phenomenon; of a miss, what might mislead an engine.
        terms: shorthands `language:value` or `language:value+flag`, `language:*` for the language's whole vocabulary,
            or objects with the fields of `Term`.
        span: code points of the original text that the finding should cover, half-open; None where readers may differ.
        note: why the case is right, where that is not plain.
    """

    id: str
    language: str
    attack: str
    terms: tuple[Term, ...]
    text: str
    expected: Expected
    span: tuple[int, int] | None = None
    note: str = ""
    written_terms: Sequence[Any] = field(default=(), compare=False)

    def to_json(self) -> str:
        """One line of a data file."""
        row: dict[str, Any] = {"id": self.id, "language": self.language, "attack": self.attack}
        row |= {"terms": list(self.written_terms), "text": self.text, "expected": self.expected}
        if self.span:
            row["span"] = list(self.span)
        if self.note:
            row["note"] = self.note
        return json.dumps(row, ensure_ascii=False)


def make_case(row: Mapping[str, Any]) -> Case:
    """A case from one decoded line; KeyError or ValueError where the line is not one."""
    span = row.get("span")
    expected = row["expected"]
    if expected not in {"hit", "miss"}:
        raise ValueError(f"{row['id']}: expected `{expected}`, want `hit` or `miss`")
    return Case(
        id=row["id"],
        language=row["language"],
        attack=row["attack"],
        terms=tuple(_terms(row["terms"])),
        text=row["text"],
        expected=expected,
        span=(span[0], span[1]) if span else None,
        note=row.get("note", ""),
        written_terms=tuple(row["terms"]),
    )


def load_cases(folder: Path = DATA) -> list[Case]:
    """Every case in a folder; ids are unique."""
    lines = [line for path in sorted(folder.rglob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    cases = [make_case(json.loads(line)) for line in lines]
    if len({case.id for case in cases}) != len(cases):
        raise ValueError("case ids repeat")
    return cases


def _terms(written: Iterable[Any]) -> Iterator[Term]:
    for entry in written:
        if isinstance(entry, dict):
            yield Term(**entry)
            continue
        language, _, rest = entry.partition(":")
        if rest == "*":
            yield from (Term(value, language) for value in vocabularies()[language].terms)
        else:
            value, _, match = rest.rpartition("+")
            # A sign at the end or before a number belongs to the term: `18+`, `+18`.
            yield Term(value, language, match) if match.isalpha() and value else Term(rest, language)
