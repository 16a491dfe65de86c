"""Containers of clips, opened so that a hostile one reaches nothing but its own bytes."""

from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.domain.errors import UnreadableMediaError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MAX_PIXELS = 9_500_000
"""Of one frame: a little over 4K."""

FORMS = {
    b"\x1a\x45\xdf\xa3": "matroska",
    b"OggS": "ogg",
    b"FLV\x01": "flv",
    b"\x00\x00\x01\xba": "mpeg",
    b"\x00\x00\x01\xb3": "mpegvideo",
    b"RIFF": "avi",
}


def form_of(opened: BufferedReader) -> str | None:
    """The container's format by the file's first bytes, as FFmpeg calls it; None where it is not one we open."""
    head = opened.read(12)
    return "mp4" if head[4:8] == b"ftyp" else FORMS.get(head[:4])


class opened:  # noqa: N801 - a context manager that reads as a verb
    """A container over the file's bytes alone: it is given no name and no protocol that could open another file."""

    def __init__(self, file: Path, form: str) -> None:
        self._file, self._form = file, form

    def __enter__(self) -> "InputContainer":
        import av

        av.logging.set_level(av.logging.PANIC)
        self._bytes = self._file.open("rb")
        try:
            self._container = av.open(
                self._bytes, "r", format=self._form, options={"protocol_whitelist": "none", "max_streams": "64"}
            )
        except (av.FFmpegError, ValueError, MemoryError) as error:
            self._bytes.close()
            raise UnreadableMediaError(f"cannot be opened: {told(error)}") from error
        return self._container

    def __exit__(self, *_: object) -> None:
        self._container.close()
        self._bytes.close()


def video_of(container: "InputContainer") -> "VideoStream":
    """The first video stream, set up to be decoded within limits; raises UnreadableMediaError where there is none."""
    pictures = pictures_of(container)
    if not pictures:
        raise UnreadableMediaError("has no video stream")
    stream = pictures[0]
    if stream.codec_context is None:
        raise UnreadableMediaError("has its pictures in a format that cannot be decoded")
    # A decoder that is closed while its own threads still run can wait for them for ever; and Lambda gives one vCPU.
    stream.codec_context.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
    return stream


def pictures_of(container: "InputContainer") -> list["VideoStream"]:
    """Video streams; cover art counts only where there is nothing else."""
    known = list(container.streams.video)
    return [stream for stream in known if not stream.disposition & type(stream.disposition).attached_pic] or known


def too_large(width: int, height: int) -> str:
    """The cause for frames over the limit."""
    return f"is {width} x {height} pixels, at most {MAX_PIXELS:,} are decoded"


def told(error: BaseException) -> str:
    """A decoder's complaint as the end of a sentence."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower().rstrip(".")
