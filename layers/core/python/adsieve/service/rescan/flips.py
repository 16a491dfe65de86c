"""What becomes of an ad when it is decided with another package: the exact answer, for the few that may differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from adsieve.domain.decision import Decision
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause, Verdict, said
from adsieve.material.change import PackageChange
from adsieve.service.scan import scan

MAX_HITS = 3
"""Findings told of an ad: enough to see why, for an ad among thousands."""


@dataclass(frozen=True, slots=True)
class Flip:
    """An ad whose verdict differs.

    Attributes:
        before, after: decision by market.
        materials: ids of the changed materials among the findings of either verdict.
        hits: the first findings of changed materials in the new verdict, as the contract tells them.
    """

    before: dict[str, Decision]
    after: dict[str, Decision]
    materials: tuple[str, ...] = ()
    hits: tuple[dict[str, Any], ...] = ()

    def markets(self) -> Iterator[tuple[str, Decision, Decision]]:
        """(market, decision before, after) of every market of either verdict; PASS where there was none."""
        for market in self.before | self.after:
            yield market, self.before.get(market, Decision.PASS), self.after.get(market, Decision.PASS)


def flip(fingerprint: Fingerprint, change: PackageChange) -> Flip | None:
    """What the change does to an ad; None where the new verdict says the same as the old one."""
    before = scan(fingerprint, change.old, Cause.RESCAN, _noon(change.days[0]))
    after = scan(fingerprint, change.new, Cause.RESCAN, _noon(change.days[1]))
    if said(before.to_dict()) == said(after.to_dict()):
        return None
    found = {finding.material.id for verdict in (before, after) for finding in verdict.findings}
    hits = (finding.to_dict() for finding in after.findings if finding.material.id in change.rows)
    return Flip(
        _decisions(before), _decisions(after), tuple(sorted(found & change.rows.keys())), tuple(islice(hits, MAX_HITS))
    )


def _decisions(verdict: Verdict) -> dict[str, Decision]:
    return {market: decided.decision for market, decided in verdict.markets.items()}


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
