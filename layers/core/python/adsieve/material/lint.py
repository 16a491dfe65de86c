"""What is wrong or doubtful in readable rows: told before anything is published."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from adsieve.domain.decision import State
from adsieve.domain.errors import Problem
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.material.cleanliness import unclean
from adsieve.material.collisions import Progress, collisions
from adsieve.material.compile import check, compile_files
from adsieve.material.corpus import Sentence
from adsieve.material.doubts import doubts
from adsieve.material.lint_samples import lint_samples
from adsieve.material.overlaps import overlaps
from adsieve.material.package import Package
from adsieve.material.selftest import found


def _silent(what: str, done: int) -> None:
    """Progress that nobody watches."""


def lint(
    materials: Sequence[Material],
    matrix: PolicyMatrix,
    progress: Progress = _silent,
    corpus: Sequence[Sentence] = (),
    pictures: Path | None = None,
) -> list[Problem]:
    """Every problem of the rows, errors and warnings, in file order.

    Args:
        materials: rows as read.
        matrix: the policy matrix that they will be published with.
        progress: told now and then what is being done, and how much of it is done.
        corpus: honest sentences that no row may hit often, see `cleanliness`.
        pictures: a folder of pictures that no image row may match.
    """
    problems: list[Problem] = []
    sound: list[Material] = []
    for number, material in enumerate(materials):
        found = check(material)
        if not any(problem.severity == "error" for problem in found):
            sound.append(material)
            found += doubts(material)
        problems += found
        if number % 500 == 0:
            progress("rows", number)
    problems += _unknown_policies(materials, matrix)
    problems += overlaps(sound, matrix)
    problems += lint_samples([material for material in sound if material.visual], progress, pictures)
    words = [material for material in sound if not material.visual]
    # Drafts too: what is checked is what they would do once they are live.
    package = Package.of(compile_files([replace(material, state=State.ACTIVE) for material in words], matrix))
    problems += _broken_examples(words, package, progress)
    problems += collisions(package, words, progress)
    problems += unclean(package, words, corpus, progress)
    order = {material.source: number for number, material in reversed(list(enumerate(materials)))}
    return sorted(problems, key=lambda problem: (order.get(problem.source, -1), problem.severity))


def _unknown_policies(materials: Sequence[Material], matrix: PolicyMatrix) -> Iterator[Problem]:
    for material in materials:
        if material.policy not in matrix.policies:
            hint = f"known: {', '.join(matrix.policies)}; add it to policies.csv, or its findings only lead to review"
            yield Problem(material.source, "policy", f"`{material.policy}` has no rule", hint, "warning")


def _broken_examples(materials: Sequence[Material], package: Package, progress: Progress) -> Iterator[Problem]:
    """Each row's own examples, run through the real engine with that row among all others."""
    for number, material in enumerate(materials):
        if number % 100 == 0:
            progress("examples", number)
        for column, examples, wanted in (
            ("examples_hit", material.examples_hit, True),
            ("examples_miss", material.examples_miss, False),
        ):
            for example in examples:
                if (material.id in found(package, example)) is not wanted:
                    verb = "does not match" if wanted else "matches"
                    hint = "see why with `adsieve explain`"
                    yield Problem(material.source, column, f"`{material.value}` {verb} `{example}`", hint)
