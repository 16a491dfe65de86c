"""Cut off shared libraries what only linkers and debuggers read: layers have 250 MB, and wheels bring symbols along.

A loader reads an ELF file's segments and never its section headers, which stand with the symbols after the last
segment in most files; where they stand elsewhere, nothing is cut. Works for any processor, unlike the `strip` at hand.
"""

import struct
from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"
"""64 bits, little-endian: both processors of Lambda."""

_PROGRAM_HEADERS = struct.Struct("<Q14xHH")
"""From byte 32: where they begin; from 54: bytes of one, how many."""

_SEGMENT = struct.Struct("<8xQ16xQ")
"""Its place in the file and its bytes there."""


def slim(library: Path) -> int:
    """Cut one file in place; returns how many bytes went. Anything but an ELF file is left alone."""
    data = library.read_bytes()
    if not data.startswith(_MAGIC):
        return 0
    first, size, count = _PROGRAM_HEADERS.unpack_from(data, 32)
    segments = [_SEGMENT.unpack_from(data, first + number * size) for number in range(count)]
    end: int = max([first + size * count, *(place + length for place, length in segments)])
    if end >= len(data):
        return 0
    cut = bytearray(data[:end])
    struct.pack_into("<Q", cut, 40, 0)  # where section headers begin: there are none
    struct.pack_into("<HH", cut, 60, 0, 0)  # how many, and which holds their names
    library.write_bytes(cut)
    return len(data) - end
