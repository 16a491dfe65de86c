import re
import time
from pathlib import Path

import pytest

from adsieve.detectors.media.reader import Reader
from adsieve.domain.errors import UnreadableMediaError
from adsieve.ports import MediaReader
from tests.hostile_clips import HOSTILE


def cause_of(reader: MediaReader, file: Path) -> str:
    try:
        return next((part.incomplete for part in reader.read("media/clip", file, 30) if part.incomplete), "")
    except UnreadableMediaError as error:
        return error.cause


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_clip_ends_with_a_cause_or_whole_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    suffix, make, expected = HOSTILE[name]
    file = tmp_path / f"clip.{suffix}"
    make(file)
    before = sorted(tmp_path.iterdir())
    started = time.process_time()
    cause = cause_of(Reader(), file)
    assert time.process_time() - started < 2
    assert re.search(expected, cause) if expected else cause == ""
    assert sorted(tmp_path.iterdir()) == before
