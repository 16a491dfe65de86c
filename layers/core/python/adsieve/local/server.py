"""The process that plays AWS (ministack): started, found again and stopped.

Whether it runs is told by a lock, not by a process id: the server inherits a locked file and holds it until it dies,
however it dies. So a stale or reused id is never taken for a server, and never signalled.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adsieve.domain.errors import InputError, UnavailableError
from adsieve.local.process import tail, uninterrupted
from adsieve.local.workspace import ACCESS_KEY, HOST

PORT = 4566
"""Where people expect a local AWS."""

ACCOUNT = "123456789012"
START_SECONDS = 60.0
STOP_SECONDS = 180.0
"""It writes its whole state when it stops."""

_POLL_SECONDS = 0.05
_FREED_SECONDS = 1.0
_NOBODY = 0
"""Process id in the note while a server is being started: an older note must not be taken for its own."""


@dataclass(frozen=True, slots=True)
class Address:
    """A running server."""

    pid: int
    port: int

    @property
    def endpoint(self) -> str:
        """What clients connect to."""
        return f"http://{HOST}:{self.port}"


class Server:
    """The server of one folder, in which it keeps state, log and temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self._note = folder / "server.json"
        self._lock = folder / "server.lock"
        self._state = folder / "state"
        self._scratch = folder / "tmp"

    def address(self) -> Address | None:
        """Where it runs; None where it doesn't."""
        if not self._alive() or not self._note.is_file():
            return None
        note = json.loads(self._note.read_text())
        return Address(note["pid"], note["port"]) if note["pid"] != _NOBODY else None

    def start(self, program: Path, port: int | None = None) -> Address:
        """Start it and wait until it answers; on any failure nothing is left running.

        Args:
            program: the ministack program.
            port: where to listen. By default the port of last time, as the state is full of URLs that name it; the
                first time the usual one, or any other where that is taken.

        Raises:
            InputError: the port is taken, or the state belongs to another one.
            UnavailableError: it did not come up.
        """
        chosen = self._choose(port)
        shutil.rmtree(self._scratch, ignore_errors=True)
        for folder in (self._state, self._scratch):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            with uninterrupted():
                address = Address(self._spawn(program, chosen), chosen)
                self._write_note(address)
            self._await_answer(address)
        except BaseException:
            with uninterrupted():
                self.stop()
            raise
        return address

    def stop(self) -> bool:
        """Stop it, its state written, and end the functions' processes; False where it did not run."""
        address = self.address()
        if address:
            os.kill(address.pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while self._alive() and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(address.pid, signal.SIGKILL)
            with suppress(ChildProcessError):  # not a child of ours, unless we started it ourselves
                os.waitpid(address.pid, 0)
        shutil.rmtree(self._scratch, ignore_errors=True)
        return address is not None

    def forget(self) -> None:
        """Delete its state and log; it must not run."""
        shutil.rmtree(self._state, ignore_errors=True)
        for file in (self._note, self.log):
            file.unlink(missing_ok=True)

    def _spawn(self, program: Path, port: int) -> int:
        """Its process id. In a session of its own: what interrupts us must not interrupt it before it is told to."""
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UnavailableError(f"a local AWS that nobody noted holds {self._lock}, `fuser` names it") from None
            self._write_note(Address(_NOBODY, port))
            os.set_inheritable(lock, True)
            return os.posix_spawn(
                program,
                (program,),
                self._environment(port),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                ],
                setsid=True,
                setsigdef=[signal.SIGPIPE],  # which Python ignores, and would make the server ignore
            )
        finally:
            os.close(lock)

    def _write_note(self, address: Address) -> None:
        partial = self._note.with_suffix(".partial")
        partial.write_text(json.dumps({"pid": address.pid, "port": address.port}))
        partial.replace(self._note)

    def _alive(self) -> bool:
        try:
            lock = os.open(self._lock, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def _choose(self, wanted: int | None) -> int:
        kept = json.loads(self._note.read_text())["port"] if self._note.is_file() else None
        if kept and wanted not in (None, kept):
            raise InputError(
                f"the state in {self.folder} belongs to port {kept}: leave out --port, "
                "or start over with `adsieve local down --forget`"
            )
        named = wanted or kept
        if named is None:
            return PORT if _free(PORT) else free_port()
        if not self._freed(named):
            raise InputError(
                f"port {named} is taken by another program: stop that one"
                + (
                    ", or start over on another port with `adsieve local down --forget`"
                    if kept
                    else ", or name another"
                )
            )
        return int(named)

    def _freed(self, port: int) -> bool:
        """Whether the port is free, or becomes so: a process that dies lets go of its lock before its port."""
        deadline = time.monotonic() + _FREED_SECONDS
        while not _free(port):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _environment(self, port: int) -> Mapping[str, str]:
        """All that it sees. Functions inherit it, so nothing of the caller's leaks into them."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(self._scratch),
            "TMPDIR": str(self._scratch),
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": HOST,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "AUTH": "true",  # enforces IAM
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self._state / "s3"),
            "LAMBDA_EXECUTOR": "local",
            "IOT_MTLS_ENABLED": "0",  # would listen on ports of their own
            "SFTP_ENABLED": "0",
        }

    def _await_answer(self, address: Address) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._alive():
            if _answers(address.endpoint):
                return
            time.sleep(_POLL_SECONDS)
        raise UnavailableError(f"the local AWS did not come up, all it said is in {self.log}\n{tail(self.log)}")


def _answers(endpoint: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{endpoint}/_ministack/health", timeout=5) as response:
            return bool(json.load(response)["auth"] == "enabled")
    except (urllib.error.URLError, ConnectionError, TimeoutError, ValueError, KeyError):
        return False


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
