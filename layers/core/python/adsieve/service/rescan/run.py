"""A run: bring every stored ad from what it is decided with to one target, once, in order of who sees most of it.

A run is named by what it has to do, and each step leaves a file, so that whoever starts it again goes on where it
stopped, and two who start it at once do the same work and send the same jobs:

| name | holds |
|---|---|
| `runs/<run>/plan.json` | the target and the partitions that are behind it |
| `runs/<run>/found/<digest>.jsonl` | ads of one partition to decide again |
| `runs/<run>/jobs.jsonl` | all of them, each once, by exposure |
| `runs/<run>/sent.json` | how many have been queued |

Only when all jobs are queued do the partitions stand with the target. Until then the next target starts from where
they stood before, so a run that a newer package overtakes is simply left.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import batched, takewhile
from typing import Any, Self

from adsieve.service.rescan.archive import Archive, Partition
from adsieve.service.rescan.ports import Jobs, Standing
from adsieve.service.rescan.shard import ShardResult

SEND_AT_ONCE = 10
"""Jobs in one request to the queue: as many as SQS takes."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run found.

    Attributes:
        ads: stored ads that were behind.
        candidates: ads that were matched to know.
        found: ads to decide again.
        flips: `SA PASS REJECT` → how many of them flip so in that market.
        seconds: of processor time.
    """

    partitions: int = 0
    ads: int = 0
    candidates: int = 0
    found: int = 0
    flips: Mapping[str, int] | None = None
    seconds: float = 0.0

    @classmethod
    def of(cls, results: Iterable[ShardResult]) -> Self:
        """The sum."""
        partitions = ads = candidates = found = 0
        flips: Counter[str] = Counter()
        seconds = 0.0
        for result in results:
            partitions, ads, candidates = partitions + 1, ads + result.ads, candidates + result.candidates
            found, seconds = found + len(result.found), seconds + result.seconds
            flips.update(f"{market} {was} {now}" for one in result.found for market, was, now in _flips(one))
        return cls(partitions, ads, candidates, found, dict(sorted(flips.items())), round(seconds, 3))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Run:
    """A run and how far it got. See the module.

    Attributes:
        target: what the ads will be decided with.
        version: name of the target package, for people.
        partitions: names of the partitions that it brings forward.
        jobs: how many ads are to be decided again; None until that is known.
        sent: how many of them have been queued.
    """

    run: str
    target: Standing
    version: str
    partitions: tuple[str, ...]
    jobs: int | None = None
    sent: int = 0

    @property
    def done(self) -> bool:
        """Whether every job has been queued."""
        return self.jobs is not None and self.sent >= self.jobs

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"target": str(self.target), "done": self.done}


class Runs:
    """Starts runs and carries them on."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._files = archive.files

    def behind(self, target: Standing) -> list[Partition]:
        """Partitions that do not stand with the target."""
        return [partition for partition in self._archive.partitions() if not partition.stands(target)]

    def start(self, target: Standing, version: str) -> Run | None:
        """The run that brings what is behind to the target, new or as somebody left it; None where nothing is."""
        behind = self.behind(target)
        if not behind:
            return None
        told = f"{target}\n" + "\n".join(f"{one.name} {' '.join(map(str, one.standings))}" for one in behind)
        run = Run(
            f"{target.day.isoformat()}-{target.package[:12]}-{sha256(told.encode()).hexdigest()[:8]}",
            target,
            version,
            tuple(partition.name for partition in behind),
        )
        if self._files.read(f"runs/{run.run}/plan.json") is None:
            told_plan = {"target": str(target), "version": version, "partitions": list(run.partitions)}
            self._files.write(f"runs/{run.run}/plan.json", json.dumps(told_plan, indent=1).encode())
        return self._opened(run)

    def all(self) -> list[Run]:
        """Every run that was started, in order of day."""
        names = (name for name in self._files.names("runs/") if name.endswith("/plan.json"))
        return [self._read(name) for name in names]

    def find(self, run_id: str) -> Run | None:
        """A run by its name."""
        name = f"runs/{run_id}/plan.json"
        return None if self._files.read(name) is None else self._read(name)

    def left(self, run: Run) -> list[Partition]:
        """Partitions of the run that nobody has sieved yet."""
        done = frozenset(self._files.names(f"runs/{run.run}/found/"))
        known = {partition.name: partition for partition in self._archive.partitions()}
        mine = (known[name] for name in run.partitions if name in known)
        return [partition for partition in mine if _found_name(run, partition) not in done]

    def note(self, run: Run, partition: Partition, result: ShardResult) -> None:
        """Keep what was found in a partition: first a line about it, then an ad a line."""
        head = {name: value for name, value in asdict(result).items() if name != "found"}
        lines = [json.dumps(line, ensure_ascii=False) for line in (head, *result.found)]
        self._files.write(_found_name(run, partition), "\n".join(lines).encode())

    def results(self, run: Run) -> Iterator[ShardResult]:
        """What was found so far, partition by partition."""
        for name in self._files.names(f"runs/{run.run}/found/"):
            head, *found = map(json.loads, (self._files.read(name) or b"").decode().split("\n"))
            yield ShardResult(**head, found=found)

    def order(self, run: Run) -> Run:
        """Put the jobs in order, most seen first, each ad once; the order is kept, whoever goes on."""
        if run.jobs is None:
            found = {one["ad_id"]: one for result in self.results(run) for one in result.found}
            exposure = self._archive.exposure(sorted(found))
            ordered = sorted(found.values(), key=lambda one: (-exposure.get(one["ad_id"], 0), one["ad_id"]))
            jobs = [_job(run, one, exposure.get(one["ad_id"])) for one in ordered]
            self._files.write(_jobs_name(run), b"\n".join(json.dumps(job, ensure_ascii=False).encode() for job in jobs))
        return self._opened(run)

    def send(
        self,
        run: Run,
        jobs: Jobs,
        *,
        most: int | None = None,
        paced: Callable[[int], None] | None = None,
        goes_on: Callable[[], bool] = lambda: True,
    ) -> Run:
        """Queue jobs that are not queued yet.

        Args:
            run: ordered.
            jobs: the queue.
            most: budget of this call; what is over it waits for the next.
            paced: called with the number of jobs after each batch; may wait, to keep to a rate.
            goes_on: asked before each batch; where it says no, the rest waits for the next call too.
        """
        if run.jobs is None:
            raise ValueError("order the jobs before sending them")
        waiting = self._jobs(run)[run.sent :][:most]
        for batch in takewhile(lambda _: goes_on(), batched(waiting, SEND_AT_ONCE, strict=False)):
            jobs.send(batch)
            run = replace(run, sent=run.sent + len(batch))
            self._files.write(f"runs/{run.run}/sent.json", str(run.sent).encode())
            if paced:
                paced(len(batch))
        if run.done:
            self._stand(run)
        return run

    def _stand(self, run: Run) -> None:
        known = {partition.name: partition for partition in self._archive.partitions()}
        for name in run.partitions:
            if name in known:
                self._archive.stand(known[name], run.target)

    def _jobs(self, run: Run) -> list[dict[str, Any]]:
        lines = (self._files.read(_jobs_name(run)) or b"").split(b"\n")
        return [json.loads(line) for line in lines if line]

    def _opened(self, run: Run) -> Run:
        lines = self._files.read(_jobs_name(run))
        sent = int(self._files.read(f"runs/{run.run}/sent.json") or 0)
        return replace(run, jobs=None if lines is None else sum(map(bool, lines.split(b"\n"))), sent=sent)

    def _read(self, name: str) -> Run:
        told = json.loads(self._files.read(name) or b"")
        run = Run(name.split("/")[1], Standing.parse(told["target"]), told["version"], tuple(told["partitions"]))
        return self._opened(run)


def _job(run: Run, found: Mapping[str, Any], exposure: int | None) -> dict[str, Any]:
    """The message of one ad; `live` is left out where no inventory says whether it runs."""
    told = {"schema": 1, "ad_id": found["ad_id"], "content_sha256": found["content_sha256"], "run": run.run}
    told |= {"package": run.target.package, "day": run.target.day.isoformat()}
    return told | {"materials": found.get("materials", [])[:10]} | ({} if exposure is None else {"exposure": exposure})


def _flips(found: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    return [(market, was, now) for market, (was, now) in found.get("flips", {}).items()]


def _found_name(run: Run, partition: Partition) -> str:
    return f"runs/{run.run}/found/{partition.digest}.jsonl"


def _jobs_name(run: Run) -> str:
    return f"runs/{run.run}/jobs.jsonl"
