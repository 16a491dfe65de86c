"""The boundary to hostile clip files: what passes it is a few upright frames; what does not is said to be unreadable.

Frames are looked at where they differ: keyframes first, which cost nearly nothing, and one frame a second between
keyframes that are far apart, so that a clip with a single keyframe hides nothing. The container's format is told from
its first bytes and forced, so that no playlist is ever followed; limits are checked before anything is decoded, again
by the decoder (a header may lie), and the clock is asked between packets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.detectors.media.container import FORMS, MAX_PIXELS, form_of, opened, pictures_of, told, too_large, video_of
from adsieve.detectors.media.deadline import Deadline
from adsieve.domain.errors import UnreadableMediaError

if TYPE_CHECKING:
    import numpy as np
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

MAX_STREAMS = 16
MAX_SECONDS = 600.0
"""Longest clip that is read. Ads are shorter; what is longer hides something or is no ad."""

SPARSE = 2.0
"""Seconds between keyframes beyond which the frames between them are decoded too."""

STEP = 1.0
"""Seconds between the frames that are then kept."""

DENSE = 0.4
"""Keyframes closer than this are not all decoded: some formats have nothing else."""

BREAK = 1.5
"""Seconds of picture that may be missing at the end: sound is often a little longer."""

SHORTEST = 16


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One frame as a viewer sees it.

    Attributes:
        seconds: when it is shown.
        picture: still in the decoder's form; see `rgb`.
        scalers: one a size, shared by the frames of a clip: making one costs more than using it.
    """

    seconds: float
    picture: "VideoFrame"
    scalers: "dict[int, VideoReformatter]"

    def rgb(self, longest: int) -> "NDArray[np.uint8]":
        """Height x width x 3 samples, the longer side brought down to `longest`."""
        import numpy as np
        from av.video.reformatter import VideoReformatter

        scale = min(1.0, longest / max(self.picture.width, self.picture.height))
        width, height = (max(2, round(side * scale)) for side in (self.picture.width, self.picture.height))
        scaler = self.scalers.setdefault(longest, VideoReformatter())
        small = scaler.reformat(self.picture, width, height, "rgb24", interpolation="AREA", threads=1)
        pixels = np.asarray(small.to_ndarray(), dtype=np.uint8)
        turns = round(self.picture.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


@dataclass(slots=True)
class Clip:
    """An opened clip. Frames come from `frames`, once.

    Attributes:
        size: width and height of a frame in pixels.
        audio: whether it has sound.
        promised: seconds by its header, 0 where that says nothing.
        duration: seconds up to the end of what was read; right only after `frames` is used up.
        incomplete: why not all of it was looked at; empty where it was; right only then too.
    """

    file: Path
    form: str
    size: tuple[int, int]
    audio: bool
    promised: float = 0.0
    duration: float = 0.0
    incomplete: str = ""
    _keys: list[float] = field(default_factory=list)
    _scalers: "dict[int, VideoReformatter]" = field(default_factory=dict)

    def frames(self, deadline: Deadline, sparse: float = SPARSE, step: float = STEP) -> Iterator[ClipFrame]:
        """Frames worth looking at: keyframes in order, then those between keyframes that are far apart, in order.

        Args:
            deadline: nothing more is decoded after it.
            sparse: seconds between keyframes beyond which frames between them are decoded too.
            step: seconds between those that are then kept.

        Raises:
            UnreadableMediaError: not one frame could be decoded.
        """
        seen = 0
        for frame in self._keyframes(deadline):
            seen += 1
            yield frame
        for frame in self._between(deadline, sparse, step):
            seen += 1
            yield frame
        if not seen:
            raise UnreadableMediaError(self.incomplete or "has no frame that can be decoded")

    def _keyframes(self, deadline: Deadline) -> Iterator[ClipFrame]:
        with opened(self.file, self.form) as container:
            stream = video_of(container)
            last = -DENSE
            for packet in self._packets(container, stream, deadline):
                seconds = _seconds(packet)
                self.duration = max(self.duration, seconds + _length(packet, stream))
                if packet.is_keyframe and seconds - last >= DENSE:
                    self._keys.append(seconds)
                    last = seconds
                    yield from self._decoded(stream, packet)
            yield from self._decoded(stream, None)
        if self.promised - self.duration > BREAK and not self.incomplete:
            self.incomplete = f"breaks off after {self.duration:.1f} of {self.promised:.1f} s"

    def _between(self, deadline: Deadline, sparse: float, step: float) -> Iterator[ClipFrame]:
        """One frame a step wherever the next keyframe is too far away, and the very last frame."""
        gaps = _gaps(self._keys, self.duration, sparse)
        if not gaps:
            return
        due, last = 0.0, None
        for frame in self._gap_frames(deadline, gaps):
            last = frame
            if frame.seconds >= due:
                due = (frame.seconds // step + 1) * step
                yield frame
        if last is not None:
            yield last

    def _gap_frames(self, deadline: Deadline, gaps: set[float]) -> Iterator[ClipFrame]:
        """Every frame after the keyframes in `gaps` up to the next keyframe."""
        with opened(self.file, self.form) as container:
            stream = video_of(container)
            stream.codec_context.skip_frame = "NONREF"
            wanted = 0.0 in gaps
            keys = set(self._keys)
            for packet in self._packets(container, stream, deadline):
                if packet.is_keyframe and _seconds(packet) in keys:
                    was, wanted = wanted, _seconds(packet) in gaps
                    if was and not wanted:
                        yield from self._decoded(stream, None)
                        stream.codec_context.flush_buffers()
                if wanted:
                    yield from self._decoded(stream, packet)
            yield from self._decoded(stream, None)

    def _packets(
        self, container: "InputContainer", stream: "VideoStream", deadline: Deadline
    ) -> Iterator["Packet[VideoStream]"]:
        """Packets with data, until time or length is used up or the file breaks off."""
        from av import FFmpegError

        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except FFmpegError as error:
                self.incomplete = f"cannot be read to its end: {told(error)}"
                return
            if packet is None or not packet.size:
                return
            if _seconds(packet) > MAX_SECONDS:
                self.incomplete = f"is longer than {MAX_SECONDS:g} s"
                return
            if not deadline.left:
                self.incomplete = deadline.cause
                return
            yield packet

    def _decoded(self, stream: "VideoStream", packet: "Packet[VideoStream] | None") -> Iterator[ClipFrame]:
        """Frames of one packet; a damaged one is left out and makes the clip incomplete."""
        from av import FFmpegError

        try:
            frames = stream.codec_context.decode(packet)
        except (FFmpegError, MemoryError) as error:
            self.incomplete = self.incomplete or f"has a damaged frame: {error}"
            return
        for frame in frames:
            if frame.is_corrupt:
                self.incomplete = self.incomplete or "has a damaged frame"
            if frame.width * frame.height > MAX_PIXELS:
                raise UnreadableMediaError(too_large(frame.width, frame.height))
            yield ClipFrame(max(0.0, frame.time or 0.0), frame, self._scalers)


def open_clip(file: Path) -> Clip:
    """Check a clip's container and limits; decodes nothing.

    Raises:
        UnreadableMediaError: no container of a known format, no picture in it, damaged, or over a limit.
    """
    with file.open("rb") as head:
        form = form_of(head)
    if form is None:
        raise UnreadableMediaError(f"is no clip of a known format ({', '.join(sorted(set(FORMS.values())))})")
    with opened(file, form) as container:
        if len(container.streams) > MAX_STREAMS:
            raise UnreadableMediaError(f"has {len(container.streams)} streams, at most {MAX_STREAMS} are read")
        stream = video_of(container)
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MAX_PIXELS:
            raise UnreadableMediaError(too_large(width, height))
        if min(width, height) < SHORTEST:
            raise UnreadableMediaError(f"is {width} x {height} pixels, at least {SHORTEST} a side can be inspected")
        seconds = (container.duration or 0) / 1e6
        if seconds > MAX_SECONDS:
            raise UnreadableMediaError(f"is {seconds:.0f} s long, at most {MAX_SECONDS:g} s are read")
        clip = Clip(file, form, (width, height), bool(container.streams.audio), seconds)
        if len(pictures := pictures_of(container)) > 1:
            clip.incomplete = f"has {len(pictures)} video streams, only the first was looked at"
        return clip


def _seconds(packet: "Packet[VideoStream]") -> float:
    stamp = packet.pts if packet.pts is not None else packet.dts
    return max(0.0, stamp * float(packet.time_base)) if stamp is not None else 0.0


def _length(packet: "Packet[VideoStream]", stream: "VideoStream") -> float:
    """Seconds that a packet's frame is shown."""
    if packet.duration:
        return float(packet.duration * packet.time_base)
    return float(1 / stream.average_rate) if stream.average_rate else 0.04


def _gaps(keys: list[float], duration: float, most: float) -> set[float]:
    """Keyframes after which the next is more than `most` away, or the end half of that; 0 where there is no keyframe."""
    if not keys:
        return {0.0}
    gaps = {key for key, following in pairwise(keys) if following - key > most}
    return gaps | ({keys[-1]} if duration - keys[-1] > most / 2 else set())
