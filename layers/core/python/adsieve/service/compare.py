"""Two packages on the same ads: how many decisions differ, and which way."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from adsieve.domain.decision import Decision
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.package import Package
from adsieve.service.scan import scan

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one package to the next.

    Attributes:
        ads: compared.
        stricter, milder: ads with at least one market whose decision becomes that; one ad may be both.
        markets: market → ads whose decision changes there.
        examples: ads that change, with the markets, a few.
    """

    ads: int
    changed: int
    stricter: int
    milder: int
    markets: dict[str, int]
    examples: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of the ads, those that change."""
        return self.changed / self.ads if self.ads else 0.0

    def __str__(self) -> str:
        return (
            f"{self.changed} of {self.ads} ads change ({self.share:.2%}), {self.stricter} to stricter decisions, "
            f"{self.milder} to milder ones" + (f", e.g. {self.examples[0]}" if self.examples else "")
        )


def compare(old: Package, new: Package, ads: Iterable[Fingerprint], now: datetime) -> Comparison:
    """Decide every ad with both."""
    compared = changed = stricter = milder = 0
    markets, examples = Counter[str](), list[str]()
    for fingerprint in ads:
        compared += 1
        before = decisions(scan(fingerprint, old, Cause.RESCAN, now))
        after = decisions(scan(fingerprint, new, Cause.RESCAN, now))
        differing = {market for market in before.keys() | after.keys() if before.get(market) != after.get(market)}
        if not differing:
            continue
        changed += 1
        markets.update(differing)
        stricter += any(after.get(market, Decision.PASS) > before.get(market, Decision.PASS) for market in differing)
        milder += any(after.get(market, Decision.PASS) < before.get(market, Decision.PASS) for market in differing)
        if len(examples) < SHOWN:
            moves = (f"{market} {before.get(market)} → {after.get(market)}" for market in sorted(differing))
            examples.append(f"{fingerprint.ad.ad_id}: {', '.join(moves)}")
    return Comparison(compared, changed, stricter, milder, dict(markets.most_common()), tuple(examples))


def decisions(verdict: Verdict) -> dict[str, Decision]:
    """The decision of every market."""
    return {market: decided.decision for market, decided in verdict.markets.items()}
