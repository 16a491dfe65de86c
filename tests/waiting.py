"""For tests that start something: wait for what comes, look for what is left."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def eventually[T](look: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """The first truthy thing that `look` finds; the test fails where there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not in {seconds:.0f} s: {what}")


def processes_in(folder: Path) -> Iterator[int]:
    """Processes that were started with a path in that folder; those that wait to be collected no longer count."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in (entry / "cmdline").read_text() and int(entry.name) != os.getpid():
                yield int(entry.name)
        except OSError:  # it ended while we looked
            continue
