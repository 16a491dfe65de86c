"""The second look: two thumbnails laid upon each other, compared square by square.

Features can agree by accident or because two pictures share a word or a badge. The same picture agrees in most squares
that are not covered; a shared badge in one or two.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]

_LENGTH = 64
"""Samples along the longer side of the material."""

_SQUARE = 8
_SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_RIM = 0.25
"""How far outside the outermost samples still counts as inside, short of one."""

_FLAT = 5.0
"""Spread of brightness below which a square shows nothing to compare."""

_AGREES = 0.7
"""Correlation from which a square counts as the same."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the squares say.

    Attributes:
        compared: squares with something in them that lie within both pictures.
        same: those that show the same.
        negative: whether they agree as a negative does.
    """

    compared: int
    same: int
    negative: bool

    @property
    def differing(self) -> int:
        """Percent of the compared squares that differ, 100 where none could be compared."""
        return round(100 * (1 - self.same / self.compared)) if self.compared else 100


def compare(query: "Floats", material: "Floats", matrix: "Floats") -> Comparison:
    """Lay two thumbnails upon each other.

    Args:
        query: brightness of the one.
        material: brightness of the other.
        matrix: 2 x 3, query places to material places, both as shares of the longer side.
    """
    import numpy as np

    step = max(material.shape) / _LENGTH
    rows = int(material.shape[0] / step) // _SQUARE * _SQUARE
    columns = int(material.shape[1] / step) // _SQUARE * _SQUARE
    linear = matrix[:, :2].astype(np.float64)
    if not rows or not columns or abs(np.linalg.det(linear)) < 1e-6:  # noqa: PLR2004 - collapsed
        return Comparison(0, 0, negative=False)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) + 0.5
    there = np.stack([x.ravel(), y.ravel()]) / _LENGTH
    here = np.linalg.solve(linear, there - matrix[:, 2:3])
    ratio = max(query.shape) / _LENGTH / np.sqrt(abs(np.linalg.det(linear)))
    known = _squares(_shrunk(material, step, rows, columns).reshape(rows, columns))
    best = np.zeros(known.shape[0])
    lowest = np.zeros(known.shape[0])
    level = _softened(query, ratio)
    inside = np.zeros(known.shape[0], dtype=bool)
    for dx, dy in _SHIFTS:
        seen, covered = _sampled(level, here + np.linalg.solve(linear, np.array([[dx], [dy]]) / _LENGTH))
        squares = _squares(seen.reshape(rows, columns))
        whole = _squares(covered.reshape(rows, columns)).mean(axis=1) > 0.9  # noqa: PLR2004 - a rim may be missing
        value = _correlation(known, squares)
        best = np.maximum(best, np.where(whole, value, 0))
        lowest = np.minimum(lowest, np.where(whole, value, 0))
        if (dx, dy) == (0, 0):
            inside = whole & (known.std(axis=1) > _FLAT)
    same, opposite = int((inside & (best > _AGREES)).sum()), int((inside & (lowest < -_AGREES)).sum())
    return Comparison(int(inside.sum()), max(same, opposite), opposite > same)


def _shrunk(values: "Floats", step: float, rows: int, columns: int) -> "Floats":
    """The material at the comparison's own length."""
    import numpy as np
    from PIL import Image

    size = (round(values.shape[1] / step), round(values.shape[0] / step))
    small = np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR))
    wide = np.pad(small, ((0, max(0, rows - small.shape[0])), (0, max(0, columns - small.shape[1]))), mode="edge")
    return wide[:rows, :columns]


def _softened(query: "Floats", ratio: float) -> "Floats":
    """The query with what is finer than a sample averaged away, at its own size."""
    import numpy as np
    from PIL import Image

    if ratio <= 1.3:  # noqa: PLR2004 - nothing to average
        return query
    image = Image.fromarray(query)
    size = (max(4, round(query.shape[1] / ratio)), max(4, round(query.shape[0] / ratio)))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def _sampled(level: "Floats", here: "NDArray[np.float64]") -> tuple["Floats", "Floats"]:
    """Bilinear samples at places given as shares of the longer side, and whether each lies inside."""
    import numpy as np

    length = max(level.shape)
    x, y = here[0] * length - 0.5, here[1] * length - 0.5
    height, width = level.shape
    inside = (x > _RIM - 1) & (x < width - _RIM) & (y > _RIM - 1) & (y < height - _RIM)
    left, top = np.floor(x).clip(0, max(0, width - 2)).astype(int), np.floor(y).clip(0, max(0, height - 2)).astype(int)
    right, under = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx, fy = (x - left).clip(0, 1), (y - top).clip(0, 1)
    upper = level[top, left] * (1 - fx) + level[top, right] * fx
    lower = level[under, left] * (1 - fx) + level[under, right] * fx
    return (upper * (1 - fy) + lower * fy).astype(np.float32), inside.astype(np.float32)


def _squares(values: "Floats") -> "Floats":
    """One row a square."""
    rows, columns = values.shape
    cut = values.reshape(rows // _SQUARE, _SQUARE, columns // _SQUARE, _SQUARE)
    return cut.transpose(0, 2, 1, 3).reshape(-1, _SQUARE * _SQUARE)


def _correlation(one: "Floats", other: "Floats") -> "Floats":
    import numpy as np

    a = one - one.mean(axis=1, keepdims=True)
    b = other - other.mean(axis=1, keepdims=True)
    spread = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    product: Floats = (a * b).sum(axis=1) / np.maximum(spread, 64.0)
    return product
