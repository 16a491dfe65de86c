"""What one person does with the registry: each verb reads the head, asks the state machine, and writes the result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from adsieve.domain import lifecycle
from adsieve.domain.audit import Change
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, InputError
from adsieve.domain.guards import Evidence
from adsieve.domain.material import Material
from adsieve.domain.registered import Registered
from adsieve.material_ports import MaterialRegistry, SampleStore

type Gates = Callable[[Registered, State], Evidence]
"""Runs the tests that a step asks for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The registry as one person uses it.

    Attributes:
        registry: where material is kept.
        samples: where its pictures and clips are kept.
        who: the person, see `lifecycle.person`.
        gates: runs the tests of a step.
        clock: the time, aware.
        dry: decide everything, write nothing.
    """

    registry: MaterialRegistry
    samples: SampleStore
    who: str
    gates: Gates
    clock: Callable[[], datetime]
    dry: bool = False

    def head(self, material_id: str) -> Registered:
        """The head of a material; raises InputError where there is none."""
        head = self.registry.get(material_id)
        if head is None:
            raise InputError(f"{material_id}: no such material, `adsieve material list` shows them")
        return head

    def add(self, material: Material, why: str) -> Change:
        """Add a material as DRAFT; raises InputError where the id is taken."""
        if self.registry.get(material.id):
            raise InputError(f"{material.id}: is in the registry already, see `adsieve material show {material.id}`")
        return self._write(lifecycle.add(material, self.who, self.clock(), why))

    def edit(self, material: Material, why: str) -> Change:
        """Write a new version; see `lifecycle.edit`."""
        return self._write(lifecycle.edit(self.head(material.id), material, self.who, self.clock(), why))

    def approve(self, material_id: str, to: State, why: str) -> Change:
        """Vouch for a step; see `lifecycle.approve`."""
        return self._write(lifecycle.approve(self.head(material_id), to, self.who, self.clock(), why))

    def move(
        self,
        material_id: str,
        to: State,
        why: str,
        *,
        rollout: int | None = None,
        hours: float | None = None,
        override: bool = False,
    ) -> Change:
        """Make a step, with the tests that it asks for; see `lifecycle.move`."""
        head = self.head(material_id)
        change = lifecycle.move(
            head,
            to,
            self.who,
            self.clock(),
            why,
            evidence=self.gates(head, to) if lifecycle.asks_for_tests(head, to) else lifecycle.NO_EVIDENCE,
            rollout=rollout,
            hours=hours,
            override=override,
        )
        return self._write(change)

    def sweep(self) -> Iterator[Change]:
        """Expire and pause what is overdue; what somebody else changes meanwhile is left to the next sweep."""
        for state in (State.SHADOW, State.CANARY, State.ACTIVE, State.PAUSED):
            for head in list(self.registry.in_state(state)):
                change = lifecycle.overdue(head, self.clock())
                if change is None:
                    continue
                try:
                    yield self._write(change)
                except ConflictError:
                    continue

    def _write(self, change: Change) -> Change:
        if not self.dry:
            self.registry.append([change])
        return change


def no_tests(head: Registered, to: State) -> Evidence:
    """Where tests cannot be run, no step that rests on them can be made; raises InputError."""
    raise InputError(f"{head.material.id}: tests for {to} need a place for their report, set ADSIEVE_MATERIALS_BUCKET")
