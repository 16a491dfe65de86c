"""The guide of the first day is done again, command by command, over stores in memory: exit codes, and the lines that it shows."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from adsieve.adapters.ads import read_ads
from adsieve.adapters.memory import MemoryFingerprintStore, MemoryVerdictStore
from adsieve.adapters.memory_hits import MemoryHitLog
from adsieve.cli import main
from adsieve.cli.place import Place
from adsieve.material.policies import default_matrix
from tests.gates import lint_gates
from tests.publishing import Desk
from tests.unit.cli.test_publish_verbs import MemoryWorks

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "infra" / "first-day.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Step:
    """A command of the guide, and lines of what it prints; times differ."""

    command: str
    code: int
    shown: tuple[str, ...]


def steps() -> Iterator[Step]:
    for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL):
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            told, _, comment = command.partition(" # ")
            yield Step(told, int("exit code 1" in comment), tuple(shown.splitlines()))


def words(line: str) -> str:
    """A line without times, and without the room that a table leaves."""
    return " ".join(re.sub(r"[\d:-]{8,}", "", line).split())


def rows() -> list[dict[str, str]]:
    """The table of the guide that the operator types into Excel."""
    lines = [line for line in GUIDE.splitlines() if line.startswith("|")]
    table = [[cell.strip().replace(" ¦ ", "|") for cell in line.strip("|").split("|")] for line in lines]
    header, _, *body = next(list(some) for wide, some in groupby(table, key=lambda row: len(row) > 5) if wide)
    return [dict(zip(header, row, strict=True)) for row in body]


def fill(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book["materials"]
    columns = [cell.value for cell in sheet[1]]
    for number, row in enumerate(rows(), 2):
        for name, value in row.items():
            sheet.cell(number, columns.index(name) + 1).value = value
    book.save(file)


def test_there_are_twelve_steps() -> None:
    assert re.findall(r"^## (\d+)\.", GUIDE, re.MULTILINE) == [str(number) for number in range(1, 13)]


def test_every_command_does_what_the_guide_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path / "functions", matrix=default_matrix())
    works = MemoryWorks(desk, MemoryFingerprintStore(), MemoryVerdictStore(), MemoryHitLog())
    place = Place(desk.registry, desk.samples, None, desk.clock, lint_gates(default_matrix()))
    # `works` last: a module that is imported while it is replaced would keep the replacement.
    for module in ("publish", "kill", "breaker", "testing", "works"):
        monkeypatch.setattr(f"adsieve.cli.{module}.open_works", lambda: works)
        monkeypatch.setattr(f"adsieve.cli.{module}.find_place", lambda: place)
    monkeypatch.setattr("adsieve.cli.testing.recent_ads", lambda _named: read_ads(ROOT / "tests" / "samples" / "ads"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers").symlink_to(ROOT / "layers")
    (case,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "case.jsonl").write_text(case, encoding="utf-8")
    for step in steps():
        done = CliRunner().invoke(main, shlex.split(step.command)[1:], obj=place)
        assert done.exit_code == step.code, (step.command, done.output, done.exception)
        printed = words(done.output)
        assert [line for line in step.shown if words(line) not in printed] == [], (step.command, done.output)
        if "--template" in step.command:
            fill(tmp_path / "new.xlsx")
