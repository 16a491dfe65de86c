"""What must hold of every decision, whatever the findings, rules and facts."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adsieve.domain.decision import Action, Decision, Effect, State
from adsieve.domain.finding import Finding
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import SCANNED, decide
from tests.builders import TODAY, a_cell, a_finding, an_ad

MARKETS = ("SA", "AE", "GB")
WHOLE = {"texts.headline": SCANNED}

cells = st.builds(
    a_cell,
    st.sampled_from(["gambling", "alcohol"]),
    st.sampled_from([*MARKETS, "GCC", "*"]),
    st.sampled_from(Effect),
    min_age=st.none() | st.integers(18, 25),
)
matrices = st.lists(cells, max_size=8).map(lambda rules: PolicyMatrix(rules, {"SA": ["GCC"], "AE": ["GCC"], "GB": []}))
findings = st.builds(
    a_finding,
    policy=st.sampled_from(["gambling", "alcohol", "unknown"]),
    action=st.sampled_from([action for action in Action if action is not Action.ALLOW]),
    state=st.sampled_from(State),
    markets=st.lists(st.sampled_from([*MARKETS, "GCC"]), max_size=2).map(tuple),
)
facts = st.fixed_dictionaries({}, optional={"min_age": st.integers(16, 30)})


def decisions(matrix: PolicyMatrix, found: list[Finding], known: dict[str, Any]) -> dict[str, Decision]:
    ad = an_ad(markets=list(MARKETS), facts=known)
    return {market: told.decision for market, told in decide(ad, found, WHOLE, matrix, TODAY).items()}


@given(matrices, st.lists(findings, max_size=5), findings, facts)
def test_one_more_finding_never_makes_a_market_milder(
    matrix: PolicyMatrix, found: list[Finding], more: Finding, known: dict[str, Any]
) -> None:
    before, after = decisions(matrix, found, known), decisions(matrix, [*found, more], known)
    assert all(after[market] >= before[market] for market in MARKETS)


@given(matrices, st.lists(findings, max_size=5), facts)
def test_no_market_goes_beyond_the_strictest_action_found(
    matrix: PolicyMatrix, found: list[Finding], known: dict[str, Any]
) -> None:
    strictest = max((finding.action for finding in found), default=Action.LOG)
    assert max(decisions(matrix, found, known).values()) <= strictest


@given(matrices, st.lists(findings, max_size=5), facts)
def test_an_unscanned_part_is_never_a_pass(matrix: PolicyMatrix, found: list[Finding], known: dict[str, Any]) -> None:
    ad = an_ad(markets=list(MARKETS), facts=known)
    told = decide(ad, found, {"media/x": "failed: anything"}, matrix, TODAY)
    assert all(decided.decision >= Decision.REVIEW for decided in told.values())


@given(matrices, st.sampled_from(["gambling", "alcohol"]), st.sampled_from(MARKETS))
def test_the_resolver_picks_a_cell_that_is_most_specific_and_strictest(
    matrix: PolicyMatrix, policy: str, market: str
) -> None:
    def rank(place: str) -> int:
        return {market: 3, "GCC": 2 if market != "GB" else 0, "*": 1}.get(place, 0)

    candidates = [cell for cell in matrix.cells if cell.policy == policy and rank(cell.market)]
    cell = matrix.resolve(policy, market, TODAY)
    if cell is None:
        assert not candidates
    else:
        best = max((rank(known.market), known.effect) for known in candidates)
        assert (rank(cell.market), cell.effect) == best
