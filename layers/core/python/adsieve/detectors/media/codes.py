"""QR codes and barcodes in pictures, read by ZXing."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_CODES = 20
"""Codes read of one picture. A picture with more is a sheet of labels."""

SMALL = 640
"""Pixels of the longer side below which a picture in which no code was seen is looked at again at twice the size."""

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*:|www\.|[\w-]+(?:\.[\w-]+)+(?:/|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Attributes:
        text: what it says.
        box: x, y, width and height in pixels of the picture.
        kind: `QRCode`, `EAN13`, ...
    """

    text: str
    box: tuple[int, int, int, int]
    kind: str

    @property
    def is_link(self) -> bool:
        """Whether a phone would open it."""
        return _LINK.match(self.text.strip()) is not None


def read_codes(rgb: "NDArray[np.uint8]") -> list[Code]:
    """Codes in a picture of height x width x 3 samples: turned, mirrored, inverted, small or blurred ones too."""
    import numpy as np

    found = _read(rgb, 1)
    if not found and max(rgb.shape) < SMALL:
        found = _read(np.repeat(np.repeat(rgb, 2, axis=0), 2, axis=1), 2)
    return found[:MOST_CODES]


def _read(rgb: "NDArray[np.uint8]", scale: int) -> list[Code]:
    import numpy as np
    import zxingcpp

    found = zxingcpp.read_barcodes(np.ascontiguousarray(rgb))
    return [Code(code.text, _box(code.position, scale), code.format.name) for code in found if code.valid and code.text]


def _box(position: object, scale: int) -> tuple[int, int, int, int]:
    corners = [getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    xs, ys = [corner.x // scale for corner in corners], [corner.y // scale for corner in corners]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
