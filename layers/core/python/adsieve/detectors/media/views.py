"""Where in a picture the known picture may be: inside borders, beside bars, on a page, in a collage.

A view is a rectangle of the query that is hashed by itself. Most untouched pictures have one view, the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_VIEWS = 12
_SMALLEST = 0.12
"""Least share of each side of a view: what is smaller shows too little."""

_FLAT = 10.0
"""Spread of brightness below which a line is border, not picture."""

_STEP, _MOST_OF_IT = 10.0, 0.6
"""A step in brightness, and the share of a line that must step, to look like the edge of a picture laid on another."""


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the query: x, y, width and height in its pixels."""

    name: str
    box: tuple[int, int, int, int]

    def cut(self, luma: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Its pixels."""
        x, y, width, height = self.box
        return luma[y : y + height, x : x + width]


def views(luma: "NDArray[np.float32]") -> list[View]:
    """The views of a picture, whole first, none twice, at most `MAX_VIEWS`."""
    height, width = luma.shape
    found = [View("whole", (0, 0, width, height))]
    for view in (*_trimmed(luma), *_photo(luma), *_seamed(luma), *_centres(width, height)):
        if _large(view.box, width, height) and not any(_close(view.box, known.box) for known in found):
            found.append(view)
    return found[:MAX_VIEWS]


def _trimmed(luma: "NDArray[np.float32]") -> Iterator[View]:
    """Without the even lines around."""
    inner = _inside(luma.std(axis=1) > _FLAT, luma.std(axis=0) > _FLAT)
    if inner:
        yield View("trim", inner)


def _photo(luma: "NDArray[np.float32]") -> Iterator[View]:
    """The rows and columns with many different shades: a photo among text and even ground."""
    import numpy as np

    shades = (luma.astype(np.int32) >> 3).clip(0, 31)
    inner = _inside(_variety(shades) > 12, _variety(shades.T) > 12)  # noqa: PLR2004 - of 32 shades
    if inner:
        yield View("photo", inner)


def _variety(shades: "NDArray[np.int32]") -> "NDArray[np.int64]":
    """Different shades in each row."""
    import numpy as np

    lines, length = shades.shape
    counts = np.bincount((shades + 32 * np.arange(lines)[:, None]).reshape(-1), minlength=32 * lines)
    shown: NDArray[np.int64] = (counts.reshape(lines, 32) > max(1, length // 200)).sum(axis=1)
    return shown


def _seamed(luma: "NDArray[np.float32]") -> Iterator[View]:
    """The largest rectangles between straight seams that span a side: letterboxes, stories, collages."""
    rows = _seams(luma)
    columns = _seams(luma.T)
    bands = [(0, band[0], luma.shape[1], band[1] - band[0]) for band in _bands(rows, luma.shape[0])]
    pillars = [(pillar[0], 0, pillar[1] - pillar[0], luma.shape[0]) for pillar in _bands(columns, luma.shape[1])]
    tiles = [(pillar[0], band[1], pillar[2], band[3]) for band in bands for pillar in pillars]
    for box in sorted(bands + pillars + tiles, key=lambda box: -box[2] * box[3])[:6]:
        yield View("seam", box)


def _seams(luma: "NDArray[np.float32]") -> list[int]:
    """Places where brightness steps along (nearly) a whole line, strongest first, at most four."""
    import numpy as np

    stepped = (np.abs(luma[1:] - luma[:-1]) > _STEP).mean(axis=1)
    strong = np.nonzero((stepped > _MOST_OF_IT) & (stepped >= 4 * (np.median(stepped) + 0.02)))[0]
    kept: list[int] = []
    for place in strong[np.argsort(-stepped[strong])]:
        if all(abs(int(place) - known) > 4 for known in kept):  # noqa: PLR2004 - a blurred seam is a few lines wide
            kept.append(int(place) + 1)
    return sorted(kept[:4])


def _bands(seams: list[int], length: int) -> list[tuple[int, int]]:
    edges = [0, *seams, length]
    return list(pairwise(edges)) if seams else []


def _centres(width: int, height: int) -> Iterator[View]:
    for percent in (90, 80):
        w, h = width * percent // 100, height * percent // 100
        yield View(f"centre{percent}", ((width - w) // 2, (height - h) // 2, w, h))


def _inside(rows: "NDArray[np.bool_]", columns: "NDArray[np.bool_]") -> tuple[int, int, int, int] | None:
    """The box from the first to the last line that counts."""
    import numpy as np

    ys, xs = np.nonzero(rows)[0], np.nonzero(columns)[0]
    if not len(ys) or not len(xs):
        return None
    return int(xs[0]), int(ys[0]), int(xs[-1] - xs[0] + 1), int(ys[-1] - ys[0] + 1)


def _large(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    return box[2] >= max(16, width * _SMALLEST) and box[3] >= max(16, height * _SMALLEST)


def _close(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two boxes are the same to a hash: every edge within two hundredths."""
    slack = max(2.0, 0.02 * max(other[2:]))
    return (
        max(
            abs(one[0] - other[0]),
            abs(one[1] - other[1]),
            abs(one[0] + one[2] - other[0] - other[2]),
            abs(one[1] + one[3] - other[1] - other[3]),
        )
        <= slack
    )
