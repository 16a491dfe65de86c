"""The verdict: what may happen to an ad in each market, and everything needed to see why."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from adsieve.domain.ad import Ad
from adsieve.domain.decision import Decision, Effect, State
from adsieve.domain.finding import Finding
from adsieve.domain.policy import PolicyMatrix

SCANNED = "scanned"
MAX_REASONS = 10

_BESIDE = ("package", "engine", "cause", "supersedes", "scanned_at", "notes")
"""What a verdict says of how and when it came about, not of the ad."""


class Cause(StrEnum):
    """Why a verdict came about."""

    UPLOAD = "upload"
    RESCAN = "rescan"


@dataclass(frozen=True, slots=True)
class MarketDecision:
    """The decision in one market, with the policies and reasons that led to it.

    Attributes:
        in_matrix: whether the policy matrix knows the market. An ad may name any: metrics must not follow it.
    """

    decision: Decision
    policies: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    in_matrix: bool = True

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `reasons` are sentences for a reviewer, present where the decision is not PASS."""
        told: dict[str, Any] = {"decision": str(self.decision), "policies": list(self.policies)}
        if self.reasons:
            told["reasons"] = list(self.reasons)
        return told


@dataclass(frozen=True, slots=True)
class PackageRef:
    """Which package a verdict came from.

    Attributes:
        version: the name its publisher gave it.
        sha256: digest of its manifest: the identity of every byte in it.
    """

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The record of a decision. Times are aware UTC.

    `switches` are the keys of the kill switches that had a part in it.
    """

    ad_id: str
    markets: Mapping[str, MarketDecision]
    findings: tuple[Finding, ...]
    completeness: Mapping[str, str]
    package: PackageRef | None
    engine: str
    cause: Cause
    content_sha256: str
    scanned_at: datetime
    supersedes: str | None = None
    notes: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()

    @property
    def decision(self) -> Decision:
        """The ad's own decision: the strictest of its markets; REVIEW where there is none to ask."""
        return max((market.decision for market in self.markets.values()), default=Decision.REVIEW)

    def superseding(self, verdict_id: str | None) -> Self:
        """The same verdict, naming the one it replaces."""
        return replace(self, supersedes=verdict_id)

    def to_dict(self) -> dict[str, Any]:
        """The verdict contract, JSON-ready."""
        return {
            "ad_id": self.ad_id,
            "decision": str(self.decision),
            "markets": {market: decided.to_dict() for market, decided in self.markets.items()},
            "findings": [finding.to_dict() for finding in self.findings],
            "completeness": dict(self.completeness),
            "package": None
            if self.package is None
            else {"version": self.package.version, "sha256": self.package.sha256},
            "engine": self.engine,
            "cause": str(self.cause),
            "supersedes": self.supersedes,
            "content_sha256": self.content_sha256,
            "scanned_at": self.scanned_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **({"notes": list(self.notes)} if self.notes else {}),
            **({"switches": list(self.switches)} if self.switches else {}),
        }


def said(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a verdict, as the contract tells it, says of its ad: two that say the same may come from different packages."""
    kept = {name: value for name, value in told.items() if name not in _BESIDE}
    # A store may give 3 for 3.0, and lists for tuples.
    plain: dict[str, Any] = json.loads(json.dumps(kept), parse_float=_number)
    plain["findings"] = sorted(json.dumps(finding, sort_keys=True) for finding in plain["findings"])
    return plain


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number


def decide(
    ad: Ad,
    findings: Sequence[Finding],
    completeness: Mapping[str, str],
    matrix: PolicyMatrix,
    day: date,
    held: Mapping[str, str] | None = None,
) -> dict[str, MarketDecision]:
    """The decision of every market the ad asks for. In the markets of `held` people decide, for the reason it gives.

    Each finding leads to the weaker of its action and the policy's effect; a market takes the strictest of those
    and of what completeness demands. Nothing unknown ever passes: a part that was not scanned, a market or a cell
    that the matrix does not have, all lead to REVIEW.
    """
    unscanned = [f"not scanned: {part}: {status}" for part, status in completeness.items() if status != SCANNED]
    deciding = [finding for finding in findings if _may_decide(finding, ad, day)]
    decided = {
        market: _decide_market(market, ad, deciding, unscanned, matrix, day) for market in matrix.expand(ad.markets)
    }
    for market in decided.keys() & (held or {}).keys():
        reason = (held or {})[market]
        decided[market] = MarketDecision(Decision.REVIEW, decided[market].policies, (reason, *decided[market].reasons))
    return decided


def _may_decide(finding: Finding, ad: Ad, day: date) -> bool:
    material = finding.material
    in_force = material.state is State.ACTIVE or (material.state is State.CANARY and material.in_bucket(ad.ad_id))
    return in_force and material.live_on(day)


def _decide_market(
    market: str, ad: Ad, findings: Iterable[Finding], unscanned: Sequence[str], matrix: PolicyMatrix, day: date
) -> MarketDecision:
    outcomes: list[tuple[Decision, str, str]] = [(Decision.REVIEW, "", reason) for reason in unscanned]
    if market not in matrix.groups:
        outcomes.append((Decision.REVIEW, "", f"market `{market}` is not in the policy matrix"))
    for finding in findings:
        if market in finding.cancelled_in or not matrix.covers(finding.material.markets, market):
            continue
        outcomes.append(_outcome(finding, market, ad, matrix, day))
    strict = [outcome for outcome in outcomes if outcome[0] > Decision.PASS]
    reasons = list(dict.fromkeys(reason for _, _, reason in sorted(strict, key=lambda outcome: -outcome[0])))
    if len(reasons) > MAX_REASONS:
        reasons[MAX_REASONS:] = [f"and {len(reasons) - MAX_REASONS} more"]
    return MarketDecision(
        decision=max((decision for decision, _, _ in strict), default=Decision.PASS),
        policies=tuple(dict.fromkeys(policy for _, policy, _ in strict if policy)),
        reasons=tuple(reasons),
        in_matrix=market in matrix.groups,
    )


def _outcome(finding: Finding, market: str, ad: Ad, matrix: PolicyMatrix, day: date) -> tuple[Decision, str, str]:
    """What one finding leads to in one market: (decision, policy, reason)."""
    policy = finding.material.policy
    cell = matrix.resolve(policy, market, day)
    if cell is None:
        most, why = Decision.REVIEW, f"{policy}: no rule for {market}, treated as RESTRICT"
    elif cell.effect is Effect.PROHIBIT:
        most, why = Decision.REJECT, f"{policy}: prohibited"
    elif cell.effect is Effect.ALLOW:
        most, why = Decision.PASS, f"{policy}: allowed"
    elif unmet := cell.unmet(ad.facts, market):
        most, why = Decision.REVIEW, f"{policy}: restricted, not shown: {', '.join(unmet)}"
    else:
        most, why = Decision.LIMIT, f"{policy}: restricted, requirements met"
    return min(Decision(max(finding.action, 0)), most), policy, why
