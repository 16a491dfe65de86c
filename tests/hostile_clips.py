"""Clips made to break whatever opens them, each with what must be said of it."""

import random
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.clips import Pixels, picture_stream, silence, write_clip

type Maker = Callable[[Path], None]


def plain(seconds: float, size: tuple[int, int] = (160, 96), fps: int = 10) -> Iterator[Pixels]:
    """A square that moves over an even ground."""
    for number in range(round(seconds * fps)):
        pixels = np.full((size[1], size[0], 3), 200, np.uint8)
        x = number * 3 % (size[0] - 40)
        pixels[20:60, x : x + 40] = (180, 30, 40)
        yield pixels


def _good(file: Path, seconds: float = 4) -> bytes:
    return write_clip(file, plain(seconds)).read_bytes()


def _truncated(file: Path) -> None:
    data = _good(file)
    file.write_bytes(data[: len(data) * 2 // 3])


def _faststart_truncated(file: Path) -> None:
    _good(file, 8)
    moved = file.with_suffix(".fast.mp4")
    with av.open(str(file)) as source, av.open(str(moved), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    data = moved.read_bytes()
    moved.unlink()
    file.write_bytes(data[: len(data) * 2 // 3])


def _flipped(file: Path) -> None:
    data = bytearray(_good(file))
    chance = random.Random(3)
    body = data.index(b"mdat") + 8
    for _ in range(40):
        data[chance.randrange(body, body + (len(data) - body) // 2)] ^= 1 << chance.randrange(8)
    file.write_bytes(bytes(data))


def _garbage_body(file: Path) -> None:
    data = bytearray(_good(file))
    body, index = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[body:index] = random.Random(4).randbytes(index - body)
    file.write_bytes(bytes(data))


def _random(file: Path) -> None:
    file.write_bytes(b"\0\0\0\x20ftypisom" + random.Random(5).randbytes(50_000))


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _ftyp_only(file: Path) -> None:
    file.write_bytes(struct.pack(">I", 24) + b"ftypisom\0\0\2\0isommp41")


def _huge_frame(file: Path) -> None:
    _encode(file, [np.zeros((8192, 16384), np.uint8)], "mjpeg", "yuvj420p", Fraction(1))


def _ten_hours(file: Path) -> None:
    with av.open(str(file), "w") as container:
        stream = picture_stream(container, "libx264", 1, (64, 64))
        for number in (0, 1, 36_000):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _thousand_fps(file: Path) -> None:
    write_clip(file, plain(1.5, (64, 64), 1000), fps=1000)


def _playlist(file: Path) -> None:
    other = file.with_name("other.mp4")
    _good(other)
    file.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://{other}\n#EXT-X-ENDLIST\n")


def _remote_playlist(file: Path) -> None:
    file.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")


def _concat(file: Path) -> None:
    other = file.with_name("other.mp4")
    _good(other)
    file.write_text(f"ffconcat version 1.0\nfile '{other}'\n")


def _audio_only(file: Path) -> None:
    with av.open(str(file), "w") as container:
        stream = container.add_stream("aac", rate=16_000)
        container.mux([*stream.encode(silence()), *stream.encode(None)])


def _turned(file: Path) -> None:
    """A quarter turn in the track's matrix, as phones write it."""
    data = bytearray(_good(file))
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    file.write_bytes(bytes(data))


def _many_streams(file: Path) -> None:
    with av.open(str(file), "w") as container:
        streams = [picture_stream(container, "mpeg4", 5, (64, 64)) for _ in range(60)]
        for stream in streams:
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux([*stream.encode(frame), *stream.encode(None)])


def _false_duration(file: Path) -> None:
    data = bytearray(_good(file))
    for name, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        at = data.index(name) + offset
        data[at : at + 4] = struct.pack(">I", 1)
    file.write_bytes(bytes(data))


def _two_pictures(file: Path) -> None:
    """A second video stream, which some players show."""
    with av.open(str(file), "w") as container:
        streams = [picture_stream(container, "mpeg4", 10, (160, 96)) for _ in range(2)]
        for pixels in plain(2):
            for stream in streams:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        for stream in streams:
            container.mux(stream.encode(None))


def _encode(file: Path, frames: list[Pixels], codec: str, form: str, rate: Fraction) -> None:
    with av.open(str(file), "w") as container:
        height, width = frames[0].shape[:2]
        stream = picture_stream(container, codec, rate, (width, height), form=form)
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="gray")))
        container.mux(stream.encode(None))


HOSTILE: dict[str, tuple[str, Maker, str]] = {
    "truncated": ("mp4", _truncated, "cannot be opened|no video stream"),
    "truncated with its index first": ("mp4", _faststart_truncated, "breaks off|damaged|cannot be read"),
    "flipped bits": ("mp4", _flipped, "damaged|no frame"),
    "garbage for a body": ("mp4", _garbage_body, "damaged|no frame|cannot be"),
    "random bytes": ("mp4", _random, "cannot be opened"),
    "empty": ("mp4", _empty, "no picture"),
    "only a file type": ("mp4", _ftyp_only, "cannot be opened|no video"),
    "a frame of 16384 x 8192": ("mov", _huge_frame, "16384 x 8192"),
    "ten hours": ("mp4", _ten_hours, "is 36001 s long|is 36000 s long"),
    "a thousand frames a second": ("mp4", _thousand_fps, ""),
    "playlist of a file": ("m3u8", _playlist, "no picture"),
    "playlist of a host": ("m3u8", _remote_playlist, "no picture"),
    "list to join": ("ffconcat", _concat, "no picture"),
    "sound only": ("mp4", _audio_only, "no video stream"),
    "turned by its header": ("mp4", _turned, ""),
    "sixty streams": ("mp4", _many_streams, "60 streams"),
    "two video streams": ("mp4", _two_pictures, "2 video streams"),
    "false duration": ("mp4", _false_duration, ""),
}
"""Name → suffix, how to make it, and a pattern of the cause; empty where the clip must be read whole."""
