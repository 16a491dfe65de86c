"""Local features: small, oriented patches by which a picture is known in part, turned, tilted or covered.

Blobs of a scale pyramid (difference of blurs), a dominant direction each, and a histogram of directions over 4 x 4
cells after Lowe's SIFT (patent expired 2020), turned into 128 bits so that a comparison is two words. A dark blob is
described as the light one that it is in the negative, so a negative (and what is solarised in part) has the same
features. NumPy only.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]
    type Field = tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    """Slopes across and down of all levels end to end; where each begins, its width and its height."""

ALGORITHM = "blobs-2"
WORDS = 2
"""Words of 64 bits in a description."""

_STEP = 2**0.5
_SMALLEST_LEVEL = 40
_MARGIN = 4
_WEAKEST = 1.2
_MOST_BLOBS = 1500
_EDGE = 12.0
_GRID = 8
_PATCH = 12
_SPACING = 1.85
_DIRECTIONS = 8
_CELLS = 4
_BINS = 36


@dataclass(frozen=True, slots=True)
class Features:
    """What was found in one picture, strongest first.

    Attributes:
        places: n x 4 float32: x and y as shares of the width and of the longer side, see `describe`; log2 of the size
            as a share of the longer side; direction in radians.
        bits: n x 2 uint64, their descriptions.
    """

    places: "Floats"
    bits: "NDArray[np.uint64]"
    mirrored: "NDArray[np.uint64]"

    def __len__(self) -> int:
        return len(self.places)


def features(luma: "Floats", count: int) -> Features:
    """At most `count` features, spread over the picture."""
    import numpy as np

    levels = _pyramid(luma)
    spots = _spread(np.concatenate([_blobs(level, number) for number, level in enumerate(levels)]), luma.shape, count)
    across, down, starts, widths, heights = _gradients(levels)
    level = spots[:, 2].astype(int)
    field = (across, down, starts[level], widths[level], heights[level])
    spots = _directed(spots, field)
    level = spots[:, 2].astype(int)
    field = (across, down, starts[level], widths[level], heights[level])
    described = _described(spots, field)
    scale = _STEP**level
    longest = max(luma.shape)
    places = np.stack(
        [
            (spots[:, 0] + 0.5) * scale / longest,
            (spots[:, 1] + 0.5) * scale / longest,
            np.log2(scale / longest),
            spots[:, 5],
        ],
        axis=1,
    ).astype(np.float32)
    return Features(places, _packed(described), _packed(_mirrored(described)))


def _pyramid(luma: "Floats") -> list["Floats"]:
    """Ever smaller copies, each lightly blurred."""
    import numpy as np
    from PIL import Image

    levels: list[Floats] = []
    whole = image = Image.fromarray(luma)
    width, height = image.size
    while min(width, height) >= _SMALLEST_LEVEL or not levels:
        levels.append(_blurred(np.pad(np.asarray(image), 1, mode="edge"), 2))
        width, height = (max(1, round(side / _STEP ** len(levels))) for side in whole.size)
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    return levels


def _blurred(values: "Floats", passes: int) -> "Floats":
    """Sums of neighbours, `passes` times along each axis: a binomial blur; the rim that it needs is lost."""
    for _ in range(passes):
        values = values[1:] + values[:-1]
    for _ in range(passes):
        values = values[:, 1:] + values[:, :-1]
    return values * (0.25**passes)


def _blobs(level: "Floats", number: int) -> "Floats":
    """x, y, level, strength, and 1 or -1 for light or dark, of local extremes of the difference of blurs; no edges."""
    import numpy as np

    if min(level.shape) <= 2 * _MARGIN + 2:
        return np.zeros((0, 5), dtype=np.float32)
    d = _blurred(level, 2 * _MARGIN) - level[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    strength = np.abs(d)
    rows = np.maximum(np.maximum(strength[:-2], strength[2:]), strength[1:-1])
    peak = np.maximum(np.maximum(rows[:, :-2], rows[:, 2:]), rows[:, 1:-1])
    core = strength[1:-1, 1:-1]
    y, x = np.nonzero((core == peak) & (core > _WEAKEST))
    if len(y) > _MOST_BLOBS:
        best = np.argpartition(-core[y, x], _MOST_BLOBS)[:_MOST_BLOBS]
        y, x = y[best], x[best]
    y, x = y + 1, x + 1
    here = d[y, x]
    xx = d[y, x - 1] + d[y, x + 1] - 2 * here
    yy = d[y - 1, x] + d[y + 1, x] - 2 * here
    xy = (d[y - 1, x - 1] + d[y + 1, x + 1] - d[y - 1, x + 1] - d[y + 1, x - 1]) / 4
    trace, det = xx + yy, xx * yy - xy * xy
    round_ = (det > 0) & (trace * trace < _EDGE * det)
    dx = -(d[y, x + 1] - d[y, x - 1]) / 2 / np.where(xx == 0, 1, xx)
    dy = -(d[y + 1, x] - d[y - 1, x]) / 2 / np.where(yy == 0, 1, yy)
    where = x + _MARGIN + dx.clip(-0.5, 0.5), y + _MARGIN + dy.clip(-0.5, 0.5)
    found = np.stack([*where, np.full(len(x), number), np.abs(here), np.sign(here)], axis=1)
    kept: Floats = found[round_].astype(np.float32)
    return kept


def _spread(spots: "Floats", shape: tuple[int, int], count: int) -> "Floats":
    """The strongest, but first the strongest of every place: the picture may come back cut or covered."""
    import numpy as np

    scale = _STEP ** spots[:, 2]
    cell = (spots[:, 1] * scale * _GRID / shape[0]).astype(int).clip(0, _GRID - 1) * _GRID
    cell += (spots[:, 0] * scale * _GRID / shape[1]).astype(int).clip(0, _GRID - 1)
    order = np.lexsort((-spots[:, 3], cell))
    ordered = cell[order]
    starts = np.searchsorted(ordered, ordered)
    rank = np.empty(len(spots), dtype=int)
    rank[order] = np.arange(len(spots)) - starts
    return spots[np.lexsort((-spots[:, 3], rank))[:count]]


def _gradients(levels: list["Floats"]) -> tuple["Floats", ...]:
    """Slopes of all levels, laid end to end, with where each begins and how wide and high it is."""
    import numpy as np

    across, down = [], []
    for level in levels:
        wide = np.zeros_like(level)
        wide[:, 1:-1] = level[:, 2:] - level[:, :-2]
        high = np.zeros_like(level)
        high[1:-1] = level[2:] - level[:-2]
        across.append(wide.reshape(-1))
        down.append(high.reshape(-1))
    sizes = np.array([level.size for level in levels])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return (
        np.concatenate(across),
        np.concatenate(down),
        starts,
        np.array([level.shape[1] for level in levels]),
        np.array([level.shape[0] for level in levels]),
    )


def _sampled(spots: "Floats", field: "Field", cos: "Floats", sin: "Floats") -> tuple["Floats", "Floats"]:
    """Slopes at a turned grid around each spot, n x 144 each, in the picture's own directions; of dark ones, negated."""
    import numpy as np

    across, down, starts, widths, heights = field
    gx, gy = _grid()
    x = spots[:, 0:1] + cos * gx - sin * gy
    y = spots[:, 1:2] + sin * gx + cos * gy
    column = np.rint(x).astype(np.int32).clip(0, widths[:, None] - 1)
    row = np.rint(y).astype(np.int32).clip(0, heights[:, None] - 1)
    at = starts[:, None] + row * widths[:, None] + column
    return across[at] * spots[:, 4:5], down[at] * spots[:, 4:5]


@lru_cache(maxsize=1)
def _grid() -> tuple["Floats", "Floats"]:
    import numpy as np

    line = (np.arange(_PATCH, dtype=np.float32) - (_PATCH - 1) / 2) * _SPACING
    gx, gy = np.meshgrid(line, line)
    return gx.reshape(1, -1), gy.reshape(1, -1)


def _directed(spots: "Floats", field: "Field") -> "Floats":
    """Each spot with its dominant direction; twice where there are two."""
    import numpy as np

    zero = np.zeros((len(spots), 1), dtype=np.float32)
    across, down = _sampled(spots, field, zero + 1, zero)
    gx, gy = _grid()
    reach = (_PATCH / 2 * _SPACING) * 0.5
    weight = np.exp(-(gx * gx + gy * gy) / (2 * reach * reach)) * np.hypot(across, down)
    bins = ((np.arctan2(down, across) / (2 * np.pi) * _BINS).astype(np.int32)) % _BINS
    flat = np.bincount(
        (bins + _BINS * np.arange(len(spots))[:, None]).reshape(-1), weight.reshape(-1), minlength=_BINS * len(spots)
    ).reshape(-1, _BINS)
    for _ in range(3):
        flat = (np.roll(flat, 1, 1) + flat + np.roll(flat, -1, 1)) / 3
    left, right = np.roll(flat, 1, 1), np.roll(flat, -1, 1)
    top = flat.max(axis=1, keepdims=True)
    peaks = (flat > left) & (flat >= right) & (flat >= 0.85 * top)
    spot, bin_ = np.nonzero(peaks)
    a, b, c = left[spot, bin_], flat[spot, bin_], right[spot, bin_]
    shift = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-6)
    angle = (bin_ + 0.5 + shift) * (2 * np.pi / _BINS)
    return np.concatenate([spots[spot], angle[:, None]], axis=1).astype(np.float32)


def _described(spots: "Floats", field: "Field") -> "Floats":
    """N x cells x directions."""
    import numpy as np

    cos, sin = np.cos(spots[:, 5:6]), np.sin(spots[:, 5:6])
    across, down = _sampled(spots, field, cos, sin)
    along, aside = across * cos + down * sin, down * cos - across * sin
    turns = np.arange(_DIRECTIONS, dtype=np.float32) * (2 * np.pi / _DIRECTIONS)
    pool = _pool()
    kept = [np.maximum(along * np.float32(np.cos(turn)) + aside * np.float32(np.sin(turn)), 0) @ pool for turn in turns]
    return np.stack(kept, axis=2)


@lru_cache(maxsize=1)
def _pool() -> "Floats":
    """256 x 16: how much each place of the patch counts in each cell."""
    import numpy as np

    line = (np.arange(_PATCH) + 0.5) / _PATCH * _CELLS - 0.5
    share = np.maximum(0, 1 - np.abs(line[:, None] - np.arange(_CELLS)[None, :]))
    pool = (share[:, None, :, None] * share[None, :, None, :]).reshape(_PATCH**2, _CELLS**2)
    gx, gy = _grid()
    reach = _PATCH / 2 * _SPACING
    weights: Floats = (pool * np.exp(-(gx * gx + gy * gy) / (2 * reach * reach)).reshape(-1, 1)).astype(np.float32)
    return weights


def _mirrored(described: "Floats") -> "Floats":
    """What the same patches would be described as in a mirror."""
    import numpy as np

    cells = described.reshape(-1, _CELLS, _CELLS, _DIRECTIONS)
    return np.ascontiguousarray(cells[:, ::-1][..., (-np.arange(_DIRECTIONS)) % _DIRECTIONS]).reshape(described.shape)


def _packed(described: "Floats") -> "NDArray[np.uint64]":
    """Signs of a fixed turn of the roots: 128 bits whose differences follow the angle between descriptions."""
    import numpy as np

    flat = described.reshape(len(described), _DIRECTIONS * _CELLS**2)
    roots = np.sqrt(flat / np.maximum(flat.sum(axis=1, keepdims=True), 1e-9))
    bits = (roots - roots.mean(axis=1, keepdims=True)) @ _turn() > 0
    return np.packbits(bits, axis=1, bitorder="little").view("<u8")


@lru_cache(maxsize=1)
def _turn() -> "Floats":
    """A fixed orthogonal mix of 128 numbers: Hadamard matrices with signs flipped between, no random generator."""
    import numpy as np

    size = _DIRECTIONS * _CELLS**2
    hadamard = np.ones((1, 1))
    while len(hadamard) < size:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    n = np.arange(size)
    flips = [np.where((n * n * k + 7 * n) % 31 % 2, 1, -1) for k in (3, 5, 11)]
    mix = np.eye(size)
    for flip in flips:
        mix = (mix * flip) @ hadamard
    turn: Floats = (mix / size**1.5).astype(np.float32)
    return turn
