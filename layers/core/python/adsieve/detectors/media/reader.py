"""From a media file to the parts that detectors look at.

A picture gives one part of kind IMAGE, a clip one of kind VIDEO, and each may give more: words (`#ocr`), links of codes
(`#qr`). Each kind of file has its steps; a step is a function of (name, file, deadline) that returns parts. A step
that could only do some of its work says so in `Part.incomplete`; one that raises UnreadableMediaError gives the file up.
"""

from collections.abc import Callable
from pathlib import Path

from adsieve.detectors.media.deadline import Deadline
from adsieve.domain.ad import Part

type Step = Callable[[str, Path, Deadline], list[Part]]
"""One kind of evidence; raises UnreadableMediaError where the file cannot be inspected."""

CLIP_BRANDS = (b"\x1a\x45\xdf\xa3", b"OggS", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")
"""First bytes of Matroska and WebM, Ogg, Flash, MPEG program and elementary streams."""

_STILL_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_HEAD = 64


class Reader:
    """Reads pictures and clips in this process. See `adapters.isolated` for one that survives what kills a process."""

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:
        """See `ports.MediaReader`."""
        deadline = Deadline.after(seconds)
        with file.open("rb") as opened:
            steps = _clip_steps() if is_clip(opened.read(_HEAD)) else _picture_steps()
        return [part for step in steps for part in step(name, file, deadline)]


def is_clip(head: bytes) -> bool:
    """Whether a file that begins so holds a clip. Names are not asked: they are the advertiser's."""
    if head[4:8] == b"ftyp":
        return head[8:12] not in _STILL_BRANDS
    return head.startswith(CLIP_BRANDS) or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")


def _picture_steps() -> tuple[Step, ...]:
    from adsieve.detectors.media.animations import read_animation
    from adsieve.detectors.media.pictures import read_picture
    from adsieve.detectors.media.reading import read_picture_words

    return (read_picture, read_animation, read_picture_words)


def _clip_steps() -> tuple[Step, ...]:
    from adsieve.detectors.media.clips import read_clip

    return (read_clip,)
