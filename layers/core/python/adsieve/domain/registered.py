"""A material as the registry keeps it: the head, and its immutable versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from adsieve.domain.canonical import digest, iso
from adsieve.domain.decision import State
from adsieve.domain.material import Material

LOGIC = ("kind", "value", "flags", "radius", "unless", "language")
"""Columns that change what matches. Statistics start again only when one of them changes."""

_POSITION = ("state", "rollout")
"""Columns that say where a material stands; they move without a new version."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One person vouched for one step of one version.

    Attributes:
        to: the state that the step leads to.
        version: what was vouched for.
        number: of the audit entry that records it.
    """

    by: str
    at: datetime
    to: State
    why: str
    version: int
    number: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        told = {"by": self.by, "at": iso(self.at), "to": str(self.to), "why": self.why}
        return told | {"version": self.version, "number": self.number}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        at, to = datetime.fromisoformat(told["at"]), State[told["to"]]
        return cls(told["by"], at, to, told["why"], told["version"], told["number"])


@dataclass(frozen=True, slots=True)
class Registered:
    """The head of a material: its row as it stands, and what its next step must know. Times are aware UTC.

    Attributes:
        material: the row, with its present state and rollout.
        version: counts the versions of the row; a step from state to state makes none.
        authors: who wrote what nobody else has approved yet, last the author of this version. None of them may approve.
        changed_at: when this version was written.
        logic_since: first version with the same match logic: statistics count from it.
        since: when the state was entered.
        moved: number of the audit entry that brought the state; approvals count for a step when they came after it.
        approvals: of this version, in order; those for the present state stay when an edit keeps it.
        paused_from: the state that a PAUSED material was in.
        panic_until: when a material that skipped its tests must be gone.
        entries: how many audit entries there are.
        last: digest of the last of them.
    """

    material: Material
    version: int
    authors: tuple[str, ...]
    changed_at: datetime
    logic_since: int
    since: datetime
    moved: int
    entries: int
    last: str = ""
    approvals: tuple[Approval, ...] = ()
    paused_from: State | None = None
    panic_until: datetime | None = None

    @property
    def author(self) -> str:
        """Who wrote this version."""
        return self.authors[-1]

    @property
    def sha256(self) -> str:
        """Digest of the version: of every column but state and rollout."""
        return digest(content(self.material))

    @property
    def logic_sha256(self) -> str:
        """Digest of what decides which texts and pictures match."""
        return logic_digest(self.material)

    def approvers(self, to: State) -> tuple[str, ...]:
        """Who approved the step to `to` since the present state was entered."""
        return tuple(approval.by for approval in self.approvals if approval.to is to and approval.number > self.moved)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            "material": {"state": str(self.material.state), **self.material.to_row()},
            "version": self.version,
            "authors": list(self.authors),
            "changed_at": iso(self.changed_at),
            "logic_since": self.logic_since,
            "since": iso(self.since),
            "moved": self.moved,
            "entries": self.entries,
            "last": self.last,
            "approvals": [approval.to_dict() for approval in self.approvals],
            "paused_from": None if self.paused_from is None else str(self.paused_from),
            "panic_until": None if self.panic_until is None else iso(self.panic_until),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        known = dict(told)
        known["material"] = Material.from_row(told["material"])
        known["authors"] = tuple(told["authors"])
        known["approvals"] = tuple(Approval.from_dict(approval) for approval in told["approvals"])
        known["paused_from"] = State[told["paused_from"]] if told["paused_from"] else None
        for name in ("changed_at", "since", "panic_until"):
            known[name] = datetime.fromisoformat(told[name]) if told[name] else None
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable version of a row; its state stands in the head and the trail."""

    number: int
    material: Material

    @property
    def sha256(self) -> str:
        """The same digest as that of a head of this version."""
        return digest(content(self.material))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {"number": self.number, "material": content(self.material)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        return cls(told["number"], Material.from_row(told["material"] | {"state": str(State.DRAFT)}))


def content(material: Material) -> dict[str, Any]:
    """The row without what moves on its own, JSON-ready: what a version is."""
    return {name: value for name, value in material.to_row().items() if name not in _POSITION}


def logic_digest(material: Material) -> str:
    """Digest of what decides which texts and pictures match."""
    row = material.to_row()
    return digest({name: row[name] for name in LOGIC if name in row})


def head_digest(head: Registered) -> str:
    """Digest of a head, without the last entry: that entry holds this digest."""
    return digest({name: value for name, value in head.to_dict().items() if name != "last"})
