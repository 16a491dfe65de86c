"""`adsieve rescan`: keep ads' evidence, and decide again those that a change of material can matter to."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from adsieve.adapters.files import find_uploads
from adsieve.adapters.jobs import FileJobs, SqsJobs
from adsieve.cli.output import print_json, print_table, progress, readable
from adsieve.cli.shards import delete_fingerprints, open_archive
from adsieve.cli.sieving import Question, as_folder, ask, carry_on
from adsieve.cli.sources import open_package, package_options
from adsieve.domain.errors import InputError
from adsieve.service.extract import extract
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.ports import Jobs, Standing
from adsieve.service.rescan.run import Counts, Run, Runs
from adsieve.version import __version__

_FOLDER = click.Path(path_type=Path, file_okay=False)
_archive = click.option(
    "--archive",
    envvar="ADSIEVE_ARCHIVE",
    required=True,
    help="Folder of the archive, or s3://<evidence bucket>/archive.  [$ADSIEVE_ARCHIVE]",
)
_known = click.option(
    "--from", "known", type=_FOLDER, multiple=True, help="Package that the ads were decided with; may be repeated."
)
_since = click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only ads uploaded since that day (UTC).")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@click.group()
def command() -> None:
    """Decide stored ads again when the material changes: only those that can change, and every one of them.

    \b
    adsieve rescan archive ads/ --archive store --package v1       keep the evidence of ads decided with v1
    adsieve rescan plan --archive store --from v1 --package v2     how many would be decided again, and how they flip
    adsieve rescan plan --archive store --material drafts.csv      what drafts would hit in the stored ads, by market
    adsieve rescan run --archive store --from v1 --package v2 --jobs jobs.jsonl
    """


@command.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@_archive
@package_options
def archive(paths: tuple[Path, ...], archive: str, package: Path | None, materials: tuple[Path, ...]) -> None:
    """Keep the evidence of the ads at PATHS, which are decided with the package. Keeping it twice is keeping it once."""
    standing = Standing(open_package(package, materials).ref.sha256, __version__, _today())
    with progress() as shown:
        task = shown.add_task("ads read", total=None)

        def rows() -> Any:
            for path in paths:
                for upload in find_uploads(path):
                    if fingerprint := extract(upload):
                        shown.advance(task)
                        yield Evidence.of(fingerprint)

        written = open_archive(archive).add(rows(), standing)
    click.echo(f"{len(written)} partitions in {archive}")


@command.command()
@_archive
@package_options
@_known
@_since
@click.option("--material", type=click.Path(path_type=Path, exists=True), multiple=True, help="Drafts to look for.")
@click.option("--examples", type=click.IntRange(0, 100), default=5, show_default=True, help="Ads shown of each.")
@_json
def plan(
    archive: str,
    package: Path | None,
    materials: tuple[Path, ...],
    known: tuple[Path, ...],
    since: datetime | None,
    material: tuple[Path, ...],
    examples: int,
    as_json: bool,
) -> None:
    """Count what a package, or drafts of material, would change. Nothing is queued and nothing is written."""
    with as_folder(package, materials) as folder:
        results = list(ask(Question(folder, known, _iso(since), material), archive, _today()))
    counts = Counts.of(results)
    found = [one for result in results for one in result.found]
    if as_json:
        print_json({"counts": counts.to_dict(), "examples": found[:examples]})
        return
    _print(counts)
    for one in found[:examples]:
        hits = ", ".join(
            f"{hit['material_id']} {readable(hit['text'])} in {hit['part']}" for hit in one.get("hits", ())
        )
        flips = ", ".join(f"{market} {was} → {now}" for market, (was, now) in one.get("flips", {}).items())
        click.echo(f"  {one['ad_id']}: {flips or 'evidence only'}{f' ({hits})' if hits else ''}")


@command.command()
@_archive
@package_options
@_known
@_since
@click.option("--jobs", type=click.Path(path_type=Path, dir_okay=False), help="File to append jobs to.")
@click.option("--queue", help="URL of the SQS queue to send jobs to.")
@click.option("--cap", type=click.IntRange(1), help="Most jobs to queue now; run again for the rest.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Most jobs a second.")
@click.option("--dry-run", is_flag=True, help="Say what would be queued, and queue nothing.")
@_json
def run(
    archive: str,
    package: Path | None,
    materials: tuple[Path, ...],
    known: tuple[Path, ...],
    since: datetime | None,
    jobs: Path | None,
    queue: str | None,
    cap: int | None,
    rate: float | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Queue the ads that a package can change, most seen first. Stopped half-way, it goes on where it stopped."""
    if since and not dry_run:
        raise click.UsageError("--since leaves ads out, so the rest could not be called done: use it with --dry-run")
    if not dry_run and bool(jobs) == bool(queue):
        raise click.UsageError("give --jobs FILE or --queue URL")
    store = open_archive(archive)
    with as_folder(package, materials) as folder:
        question = Question(folder, known, _iso(since))
        if dry_run:
            counts = Counts.of(ask(question, archive, _today()))
            print_json(counts.to_dict()) if as_json else _print(counts)
            return
        started = carry_on(question, archive, _today())
    if started is None:
        print_json({"run": None}) if as_json else click.echo("nothing is behind this package")
        return
    counts = Counts.of(Runs(store).results(started))
    done = Runs(store).send(started, _queue(jobs, queue), most=cap, paced=_pace(rate))
    if as_json:
        print_json({**done.to_dict(), "counts": counts.to_dict()})
        return
    _print(counts)
    click.echo(_told(done))


@command.command()
@_archive
@_json
def status(archive: str, as_json: bool) -> None:
    """What the archive holds, what its ads are decided with, and how far each run got."""
    store = open_archive(archive)
    partitions, runs = store.partitions(), Runs(store).all()
    if as_json:
        told = [{"name": one.name, "standings": [str(known) for known in one.standings]} for one in partitions]
        print_json({"partitions": told, "runs": [one.to_dict() for one in runs]})
        return
    click.echo(f"{len(partitions)} partitions")
    standings = sorted({str(known) for one in partitions for known in one.standings})
    for standing in standings:
        click.echo(f"  {sum(standing in map(str, one.standings) for one in partitions)} stand with {standing}")
    for one in runs:
        click.echo(_told(one))


@command.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_archive
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Day it is of.  [default: today, UTC]")
def inventory(source: Path, archive: str, day: datetime | None) -> None:
    """Keep a day's inventory: SOURCE names the ads that run (`ad_id`) and how many people see them (`exposure`)."""
    store = open_archive(archive)
    data, ads = store.tables.encode_inventory(source)
    store.keep_inventory(day.date() if day else _today(), data)
    click.echo(f"{ads} ads run")


@command.command()
@_archive
def compact(archive: str) -> None:
    """Put small partitions together, drop replaced versions of ads, and derive older partitions anew."""
    store = open_archive(archive)
    derived = store.rederive()
    before, after = store.compact()
    click.echo(f"{before} partitions → {after}{f', {derived} derived anew' if derived else ''}")


@command.command()
@_archive
@click.option("--ad", "ads", multiple=True, help="Id of an ad; may be repeated.")
@click.option("--advertiser", "advertisers", multiple=True, help="Id of an advertiser; may be repeated.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="Every ad uploaded before that day (UTC).")
def forget(archive: str, ads: tuple[str, ...], advertisers: tuple[str, ...], before: datetime | None) -> None:
    """Delete evidence: of ads, of advertisers, or past its retention.

    In a bucket the fingerprints beside the archive go too. A bucket that keeps versions keeps them for as long as it says.
    """
    if not (ads or advertisers or before):
        raise click.UsageError("give --ad, --advertiser or --before")
    limit = _iso(before)

    def wanted(row: Evidence) -> bool:
        return row.ad_id in ads or row.advertiser_id in advertisers or row.modified < limit

    forgotten = open_archive(archive).forget(wanted)
    single = delete_fingerprints(archive, {*ads, *forgotten})
    click.echo(f"{len(forgotten)} versions of ads forgotten{f', {single} fingerprints deleted' if single else ''}")


def _queue(jobs: Path | None, queue: str | None) -> Jobs:
    if jobs:
        return FileJobs(jobs)
    if not queue:
        raise InputError("no queue to send to")
    import boto3

    return SqsJobs(boto3.client("sqs"), queue)


def _pace(rate: float | None) -> Any:
    """Waits after each batch for as long as the rate asks."""
    return (lambda count: time.sleep(count / rate)) if rate else None


def _today() -> date:
    return datetime.now(UTC).date()


def _iso(day: datetime | None) -> str:
    return day.replace(tzinfo=UTC).isoformat() if day else ""


def _print(counts: Counts) -> None:
    click.echo(
        f"{counts.ads} ads in {counts.partitions} partitions, {counts.candidates} looked at,"
        f" {counts.found} to decide again ({counts.seconds:.1f} CPU s)"
    )
    rows = [(*flip.split(" "), str(count)) for flip, count in (counts.flips or {}).items()]
    if rows:
        print_table(("market", "was", "becomes", "ads"), rows)


def _told(run: Run) -> str:
    if run.jobs is None:
        return f"{run.run}: {len(run.partitions)} partitions, being sieved"
    return f"{run.run}: {run.sent} of {run.jobs} jobs queued{'' if run.done else ', run again for the rest'}"
