import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from adsieve.local.slim import slim


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A shared library of this machine, with what linkers and debuggers read at its end."""
    import marisa_trie

    copy = tmp_path / "lib" / Path(marisa_trie.__file__).name
    copy.parent.mkdir()
    copy.write_bytes(Path(marisa_trie.__file__).read_bytes())
    return copy


def test_a_library_gets_smaller_and_still_loads(library: Path) -> None:
    before = library.stat().st_size
    slim(library)
    assert library.stat().st_size < before * 0.7
    ctypes.CDLL(str(library))
    code = f"import sys; sys.path.insert(0, {str(library.parent)!r}); import marisa_trie; print(marisa_trie.__file__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(library)


def test_once_is_enough(library: Path) -> None:
    assert slim(library) > 0
    assert slim(library) == 0


def test_what_is_no_library_is_left_alone(tmp_path: Path) -> None:
    notes = tmp_path / "notes.so"
    notes.write_bytes(b"no library")
    assert slim(notes) == 0
    assert notes.read_bytes() == b"no library"
