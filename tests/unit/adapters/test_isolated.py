import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adsieve.adapters.isolated import IsolatedReader
from adsieve.detectors.media.reader import Reader
from adsieve.domain.ad import PartKind
from adsieve.domain.errors import UnreadableMediaError
from tests.clips import write_clip
from tests.hostile_clips import plain
from tests.pictures import scene

BAD_CHILD = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    if asked["name"] == "crash":
        import os; os.kill(os.getpid(), 11)
    if asked["name"] == "hang":
        time.sleep(600)
    if asked["name"] == "eat":
        import resource
        resource.setrlimit(resource.RLIMIT_DATA, (200_000_000, 200_000_000))
        held = bytearray(400_000_000)
    print(json.dumps({"parts": []}), flush=True)
"""


@pytest.fixture
def fragile() -> Iterator[IsolatedReader]:
    reader = IsolatedReader(10**9, grace=0.2, command=(sys.executable, "-c", BAD_CHILD))
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def isolated() -> Iterator[IsolatedReader]:
    reader = IsolatedReader(10**9)
    yield reader
    reader.close()


def test_what_the_child_reads_is_what_this_process_reads(isolated: IsolatedReader, tmp_path: Path) -> None:
    scene(3, (64, 48)).save(tmp_path / "x.png")
    write_clip(tmp_path / "x.mp4", plain(1))
    for name in ("x.png", "x.mp4"):
        parts = isolated.read(f"media/{name}", tmp_path / name, 60)
        assert parts == Reader().read(f"media/{name}", tmp_path / name, 60)
        assert parts[0].kind in (PartKind.IMAGE, PartKind.VIDEO)


def test_a_child_is_kept_between_files(isolated: IsolatedReader, tmp_path: Path) -> None:
    scene(3, (64, 48)).save(tmp_path / "x.png")
    isolated.read("media/x.png", tmp_path / "x.png", 60)
    first = isolated.pid
    (tmp_path / "y.png").write_bytes(b"no picture")
    with pytest.raises(UnreadableMediaError, match="no picture"):
        isolated.read("media/y.png", tmp_path / "y.png", 60)
    assert isolated.pid == first


@pytest.mark.parametrize(
    ("name", "seconds", "cause"),
    [("crash", 30, "ended the process"), ("hang", 0.3, "did not end"), ("eat", 30, "ended the process")],
)
def test_a_file_that_ends_the_child_takes_no_neighbour_with_it(
    name: str, seconds: float, cause: str, fragile: IsolatedReader
) -> None:
    with pytest.raises(UnreadableMediaError, match=cause):
        fragile.read(name, Path("x"), seconds)
    assert fragile.read("fine", Path("x"), 30) == []


def test_a_child_can_write_no_file(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from adsieve.adapters.isolated_child import _limit\n"
        "_limit(10**9)\n"
        "sys.stdin.readline()\n"
        f"try: Path({str(tmp_path / 'made')!r}).write_bytes(b'x'); cause = 'written'\n"
        "except OSError: cause = 'refused'\n"
        "print('{\"cause\": \"' + cause + '\"}', flush=True)"
    )
    reader = IsolatedReader(10**9, command=(sys.executable, "-c", code))
    with pytest.raises(UnreadableMediaError, match="refused"):
        reader.read("x", tmp_path, 30)
    reader.close()
