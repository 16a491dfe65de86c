"""Recall and false positives, as a whole and by language and attack."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.perf.evaluation.cases import Case
from tests.perf.evaluation.engines import Found


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what an engine found in it."""

    case: Case
    found: list[Found]

    @property
    def right(self) -> bool:
        """Whether the engine said what the case expects: of a hit, in the right place where that is known."""
        return bool(self._good) if self.case.expected == "hit" else not self.found

    @property
    def exact(self) -> bool:
        """Whether some finding covers exactly the span of the case."""
        return any(found.span == self.case.span for found in self.found)

    @property
    def _good(self) -> list[Found]:
        """Findings that overlap the expected span."""
        span = self.case.span
        if span is None:
            return self.found
        return [found for found in self.found if found.span is None or _overlap(found.span, span)]


@dataclass(slots=True)
class Tally:
    """Counts of one group of cases; rates are None for a group without such cases."""

    hits: int = 0
    found: int = 0
    misses: int = 0
    flagged: int = 0
    spans: int = 0
    exact: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        if outcome.case.expected == "miss":
            self.misses += 1
            self.flagged += not outcome.right
            return
        self.hits += 1
        self.found += outcome.right
        if outcome.right and outcome.case.span and outcome.found[0].span:
            self.spans += 1
            self.exact += outcome.exact

    @property
    def recall(self) -> float | None:
        """Hits that were found."""
        return self.found / self.hits if self.hits else None

    @property
    def false_positives(self) -> float | None:
        """Misses that were flagged."""
        return self.flagged / self.misses if self.misses else None

    def to_dict(self) -> dict[str, int | float]:
        """JSON-ready counts that are not zero, and the rates of what there was."""
        names = ("hits", "found", "misses", "flagged", "spans", "exact")
        counts = {name: getattr(self, name) for name in names if getattr(self, name)}
        rates = {"recall": self.recall, "false_positives": self.false_positives}
        return counts | {name: round(rate, 4) for name, rate in rates.items() if rate is not None}


@dataclass(slots=True)
class Score:
    """Everything measured of one engine."""

    engine: str
    outcomes: list[Outcome]
    seconds: float = 0.0
    total: Tally = field(default_factory=Tally)
    languages: dict[str, Tally] = field(default_factory=dict)
    families: dict[str, Tally] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for outcome in self.outcomes:
            self.total.add(outcome)
        self.languages = tally_by(self.outcomes, lambda case: case.language)
        self.families = tally_by(self.outcomes, _family)

    @property
    def failures(self) -> list[Outcome]:
        """What the engine got wrong."""
        return [outcome for outcome in self.outcomes if not outcome.right]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the ids of all failures of the engine under test."""
        return {
            "engine": self.engine,
            "seconds": round(self.seconds, 2),
            "total": self.total.to_dict(),
            "languages": {name: tally.to_dict() for name, tally in self.languages.items()},
            "attacks": {name: tally.to_dict() for name, tally in self.families.items()},
            "failures": [outcome.case.id for outcome in self.failures],
        }


def score(engine: str, cases: Sequence[Case], found: Iterable[list[Found]], seconds: float = 0.0) -> Score:
    """Compare what was found with what the cases expect."""
    return Score(engine, [Outcome(case, one) for case, one in zip(cases, found, strict=True)], seconds)


def tally_by(outcomes: Iterable[Outcome], group: Callable[[Case], str]) -> dict[str, Tally]:
    """One tally for each value of `group`, in alphabetical order."""
    tallies: dict[str, Tally] = {}
    for outcome in outcomes:
        tallies.setdefault(group(outcome.case), Tally()).add(outcome)
    return dict(sorted(tallies.items()))


def _family(case: Case) -> str:
    """The first part of the attack's name, innocent words in evasive clothing apart."""
    innocent = case.attack.startswith("innocent-")
    family = case.attack.removeprefix("innocent-").split("-")[0]
    return f"innocent {family}" if innocent else family


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
