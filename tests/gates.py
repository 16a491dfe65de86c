"""Tests of a step that need nothing but the row, for tests of everything around them."""

from adsieve.domain.canonical import digest
from adsieve.domain.decision import State
from adsieve.domain.guards import Evidence
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.registered import Registered
from adsieve.material.lint import lint
from adsieve.service.desk import Gates


def lint_gates(matrix: PolicyMatrix) -> Gates:
    """Its cells, and its own examples in the real engine."""

    def run(head: Registered, to: State) -> Evidence:
        problems = [str(problem) for problem in lint([head.material], matrix) if problem.severity == "error"]
        return Evidence(gates=digest({"row": head.sha256, "to": str(to), "lint": problems}), failed=tuple(problems))

    return run
