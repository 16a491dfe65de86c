"""`adsieve material import|export`: sheets in and out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from adsieve.cli.output import print_json, print_problems, print_table, progress, readable
from adsieve.cli.place import open_desk
from adsieve.cli.registry import select
from adsieve.domain.decision import State
from adsieve.material.bundle import open_bundle
from adsieve.material.export import FORMATS, export
from adsieve.material.policies import default_matrix
from adsieve.service.desk import Desk
from adsieve.service.imports import Outcome, Plan, PlannedRow, apply, plan, unfinished

WORKERS = 4
"""Transactions on their way at once; a table answers each in tens of milliseconds."""

SHOWN = 40
"""Rows of a plan that people are shown; `--json` has all of them."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "named", metavar="NAME", help="Who you are, on a local AWS.  [default: $ADSIEVE_OPERATOR]")
@click.option("--reason", "-m", default="", help="Why, for the audit trail.  [default: the name of the file]")
@click.option("--dry-run", "dry", is_flag=True, help="Show the plan, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(file: Path, named: str | None, reason: str, *, dry: bool, as_json: bool) -> None:
    """Add and change materials from FILE: csv, xlsx, jsonl, or a zip of one of them with its samples.

    Everything is checked first; one bad row stops all of it. Rows of new ids become drafts. A row that exists is
    changed only where it was exported from its present version. Exit code 1 when a row is refused. An import that was
    cut off is finished by importing the same file again.
    """
    desk = open_desk(named, dry=dry)
    with open_bundle(file) as bundle, progress() as shown:
        task = shown.add_task("rows read", total=None)
        made = plan(desk, bundle, file.name, reason)
        shown.update(task, description="rows written", completed=0)
        if not made.refused:
            apply(desk, made, lambda written: shown.update(task, completed=written), WORKERS)
    if as_json:
        print_json(
            {"dry_run": dry, "import": made.id, "counts": made.counts(), "rows": [_told(row) for row in made.rows]}
        )
    else:
        _print(made, dry=dry)
        _print_unfinished(desk)
    raise SystemExit(int(bool(made.refused)))


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("ids", nargs=-1)
@click.option("--state", type=click.Choice([*State.__members__], case_sensitive=False))
@click.option("--policy")
@click.option("--language")
@click.option("--concept")
@click.option("--template", is_flag=True, help="No rows: an empty sheet to fill in; needs no registry.")
@click.option("--direction", type=click.Choice(["auto", "rtl", "ltr"]), default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export_(
    file: Path, ids: tuple[str, ...], *, template: bool, direction: str, as_json: bool, **columns: str | None
) -> None:
    """Write materials to FILE, by its ending: xlsx, csv, jsonl, or a zip of a workbook and its samples.

    What comes back with `import` changes those rows that nobody else changed meanwhile.
    """
    if file.suffix.lower() not in FORMATS:
        raise click.UsageError(f"{file}: use one of {', '.join(FORMATS)}")
    heads = [] if template else select(ids=ids, **columns)
    rtl = None if direction == "auto" else direction == "rtl"

    def sample(name: str) -> bytes | None:
        return open_desk(writes=False).samples.get(name)

    with progress() as shown:
        shown.add_task("writing", total=None)
        export(file, heads, default_matrix().policies, sample, rtl=rtl)
    if as_json:
        print_json({"file": str(file), "materials": len(heads)})
    else:
        click.echo(f"{len(heads)} materials written to {file}")


def _told(row: PlannedRow) -> dict[str, Any]:
    return {
        "source": row.source,
        "id": row.material_id,
        "outcome": str(row.outcome),
        "columns": {name: {"old": texts[0], "new": texts[1]} for name, texts in row.columns.items()},
        "problems": [asdict(problem) for problem in row.problems],
    }


def _print(made: Plan, *, dry: bool) -> None:
    changing = [row for row in made.rows if row.outcome not in (Outcome.SAME, Outcome.ERROR)]
    if changing:
        rows = [(str(row.outcome), row.source, row.material_id, _columns(row)) for row in changing[:SHOWN]]
        print_table(("", "where", "id", "columns"), rows)
    if len(changing) > SHOWN:
        click.echo(f"… and {len(changing) - SHOWN} more, all of them with --json")
    problems = [problem for row in made.refused for problem in row.problems]
    print_problems(problems[:SHOWN])
    if len(problems) > SHOWN:
        click.echo(f"… and {len(problems) - SHOWN} more problems, all of them with --json")
    click.echo(", ".join(f"{count} {outcome}" for outcome, count in made.counts().items()))
    if made.refused:
        click.echo("nothing was written: mend the rows above and import again")
    else:
        click.echo("nothing was written: dry run" if dry else f"import {made.id} is done")


def _columns(row: PlannedRow) -> str:
    changes = (f"{name}: {readable(old)} → {readable(new)}" for name, (old, new) in row.columns.items())
    return "; ".join(changes)


def _print_unfinished(desk: Desk) -> None:
    for batch in unfinished(desk):
        what = f"import {batch.id} of {readable(batch.source)} by {batch.by} on {batch.at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"warning: {what} was cut off, import the same file again to finish it", err=True)


VERBS = (import_, export_)
