"""PDQ, Meta's perceptual hash of pictures (BSD licence, github.com/facebook/ThreatExchange), in NumPy.

Every step up to the median is linear, so the blur, the decimation to 64 x 64 and the 16 x 16 cosine transform are
matrices: two small products a picture. A test compares the bits with the published reference values.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]

ALGORITHM = "pdq-1"
BITS = 256
_BUFFER = 64
_SIDE = 16

TURNS = ("", "rotate90", "rotate180", "rotate270", "flip_vertical", "mirror", "transpose", "transverse")
"""What was done to a picture whose hash is the hash of the original turned so, in the order of `turned`."""


@dataclass(frozen=True, slots=True)
class Pdq:
    """A hash and how much structure it rests on.

    Attributes:
        bits: 32 bytes; the hex of these is the published text form.
        quality: 0 (nothing to see) to 100; below 50 two hashes may be close by accident.
        transform: the 16 x 16 cosine transform it was taken from, for `turned`.
    """

    bits: bytes
    quality: int
    transform: "Floats"

    def turned(self) -> list[bytes]:
        """The hashes of the eight ways a picture can be turned and mirrored, `TURNS` in order."""
        import numpy as np

        signs = np.where(np.arange(_SIDE) % 2, 1, -1).astype(np.float32)
        rows, columns, plain = signs[:, None], signs[None, :], self.transform
        across = plain.T
        ways = [plain, across * rows, plain * rows * columns, across * columns]
        ways += [plain * rows, plain * columns, across, across * rows * columns]
        return [_bits(way) for way in ways]


def pdq(luma: "Floats") -> Pdq:
    """The hash of a picture given as luma, 0 to 255; any size, at least one pixel."""
    import numpy as np

    buffer = np.asarray(_blur(luma.shape[0]) @ luma @ _blur(luma.shape[1]).T, dtype=np.float32)
    cosine = _cosine()
    transform = np.asarray(cosine @ buffer @ cosine.T, dtype=np.float32)
    return Pdq(_bits(transform), _quality(buffer), transform)


def luma(rgb: "NDArray[np.uint8]") -> "Floats":
    """Brightness of RGB pixels as PDQ weighs it."""
    import numpy as np

    weights: Floats = np.array([0.299, 0.587, 0.114], dtype=np.float32)
    grey: Floats = rgb.astype(np.float32) @ weights
    return grey


def _bits(transform: "Floats") -> bytes:
    """One bit a coefficient above the lower median; the first coefficient is the last bit."""
    import numpy as np

    flat = transform.reshape(-1)
    median = np.partition(flat, BITS // 2 - 1)[BITS // 2 - 1]
    return np.packbits((flat > median)[::-1]).tobytes()


def _quality(buffer: "Floats") -> int:
    import numpy as np

    total = sum(np.abs((np.diff(buffer, axis=axis) * (100 / 255)).astype(np.int32)).sum() for axis in (0, 1))
    return min(100, int(total) // 90)


@lru_cache(maxsize=1)
def _cosine() -> "Floats":
    import numpy as np

    rows = np.arange(1, _SIDE + 1)[:, None]
    columns = np.arange(_BUFFER)[None, :]
    table = np.sqrt(2 / _BUFFER) * np.cos(np.pi / 2 / _BUFFER * rows * (2 * columns + 1))
    cosine: Floats = table.astype(np.float32)
    return cosine


@lru_cache(maxsize=512)
def _blur(length: int) -> "Floats":
    """Two passes of the reference's box filter along one axis, at the 64 places that are kept."""
    import numpy as np

    window = -(-length // (2 * _BUFFER))
    half = (window + 2) // 2
    places = ((np.arange(_BUFFER) + 0.5) * length / _BUFFER).astype(int)
    box = np.zeros((length, length), dtype=np.float32)
    reach = np.arange(length)
    first, last = np.maximum(reach + half - window, 0), np.minimum(reach + half - 1, length - 1)
    for offset in range(window + 1):
        inside = first + offset
        kept = inside <= last
        box[reach[kept], inside[kept]] = 1
    box /= box.sum(axis=1, keepdims=True)
    blur: Floats = np.ascontiguousarray((box[places] @ box).astype(np.float32))
    return blur
