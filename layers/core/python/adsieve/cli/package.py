"""`adsieve package`: build, verify, look into and compare packages."""

from dataclasses import asdict
from pathlib import Path

import click

from adsieve.adapters.keys import FileSigner, PublicKeys
from adsieve.cli import publish
from adsieve.cli.output import print_json, print_table, progress, readable
from adsieve.cli.sources import matrix_for
from adsieve.domain.errors import PackageError
from adsieve.material.compile import compile_files, write_package
from adsieve.material.diff import diff_packages
from adsieve.material.manifest import MANIFEST, MANIFEST_SIGNATURE
from adsieve.material.package import Package, load_package
from adsieve.material.signing import sign_manifest
from adsieve.material.source import load_materials

_FOLDER = click.Path(path_type=Path)
_TRUSTED = "ADSIEVE_PUBLIC_KEY"


@click.group()
def command() -> None:
    """Build, verify, look into, compare and publish packages of material."""


for verb in publish.VERBS:
    command.add_command(verb)


@command.command()
@click.argument("sources", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option("--out", type=_FOLDER, required=True, help="Folder to write; an older package there is replaced.")
@click.option("--version", "name", help="Name of the package.  [default: derived from its content]")
@click.option("--built-at", help="ISO time to note in the manifest; left out so that equal input gives equal bytes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def build(sources: tuple[Path, ...], out: Path, name: str | None, built_at: str | None, *, as_json: bool) -> None:
    """Compile SOURCES (csv, xlsx, jsonl files, or folders of them) into a package folder.

    A source folder may bring its own policies.csv and markets.csv; otherwise the matrix that comes with adsieve is
    used. The result is verified by opening it before it is written.
    """
    with progress() as shown:
        shown.add_task("compiling", total=None)
        files = compile_files(load_materials(sources), matrix_for(sources), version=name, built_at=built_at)
        package = Package.of(files)
        write_package(files, out)
    _print_info(package, out, as_json=as_json)


@command.command()
@click.argument("folder", type=_FOLDER)
@click.option("--key", envvar=_TRUSTED, show_envvar=True, help="Public keys, one of which must have signed it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(folder: Path, key: str | None, *, as_json: bool) -> None:
    """Check every byte of a package, with a key also who signed it, and open it.

    A package without a signature is good for trying things, and as the layer's package, which arrives with the code
    and the keys themselves. Functions use no other. Exit code 1 when it must not be used.
    """
    try:
        package = load_package(folder, PublicKeys.parse(key) if key else None)
    except PackageError as error:
        if as_json:
            print_json({"ok": False, "reason": error.reason, "detail": error.detail})
        else:
            click.echo(f"refused: {error}", err=True)
        raise SystemExit(1) from None
    if as_json:
        ref = package.ref
        print_json({"ok": True, "version": ref.version, "sha256": ref.sha256, "signature": _signature(package, folder)})
    else:
        click.echo(f"ok: package {package.ref.version}, {len(package)} materials, sha256 {package.ref.sha256}")
        click.echo(f"signature: {_signature(package, folder)}")


@command.command()
@click.argument("folder", type=_FOLDER)
@click.option("--key", type=_FOLDER, envvar="ADSIEVE_SIGNING_KEY", show_envvar=True, required=True)
def sign(folder: Path, key: Path) -> None:
    """Sign a package folder with the Ed25519 key of a file; `package publish` signs what it publishes by itself."""
    package = load_package(folder)
    signature = sign_manifest(FileSigner.load(key), (folder / MANIFEST).read_bytes())
    (folder / MANIFEST_SIGNATURE).write_bytes(signature)
    click.echo(f"signed: package {package.ref.version}, sha256 {package.ref.sha256}")


@command.command()
@click.argument("folder", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(folder: Path, *, as_json: bool) -> None:
    """Show what a package holds."""
    _print_info(load_package(folder), folder, as_json=as_json)


@command.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(old: Path, new: Path, *, as_json: bool) -> None:
    """Show which materials and policy cells differ between two packages."""
    found = diff_packages(load_package(old), load_package(new))
    if as_json:
        print_json(asdict(found))
        return
    rows = [("added", material_id, "", readable(value)) for material_id, value in found.added.items()]
    rows += [("removed", material_id, readable(value), "") for material_id, value in found.removed.items()]
    rows += [
        ("changed", f"{changed_id}: {change.column}", readable(change.old), readable(change.new))
        for changed_id, changes in found.changed.items()
        for change in changes
    ]
    rows += [("policy", cell, change.old, change.new) for cell, change in found.policies.items()]
    if rows:
        print_table(("", "what", "old", "new"), rows)
    click.echo(
        f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed, "
        f"{len(found.policies)} policy decisions changed"
    )


def _signature(package: Package, folder: Path) -> str:
    if package.signed:
        return "verified"
    return "not checked, no key was given" if (folder / MANIFEST_SIGNATURE).is_file() else "none"


def _print_info(package: Package, folder: Path, *, as_json: bool) -> None:
    manifest = package.manifest
    if as_json:
        told = asdict(manifest) | {"sha256": package.ref.sha256}
        print_json(told)
        return
    click.echo(
        f"package {manifest.version} in {folder}\nsha256  {package.ref.sha256}\nengine  {manifest.engine_min} or newer"
    )
    click.echo("holds   " + ", ".join(f"{count} {name}" for name, count in manifest.counts.items()))
    click.echo(f"rules   {len(package.matrix.policies)} policies in {len(package.matrix.markets)} markets\n")
    print_table(
        ("file", "bytes", "sha256"),
        [(name, f"{entry.bytes:,}", entry.sha256) for name, entry in manifest.files.items()],
    )
