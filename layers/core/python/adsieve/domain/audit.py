"""The trail of who did what to a material, when and why: each entry holds the digest of the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from adsieve.domain.canonical import digest, iso
from adsieve.domain.decision import State
from adsieve.domain.registered import Registered, Version


class Event(StrEnum):
    """What an audit entry tells."""

    ADDED = "added"
    EDITED = "edited"
    APPROVED = "approved"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that happened to a material. Each entry names the digest of the one before it.

    Attributes:
        number: 1 for the first entry of the material.
        by, why, at: who, why, when; `by` is `system` where a rule acted.
        cause: what it was part of, e.g. the id of an import.
        content: digest of the version.
        approves: for an approval, the state that the approved step leads to.
        gates: digest of the test report that the step rests on.
        overridden: guards that a second approver stood in for.
        head: digest of the head that resulted.
        previous: digest of the entry before, empty for the first.
    """

    material_id: str
    number: int
    event: Event
    by: str
    at: datetime
    why: str
    version: int
    content: str
    state: State
    rollout: int
    head: str
    previous: str
    approves: State | None = None
    cause: str = ""
    gates: str = ""
    overridden: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Of everything in the entry, and so of everything before it."""
        return digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            "material_id": self.material_id,
            "number": self.number,
            "event": str(self.event),
            "by": self.by,
            "at": iso(self.at),
            "why": self.why,
            "version": self.version,
            "content": self.content,
            "state": str(self.state),
            "rollout": self.rollout,
            "head": self.head,
            "previous": self.previous,
            "approves": None if self.approves is None else str(self.approves),
            "cause": self.cause,
            "gates": self.gates,
            "overridden": list(self.overridden),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        known = dict(told)
        known["event"], known["state"] = Event(told["event"]), State[told["state"]]
        known["approves"] = State[told["approves"]] if told["approves"] else None
        known["at"], known["overridden"] = datetime.fromisoformat(told["at"]), tuple(told["overridden"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Change:
    """A new head with the entry that explains it, to be written together or not at all.

    Attributes:
        expected: the head that it rests on; None for a new material.
    """

    head: Registered
    entry: AuditEntry
    expected: Registered | None

    @property
    def version(self) -> Version | None:
        """The version that the change adds, if it adds one."""
        if self.expected is not None and self.expected.version == self.head.version:
            return None
        return Version(self.head.version, self.head.material)


@dataclass(frozen=True, slots=True)
class Batch:
    """A note about many changes that belong together, e.g. an import; one without `done` was cut off on the way.

    Attributes:
        id: the same for the same input, so that doing it again finishes it.
        source: what it was read from.
        changes: how many there are to make.
    """

    id: str
    source: str
    by: str
    at: datetime
    changes: int
    done: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        told = {"id": self.id, "source": self.source, "by": self.by, "at": iso(self.at), "changes": self.changes}
        return told | {"done": None if self.done is None else iso(self.done)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        done = datetime.fromisoformat(told["done"]) if told["done"] else None
        return cls(told["id"], told["source"], told["by"], datetime.fromisoformat(told["at"]), told["changes"], done)
