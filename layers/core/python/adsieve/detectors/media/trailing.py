"""What stands behind the end of a picture: viewers never show it, readers stop before it, and so it can hide things."""

from collections.abc import Iterator

_KNOWN = {
    b"PK\x03\x04": "a ZIP archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"%PDF-": "a PDF",
    b"\x89PNG\r\n\x1a\n": "a PNG",
    b"GIF89a": "a GIF",
    b"GIF87a": "a GIF",
    b"ftyp": "a clip",
    b"\x1a\x45\xdf\xa3": "a clip",
    b"<script": "a script",
    b"<html": "a page",
}
MOST_PICTURES = 4
"""Pictures in one JPEG file that are looked at: cameras put a preview and a depth or light map behind the first."""


def pictures_of(data: bytes) -> list[bytes]:
    """The JPEG pictures of a JPEG file, one behind the other; anything else as it is."""
    if not data.startswith(b"\xff\xd8"):
        return [data]
    found = [data]
    while len(found) <= MOST_PICTURES and (rest := _behind(found[-1])) is not None:
        at = rest.find(b"\xff\xd8\xff")
        if at < 0:
            break
        found.append(rest[at:])
    return found


def hidden_in(data: bytes) -> str:
    """What other kind of file stands behind a JPEG or PNG, for people; empty where nothing known does."""
    rest = _behind(data)
    names = (name for magic, name in _KNOWN.items() if rest and magic in rest)
    return next(names, "")


def _behind(data: bytes) -> bytes | None:
    """The bytes behind the end of a JPEG or PNG; None where there are none or the end is not found."""
    if data.startswith(b"\x89PNG"):
        end = data.find(b"IEND")
        return data[end + 8 :] or None if end > 0 else None
    start = next(_scans(data), None)
    if start is None:
        return None
    end = data.find(b"\xff\xd9", start)
    return data[end + 2 :] or None if end > 0 else None


def _scans(data: bytes) -> Iterator[int]:
    """Where coded pixels begin. Inside them 0xFF is always escaped, so the next end mark is the picture's own."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - the byte every marker begins with
        if data[at + 1] == 0xDA:  # noqa: PLR2004 - start of scan
            yield at
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
