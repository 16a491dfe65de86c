from datetime import date
from typing import Any

import pytest

from adsieve.domain.decision import Action, Decision, State
from adsieve.domain.finding import Finding
from adsieve.domain.verdict import MAX_REASONS, SCANNED, decide
from tests.builders import TODAY, a_finding, a_material, a_matrix, a_verdict, an_ad

WHOLE = {"texts.headline": SCANNED}


def decision(market: str, *findings: Finding, completeness: dict[str, str] | None = None, **fields: Any) -> Decision:
    ad = an_ad(markets=[market], **fields)
    return decide(ad, findings, completeness or WHOLE, a_matrix(), TODAY)[market].decision


@pytest.mark.parametrize(
    ("market", "action", "facts", "expected"),
    [
        ("SA", Action.REJECT, {}, Decision.REJECT),
        ("SA", Action.REVIEW, {}, Decision.REVIEW),
        ("SA", Action.LIMIT, {}, Decision.LIMIT),
        ("SA", Action.LOG, {}, Decision.PASS),
        ("GB", Action.REJECT, {}, Decision.REVIEW),
        ("GB", Action.LIMIT, {}, Decision.LIMIT),
        ("GB", Action.REJECT, {"min_age": 21, "licences": ["GB:gambling"]}, Decision.LIMIT),
        ("US", Action.REJECT, {}, Decision.PASS),
        ("AE", Action.REJECT, {}, Decision.REVIEW),  # no cell
        ("AE", Action.LIMIT, {}, Decision.LIMIT),
    ],
)
def test_a_finding_leads_to_the_weaker_of_action_and_effect(
    market: str, action: Action, facts: dict[str, object], expected: Decision
) -> None:
    assert decision(market, a_finding(action=action), facts=facts) is expected


@pytest.mark.parametrize("state", [State.DRAFT, State.SHADOW, State.PAUSED, State.EXPIRED, State.RETIRED])
def test_only_canary_and_active_decide(state: State) -> None:
    assert decision("SA", a_finding(state=state)) is Decision.PASS
    assert decision("SA", a_finding(state=State.CANARY)) is Decision.REJECT


def test_validity_dates_bound_what_decides() -> None:
    assert decision("SA", a_finding(starts=TODAY, expires=TODAY)) is Decision.REJECT
    assert decision("SA", a_finding(starts=date(2026, 11, 23))) is Decision.PASS
    assert decision("SA", a_finding(expires=date(2026, 11, 21))) is Decision.PASS


def test_a_scoped_material_decides_only_in_its_markets() -> None:
    assert decision("SA", a_finding(markets=("GCC",))) is Decision.REJECT
    assert decision("SA", a_finding(markets=("GB",))) is Decision.PASS


def test_a_finding_cancelled_in_a_market_does_not_count_there() -> None:
    finding = a_finding()
    cancelled = Finding(finding.material, finding.part, finding.match, frozenset({"SA"}))
    assert decision("SA", cancelled) is Decision.PASS


def test_an_unscanned_part_is_never_a_pass() -> None:
    assert decision("US", completeness={"media/x.mp4": "failed: truncated file"}) is Decision.REVIEW


def test_a_market_without_rules_is_reviewed_even_without_findings() -> None:
    decided = decide(an_ad(markets=["BR"]), [], WHOLE, a_matrix(), TODAY)
    assert decided["BR"].decision is Decision.REVIEW
    assert "not in the policy matrix" in decided["BR"].reasons[0]


def test_a_guess_leads_to_review_at_most() -> None:
    assert decision("SA", a_finding(how=("arabizi",))) is Decision.REVIEW
    assert decision("SA", a_finding(how=("arabizi",), action=Action.LIMIT)) is Decision.LIMIT


def test_the_strictest_market_is_the_ads_decision_and_none_is_review() -> None:
    ad = an_ad(markets=["SA", "GB", "US"])
    markets = decide(ad, [a_finding()], WHOLE, a_matrix(), TODAY)
    assert a_verdict(markets=markets).decision is Decision.REJECT
    assert {market: str(decided.decision) for market, decided in markets.items()} == {
        "SA": "REJECT",
        "GB": "REVIEW",
        "US": "PASS",
    }
    assert a_verdict(markets={}).decision is Decision.REVIEW


def test_policies_name_what_led_to_a_decision_once() -> None:
    markets = decide(an_ad(markets=["SA", "US"]), [a_finding(), a_finding(id="T-2")], WHOLE, a_matrix(), TODAY)
    assert markets["SA"].policies == ("gambling",)
    assert markets["US"].policies == ()


def test_reasons_stay_readable_when_everything_fails() -> None:
    failed = {f"media/{n}.jpg": "failed: missing file" for n in range(50)}
    reasons = decide(an_ad(markets=["SA"]), [], failed, a_matrix(), TODAY)["SA"].reasons
    assert len(reasons) == MAX_REASONS + 1
    assert reasons[-1] == "and 40 more"


def test_the_contracts_fields_are_all_there() -> None:
    told = a_verdict(findings=(a_finding(how=("fold",)),)).to_dict()
    assert told.keys() >= {
        "ad_id", "decision", "markets", "findings", "completeness", "package", "engine", "cause", "supersedes",
        "content_sha256", "scanned_at",
    }  # fmt: skip
    assert told["scanned_at"] == "2026-11-22T12:00:00.000Z"
    assert told["findings"][0].keys() >= {
        "material_id", "kind", "policy", "action", "state", "part", "start", "end", "text", "how", "distance", "threshold",
    }  # fmt: skip


def test_a_canary_decides_only_about_the_ads_in_its_bucket() -> None:
    inside = [f"ad-{number}" for number in range(300) if a_material(rollout=10).in_bucket(f"ad-{number}")]
    outside = next(ad for ad in (f"ad-{number}" for number in range(300)) if ad not in inside)
    canary = a_finding(state=State.CANARY, rollout=10)
    assert 10 < len(inside) < 60
    assert decision("SA", canary, ad_id=inside[0]) is Decision.REJECT
    assert decision("SA", canary, ad_id=outside) is Decision.PASS
    assert decision("SA", a_finding(state=State.ACTIVE, rollout=10), ad_id=outside) is Decision.REJECT
