"""The life of a material: one function a kind of change, each giving the new head and the entry that explains it.

```
DRAFT → SHADOW → CANARY (1, 10, 50 %) → ACTIVE → EXPIRED, RETIRED
SHADOW ← CANARY, ACTIVE              PAUSED ← SHADOW, CANARY, ACTIVE       PAUSED → where it was, or less
DRAFT → ACTIVE as panic material     EXPIRED → DRAFT by a new version      RETIRED is the end
```
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from adsieve.domain.audit import AuditEntry, Change, Event
from adsieve.domain.canonical import canonical
from adsieve.domain.decision import State
from adsieve.domain.edits import Reach, reach
from adsieve.domain.errors import InputError, TransitionError
from adsieve.domain.guards import (
    APPROVED,
    BRIEF,
    EXEMPLIFIED,
    IN_DATE,
    MILD,
    NARROW,
    OVER,
    PANIC_APPROVAL,
    PROVEN,
    RESUMES,
    ROLLOUTS,
    SEEN,
    STEPWISE,
    SYSTEM,
    TESTED,
    TESTED_OR_OVERRIDDEN,
    WIDEST,
    Evidence,
    Guard,
    Step,
)
from adsieve.domain.material import EVERY_AD, Material
from adsieve.domain.registered import Approval, Registered, content, head_digest

NO_EVIDENCE = Evidence()
MAX_NAME = 200
MAX_ROW = 30_000
"""Bytes of a row as JSON: a batch of changes must fit into one transaction of the table."""

_LIVE = (State.SHADOW, State.CANARY, State.ACTIVE)

STEPS: Mapping[tuple[State, State], tuple[Guard, ...]] = MappingProxyType(
    {
        (State.DRAFT, State.SHADOW): (EXEMPLIFIED, TESTED, IN_DATE),
        (State.DRAFT, State.ACTIVE): (BRIEF, MILD, NARROW, EXEMPLIFIED, TESTED, IN_DATE),
        (State.SHADOW, State.CANARY): (TESTED_OR_OVERRIDDEN, SEEN, IN_DATE, STEPWISE, APPROVED),
        (State.CANARY, State.CANARY): (STEPWISE,),
        (State.CANARY, State.ACTIVE): (WIDEST, PROVEN, IN_DATE, APPROVED),
        (State.CANARY, State.SHADOW): (),
        (State.ACTIVE, State.SHADOW): (),
        (State.PAUSED, State.SHADOW): (IN_DATE,),
        (State.PAUSED, State.CANARY): (RESUMES, IN_DATE, STEPWISE, APPROVED),
        (State.PAUSED, State.ACTIVE): (RESUMES, IN_DATE, APPROVED),
        **{(state, State.PAUSED): () for state in _LIVE},
        **{(state, State.EXPIRED): (OVER,) for state in (*_LIVE, State.PAUSED)},
        **{(state, State.RETIRED): () for state in State if state is not State.RETIRED},
    }
)
"""Every step there is, with its guards; DRAFT is entered by writing a version, see `edit`."""


def add(material: Material, by: str, at: datetime, why: str, cause: str = "") -> Change:
    """A new material, in DRAFT whatever the row says; raises InputError where a name or reason is missing."""
    row = replace(material, state=State.DRAFT, rollout=EVERY_AD, source="")
    head = Registered(row, 1, (person(by),), at, logic_since=1, since=at, moved=1, entries=1)
    return _change(None, head, Event.ADDED, why, by=by, at=at, cause=cause)


def edit(head: Registered, material: Material, by: str, at: datetime, why: str, cause: str = "") -> Change:
    """A new version of the row; its state and rollout are not taken from `material`.

    A version that only comments or narrows keeps its state. Any other goes back to DRAFT where the material decides
    nothing, and is refused where it does: what matches more is new material, with its own time in shadow.

    Raises:
        TransitionError: nothing differs, the material is retired, or the version would widen what decides now.
    """
    old, by = head.material, person(by)
    row = replace(material, id=old.id, state=old.state, rollout=old.rollout, source="")
    changed = reach(old, row)
    if changed is Reach.NOTHING:
        raise TransitionError(old.id, "changed", "nothing differs from the present version", "change a column")
    if old.state is State.RETIRED:
        raise TransitionError(old.id, "path", "is retired", "add it again under a new id")
    if changed is Reach.WIDER and old.state in (State.CANARY, State.ACTIVE):
        hint = "pause it first, or add a new material and retire this one once that is active"
        raise TransitionError(
            old.id, "widening", f"would match or do more than what was approved, as {old.state}", hint
        )
    restart = changed is Reach.WIDER or (changed is Reach.NARROWER and old.state is State.EXPIRED)
    version = head.version + 1
    approved = any(approval.version == head.version for approval in head.approvals)
    same_logic = replace(head, material=row).logic_sha256 == head.logic_sha256
    written = replace(
        head,
        material=row,
        version=version,
        authors=_authors(() if approved else head.authors, by),
        changed_at=at,
        logic_since=head.logic_since if same_logic else version,
        approvals=tuple(approval for approval in head.approvals if approval.to is old.state),
    )
    if restart and old.state is not State.DRAFT:
        written = _enter(written, State.DRAFT, at)
    return _change(head, written, Event.EDITED, why, by=by, at=at, cause=cause)


def approve(head: Registered, to: State, by: str, at: datetime, why: str) -> Change:
    """One more person vouches for the step to `to`, or for panic material that is active already.

    Raises:
        TransitionError: the step does not wait for approval, or the person wrote it, or approved it already.
    """
    material_id, by = head.material.id, person(by)
    if not _awaits(head, to):
        raise TransitionError(material_id, "path", f"is {head.material.state}, no step to {to} waits for approval")
    if by in head.authors or by == SYSTEM:
        hint = "somebody else must approve it"
        raise TransitionError(material_id, "four_eyes", f"{by} wrote it and may not approve it", hint)
    if by in head.approvers(to):
        raise TransitionError(
            material_id, "four_eyes", f"{by} approved it already", "somebody else must approve it too"
        )
    approval = Approval(by, at, to, why, head.version, head.entries + 1)
    vouched = replace(head, approvals=(*head.approvals, approval))
    return _change(head, vouched, Event.APPROVED, why, by=by, at=at, approves=to)


def move(
    head: Registered,
    to: State,
    by: str,
    at: datetime,
    why: str,
    *,
    evidence: Evidence = NO_EVIDENCE,
    rollout: int | None = None,
    hours: float | None = None,
    override: bool = False,
    cause: str = "",
) -> Change:
    """One step to another state, or of a canary to another rollout.

    Args:
        head: as it stands.
        to: the state to enter.
        by: who, or SYSTEM.
        at: when, aware.
        why: the reason, for the trail.
        evidence: what tests and traffic say.
        rollout: percent of ads, for CANARY.
        hours: makes DRAFT → ACTIVE a panic: how long it may live.
        override: let two approvers stand in for missing evidence.
        cause: what the step is part of.

    Raises:
        TransitionError: names the first guard that is not met.
    """
    by = by if by == SYSTEM else person(by)
    present = head.material.state
    guards = STEPS.get((present, to))
    if guards is None:
        ways = ", ".join(str(end) for start, end in STEPS if start is present) or "nowhere"
        raise TransitionError(head.material.id, "path", f"cannot go from {present} to {to}", f"it can go to {ways}")
    if hours is not None and (present, to) != (State.DRAFT, State.ACTIVE):
        raise TransitionError(head.material.id, "brief", "only a panic, from DRAFT to ACTIVE, is for hours")
    if rollout is not None and to is not State.CANARY:
        raise TransitionError(head.material.id, "stepwise", f"a rollout is for CANARY, not for {to}")
    if by == SYSTEM and to not in (State.PAUSED, State.EXPIRED):
        raise TransitionError(head.material.id, "person", f"a step to {to} takes a person")
    step = Step(head, to, by, at, evidence, rollout, hours)
    if override:
        step = replace(
            step, overridden=tuple(guard.name for guard in guards if guard.overridable and guard.unmet(step))
        )
    for guard in guards:
        if guard.name not in step.overridden:
            guard.refuse(step)
    told: dict[str, Any] = {"cause": cause, "gates": evidence.gates, "overridden": step.overridden}
    return _change(head, _moved(step), Event.MOVED, why, by=by, at=at, **told)


def asks_for_tests(head: Registered, to: State) -> bool:
    """Whether a step rests on evidence, so that tests are worth their time."""
    return any(guard.name in ("tested", "proven") for guard in STEPS.get((head.material.state, to), ()))


def overdue(head: Registered, now: datetime) -> Change | None:
    """What the system must do with a material now, whoever forgot: expire it, or pause unapproved panic material."""
    if (head.material.state, State.EXPIRED) in STEPS:
        over = OVER.unmet(Step(head, State.EXPIRED, SYSTEM, now, NO_EVIDENCE)) == ""
        if over:
            return move(head, State.EXPIRED, SYSTEM, now, "its last day or hour has passed")
    if _awaits_panic_approval(head) and now >= head.since + PANIC_APPROVAL:
        return move(head, State.PAUSED, SYSTEM, now, "no second person approved it within the hour")
    return None


def person(name: str) -> str:
    """A name as it is compared: one spelling for one person.

    Raises:
        InputError: it is empty, hides characters, or is kept for the system.
    """
    told = unicodedata.normalize("NFKC", name).strip().casefold()
    if not told or len(told) > MAX_NAME or not told.isprintable() or told == SYSTEM:
        raise InputError(f"`{name[:MAX_NAME]!r}` is no name of a person, want 1 to {MAX_NAME} visible characters")
    return told


def _moved(step: Step) -> Registered:
    head = step.head
    if head.material.state is step.to:
        return replace(head, material=replace(head.material, rollout=step.rollout or head.material.rollout))
    entered = _enter(head, step.to, step.at)
    if step.hours is None:
        return entered
    until = step.at + timedelta(hours=step.hours)
    return replace(entered, panic_until=until, authors=_authors(head.authors, step.by))


def _enter(head: Registered, state: State, at: datetime) -> Registered:
    """The head in another state; what belonged to the old one is gone, except that a pause remembers where it was."""
    present = head.material.state
    stays_panic = state in (State.PAUSED, State.ACTIVE)
    return replace(
        head,
        material=replace(head.material, state=state, rollout=ROLLOUTS[0] if state is State.CANARY else EVERY_AD),
        since=at,
        moved=head.entries + 1,
        paused_from=present if state is State.PAUSED else None,
        panic_until=head.panic_until if stays_panic else None,
    )


def _awaits(head: Registered, to: State) -> bool:
    if _awaits_panic_approval(head):
        return to is State.ACTIVE
    return APPROVED in STEPS.get((head.material.state, to), ())


def _awaits_panic_approval(head: Registered) -> bool:
    panic = head.material.state is State.ACTIVE and head.panic_until is not None
    return panic and all(approval.to is not State.ACTIVE for approval in head.approvals)


def _authors(before: tuple[str, ...], by: str) -> tuple[str, ...]:
    return (*(name for name in before if name != by), by)


def _change(expected: Registered | None, head: Registered, event: Event, why: str, **told: Any) -> Change:
    """The change with its entry; the head counts the entry and remembers its digest."""
    if not why.strip():
        raise InputError(f"{head.material.id}: say why")
    size = len(canonical(content(head.material)).encode())
    if size > MAX_ROW:
        raise InputError(f"{head.material.id}: is {size:,} bytes of row, at most {MAX_ROW:,}: shorten note or examples")
    number = expected.entries + 1 if expected else 1
    head = replace(head, entries=number, last="")
    entry = AuditEntry(
        material_id=head.material.id,
        number=number,
        event=event,
        why=why.strip(),
        version=head.version,
        content=head.sha256,
        state=head.material.state,
        rollout=head.material.rollout,
        head=head_digest(head),
        previous=expected.last if expected else "",
        **(told | {"by": told["by"] if told["by"] == SYSTEM else person(told["by"])}),
    )
    return Change(replace(head, last=entry.digest), entry, expected)
