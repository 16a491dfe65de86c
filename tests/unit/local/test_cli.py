"""`adsieve local`, as far as it goes without a local AWS."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adsieve.cli import main


@pytest.fixture(autouse=True)
def _no_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ADSIEVE_SAM", str(tmp_path / "no-sam"))
    monkeypatch.setenv("ADSIEVE_MINISTACK", str(tmp_path / "no-ministack"))


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["local", "--folder", str(folder), *words])


def test_status_of_nothing_is_down(tmp_path: Path) -> None:
    told = run(tmp_path, "status", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (1, {"running": False})
    assert run(tmp_path, "status").stdout == "down: `adsieve local up`\n"


def test_a_note_of_a_server_that_died_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text('{"pid": 1, "port": 4566}')
    (tmp_path / "server.lock").touch()
    assert json.loads(run(tmp_path, "status", "--json").stdout) == {"running": False}


def test_down_says_whether_anything_ran(tmp_path: Path) -> None:
    told = run(tmp_path, "down", "--forget")
    assert (told.exit_code, told.stdout) == (0, "was not running, its state is deleted\n")


@pytest.mark.parametrize("verb", ["up", "demo"])
def test_a_missing_environment_is_told_with_what_to_do(tmp_path: Path, verb: str) -> None:
    told = run(tmp_path, verb)
    assert told.exit_code == 2
    assert "not there, run `make setup`" in told.stderr


def test_logs_of_nothing_say_what_to_do(tmp_path: Path) -> None:
    told = run(tmp_path, "logs")
    assert (told.exit_code, told.stderr) == (2, "error: nothing is deployed, `adsieve local up` does it\n")
