"""The lock of a package: exactly which version of which material it holds, and where each stood."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from adsieve.domain.decision import State
from adsieve.domain.errors import PackageError
from adsieve.domain.registered import Registered

LOCK = "materials.lock"


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
