"""Fuzz what reads other people's text, guided by coverage. Needs `pip install atheris`.

    python -m tests.perf.fuzz [--seconds 60] [TARGET...]

The targets are property tests: whatever the fuzzer makes up, they must hold. Expected result: `ok` for every target. A
failure is kept in hypothesis' database, so the next `pytest tests/property` repeats and shrinks it; add what it shrinks to
as an `@example`.
"""

import importlib
import subprocess
import sys
from typing import Any

import click

TARGETS = {
    name: (f"tests.property.{module}", test)
    for name, module, test in (
        ("fold", "test_text_folding", "test_folding_a_folded_text_changes_nothing"),
        ("spans", "test_text_folding", "test_every_folded_character_comes_from_characters_of_the_text_in_their_order"),
        ("lines", "test_text_folding", "test_what_stands_on_another_line_does_not_change_how_a_line_folds"),
        ("views", "test_text_folding", "test_every_reading_of_a_text_knows_the_way_back"),
        ("terms", "test_text_folding", "test_a_term_that_stands_by_itself_is_found_whatever_stands_around"),
        ("indexes", "test_text_indexes", "test_a_package_finds_what_the_same_rows_in_memory_find"),
        ("survey", "test_text_survey", "test_what_is_left_out_would_have_found_nothing"),
        ("urls", "test_urls", "test_links_are_read_in_any_text"),
        ("url rows", "test_urls", "test_any_value_is_refused_with_a_reason_or_compiles"),
        ("combos", "test_combos", "test_any_text_is_a_combo_or_refused_by_column"),
    )
}
_WATCHED = ["adsieve.detectors"]
_HANGING_SECONDS = 10


@click.command()
@click.option("--seconds", default=60, show_default=True, help="For each target.")
@click.option("--inside", hidden=True, default="")
@click.argument("targets", nargs=-1)
def main(seconds: int, inside: str, targets: tuple[str, ...]) -> None:
    """Fuzz TARGETS, by default all, one after the other, each in a process of its own."""
    if inside:
        _fuzz(inside, seconds)
        return
    failed = []
    for name in targets or TARGETS:
        command = [sys.executable, "-m", "tests.perf.fuzz", "--seconds", str(seconds), "--inside", name]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        done = [line for line in ran.stderr.splitlines() if line.startswith("Done ")]
        click.echo(
            f"{name}: ok, {done[-1]}" if done and not ran.returncode else f"{name}: FAILED\n{ran.stderr[-3000:]}"
        )
        failed += [name] * bool(ran.returncode)
    raise SystemExit(int(bool(failed)))


def _fuzz(name: str, seconds: int) -> None:
    """Run one target; ends the process."""
    atheris: Any = importlib.import_module("atheris")
    module, test = TARGETS[name]
    with atheris.instrument_imports(include=_WATCHED):
        target = getattr(importlib.import_module(module), test).hypothesis.fuzz_one_input
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={_HANGING_SECONDS}",
        "-max_len=2048",
        "-artifact_prefix=.local/",
    ]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
