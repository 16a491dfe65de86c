from datetime import date

import pytest

from adsieve.domain.decision import Decision, Effect
from tests.builders import TODAY, a_cell, a_matrix


def test_the_most_specific_cell_wins_even_when_it_is_milder() -> None:
    matrix = a_matrix(
        a_cell("alcohol", "*", Effect.PROHIBIT),
        a_cell("alcohol", "GCC", Effect.RESTRICT),
        a_cell("alcohol", "AE", Effect.ALLOW),
    )
    resolved = {market: matrix.resolve("alcohol", market, TODAY) for market in ("AE", "SA", "GB")}
    assert {market: cell.effect for market, cell in resolved.items() if cell} == {
        "AE": Effect.ALLOW,
        "SA": Effect.RESTRICT,
        "GB": Effect.PROHIBIT,
    }


def test_equally_specific_cells_resolve_to_the_strictest() -> None:
    matrix = a_matrix(a_cell("x", "SA", Effect.ALLOW), a_cell("x", "SA", Effect.PROHIBIT))
    cell = matrix.resolve("x", "SA", TODAY)
    assert cell is not None
    assert cell.effect is Effect.PROHIBIT


def test_a_cell_out_of_force_is_not_seen() -> None:
    matrix = a_matrix(
        a_cell("x", "SA", Effect.ALLOW, effective_to=date(2026, 11, 21)),
        a_cell("x", "AE", Effect.ALLOW, effective_from=date(2026, 11, 23)),
        a_cell("x", "GB", Effect.ALLOW, effective_from=TODAY, effective_to=TODAY),
    )
    assert matrix.resolve("x", "SA", TODAY) is None
    assert matrix.resolve("x", "AE", TODAY) is None
    assert matrix.resolve("x", "GB", TODAY) is not None


def test_groups_expand_to_their_members_and_unknown_codes_stay() -> None:
    matrix = a_matrix()
    assert matrix.expand(["GB", "GCC", "SA", "BR"]) == ("GB", "SA", "AE", "BR")
    assert matrix.expand([]) == ("SA", "AE", "GB", "US")


def test_an_empty_scope_covers_everything_and_a_group_its_members() -> None:
    matrix = a_matrix()
    assert matrix.covers((), "BR")
    assert matrix.covers(("GCC",), "AE")
    assert not matrix.covers(("GCC",), "GB")


@pytest.mark.parametrize(
    ("facts", "unmet"),
    [
        ({"min_age": 18, "licences": ["GB:gambling"]}, ()),
        ({"min_age": 17, "licences": ["GB:gambling"]}, ("min_age 18",)),
        ({"min_age": "21", "licences": ["GB:gambling"]}, ("min_age 18",)),
        ({"min_age": 21, "licences": ["US:gambling", "GB:alcohol"]}, ("licence GB:gambling",)),
        ({"min_age": 21, "licences": "GB:gambling"}, ("licence GB:gambling",)),
        ({}, ("min_age 18", "licence GB:gambling")),
    ],
)
def test_facts_meet_requirements_only_for_their_market_and_policy(
    facts: dict[str, object], unmet: tuple[str, ...]
) -> None:
    cell = a_cell("gambling", "GB", Effect.RESTRICT, min_age=18, requires=("licence",))
    assert cell.unmet(facts, "GB") == unmet


def test_scales_parse_by_name_and_say_the_choices() -> None:
    assert Decision.parse(" reject ") is Decision.REJECT
    with pytest.raises(ValueError, match="`maybe` is none of PASS, LIMIT, REVIEW, REJECT"):
        Decision.parse("maybe")
