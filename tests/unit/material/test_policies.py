from datetime import date
from pathlib import Path

import pytest

from adsieve.domain.errors import InvalidMaterialError
from adsieve.material.matrix import matrix_from_json, matrix_to_json
from adsieve.material.policies import default_matrix, load_matrix
from tests.builders import TODAY

COLUMNS = "policy,market,effect,min_age,requires,source,retrieved,confidence,review_by"
POLICIES = {
    "adult", "alcohol", "counterfeit", "crypto", "dating", "deceptive", "drugs", "gambling", "hate", "loans",
    "medicine_otc", "medicine_rx", "political", "tobacco", "violence", "weapons", "weight_loss",
}  # fmt: skip
MARKETS = {"SA", "AE", "EG", "KW", "QA", "US", "GB", "DE", "FR", "SG", "ID", "JP", "KR"}


def test_the_shipped_matrix_has_one_sourced_rule_for_every_policy_and_market() -> None:
    matrix = default_matrix()
    assert (set(matrix.policies), set(matrix.markets)) == (POLICIES, MARKETS)
    for policy in matrix.policies:
        for market in matrix.markets:
            cell = matrix.resolve(policy, market, TODAY)
            assert cell, (policy, market)
            assert cell.source, (policy, market)
            assert cell.retrieved <= TODAY < cell.review_by, (policy, market)
            assert cell.confidence in (0, 1, 2), (policy, market)


def test_the_matrix_survives_the_package() -> None:
    matrix = default_matrix()
    again = matrix_from_json(matrix_to_json(matrix))
    assert matrix_to_json(again) == matrix_to_json(matrix)
    assert again.resolve("alcohol", "US", TODAY) == matrix.resolve("alcohol", "US", TODAY)


def test_a_group_row_rules_exactly_its_members(tmp_path: Path) -> None:
    (tmp_path / "markets.csv").write_text("market,name,groups\nSA,Saudi Arabia,GCC\nGB,United Kingdom,\n")
    (tmp_path / "policies.csv").write_text(f"{COLUMNS}\nx,GCC,PROHIBIT,,,src,2026-01-01,2,2027-01-01\n")
    matrix = load_matrix(tmp_path)
    assert matrix.resolve("x", "SA", TODAY)
    assert matrix.resolve("x", "GB", TODAY) is None


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("x,SA,MAYBE,,,src,2026-01-01,2,2027-01-01", "", "`MAYBE` is none of"),
        ("x,XX,PROHIBIT,,,src,2026-01-01,2,2027-01-01", "market", "`XX` is no market"),
        ("x,SA,RESTRICT,,bribe,src,2026-01-01,2,2027-01-01", "requires", "`bribe` is no requirement"),
        ("x,SA,RESTRICT,,,src,yesterday,2,2027-01-01", "retrieved", "`yesterday` is no date"),
        ("x,SA,RESTRICT,,,,2026-01-01,2,2027-01-01", "source", "is empty"),
        ("x,SA,RESTRICT,old,,src,2026-01-01,2,2027-01-01", "", "old"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, row: str, column: str, words: str) -> None:
    (tmp_path / "markets.csv").write_text("market,name,groups\nSA,Saudi Arabia,GCC\n")
    (tmp_path / "policies.csv").write_text(f"{COLUMNS}\n{row}\n")
    with pytest.raises(InvalidMaterialError) as caught:
        load_matrix(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.source, problem.column) == ("policies.csv:2", column)
    assert words in problem.message


def test_rules_are_dated(tmp_path: Path) -> None:
    (tmp_path / "markets.csv").write_text("market,name,groups\nSA,Saudi Arabia,GCC\n")
    header = f"{COLUMNS},effective_from"
    (tmp_path / "policies.csv").write_text(f"{header}\nx,SA,PROHIBIT,,,src,2026-01-01,2,2027-01-01,2026-12-01\n")
    matrix = load_matrix(tmp_path)
    assert matrix.resolve("x", "SA", TODAY) is None
    assert matrix.resolve("x", "SA", date(2026, 12, 1))
