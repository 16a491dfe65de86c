"""How well known clips are found again, how exact the times are, and what it costs.

    python -m tests.perf.media.clips [clips] [attack ...]

Prints a line an attack: found, of those strong enough to reject, wrong materials, found with both times within a
second, and processor seconds a clip (reading and matching, without words). Expected with 8 clips: every kind found in
all, no wrong material.
"""

import sys
import tempfile
import time
from pathlib import Path

from adsieve.detectors.media import clips
from adsieve.detectors.media.animations import read_animation
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.videos import VideoDetector
from adsieve.domain.ad import Part
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind
from tests.builders import a_material
from tests.clips import footage, write_animation, write_clip
from tests.perf.media.attacks import ATTACKS, Attack, Frames


def main(arguments: list[str]) -> None:
    """Run the attacks named, or all."""
    count = int(arguments[0]) if arguments else 8
    with tempfile.TemporaryDirectory() as folder:
        known = [footage(seed, 12) for seed in range(count)]
        detector = _compiled(known, Path(folder))
        for name in arguments[1:] or ATTACKS:
            print(_line(name, ATTACKS[name], known, detector, Path(folder)), flush=True)


def _compiled(known: list[Frames], folder: Path) -> VideoDetector:
    rows = []
    for seed, frames in enumerate(known):
        write_clip(folder / f"{seed}.mp4", frames, crf=20)
        rows.append((seed, a_material(id=f"V-{seed}", kind=Kind.VIDEO, value=f"{seed}.mp4", folder=str(folder))))
    files = VideoDetector.compile(rows)
    return VideoDetector.open({name: memoryview(data) for name, data in files.items()})


def _line(name: str, attack: Attack, known: list[Frames], detector: VideoDetector, folder: Path) -> str:
    found = strong = wrong = exact = 0
    seconds = 0.0
    for seed, frames in enumerate(known):
        file = _attacked(attack, frames, seed, folder)
        started = time.process_time()
        part = _read(file)
        matches = list(detector.detect(part))
        seconds += time.process_time() - started
        own = [match for match in matches if match.row == seed]
        wrong += len(matches) - len(own)
        found += bool(own)
        strong += any("near" not in match.how for match in own)
        exact += any(_exact(match, attack, part.evidence["duration"]) for match in own)
    count = len(known)
    return f"{name:34} found {found}/{count} strong {strong} wrong {wrong} exact {exact} {seconds / count:.2f} s"


def _attacked(attack: Attack, frames: Frames, seed: int, folder: Path) -> Path:
    changed = attack.change(frames, seed)
    if attack.codec == "gif":
        return write_animation(folder / "x.gif", changed, attack.fps)
    file = folder / ("x.webm" if attack.codec == "libvpx-vp9" else "x.mp4")
    return write_clip(file, changed, fps=attack.fps, codec=attack.codec, gop=attack.gop, crf=attack.crf)


def _read(file: Path) -> Part:
    """The VIDEO part alone: what words cost is measured in `tests.perf.media.words`."""
    deadline = Deadline.after(600)
    if file.suffix == ".gif":
        return read_animation("media/x", file, deadline)[0]
    return clips.clip_part("media/x", file, deadline)[0]


def _exact(match: Match, attack: Attack, duration: float) -> bool:
    start, end = attack.at or (0.0, duration)
    return bool(abs(match.where["from_s"] - start) <= 1 and abs(match.where["to_s"] - end) <= 1)


if __name__ == "__main__":
    main(sys.argv[1:])
