"""Lambda's own runtime interface emulator around one built function, with nothing importable but what is shipped."""

import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

START_SECONDS = 60
INVOKE_SECONDS = 90
RIE = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64", "arm64": "aws-lambda-rie-arm64"}


@dataclass(frozen=True, slots=True)
class Shipped:
    """A built function and what it may import.

    Attributes:
        folder: the function's own artefacts; holds handler.py.
        layers: the built layers, in the template's order.
        runtime: what AWS's runtime brings: awslambdaric and boto3.
        material: the package inside the material layer.
    """

    folder: Path
    layers: tuple[Path, ...]
    runtime: Path
    material: Path

    def environ(self) -> dict[str, str]:
        """The whole environment of a Python process that sees only this."""
        path = [self.folder, *(layer / "python" for layer in self.layers), self.runtime]
        return {
            "PATH": "/usr/bin:/bin",
            "TZ": "UTC",
            "LANG": "en_US.UTF-8",
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's disk is read-only: what is not compiled stays so
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "POWERTOOLS_SERVICE_NAME": "adsieve",
            "POWERTOOLS_METRICS_NAMESPACE": "adsieve",
        }

    def python(self) -> list[str]:
        """An interpreter without site-packages of its own."""
        return [os.path.realpath(sys.executable), "-S"]


class Emulator:
    """Calls one function, one event at a time: the emulator dies of parallel ones."""

    def __init__(self, port: int, log: Path) -> None:
        self._url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        self._log = log

    def invoke(self, event: object) -> Any:
        """What the function returned, or Lambda's account of its exception."""
        return json.loads(self.answer(event))

    def answer(self, event: object) -> str:
        """The bare answer; a timeout is told in words, not in JSON."""
        request = Request(self._url, data=json.dumps(event).encode())
        with urlopen(request, timeout=INVOKE_SECONDS) as response:
            return str(response.read(), "utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines that the function wrote so far."""
        return [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]


@contextmanager
def running(shipped: Shipped, sam: Path, log: Path, timeout: int, variables: Mapping[str, str]) -> Iterator[Emulator]:
    """Start the emulator around a function and stop it in the end."""
    (packages,) = sam.glob("lib/python3.*/site-packages")
    rie = packages / "samcli" / "local" / "rapid" / RIE[platform.machine()]
    port, api_port = _free_ports()
    environ = {
        **shipped.environ(),
        "LAMBDA_TASK_ROOT": str(shipped.folder),
        "_HANDLER": "handler.handler",
        "AWS_LAMBDA_FUNCTION_NAME": shipped.folder.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        **variables,
    }
    listen = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    serve = ["--runtime-api-address", f"127.0.0.1:{api_port}"]
    command = [str(rie), "--log-level", "error", *listen, *serve, *shipped.python(), "-m", "awslambdaric"]
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*command, "handler.handler"],
            cwd=shipped.folder,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait(port, process)
            yield Emulator(port, log)
        finally:
            process.terminate()


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it listens; raises TimeoutError when it does not, or has ended."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the runtime interface emulator did not start")
