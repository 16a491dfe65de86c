"""What the tests of a material found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from adsieve.domain.canonical import digest
from adsieve.domain.decision import State
from adsieve.domain.guards import Evidence


class Outcome(StrEnum):
    """The verdict of one test; a warning stops nothing."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"
    NOT_RUN = "not run"


BEFORE_SHADOW = frozenset({"row", "cost"})
"""Tests that a step to SHADOW takes: what only records may be wrong, but neither broken nor slow."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One test.

    Attributes:
        name: stable word.
        number, limit: as measured, and the most (or least) that passes; None where there is none to tell.
        unit: what they count.
        detail: what a person must know, lower case, no final period.
        examples: texts or ids that show it.
    """

    name: str
    outcome: Outcome
    number: float | None = None
    limit: float | None = None
    unit: str = ""
    detail: str = ""
    examples: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "gate": self.name,
            "outcome": str(self.outcome),
            "number": self.number,
            "limit": self.limit,
            "unit": self.unit,
            "detail": self.detail,
            "examples": list(self.examples),
        }

    def __str__(self) -> str:
        number = "" if self.number is None else f" {self.number:g}"
        limit = "" if self.limit is None else f" (limit {self.limit:g} {self.unit})".replace(" )", ")")
        return f"{self.name}: {self.outcome}{number}{limit}" + (f": {self.detail}" if self.detail else "")


@dataclass(frozen=True, slots=True)
class MarketHits:
    """What a material would have done in one market.

    Attributes:
        ads: recent ads that run there.
        hits: of them, those that it matches.
        decisions: what it alone would have decided of them: decision → ads.
    """

    ads: int
    hits: int
    decisions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """All tests of one version of one material.

    Attributes:
        content: digest of the version.
        slack: by how much the limits were widened, 1 unless it is panic material.
        markets: what it would have hit, by market.
        hits_an_hour: of recent ads: what the breaker expects.
    """

    material_id: str
    content: str
    gates: tuple[Gate, ...]
    slack: float = 1.0
    markets: Mapping[str, MarketHits] = field(default_factory=dict)
    hits_an_hour: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether no test failed."""
        return all(gate.outcome is not Outcome.FAIL for gate in self.gates)

    def gate(self, name: str) -> Gate:
        """The test of that name."""
        return next(gate for gate in self.gates if gate.name == name)

    def failed(self, to: State) -> tuple[str, ...]:
        """What stands against a step, worded for people; beyond SHADOW a test that was not run stands against it too."""
        if to is State.SHADOW:
            counted = [gate for gate in self.gates if gate.name in BEFORE_SHADOW and gate.outcome is Outcome.FAIL]
        else:
            counted = [gate for gate in self.gates if gate.outcome in (Outcome.FAIL, Outcome.NOT_RUN)]
        return tuple(str(gate) for gate in counted)

    def evidence(self, to: State) -> Evidence:
        """What a step of the material's life rests on."""
        share = max((market.hits / market.ads for market in self.markets.values() if market.ads), default=0.0)
        return Evidence(gates=digest(self.to_dict()), failed=self.failed(to), share=share)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "material_id": self.material_id,
            "content": self.content,
            "ok": self.ok,
            "slack": self.slack,
            "gates": [gate.to_dict() for gate in self.gates],
            "markets": {
                market: {"ads": told.ads, "hits": told.hits, "decisions": dict(told.decisions)}
                for market, told in self.markets.items()
            },
            "hits_an_hour": self.hits_an_hour,
        }
