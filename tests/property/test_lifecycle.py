"""A walk through the life of a material, step by step at random: no path that the rules forbid, no step without a trail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from adsieve.adapters.memory_materials import MemoryMaterialRegistry
from adsieve.domain.audit import Change, Event
from adsieve.domain.decision import Action, State
from adsieve.domain.errors import InputError
from adsieve.domain.guards import SYSTEM, Evidence
from adsieve.domain.lifecycle import add, approve, edit, move, overdue
from adsieve.domain.registered import Registered, head_digest
from tests.builders import NOON, a_material

D, S, C, A, P, E, R = State
ALLOWED = {
    (D, S), (D, A), (D, R), (S, C), (S, D), (S, P), (S, E), (S, R), (C, C), (C, A), (C, S), (C, P), (C, E), (C, R),
    (A, S), (A, P), (A, E), (A, R), (P, S), (P, C), (P, A), (P, D), (P, E), (P, R), (E, D), (E, R),
}  # fmt: skip
"""Written down again from the design, not imported: the code must agree with it."""

PEOPLE = st.sampled_from(["amal", "badr", "chen", "Amal "])
ROWS: dict[str, Any] = {"examples_hit": ("a casino", "casinos b"), "examples_miss": ("casinova", "hello")}
EDITS: list[dict[str, Any]] = [
    {"note": "seen again"}, {"action": Action.REVIEW}, {"action": Action.REJECT}, {"value": "kasino"}, {"value": "casino"},
    {"markets": ("SA",)}, {"markets": ()}, {"unless": ("casino royale",)}, {"unless": ()},
    {"expires": date(2026, 11, 24)}, {"expires": None}, {"action": Action.ALLOW},
]  # fmt: skip

EVIDENCE = [
    Evidence(), Evidence("g", ("too broad",)), Evidence("g"), Evidence("g", (), 40, 0.5), Evidence("g", promote=True),
]  # fmt: skip


class Life(RuleBasedStateMachine):
    """One material in a registry; every rule tries something, and what is refused must leave no trace."""

    def __init__(self) -> None:
        super().__init__()
        self.registry = MemoryMaterialRegistry()
        self.now = NOON
        self.wrote: dict[int, set[str]] = {}

    @initialize(by=PEOPLE)
    def begin(self, by: str) -> None:
        self.attempt(lambda _: add(a_material(**ROWS), by, self.now, "a case"))

    @property
    def head(self) -> Registered:
        head = self.registry.get("T-1")
        assert head is not None
        return head

    def attempt(self, make: Callable[[Any], Change | None]) -> None:
        before = self.registry.get("T-1")
        try:
            change = make(before)
        except InputError:
            assert self.registry.get("T-1") == before
            return
        if change is not None:
            self.registry.append([change])
            self.check_step(before, change)

    def check_step(self, before: Registered | None, change: Change) -> None:
        after, entry = change.head, change.entry
        if entry.event in (Event.ADDED, Event.EDITED):
            self.wrote[after.version] = {entry.by}
        if before is None:
            return
        was, now = before.material.state, after.material.state
        if was is not now or before.material.rollout != after.material.rollout:
            assert (was, now) in ALLOWED
            assert entry.event is Event.MOVED or now is D
            self.check_four_eyes(before, after)
        if entry.by == SYSTEM:
            assert now in (P, E)

    def check_four_eyes(self, before: Registered, after: Registered) -> None:
        """Whoever let it decide, at least one of them did not write what decides now."""
        was, now = before.material.state, after.material.state
        if now not in (C, A) or (was, now) in ((C, C), (D, A)):
            return
        vouched = {
            approval.by for approval in before.approvals if approval.to is now and approval.number > before.moved
        }
        assert vouched - self.wrote[before.version]
        assert len(vouched) >= (2 if before.material.action is Action.ALLOW else 1)

    @rule(by=PEOPLE, columns=st.sampled_from(EDITS))
    def write(self, by: str, columns: dict[str, Any]) -> None:
        self.attempt(lambda head: edit(head, replace(head.material, **columns), by, self.now, "a change"))

    @rule(by=PEOPLE, to=st.sampled_from(State))
    def vouch(self, by: str, to: State) -> None:
        self.attempt(lambda head: approve(head, to, by, self.now, "looks right"))

    @rule(
        by=st.one_of(PEOPLE, st.just(SYSTEM)),
        to=st.sampled_from(State),
        rollout=st.sampled_from([None, 1, 10, 50, 100, 0]),
        hours=st.sampled_from([None, None, 0, 3, 24, 25]),
        override=st.booleans(),
        evidence=st.sampled_from(EVIDENCE),
    )
    def step(self, by: str, to: State, **asked: Any) -> None:
        self.attempt(lambda head: move(head, to, by, self.now, "because", **asked))

    @rule(hours=st.sampled_from([0.5, 1.0, 25.0, 24 * 40.0]), sweep=st.booleans())
    def wait(self, hours: float, *, sweep: bool) -> None:
        self.now += timedelta(hours=hours)
        if sweep:
            self.attempt(lambda head: overdue(head, self.now))

    @rule(expert=st.sampled_from(["badr", "chen"]))
    def go_all_the_way(self, expert: str) -> None:
        """The straight road, which chance alone seldom finds."""
        good = Evidence("g", (), 40, 0, promote=True)
        for to, rollout in ((S, None), (C, None), (C, 10), (C, 50), (A, None)):
            self.attempt(partial(approve, to=to, by=expert, at=self.now, why="looks right"))
            self.attempt(partial(move, to=to, by="amal", at=self.now, why="next", evidence=good, rollout=rollout))

    @invariant()
    def what_may_decide_is_within_its_bounds(self) -> None:
        if self.registry.get("T-1") is None:
            return
        head = self.head
        rollout = head.material.rollout
        assert rollout in (1, 10, 50) if head.material.state is C else rollout == 100
        if head.panic_until:
            assert head.material.state in (A, P)
            assert head.panic_until - head.since <= timedelta(hours=24)
            assert head.material.action <= Action.REVIEW
            assert 1 <= len(head.material.markets) <= 3
        late = overdue(head, self.now)
        assert late is None or overdue(late.head, self.now) is None

    @invariant()
    def the_trail_explains_the_head(self) -> None:
        trail = list(self.registry.trail("T-1"))
        if not trail:
            return
        head = self.head
        assert [entry.number for entry in trail] == list(range(1, len(trail) + 1))
        assert all(after.previous == before.digest for before, after in pairwise(trail))
        last = trail[-1]
        assert (head.last, last.head, head.entries) == (last.digest, head_digest(head), last.number)
        assert (head.material.state, head.material.rollout, head.version) == (last.state, last.rollout, last.version)
        assert [version.number for version in self.registry.versions("T-1")] == list(range(1, head.version + 1))


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
