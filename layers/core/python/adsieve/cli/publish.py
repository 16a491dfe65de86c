"""`adsieve package publish|rollback|status|key`: what is in force."""

import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from adsieve.adapters.ads import read_ads
from adsieve.adapters.files import find_uploads
from adsieve.adapters.keys import FileSigner
from adsieve.cli.output import print_json, print_table, progress, readable
from adsieve.cli.place import find_place
from adsieve.cli.steps import acting
from adsieve.cli.works import open_works
from adsieve.domain.errors import InputError, PackageError
from adsieve.domain.pointer import Pointer, Release
from adsieve.material.manifest import GROWTH
from adsieve.material.policies import default_matrix, load_matrix
from adsieve.service.golden import Golden, golden_set
from adsieve.service.publish import Published, Publisher, Trial

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True)


@click.command()
@click.option(
    "--golden", type=_FOLDER, help="Folder with ads/ and expected.jsonl: verdicts that must come out exactly."
)
@click.option("--recent", type=_FILE, help="Ads to compare with the package in force: .jsonl or folder.")
@click.option("--policies", type=_FOLDER, help="Folder of policies.csv and markets.csv.  [default: adsieve's own]")
@click.option("--whole", is_flag=True, help="Build everything, do not lay it over the present base.")
@click.option("--growth", type=float, default=GROWTH, show_default=True, help="Times the rows of the present package.")
@click.option("--force", is_flag=True, help="Publish though many decisions change, or nothing does.")
@acting
def publish(
    golden: Path | None,
    recent: Path | None,
    policies: Path | None,
    named: str | None,
    reason: str,
    *,
    whole: bool,
    growth: float,
    force: bool,
    dry: bool,
    as_json: bool,
) -> None:
    """Put what is live in the registry in force: build, load, try, compare, sign, store, point.

    Functions follow within 15 seconds. Exit code 1 when a step refuses it; then nothing has changed.
    """
    matrix = load_matrix(policies) if policies else default_matrix()
    publisher, registry = open_works().publisher(named), find_place().registry
    trial = Trial(read_golden(golden) if golden else (), read_ads(recent) if recent else ())
    try:
        with progress() as shown:
            shown.add_task("publishing", total=None)
            done = publisher.publish(
                registry, matrix, reason, trial=trial, whole=whole, growth=growth, force=force, dry=dry
            )
    except PackageError as error:
        if not as_json:
            raise
        print_json({"refused": error.reason, "detail": error.detail})
        raise SystemExit(1) from None
    _print_published(done, dry=dry, as_json=as_json)


@click.command()
@click.argument("version")
@acting
def rollback(version: str, named: str | None, reason: str, *, dry: bool, as_json: bool) -> None:
    """Put an earlier package in force again, by VERSION or the start of its sha256. Functions follow in 15 seconds.

    The registry stays as it is: pause or mend what was wrong there, or the next publication brings it back.
    """
    publisher = open_works().publisher(named)
    release = publisher.pointer()[0].find(version) if dry else _in_force(publisher.rollback(version, reason))
    if as_json:
        print_json({"dry_run": dry} | release.to_dict())
    else:
        click.echo(f"package {release.version} {'would be' if dry else 'is'} in force again, sha256 {release.sha256}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(*, as_json: bool) -> None:
    """Show which package is in force, what is turned off, and the packages before."""
    works = open_works()
    pointer, _ = Publisher(works.store, works.signer(), works.verifier, "", find_place().clock).pointer()
    if as_json:
        print_json(pointer.to_dict())
        return
    if pointer.release is None:
        click.echo("nothing is published: functions use the package of their layer")
        return
    rows = [_row("in force", pointer.release), *(_row("", release) for release in pointer.earlier)]
    print_table(("", "version", "sha256", "since (UTC)", "by", "why"), rows)
    click.echo(f"generation {pointer.generation}, {len(pointer.switches)} switches off (`adsieve kill list`)")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Print the public half of the Ed25519 key in FILE; made there if the file does not exist.

    Whoever publishes names the file in ADSIEVE_SIGNING_KEY; functions are told what is printed, in ADSIEVE_PUBLIC_KEY.
    """
    click.echo((FileSigner.load(file) if file.exists() else FileSigner.create(file)).public)


def read_golden(folder: Path) -> list[Golden]:
    """Golden ads of a folder in the form of tests/samples; raises InputError where it is none."""
    try:
        lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
        expected = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / 'expected.jsonl'}: {error}") from None
    return golden_set(find_uploads(folder / "ads"), expected)


def _in_force(pointer: Pointer) -> Release:
    if pointer.release is None:
        raise InputError("nothing is published")
    return pointer.release


def _print_published(done: Published, *, dry: bool, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"dry_run": dry, "materials": done.materials, "delta": done.delta}
        told["release"] = done.release.to_dict() if done.release else None
        told["comparison"] = asdict(done.comparison) if done.comparison else None
        print_json(told)
        return
    if done.release is None:
        click.echo("nothing has changed since the package in force")
        return
    kind = "laid over its base" if done.delta else "whole"
    click.echo(
        f"package {done.release.version} {'would be' if dry else 'is'} in force: {done.materials} materials, {kind}"
    )
    if done.comparison:
        click.echo(str(done.comparison))


def _row(what: str, release: Release) -> tuple[str, ...]:
    since = f"{release.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return what, release.version, release.sha256[:12], since, readable(release.by), readable(release.why)


VERBS = (publish, rollback, status, key)
