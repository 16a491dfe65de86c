"""The second look: two thumbnails laid upon each other, compared square by square.

Features can agree by accident or because two pictures share a word or a badge. The same picture agrees in most squares
that are not covered; a shared badge in one or two. Few features place a picture roughly, so each square may first be
found a little beside its place, and those that are mend the placement for all.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.floating]

_LENGTH = 64
"""Samples along the longer side of the material."""

_SQUARE = 8
_WIDE, _NARROW = 3, 1
"""Samples that a square may lie beside its place: while the placement is mended, and when squares are counted."""

_MENDINGS = 2
_FEWEST, _LEAST = 4, 0.2
"""Agreeing squares, and share of the compared ones, below which a placement is not worth mending."""

_RIM = 0.25
"""How far outside the outermost samples still counts as inside, short of one."""

_FLAT = 4.0
"""Spread of brightness, short of its slope, below which a square shows nothing to compare."""

_AGREES = 0.7
"""Correlation from which a square counts as the same."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the squares say.

    Attributes:
        compared: squares with something in them that lie within both pictures.
        same: those that show the same, or its negative: what is solarised shows both.
        lines: rows, or columns if they are fewer, that these lie in: a word lies in one or two.
        negative: whether most agree as a negative does.
        matrix: the placement, mended; see `compare`.
    """

    compared: int
    same: int
    lines: int
    negative: bool
    matrix: "Floats"

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

    known = _shrunk(material)
    if not known.size:
        return Comparison(0, 0, 0, negative=False, matrix=matrix)
    shown = _steepless(_windows(known, 0)[:, :, 0, 0]).std(axis=(-2, -1)) > _FLAT
    for _ in range(_MENDINGS):
        values, inside = _correlations(query, known, matrix, _WIDE)
        strength = np.abs(values)
        agree = shown & inside & (strength.max(axis=-1) > _AGREES)
        compared, close = int((shown & inside).sum()), int(agree.sum())
        if close < _FEWEST or close < _LEAST * compared:
            return Comparison(compared, close, 0, negative=False, matrix=matrix)
        matrix = _mended(matrix, strength.argmax(axis=-1)[agree], agree)
    values, inside = _correlations(query, known, matrix, _NARROW)
    inside &= shown
    alike, opposite = (inside & (way.max(axis=-1) > _AGREES) for way in (values, -values))
    same = alike | opposite
    lines = min(int(same.any(axis=axis).sum()) for axis in (0, 1))
    return Comparison(int(inside.sum()), int(same.sum()), lines, bool(opposite.sum() > alike.sum()), matrix)


def _correlations(query: "Floats", known: "Floats", matrix: "Floats", reach: int) -> "tuple[Floats, NDArray[np.bool_]]":
    """How alike each square is a little beside its place, by shift; whether it lies within the query."""
    import numpy as np

    linear = matrix[:, :2].astype(np.float64)
    stretch = float(np.sqrt(abs(np.linalg.det(linear))))
    rows, columns = known.shape
    if stretch < 1e-3:  # noqa: PLR2004 - collapsed
        shape = (rows // _SQUARE, columns // _SQUARE)
        return np.zeros((*shape, 1), dtype=np.float32), np.zeros(shape, dtype=bool)
    y, x = np.mgrid[-reach : rows + reach, -reach : columns + reach] + 0.5
    there = np.stack([x.ravel(), y.ravel()]) / _LENGTH - matrix[:, 2:3]
    level = _softened(query, max(query.shape) / _LENGTH / stretch)
    seen, covered = (field.reshape(x.shape) for field in _sampled(level, np.linalg.inv(linear) @ there))
    squares, basis = _steepless(_windows(known, 0)[:, :, 0, 0]), _planes()
    shown = _windows(seen - seen.mean(), reach)
    product = np.einsum("yxabij,yxij->yxab", shown, squares, optimize=True)
    flat = np.einsum("yxabij,kij->kyxab", shown, basis, optimize=True)
    rest = np.maximum(_sums((seen - seen.mean()) ** 2, reach) - (flat * flat).sum(axis=0), 0)
    spread = np.sqrt(rest * (squares**2).sum(axis=(-2, -1))[..., None, None])
    values = (product / np.maximum(spread, _SQUARE**2)).reshape(*squares.shape[:2], -1)
    middle = covered[reach : reach + rows, reach : reach + columns]
    return values, _windows(middle, 0).mean(axis=(-2, -1))[..., 0, 0] > 0.9  # noqa: PLR2004 - a rim may be missing


def _windows(values: "Floats", reach: int) -> "Floats":
    """Rows x columns of squares x shifts down x across x the samples of the square, without a copy."""
    from numpy.lib.stride_tricks import as_strided

    rows, columns = ((side - 2 * reach) // _SQUARE for side in values.shape)
    down, across = values.strides
    shape = (rows, columns, 2 * reach + 1, 2 * reach + 1, _SQUARE, _SQUARE)
    strides = (_SQUARE * down, _SQUARE * across, down, across, down, across)
    return as_strided(values, shape, strides, writeable=False)


def _sums(values: "Floats", reach: int) -> "Floats":
    """Sum over each square at each shift."""
    import numpy as np

    step, boxes = 1, values
    while step < _SQUARE:  # neighbours, then neighbours of those, and so on
        boxes = boxes[step:] + boxes[:-step]
        boxes = boxes[:, step:] + boxes[:, :-step]
        step *= 2
    down, across = (
        np.arange((side - 2 * reach) // _SQUARE)[:, None] * _SQUARE + np.arange(2 * reach + 1) for side in values.shape
    )
    found: Floats = boxes[down[:, None, :, None], across[None, :, None, :]]
    return found


@lru_cache(maxsize=1)
def _planes() -> "Floats":
    """What an even or sloping square is made of: three squares, at right angles to each other, of length 1."""
    import numpy as np

    line = np.arange(_SQUARE) - (_SQUARE - 1) / 2
    planes = np.stack([np.ones((_SQUARE, _SQUARE)), *np.meshgrid(line, line)])
    found: Floats = (planes / np.sqrt((planes**2).sum(axis=(1, 2), keepdims=True))).astype(np.float32)
    return found


def _steepless(squares: "Floats") -> "Floats":
    """Squares without their mean and slope: every sky slopes alike."""
    import numpy as np

    basis = _planes()
    found: Floats = squares - np.einsum("...k,kij->...ij", np.einsum("...ij,kij->...k", squares, basis), basis)
    return found


def _mended(matrix: "Floats", shifts: "NDArray[np.int64]", agree: "NDArray[np.bool_]") -> "Floats":
    """The placement that puts the squares that agree where they were found."""
    import numpy as np

    from adsieve.detectors.media.alignment import fitted

    row, column = np.nonzero(agree)
    there = (np.stack([column, row], axis=1) + 0.5) * _SQUARE / _LENGTH
    down, across = np.divmod(shifts, 2 * _WIDE + 1)
    beside = there + (np.stack([across, down], axis=1) - _WIDE) / _LENGTH
    here = np.linalg.solve(matrix[:, :2].astype(np.float64), beside.T - matrix[:, 2:3]).T
    ones = np.concatenate([here, np.ones((len(here), 1))], axis=1)
    return fitted(ones, there, matrix)


def _shrunk(values: "Floats") -> "Floats":
    """The material at the comparison's own length, in whole squares."""
    import numpy as np
    from PIL import Image

    step = max(values.shape) / _LENGTH
    rows, columns = (int(side / step) // _SQUARE * _SQUARE for side in values.shape)
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
