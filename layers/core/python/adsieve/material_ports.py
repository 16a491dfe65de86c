"""What the life of material needs from the outside world: the registry, samples, keys and published packages.

As in `ports`, adapters translate their client's errors. Apart from it, because deciding an ad needs none of this.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from adsieve.domain.audit import AuditEntry, Batch, Change
from adsieve.domain.decision import State
from adsieve.domain.registered import Registered, Version

MOST_CHANGES = 33
"""Changes written together: a table takes 100 items a transaction, and a change is up to three."""


@dataclass(frozen=True, slots=True)
class Record:
    """All that is kept about one material.

    Attributes:
        versions, trail: oldest first.
        damage: what does not read as it was written, and is missing above.
    """

    material_id: str
    head: Registered | None
    versions: tuple[Version, ...]
    trail: tuple[AuditEntry, ...]
    damage: tuple[str, ...] = ()


class MaterialRegistry(Protocol):
    """Every material: its head, its versions, its trail. Nothing is ever deleted.

    What does not read as it was written raises DamagedRecordError; a table that does not answer, UnavailableError.
    """

    def get(self, material_id: str) -> Registered | None:
        """The head of a material."""

    def get_many(self, material_ids: Iterable[str]) -> dict[str, Registered]:
        """The heads of those that exist, by id."""

    def records(self) -> Iterator[Record]:
        """Everything there is, material by material, by id, damaged or not. Reads the whole table."""

    def in_state(self, state: State) -> Iterator[Registered]:
        """Heads in a state, by id. A change of the last second may be missing."""

    def of_concept(self, concept: str) -> Iterator[Registered]:
        """Heads of one idea in its languages, by id. A change of the last second may be missing."""

    def append(self, changes: Sequence[Change]) -> None:
        """Write new heads with their entries and versions: all of them or none. At most `MOST_CHANGES`.

        Writing the same change twice is the same as once. What the authors may not do is refused here too, whatever
        the caller checked before.

        Raises:
            ConflictError: a head is no longer the one that its change rests on.
            TransitionError: an approval by somebody who wrote the version.
        """

    def versions(self, material_id: str) -> Iterator[Version]:
        """Every version, oldest first."""

    def trail(self, material_id: str) -> Iterator[AuditEntry]:
        """Every audit entry, oldest first."""

    def note(self, batch: Batch) -> None:
        """Remember that a batch of changes begins, or that it is done; the note of the same id is replaced."""

    def batches(self) -> Iterator[Batch]:
        """Every batch, newest first."""


class SampleStore(Protocol):
    """Pictures and clips of materials, kept under the digest of their bytes."""

    def put(self, name: str, data: bytes) -> None:
        """Keep it; keeping the same twice is the same as once."""

    def get(self, name: str) -> bytes | None:
        """What is kept under the name."""

    def has(self, name: str) -> bool:
        """Whether something is kept under the name."""


class Signer(Protocol):
    """Holds a private key, or is allowed to use one."""

    def sign(self, data: bytes) -> bytes:
        """A signature over the data."""


class Verifier(Protocol):
    """Knows the public keys that are trusted."""

    def verify(self, data: bytes, signature: bytes) -> None:
        """Do nothing where one of the keys made the signature over this data; raise PackageError otherwise."""


class StoredPointer(NamedTuple):
    """The pointer object as it lies in the store, and the tag that changes with it."""

    data: bytes
    tag: str


class PackageStore(Protocol):
    """Published packages by the digest of their manifest, and the one pointer that says which is in force.

    A package is written once and never changed. What is larger than `limit` raises PackageError, unread.
    """

    def put(self, sha256: str, manifest: bytes, archive: bytes) -> None:
        """Keep a package; keeping the same twice is the same as once."""

    def archive(self, sha256: str, limit: int) -> bytes | None:
        """The archive of a package."""

    def manifest(self, sha256: str, limit: int) -> bytes | None:
        """The manifest of a package alone."""

    def pointer(self, unless: str | None = None) -> StoredPointer | None:
        """The pointer; None where there is none yet, or where its tag is still `unless`."""

    def point(self, data: bytes, expected: str | None) -> str:
        """Replace the pointer and give its new tag.

        Raises:
            ConflictError: its tag is no longer `expected`; None: there must be none yet.
        """
