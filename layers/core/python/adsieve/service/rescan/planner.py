"""The planner: every stored ad is brought to the package in force. Started by whatever may have moved it, and by the clock.

It asks what stands and what is in force, never what happened, so a start that comes twice, late or not at all changes
nothing but when.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adsieve.domain.errors import InputError
from adsieve.material.change import PackageChange, compare
from adsieve.material.package import Package
from adsieve.service.rescan.archive import Archive, Partition
from adsieve.service.rescan.ports import Jobs, Packages, Standing
from adsieve.service.rescan.run import Counts, Run, Runs
from adsieve.service.rescan.shard import ShardResult, Shards
from adsieve.version import __version__

SPARE_SECONDS = 30.0
"""What must be left of an invocation to begin another partition, or another batch of jobs."""


@dataclass
class Planner:
    """Sieves what is behind and queues what is found.

    Attributes:
        archive: the stored ads.
        target: gives the package in force; raises PackageError where there is none.
        packages: earlier packages.
        jobs: the re-scan queue.
        clock: the time, aware.
        cap: most jobs of one call.
        paced: called with the number of jobs after each batch; may wait.
    """

    archive: Archive
    target: Callable[[], Package]
    packages: Packages
    jobs: Jobs
    clock: Callable[[], datetime]
    cap: int | None = None
    paced: Callable[[int], None] | None = None
    _shards: dict[tuple[Standing | None, Standing], Shards] = field(default_factory=dict)

    def standing(self) -> Standing:
        """What every ad should be decided with by now."""
        return Standing(self.target().ref.sha256, __version__, self.clock().date())

    def plan(self, seconds_left: Callable[[], float]) -> Run | None:
        """Do all of it, or as much as there is time for; None where nothing is behind. What is not done says so."""
        runs = Runs(self.archive)
        run = self.start()
        if run is None:
            return None
        left = runs.left(run) if run.jobs is None else []
        # Those that are behind by the same stand together: a sieve is compiled once for all of them.
        for partition in sorted(left, key=lambda one: (str(one.behind(run.target)), one.name)):
            if seconds_left() < SPARE_SECONDS:
                return run
            runs.note(run, partition, self._scan(partition, run.target))
        return self._queue(run, seconds_left)

    def start(self) -> Run | None:
        """The run that is to be done; None where nothing is behind."""
        return Runs(self.archive).start(self.standing(), self.target().ref.version)

    def shard(self, run_id: str, name: str) -> dict[str, Any]:
        """Sieve one partition of a run, for whoever does many at once; what is done already is not done again."""
        runs = Runs(self.archive)
        run = self._run(run_id)
        counts: dict[str, Any] = {"partition": name, "found": None}
        for partition in runs.left(run):
            if partition.name == name:
                result = self._scan(partition, run.target)
                runs.note(run, partition, result)
                counts["found"] = len(result.found)
        return counts

    def queue(self, run_id: str, seconds_left: Callable[[], float]) -> Run:
        """Queue the jobs of a run whose partitions have all been sieved."""
        run = self._run(run_id)
        if left := Runs(self.archive).left(run):
            raise InputError(f"{len(left)} partitions of run `{run_id}` are not sieved yet, first: {left[0].name}")
        return self._queue(run, seconds_left)

    def counts(self, run: Run) -> Counts:
        """What a run found so far."""
        return Counts.of(Runs(self.archive).results(run))

    def _queue(self, run: Run, seconds_left: Callable[[], float]) -> Run:
        runs = Runs(self.archive)
        return runs.send(
            runs.order(run),
            self.jobs,
            most=self.cap,
            paced=self.paced,
            goes_on=lambda: seconds_left() >= SPARE_SECONDS,
        )

    def _run(self, run_id: str) -> Run:
        run = Runs(self.archive).find(run_id)
        if run is None:
            raise InputError(f"there is no run `{run_id}`")
        return run

    def _scan(self, partition: Partition, target: Standing) -> ShardResult:
        behind = partition.behind(target)
        if (behind, target) not in self._shards:
            self._shards.clear()  # a sieve holds its packages: one at a time is enough
            self._shards[behind, target] = Shards(self.archive, self._change(behind, target))
        return self._shards[behind, target].scan(partition)

    def _change(self, behind: Standing | None, target: Standing) -> PackageChange | None:
        """What differs; None where the package of before is gone, or another engine read it."""
        new = self._package(target.package)
        old = self._package(behind.package) if behind and behind.engine == target.engine else None
        return compare(old, new, behind.day, target.day) if behind and old and new else None

    def _package(self, sha256: str) -> Package | None:
        current = self.target()
        return current if current.ref.sha256 == sha256 else self.packages.get(sha256)
