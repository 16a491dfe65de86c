from typing import Any

import pytest

import adsieve
from adsieve.detectors.text.effort import Effort
from adsieve.domain.decision import Decision
from adsieve.domain.verdict import Verdict
from adsieve.service import scan as scanning
from tests.builders import NOON

CASINO = {"id": "T-1", "kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"}
ALLOW = {"id": "A-1", "kind": "term", "value": "casino royale film", "policy": "gambling", "action": "ALLOW"}


def verdict(text: str, *materials: dict[str, Any], markets: list[str] | None = None) -> Verdict:
    package = adsieve.compile_package(materials or (CASINO,))
    return adsieve.scan({"ad_id": "a", "markets": markets or ["SA"], "texts": {"headline": text}}, package, now=NOON)


def test_a_match_is_a_finding_with_its_place_and_its_material() -> None:
    found = verdict("Best CASINO here").to_dict()
    assert found["decision"] == "REJECT"
    finding = found["findings"][0]
    assert (finding["part"], finding["start"], finding["end"], finding["text"]) == ("texts.headline", 5, 11, "CASINO")
    assert finding["material_id"] == "T-1"


def test_no_markets_means_every_market_of_the_matrix() -> None:
    package = adsieve.compile_package([CASINO])
    assert len(adsieve.scan({"ad_id": "a", "texts": {"h": "x"}}, package).markets) == 13


def test_an_allow_row_cancels_what_it_contains_and_nothing_beside_it() -> None:
    assert verdict("Casino Royale film tonight", CASINO, ALLOW).decision is Decision.PASS
    both = verdict("Casino Royale film, then the casino", CASINO, ALLOW)
    assert [finding.match.start for finding in both.findings] == [29]


def test_an_allow_row_with_a_scope_cancels_only_there() -> None:
    found = verdict("Casino Royale film", CASINO, ALLOW | {"markets": "AE"}, markets=["SA", "AE"])
    assert {market: str(decided.decision) for market, decided in found.markets.items()} == {
        "SA": "REJECT",
        "AE": "PASS",
    }


@pytest.mark.parametrize("cells", [{"state": "SHADOW"}, {"expires": "2026-11-21"}, {"starts": "2026-11-23"}])
def test_an_allow_row_that_is_not_in_force_cancels_nothing(cells: dict[str, str]) -> None:
    assert verdict("Casino Royale film", CASINO, ALLOW | cells).decision is Decision.REJECT


def test_a_finding_that_is_out_of_date_says_so() -> None:
    found = verdict("casino", CASINO | {"expires": "2026-11-21"})
    assert found.decision is Decision.PASS
    assert found.to_dict()["notes"] == ["T-1 decides nothing: it is not valid on 2026-11-22"]


def test_repeats_of_one_material_are_not_repeated_in_the_verdict() -> None:
    assert len(verdict("casino " * 50).findings) == scanning.MAX_SAME


def test_repeats_that_are_cancelled_do_not_hide_one_that_is_not() -> None:
    assert verdict("casino royale film " * 10 + "casino", CASINO, ALLOW).decision is Decision.REJECT


def test_the_strictest_findings_are_shown_and_all_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MAX_FINDINGS", 2)
    logs = [CASINO | {"id": f"T-{word}", "value": word, "action": "LOG"} for word in ("alpha", "bravo", "charlie")]
    found = verdict("alpha bravo charlie casino", CASINO, *logs)
    assert found.findings[0].material.id == "T-1"
    assert len(found.findings) == 2
    assert found.to_dict()["notes"] == ["4 findings, 2 shown"]


def test_a_text_made_to_exhaust_is_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MAX_MATCHES", 10)
    found = verdict("casino " * 20, CASINO | {"action": "LOG"})
    assert found.completeness == {"texts.headline": "failed: more than 10 matches"}
    assert found.decision is Decision.REVIEW


def test_a_text_of_too_many_disguises_is_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Effort, "for_text", lambda _: Effort(1))
    found = verdict("c4s1no now", CASINO | {"action": "LOG"})
    assert "too many odd words" in found.completeness["texts.headline"]
    assert found.decision is Decision.REVIEW


def test_an_ad_longer_than_anybody_reads_is_scanned_so_far_and_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MAX_CHARACTERS", 20)
    package = adsieve.compile_package([CASINO | {"action": "LOG"}])
    texts = {"headline": "casino and then", "body": "padding casino", "more": "casino"}
    found = adsieve.scan({"ad_id": "a", "markets": ["SA"], "texts": texts}, package)
    assert [finding.part for finding in found.findings] == ["texts.headline"]
    assert found.completeness["texts.headline"] == "scanned"
    assert "only the first 20 characters" in found.completeness["texts.body"]
    assert "only the first 20 characters" in found.completeness["texts.more"]
    assert found.decision is Decision.REVIEW


def test_an_unknown_policy_ends_in_review_not_in_silence() -> None:
    assert verdict("casino", CASINO | {"policy": "brand_new"}).decision is Decision.REVIEW


def test_words_that_punctuation_divides_are_no_phrase() -> None:
    paris = {"kind": "term", "value": "paris sportifs", "language": "fr", "policy": "gambling", "action": "REJECT"}
    assert verdict("Visitez Paris, sportifs et familles", paris).findings == ()
    assert len(verdict("Faites vos paris sportifs", paris).findings) == 1
