"""What counts as an expected verdict."""

from typing import Any

import pytest

from adsieve.local.demo import Difference, differences

LINE = {"ad_id": "ad-1", "decision": "REJECT", "markets": {"SA": "REJECT", "GB": "PASS"}, "materials": ["T-1"]}


def verdict(decision: str = "REJECT", britain: str = "PASS", materials: tuple[str, ...] = ("T-1",)) -> dict[str, Any]:
    return {
        "ad_id": "ad-1",
        "decision": decision,
        "markets": {"GB": {"decision": britain, "policies": []}, "SA": {"decision": "REJECT", "policies": []}},
        "findings": [{"material_id": material} for material in materials],
    }


def test_a_material_found_twice_counts_once() -> None:
    assert differences([LINE], {"ad-1": verdict(materials=("T-1", "T-1"))}) == []


@pytest.mark.parametrize(
    ("got", "field"),
    [
        (verdict(decision="REVIEW"), "decision"),
        (verdict(britain="LIMIT"), "markets"),
        (verdict(materials=()), "materials"),
        (verdict(materials=("T-1", "T-2")), "materials"),
    ],
)
def test_each_part_of_a_verdict_can_differ(got: dict[str, Any], field: str) -> None:
    assert [difference.field for difference in differences([LINE], {"ad-1": got})] == [field]


def test_an_expected_ad_without_a_verdict_differs_in_everything() -> None:
    assert [difference.got for difference in differences([LINE], {})] == [None, None, None]


def test_a_verdict_that_nobody_expected_differs() -> None:
    assert differences([], {"ad-1": verdict()}) == [Difference("ad-1", "verdict", "none", "one")]
