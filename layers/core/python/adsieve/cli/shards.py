"""Partitions sieved on all cores of this machine, with the very function that runs in the cloud."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from adsieve.adapters.evidence_files import FolderFiles, S3Files
from adsieve.adapters.parquet import DuckTables
from adsieve.material.change import compare
from adsieve.material.overlay import overlay
from adsieve.material.package import Package, load_package
from adsieve.service.rescan.archive import Archive, Partition
from adsieve.service.rescan.shard import ShardResult, Shards

_S3 = "s3://"


def delete_fingerprints(place: str, ads: Iterable[str]) -> int:
    """Delete the single fingerprints of ads that lie in the archive's bucket; how many there were. None in a folder."""
    if not place.startswith(_S3):
        return 0
    import boto3

    files = S3Files(boto3.client("s3"), place.removeprefix(_S3).partition("/")[0], "")
    names = [name for ad_id in ads for name in files.names(f"fingerprints/{quote(ad_id, safe='')}/")]
    for name in names:
        files.delete(name)
    return len(names)


@dataclass(frozen=True, slots=True)
class Task:
    """What a process needs to make its sieve; packages are folders, so that each process maps them itself.

    Attributes:
        old: None where it is not known what the ads were decided with.
        bases: packages that old or new may be laid over.
    """

    archive: str
    old: Path | None
    new: Path
    days: tuple[date, date]
    since: str = ""
    bases: tuple[Path, ...] = ()

    def shards(self) -> Shards:
        """Ready to sieve."""
        new = open_whole(self.new, self.bases)
        change = compare(open_whole(self.old, self.bases), new, *self.days) if self.old else None
        return Shards(open_archive(self.archive), change, self.since)


def open_archive(place: str) -> Archive:
    """The archive in a folder, or in a bucket as `s3://<bucket>/<prefix>`; the functions' own has the prefix `archive`."""
    if not place.startswith(_S3):
        return Archive(FolderFiles(Path(place)), DuckTables())
    import boto3

    bucket, _, prefix = place.removeprefix(_S3).partition("/")
    return Archive(S3Files(boto3.client("s3"), bucket, f"{prefix.rstrip('/')}/" if prefix else ""), DuckTables())


def open_whole(folder: Path, bases: Iterable[Path]) -> Package:
    """The package in a folder, over its base where it names one: one of `bases`, or what lies beside it under that name.

    Raises:
        PackageError: its base is none of these.
    """
    package = load_package(folder)
    if package.manifest.base is None:
        return package
    named = (*bases, folder.parent / package.manifest.base)
    opened = (load_package(base) for base in named if base.is_dir())
    return overlay(package, next((base for base in opened if base.ref.sha256 == package.manifest.base), None))


def sieve_all(task: Task, partitions: Iterable[Partition], workers: int = 0) -> Iterator[tuple[Partition, ShardResult]]:
    """What was found in each partition, as it is known; on as many processes as there are cores."""
    waiting = list(partitions)
    count = min(workers or os.cpu_count() or 1, len(waiting))
    if count <= 1:
        shards = task.shards() if waiting else None
        yield from ((partition, shards.scan(partition)) for partition in waiting if shards)
        return
    # Spawned: a forked copy of a process with threads (progress, DuckDB) may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _prepare, (task,)) as pool:
        futures = {pool.submit(_scan, partition): partition for partition in waiting}
        for future in as_completed(futures):
            yield futures[future], future.result()


_ready: list[Shards] = []
"""The sieve of this worker process."""


def _prepare(task: Task) -> None:
    _ready[:] = [task.shards()]


def _scan(partition: Partition) -> ShardResult:
    return _ready[0].scan(partition)
