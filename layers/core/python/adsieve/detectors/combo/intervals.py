"""Stretches of text in which something holds, and how they join. Every operation is linear but for a sort."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_MOST_AROUND = 16
"""Stretches of one side around one of the other that are looked at: hostile texts have them without end."""


@dataclass(frozen=True, slots=True)
class Place:
    """A word or phrase as it was found: original span, and the steps it took."""

    start: int
    end: int
    how: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first to the last of some places."""

    start: int
    end: int
    places: tuple[Place, ...]


def union(several: Iterable[Iterable[Stretch]]) -> list[Stretch]:
    """All of them, by where they start."""
    return sorted((stretch for stretches in several for stretch in stretches), key=_extent)


def shortest(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Those that contain no other; both their starts and their ends ascend."""
    kept: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda each: (each.start, -each.end)):
        while kept and kept[-1].end >= stretch.end:
            kept.pop()
        kept.append(stretch)
    return kept


def together(left: Iterable[Stretch], right: Iterable[Stretch]) -> list[Stretch]:
    """The shortest stretches that hold one of each side."""
    left, right = shortest(left), shortest(right)
    starts, ends = [each.start for each in right], [each.end for each in right]
    joined = []
    for one in left:
        after = bisect_left(starts, one.start)
        around = range(bisect_left(ends, one.end), bisect_right(starts, one.start))[:_MOST_AROUND]
        partners = {after, after - 1, bisect_right(ends, one.end) - 1, *around}
        joined += [_hull(one, right[partner]) for partner in partners if 0 <= partner < len(right)]
    return shortest(joined)


def near(
    left: Sequence[Stretch], right: Sequence[Stretch], distance: int, word_at: Callable[[int], int]
) -> list[Stretch]:
    """The shortest stretches with one of each side, not more than `distance` words from each other.

    A side that is itself an AND or a NEAR counts at its own shortest stretches: `a NEAR/3 b NEAR/3 c` asks for a `c`
    close to the closest `a b`.

    Args:
        left: one side, in any order.
        right: the other.
        distance: 1 for words side by side.
        word_at: number of the word that a position lies in.
    """
    by_start = sorted(right, key=_extent)
    by_end = sorted(right, key=lambda each: (each.end, each.start))
    starts, ends = [each.start for each in by_start], [each.end for each in by_end]
    joined = []
    for one in left:
        after = bisect_left(starts, one.end)
        if after < len(starts) and word_at(starts[after]) - word_at(one.end - 1) <= distance:
            joined.append(_hull(one, by_start[after]))
        before = bisect_right(ends, one.start) - 1
        if before >= 0 and word_at(one.start) - word_at(ends[before] - 1) <= distance:
            joined.append(_hull(by_end[before], one))
    return shortest(joined)


def _hull(one: Stretch, other: Stretch) -> Stretch:
    return Stretch(min(one.start, other.start), max(one.end, other.end), one.places + other.places)


def _extent(stretch: Stretch) -> tuple[int, int]:
    return stretch.start, stretch.end
