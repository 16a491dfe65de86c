import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.decode import MAX_FRAMES, MAX_JPEG_BYTES, open_picture
from adsieve.detectors.media.pdq import luma, pdq
from adsieve.domain.errors import UnreadableMediaError
from tests.hostile_pictures import a_scene, animation, heavy, partly_read, readable, saved, unreadable

UNREADABLE, PARTLY, READABLE, HEAVY = dict(unreadable()), dict(partly_read()), dict(readable()), dict(heavy())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "media"


def bits(data: bytes, file: Path) -> list[bytes]:
    file.write_bytes(data)
    return [pdq(luma(frame.rgb)).bits for frame in open_picture(file, 512).frames]


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_inspected_is_refused_with_a_cause(name: str, file: Path) -> None:
    file.write_bytes(UNREADABLE[name])
    with pytest.raises(UnreadableMediaError) as caught:
        open_picture(file, 512)
    assert caught.value.cause[0].islower()
    assert not caught.value.cause.endswith(".")


@pytest.mark.parametrize("name", PARTLY)
def test_what_is_inspected_in_part_says_so(name: str, file: Path) -> None:
    file.write_bytes(PARTLY[name])
    picture = open_picture(file, 512)
    assert picture.incomplete
    assert 1 <= len(picture.frames) <= MAX_FRAMES


@pytest.mark.parametrize("name", READABLE)
def test_odd_files_show_what_a_viewer_shows(name: str, file: Path) -> None:
    plain = pdq(luma(open_picture(_written(file, saved(a_scene(), "PNG")), 512).frames[0].rgb)).bits
    nearest = min(distance(plain, found) for found in bits(READABLE[name], file))
    assert nearest <= 31
    assert open_picture(file, 512).incomplete == ""


def _written(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


def test_a_picture_held_in_the_alpha_channel_is_seen_on_white_and_on_black(file: Path) -> None:
    picture = open_picture(_written(file, READABLE["only in the alpha channel"]), 512)
    assert [frame.ground for frame in picture.frames] == ["white", "black"]


def test_the_size_is_the_one_a_viewer_sees(file: Path) -> None:
    picture = open_picture(_written(file, READABLE["turned by exif"]), 512)
    assert picture.size == (320, 240)
    assert picture.frames[0].rgb.shape == (240, 320, 3)


def test_pictures_are_brought_down_and_never_up(file: Path) -> None:
    assert max(open_picture(_written(file, saved(a_scene(2000, 1000), "PNG")), 512).frames[0].rgb.shape) == 512
    assert open_picture(_written(file, saved(a_scene(100, 60), "PNG")), 512).frames[0].rgb.shape == (60, 100, 3)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_every_different_frame_is_looked_at(form: str, file: Path) -> None:
    assert len(open_picture(_written(file, animation(form, 6)), 512).frames) == 6


def test_a_second_picture_behind_the_first_is_looked_at(file: Path) -> None:
    assert len(open_picture(_written(file, READABLE["two jpegs in one file"]), 512).frames) == 2


def test_frames_stop_where_the_time_ends(file: Path) -> None:
    picture = open_picture(_written(file, animation("GIF", 6)), 512, Deadline(time.monotonic() - 1, 1))
    assert picture.incomplete
    assert len(picture.frames) <= 1


WORST = """
import sys, time
from pathlib import Path
from adsieve.detectors.media.decode import open_picture
from adsieve.domain.errors import UnreadableMediaError
started = time.process_time()
try:
    open_picture(Path(sys.argv[1]), 512)
except UnreadableMediaError:
    pass
status = Path("/proc/self/status").read_text().split()
print(time.process_time() - started, status[status.index("VmHWM:") + 1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux")
@pytest.mark.parametrize("name", HEAVY)
def test_no_file_takes_more_than_two_seconds_and_half_a_gigabyte(name: str, file: Path) -> None:
    command = [sys.executable, "-c", WORST, str(_written(file, HEAVY[name]))]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, kilobytes = (float(value) for value in ran.stdout.split())
    assert seconds < 2.0 * _slowness()
    assert kilobytes < 500_000


def _slowness() -> float:
    """How much slower than idle this machine is now: shared processors stretch even processor time."""
    return 1.0 + 1.5 * (resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw > 0)


def test_a_jpeg_of_more_bytes_than_a_photo_has_is_not_decoded(file: Path) -> None:
    file.write_bytes(saved(a_scene(), "JPEG") + bytes(MAX_JPEG_BYTES))
    with pytest.raises(UnreadableMediaError, match="of a JPEG at most 25,000,000 are decoded"):
        open_picture(file, 512)
