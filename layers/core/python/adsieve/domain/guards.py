"""What each step of a material's life must fulfil, one small guard each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adsieve.domain.decision import Action, State
from adsieve.domain.errors import TransitionError
from adsieve.domain.registered import Registered

SYSTEM = "system"
"""Who acts where a rule does. It may pause and expire; everything else takes a person."""

ROLLOUTS = (1, 10, 50)
"""Percent of ads that a CANARY may decide, in this order."""

PANIC_HOURS = 24
PANIC_MARKETS = 3
PANIC_APPROVAL = timedelta(hours=1)
"""After that without a second person, panic material pauses itself."""

EXAMPLES = 2
SHADOW_TIME = timedelta(hours=24)
SHADOW_CLUSTERS = 30
MANY_ADS = 0.001
"""Share of a market's ads above which a REJECT needs two approvers."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tests and traffic say of a version when it asks for a step.

    Attributes:
        gates: digest of the report of its tests; empty: they have not been run.
        failed: the tests that failed, worded for people.
        clusters: distinct groups of like ads that it matched in shadow.
        share: largest projected share of one market's ads.
        promote: whether enough labels say that it is right often enough.
    """

    gates: str = ""
    failed: tuple[str, ...] = ()
    clusters: int = 0
    share: float = 0.0
    promote: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody asks for.

    Attributes:
        rollout: percent asked for, for CANARY; None means the first.
        hours: how long panic material is asked to live; None: this is no panic.
        overridden: guards that a second approver shall stand in for.
    """

    head: Registered
    to: State
    by: str
    at: datetime
    evidence: Evidence
    rollout: int | None = None
    hours: float | None = None
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition of a step.

    Attributes:
        name: stable word for errors, tests and the trail.
        unmet: the step → what is wrong; empty where nothing is.
        hint: what to do about it.
        overridable: whether two approvers may stand in for missing evidence.
    """

    name: str
    unmet: Callable[[Step], str]
    hint: str
    overridable: bool = False

    def refuse(self, step: Step) -> None:
        """Raise TransitionError where the condition is not met."""
        problem = self.unmet(step)
        if problem:
            hint = self.hint + ("; or override it, with a second approver" if self.overridable else "")
            raise TransitionError(step.head.material.id, self.name, problem, hint)


def approvals_needed(step: Step) -> int:
    """How many people besides the authors must vouch for the step."""
    action = step.head.material.action
    far = action is Action.REJECT and step.evidence.share > MANY_ADS
    return 2 if action is Action.ALLOW or far or step.overridden else 1


def _untested(step: Step) -> str:
    if not step.evidence.gates:
        return "its tests have not been run"
    return f"its tests failed: {'; '.join(step.evidence.failed)}" if step.evidence.failed else ""


def _few_examples(step: Step) -> str:
    material = step.head.material
    if material.visual:
        return ""
    hits, misses = len(material.examples_hit), len(material.examples_miss)
    return "" if min(hits, misses) >= EXAMPLES else f"has {hits} examples that must match and {misses} that must not"


def _out_of_date(step: Step) -> str:
    expires = step.head.material.expires
    return f"its last day was {expires}" if expires and expires < step.at.astimezone(UTC).date() else ""


def _hardly_seen(step: Step) -> str:
    waited = step.at - step.head.since
    if waited >= SHADOW_TIME or step.evidence.clusters >= SHADOW_CLUSTERS:
        return ""
    hours = waited / timedelta(hours=1)
    return f"was in shadow for {hours:.0f} h and matched {step.evidence.clusters} groups of ads"


def _unproven(step: Step) -> str:
    return "" if step.evidence.promote else "too few labels say that it is right"


def _not_widest(step: Step) -> str:
    rollout = step.head.material.rollout
    return "" if rollout == ROLLOUTS[-1] else f"decides {rollout} % of ads so far"


def _unapproved(step: Step) -> str:
    got, needed = step.head.approvers(step.to), approvals_needed(step)
    if len(got) >= needed:
        return ""
    return f"has {len(got)} of {needed} approvals for {step.to} (written by {', '.join(step.head.authors)})"


def _wrong_rollout(step: Step) -> str:
    present, wanted = step.head.material.rollout, step.rollout
    if step.head.material.state is not State.CANARY:
        first = f"a canary begins at {ROLLOUTS[0]} %, not {wanted} %"
        return "" if wanted in (None, ROLLOUTS[0]) else first
    if wanted not in ROLLOUTS or wanted == present:
        return f"`{wanted}` is no other rollout than its {present} %"
    highest = ROLLOUTS[min(ROLLOUTS.index(present) + 1, len(ROLLOUTS) - 1)]
    return "" if wanted <= highest else f"goes from {present} % to {highest} %, not to {wanted} %"


def _beyond_pause(step: Step) -> str:
    head = step.head
    if head.paused_from is None or step.to > head.paused_from:
        return f"was paused in {head.paused_from}"
    if head.panic_until and (step.to is State.CANARY or step.at >= head.panic_until):
        return f"is panic material until {head.panic_until:%Y-%m-%d %H:%M} UTC, its tests were cut short"
    return ""


def _not_over(step: Step) -> str:
    panic = step.head.panic_until
    return "" if _out_of_date(step) or (panic and panic <= step.at) else "has not reached its last day"


def _too_strong(step: Step) -> str:
    action = step.head.material.action
    return "" if Action.LOG <= action <= Action.REVIEW else f"its action is {action}"


def _too_wide(step: Step) -> str:
    markets = step.head.material.markets
    named = all(len(market) == 2 for market in markets)  # noqa: PLR2004 - ISO codes; groups are longer
    return "" if 1 <= len(markets) <= PANIC_MARKETS and named else f"its markets are `{' '.join(markets) or 'all'}`"


def _too_long(step: Step) -> str:
    if step.hours is None:
        return "goes from DRAFT to ACTIVE only as panic material"
    return "" if 0 < step.hours <= PANIC_HOURS else f"{step.hours:g} hours were asked for"


TESTED = Guard("tested", _untested, "run `adsieve material test`, mend what it names")
TESTED_OR_OVERRIDDEN = Guard("tested", _untested, TESTED.hint, overridable=True)
EXEMPLIFIED = Guard("exemplified", _few_examples, f"give {EXAMPLES} of each in examples_hit and examples_miss")
IN_DATE = Guard("in_date", _out_of_date, "give it a later `expires`")
SEEN = Guard("seen", _hardly_seen, "wait for 24 h or 30 groups", overridable=True)
PROVEN = Guard("proven", _unproven, "label what it matched", overridable=True)
WIDEST = Guard("widest", _not_widest, "widen the canary to 50 % first", overridable=True)
APPROVED = Guard("approved", _unapproved, "somebody else runs `adsieve material approve`")
STEPWISE = Guard("stepwise", _wrong_rollout, "a canary goes 1, 10, 50; back to any")
RESUMES = Guard("resumes", _beyond_pause, "go back to where it was paused, or to SHADOW")
OVER = Guard("over", _not_over, "pause or retire it")
MILD = Guard("mild", _too_strong, "panic material leads to REVIEW at most: use LOG, LIMIT or REVIEW")
NARROW = Guard("narrow", _too_wide, f"name 1 to {PANIC_MARKETS} markets by ISO code")
BRIEF = Guard("brief", _too_long, f"panic material lives up to {PANIC_HOURS} hours; otherwise go through SHADOW")
