"""`adsieve material`: check the rows that operators write, and lead them through their life."""

from dataclasses import asdict
from pathlib import Path

import click

from adsieve.cli import exchange, registry, steps, testing
from adsieve.cli.clean import clean_corpus
from adsieve.cli.output import print_json, print_problems, progress
from adsieve.cli.sources import matrix_for
from adsieve.domain.errors import InvalidMaterialError, Problem
from adsieve.domain.material import Material
from adsieve.material.lint import lint as lint_materials
from adsieve.material.source import load_materials


@click.group()
def command() -> None:
    """Write, check, and lead material through its life: DRAFT, SHADOW, CANARY, ACTIVE."""


for verb in (*registry.VERBS, *exchange.VERBS, *steps.VERBS, *testing.VERBS):
    command.add_command(verb)


@command.command()
@click.argument("files", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option(
    "--clean",
    type=click.Path(path_type=Path, exists=True),
    help="Honest sentences that no row may hit: .txt, .jsonl, or a folder of them.  [default: adsieve's own, and those "
    "of installed programs, see adsieve[lint]]",
)
@click.option(
    "--clean-pictures",
    "pictures",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of pictures that no image row may match.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(files: tuple[Path, ...], clean: Path | None, pictures: Path | None, *, as_json: bool) -> None:
    """Check material FILES: csv, xlsx, jsonl, or folders of them.

    Tells wrong cells, doubtful and useless rows, what rows would hit in everyday language, examples that fail, and
    pictures that show too little, the same as another, or what a clean picture shows. A row that hits more than 2 in
    10,000 honest sentences of a language is refused.
    Exit code 1 when a row would be refused; warnings alone leave it 0.
    """
    read_against = ""
    try:
        materials = _rows(files)
        with progress() as bar:
            task = bar.add_task("checking")

            def told(what: str, done: int) -> None:
                bar.update(task, description=f"checking {what}", completed=done)

            corpus = clean_corpus(clean, told)
            problems = lint_materials(materials, matrix_for(files), told, corpus.sentences, pictures)
            read_against = corpus.told
    except InvalidMaterialError as error:
        materials, problems = [], error.problems
    refused = sum(problem.severity == "error" for problem in problems)
    if as_json:
        told_problems = [asdict(problem) for problem in problems]
        print_json({"materials": len(materials), "problems": told_problems, "clean_corpus": read_against})
    else:
        print_problems(problems)
        click.echo(f"{len(materials)} materials read, {refused} errors, {len(problems) - refused} warnings")
        click.echo(read_against or "not yet read against clean sentences: first mend these cells")
    raise SystemExit(int(bool(refused)))


def _rows(files: tuple[Path, ...]) -> list[Material]:
    if materials := load_materials(files):
        return materials
    where = ", ".join(map(str, files))
    raise InvalidMaterialError([Problem(where, "", "holds no row", "write a header and rows below it")])
