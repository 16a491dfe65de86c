"""Peers from package registries: made ready under a cache folder, asked through a pipe."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.perf.evaluation.cases import Case
from tests.perf.evaluation.engines import Found

HERE = Path(__file__).parent
CACHE = Path(__file__).parents[4] / ".local" / "evaluation" / "peers"
TIMEOUT = 600


class UnavailablePeerError(Exception):
    """A peer that could not be installed here."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One program in its own environment.

    Attributes:
        package: what to install.
        command: from the environment's folder to the command that answers JSON lines.
        install: puts `package` into a folder.
    """

    name: str
    package: str
    command: Callable[[Path], list[str]]
    install: Callable[[Path, str], None]

    def run(self, cases: Sequence[Case]) -> list[list[Found]]:
        """As `Engine.run`; UnavailablePeerError where the peer cannot be installed."""
        folder = CACHE / self.name
        self._make_ready(folder)
        jobs = [
            (terms, list(group))
            for terms, group in groupby(sorted(cases, key=lambda c: repr(c.terms)), key=lambda c: c.terms)
        ]
        lines = "".join(
            json.dumps({"terms": [term.value for term in terms], "texts": [case.text for case in group]}) + "\n"
            for terms, group in jobs
        )
        ran = subprocess.run(
            self.command(folder), input=lines, capture_output=True, text=True, timeout=TIMEOUT, cwd=folder, check=False
        )
        answers = [answer for line in ran.stdout.splitlines() for answer in json.loads(line)]
        if ran.returncode or len(answers) != len(cases):
            raise UnavailablePeerError(f"stopped with {ran.returncode}: {ran.stderr.strip()[-300:]}")
        found = {case.id: _found(answer) for case, answer in zip((c for _, g in jobs for c in g), answers, strict=True)}
        return [found[case.id] for case in cases]

    def _make_ready(self, folder: Path) -> None:
        """Install once; a folder without its mark was left half made and is made again."""
        mark = folder / "ready"
        if mark.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self.install(folder, self.package)
        except (OSError, subprocess.SubprocessError) as error:
            raise UnavailablePeerError(f"{self.package} does not install here: {error}") from error
        mark.touch()


def _pip(folder: Path, package: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=TIMEOUT)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", package]
    subprocess.run(pip, check=True, capture_output=True, timeout=TIMEOUT)


def _npm(folder: Path, package: str) -> None:
    npm = ["npm", "install", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", str(folder), package]
    subprocess.run(npm, check=True, capture_output=True, timeout=TIMEOUT)


def _python_worker(folder: Path) -> list[str]:
    return [str(folder / "bin" / "python"), str(HERE / "workers.py"), folder.name]


def _node_worker(_: Path) -> list[str]:
    return ["node", str(HERE / "glin.mjs")]


def _found(answer: bool | list[list[int]]) -> list[Found]:
    if isinstance(answer, bool):
        return [Found()] if answer else []
    return [Found((start, end)) for start, end in answer]


PEERS = (
    Peer("ahocorasick_rs", "ahocorasick_rs", _python_worker, _pip),
    Peer("better_profanity", "better-profanity", _python_worker, _pip),
    Peer("threatexchange", "threatexchange", _python_worker, _pip),
    Peer("glin-profanity", "glin-profanity", _node_worker, _npm),
)
