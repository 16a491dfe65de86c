"""The process that plays AWS: found, stopped, and never mistaken. A few lines of Python play it here."""

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from adsieve.domain.errors import InputError, UnavailableError
from adsieve.local.lifecycle import down, stopped_on_failure
from adsieve.local.server import PORT, Address, Server, free_port
from adsieve.local.workspace import Workspace
from tests.waiting import eventually, processes_in

PLAYED = f"""#!{sys.executable}
import http.server, os, signal, subprocess, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{{"auth": "enabled"}}')
def stop(*_):
    open(os.environ["STATE_DIR"] + "/written", "w").close(); sys.exit()
signal.signal(signal.SIGTERM, stop)
subprocess.Popen(["sh", "-c", "cat; :", os.environ["STATE_DIR"]], stdin=subprocess.PIPE)
http.server.HTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Health).serve_forever()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "played"
    path.write_text(PLAYED)
    path.chmod(0o755)
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "aws")
    yield server
    server.stop()


def test_a_started_server_is_found_until_it_is_stopped_and_its_state_is_written(server: Server, program: Path) -> None:
    address = server.start(program, free_port())
    assert Server(server.folder).address() == address
    assert [*processes_in(server.folder)]
    assert Server(server.folder).stop()
    assert Server(server.folder).address() is None
    assert (server.folder / "state" / "written").is_file()
    assert not [*processes_in(server.folder)]


def test_it_comes_back_on_the_port_that_its_state_knows(server: Server, program: Path) -> None:
    first = server.start(program, free_port())
    server.stop()
    with pytest.raises(InputError, match=f"belongs to port {first.port}"):
        server.start(program, free_port())
    assert server.start(program).port == first.port


def test_forgetting_forgets_the_port_too(server: Server, program: Path) -> None:
    first = server.start(program, free_port())
    server.stop()
    server.forget()
    other = free_port()
    assert other != first.port
    assert server.start(program, other).port == other


def test_a_server_that_was_killed_is_not_running_and_starts_again(server: Server, program: Path) -> None:
    address = server.start(program, free_port())
    os.kill(address.pid, signal.SIGKILL)
    assert eventually(lambda: server.address() is None, "the end of the server")
    assert not server.stop()
    assert server.start(program).port == address.port


def test_a_process_that_got_the_id_of_a_dead_server_is_left_alone(server: Server) -> None:
    server.folder.mkdir()
    (server.folder / "server.json").write_text(json.dumps({"pid": os.getpid(), "port": 1}))
    (server.folder / "server.lock").touch()
    assert server.address() is None
    assert not server.stop()


def test_a_taken_port_is_refused_by_name_and_avoided_by_default(server: Server, program: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(InputError, match=f"port {taken} is taken by another program"):
            server.start(program, taken)


def test_a_port_that_a_dying_server_still_holds_is_waited_for(server: Server, program: Path) -> None:
    port = free_port()
    dying = socket.socket()
    dying.bind(("127.0.0.1", port))
    dying.listen()
    threading.Timer(0.3, dying.close).start()
    assert server.start(program, port).port == port


def test_the_usual_port_is_left_to_whoever_has_it(server: Server, program: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", PORT))
            other.listen()
        except OSError:
            pass  # somebody has it already, which is the case to test
        assert server.start(program).port != PORT


def test_a_server_that_dies_at_once_is_told_with_its_last_words(server: Server, tmp_path: Path) -> None:
    program = tmp_path / "dies"
    program.write_text("#!/bin/sh\necho no module named ministack\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(UnavailableError, match=r"(?s)did not come up.*no module named ministack"):
        server.start(program, free_port())
    assert server.address() is None


def test_functions_inherit_nothing_of_the_callers_environment(
    server: Server, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    address = server.start(program, free_port())
    environment = Path(f"/proc/{address.pid}/environ").read_text()
    assert "BIND_HOST=127.0.0.1" in environment
    assert "AUTH=true" in environment
    assert "AWS_PROFILE" not in environment
    assert "PYTHONPATH" not in environment


def test_an_address_is_on_loopback() -> None:
    assert Address(1, 4566).endpoint == "http://127.0.0.1:4566"


def test_what_was_started_inside_a_block_that_fails_is_stopped(server: Server, program: Path) -> None:
    @stopped_on_failure(a_workspace(server))
    def start_and_be_interrupted() -> None:
        server.start(program, free_port())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start_and_be_interrupted()
    assert server.address() is None


def test_what_ran_before_a_block_that_fails_goes_on(server: Server, program: Path) -> None:
    address = server.start(program, free_port())
    with pytest.raises(KeyboardInterrupt), stopped_on_failure(a_workspace(server)):
        raise KeyboardInterrupt
    assert server.address() == address


def test_down_stops_it_and_forgets_only_when_asked(server: Server, program: Path) -> None:
    address = server.start(program, free_port())
    steps: list[str] = []
    assert down(a_workspace(server), steps.append)
    assert steps == ["stopping the local AWS"]
    assert server.start(program).port == address.port
    assert down(a_workspace(server), steps.append, forget=True)
    assert not (server.folder / "state").exists()


def a_workspace(server: Server) -> Workspace:
    nowhere = server.folder / "nowhere"
    return Workspace(nowhere, server.folder, nowhere, nowhere, nowhere)
