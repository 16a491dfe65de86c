"""Small makers of valid things, so that a test only says what it is about."""

from datetime import UTC, date, datetime
from typing import Any

from adsieve.domain.ad import Ad, parse_ad
from adsieve.domain.decision import Action, Decision, Effect
from adsieve.domain.finding import Finding, Match
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Kind, Material
from adsieve.domain.policy import PolicyCell, PolicyMatrix
from adsieve.domain.verdict import Cause, MarketDecision, PackageRef, Verdict

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOON.date()


def an_ad(**fields: Any) -> Ad:
    return parse_ad({"ad_id": "ad-1", "texts": {"headline": "hello"}} | fields)


def a_material(**fields: Any) -> Material:
    row: dict[str, Any] = {
        "id": "T-1",
        "kind": Kind.TERM,
        "value": "casino",
        "policy": "gambling",
        "action": Action.REJECT,
    }
    return Material(**(row | fields))


def a_finding(*, how: tuple[str, ...] = (), **fields: Any) -> Finding:
    return Finding(a_material(**fields), "texts.headline", Match(0, 0, 6, "casino", how))


def a_cell(policy: str, market: str, effect: Effect, **fields: Any) -> PolicyCell:
    known: dict[str, Any] = {
        "source": "a test",
        "retrieved": date(2026, 1, 1),
        "confidence": 2,
        "review_by": date(2027, 1, 1),
    }
    return PolicyCell(policy, market, effect, **(known | fields))


def a_matrix(*cells: PolicyCell) -> PolicyMatrix:
    rules = cells or (
        a_cell("gambling", "SA", Effect.PROHIBIT),
        a_cell("gambling", "GB", Effect.RESTRICT, min_age=18, requires=("licence",)),
        a_cell("gambling", "US", Effect.ALLOW),
    )
    return PolicyMatrix(rules, {"SA": ["GCC"], "AE": ["GCC"], "GB": [], "US": []})


def a_verdict(ad_id: str = "ad-1", content: str = "c1", package: str | None = "p1", **fields: Any) -> Verdict:
    known: dict[str, Any] = {
        "ad_id": ad_id,
        "markets": {"SA": MarketDecision(Decision.PASS)},
        "findings": (),
        "completeness": {"texts.headline": "scanned"},
        "package": PackageRef("1", package) if package else None,
        "engine": "0.1.0",
        "cause": Cause.UPLOAD,
        "content_sha256": content,
        "scanned_at": NOON,
    }
    return Verdict(**(known | fields))


def a_fingerprint(text: str = "hello", *, ad_id: str = "ad-1", **fields: Any) -> Fingerprint:
    ad = an_ad(ad_id=ad_id, texts={"headline": text}, **fields)
    return Fingerprint(ad, tuple(ad.parts()), {}, f"content of {text}", NOON)
