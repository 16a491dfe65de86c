"""`adsieve material add|list|show|history|diff`: one material after the other."""

from typing import Any

import click

from adsieve.cli.output import print_json, print_table, readable, styled
from adsieve.cli.place import open_desk
from adsieve.cli.steps import acting
from adsieve.domain.decision import Action, State
from adsieve.domain.errors import InputError
from adsieve.domain.material import Kind
from adsieve.domain.registered import Registered
from adsieve.material.cells import as_text, cells_of
from adsieve.material.rows import parse_rows

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("value")
@click.option("--policy", required=True)
@click.option("--action", required=True, type=click.Choice([*Action.__members__], case_sensitive=False))
@click.option("--id", help="[default: derived from the row]")
@click.option("--language", help="ISO code, e.g. ar.")
@click.option("--markets", help="ISO codes or groups, separated by spaces.  [default: all]")
@click.option("--match", help="prefix, substring, case, plain, suffixes, radius=N")
@click.option("--unless", multiple=True, help="Phrase that cancels a match; may be repeated.")
@click.option("--hit", "examples_hit", multiple=True, help="Text that must match; at least two before SHADOW.")
@click.option("--miss", "examples_miss", multiple=True, help="Text that must not match; at least two before SHADOW.")
@click.option("--starts", help="First day, YYYY-MM-DD.")
@click.option("--expires", help="Last day, YYYY-MM-DD.")
@click.option("--concept", help="Ties the forms of one idea across languages.")
@click.option("--owner")
@click.option("--case")
@click.option("--note")
@acting
def add(named: str | None, reason: str, *, dry: bool, as_json: bool, **cells: Any) -> None:
    """Add one material as DRAFT: a term, pattern, combo, url or hash. Pictures and clips come with `import`."""
    row = {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in cells.items()}
    (material,) = parse_rows([("add", row)])
    if material.sampled:
        raise click.UsageError("samples come with `adsieve material import`, in a .zip or beside the sheet")
    desk = open_desk(named, dry=dry)
    head = desk.add(material, reason).head
    siblings = [other.material.id for other in desk.registry.of_concept(material.concept)]
    if as_json:
        print_json({"dry_run": dry, "siblings": siblings} | _told(head))
    else:
        click.echo(f"{head.material.id}: {'would be ' if dry else ''}added as DRAFT, version 1, by {desk.who}")
        click.echo(f"next: adsieve material shadow {head.material.id} --reason …")


@click.command("list")
@click.option("--state", type=click.Choice([*State.__members__], case_sensitive=False), help="Only in this state.")
@click.option("--concept", help="Only the forms of one idea.")
@_json
def list_(state: str | None, concept: str | None, *, as_json: bool) -> None:
    """List materials."""
    heads = select(state=state, concept=concept)
    if as_json:
        print_json([_told(head) for head in heads])
        return
    rows = [
        (
            head.material.id,
            str(head.material.kind),
            readable(head.material.value),
            head.material.policy,
            styled(str(head.material.action)),
            _standing(head),
            str(head.version),
            readable(head.author),
        )
        for head in heads
    ]
    print_table(("id", "kind", "value", "policy", "action", "state", "version", "author"), rows)
    click.echo(f"{len(rows)} materials")


@click.command()
@click.argument("material_id", metavar="ID")
@_json
def show(material_id: str, *, as_json: bool) -> None:
    """Show one material as it stands."""
    head = open_desk(writes=False).head(material_id)
    if as_json:
        print_json(_told(head))
        return
    cells = cells_of(head.material) | {"state": _standing(head)}
    told = {name: as_text(name, cell) for name, cell in cells.items() if cell not in ("", [])}
    told |= {"version": str(head.version), "author": head.author, "changed": f"{head.changed_at:%Y-%m-%d %H:%M} UTC"}
    told |= {"sha256": head.sha256, "statistics": f"count from version {head.logic_since}"}
    for approval in head.approvals:
        told[f"approved for {approval.to}"] = f"{approval.by}, {approval.at:%Y-%m-%d %H:%M} UTC: {approval.why}"
    print_table(("column", "value"), [(name, readable(text)) for name, text in told.items()])


@click.command()
@click.argument("material_id", metavar="ID")
@_json
def history(material_id: str, *, as_json: bool) -> None:
    """Show everything that happened to a material: who, when, why."""
    desk = open_desk(writes=False)
    desk.head(material_id)
    entries = list(desk.registry.trail(material_id))
    if as_json:
        print_json([entry.to_dict() | {"sha256": entry.digest} for entry in entries])
        return
    rows = [
        (
            str(entry.number),
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            readable(entry.by),
            f"{entry.event} for {entry.approves}" if entry.approves else str(entry.event),
            f"{entry.state}{f' {entry.rollout} %' if entry.state is State.CANARY else ''}",
            str(entry.version),
            readable(entry.why + (f" (overridden: {', '.join(entry.overridden)})" if entry.overridden else "")),
        )
        for entry in entries
    ]
    print_table(("", "UTC", "who", "what", "state", "version", "why"), rows)


@click.command()
@click.argument("material_id", metavar="ID")
@click.option("--from", "old", type=int, help="Version.  [default: the one before --to]")
@click.option("--to", "new", type=int, help="Version.  [default: the present one]")
@_json
def diff(material_id: str, old: int | None, new: int | None, *, as_json: bool) -> None:
    """Show which columns differ between two versions of a material."""
    desk = open_desk(writes=False)
    new = new or desk.head(material_id).version
    old = old or max(new - 1, 1)
    versions = {version.number: version.material for version in desk.registry.versions(material_id)}
    if missing := {old, new} - versions.keys():
        raise InputError(f"{material_id}: has no version {max(missing)}, only 1 to {len(versions)}")
    before, after = cells_of(versions[old]), cells_of(versions[new])
    changed = {name: (as_text(name, before[name]), as_text(name, after[name])) for name in before}
    changed = {name: texts for name, texts in changed.items() if texts[0] != texts[1]}
    if as_json:
        told = {name: {"old": texts[0], "new": texts[1]} for name, texts in changed.items()}
        print_json({"id": material_id, "from": old, "to": new, "columns": told})
        return
    if changed:
        rows = [(name, readable(texts[0]), readable(texts[1])) for name, texts in changed.items()]
        print_table(("column", f"version {old}", f"version {new}"), rows)
    click.echo(f"{len(changed)} columns differ between versions {old} and {new}")


def select(
    *, ids: tuple[str, ...] = (), state: str | None = None, concept: str | None = None, **columns: str | None
) -> list[Registered]:
    """Heads by id, that have every value that is given."""
    registry = open_desk(writes=False).registry
    wanted = State[state.upper()] if state else None
    if ids:
        found = registry.get_many(ids)
        if missing := set(ids) - found.keys():
            raise InputError(f"{min(missing)}: no such material, `adsieve material list` shows them")
        heads = list(found.values())
    elif concept:
        heads = list(registry.of_concept(concept))
    elif wanted is not None:
        heads = list(registry.in_state(wanted))
    else:
        heads = [head for known in State for head in registry.in_state(known)]
    return sorted(
        (
            head
            for head in heads
            if (wanted is None or head.material.state is wanted)
            and (not concept or head.material.concept == concept)
            and all(value is None or getattr(head.material, name) == value for name, value in columns.items())
        ),
        key=lambda head: head.material.id,
    )


def _standing(head: Registered) -> str:
    rollout = f" {head.material.rollout} %" if head.material.state is State.CANARY else ""
    panic = f", panic until {head.panic_until:%Y-%m-%d %H:%M} UTC" if head.panic_until else ""
    return f"{head.material.state}{rollout}{panic}"


def _told(head: Registered) -> dict[str, Any]:
    return head.to_dict() | {"id": head.material.id, "sha256": head.sha256, "logic_sha256": head.logic_sha256}


VERBS = (add, list_, show, history, diff)
