"""Whether features of two pictures agree on one placement of the one within the other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]

MOST_PAIRS = 240
_FAR = 28
"""Bits of 128 that two descriptions of the same place may differ in."""

_TIE = 1
"""Bits by which a pair may miss being the best for both of its features."""

_LOOSE, _TIGHT = 0.06, 0.03
"""How far from its place a feature may lie, as a share of the longer side."""

_SIZE, _TURN = 1.0, 0.6
"""By how many octaves and radians a pair may contradict the placement it votes for."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a material's picture lies in a query.

    Attributes:
        matrix: 2 x 3, query places to material places, both as shares of the longer side.
        support: pairs of features that agree, no feature counted twice.
        pairs: pairs that were tried.
        query, material: places of the agreeing features, support x 2 each.
    """

    matrix: "Floats"
    support: int
    pairs: int
    query: "Floats"
    material: "Floats"

    @property
    def share(self) -> float:
        """Part of the tried pairs that agree."""
        return self.support / self.pairs


def place(
    query_places: "Floats", query_bits: "NDArray[np.uint64]", places: "Floats", bits: "NDArray[np.uint64]"
) -> Placement | None:
    """The placement that most pairs agree on; None where no three do."""
    import numpy as np

    distance = np.bitwise_count(query_bits[:, None, 0] ^ bits[None, :, 0]) + np.bitwise_count(
        query_bits[:, None, 1] ^ bits[None, :, 1]
    )
    best_here, best_there = distance.min(axis=1, keepdims=True), distance.min(axis=0, keepdims=True)
    one, other = np.nonzero((distance <= _FAR) & (distance <= best_here + _TIE) & (distance <= best_there + _TIE))
    if len(one) > MOST_PAIRS:
        best = np.argpartition(distance[one, other], MOST_PAIRS)[:MOST_PAIRS]
        one, other = one[best], other[best]
    if len(one) < 3:  # noqa: PLR2004 - three points fix a placement
        return None
    return _agreed(query_places[one], places[other], one, other)


def _agreed(
    query: "Floats", material: "Floats", one: "NDArray[np.int64]", other: "NDArray[np.int64]"
) -> Placement | None:
    import numpy as np

    turn = material[:, 3] - query[:, 3]
    size = material[:, 2] - query[:, 2]
    scale = 2**size
    a, b = scale * np.cos(turn), scale * np.sin(turn)
    x = material[:, 0] - (a * query[:, 0] - b * query[:, 1])
    y = material[:, 1] - (b * query[:, 0] + a * query[:, 1])
    off_x = np.outer(a, query[:, 0]) - np.outer(b, query[:, 1]) + x[:, None] - material[None, :, 0]
    off_y = np.outer(b, query[:, 0]) + np.outer(a, query[:, 1]) + y[:, None] - material[None, :, 1]
    alike = np.abs(size[:, None] - size[None, :]) < _SIZE
    alike &= np.cos(turn[:, None] - turn[None, :]) > np.cos(_TURN)
    votes = alike & (off_x**2 + off_y**2 < _LOOSE**2)
    first = int(votes.sum(axis=1).argmax())
    inside = votes[first]
    matrix = np.array([[a[first], -b[first], x[first]], [b[first], a[first], y[first]]], dtype=np.float32)
    ones = np.concatenate([query[:, :2], np.ones((len(query), 1), dtype=np.float32)], axis=1)
    for tolerance in (_LOOSE, (_LOOSE + _TIGHT) / 2, _TIGHT):
        if inside.sum() < 3:  # noqa: PLR2004
            return None
        matrix = fitted(ones[inside], material[inside, :2], matrix)
        off = np.linalg.norm(ones @ matrix.T - material[:, :2], axis=1)
        inside = alike[first] & (off < tolerance)
    kept = np.nonzero(inside)[0][np.argsort(off[inside])]
    _, first_of_query = np.unique(one[kept], return_index=True)
    kept = kept[np.sort(first_of_query)]
    _, first_of_material = np.unique(other[kept], return_index=True)
    kept = kept[first_of_material]
    return Placement(matrix, len(kept), len(one), query[kept, :2], material[kept, :2])


def fitted(ones: "Floats", target: "Floats", before: "Floats") -> "Floats":
    """Least squares, pulled a little to what it was before: few points must not shear the picture."""
    import numpy as np

    pull = 0.02 * len(ones)
    middle = np.eye(3, dtype=np.float32) * np.array([pull * 0.05, pull * 0.05, 1e-6], dtype=np.float32)
    left = ones.T @ ones + middle
    right = ones.T @ target + middle @ before.T
    return np.linalg.solve(left, right).T.astype(np.float32)
