"""All tests of a material, in the order in which people read them."""

from collections.abc import Callable
from typing import Any

from adsieve.domain.canonical import digest
from adsieve.domain.decision import State
from adsieve.domain.guards import Evidence
from adsieve.domain.material import Material
from adsieve.domain.registered import Registered, content
from adsieve.service.gates import ads, checks
from adsieve.service.gates.ground import Candidate, Ground
from adsieve.service.gates.report import Gate, Outcome, Report

NAMES = ("row", "clean", "blast", "review_load", "cost", "gain", "conflict")
PANIC_SLACK = 5.0
"""Limits of panic material: five times as wide, and never left out."""

type Keep = Callable[[str, dict[str, Any]], None]
"""Keeps a report under its digest, so that the trail can be read years later."""


def run(material: Material, ground: Ground, slack: float = 1.0) -> Report:
    """Test a material. A row that cannot be compiled fails on that, and the rest is not run."""
    identity = digest(content(material))
    first = checks.row(material, ground)
    if first.outcome is Outcome.FAIL:
        rest = (Gate(name, Outcome.NOT_RUN, detail="the row cannot be used") for name in NAMES[1:])
        return Report(material.id, identity, (first, *rest), slack)
    candidate = Candidate(material, ground)
    reach = ads.Reach(candidate, ground)
    gates = (
        first,
        checks.clean(candidate, ground, slack),
        ads.blast(reach, slack),
        ads.review_load(reach, slack),
        checks.cost(candidate, ground, slack),
        ads.gain(reach, slack),
        checks.conflict(candidate, ground),
    )
    return Report(material.id, identity, gates, slack, reach.markets, round(ads.hits_an_hour(reach), 3))


def desk_gates(ground: Callable[[], Ground], keep: Keep) -> Callable[[Registered, State], Evidence]:
    """The tests that a step of a material's life asks for, see `desk.Gates`; their report is kept."""

    def tests(head: Registered, to: State) -> Evidence:
        panic = head.material.state is State.DRAFT and to is State.ACTIVE
        report = run(head.material, ground(), PANIC_SLACK if panic else 1.0)
        evidence = report.evidence(to)
        keep(evidence.gates, report.to_dict())
        return evidence

    return tests
