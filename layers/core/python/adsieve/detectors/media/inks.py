"""Letters cut out of a photo by their ink.

Whoever writes over a photo writes to be read: in nearly white, nearly black or yellow. A stroke of such an ink is
narrow, which tells it from white walls and dark hair.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

TOLERANCE = 40
INKS = ((255, 255, 255), (0, 0, 0), (255, 225, 0))
WIDEST = 0.05
"""Of the longer side: what is wider in every direction is ground, not stroke."""

LEAST_INK, MOST_INK = 0.001, 0.25
"""Share of the picture that strokes of one ink cover where there are words in it."""

_FLAT_SHARE = 0.5


def is_flat(picture: "Image.Image") -> bool:
    """Whether one shade covers half of the picture: a drawn ground, on which letters need no cutting out."""
    shades = picture.convert("L").reduce(2).histogram()
    windows = (sum(shades[at : at + 12]) for at in range(0, 256, 4))
    return max(windows) >= _FLAT_SHARE * sum(shades)


def strokes(picture: "Image.Image") -> Iterator["Image.Image"]:
    """For each ink with as much of it as words have: its strokes in black on white."""
    import numpy as np
    from PIL import Image

    samples = np.asarray(picture.convert("RGB")).astype(np.int16)
    for ink in INKS:
        inked = np.abs(samples - np.array(ink, np.int16)).max(axis=2) <= TOLERANCE
        kept = inked & ~_wide(inked, WIDEST * max(picture.size))
        if LEAST_INK <= float(kept.mean()) <= MOST_INK:
            yield Image.fromarray(np.where(kept, 0, 255).astype(np.uint8))


def _wide(inked: "NDArray[np.bool_]", width: float) -> "NDArray[np.bool_]":
    """Areas that a square of `width` pixels fits into (a morphological opening, at a quarter of the size)."""
    import numpy as np
    from PIL import Image, ImageFilter

    mask = Image.fromarray(inked.astype(np.uint8) * 255)
    side = max(3, int(width / 4) | 1)
    opened = mask.reduce(4).filter(ImageFilter.MinFilter(side)).filter(ImageFilter.MaxFilter(side))
    return np.asarray(opened.resize(mask.size, Image.Resampling.BILINEAR)) > 128  # noqa: PLR2004 - half covered
