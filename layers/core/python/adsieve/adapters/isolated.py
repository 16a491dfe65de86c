"""A media reader in a process of its own, for files that kill, hang or fill the process that opens them.

Decoders are large C libraries. Whatever a hostile file does to one (crash, endless loop, gigabytes) happens to the
child; the file is then unreadable, with the cause, and the next file gets a fresh child. A child is kept between files,
because starting one costs more than reading a picture.

The limits are the kernel's: address space, written bytes (none outside its own pipe), processor time. macOS knows the
address-space limit but does not enforce it; the clock of the parent holds everywhere.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import IO, Any

from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import UnreadableMediaError

GRACE = 5.0
"""Seconds over its own deadline after which a child is ended: it may be inside a decoder that asks no clock."""

_LONGEST_LINE = 64_000_000


class IsolatedReader:
    """A MediaReader that hands each file to a child process. Use from one thread."""

    def __init__(self, memory: int, grace: float = GRACE, command: tuple[str, ...] = ()) -> None:
        self._memory = memory
        self._grace = grace
        self._command = command or (sys.executable, "-m", "adsieve.adapters.isolated_child")
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id; None where there is none."""
        return self._child.pid if self._child else None

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:
        """See `MediaReader.read`."""
        child = self._started()
        try:
            answer = self._ask(child, {"name": name, "file": str(file.resolve()), "seconds": seconds}, seconds)
        except UnreadableMediaError:
            self.close()
            raise
        if "cause" in answer:
            raise UnreadableMediaError(answer["cause"])
        return [_part(told) for told in answer["parts"]]

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next file starts another. A child also ends by itself with the process that started it."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self.close()
            threads = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
            # Runtimes put layers on the path by other means than the environment; the child must see the same.
            environ = os.environ | threads | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*self._command, str(self._memory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
            )
        return self._child

    def _ask(self, child: "subprocess.Popen[bytes]", question: dict[str, Any], seconds: float) -> dict[str, Any]:
        if child.stdin is None or child.stdout is None:
            raise UnreadableMediaError("could not be handed to its reader")
        try:
            child.stdin.write(json.dumps(question).encode() + b"\n")
            child.stdin.flush()
            line = _line(child.stdout, monotonic() + seconds + self._grace)
        except OSError:
            line = b""
        if line is None:
            raise UnreadableMediaError(f"did not end within the {seconds:.0f} s left for this file")
        if not line:
            raise UnreadableMediaError("ended the process that read it: damaged, or needs too much memory")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _line(pipe: IO[bytes], ends: float) -> bytes | None:
    """The next line; None where it did not come in time, empty where the pipe was closed."""
    read = bytearray()
    while not read.endswith(b"\n"):
        ready, _, _ = select.select([pipe], [], [], max(0.0, ends - monotonic()))
        if not ready or len(read) > _LONGEST_LINE:
            return None
        more = os.read(pipe.fileno(), 1 << 20)
        if not more:
            return b""
        read += more
    return bytes(read)


def told(part: Part) -> dict[str, Any]:
    """A part as JSON; `_part` reads it back."""
    return {
        "name": part.name,
        "kind": str(part.kind),
        "text": part.text,
        "evidence": dict(part.evidence),
        "incomplete": part.incomplete,
    }


def _part(told: dict[str, Any]) -> Part:
    return Part(**(told | {"kind": PartKind(told["kind"])}))
