"""What a material is tested on, and the material as a package of its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action, State
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import EVERY_AD, Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.compile import compile_files
from adsieve.material.corpus import Sentence
from adsieve.material.package import Package
from adsieve.service.scan import scan

WANTED = 50_000
"""Clean sentences that certify a rate of 2 in 10,000."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the tests; shares are of 1.

    Attributes:
        clean: most hits among innocent sentences, by action, as a rate whose upper bound counts.
        ads, spend, market: most of the recent ads, their spend, and one market's ads that it may match.
        reviews_a_day: what reviewers manage in a day.
        review_load: most of it that one material may take.
        cost: microseconds a text at the 99th percentile, beyond what the engine takes anyway.
        clusters: fewest groups of like ads that nothing else finds.
    """

    clean: Mapping[Action, float] = field(
        default_factory=lambda: {Action.LIMIT: 2e-4, Action.REVIEW: 5e-4, Action.REJECT: 2e-4}
    )
    ads: float = 0.005
    spend: float = 0.01
    market: float = 0.02
    reviews_a_day: int = 2_000
    review_load: float = 0.2
    cost: float = 200.0
    clusters: int = 3


@dataclass(frozen=True, slots=True)
class Ground:
    """What materials are tested on.

    Attributes:
        corpus: innocent sentences, read by people, never "what we let pass".
        recent: ads of the last weeks.
        live: every material in force.
        serving: a package of them, where there is one already; otherwise it is compiled.
        protected: advertisers that no material may match.
        ads_a_day: of the platform; None: as many as `recent` tells.
        local: gives a registered picture or clip as its detector can read it.
    """

    matrix: PolicyMatrix
    now: datetime
    corpus: Sequence[Sentence] = ()
    recent: Sequence[Fingerprint] = ()
    live: Sequence[Material] = ()
    serving: Package | None = None
    protected: frozenset[str] = frozenset()
    ads_a_day: float | None = None
    limits: Limits = field(default_factory=Limits)
    local: Callable[[Material], Material] = lambda material: material

    @property
    def days(self) -> float:
        """What the recent ads span, a day at least."""
        times = [fingerprint.modified for fingerprint in self.recent]
        return max((max(times) - min(times)).total_seconds() / 86_400, 1.0) if times else 1.0

    def a_day(self, ads: float) -> float:
        """How many a day, of so many of the recent ads."""
        if not self.recent:
            return 0.0
        return ads / len(self.recent) * (self.ads_a_day or len(self.recent) / self.days)


class Candidate:
    """A material as it would decide: active from now on, beside the ALLOW rows that are in force, and nothing else."""

    def __init__(self, material: Material, ground: Ground) -> None:
        self.material = ground.local(replace(material, state=State.ACTIVE, rollout=EVERY_AD, starts=None, expires=None))
        allowing = [ground.local(row) for row in ground.live if row.action is Action.ALLOW and row.id != material.id]
        self.package = Package.of(compile_files([self.material, *allowing], ground.matrix))
        self._now = ground.now

    def matches(self, parts: Sequence[Part]) -> bool:
        """Whether it is found at all; quick, for texts that hardly ever match."""
        return any(
            self.package.material(match.row).id == self.material.id
            for part in parts
            for detector in self.package.detectors
            if part.kind in detector.looks_at
            for match in detector.detect(part)
        )

    def verdict(self, fingerprint: Fingerprint) -> Verdict | None:
        """What it alone would have decided of an ad; None where it finds nothing, or nothing that is not excused."""
        if not self.matches(fingerprint.parts):
            return None
        told = scan(replace(fingerprint, failures={}), self.package, Cause.RESCAN, self._now)
        allows = self.material.action is Action.ALLOW
        return told if allows or any(finding.material.id == self.material.id for finding in told.findings) else None


def text_part(text: str) -> tuple[Part, ...]:
    """A sentence as a detector sees it."""
    return (Part("texts.body", PartKind.TEXT, text),)


def cluster(fingerprint: Fingerprint) -> str:
    """Names the group of like ads: one advertiser's words without numbers and signs. One campaign is one piece of evidence."""
    words = " ".join(re.findall(r"[^\W\d_]+", " ".join(part.text for part in fingerprint.parts).casefold()))
    advertiser = fingerprint.ad.advertiser_id or fingerprint.ad.ad_id
    return sha256(f"{advertiser}\0{words}".encode()).hexdigest()[:16]
