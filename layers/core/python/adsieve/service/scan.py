"""From a fingerprint and a package to a verdict. No store, no clock: what it needs is passed in."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

from adsieve.detectors.base import Look
from adsieve.domain.ad import Part
from adsieve.domain.decision import Action, Decision, State
from adsieve.domain.finding import Finding, Match
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.switches import ALL_ON, Scope, Switch, Switches
from adsieve.domain.verdict import SCANNED, Cause, MarketDecision, Verdict, decide
from adsieve.material.package import Package
from adsieve.service.hearing import unheard
from adsieve.service.inside import placed
from adsieve.version import __version__

MAX_MATCHES = 2_000
"""Per part. A text with more matches is built to exhaust: it is reviewed, not read to its end."""

MAX_CHARACTERS = 200_000
"""Of words and links in one ad. Ads have hundreds; a book, even read as written, would keep others waiting."""

MAX_SAME = 3
"""Findings kept of one material in one part: the fourth tells a reviewer nothing new."""

MAX_FINDINGS = 200
"""Findings shown in a verdict, strictest first. All of them decide."""


def scan(
    fingerprint: Fingerprint, package: Package, cause: Cause, now: datetime, switches: Switches = ALL_ON
) -> Verdict:
    """Decide an ad.

    Args:
        fingerprint: what was extracted from it.
        package: the material and the policy matrix.
        cause: why it is decided now.
        now: time of the decision, aware; its UTC day is the day for validity dates.
        switches: what is turned off.
    """
    day = now.astimezone(UTC).date()
    markets = frozenset(package.matrix.expand(fingerprint.ad.markets))
    completeness = dict(fingerprint.failures)
    findings: list[Finding] = []
    for part, looked_at in zip(fingerprint.parts, parts_to_scan(fingerprint), strict=True):
        matches, status = _matches(looked_at, package)
        if len(part.text) > len(looked_at.text):
            status = f"failed: only the first {MAX_CHARACTERS} characters of the ad were scanned"
        completeness[part.name] = status
        findings += _findings(part, matches, package, markets, now, switches)
    held = _held(package, fingerprint.ad.markets, switches)
    reasons = {market: f"{switch.key} is off: {switch.why}" for market, switch in held.items()}
    decided = decide(fingerprint.ad, findings, completeness, package.matrix, day, reasons)
    applied = {switch.key for switch in held.values()} | {
        f"{switch.key}={switch.most}" for finding in findings for switch in _switched(finding.material, switches)
    }
    shown = sorted(findings, key=lambda finding: -finding.action)[:MAX_FINDINGS]
    return Verdict(
        ad_id=fingerprint.ad.ad_id,
        markets=decided,
        findings=tuple(shown),
        completeness=completeness,
        package=package.ref,
        engine=__version__,
        cause=cause,
        content_sha256=fingerprint.content_sha256,
        scanned_at=now,
        notes=(*unheard(fingerprint.parts), *_notes(findings, day)),
        switches=tuple(sorted(applied)),
    )


def parts_to_scan(fingerprint: Fingerprint) -> Iterator[Part]:
    """The ad's parts as detectors see them: as much of their text as is scanned."""
    left = MAX_CHARACTERS
    for part in fingerprint.parts:
        yield part if len(part.text) <= left else replace(part, text=part.text[:left])
        left = max(0, left - len(part.text))


def _notes(findings: list[Finding], day: date) -> Iterator[str]:
    """What a reader of the verdict would otherwise wonder about."""
    if len(findings) > MAX_FINDINGS:
        yield f"{len(findings)} findings, {MAX_FINDINGS} shown"
    for material in dict.fromkeys(finding.material for finding in findings):
        if not material.live_on(day):
            yield f"{material.id} decides nothing: it is not valid on {day}"


def without_package(fingerprint: Fingerprint, reason: str, cause: Cause, now: datetime) -> Verdict:
    """The verdict where there is no package to scan with: REVIEW everywhere, and why."""
    completeness = dict(fingerprint.failures) | {part.name: f"failed: {reason}" for part in fingerprint.parts}
    review = MarketDecision(Decision.REVIEW, (), (f"not scanned: {reason}",))
    return Verdict(
        ad_id=fingerprint.ad.ad_id,
        markets=dict.fromkeys(fingerprint.ad.markets, review),
        findings=(),
        completeness=completeness,
        package=None,
        engine=__version__,
        cause=cause,
        content_sha256=fingerprint.content_sha256,
        scanned_at=now,
    )


def deciding(verdict: Verdict) -> dict[str, tuple[str, ...]]:
    """Materials that had a part in a decision that is not PASS, and the markets in which their policy had it."""
    live = (State.CANARY, State.ACTIVE)
    found: dict[str, tuple[str, ...]] = {}
    for finding in verdict.findings:
        material = finding.material
        if finding.action > Action.LOG and material.state in live and material.in_bucket(verdict.ad_id):
            found[material.id] = tuple(
                market for market, decided in verdict.markets.items() if material.policy in decided.policies
            )
    return {material_id: markets for material_id, markets in found.items() if markets}


def _matches(part: Part, package: Package) -> tuple[list[Match], str]:
    """Every match in a part, and what to say of its completeness."""
    found: list[Match] = []
    status = f"failed: {part.incomplete}" if part.incomplete else SCANNED
    for detector in package.detectors:
        if part.kind not in detector.looks_at:
            continue
        look = Look(detector, part)
        found += islice(look, MAX_MATCHES + 1 - len(found))
        if len(found) > MAX_MATCHES:
            return found, f"failed: more than {MAX_MATCHES} matches"
        if look.incomplete:
            status = f"failed: {look.incomplete}"
    return found, status


def _findings(
    part: Part, matches: list[Match], package: Package, markets: frozenset[str], now: datetime, switches: Switches
) -> Iterator[Finding]:
    """Matches with their materials, less what ALLOW rows cancel in every market and repeats of the same."""
    known = [(placed(part, match), package.material(match.row)) for match in matches]
    day = now.astimezone(UTC).date()
    allowing = [
        (match, _scope(material.markets, markets, package.matrix))
        for match, material in known
        if material.action is Action.ALLOW
        and material.state is State.ACTIVE
        and material.live_on(day)
        and not switches.of(Scope.MATERIAL, material.id)
    ]
    seen: Counter[tuple[int, frozenset[str], Action]] = Counter()
    for match, material in known:
        if material.action is Action.ALLOW:
            continue
        cancelled = frozenset[str]().union(*(scope for allow, scope in allowing if allow.contains(match)))
        most = min((switch.most for switch in _switched(material, switches)), default=None)
        finding = Finding(material, part.name, match, cancelled, most)
        alike = (match.row, cancelled, finding.action)
        seen[alike] += 1
        if cancelled != markets and seen[alike] <= MAX_SAME:
            yield finding


def _switched(material: Material, switches: Switches) -> Iterator[Switch]:
    """The switches that cap what a finding of the material may lead to."""
    for scope, name in ((Scope.MATERIAL, material.id), (Scope.POLICY, material.policy)):
        switch = switches.of(scope, name)
        if switch:
            yield switch


def _held(package: Package, markets: tuple[str, ...], switches: Switches) -> dict[str, Switch]:
    """Markets of the ad in which people decide, with the switch that says so."""
    named = package.matrix.expand(markets)
    whole = switches.of(Scope.PACKAGE, package.ref.version)
    held = {market: whole or switches.of(Scope.MARKET, market) for market in named}
    return {market: switch for market, switch in held.items() if switch}


def _scope(named: tuple[str, ...], markets: frozenset[str], matrix: PolicyMatrix) -> frozenset[str]:
    return frozenset(market for market in markets if matrix.covers(named, market))
