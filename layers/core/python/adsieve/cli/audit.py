"""`adsieve audit`: whether the trail still says what was written."""

from dataclasses import asdict

import click

from adsieve.cli.output import print_json, progress
from adsieve.cli.place import open_desk
from adsieve.service.audit import verify as verify_trail


@click.group()
def command() -> None:
    """Check the audit trail of material."""


@command.command()
@click.option("--root", help="Digest that an earlier run printed, where nothing should have happened since.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(root: str | None, *, as_json: bool) -> None:
    """Recompute the digest of every entry, version and head. Exit code 1 when a single byte differs.

    The trail proves itself from its first entry on. Only a digest noted elsewhere, with --root, also shows a trail that
    was rewritten as a whole.
    """
    with progress() as shown:
        shown.add_task("recomputing", total=None)
        audit = verify_trail(open_desk(writes=False).registry)
    if root and root != audit.root:
        audit.damage.append(f"the trail as a whole is not that of --root {root}")
    if as_json:
        print_json({"ok": not audit.damage} | asdict(audit))
    else:
        for damage in audit.damage:
            click.echo(f"damaged: {damage}", err=True)
        read = f"{audit.materials} materials, {audit.versions} versions, {audit.entries} entries"
        click.echo(f"{'ok' if not audit.damage else f'{len(audit.damage)} damaged'}: {read}\nroot {audit.root}")
    raise SystemExit(int(bool(audit.damage)))
