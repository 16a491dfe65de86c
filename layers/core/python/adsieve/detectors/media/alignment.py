"""Whether features of two pictures agree on one placement of the one within the other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.floating]

MOST_PAIRS = 240
_FEWEST_POINTS = 3  # they fix a placement
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
    near_here = np.minimum(distance.min(axis=1, keepdims=True) + _TIE, _FAR)
    near_there = distance.min(axis=0, keepdims=True) + _TIE
    one, other = np.divmod(np.flatnonzero((distance <= near_here) & (distance <= near_there)), distance.shape[1])
    if len(one) > MOST_PAIRS:
        best = np.argpartition(distance[one, other], MOST_PAIRS)[:MOST_PAIRS]
        one, other = one[best], other[best]
    if len(one) < _FEWEST_POINTS:
        return None
    return _agreed(query_places[one], places[other], one, other)


def _agreed(
    query: "Floats", material: "Floats", one: "NDArray[np.int64]", other: "NDArray[np.int64]"
) -> Placement | None:
    import numpy as np

    votes = agreeing(query, material)
    first = int(votes.sum(axis=1).argmax())
    inside = votes[first]
    alike = _alike(query, material)[first]
    a, b, x, y = _similarity(query[first], material[first])
    matrix = np.array([[a, -b, x], [b, a, y]], dtype=np.float32)
    ones = np.concatenate([query[:, :2], np.ones((len(query), 1), dtype=np.float32)], axis=1)
    for tolerance in (_LOOSE, (_LOOSE + _TIGHT) / 2, _TIGHT):
        if inside.sum() < _FEWEST_POINTS:
            return None
        matrix = fitted(ones[inside], material[inside, :2], matrix)
        off = np.linalg.norm(ones @ matrix.T - material[:, :2], axis=1)
        inside = alike & (off < tolerance)
    kept = np.nonzero(inside)[0][np.argsort(off[inside])]
    _, first_of_query = np.unique(one[kept], return_index=True)
    kept = kept[np.sort(first_of_query)]
    _, first_of_material = np.unique(other[kept], return_index=True)
    kept = kept[first_of_material]
    return Placement(matrix, len(kept), len(one), query[kept, :2], material[kept, :2])


def agreeing(query: "Floats", material: "Floats") -> "NDArray[np.bool_]":
    """Pairs x pairs: whether the placement that the one stands for puts the other where it is.

    Args:
        query: ... x pairs x 4, see `Features.places`.
        material: their partners.
    """
    a, b, x, y = (term[..., :, None] for term in _similarity(query, material))
    u, v = query[..., None, :, 0], query[..., None, :, 1]
    off_x = a * u - b * v + x - material[..., None, :, 0]
    off_y = b * u + a * v + y - material[..., None, :, 1]
    near: NDArray[np.bool_] = off_x * off_x + off_y * off_y < _LOOSE**2
    return near & _alike(query, material)


def _alike(query: "Floats", material: "Floats") -> "NDArray[np.bool_]":
    """Pairs x pairs: whether both turn and scale about the same."""
    import numpy as np

    size, turn = (material[..., at] - query[..., at] for at in (2, 3))
    same: NDArray[np.bool_] = np.abs(size[..., :, None] - size[..., None, :]) < _SIZE
    turned: NDArray[np.bool_] = np.cos(turn[..., :, None] - turn[..., None, :]) > np.cos(_TURN)
    return same & turned


def _similarity(query: "Floats", material: "Floats") -> "tuple[Floats, Floats, Floats, Floats]":
    """The turn, scale and move (a, -b, x; b, a, y) that puts each feature upon its partner."""
    import numpy as np

    turn, scale = material[..., 3] - query[..., 3], 2 ** (material[..., 2] - query[..., 2])
    a, b = scale * np.cos(turn), scale * np.sin(turn)
    x = material[..., 0] - (a * query[..., 0] - b * query[..., 1])
    y = material[..., 1] - (b * query[..., 0] + a * query[..., 1])
    return a, b, x, y


def fitted(ones: "Floats", target: "Floats", before: "Floats") -> "Floats":
    """Least squares, pulled a little to what it was before: few points must not shear the picture."""
    import numpy as np

    pull = 0.02 * len(ones)
    middle = np.eye(3, dtype=np.float32) * np.array([pull * 0.05, pull * 0.05, 1e-6], dtype=np.float32)
    left = ones.T @ ones + middle
    right = ones.T @ target + middle @ before.T
    return np.linalg.solve(left, right).T.astype(np.float32)
