"""Runs a tool to its end, so that neither it nor its children outlive us."""

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from adsieve.domain.errors import UnavailableError

GRACE_SECONDS = 5.0
SHOWN_LINES = 15
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], log: Path) -> None:
    """Run a command; what it says goes to `log`.

    The command gets a process group of its own. Whatever interrupts us ends the whole group first: a tool that is
    stopped alone leaves its children behind.

    Raises:
        UnavailableError: it failed; carries the end of what it said.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    process = None
    with log.open("wb") as out:
        try:
            with uninterrupted():
                process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                    command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
                )
            code = process.wait()
        except BaseException:
            if process:
                with uninterrupted():
                    _end_group(process)
            raise
    if code:
        raise UnavailableError(f"{Path(command[0]).name} failed with exit code {code}, all of it in {log}\n{tail(log)}")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and its kin back until the block is done.

    For the moment between starting a process and knowing it, in which nobody could end it, and for cleaning up.
    """
    held: list[tuple[int, FrameType | None]] = []
    before = {ending: signal.signal(ending, lambda *came: held.append(came)) for ending in ENDINGS}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
        if held:
            signal.raise_signal(held[0][0])


@contextmanager
def alone(lock: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock file; `waiting` is called where another process holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def tail(log: Path, lines: int = SHOWN_LINES) -> str:
    """The last lines of a log, indented; empty where there is none."""
    if not log.is_file():
        return ""
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last)


def _end_group(leader: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        leader.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()
