"""How sure a count makes one of a rate."""

from math import exp, lgamma, log, log1p

_STEPS = 60


def upper_bound(hits: int, tried: int, level: float = 0.95) -> float:
    """Clopper and Pearson's one-sided upper bound of a rate: with a higher one, so few hits were rarer than 1 - level."""
    if tried == 0 or hits >= tried:
        return 1.0
    low, high = hits / tried, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if at_most(hits, tried, middle) > 1 - level:
            low = middle
        else:
            high = middle
    return high


def most_hits(tried: int, rate: float) -> int:
    """The most hits whose upper bound is still below the rate; -1 where not even none are few enough."""
    hits = -1
    while hits + 1 < tried and upper_bound(hits + 1, tried) <= rate:
        hits += 1
    return hits


def at_most(hits: int, tried: int, rate: float) -> float:
    """Probability of so few hits or fewer, of a binomial; summed from its largest term until nothing is added."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return float(hits >= tried)
    mode = min(hits, int((tried + 1) * rate))
    total = 0.0
    for numbers in (range(mode, -1, -1), range(mode + 1, hits + 1)):
        for number in numbers:
            term = exp(
                lgamma(tried + 1)
                - lgamma(number + 1)
                - lgamma(tried - number + 1)
                + number * log(rate)
                + (tried - number) * log1p(-rate)
            )
            total += term
            if term < total * 1e-17:
                break
    return min(total, 1.0)
