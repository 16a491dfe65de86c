"""Letters cut out of a photo by their ink.

Whoever writes over a photo writes to be read: in nearly white, nearly black or yellow. A stroke of such an ink is
narrow, which tells it from white walls and dark hair, and stands in a line with others, which tells it from leaves.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adsieve.detectors.media.lines import lines_of, only_lines
from adsieve.detectors.media.repeats import Known

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    type Mask = NDArray[np.bool_]

TOLERANCE = 25
"""How far a sample may be from the ink. On bright photos more lets letters run into the ground: 40 finds a fifth less."""

INKS = ((255, 255, 255), (0, 0, 0), (255, 225, 0))

SIZES = ((0.02, 0.01, 0.12), (0.05, 0.12, 0.3))
"""Shares of the longer side: what is wider than the first in every direction is ground, not stroke; heights of letters."""

LOWEST = 8
"""Pixels of height below which no letter can be read."""

LEAST_INK, MOST_INK = 0.001, 0.25
"""Share of the picture that strokes of one ink cover where there are words in it."""

_FLAT_SHARE = 0.5
_QUARTER = 4


def is_flat(picture: "Image.Image") -> bool:
    """Whether one shade covers half of the picture: a drawn ground, on which letters need no cutting out."""
    shades = picture.convert("L").reduce(2).histogram()
    windows = (sum(shades[at : at + 12]) for at in range(0, 256, 4))
    return max(windows) >= _FLAT_SHARE * sum(shades)


def strokes(picture: "Image.Image", known: Known) -> Iterator["Image.Image"]:
    """For each ink and size of letters with lines of them in the picture: these lines in black on white.

    Args:
        picture: a photo.
        known: what needs no reading. It may grow between two looks.
    """
    import numpy as np
    from PIL import Image

    planes = [np.asarray(plane) for plane in picture.convert("RGB").split()]
    longest = max(picture.size)
    for ink in INKS:
        inked = _inked(planes, ink)
        if _share(inked) < LEAST_INK:
            continue
        for widest, lowest, highest in SIZES:
            kept = inked & ~_wide(inked, widest * longest)
            if LEAST_INK <= _share(kept) <= MOST_INK:
                lines = lines_of(kept, max(LOWEST, lowest * longest), highest * longest)
                lines = known.unread((ink, widest), kept, lines)
                if lines:
                    yield Image.fromarray(np.where(only_lines(kept, lines), 0, 255).astype(np.uint8))


def _inked(planes: list["NDArray[np.uint8]"], ink: tuple[int, ...]) -> "Mask":
    """Samples within `TOLERANCE` of the ink; bounds that every sample keeps are not asked."""
    import numpy as np

    inked = np.ones(planes[0].shape, dtype=bool)
    for plane, value in zip(planes, ink, strict=True):
        if value > TOLERANCE:
            inked &= plane >= value - TOLERANCE
        if value < 255 - TOLERANCE:
            inked &= plane <= value + TOLERANCE
    return inked


def _share(mask: "Mask") -> float:
    import numpy as np

    return int(np.count_nonzero(mask)) / mask.size  # a tenth of what the mean of truths costs


def _wide(inked: "Mask", width: float) -> "Mask":
    """Areas that a square of `width` pixels fits into (a morphological opening, at a quarter of the size)."""
    import numpy as np

    side = max(3, int(width / _QUARTER) | 1)
    padded = np.pad(inked, [(0, -length % _QUARTER) for length in inked.shape]).view(np.uint8)
    rows = np.add.reduce([padded[row::_QUARTER] for row in range(_QUARTER)], dtype=np.uint8)
    covered = np.add.reduce([rows[:, column::_QUARTER] for column in range(_QUARTER)], dtype=np.uint8)
    fits = _boxes((covered > _QUARTER**2 // 2).astype(np.int32), side) == side**2
    opened = _boxes(fits.astype(np.int32), side) > 0
    return opened.repeat(_QUARTER, axis=0).repeat(_QUARTER, axis=1)[: inked.shape[0], : inked.shape[1]]


def _boxes(values: "NDArray[np.int32]", side: int) -> "NDArray[np.int32]":
    """The sum over the square of `side` around each place; nothing lies outside."""
    import numpy as np

    for axis in (0, 1):
        half = [(0, 0), (0, 0)]
        half[axis] = (side // 2 + 1, side // 2)
        sums = np.pad(values, half).cumsum(axis=axis, dtype=np.int32)
        values = np.take(sums, range(side, sums.shape[axis]), axis) - np.take(
            sums, range(sums.shape[axis] - side), axis
        )
    return values
