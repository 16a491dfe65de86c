"""One partition, one change of packages: which of its ads are to be decided again. The unit of all scale."""

import json
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

from adsieve.domain.fingerprint import Fingerprint
from adsieve.material.change import PackageChange
from adsieve.service.rescan.archive import Archive, Partition
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.flips import Flip, flip
from adsieve.service.rescan.ports import Tables
from adsieve.service.rescan.sieve import Heavy, Sieve

AT_ONCE = 10_000
"""Ads that are sieved in one pass: a few megabytes of text."""


@dataclass(frozen=True, slots=True)
class Found:
    """An ad to decide again.

    Attributes:
        content_sha256: the version that was looked at; a newer one was decided by itself.
        flip: what will become of it; None where it is not known what it was decided with.
    """

    ad_id: str
    content_sha256: str
    flip: Flip | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; a market stands in `flips` where its decision differs."""
        told: dict[str, Any] = {"ad_id": self.ad_id, "content_sha256": self.content_sha256}
        if self.flip:
            told["flips"] = {market: [str(was), str(now)] for market, was, now in self.flip.markets() if was is not now}
            told["materials"] = list(self.flip.materials)
            told["hits"] = list(self.flip.hits)
        return told


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What came of a partition.

    Attributes:
        ads: how many it has.
        candidates: how many were matched with both packages to know.
        found: those whose verdict will differ, as `Found.to_dict`.
        seconds: of this machine's processor.
    """

    partition: str
    ads: int
    candidates: int
    found: list[dict[str, Any]]
    seconds: float


class Shards:
    """Ready to sieve partitions for one change; make it once a process.

    Args:
        archive: where the partitions lie.
        change: what differs; None where it is not known what the ads were decided with: then all are decided again.
        since: ISO time; ads that were uploaded before it are left out.
    """

    def __init__(self, archive: Archive, change: PackageChange | None, since: str = "") -> None:
        self._archive, self._change, self._since = archive, change, since
        self.sieve = Sieve(change) if change else None

    def scan(self, partition: Partition) -> ShardResult:
        """Sieve one partition. Where nothing differs, as on most days, it is not even read."""
        if self._change is not None and not self._change:
            return ShardResult(partition.name, 0, 0, [], 0.0)
        started = time.process_time()
        ads, candidates, found = 0, 0, list[Found]()
        with self._archive.files.local(partition.name) as path:
            rows = self._archive.tables.rows(path)
            for first, batch in _batches(rows):
                ads += len(batch)
                wanted = sorted(first + at for at in self._wanted(batch, _InTable(self._archive.tables, path, first)))
                candidates += len(wanted)
                stored = self._archive.tables.fingerprints(path, wanted) if self._change else {}
                found += self._decided([rows[at] for at in wanted], [stored.get(at, "") for at in wanted])
        told = [one.to_dict() for one in found]
        return ShardResult(partition.name, ads, candidates, told, time.process_time() - started)

    def _wanted(self, batch: Sequence[Evidence], heavy: Heavy) -> set[int]:
        found = self.sieve.candidates(batch, heavy) if self.sieve else set(range(len(batch)))
        return {at for at in found if batch[at].modified >= self._since}

    def _decided(self, ads: Sequence[Evidence], stored: Sequence[str]) -> Iterator[Found]:
        for ad, fingerprint in zip(ads, stored, strict=True):
            if self._change is None:
                yield Found(ad.ad_id, ad.content_sha256, None)
            elif (flipped := flip(Fingerprint.from_dict(json.loads(fingerprint)), self._change)) is not None:
                yield Found(ad.ad_id, ad.content_sha256, flipped)


@dataclass(frozen=True, slots=True)
class _InTable:
    """See `Heavy`; of rows of a partition's file, counted from `first`."""

    tables: Tables
    path: Path
    first: int

    def hashes(self, positions: Collection[int]) -> dict[int, bytes]:
        """See `Heavy.hashes`."""
        found = self.tables.hashes(self.path, [self.first + at for at in positions])
        return {at - self.first: value for at, value in found.items()}

    def fingerprints(self, positions: Collection[int]) -> dict[int, str]:
        """See `Heavy.fingerprints`."""
        found = self.tables.fingerprints(self.path, [self.first + at for at in positions])
        return {at - self.first: value for at, value in found.items()}


def _batches(rows: Sequence[Evidence]) -> Iterator[tuple[int, Sequence[Evidence]]]:
    first = 0
    for batch in batched(rows, AT_ONCE, strict=False):
        yield first, batch
        first += len(batch)
