"""What is measured: adsieve through its public API, and peers that know the same terms."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import ahocorasick

import adsieve
from adsieve.domain.policy import PolicyMatrix
from tests.perf.evaluation.cases import Case, Term
from tests.perf.evaluation.vocabulary import vocabularies

MARKET = "SA"
NO_RULES = PolicyMatrix((), {MARKET: ()})
"""Findings are what is measured, not decisions; without rules a package is compiled ten times faster."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing an engine found.

    Attributes:
        span: code points of the original text, half-open; None where the engine does not tell.
        how: the steps that the engine says it needed.
        term: the value that matched; empty where the engine does not tell.
    """

    span: tuple[int, int] | None = None
    how: tuple[str, ...] = ()
    term: str = ""


class Engine(Protocol):
    """Something that looks for terms in texts."""

    @property
    def name(self) -> str:
        """What the tables call it."""

    def run(self, cases: Sequence[Case]) -> list[list[Found]]:
        """What it finds in each case, knowing that case's terms only."""


@dataclass(frozen=True, slots=True)
class PerTerms:
    """An engine that is built once for every set of terms.

    Args:
        build: from terms to a function that looks at one text.
    """

    name: str
    build: Callable[[Sequence[Term]], Callable[[str], list[Found]]]

    def run(self, cases: Sequence[Case]) -> list[list[Found]]:
        """As `Engine.run`."""
        found: dict[str, list[Found]] = {}
        for terms, group in groupby(sorted(cases, key=lambda case: repr(case.terms)), key=lambda case: case.terms):
            look = self.build(terms)
            found |= {case.id: look(case.text) for case in group}
        return [found[case.id] for case in cases]


def adsieve_engine(extra: Iterable[Term] = (), name: str = "adsieve") -> PerTerms:
    """adsieve as a caller of the library sees it; `extra` rows are in every package besides the case's own."""
    others = tuple(extra)

    def build(terms: Sequence[Term]) -> Callable[[str], list[Found]]:
        rows = [term.row(number) for number, term in enumerate(dict.fromkeys((*terms, *others)), 1)]
        package = adsieve.compile_package(rows, matrix=NO_RULES)

        def look(text: str) -> list[Found]:
            verdict = adsieve.scan({"ad_id": "case", "markets": [MARKET], "texts": {"body": text}}, package)
            return [
                Found((finding.match.start, finding.match.end), finding.match.how, finding.material.value)
                for finding in verdict.findings
                if MARKET not in finding.cancelled_in
            ]

        return look

    return PerTerms(name, build)


def every_term() -> list[Term]:
    """The whole vocabulary as one list of material, as a real package would hold it."""
    return [Term(value, language) for language, words in vocabularies().items() for value in words.terms]


def plain_search() -> PerTerms:
    """Aho-Corasick over lower-cased text with a check of both word ends: what most services start with."""

    def build(terms: Sequence[Term]) -> Callable[[str], list[Found]]:
        automaton = ahocorasick.Automaton()
        for term in terms:
            automaton.add_word(term.value.lower(), len(term.value.lower()))
        automaton.make_automaton()

        def look(text: str) -> list[Found]:
            lowered = f" {text.lower()} "
            ends = ((end, length) for end, length in automaton.iter(lowered))
            spans = ((end - length, end) for end, length in ends)
            return [Found(span) for span in spans if not _inside_word(lowered, *span)]

        return look

    return PerTerms("pyahocorasick", build)


def _inside_word(padded: str, start: int, end: int) -> bool:
    """Whether a letter or digit touches the span, in a text that has a blank on either side."""
    return padded[start].isalnum() or padded[end + 1].isalnum()
