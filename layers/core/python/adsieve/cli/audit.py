"""`adsieve audit`: whether the trail still says what was written."""

from dataclasses import asdict
from pathlib import Path

import click

from adsieve.cli.output import print_json, progress
from adsieve.cli.place import open_desk
from adsieve.cli.sources import open_package
from adsieve.service.audit import not_as_signed
from adsieve.service.audit import verify as verify_trail


@click.group()
def command() -> None:
    """Check the audit trail of material."""


@command.command()
@click.option("--root", help="Digest that an earlier run printed, where nothing should have happened since.")
@click.option("--package", type=click.Path(path_type=Path), help="A signed package, or `current`, to compare with.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(root: str | None, package: Path | None, *, as_json: bool) -> None:
    """Recompute the digest of every entry, version and head. Exit code 1 when a single byte differs.

    The trail proves itself from its first entry on. Only what was noted elsewhere also shows a trail that was rewritten as
    a whole: the digest of an earlier run, or a package that was signed then.
    """
    with progress() as shown:
        shown.add_task("recomputing", total=None)
        registry = open_desk(writes=False).registry
        audit = verify_trail(registry)
        if package:
            audit.damage += not_as_signed(open_package(package, ()), registry)
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
