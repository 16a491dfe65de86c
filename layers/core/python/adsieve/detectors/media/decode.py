"""The boundary to hostile picture files: what passes it is small, upright RGB; what does not is said to be unreadable.

Limits are checked before anything is decoded. Only formats that advertisers send and that need no interpreter are
opened (EPS, for one, would run PostScript). There is no partial success: any doubt raises UnreadableMediaError.
"""

import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.trailing import MOST_PICTURES, hidden_in, pictures_of
from adsieve.domain.errors import UnreadableMediaError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    type Pixels = NDArray[np.uint8]
    """Height x width x 3, RGB."""

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
SHORTEST, LONGEST = 16, 16_384
"""Pixels of a side. Shorter ones show nothing, longer ones are bombs."""

MAX_PIXELS = 40_000_000
MAX_JPEG_PIXELS = 51_000_000
"""A JPEG is decoded smaller than it is, so that a photo of 50 megapixels takes less than another picture at its limit."""

MAX_JPEG_BYTES = 25_000_000
"""Decoding it smaller does not spare its coded bytes: 0.04 s a megabyte for all looks, measured on noise."""

MAX_FRAMES = 64
"""Distinct frames that are looked at."""

MAX_SHOWN = 1_000
"""Frames that are decoded to find them."""

MAX_DECODED = 500_000_000
"""Pixels over all frames: about ten seconds of decoding."""

_HARDLY_SHRUNK = 2  # times smaller: a box would smear it
_SAME_FRAME = 32
"""Side of the thumbnail by which frames are told apart."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One look of a picture.

    Attributes:
        rgb: at most the asked length; what was see-through stands on `ground`.
        number: of the frame in the file, 0 first.
        ground: `white`, or `black` for the second look at a picture with see-through parts.
    """

    rgb: "Pixels"
    number: int = 0
    ground: str = "white"


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture file.

    Attributes:
        size: width and height in pixels as a viewer sees it, EXIF turn applied, before scaling.
        frames: distinct ones, in order of appearance; at least one.
        incomplete: why not all of the file was looked at; empty where it was.
    """

    size: tuple[int, int]
    frames: tuple[Frame, ...]
    incomplete: str = ""


def open_picture(file: Path, longest: int, deadline: Deadline | None = None) -> Picture:
    """Decode a picture file.

    Args:
        file: of any kind; its name says nothing.
        longest: length in pixels that the longer side is brought down to; never up.
        deadline: checked between frames.

    Raises:
        UnreadableMediaError: not a picture of a known format, over a limit, damaged, or out of time.
    """
    import PIL

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decode(file.read_bytes(), longest, deadline)
    except UnreadableMediaError:
        raise
    except PIL.UnidentifiedImageError:
        raise UnreadableMediaError(f"is no picture of a known format ({', '.join(FORMATS)})") from None
    except MemoryError:
        raise UnreadableMediaError("needs more memory than a picture may take") from None
    except Exception as error:
        raise UnreadableMediaError(f"cannot be decoded: {_told(error)}") from error


def _decode(data: bytes, longest: int, deadline: Deadline | None) -> Picture:
    """All pictures of the file; the first gives the size."""
    pictures = [_one(single, longest, deadline) for single in pictures_of(data)[:MOST_PICTURES]]
    frames = [replace(frame, number=n) for n, frame in enumerate(frame for one in pictures for frame in one.frames)]
    causes = [one.incomplete for one in pictures if one.incomplete]
    if len(pictures_of(data)) > MOST_PICTURES:
        causes.append(f"holds more than the {MOST_PICTURES} pictures that were looked at")
    if hidden := hidden_in(data):
        causes.append(f"holds {hidden} behind the picture, which was not inspected")
    return Picture(pictures[0].size, tuple(frames), "; ".join(causes))


def _one(data: bytes, longest: int, deadline: Deadline | None) -> Picture:
    image = _open(data)
    width, height = image.size
    turned = _orientation(image)
    size = (height, width) if turned >= 5 else (width, height)  # noqa: PLR2004 - EXIF 5 to 8 are quarter turns
    if image.format == "JPEG":
        scale = max(width, height) / longest
        image.draft("RGB", (int(width / scale), int(height / scale)))
    frames: list[Frame] = []
    incomplete = ""
    for number, frame in enumerate(_frames(image)):
        over = len(frames) >= MAX_FRAMES or number >= MAX_SHOWN or number * width * height > MAX_DECODED
        if over or (deadline and not deadline.left):
            incomplete = f"has more than the {number} frames that were looked at"
            break
        small = _upright(_shrunk(frame, longest), turned)
        frames += [look for look in _looks(small, number) if not any(_same(look, known) for known in frames)]
    return Picture(size, tuple(frames), incomplete)


def _open(data: bytes) -> "Image.Image":
    from PIL import Image

    image = Image.open(BytesIO(data), formats=FORMATS)
    width, height = image.size
    most = MAX_JPEG_PIXELS if image.format == "JPEG" else MAX_PIXELS
    if width * height > most or max(width, height) > LONGEST:
        raise UnreadableMediaError(f"is {width} x {height} pixels, at most {most:,} and {LONGEST} a side are decoded")
    if image.format == "JPEG" and len(data) > MAX_JPEG_BYTES:
        raise UnreadableMediaError(f"holds {len(data):,} bytes, of a JPEG at most {MAX_JPEG_BYTES:,} are decoded")
    if min(width, height) < SHORTEST:
        raise UnreadableMediaError(f"is {width} x {height} pixels, at least {SHORTEST} a side can be inspected")
    return image


def _frames(image: "Image.Image") -> Iterator["Image.Image"]:
    """Every frame, decoded; a damaged one raises."""
    number = 0
    while True:
        image.load()
        yield image
        number += 1
        if not getattr(image, "is_animated", False):
            return
        try:
            image.seek(number)
        except EOFError:
            return


def _shrunk(image: "Image.Image", longest: int) -> "Image.Image":
    """In RGB or RGBA, averaged down (sampling would let patterns hide pictures)."""
    from PIL import Image

    scale = max(image.size) / longest
    plain = _plain(image)
    if scale <= 1:
        return plain
    size = (max(1, round(image.width / scale)), max(1, round(image.height / scale)))
    averaging = Image.Resampling.BOX if scale > _HARDLY_SHRUNK else Image.Resampling.BILINEAR
    return plain.resize(size, averaging, reducing_gap=2.0)


def _plain(image: "Image.Image") -> "Image.Image":
    """Any mode as RGB, or RGBA where something may be see-through."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _deep(image)
    if image.mode in ("RGB", "RGBA"):
        return image
    return image.convert("RGBA" if "A" in image.mode or "a" in image.mode or "transparency" in image.info else "RGB")


def _deep(image: "Image.Image") -> "Image.Image":
    """More than eight bits a sample: the used range, brought to eight."""
    import numpy as np
    from PIL import Image

    values = np.asarray(image, dtype=np.float32)
    if not np.isfinite(values).all():
        raise UnreadableMediaError("holds samples that are no numbers")
    if values.min() < 0 or values.max() > 255:  # noqa: PLR2004 - eight bits
        values = (values - values.min()) * (255 / max(1.0, float(np.ptp(values))))
    return Image.fromarray(values.astype(np.uint8)).convert("RGB")


def _looks(image: "Image.Image", number: int) -> Iterator[Frame]:
    """A picture that is see-through somewhere is looked at on white and on black."""
    import numpy as np
    from PIL import Image

    if image.mode == "RGB" or image.getchannel("A").getextrema()[0] == 255:  # noqa: PLR2004 - opaque
        yield Frame(np.asarray(image.convert("RGB")), number)
        return
    for ground in ("white", "black"):
        canvas = Image.new("RGBA", image.size, ground)
        canvas.alpha_composite(image)
        yield Frame(np.asarray(canvas.convert("RGB")), number, ground)


def _same(one: Frame, other: Frame) -> bool:
    """Whether two frames show the same at a glance; grounds are never compared."""
    import numpy as np

    return one.ground == other.ground and bool(np.abs(_glance(one) - _glance(other)).max() < 8)  # noqa: PLR2004 - noise


def _glance(frame: Frame) -> "NDArray[np.float32]":
    import numpy as np

    height, width = frame.rgb.shape[:2]
    rows = np.linspace(0, height - 1, min(_SAME_FRAME, height)).astype(int)
    columns = np.linspace(0, width - 1, min(_SAME_FRAME, width)).astype(int)
    return frame.rgb[np.ix_(rows, columns)].astype(np.float32)


def _orientation(image: "Image.Image") -> int:
    """The EXIF turn, 1 for none; what is garbage in EXIF is ignored as every viewer does."""
    try:
        turn = image.getexif().get(0x0112, 1)
    except (ValueError, TypeError, SyntaxError, KeyError, IndexError, OSError, struct.error):
        return 1
    return turn if turn in range(1, 9) else 1


def _upright(image: "Image.Image", turn: int) -> "Image.Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[turn]) if turn in turns else image


def _told(error: Exception) -> str:
    """A decoder's complaint as the end of a sentence."""
    told = str(error).strip().rstrip(".") or type(error).__name__
    return told[0].lower() + told[1:200]
