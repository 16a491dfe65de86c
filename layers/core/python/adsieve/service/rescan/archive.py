"""The archive: every ad's evidence in partitions of many, each with what its ads are decided with.

| name | holds |
|---|---|
| `evidence/<version>/<digest>.parquet` | a partition; the digest is that of its ads' versions, so writing one twice is once |
| `standing/<digest>/<package>_<engine>_<day>` | nothing: the name says what the partition's ads are decided with |
| `inventory/<day>.parquet` | the ads that run on a day, and how many people see them |
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import batched

from adsieve.domain.fingerprint import Fingerprint
from adsieve.service.rescan.evidence import VERSION, Evidence, newest
from adsieve.service.rescan.ports import Files, Standing, Tables

PARTITION_ROWS = 50_000
"""Ads of a partition: seconds of work for one core, and small enough for the memory of a small function."""

MOST_TOGETHER = 20
"""Partitions put together at once: what their rows take in memory."""

_EVIDENCE, _STANDING, _INVENTORY = "evidence/", "standing/", "inventory/"


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition and what its ads are decided with.

    Attributes:
        name: of its file.
        standings: usually one; two where somebody stopped between writing the new and deleting the old, none where
            nothing is known.
    """

    name: str
    standings: tuple[Standing, ...]

    @property
    def digest(self) -> str:
        """Names the partition whatever version it was derived with."""
        return self.name.rpartition("/")[2].removesuffix(".parquet")

    def stands(self, target: Standing) -> bool:
        """Whether its ads are known to be decided with this, and nothing else."""
        return self.standings == (target,)

    def behind(self, target: Standing) -> Standing | None:
        """What its ads were decided with before; None where that is not known."""
        others = [standing for standing in self.standings if standing != target]
        return others[0] if len(others) == 1 else None


@dataclass(frozen=True, slots=True)
class Archive:
    """Partitions in files."""

    files: Files
    tables: Tables

    def add(self, rows: Iterable[Evidence], standing: Standing | None, size: int = PARTITION_ROWS) -> list[str]:
        """Write partitions of these rows; standing None: decided with nobody knows what.

        The same rows again are the same partitions; a partition that is there already keeps its standing.
        """
        written = []
        for batch in batched(rows, size, strict=False):
            keys = sorted(f"{row.ad_id}\0{row.content_sha256}" for row in batch)
            name = f"{_EVIDENCE}{VERSION}/{sha256('\n'.join(keys).encode()).hexdigest()[:32]}.parquet"
            partition = Partition(name, ())
            if not self._standings().get(partition.digest) and standing:
                self.files.write(_mark(partition, standing), b"")
            self.files.write(name, self.tables.encode(batch))
            written.append(name)
        return written

    def partitions(self) -> list[Partition]:
        """Every partition of the present version, in order of name."""
        standings = self._standings()
        found = (Partition(name, ()) for name in self.files.names(f"{_EVIDENCE}{VERSION}/"))
        return [replace(partition, standings=standings.get(partition.digest, ())) for partition in found]

    def stand(self, partition: Partition, standing: Standing) -> None:
        """Note that all its ads are decided with this. New first: a crash between leaves both, and that is redone."""
        self.files.write(_mark(partition, standing), b"")
        for old in partition.standings:
            if old != standing:
                self.files.delete(_mark(partition, old))

    def rows(self, partition: Partition, *, whole: bool = True) -> list[Evidence]:
        """The rows of a partition; see `Tables.rows`."""
        with self.files.local(partition.name) as path:
            return self.tables.rows(path, whole=whole)

    def compact(self, size: int = PARTITION_ROWS) -> tuple[int, int]:
        """Put small partitions together and drop versions that a newer one replaced; partitions before and after.

        Only partitions that stand the same are put together, so nothing is decided again for it.
        """
        alike: dict[tuple[Standing, ...], list[Partition]] = {}
        known = self.partitions()
        for partition in known:
            alike.setdefault(partition.standings, []).append(partition)
        packs = [
            (standings, pack)
            for standings, group in alike.items()
            for pack in batched(group, MOST_TOGETHER, strict=False)
        ]
        for standings, pack in packs:
            if len(pack) > 1 and len(standings) <= 1:
                rows = sorted(newest(self._all(pack)), key=_by_id)
                written = self.add(rows, standings[0] if standings else None, size)
                self._drop(partition for partition in pack if partition.name not in written)
        return len(known), len(self.partitions())

    def forget(self, wanted: Callable[[Evidence], bool]) -> list[str]:
        """Delete the rows for which `wanted` says so, and name their ads; what stays is written anew."""
        forgotten: list[str] = []
        for partition in self.partitions():
            rows = self.rows(partition)
            kept = [row for row in rows if not wanted(row)]
            if len(kept) < len(rows):
                forgotten += (row.ad_id for row in rows if wanted(row))
                one = partition.standings[0] if len(partition.standings) == 1 else None
                written = self.add(kept, one)
                self._drop(known for known in [partition] if known.name not in written)
        return forgotten

    def rederive(self) -> int:
        """Derive partitions of other versions again from their fingerprints, and say how many there were."""
        names = [n for n in self.files.names(_EVIDENCE) if not n.startswith(f"{_EVIDENCE}{VERSION}/")]
        for name in names:
            partition = Partition(name, self._standings().get(Partition(name, ()).digest, ()))
            one = partition.standings[0] if len(partition.standings) == 1 else None
            with self.files.local(name) as path:
                stored = self.tables.fingerprints(path).values()
            self.add([Evidence.of(Fingerprint.from_dict(json.loads(told))) for told in stored], one)
            self.files.delete(name)
        return len(names)

    def keep_inventory(self, day: date, data: bytes) -> None:
        """Keep a day's inventory."""
        self.files.write(f"{_INVENTORY}{day.isoformat()}.parquet", data)

    def exposure(self, ads: list[str]) -> dict[str, int]:
        """Exposure of these ads on the newest day that is known; an ad that is not named does not run."""
        days = self.files.names(_INVENTORY)
        if not days or not ads:
            return {}
        with self.files.local(days[-1]) as path:
            return self.tables.exposure(path, ads)

    def _all(self, partitions: Iterable[Partition]) -> Iterator[Evidence]:
        for partition in partitions:
            yield from self.rows(partition)

    def _drop(self, partitions: Iterable[Partition]) -> None:
        for partition in partitions:
            self.files.delete(partition.name)
            for standing in partition.standings:
                self.files.delete(_mark(partition, standing))

    def _standings(self) -> dict[str, tuple[Standing, ...]]:
        found: dict[str, tuple[Standing, ...]] = {}
        for name in self.files.names(_STANDING):
            _, digest, standing = name.split("/")
            found[digest] = (*found.get(digest, ()), Standing.parse(standing))
        return found


def _mark(partition: Partition, standing: Standing) -> str:
    return f"{_STANDING}{partition.digest}/{standing}"


def _by_id(row: Evidence) -> str:
    return row.ad_id
