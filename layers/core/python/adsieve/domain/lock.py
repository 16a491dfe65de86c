"""The lock of a package: exactly which version of which material it holds, and where each stood."""

import json
from collections.abc import Iterable
from typing import NamedTuple, Self

from adsieve.domain.canonical import canonical, digest
from adsieve.domain.decision import State
from adsieve.domain.errors import PackageError
from adsieve.domain.registered import Registered

LOCK = "materials.lock"
TRAIL = "materials.trail"


class Locked(NamedTuple):
    """One material as it was packed."""

    id: str
    version: int
    sha256: str
    state: State
    rollout: int

    @classmethod
    def of(cls, head: Registered) -> Self:
        """What identifies a head: two heads with the same lock pack to the same row."""
        material = head.material
        return cls(material.id, head.version, head.sha256, material.state, material.rollout)

    def line(self) -> str:
        """As written in the lock."""
        return f"{self.id}\t{self.version}\t{self.sha256}\t{self.state}\t{self.rollout}"


def write_lock(heads: Iterable[Registered]) -> bytes:
    """The lock file: one line a material, sorted by id."""
    lines = (Locked.of(head).line() for head in sorted(heads, key=lambda head: head.material.id))
    return "".join(line + "\n" for line in lines).encode()


def read_lock(data: bytes) -> list[Locked]:
    """Inverse of `write_lock`."""
    try:
        fields = [line.split("\t") for line in data.decode().splitlines()]
        return [Locked(name, int(version), sha, State[state], int(roll)) for name, version, sha, state, roll in fields]
    except (ValueError, KeyError) as error:
        raise PackageError("inconsistent", f"{LOCK}: {error}") from None


class Trail(NamedTuple):
    """How long the audit trails of the locked materials were, in the lock's order, and a digest over their last entries.

    The package is signed, so a trail that is rewritten afterwards no longer fits what was signed.
    """

    entries: tuple[int, ...]
    root: str

    @classmethod
    def of(cls, heads: Iterable[Registered]) -> Self:
        """Of heads as they are packed."""
        ordered = sorted(heads, key=lambda head: head.material.id)
        return cls(tuple(head.entries for head in ordered), trail_root(head.last for head in ordered))

    def to_bytes(self) -> bytes:
        """The file; `from_bytes` reads it back."""
        return canonical(self._asdict()).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Inverse of `to_bytes`."""
        try:
            told = json.loads(data)
            return cls(tuple(told["entries"]), told["root"])
        except (ValueError, KeyError, TypeError) as error:
            raise PackageError("inconsistent", f"{TRAIL}: {error}") from None


def trail_root(ends: Iterable[str]) -> str:
    """Digest over the digests of last entries, in the order of the lock."""
    return digest([*ends])
