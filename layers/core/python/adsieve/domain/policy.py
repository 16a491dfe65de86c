"""The policy matrix: what each policy does with an ad in each market, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from adsieve.domain.decision import Effect

GLOBAL = "*"
_FACTS = {
    "licence": "licences",
    "certificate": "certificates",
    "permit": "permits",
    "written_permission": "written_permissions",
    "disclaimer": "disclaimers",
    "label": "labels",
}
REQUIREMENTS = frozenset(_FACTS)


@dataclass(frozen=True, slots=True)
class PolicyCell:
    """One rule: what `policy` does in `market`, and where that is written.

    Attributes:
        market: ISO code, group name, or `*` for everywhere; the most specific cell wins.
        min_age: youngest audience in years, for RESTRICT.
        requires: what the advertiser must hold, for RESTRICT; words of `REQUIREMENTS`.
        basis: whose rule it is, e.g. the platform or the law.
        confidence: 0 unverified, 1 recalled or indirect, 2 read in the source.
        review_by: day on which somebody must look at the source again.
    """

    policy: str
    market: str
    effect: Effect
    source: str
    retrieved: date
    confidence: int
    review_by: date
    min_age: int | None = None
    requires: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    basis: str = ""
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the rule applies on `day`; both ends count."""
        started = self.effective_from is None or self.effective_from <= day
        return started and (self.effective_to is None or day <= self.effective_to)

    def unmet(self, facts: Mapping[str, Any], market: str) -> tuple[str, ...]:
        """What the advertiser's facts leave open in `market`, worded for a reviewer; empty when all is met.

        A fact counts for a market when it reads `<market>:<policy>`, as in `{"licences": ["GB:gambling"]}`.
        """
        missing = []
        age = facts.get("min_age")
        old_enough = isinstance(age, int | float) and self.min_age is not None and age >= self.min_age
        if self.min_age is not None and not old_enough:
            missing.append(f"min_age {self.min_age}")
        for requirement in self.requires:
            held = facts.get(_FACTS[requirement])
            wanted = f"{market}:{self.policy}"
            if not isinstance(held, list | tuple) or wanted not in held:
                missing.append(f"{requirement} {wanted}")
        return tuple(missing)


class PolicyMatrix:
    """Cells, markets and groups; answers which single cell rules a (policy, market).

    Args:
        cells: rules in any order; several may overlap.
        groups: market → names of the groups it belongs to. Its keys are the markets of the matrix.
    """

    def __init__(self, cells: Iterable[PolicyCell], groups: Mapping[str, Iterable[str]]) -> None:
        self.cells = tuple(cells)
        self.groups = {market: frozenset(names) for market, names in groups.items()}
        self.markets = tuple(self.groups)
        self.policies = tuple(dict.fromkeys(cell.policy for cell in self.cells))
        self._by_policy: dict[str, list[PolicyCell]] = {}
        for cell in self.cells:
            self._by_policy.setdefault(cell.policy, []).append(cell)

    def resolve(self, policy: str, market: str, day: date) -> PolicyCell | None:
        """The cell in force: most specific first (market, group, everywhere), then strictest. None: no rule."""
        candidates = [
            (self._specificity(cell, market), cell.effect, cell)
            for cell in self._by_policy.get(policy, ())
            if cell.in_force(day) and self._specificity(cell, market)
        ]
        return max(candidates, key=lambda candidate: candidate[:2])[2] if candidates else None

    def _specificity(self, cell: PolicyCell, market: str) -> int:
        if cell.market == market:
            return 3
        if cell.market in self.groups.get(market, ()):
            return 2
        return 1 if cell.market == GLOBAL else 0

    def expand(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Markets named by codes and groups, in order, each once; nothing named means every market.

        A code that the matrix does not know is kept: it must end in a REVIEW, not vanish.
        """
        named = tuple(codes)
        if not named:
            return self.markets
        members: dict[str, None] = {}
        for code in named:
            inside = [market for market in self.markets if code in self.groups[market]]
            members.update(dict.fromkeys(inside or [code]))
        return tuple(members)

    def covers(self, scope: Iterable[str], market: str) -> bool:
        """Whether a material's scope (codes and groups, empty = all) includes `market`."""
        named = tuple(scope)
        return not named or market in named or not self.groups.get(market, frozenset()).isdisjoint(named)
