"""Each guard of a material's life on its own, and what an edit may do to what is live."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from adsieve.domain.decision import Action, State
from adsieve.domain.edits import Reach, reach
from adsieve.domain.errors import InputError, TransitionError
from adsieve.domain.guards import SYSTEM, Evidence
from adsieve.domain.lifecycle import STEPS, add, approve, edit, move, overdue, person
from adsieve.domain.material import Flag, Kind, Material
from adsieve.domain.registered import Registered
from tests.builders import NOON, a_material

EXAMPLES: dict[str, Any] = {"examples_hit": ("a", "b"), "examples_miss": ("c", "d")}
TESTED = Evidence("g", clusters=40)
PROVEN = Evidence("g", clusters=40, promote=True)


def draft(**fields: Any) -> Registered:
    return add(a_material(**(EXAMPLES | {"action": Action.REVIEW} | fields)), "amal", NOON, "a case").head


def go(head: Registered, to: State, by: str = "amal", **how: Any) -> Registered:
    return move(head, to, by, NOON, "because", **({"evidence": PROVEN} | how)).head


def vouched(head: Registered, to: State, *people: str) -> Registered:
    for name in people or ("badr",):
        head = approve(head, to, name, NOON, "looks right").head
    return head


def canary(**fields: Any) -> Registered:
    return go(vouched(go(draft(**fields), State.SHADOW), State.CANARY, "badr", "chen"), State.CANARY)


def active(**fields: Any) -> Registered:
    head = go(go(canary(**fields), State.CANARY, rollout=10), State.CANARY, rollout=50)
    return go(vouched(head, State.ACTIVE, "badr", "chen"), State.ACTIVE)


def refused(*arguments: Any, **how: Any) -> str:
    with pytest.raises(TransitionError) as error:
        go(*arguments, **how)
    return error.value.guard


def test_the_diagram_is_what_the_steps_say() -> None:
    ways = {start.name: "".join(sorted(end.name[0] for begin, end in STEPS if begin is start)) for start in State}
    assert ways == {
        "DRAFT": "ARS", "SHADOW": "CEPR", "CANARY": "ACEPRS", "ACTIVE": "EPRS", "PAUSED": "ACERS", "EXPIRED": "R",
        "RETIRED": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "fields", "guard"),
    [
        (Evidence(), {}, "tested"),
        (Evidence("g", ("G1 clean corpus: 9 hits, at most 4",)), {}, "tested"),
        (TESTED, {"examples_hit": ("a",)}, "exemplified"),
        (TESTED, {"examples_miss": ()}, "exemplified"),
        (TESTED, {"expires": NOON.date() - timedelta(1)}, "in_date"),
    ],
)
def test_shadow_asks_for_tests_examples_and_a_date(evidence: Evidence, fields: Any, guard: str) -> None:
    assert refused(draft(**fields), State.SHADOW, evidence=evidence) == guard
    assert refused(draft(**fields), State.SHADOW, evidence=evidence, override=True) == guard


def test_a_picture_needs_no_example_texts() -> None:
    picture = draft(kind=Kind.IMAGE, examples_hit=(), examples_miss=())
    assert go(picture, State.SHADOW).material.state is State.SHADOW


@pytest.mark.parametrize(
    ("fields", "evidence", "override", "people"),
    [
        ({}, TESTED, False, 1),
        ({"action": Action.REJECT}, TESTED, False, 1),
        ({"action": Action.REJECT}, replace(TESTED, share=0.002), False, 2),
        ({"action": Action.ALLOW}, TESTED, False, 2),
        ({}, Evidence("g"), True, 2),
        ({}, Evidence("g", ("too broad",), 40), True, 2),
    ],
)
def test_a_canary_takes_as_many_people_as_it_may_do_harm(
    fields: Any, evidence: Evidence, override: bool, people: int
) -> None:
    head = go(draft(**fields), State.SHADOW)
    for name in ["badr", "chen"][:people]:
        assert refused(head, State.CANARY, evidence=evidence, override=override) == "approved"
        head = vouched(head, State.CANARY, name)
    assert go(head, State.CANARY, evidence=evidence, override=override).material.rollout == 1


def test_missing_evidence_is_named_unless_it_is_overridden() -> None:
    head = vouched(go(draft(), State.SHADOW), State.CANARY, "badr", "chen")
    assert refused(head, State.CANARY, evidence=Evidence("g")) == "seen"
    change = move(head, State.CANARY, "amal", NOON, "urgent", evidence=Evidence("g"), override=True)
    assert change.entry.overridden == ("seen",)
    assert refused(canary(), State.ACTIVE) == "widest"


def test_an_approval_is_for_one_step_of_one_version() -> None:
    shadow = go(draft(), State.SHADOW)
    approved = vouched(shadow, State.CANARY)
    noted = edit(approved, replace(approved.material, note="n"), "amal", NOON, "a note").head
    assert refused(noted, State.CANARY) == "approved"
    back = go(go(approved, State.CANARY), State.SHADOW)
    assert refused(back, State.CANARY) == "approved"
    with pytest.raises(TransitionError, match="no step to ACTIVE waits"):
        approve(shadow, State.ACTIVE, "badr", NOON, "early")


def test_nobody_who_wrote_unapproved_text_may_approve_it_even_after_another_edit() -> None:
    shadow = go(draft(), State.SHADOW)
    touched = edit(shadow, replace(shadow.material, note="n"), "badr", NOON, "a note").head
    for name in ("amal", "badr", " AMAL ", SYSTEM):
        with pytest.raises(InputError):
            approve(touched, State.CANARY, name, NOON, "mine")
    vouched(touched, State.CANARY, "chen")


def test_authors_of_what_was_approved_may_approve_what_others_change() -> None:
    head = edit(canary(), replace(canary().material, action=Action.LOG), "badr", NOON, "weaker").head
    assert head.authors == ("badr",)


def test_an_old_approval_does_not_cover_what_was_written_after_it() -> None:
    head = edit(canary(), replace(canary().material, action=Action.LOG), "dina", NOON, "weaker").head
    head = edit(head, replace(head.material, note="n"), "amal", NOON, "a note").head
    assert head.authors == ("dina", "amal")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Reach.NOTHING),
        ({"note": "n", "owner": "o", "concept": "c"}, Reach.COMMENT),
        ({"examples_hit": ("x",)}, Reach.COMMENT),
        ({"action": Action.LOG}, Reach.NARROWER),
        ({"action": Action.REJECT}, Reach.WIDER),
        ({"action": Action.ALLOW}, Reach.WIDER),
        ({"markets": ("SA",)}, Reach.NARROWER),
        ({"markets": ("SA", "GB")}, Reach.WIDER),
        ({"markets": ()}, Reach.WIDER),
        ({"unless": ("casino royale", "x")}, Reach.NARROWER),
        ({"unless": ()}, Reach.WIDER),
        ({"radius": 8}, Reach.NARROWER),
        ({"radius": 12}, Reach.WIDER),
        ({"radius": None}, Reach.WIDER),
        ({"expires": date(2026, 12, 1)}, Reach.NARROWER),
        ({"expires": None}, Reach.WIDER),
        ({"starts": date(2026, 12, 1)}, Reach.NARROWER),
        ({"value": "kasino"}, Reach.WIDER),
        ({"policy": "loans"}, Reach.WIDER),
        ({"flags": frozenset({Flag.CASE})}, Reach.WIDER),
        ({"action": Action.LOG, "value": "kasino"}, Reach.WIDER),
    ],
)
def test_how_far_an_edit_reaches(change: dict[str, Any], expected: Reach) -> None:
    old = a_material(
        action=Action.REVIEW, markets=("SA", "AE"), unless=("casino royale",), radius=10, expires=date(2027, 1, 1)
    )
    assert reach(old, replace(old, **change)) is expected


def written(head: Registered, **columns: Any) -> Registered:
    return edit(head, replace(head.material, **columns), "badr", NOON, "a change").head


def test_what_is_live_is_narrowed_at_once_and_widened_never() -> None:
    for live in (canary(), active()):
        state = live.material.state
        assert written(live, action=Action.LOG, note="n").material.state is state
        with pytest.raises(TransitionError) as error:
            written(live, value="kasino")
        assert error.value.guard == "widening"


def test_what_decides_nothing_starts_again_when_widened() -> None:
    shadow, paused = go(draft(), State.SHADOW), go(active(), State.PAUSED)
    for head in (draft(), shadow, paused):
        assert written(head, value="kasino").material.state is State.DRAFT
    assert written(paused, note="n").material.state is State.PAUSED
    late = active(expires=NOON.date())
    expired = move(late, State.EXPIRED, SYSTEM, NOON + timedelta(1), "over").head
    renewed = written(expired, expires=date(2027, 1, 1))
    assert (renewed.material.state, renewed.version) == (State.DRAFT, 2)
    with pytest.raises(TransitionError, match="retired"):
        written(go(draft(), State.RETIRED), note="n")
    with pytest.raises(TransitionError, match="nothing differs"):
        written(draft())


def test_statistics_start_again_only_with_the_match_logic() -> None:
    head = draft()
    assert written(head, note="n", action=Action.LOG, markets=("SA",)).logic_since == 1
    assert written(head, unless=("casino royale",)).logic_since == 2
    assert written(head, value="kasino").logic_sha256 != head.logic_sha256


def test_a_pause_goes_back_to_where_it_was_and_no_further() -> None:
    paused = go(canary(), State.PAUSED, SYSTEM)
    assert refused(paused, State.ACTIVE) == "resumes"
    assert refused(paused, State.CANARY) == "approved"
    assert go(vouched(paused, State.CANARY), State.CANARY).material.rollout == 1
    assert go(paused, State.SHADOW).material.state is State.SHADOW


def test_the_system_may_stop_things_and_nothing_else() -> None:
    assert refused(go(active(), State.PAUSED, SYSTEM), State.SHADOW, SYSTEM) == "person"
    assert refused(draft(), State.RETIRED, SYSTEM) == "person"


@pytest.mark.parametrize(
    ("fields", "hours", "guard"),
    [
        ({"action": Action.REJECT}, 1, "mild"),
        ({"action": Action.ALLOW}, 1, "mild"),
        ({"markets": ()}, 1, "narrow"),
        ({"markets": ("GCC",)}, 1, "narrow"),
        ({"markets": ("SA", "AE", "GB", "US")}, 1, "narrow"),
        ({}, 24.5, "brief"),
        ({}, 0, "brief"),
        ({}, None, "brief"),
        ({"examples_hit": ()}, 1, "exemplified"),
    ],
)
def test_panic_has_bounds(fields: Any, hours: float | None, guard: str) -> None:
    head = draft(**({"markets": ("SA", "AE", "GB")} | fields))
    assert refused(head, State.ACTIVE, hours=hours, override=True) == guard
    if guard == "brief":
        assert refused(head, State.ACTIVE, hours=1, evidence=Evidence(), override=True) == "tested"


def test_panic_ends_by_itself_whatever_happens() -> None:
    head = go(draft(markets=("SA",)), State.ACTIVE, "badr", hours=2)
    assert overdue(head, NOON + timedelta(minutes=59)) is None
    with pytest.raises(TransitionError, match="badr wrote it"):
        approve(head, State.ACTIVE, "badr", NOON, "mine")
    late = overdue(head, NOON + timedelta(minutes=60))
    assert late is not None
    assert (late.head.material.state, late.entry.by) == (State.PAUSED, SYSTEM)
    held = vouched(head, State.ACTIVE, "chen")
    assert overdue(held, NOON + timedelta(minutes=90)) is None
    over = overdue(held, NOON + timedelta(hours=2))
    assert over is not None
    assert over.head.material.state is State.EXPIRED
    assert refused(vouched(late.head, State.CANARY, "chen"), State.CANARY) == "resumes"
    assert go(held, State.SHADOW).panic_until is None


def test_material_expires_after_its_last_day() -> None:
    head = active(expires=NOON.date())
    assert overdue(head, NOON + timedelta(hours=11)) is None
    assert refused(head, State.EXPIRED) == "over"
    late = overdue(head, NOON + timedelta(hours=12))
    assert late is not None
    assert late.head.material.state is State.EXPIRED
    assert overdue(draft(expires=date(2020, 1, 1)), NOON) is None


@pytest.mark.parametrize(("rollout", "fine"), [(10, True), (50, False), (1, False), (100, False), (None, False)])
def test_a_canary_widens_step_by_step(rollout: int | None, fine: bool) -> None:
    if fine:
        assert go(canary(), State.CANARY, rollout=rollout).material.rollout == rollout
    else:
        assert refused(canary(), State.CANARY, rollout=rollout) == "stepwise"
    assert refused(draft(), State.SHADOW, rollout=10) == "stepwise"
    wide = go(go(canary(), State.CANARY, rollout=10), State.CANARY, rollout=50)
    assert go(wide, State.CANARY, rollout=1).material.rollout == 1


@pytest.mark.parametrize("name", ["", "  ", "system", "a\u200bb", "a\nb", "x" * 201])
def test_a_person_has_a_visible_name(name: str) -> None:
    with pytest.raises(InputError):
        person(name)
    assert person(" ＡＭＡＬ ") == "amal"
    assert person("أمل") == "أمل"


def test_a_row_too_large_for_a_transaction_is_refused() -> None:
    with pytest.raises(InputError, match="at most 30,000"):
        draft(note="س" * 20_000)


def test_a_material_is_the_same_after_a_round_trip() -> None:
    for head in (
        draft(),
        canary(),
        active(),
        go(active(), State.PAUSED),
        go(draft(markets=("SA",)), State.ACTIVE, hours=1),
    ):
        assert Registered.from_dict(head.to_dict()) == head
    material: Material = draft().material
    assert Material.from_row(material.to_row() | {"rollout": 10}).rollout == 10
    assert "rollout" not in material.to_row()
