from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from adsieve.detectors.media.animations import read_animation
from adsieve.detectors.media.clip import open_clip
from adsieve.detectors.media.clips import read_clip
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.looks import Looks
from tests.clips import footage, write_animation, write_clip
from tests.hostile_clips import plain

SMALL = (240, 136)


def later() -> Deadline:
    return Deadline.after(600)


@pytest.mark.parametrize("codec", ["libx264", "libx265", "libvpx-vp9"])
def test_no_second_of_a_clip_goes_unseen_whatever_its_keyframes(codec: str, tmp_path: Path) -> None:
    suffix = "webm" if "vpx" in codec else "mp4"
    file = write_clip(tmp_path / f"x.{suffix}", footage(1, 5, SMALL), codec=codec, gop=999)
    times = sorted(frame.seconds for frame in open_clip(file).frames(later()))
    assert times[0] == 0
    assert times[-1] >= 4.5
    assert max(later - earlier for earlier, later in pairwise(times)) <= 1.5


def test_close_keyframes_are_all_that_is_decoded(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "x.mp4", footage(1, 5, SMALL), gop=20)
    assert [frame.seconds for frame in open_clip(file).frames(later())] == [0, 2, 4]


def test_the_end_is_looked_at_even_after_a_close_keyframe(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "x.mp4", footage(1, 6, SMALL), gop=20)
    assert max(frame.seconds for frame in open_clip(file).frames(later())) == pytest.approx(5.9)


def test_a_clip_of_keyframes_alone_is_thinned(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "x.mp4", footage(1, 4, SMALL), gop=1)
    assert 4 <= len(list(open_clip(file).frames(later()))) <= 10


def test_time_that_runs_out_is_told(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path / "x.mp4", footage(1, 2, SMALL)))
    with pytest.raises(Exception, match="ran out"):
        list(clip.frames(Deadline.after(0)))


def test_the_evidence_tells_when_each_look_is_shown(tmp_path: Path) -> None:
    still, other = footage(1, 0.1, SMALL) * 30, footage(2, 0.1, SMALL) * 30
    file = write_clip(tmp_path / "x.mp4", [*still, *other, *still], audio=True)
    evidence = read_clip("media/x.mp4", file, later())[0].evidence
    assert (evidence["duration"], evidence["size"], evidence["audio"]) == (9, [240, 136], True)
    assert [look["spans"] for look in evidence["frames"]] == [[[0, 3], [6, 9]], [[3, 6]]]


def test_words_on_frames_are_parts_of_their_own(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "x.mp4", plain(1))
    assert [part.name for part in read_clip("media/x", file, later())] == ["media/x", "media/x#ocr"]


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_a_picture_that_moves_is_a_clip_too(suffix: str, tmp_path: Path) -> None:
    still, other = footage(1, 0.1, SMALL) * 10, footage(2, 0.1, SMALL) * 10
    changing = [np.roll(pixels, number % 2, axis=1) for number, pixels in enumerate([*still, *other])]
    (part,) = read_animation("media/x", write_animation(tmp_path / f"x.{suffix}", changing), later())
    assert part.evidence["duration"] == 2
    assert part.incomplete == ""
    assert part.evidence["frames"][0]["t"] == 0
    assert len(part.evidence["frames"]) >= 2


def test_a_still_picture_is_no_clip(tmp_path: Path) -> None:
    assert read_animation("media/x", write_animation(tmp_path / "x.png", footage(1, 0.1, SMALL)), later()) == []


def test_looks_within_four_bits_are_one() -> None:
    looks = Looks()
    (frame,) = footage(1, 0.1, SMALL)
    assert looks.add(frame, 0.0, SMALL)
    assert not looks.add(np.clip(frame.astype(int) + 2, 0, 255).astype(np.uint8), 1.0, SMALL)
    assert [look["spans"] for look in looks.told(2.0)] == [[[0.0, 2.0]]]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are told by Linux")
def test_a_clip_that_is_left_half_way_has_no_threads_to_wait_for(tmp_path: Path) -> None:
    file = write_clip(tmp_path / "x.mp4", footage(1, 1, (160, 90)))
    before = len(list(Path("/proc/self/task").iterdir()))
    frames = open_clip(file).frames(Deadline.after(60))
    next(frames)
    assert len(list(Path("/proc/self/task").iterdir())) == before
