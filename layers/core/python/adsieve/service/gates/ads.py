"""Tests on recent ads: how far it reaches, what it costs reviewers, what it adds."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from adsieve.domain.ad import Ad
from adsieve.domain.decision import Action, Decision
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.service.gates.ground import Candidate, Ground, cluster
from adsieve.service.gates.report import Gate, MarketHits, Outcome
from adsieve.service.scan import scan

SHOWN = 5
PREVENTIVE = "preventive"
"""First word of the note of a row that is written before anybody was seen to use it."""


@dataclass
class Reach:
    """What a candidate does to the recent ads."""

    candidate: Candidate
    ground: Ground
    hits: list[tuple[Fingerprint, Verdict]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for fingerprint in self.ground.recent:
            verdict = self.candidate.verdict(fingerprint)
            if verdict:
                self.hits.append((fingerprint, verdict))

    @cached_property
    def markets(self) -> dict[str, MarketHits]:
        """By market: the ads there, those that it matches, and what it alone would have decided."""
        matrix, scope = self.ground.matrix, self.candidate.material.markets
        ads = Counter(market for recent in self.ground.recent for market in matrix.expand(recent.ad.markets))
        hits = dict[str, Counter[str]]()
        for _, verdict in self.hits:
            for market, decided in verdict.markets.items():
                if matrix.covers(scope, market):
                    hits.setdefault(market, Counter())[str(decided.decision)] += 1
        return {market: MarketHits(ads[market], told.total(), dict(told)) for market, told in sorted(hits.items())}

    @property
    def examples(self) -> tuple[str, ...]:
        """A few ads that it matches: id and the words around."""
        return tuple(_shown(fingerprint, verdict) for fingerprint, verdict in self.hits[:SHOWN])


def blast(reach: Reach, slack: float) -> Gate:
    """How many recent ads it matches: of all, of their spend, of one market, of protected advertisers."""
    ground, limits = reach.ground, reach.ground.limits
    if not ground.recent:
        return Gate("blast", Outcome.NOT_RUN, detail="no recent ads were given")
    share = len(reach.hits) / len(ground.recent)
    spend = sum(_spend(ad) for ad in ground.recent)
    spent = sum(_spend(ad) for ad, _ in reach.hits) / spend if spend else 0.0
    market, most = max(
        ((name, told.hits / told.ads) for name, told in reach.markets.items() if told.ads),
        key=lambda pair: pair[1],
        default=("", 0.0),
    )
    protected = sorted({ad.ad.advertiser_id for ad, _ in reach.hits} & ground.protected)
    problems = [
        told
        for told, over in (
            (f"{len(reach.hits)} of {len(ground.recent):,} recent ads", share > limits.ads * slack),
            (f"{spent:.2%} of their spend, at most {limits.spend * slack:.2%}", spent > limits.spend * slack),
            (f"{most:.2%} of the ads in {market}, at most {limits.market * slack:.2%}", most > limits.market * slack),
            (f"protected advertisers: {', '.join(protected)}", bool(protected)),
        )
        if over
    ]
    outcome = Outcome.FAIL if problems else Outcome.PASS
    number, limit = round(share * 100, 3), round(limits.ads * slack * 100, 3)
    return Gate("blast", outcome, number, limit, "% of recent ads", "; ".join(problems), reach.examples)


def review_load(reach: Reach, slack: float) -> Gate:
    """How much of a day's reviews it would take."""
    ground, limits = reach.ground, reach.ground.limits
    if not ground.recent:
        return Gate("review_load", Outcome.NOT_RUN, detail="no recent ads were given")
    reviewed = sum(verdict.decision is Decision.REVIEW for _, verdict in reach.hits)
    a_day, limit = ground.a_day(reviewed), limits.reviews_a_day * limits.review_load * slack
    outcome = Outcome.FAIL if a_day > limit else Outcome.PASS
    return Gate("review_load", outcome, round(a_day, 1), round(limit, 1), "reviews a day")


def gain(reach: Reach, slack: float) -> Gate:
    """Groups of like ads that it finds and nothing in force does."""
    ground, material = reach.ground, reach.candidate.material
    if material.action is Action.ALLOW:
        return Gate("gain", Outcome.PASS, detail="an ALLOW row finds nothing by itself")
    preventive = material.note.casefold().startswith(PREVENTIVE)
    if not ground.recent:
        outcome = Outcome.PASS if preventive else Outcome.NOT_RUN
        return Gate("gain", outcome, detail="declared preventive" if preventive else "no recent ads were given")
    serving = ground.serving
    if serving is None and reach.hits:
        serving = Package.of(compile_files((row for row in ground.live if row.id != material.id), ground.matrix))
    new = {
        cluster(ad) for ad, _ in reach.hits if serving is None or not _found_already(ad, serving, material.id, ground)
    }
    limit = max(round(ground.limits.clusters / slack), 1)
    if len(new) >= limit or preventive:
        detail = "declared preventive" if len(new) < limit else ""
        return Gate("gain", Outcome.PASS, len(new), limit, "new groups of ads, at least", detail)
    detail = f"start its note with `{PREVENTIVE}` if it is written before anybody was seen to use it"
    return Gate("gain", Outcome.FAIL, len(new), limit, "new groups of ads, at least", detail)


def alone(text: str, ground: Ground) -> Fingerprint:
    """A text as an ad of its own."""
    ad = Ad(ad_id="example", texts={"body": text})
    return Fingerprint(ad, tuple(ad.parts()), {}, "", ground.now)


def _found_already(ad: Fingerprint, serving: Package, material_id: str, ground: Ground) -> bool:
    verdict = scan(ad, serving, Cause.RESCAN, ground.now)
    return any(finding.material.id != material_id and finding.action > Action.LOG for finding in verdict.findings)


def _spend(ad: Fingerprint) -> float:
    spend = ad.ad.extra.get("spend")
    return float(spend) if isinstance(spend, int | float) and spend > 0 else 0.0


def _shown(fingerprint: Fingerprint, verdict: Verdict) -> str:
    texts = {part.name: part.text for part in fingerprint.parts}
    if not verdict.findings:
        return fingerprint.ad.ad_id
    finding = verdict.findings[0]
    text, match = texts.get(finding.part, ""), finding.match
    around = text[max(match.start - 30, 0) : match.end + 30]
    return f"{fingerprint.ad.ad_id}: …{' '.join(around.split())}…"


def hits_an_hour(reach: Reach) -> float:
    """What the breaker expects of it: the ads that it matches, a day's worth, by the hour."""
    return reach.ground.a_day(len(reach.hits)) / 24
