"""The numbers behind the clean-corpus test, against known values and the operating curve that was promised."""

import math

import pytest

from adsieve.service.gates.statistics import at_most, most_hits, upper_bound

N = 50_000
LIMIT = 2e-4


@pytest.mark.parametrize(
    ("hits", "tried", "expected"),
    [(0, 100, 1 - 0.05 ** (1 / 100)), (0, 50_000, 1 - 0.05 ** (1 / 50_000)), (10, 10, 1.0), (0, 0, 1.0)],
)
def test_the_upper_bound_is_clopper_and_pearsons(hits: int, tried: int, expected: float) -> None:
    assert upper_bound(hits, tried) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("hits", "tried"), [(1, 10), (5, 50), (20, 300)])
def test_at_the_upper_bound_so_few_hits_are_a_one_in_twenty_chance(hits: int, tried: int) -> None:
    rate = upper_bound(hits, tried)
    exact = sum(math.comb(tried, number) * rate**number * (1 - rate) ** (tried - number) for number in range(hits + 1))
    assert exact == pytest.approx(0.05)


@pytest.mark.parametrize(("tried", "most"), [(N, 4), (100_000, 12), (10_000, -1), (100, -1)])
def test_so_many_hits_are_taken(tried: int, most: int) -> None:
    assert most_hits(tried, LIMIT) == most


@pytest.mark.parametrize(
    ("rate", "least", "most"), [(2 * LIMIT, 0.0, 0.01), (LIMIT, 0.0, 0.05), (LIMIT / 4, 0.85, 1.0)]
)
def test_the_operating_curve_of_the_clean_corpus(rate: float, least: float, most: float) -> None:
    """Twice the limit passes hardly ever, a quarter of it nearly always."""
    assert least <= at_most(most_hits(N, LIMIT), N, rate) <= most


def test_a_large_count_is_bounded_quickly() -> None:
    assert 0.2 < upper_bound(10_000, N) < 0.21
