"""What re-scanning needs from the outside world."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, Self

from adsieve.material.package import Package
from adsieve.service.rescan.evidence import Evidence


class Files(Protocol):
    """Named bytes: a folder, or a prefix of a bucket. Names are relative, with `/` between their parts."""

    def names(self, prefix: str) -> list[str]:
        """Every name that starts so, in order."""

    def read(self, name: str) -> bytes | None:
        """The bytes; None where there are none."""

    def write(self, name: str, data: bytes) -> None:
        """Write whole or not at all."""

    def delete(self, name: str) -> None:
        """Forget the bytes; forgetting what is not there is done."""

    def local(self, name: str) -> AbstractContextManager[Path]:
        """The bytes as a file on this machine, for as long as the context lasts."""


class Tables(Protocol):
    """Reads and writes Parquet."""

    def encode(self, rows: Iterable[Evidence]) -> bytes:
        """A partition of the archive; the same rows in any order give a partition of the same rows."""

    def copy(self, picked: Sequence[tuple[Path, Collection[int]]]) -> bytes:
        """A partition of the rows at these positions of these partitions, whose bytes are never in memory as a whole."""

    def rows(self, path: Path, *, whole: bool = False) -> list[Evidence]:
        """Every row of a partition; `hashes` and `fingerprint` are empty unless asked for: they are most of the bytes."""

    def hashes(self, path: Path, positions: Collection[int]) -> dict[int, bytes]:
        """The hashes of the rows at these positions."""

    def fingerprints(self, path: Path, positions: Collection[int] | None = None) -> dict[int, str]:
        """The fingerprints of the rows at these positions, or of all, whatever version wrote them."""

    def encode_inventory(self, source: Path) -> tuple[bytes, int]:
        """A day's inventory from a CSV, JSON-lines or Parquet file with `ad_id` and `exposure`; and how many ads."""

    def exposure(self, path: Path, ads: Sequence[str]) -> dict[str, int]:
        """Exposure of those of these ads that the inventory names."""


class Packages(Protocol):
    """Packages by digest."""

    def get(self, sha256: str) -> Package | None:
        """The package; None where it is no longer kept."""


class Jobs(Protocol):
    """The re-scan queue."""

    def send(self, jobs: Sequence[dict[str, Any]]) -> None:
        """Queue them, all or none; raises UnavailableError."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ads of a partition are decided with: each of them as a scan with it would say.

    Attributes:
        package: digest of the package's manifest; empty where it is not known.
        engine: version of the engine.
        day: day of the decision (UTC), for validity dates.
    """

    package: str
    engine: str
    day: date

    def __str__(self) -> str:
        return f"{self.package}_{self.engine}_{self.day.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Inverse of `str`."""
        package, engine, day = text.split("_")
        return cls(package, engine, date.fromisoformat(day))
