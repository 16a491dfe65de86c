"""Short clips drawn for tests: synthetic, harmless to look at, the same for the same seed."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from tests.pictures import scene

type Pixels = NDArray[np.uint8]

SIZE = (480, 270)
FPS = 10


def footage(seed: int, seconds: float = 12, size: tuple[int, int] = SIZE, shot: float = 3.0) -> list[Pixels]:
    """Frames at `FPS`: slow pans and zooms over made-up photographs, a cut every `shot` seconds."""
    rng = np.random.default_rng(seed)
    width, height = size
    frames: list[Pixels] = []
    ground: Image.Image | None = None
    start = drift = np.zeros(3)
    for number in range(round(seconds * FPS)):
        within = number % round(shot * FPS) / (shot * FPS)
        if not number % round(shot * FPS):
            ground = scene(seed * 1000 + number, (width * 3 // 2, height * 3 // 2))
            start = rng.uniform(0, 0.5, 3)
            drift = rng.uniform(-0.3, 0.3, 3)
        assert ground is not None
        x, y, zoom = np.clip(start + drift * within, 0, 1)
        w, h = width * (1 + zoom * 0.4), height * (1 + zoom * 0.4)
        left, top = x * (ground.width - w), y * (ground.height - h)
        shown = ground.resize(size, Image.Resampling.BILINEAR, box=(left, top, left + w, top + h))
        frames.append(np.asarray(shown))
    return frames


def write_clip(
    file: Path,
    frames: Iterable[Pixels],
    *,
    fps: float = FPS,
    codec: str = "libx264",
    gop: int | None = None,
    crf: int = 26,
    audio: bool = False,
) -> Path:
    """Encode frames; `gop` is the longest distance between keyframes, by default the codec's own choice."""
    rate = Fraction(fps).limit_denominator(1000)
    options = {"crf": str(crf)} | ({"preset": "veryfast"} if codec.startswith("libx26") else {})
    if codec.startswith("libvpx"):
        options |= {"deadline": "realtime", "cpu-used": "8", "b": "0"}
    if codec == "libx265":
        options["x265-params"] = "log-level=none"
    if gop:
        options |= {"g": str(gop), "sc_threshold": "0"}
    with av.open(str(file), "w") as container:
        first, *rest = frames
        stream = picture_stream(container, codec, rate, (first.shape[1] // 2 * 2, first.shape[0] // 2 * 2), options)
        sound = container.add_stream("aac", rate=16_000) if audio else None
        for pixels in (first, *rest):
            even: Pixels = np.ascontiguousarray(pixels[: stream.height, : stream.width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        container.mux(stream.encode(None))
        if sound is not None:
            container.mux([*sound.encode(silence()), *sound.encode(None)])
    return file


def picture_stream(
    container: OutputContainer,
    codec: str,
    rate: Fraction | int,
    size: tuple[int, int],
    options: dict[str, str] | None = None,
    form: str = "yuv420p",
) -> VideoStream:
    """A video stream in a container that is being written."""
    stream = container.add_stream(codec, rate=rate, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = form
    return stream


def silence() -> av.AudioFrame:
    """A second of it."""
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), "fltp", "mono")
    frame.sample_rate = 16_000
    return frame


def write_animation(file: Path, frames: Sequence[Pixels], fps: float = FPS) -> Path:
    """Frames as a GIF, WebP or PNG that moves."""
    first, *rest = (Image.fromarray(pixels) for pixels in frames)
    first.save(file, save_all=True, append_images=rest, duration=round(1000 / fps), loop=0)
    return file
