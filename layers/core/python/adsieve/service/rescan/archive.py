"""The archive: every ad's evidence in partitions of many, each with what its ads are decided with.

| name | holds |
|---|---|
| `evidence/<version>/<digest>.parquet` | a partition; the digest is that of its ads' versions, so writing one twice is once |
| `standing/<digest>/<package>_<engine>_<day>` | nothing: the name says what the partition's ads are decided with |
| `inventory/<day>.parquet` | the ads that run on a day, and how many people see them |
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from adsieve.domain.fingerprint import Fingerprint
from adsieve.service.rescan.evidence import VERSION, Evidence, newest
from adsieve.service.rescan.ports import Files, Standing, Tables

PARTITION_ROWS = 50_000
"""Most ads of a partition: seconds of work for one core, and small enough for the memory of a small function."""

PARTITION_BYTES = 1 << 26
"""Most bytes of fingerprints in a partition: one of text has some kilobytes, one of pictures a hundred; Parquet is written
from memory, two thousand rows at a time."""

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

    @property
    def standing(self) -> Standing | None:
        """What all its ads are decided with; None where that is not known."""
        return self.standings[0] if len(self.standings) == 1 else None

    def stands(self, target: Standing) -> bool:
        """Whether its ads are known to be decided with this, and nothing else."""
        return self.standings == (target,)

    def behind(self, target: Standing) -> Standing | None:
        """What its ads were decided with before; None where that is not known."""
        others = [standing for standing in self.standings if standing != target]
        return others[0] if len(others) == 1 else None


type _Read = tuple[Partition, Sequence[Evidence]]
"""A partition and its rows, without hashes and fingerprints."""


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
        for batch in _batches(rows, size):
            partition = self._named(batch, standing)
            self.files.write(partition.name, self.tables.encode(batch))
            written.append(partition.name)
        return written

    def partitions(self) -> list[Partition]:
        """Every partition of the present version, in order of name."""
        # Names first: a partition's standing is written before it, so whatever is listed here has one by the next line.
        found = [Partition(name, ()) for name in self.files.names(f"{_EVIDENCE}{VERSION}/")]
        standings = self._standings()
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
        for standings, group in alike.items():
            for pack in self._packs(group, size) if len(standings) <= 1 else ():
                self._replace(pack, newest(row for _, rows in pack for row in rows))
        return len(known), len(self.partitions())

    def forget(self, wanted: Callable[[Evidence], bool]) -> list[str]:
        """Delete the rows for which `wanted` says so, and name their ads; what stays is written anew.

        `wanted` is shown rows without hashes and fingerprint.
        """
        forgotten: list[str] = []
        for partition in self.partitions():
            rows = self.rows(partition, whole=False)
            kept = [row for row in rows if not wanted(row)]
            if len(kept) < len(rows):
                forgotten += (row.ad_id for row in rows if wanted(row))
                self._replace([(partition, rows)], kept)
        return forgotten

    def rederive(self) -> int:
        """Derive partitions of other versions again from their fingerprints, and say how many there were."""
        names = [n for n in self.files.names(_EVIDENCE) if not n.startswith(f"{_EVIDENCE}{VERSION}/")]
        standings = self._standings()
        for name in names:
            partition = Partition(name, standings.get(Partition(name, ()).digest, ()))
            with self.files.local(name) as path:
                stored = self.tables.fingerprints(path).values()
            self.add([Evidence.of(Fingerprint.from_dict(json.loads(told))) for told in stored], partition.standing)
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

    def _packs(self, partitions: Iterable[Partition], size: int) -> Iterator[list[_Read]]:
        """Partitions that together make one of at most `size` rows; those that no other fits with are left alone."""
        pack: list[_Read] = []
        bytes_ = 0
        for partition in partitions:
            rows = self.rows(partition, whole=False)
            with self.files.local(partition.name) as path:
                more = path.stat().st_size
            if sum(len(read) for _, read in pack) + len(rows) > size or bytes_ + more > PARTITION_BYTES:
                if len(pack) > 1:
                    yield pack
                pack, bytes_ = [], 0
            pack.append((partition, rows))
            bytes_ += more
        if len(pack) > 1:
            yield pack

    def _replace(self, pack: Sequence[_Read], kept: Iterable[Evidence]) -> None:
        """Write one partition of those rows of these that are kept, in the place of these; they stand as before."""
        chosen = list(kept)
        written = ""
        if chosen:
            partition = self._named(chosen, pack[0][0].standing)
            written = partition.name
            stays = set(map(id, chosen))
            with ExitStack() as files:
                picked = [
                    (
                        files.enter_context(self.files.local(known.name)),
                        [at for at, row in enumerate(rows) if id(row) in stays],
                    )
                    for known, rows in pack
                ]
                self.files.write(written, self.tables.copy(picked))
        self._drop(known for known, _ in pack if known.name != written)

    def _named(self, rows: Iterable[Evidence], standing: Standing | None) -> Partition:
        """The partition of these rows, with its standing noted before there is one: without rows it means nothing."""
        keys = sorted(f"{row.ad_id}\0{row.content_sha256}" for row in rows)
        partition = Partition(f"{_EVIDENCE}{VERSION}/{sha256('\n'.join(keys).encode()).hexdigest()[:32]}.parquet", ())
        if standing and not self.files.names(f"{_STANDING}{partition.digest}/"):
            self.files.write(_mark(partition, standing), b"")
        return partition

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


def _batches(rows: Iterable[Evidence], size: int) -> Iterator[list[Evidence]]:
    """The rows in turn, no more at once than a partition may have."""
    batch: list[Evidence] = []
    bytes_ = 0
    for row in rows:
        batch.append(row)
        bytes_ += len(row.fingerprint)
        if len(batch) == size or bytes_ >= PARTITION_BYTES:
            yield batch
            batch, bytes_ = [], 0
    if batch:
        yield batch


def _mark(partition: Partition, standing: Standing) -> str:
    return f"{_STANDING}{partition.digest}/{standing}"
