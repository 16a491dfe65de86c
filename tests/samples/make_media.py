"""Draw the pictures of the sample ads, or check that the files are exactly what would be drawn.

    python tests/samples/make_media.py            write them
    python tests/samples/make_media.py --check    exit 1 and name every file that differs

Standard library only. The picture data is stored, not compressed, so that the bytes depend on no zlib version.
"""

import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

ADS = Path(__file__).parent / "ads"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREYSCALE = 0

type Shade = Callable[[int, int], int]
"""Grey of the pixel at (x, y), 0 black to 255 white."""


def _square(x: int, y: int) -> int:
    return 255 if 16 <= x < 48 and 16 <= y < 48 else 32


def _slope(x: int, y: int) -> int:
    return (x * 2 + y) % 256


def _stripes(x: int, y: int) -> int:
    return 230 if (x + 2 * y) // 8 % 2 else 60


def _dots(x: int, y: int) -> int:
    return 20 if (x % 16 - 8) ** 2 + (y % 16 - 8) ** 2 < 20 + x // 4 else 240


PICTURES: dict[str, tuple[int, int, Shade]] = {
    "media-square/square.png": (64, 64, _square),
    "media-wide/wide.png": (96, 32, _slope),
    "media-stripes/stripes.png": (64, 64, _stripes),
    "media-dots/dots.png": (64, 64, _dots),
}
"""Path below `ads/` → width and height in pixels, and how it is drawn."""


def png(width: int, height: int, shade: Shade) -> bytes:
    """An 8-bit greyscale PNG; at most 65535 bytes of picture data."""
    header = struct.pack(">IIBBBBB", width, height, 8, _GREYSCALE, 0, 0, 0)
    lines = (b"\0" + bytes(shade(x, y) for x in range(width)) for y in range(height))
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", _stored(b"".join(lines))) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _stored(data: bytes) -> bytes:
    """A zlib stream of one stored block."""
    size = len(data)
    return b"\x78\x01\x01" + struct.pack("<HH", size, size ^ 0xFFFF) + data + struct.pack(">I", zlib.adler32(data))


def main(arguments: list[str]) -> int:
    """Write the pictures, or compare them with `--check`."""
    differing = []
    for path, picture in PICTURES.items():
        file = ADS / path
        drawn = png(*picture)
        if "--check" not in arguments:
            file.write_bytes(drawn)
        elif not file.is_file() or file.read_bytes() != drawn:
            differing.append(path)
            print(f"{path}: differs from what make_media.py draws", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
