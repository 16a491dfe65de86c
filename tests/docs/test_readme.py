"""What the README says is true: its commands exist, its code runs, its tables equal the code."""

import re
import shlex
from pathlib import Path

import click
import pytest

import adsieve
from adsieve import observability
from adsieve.cli import main
from adsieve.material.rows import COLUMNS
from adsieve.settings import RescanSettings, ScanUploadSettings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.split(" #")[0].strip()
    for language, block in BLOCKS
    if not language
    for line in block.splitlines()
    if line.startswith(("adsieve ", "make "))
]


def test_the_first_screen_offers_two_commands() -> None:
    first = next(block for _, block in BLOCKS)
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make demo", "make test"]
    assert README.index("make demo") < 1000


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_every_make_target_of_the_readme_exists(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("adsieve ")])
def test_every_adsieve_command_of_the_readme_parses(command: str) -> None:
    arguments = shlex.split(command)[1:]
    found: click.Command = main
    context = click.Context(main)
    while isinstance(found, click.Group) and arguments and not arguments[0].startswith("-"):
        inner = found.get_command(context, arguments.pop(0))
        assert inner is not None, command
        found = inner
    found.make_context(command, arguments, resilient_parsing=True)


def test_every_verb_is_shown_in_the_readme() -> None:
    for verb in main.list_commands(click.Context(main)):
        assert f"adsieve {verb}" in README, verb


def test_the_python_example_runs_and_prints_what_it_should(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = [block for language, block in BLOCKS if language == "python"]
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == "REJECT ('clitic',)\n"


def test_settings_are_documented_and_no_others() -> None:
    rows = set(re.findall(r"^\| [a-z_]+ \| `((?:ADSIEVE|AWS)_\w+)`", README, re.MULTILINE))
    fields = ScanUploadSettings.model_fields | RescanSettings.model_fields
    assert rows == {field.alias for field in fields.values()}


def test_metrics_are_documented_with_their_dimensions_and_no_others() -> None:
    def table(text: str) -> dict[str, str]:
        rows = re.findall(r"^\| `?([A-Z]\w+)`? \|(.*)$", text, re.MULTILINE)
        return {
            name: ",".join(sorted(re.findall(r"\b(decision|cause|reason|market)\b", cells.split("|")[-3])))
            for name, cells in rows
        }

    used = set(re.findall(r'_add\("(\w+)"', Path(observability.__file__).read_text()))
    assert table(README) == table(observability.__doc__ or "")
    assert table(README).keys() == used


def test_the_columns_of_a_material_are_listed() -> None:
    assert f"`{' '.join(COLUMNS)}`" in README


def test_every_folder_of_the_map_exists() -> None:
    places = re.findall(r"^\| `([a-z/]+)`", README.split("## Map")[1], re.MULTILINE)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_every_file_named_in_the_readme_exists() -> None:
    named = re.findall(r"(?:tests|infra|layers)/[\w./-]+\.\w+", README)
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


def test_exports_are_what_the_package_offers() -> None:
    assert set(adsieve.__all__) == {*adsieve._HOME, "__version__"}
    for name in adsieve.__all__:
        if name != "__version__":
            assert getattr(adsieve, name).__doc__, name
