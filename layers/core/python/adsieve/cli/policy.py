"""`adsieve policy`: read and check the policy matrix."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.text import Text

from adsieve.cli.output import print_json, print_table, styled
from adsieve.domain.decision import Effect
from adsieve.domain.policy import PolicyCell
from adsieve.material.policies import load_matrix, material_folder

_SHORT = {Effect.ALLOW: "A", Effect.RESTRICT: "R", Effect.PROHIBIT: "P"}
_folder = click.option(
    "--from", "folder", type=click.Path(path_type=Path, exists=True), help="Folder with policies.csv and markets.csv."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Read and check the policy matrix (a demonstration, no legal advice)."""


@command.command()
@click.argument("policy", required=False)
@click.argument("market", required=False)
@_folder
@_json
def show(policy: str | None, market: str | None, folder: Path | None, *, as_json: bool) -> None:
    """Show the whole matrix, one POLICY, or one POLICY in one MARKET with its source."""
    matrix, today = load_matrix(folder or material_folder()), datetime.now(UTC).date()
    policies = _choose("policy", policy, matrix.policies)
    markets = _choose("market", market.upper() if market else None, matrix.markets)
    cells = {(name, where): matrix.resolve(name, where, today) for name in policies for where in markets}
    if as_json:
        print_json(
            [
                {"in": where, **(_told(cell) if cell else {"policy": name, "effect": None})}
                for (name, where), cell in cells.items()
            ]
        )
    elif policy:
        table: list[list[str | Text]] = [[where, *_row(cell)] for (_, where), cell in cells.items()]
        columns = ("market", "effect", "needs", "sure", "review by", "source")
        print_table(columns, table, title=f"{policy}: demonstration matrix, no legal advice")
    else:
        rows: list[list[str | Text]] = [
            [name, *(_letter(cells[name, where]) for where in markets)] for name in policies
        ]
        print_table(("policy", *markets), rows)
        click.echo("\nP prohibited  R restricted  A allowed  - no rule (treated as restricted, reviewed)")


@command.command()
@_folder
@_json
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day to check for.  [default: today, UTC]")
def check(folder: Path | None, on: datetime | None, *, as_json: bool) -> None:
    """Check that every policy has a rule in every market, and that no source is due for another look.

    Exit code 1 when a cell is missing. Overdue sources are warnings.
    """
    matrix = load_matrix(folder or material_folder())
    day = on.date() if on else datetime.now(UTC).date()
    missing = [
        f"{policy} {market}"
        for policy in matrix.policies
        for market in matrix.markets
        if not matrix.resolve(policy, market, day)
    ]
    overdue = sorted({f"{cell.policy} {cell.market}" for cell in matrix.cells if cell.review_by < day})
    unsure = sorted({f"{cell.policy} {cell.market}" for cell in matrix.cells if cell.confidence == 0})
    if as_json:
        print_json({"missing": missing, "overdue": overdue, "unverified": unsure})
    else:
        _say("error", "no rule, treated as restricted and reviewed", missing)
        _say("warning", "review_by has passed", overdue)
        _say("note", "unverified (confidence 0)", unsure)
        click.echo(f"{len(matrix.policies)} policies x {len(matrix.markets)} markets, {len(missing)} cells missing")
    raise SystemExit(int(bool(missing)))


def _say(level: str, what: str, cells: Iterable[str]) -> None:
    for cell in cells:
        click.echo(f"{level}: {cell}: {what}")


def _choose(what: str, named: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if named is None:
        return known
    if named not in known:
        raise click.UsageError(f"no {what} `{named}` in the matrix, use one of {', '.join(known)}")
    return (named,)


def _letter(cell: PolicyCell | None) -> Text:
    return (
        Text("-", style="bold red") if cell is None else Text(_SHORT[cell.effect], style=styled(str(cell.effect)).style)
    )


def _row(cell: PolicyCell | None) -> list[str | Text]:
    if cell is None:
        return [styled("RESTRICT"), "", "", "", "no rule"]
    needs = [f"age {cell.min_age}"] if cell.min_age else []
    return [
        styled(str(cell.effect)),
        ", ".join([*needs, *cell.requires]),
        str(cell.confidence),
        str(cell.review_by),
        cell.source,
    ]


def _told(cell: PolicyCell) -> dict[str, object]:
    return {name: str(value) if isinstance(value, date | Effect) else value for name, value in asdict(cell).items()}
