"""Package files as the library sees them: memory-mapped."""

import mmap
from pathlib import Path


def mapped(folder: Path) -> dict[str, memoryview]:
    """Every file of a folder by name."""
    files = {}
    for file in folder.iterdir():
        with file.open("rb") as opened:
            files[file.name] = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    return files
