"""`adsieve material shadow|canary|activate|…`: the steps of a material's life."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import click

from adsieve.cli.output import print_json, print_table, readable, styled
from adsieve.cli.place import open_desk
from adsieve.domain.audit import Change
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, TransitionError
from adsieve.service.desk import Desk


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--as`, `--reason`, `--dry-run` and `--json`."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--dry-run", "dry", is_flag=True, help="Say what would happen, write nothing."),
        click.option("--reason", "-m", required=True, help="Why, for the audit trail."),
        click.option(
            "--as", "named", metavar="NAME", help="Who you are, on a local AWS.  [default: $ADSIEVE_OPERATOR]"
        ),
    ):
        command = option(command)
    return command


def _ids(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("ids", nargs=-1, required=True)(command)


_override = click.option("--override", is_flag=True, help="Go without the evidence, with one more approver.")


@click.command()
@_ids
@acting
def shadow(ids: tuple[str, ...], named: str | None, reason: str, *, dry: bool, as_json: bool) -> None:
    """Let materials match and be recorded, without deciding anything; also the way back from CANARY and ACTIVE."""
    _move(ids, State.SHADOW, named, reason, dry=dry, as_json=as_json)


@click.command()
@_ids
@click.option("--percent", type=click.Choice(["1", "10", "50"]), help="Share of ads.  [default: 1]")
@_override
@acting
def canary(ids: tuple[str, ...], percent: str | None, **given: Any) -> None:
    """Let materials decide a share of ads: 1, then 10, then 50 percent. Needs approval by somebody else."""
    _move(ids, State.CANARY, rollout=int(percent) if percent else None, **given)


@click.command()
@_ids
@_override
@acting
def activate(ids: tuple[str, ...], **given: Any) -> None:
    """Let materials decide every ad. Needs approval by somebody else."""
    _move(ids, State.ACTIVE, **given)


@click.command()
@_ids
@acting
def pause(ids: tuple[str, ...], **given: Any) -> None:
    """Stop materials at once; needs no approval."""
    _move(ids, State.PAUSED, **given)


@click.command()
@_ids
@acting
def retire(ids: tuple[str, ...], **given: Any) -> None:
    """End materials for good; their versions and trail stay."""
    _move(ids, State.RETIRED, **given)


@click.command()
@_ids
@click.option("--hours", type=float, required=True, help="How long it may live, 24 at most.")
@acting
def panic(ids: tuple[str, ...], **given: Any) -> None:
    """Activate drafts without shadow: REVIEW at most, 1 to 3 markets, approved by somebody else within the hour."""
    _move(ids, State.ACTIVE, **given)


@click.command()
@_ids
@click.option("--for", "to", type=click.Choice(["CANARY", "ACTIVE"], case_sensitive=False), required=True)
@acting
def approve(ids: tuple[str, ...], to: str, named: str | None, reason: str, *, dry: bool, as_json: bool) -> None:
    """Vouch for the next step of materials that somebody else wrote. The present version is approved, no later one."""
    desk = open_desk(named, dry=dry)
    step = partial(desk.approve, to=State[to.upper()], why=reason)
    _each(ids, desk, step, as_json=as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen, write nothing.")
def sweep(*, dry: bool, as_json: bool) -> None:
    """Expire what is past its last day, and pause panic material that nobody approved within the hour."""
    desk = open_desk(writes=False, dry=dry)
    _print([_told(change) for change in desk.sweep()], as_json=as_json, dry=dry)


def _move(
    ids: Iterable[str], to: State, named: str | None, reason: str, *, dry: bool, as_json: bool, **how: Any
) -> None:
    desk = open_desk(named, dry=dry)
    _each(ids, desk, lambda material_id: desk.move(material_id, to, reason, **how), as_json=as_json)


def _each(ids: Iterable[str], desk: Desk, step: Callable[[str], Change], *, as_json: bool) -> None:
    """Every material on its own: one that is refused does not stop the others. Exit code 1 where one was."""
    told = []
    for material_id in dict.fromkeys(ids):
        try:
            told.append(_told(step(material_id)))
        except TransitionError as error:
            told.append({"id": material_id, "refused": error.guard, "problem": error.problem, "hint": error.hint})
        except ConflictError as error:
            told.append({"id": material_id, "refused": "conflict", "problem": str(error), "hint": ""})
    _print(told, as_json=as_json, dry=desk.dry)
    raise SystemExit(int(any("refused" in line for line in told)))


def _told(change: Change) -> dict[str, Any]:
    entry, before = change.entry, change.expected
    return {
        "id": entry.material_id,
        "event": str(entry.event),
        "approves": str(entry.approves) if entry.approves else None,
        "from": str(before.material.state) if before else None,
        "state": str(entry.state),
        "rollout": entry.rollout,
        "version": entry.version,
        "by": entry.by,
        "why": entry.why,
        "overridden": list(entry.overridden),
    }


def _print(told: list[dict[str, Any]], *, as_json: bool, dry: bool) -> None:
    if as_json:
        print_json({"dry_run": dry, "materials": told})
        return
    rows = [_line(line) for line in told]
    if rows:
        print_table(("", "id", "what", "why"), rows)
    refused = sum("refused" in line for line in told)
    click.echo(f"{len(told) - refused} {'would be ' if dry else ''}done, {refused} refused")


def _line(line: dict[str, Any]) -> tuple[Any, ...]:
    if "refused" in line:
        return styled("error"), line["id"], readable(line["problem"]), readable(line["hint"])
    if line["approves"]:
        return "ok", line["id"], f"approved for {line['approves']}", readable(line["why"])
    rollout = f" {line['rollout']} %" if line["state"] == "CANARY" else ""
    return "ok", line["id"], f"{line['event']}: {line['from']} → {line['state']}{rollout}", readable(line["why"])


VERBS = (shadow, canary, activate, pause, retire, panic, approve, sweep)
