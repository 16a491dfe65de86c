"""Tools are run to their end, or not left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from adsieve.domain.errors import UnavailableError
from adsieve.local.process import SHOWN_LINES, alone, run, tail, uninterrupted

ENV = {"PATH": os.defpath}


def test_what_a_tool_says_is_in_the_log(tmp_path: Path) -> None:
    run(["sh", "-c", "echo out; echo err >&2"], cwd=tmp_path, env=ENV, log=tmp_path / "logs" / "tool.log")
    assert (tmp_path / "logs" / "tool.log").read_text() == "out\nerr\n"


def test_a_tool_that_fails_tells_its_exit_code_and_last_words(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"(?s)sh failed with exit code 3, all of it in .*tool.log\n    no disk"):
        run(["sh", "-c", "echo no disk; exit 3"], cwd=tmp_path, env=ENV, log=tmp_path / "tool.log")


def test_only_the_end_of_a_long_log_is_told(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(str(number) for number in range(100)))
    assert tail(tmp_path / "log").split() == [str(number) for number in range(100 - SHOWN_LINES, 100)]
    assert tail(tmp_path / "none") == ""


def test_an_interruption_is_held_back_until_the_block_is_done() -> None:
    done = []

    def block() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("all of it")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # workers of parallel test runs ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            block()
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["all of it"]


def test_an_interrupted_tool_takes_its_children_with_it(tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = (
        "import signal; from adsieve.local.process import run; from pathlib import Path\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # workers of parallel test runs ignore it
        f"here = Path({str(tmp_path)!r})\n"
        "run(['sh', '-c', 'sleep 60 & echo $! > child; wait'], cwd=here, env={'PATH': '/usr/bin:/bin'}, log=here / 'log')"
    )
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL) as runner:
        deadline = time.monotonic() + 20
        while not (child.is_file() and child.read_text()) and time.monotonic() < deadline:
            time.sleep(0.01)
        runner.send_signal(signal.SIGINT)
    with pytest.raises(ProcessLookupError):
        _await_end(int(child.read_text()))


def _await_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        os.kill(pid, 0)
        time.sleep(0.01)


def test_a_lock_that_is_held_is_waited_for_and_told(tmp_path: Path) -> None:
    told, done = threading.Event(), threading.Event()

    def second() -> None:
        with alone(tmp_path / "new" / "lock", told.set):
            done.set()

    with alone(tmp_path / "new" / "lock", told.set):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert told.wait(60)
        assert not done.is_set()
    waiting.join(60)
    assert done.is_set()
