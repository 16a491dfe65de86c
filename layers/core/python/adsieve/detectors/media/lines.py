"""Where in a mask of ink there are lines of letters: everything else is left out before anybody tries to read it.

Leaves, fur and gravel have the ink of letters, but not their arrangement: pieces of about one height and one stroke,
side by side. Reading what is left takes half the time of reading everything, and a mask without a line takes none.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Mask = NDArray[np.bool_]
    type Numbers = NDArray[np.int64]
    type Pieces = NDArray[np.float64]
    """A row a piece: left, top, right, bottom, and the width of its strokes."""

    type Box = tuple[int, int, int, int]
    """Left, top, right, bottom."""

MOST_PIECES = 800
"""Pieces that are looked at, the largest first: what has more letters than this says it in some of them."""

FEWEST_PIECES = 3
THICKEST = 0.45
"""Of the height of a line's letters, how thick their strokes are at most."""

UNEVEN = 0.4
"""How much stroke widths of a line may vary (spread by mean); 95 of 100 true lines stay below 0.35."""

GAP = 1.0
"""Heights that may lie between two pieces of one line."""

MARGIN = 0.4
"""Heights around a line that are kept: dots and tails."""

REACH = 2.0
"""Heights before and behind a line that are kept: letters that hang together with something that is none."""


def lines_of(ink: "Mask", lowest: float, highest: float) -> "list[Box]":
    """Where there are lines of letters from `lowest` to `highest` pixels high."""
    return _lines(_letters(_pieces(ink), lowest, highest))


def only_lines(ink: "Mask", lines: "Iterable[Box]") -> "Mask":
    """The ink of lines and what lies close to them."""
    import numpy as np

    kept = np.zeros_like(ink)
    for left, top, right, bottom in lines:
        above, beside = int(MARGIN * (bottom - top)), int(REACH * (bottom - top))
        rows, columns = slice(max(0, top - above), bottom + above), slice(max(0, left - beside), right + beside)
        kept[rows, columns] = ink[rows, columns]
    return kept


def _pieces(ink: "Mask") -> "Pieces":
    """Everything that hangs together, corners included, by runs of ink along rows."""
    import numpy as np

    stride = ink.shape[1] + 1  # a column that is never inked ends every run of a row, as does a row above
    wide = np.zeros((ink.shape[0] + 1, stride), dtype=bool)
    wide[1:, :-1] = ink
    flat = wide.reshape(-1)
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return np.zeros((0, 5))
    first = np.searchsorted(ends, starts + stride)
    count = np.maximum(np.searchsorted(starts, ends + stride, side="right") - first, 0)
    above = np.repeat(np.arange(len(starts)), count)
    below = np.arange(len(above)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    piece = _joined(len(starts), above, below)
    order = np.argsort(piece, kind="stable")
    own = np.flatnonzero(np.diff(piece[order], prepend=-1))
    rims = np.append(0, np.cumsum(wide[1:] & ~wide[:-1], dtype=np.int32))  # where runs down a column begin
    down = (rims[ends - stride] - rims[starts - stride])[order]
    row, left, right = starts[order] // stride - 1, starts[order] % stride, ends[order] % stride
    runs = np.maximum(np.diff(np.append(own, len(order))), np.add.reduceat(down, own))
    return np.stack(
        [
            np.minimum.reduceat(left, own),
            np.minimum.reduceat(row, own),
            np.maximum.reduceat(right, own),
            np.maximum.reduceat(row, own) + 1,
            np.add.reduceat(right - left, own) / runs,
        ],
        axis=1,
    )


def _joined(count: int, one: "Numbers", other: "Numbers") -> "Numbers":
    """For each of `count` things the lowest number of those it is joined with, directly or not."""
    import numpy as np

    root = np.arange(count)
    while (root[one] != root[other]).any():
        least = np.minimum(root[one], root[other])
        np.minimum.at(root, root[one], least)
        np.minimum.at(root, root[other], least)
        root = root[root]
    while (root != root[root]).any():
        root = root[root]
    return root


def _letters(pieces: "Pieces", lowest: float, highest: float) -> "Pieces":
    """Pieces as high as asked, at most `MOST_PIECES`."""
    import numpy as np

    high = pieces[:, 3] - pieces[:, 1]
    kept = pieces[(high >= lowest) & (high <= highest)]
    area = (kept[:, 2] - kept[:, 0]) * (kept[:, 3] - kept[:, 1])
    return kept[np.argsort(-area, kind="stable")[:MOST_PIECES]]


def _lines(pieces: "Pieces") -> "list[Box]":
    """Boxes around pieces that stand side by side, are about as high, and have strokes as thick."""
    import numpy as np

    left, top, right, bottom, _ = pieces.T
    high = bottom - top
    lower, higher = np.minimum(high[:, None], high), np.maximum(high[:, None], high)
    beside = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top) >= lower / 2
    near = np.maximum(left[:, None], left) - np.minimum(right[:, None], right) <= GAP * higher
    line = _joined(len(pieces), *np.nonzero(beside & near & (higher <= 3 * lower)))
    members = (pieces[line == number] for number in np.unique(line))
    return [_box(own) for own in members if _is_line(own)]


def _is_line(own: "Pieces") -> bool:
    left, top, right, bottom = _box(own)
    high, stroke = own[:, 3] - own[:, 1], own[:, 4]
    shaped = right - left >= 1.5 * (bottom - top) and bottom - top <= 1.8 * high.max()
    even = stroke.std() <= UNEVEN * stroke.mean() and stroke.mean() <= THICKEST * high.mean()
    return len(own) >= FEWEST_PIECES and bool(shaped and even)


def _box(own: "Pieces") -> "Box":
    left, top = own[:, :2].min(axis=0)
    right, bottom = own[:, 2:4].max(axis=0)
    return int(left), int(top), int(right), int(bottom)
