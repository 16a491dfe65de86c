"""What reading a clip of half a minute costs: 720p, 25 frames a second, ten scenes over which the camera moves.

    python -m tests.perf.media.cost [kind ...]

Prints a line a kind, read as an ad's clip is read: to be hashed, with its words and codes, and how many of the phrases
shown were read. Processor and clock seconds of the best of three runs. Expected on one core: 0.4 s where keyframes
suffice (`short gaps`), 1.5 s otherwise, with words too; every phrase at least once read wherever single frames are.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from adsieve.detectors.media.clips import clip_part, read_clip
from adsieve.detectors.media.deadline import Deadline
from tests.clips import FPS, Pixels, footage, write_clip
from tests.pictures import Ground, lettered

SIZE = (1280, 720)
RATE = 25
SCENES, SECONDS = 10, 3
RUNS = 3

ENGLISH = (
    "Best casino bonus",
    "Lose weight fast",
    "Double your money",
    "Cheap loans today",
    "Meet singles tonight",
    "Free spins now",
    "Crypto signals daily",
    "Bet on football",
    "Replica watches here",
    "Buy followers now",
)
ARABIC = (
    "مراهنات رياضية يومية",
    "قروض سريعة بدون كفيل",
    "أرباح مضمونة كل يوم",
    "ساعات مقلدة للبيع",
    "اخسر وزنك بسرعة",
    "تعارف وزواج الآن",
    "كازينو اون لاين",
    "تداول العملات الرقمية",
    "سجائر إلكترونية رخيصة",
    "متابعين حقيقيين للبيع",
)


@dataclass(frozen=True, slots=True)
class Show:
    """A kind of clip: what each scene says, on its pictures or on a flat ground, and the longest way between keyframes."""

    phrases: tuple[str, ...] = ()
    language: str = "en"
    flat: bool = False
    px: int = 64
    gop: int | None = None


KINDS = {
    "short gaps": Show(gop=2 * RATE),
    "long gaps": Show(),
    "one keyframe": Show(gop=9999),
    "one caption": Show(ENGLISH[:1] * SCENES),
    "a caption a scene": Show(ENGLISH),
    "a caption a scene, Arabic": Show(ARABIC, "ar"),
    "slides": Show(ENGLISH, flat=True),
    "slides, Arabic": Show(ARABIC, "ar", flat=True),
    "small captions": Show(ENGLISH, px=32),
    "words in one scene": Show(("",) * 6 + ENGLISH[:1] + ("",) * 3),
}


def main(kinds: list[str]) -> None:
    """Measure the kinds named, or all."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds or KINDS:
            file = write_clip(Path(folder, "x.mp4"), _frames(KINDS[kind]), fps=RATE, gop=KINDS[kind].gop)
            hashed, with_words = (_cost(partial(read, "x", file, _later())) for read in (clip_part, read_clip))
            text = read_clip("x", file, _later())[1].text
            shown = {phrase for phrase in KINDS[kind].phrases if phrase}
            read = f"{sum(phrase in text for phrase in shown)} of {len(shown)} phrases"
            print(f"{kind:28} hashed {hashed}, with words {with_words}, {read}", flush=True)


def _frames(show: Show) -> Iterator[Pixels]:
    """A scene at a time, so that few frames are held at once."""
    for scene in range(SCENES):
        seconds = SECONDS * RATE / FPS
        frames = footage(900 + scene, seconds, SIZE, shot=seconds)
        phrase = show.phrases[scene] if show.phrases else ""
        yield from (_written(frame, phrase, show, scene) if phrase else frame for frame in frames)


def _written(frame: Pixels, phrase: str, show: Show, scene: int) -> Pixels:
    ground: Ground | Image.Image = "light" if show.flat else Image.fromarray(frame)
    seed = 0 if len(set(show.phrases)) < SCENES else scene
    return np.asarray(lettered(phrase, show.language, seed=seed, ground=ground, px=show.px, size=SIZE))


def _later() -> Deadline:
    return Deadline.after(600)


def _cost(read: Callable[[], object]) -> str:
    told = []
    for _ in range(RUNS):
        clock, cpu = time.perf_counter(), time.process_time()
        read()
        told.append((time.process_time() - cpu, time.perf_counter() - clock))
    cpu, clock = min(told)
    return f"{cpu:.2f} s ({clock:.2f} by the clock)"


if __name__ == "__main__":
    main(sys.argv[1:])
