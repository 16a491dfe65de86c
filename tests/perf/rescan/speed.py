"""How fast the stored ads are sieved, and what a million costs, beside the naive way.

    python -m tests.perf.rescan.speed make --ads 1000000 --archive .local/rescan     once: about a minute and a half
    python -m tests.perf.rescan.speed measure --archive .local/rescan [--terms 1000]

Ads and terms are made up from a seed. Expected result: what the sieve lets through decides as a full scan does, on every
ad of the sample that the naive way is measured on. The naive way, a scan of every ad with the whole package, is measured
on that sample and multiplied. Times are seconds of the clock and of all processes' CPU; peaks are the largest process's.
"""

import json
import random
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import click

from adsieve.cli.shards import Task, open_archive, sieve_all
from adsieve.domain.verdict import Cause, said
from adsieve.material.compile import compile_files, write_package
from adsieve.material.package import load_package
from adsieve.material.policies import default_matrix
from adsieve.service.rescan.archive import Partition
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.ports import Standing
from adsieve.service.scan import scan
from tests.perf.rescan.ads import Advertisers, make_materials, new_terms

SEED = 20261122
DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PARTITION_ROWS = 10_000
"""Fewer than the archive's own, so that a hundredth of a million ads is a partition. Larger ones are no slower."""

KNOWN_NEW = 20
"""New terms that ads really have; the others are made up, as most of what operators add is never met again."""


@click.group()
def main() -> None:
    """See the module."""


@main.command()
@click.option("--ads", default=1_000_000, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), required=True)
def make(ads: int, archive: Path) -> None:
    """Make up ads and keep their evidence."""
    started, cpu = time.perf_counter(), cpu_seconds()
    make_partitions(_make, archive, ads)
    size = sum(file.stat().st_size for file in archive.rglob("*.parquet"))
    told = {
        "ads": ads,
        "seconds": time.perf_counter() - started,
        "cpu_s": cpu_seconds() - cpu,
        "bytes_per_ad": size / ads,
    }
    click.echo(json.dumps(told))


def make_partitions(make_one: Callable[[tuple[Path, int, int]], None], archive: Path, ads: int) -> None:
    """Fill an archive with two processes; `make_one` is given the archive, the number of the first ad, and how many."""
    jobs = [(archive, first, min(PARTITION_ROWS, ads - first)) for first in range(0, ads, PARTITION_ROWS)]
    with ProcessPoolExecutor(2) as pool:
        for number, _ in enumerate(pool.map(make_one, jobs), 1):
            click.echo(f"{number} of {len(jobs)} partitions", err=True)


def _make(job: tuple[Path, int, int]) -> None:
    archive, first, count = job
    rows = (Evidence.of(one) for one in Advertisers(SEED + first).ads(first, count))
    open_archive(str(archive)).add(rows, Standing("0" * 64, "0", DAY))


@main.command()
@click.option("--archive", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--terms", default=1_000, show_default=True, help="New terms.")
@click.option("--material", default=20_000, show_default=True, help="Terms of the package before.")
@click.option("--sample", default=2_000, show_default=True, help="Ads that the naive way is measured on.")
@click.option("--workers", default=2, show_default=True)
def measure(archive: Path, terms: int, material: int, sample: int, workers: int) -> None:
    """Sieve a hundredth, a tenth and all of the ads for new terms."""
    advertisers = Advertisers(SEED)
    before = make_materials(material, advertisers, SEED)
    before, held_back = before[KNOWN_NEW:], before[:KNOWN_NEW]
    random_ = random.Random(SEED + 1)
    added = new_terms("N", terms - KNOWN_NEW, random_)
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old"), Path(folder, "new")
        write_package(compile_files(before, default_matrix()), old)
        write_package(compile_files([*before, *held_back, *added], default_matrix()), new)
        grown(Task(str(archive), old, new, (DAY, DAY)), sample, workers)


def grown(task: Task, sample: int, workers: int) -> None:
    """A hundredth, a tenth and all of the archive, a line each."""
    naive = naive_seconds(task, sample)
    partitions = open_archive(task.archive).partitions()
    for share in (100, 10, 1):
        some = partitions[: max(1, len(partitions) // share)]
        click.echo(json.dumps(measured(task, some, workers, naive)))


def measured(task: Task, partitions: list[Partition], workers: int, naive: float) -> dict[str, float]:
    """What sieving these partitions costs, beside the naive way at so many CPU seconds an ad."""
    started, cpu = time.perf_counter(), cpu_seconds()
    results = [result for _, result in sieve_all(task, partitions, workers)]
    ads = sum(result.ads for result in results)
    clock, spent = time.perf_counter() - started, cpu_seconds() - cpu
    return {
        "ads": ads,
        "candidates": sum(result.candidates for result in results),
        "to_decide_again": sum(len(result.found) for result in results),
        "seconds": round(clock, 2),
        "cpu_s": round(spent, 2),
        "sieve_us_per_ad": round(1e6 * sum(result.seconds for result in results) / ads, 2),
        "peak_mb": max(usage.ru_maxrss for usage in _usages()) // 1024,
        "naive_us_per_ad": round(1e6 * naive, 1),
        "naive_seconds_on_as_many_cores": round(naive * ads / workers, 1),
    }


def naive_seconds(task: Task, sample: int) -> float:
    """CPU seconds an ad of scanning with the whole new package; asserts that the sieve misses none of the sample."""
    archive, shards = open_archive(task.archive), task.shards()
    rows = archive.rows(archive.partitions()[0])[:sample]
    old, new = load_package(task.old or task.new), load_package(task.new)
    prints = [row.decided_from() for row in rows]
    started = time.process_time()
    after = [said(scan(one, new, Cause.RESCAN, NOON).to_dict()) for one in prints]
    seconds = (time.process_time() - started) / len(rows)
    before = [said(scan(one, old, Cause.RESCAN, NOON).to_dict()) for one in prints]
    differ = {row.ad_id for row, was, now in zip(rows, before, after, strict=True) if was != now}
    assert shards.sieve is not None
    assert differ <= {rows[at].ad_id for at in shards.sieve.candidates(rows)}
    assert differ, "no ad of the sample differs: the figure would be of nothing"
    return seconds


def cpu_seconds() -> float:
    """Of all processes so far."""
    return sum(usage.ru_utime + usage.ru_stime for usage in _usages())


def _usages() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


if __name__ == "__main__":
    main()
