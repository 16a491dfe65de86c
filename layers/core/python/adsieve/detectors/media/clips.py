"""A clip to evidence: the distinct looks of it, when each is shown, and the words and codes on some of them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adsieve.detectors.media.clip import STEP, ClipFrame, open_clip
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.looks import Looks
from adsieve.detectors.media.reading import Shown, read_parts
from adsieve.domain.ad import Part, PartKind

LONGEST = 320
"""Pixels of the longer side that frames are hashed at."""

MOST_READ = 16
"""Frames whose words and codes are read, spread over the clip. Each costs about 50 ms (tests/perf/media/cost.py)."""

READ_LONGEST = 960
"""Pixels of the longer side that frames are read at: at 1280 a clip takes a third longer and no more phrases are read."""


def read_clip(name: str, file: Path, deadline: Deadline) -> list[Part]:
    """The VIDEO part of a clip, and what is written on its frames; a step of `reader.Reader`.

    The evidence: `duration` in seconds; `size`, width and height; `audio`, whether there is sound (which nobody
    listens to unless the audio port is on); `frames`, one a distinct look: `t`, when it is first shown, `spans`, every
    [from, to) in seconds, and `hashes`, see `pictures.hash_frame`.
    """
    part, scenes = clip_part(name, file, deadline)
    return [part, *read_parts(name, scenes, deadline, quick=True)]


def clip_part(name: str, file: Path, deadline: Deadline) -> tuple[Part, list[Shown]]:
    """The VIDEO part of a clip, and the frames that are worth reading."""
    looks, scenes = Looks(), _Scenes()
    clip = open_clip(file)
    for frame in clip.frames(deadline):
        if looks.add(frame.rgb(LONGEST), frame.seconds, clip.size):
            scenes.add(frame)
    evidence = {
        "duration": round(clip.duration, 2),
        "size": list(clip.size),
        "audio": clip.audio,
        "frames": looks.told(clip.duration),
    }
    return Part(name, PartKind.VIDEO, evidence=evidence, incomplete=clip.incomplete), scenes.kept


def sample_looks(file: Path, deadline: Deadline) -> tuple[list[dict[str, Any]], float, str]:
    """The looks of a material's clip, every half second, its duration, and why it could not be read whole."""
    looks = Looks()
    clip = open_clip(file)
    for frame in clip.frames(deadline, sparse=STEP / 2, step=STEP / 2):
        looks.add(frame.rgb(LONGEST), frame.seconds, clip.size)
    return looks.told(clip.duration), clip.duration, clip.incomplete


@dataclass(slots=True)
class _Scenes:
    """Frames to read: every scene while they are few, then every second, every fourth, so that they stay spread."""

    kept: list[Shown] = field(default_factory=list)
    _stride: int = 1
    _seen: int = 0

    def add(self, frame: ClipFrame) -> None:
        """Keep it if it is its turn."""
        if self._seen % self._stride == 0:
            rgb = frame.rgb(READ_LONGEST)
            self.kept.append(Shown(rgb, frame.seconds, max(rgb.shape) / max(frame.picture.width, frame.picture.height)))
            if len(self.kept) > MOST_READ:
                del self.kept[1::2]
                self._stride *= 2
        self._seen += 1
