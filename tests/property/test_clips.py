"""What must hold of any clip file, of any keyframes, and of any words."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsieve.detectors.media.clip import _gaps
from adsieve.detectors.media.clips import clip_part
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.ocr import Word, as_text
from adsieve.domain.errors import UnreadableMediaError
from tests.clips import write_clip
from tests.hostile_clips import plain


@cache
def good(suffix: str) -> bytes:
    with TemporaryDirectory() as folder:
        codec = "libvpx-vp9" if suffix == "webm" else "libx264"
        return write_clip(Path(folder, f"x.{suffix}"), plain(1), codec=codec).read_bytes()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips") / "x"


@settings(max_examples=40, deadline=None)
@given(suffix=st.sampled_from(["mp4", "webm", "avi"]), data=st.data())
def test_a_damaged_clip_gives_evidence_or_a_cause_and_nothing_else(
    file: Path, suffix: str, data: st.DataObject
) -> None:
    content = bytearray(good(suffix))
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    cause, frames = "", []
    try:
        frames = clip_part("media/x", file, Deadline.after(60))[0].evidence["frames"]
    except UnreadableMediaError as error:
        cause = error.cause
    assert bool(cause) != bool(frames)
    assert all(start <= end for look in frames for start, end in look["spans"])


@given(
    keys=st.lists(st.floats(0, 100), unique=True, max_size=20).map(sorted),
    rest=st.floats(0, 10),
    most=st.floats(0.5, 5),
)
def test_where_nothing_more_is_decoded_keyframes_are_close(keys: list[float], rest: float, most: float) -> None:
    duration = keys[-1] + rest if keys else rest
    gaps = _gaps(keys, duration, most)
    assert all(later - key <= most for key, later in pairwise(keys) if key not in gaps)
    assert not keys or keys[-1] in gaps or duration - keys[-1] <= most / 2
    assert keys or gaps == {0.0}


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), st.integers(0, 1))))
def test_every_word_is_found_again_at_its_offsets(drawn: list[tuple[str, int]]) -> None:
    line, words = 0, []
    for text, step in drawn:
        line += step
        words.append(Word(text, (1, 2, 3, 4), 90, line))
    joined, places = as_text(words)
    assert [joined[start:end] for start, end, *_ in places] == [word.text for word in words]
    assert joined.count("\n") == len({word.line for word in words}) - bool(words)
