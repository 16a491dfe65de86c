"""`adsieve material`: check the rows that operators write, and lead them through their life."""

from dataclasses import asdict
from pathlib import Path

import click

from adsieve.cli import exchange, registry, steps, testing
from adsieve.cli.output import print_json, print_problems, progress
from adsieve.cli.sources import matrix_for
from adsieve.domain.errors import InvalidMaterialError
from adsieve.material.lint import lint as lint_materials
from adsieve.material.source import load_materials


@click.group()
def command() -> None:
    """Write, check, and lead material through its life: DRAFT, SHADOW, CANARY, ACTIVE."""


for verb in (*registry.VERBS, *exchange.VERBS, *steps.VERBS, *testing.VERBS):
    command.add_command(verb)


@command.command()
@click.argument("files", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Check material FILES: csv, xlsx, jsonl, or folders of them.

    Tells wrong cells, doubtful and useless rows, what rows would hit in everyday language, and examples that fail.
    Exit code 1 when a row would be refused; warnings alone leave it 0.
    """
    try:
        materials = load_materials(files)
        with progress() as bar:
            task = bar.add_task("checking")
            problems = lint_materials(
                materials,
                matrix_for(files),
                lambda what, done: bar.update(task, description=f"checking {what}", completed=done),
            )
    except InvalidMaterialError as error:
        materials, problems = [], error.problems
    refused = sum(problem.severity == "error" for problem in problems)
    if as_json:
        print_json({"materials": len(materials), "problems": [asdict(problem) for problem in problems]})
    else:
        print_problems(problems)
        click.echo(f"{len(materials)} materials read, {refused} errors, {len(problems) - refused} warnings")
    raise SystemExit(int(bool(refused)))
