"""From packages and drafts to counts: what the verbs of `adsieve rescan` have in common."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from adsieve.cli.output import progress
from adsieve.cli.shards import Task, open_archive, open_whole, sieve_all
from adsieve.cli.sources import CURRENT, compiled, folder_of, published
from adsieve.domain.decision import State
from adsieve.domain.material import Material
from adsieve.material.bounds import MAX_DELTA
from adsieve.material.compile import compile_files, write_package
from adsieve.material.overlay import HIDDEN, Overlay
from adsieve.material.package import Package, load_package
from adsieve.material.source import load_materials
from adsieve.service.rescan.archive import Partition
from adsieve.service.rescan.ports import Standing
from adsieve.service.rescan.run import Run, Runs
from adsieve.service.rescan.shard import ShardResult
from adsieve.version import __version__


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the archive.

    Attributes:
        target: folder of the package to come.
        known: folders of packages that ads may have been decided with, or that others are laid over.
        since: ISO time of the oldest upload that counts.
        drafts: files of material that is in no package yet; then it is asked what they would add to the target.
    """

    target: Path
    known: tuple[Path, ...]
    since: str = ""
    drafts: tuple[Path, ...] = ()

    def standing(self, day: date) -> Standing:
        """What ads decided with the target on a day stand with."""
        return Standing(load_package(self.target).ref.sha256, __version__, day)


@contextmanager
def as_folder(package: Path | None, materials: tuple[Path, ...]) -> Iterator[Path]:
    """The package that the options name, as a folder that other processes can open too."""
    named = folder_of(package, materials)
    if named and named != CURRENT:
        yield named
        return
    with tempfile.TemporaryDirectory() as folder:
        if named:
            yield Path(folder, published(Path(folder)).ref.sha256)
            return
        write_package(compiled(materials), Path(folder, "package"))
        yield Path(folder, "package")


def ask(question: Question, archive: str, day: date) -> Iterator[ShardResult]:
    """What would be found in every partition that is behind; with drafts, in every partition."""
    store = open_archive(archive)
    target = question.standing(day)
    if question.drafts:
        with tempfile.TemporaryDirectory() as folder:
            package = open_whole(question.target, question.known)
            write_package(_with_drafts(package, question.drafts), Path(folder, "drafts"))
            bases = (question.target, *question.known)
            if package.manifest.base:
                bases += (question.target.parent / package.manifest.base,)  # where `published` puts it
            task = Task(archive, question.target, Path(folder, "drafts"), (day, day), question.since, bases)
            yield from _shown(task, store.partitions())
        return
    for task, partitions in _tasks(question, archive, target, Runs(store).behind(target)):
        yield from _shown(task, partitions)


def carry_on(question: Question, archive: str, day: date) -> Run | None:
    """Sieve what is behind and put the jobs in order; what somebody did already is not done again."""
    runs = Runs(open_archive(archive))
    target = question.standing(day)
    run = runs.start(target, load_package(question.target).ref.version)
    if run is None or run.jobs is not None:
        return run
    for task, partitions in _tasks(question, archive, target, runs.left(run)):
        by_name = {partition.name: partition for partition in partitions}
        for result in _shown(task, partitions):
            runs.note(run, by_name[result.partition], result)
    return runs.order(run)


def _with_drafts(target: Package, files: tuple[Path, ...]) -> dict[str, bytes]:
    """The target and the drafts, as they would decide if they were active.

    They are laid over it, or over what it is laid over, as they would be published: a package of a million rows need not
    be made again for one, and has no samples to be made again of. Only what is too much for that is made whole.
    """
    drafts = [replace(draft, state=State.ACTIVE) for draft in load_materials(files)]
    fresh = {draft.id for draft in drafts}
    base, hidden, upper = target, set[int](), list[Material]()
    if isinstance(target, Overlay):
        base, hidden, upper = target.base, set(target.hidden), target.upper.materials()
    hidden |= set(_rows_of(base, fresh))
    own = [*(material for material in upper if material.id not in fresh), *drafts]
    if max(len(hidden), len(own)) <= MAX_DELTA:
        beside = {HIDDEN: json.dumps(sorted(hidden)).encode()}
        return compile_files(own, target.matrix, base=base.ref.sha256, beside=beside)
    return compile_files([*(one for one in target.materials() if one.id not in fresh), *drafts], target.matrix)


def _rows_of(package: Package, ids: set[str]) -> Iterator[int]:
    """Rows of materials with these ids; lines that cannot be one are not parsed."""
    names = [json.dumps(material_id, ensure_ascii=False).encode() for material_id in ids]
    for row, line in enumerate(package.lines()):
        if any(name in line for name in names) and package.material(row).id in ids:
            yield row


def _tasks(
    question: Question, archive: str, target: Standing, partitions: list[Partition]
) -> Iterator[tuple[Task, list[Partition]]]:
    """Partitions that are behind by the same, and the task that brings them forward."""
    known = {load_package(folder).ref.sha256: folder for folder in (*question.known, question.target)}
    alike: dict[Standing | None, list[Partition]] = {}
    for partition in partitions:
        alike.setdefault(partition.behind(target), []).append(partition)
    for behind, group in alike.items():
        comparable = behind is not None and behind.engine == target.engine
        old = known.get(behind.package) if behind and comparable else None
        days = (behind.day if behind else target.day, target.day)
        yield Task(archive, old, question.target, days, question.since, question.known), group


def _shown(task: Task, partitions: list[Partition]) -> Iterator[ShardResult]:
    with progress() as shown:
        bar = shown.add_task(f"of {len(partitions)} partitions sieved:", total=len(partitions))
        for _, result in sieve_all(task, partitions):
            shown.advance(bar)
            yield result
