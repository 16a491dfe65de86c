"""Hits of materials in memory."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from adsieve.ports import Hit


class MemoryHitLog:
    """See `HitLog`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Hit] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def note(self, hits: Iterable[Hit]) -> None:
        """See `HitLog.note`."""
        self._kept |= {(hit.material_id, f"{hit.at:%Y%m%d%H}", hit.ad_id): hit for hit in hits}

    def busy(self, since: datetime) -> dict[str, int]:
        """See `HitLog.busy`."""
        begin = since.replace(minute=0, second=0, microsecond=0)
        return dict(Counter(hit.material_id for hit in self._kept.values() if hit.at >= begin))

    def hits(self, material_id: str, since: datetime) -> Iterator[Hit]:
        """See `HitLog.hits`."""
        found = (hit for hit in self._kept.values() if hit.material_id == material_id and hit.at >= since)
        return iter(sorted(found, key=lambda hit: (hit.at, hit.ad_id)))
