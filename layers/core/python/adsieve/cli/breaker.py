"""`adsieve breaker`: stop what hits far more than its tests said, and bring back what it rejected."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from adsieve.adapters.s3_reports import S3Reports
from adsieve.cli.output import print_json, print_table
from adsieve.cli.place import find_place
from adsieve.cli.steps import acting
from adsieve.cli.works import BUCKET, open_works
from adsieve.domain.errors import PackageError
from adsieve.domain.guards import SYSTEM
from adsieve.material.package import Package
from adsieve.service.breaker import Breaker, Trip
from adsieve.service.decide import Decider
from adsieve.service.publish import Publisher

EVERY = 15.0
"""Seconds between two looks: a wrong material reaches a minute of traffic, polls of functions included."""

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Stop what hits far more than its tests said, and bring back what it rejected."""


@command.command()
@click.option("--watch", is_flag=True, help=f"Look every {EVERY:.0f} seconds until interrupted.")
@_json
def check(*, watch: bool, as_json: bool) -> None:
    """Look at the last hour. A material above five times its projection is turned off and paused, its rejects reviewed.

    Exit code 1 when one was stopped.
    """
    while True:
        with open_breaker(SYSTEM) as breaker:
            trips = breaker.check()
        _print(trips, as_json=as_json)
        if not watch:
            raise SystemExit(int(bool(trips)))
        time.sleep(EVERY)


@command.command("list")
@_json
def list_(*, as_json: bool) -> None:
    """Show what was hit much in the last hour, with the number that is believed."""
    with open_breaker(SYSTEM) as breaker:
        counts = breaker.counts()
    if as_json:
        print_json([asdict(count) for count in counts])
        return
    rows = [
        (count.material_id, str(count.advertisers), f"{count.limit:.0f}", "too many" if count.tripped else "")
        for count in counts
    ]
    if rows:
        print_table(("material", "advertisers in an hour", "believed", ""), rows)
    click.echo(f"{len(rows)} materials were hit more than a little")


@command.command()
@click.argument("material_id", metavar="ID")
@acting
def restore(material_id: str, named: str | None, reason: str, *, dry: bool, as_json: bool) -> None:
    """Decide the ads that a material hit in the last two days again, as if it only recorded. It must be off."""
    del reason  # the verdicts name the switch, and the switch its reason
    who = find_place().who(named)
    with open_breaker(who) as breaker:
        restored = [hit.ad_id for hit in breaker.affected(material_id)] if dry else breaker.restore(material_id)
    if as_json:
        print_json({"dry_run": dry, "material": material_id, "ads": restored})
    else:
        click.echo(f"{len(restored)} ads {'would be' if dry else 'were'} decided again without {material_id}")


@contextmanager
def open_breaker(who: str) -> Iterator[Breaker]:
    """The breaker over the functions' own stores, with the package that is in force."""
    works, place = open_works(), find_place()
    publisher = Publisher(works.store, works.signer(), works.verifier, who, place.clock)
    fingerprints, verdicts, hits = works.stores()
    with tempfile.TemporaryDirectory(prefix="adsieve-breaker-") as folder:
        fetched: list[Package] = []

        def package() -> Package:
            if not fetched:
                current = publisher.current(Path(folder))
                if current is None:
                    raise PackageError("not_found", "nothing is published")
                fetched.append(current)
            return fetched[0]

        reports = S3Reports(works.client("s3"), works.name(BUCKET))
        decider = Decider(package, fingerprints, verdicts, place.clock)
        yield Breaker(
            place.registry, hits, publisher, decider, partial(reports.projection, place.registry), place.clock
        )


def _print(trips: list[Trip], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(trip) for trip in trips])
        return
    for trip in trips:
        count = trip.count
        click.echo(f"{count.material_id}: off, {count.why}; {len(trip.held)} rejects moved to review")
        click.echo(f"bring them back: adsieve breaker restore {count.material_id} --reason …")
    if not trips:
        click.echo("nothing hits more than was believed")
