"""What is wrong or doubtful in readable rows: told before anything is published."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import State
from adsieve.domain.errors import Problem
from adsieve.domain.material import Kind, Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.material.compile import check, compile_files
from adsieve.material.lint_pictures import lint_pictures
from adsieve.material.package import Package


def lint(materials: Sequence[Material], matrix: PolicyMatrix, clean: Path | None = None) -> list[Problem]:
    """Every problem of the rows, errors and warnings, in file order.

    Args:
        materials: the rows.
        matrix: the policy matrix they will meet.
        clean: a folder of pictures that no image row may match.
    """
    problems = [problem for material in materials for problem in check(material)]
    problems += _unknown_policies(materials, matrix)
    problems += _duplicates(materials)
    problems += lint_pictures(materials, clean)
    if not any(problem.severity == "error" for problem in problems):
        problems += _broken_examples(materials, matrix)
    order = {material.source: number for number, material in enumerate(materials)}
    return sorted(problems, key=lambda problem: order.get(problem.source, -1))


def _unknown_policies(materials: Sequence[Material], matrix: PolicyMatrix) -> Iterator[Problem]:
    for material in materials:
        if material.policy not in matrix.policies:
            hint = f"known: {', '.join(matrix.policies)}; add it to policies.csv, or its findings only lead to review"
            yield Problem(material.source, "policy", f"`{material.policy}` has no rule", hint, "warning")


def _duplicates(materials: Sequence[Material]) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], Material] = {}
    for material in materials:
        same = (
            material.kind,
            material.value.casefold(),
            material.policy,
            material.action,
            material.markets,
            material.flags,
        )
        if same in seen:
            where = f"{seen[same].id} ({seen[same].source})"
            yield Problem(material.source, "value", f"says the same as {where}", "remove one of them", "warning")
        seen[same] = material


def _broken_examples(materials: Sequence[Material], matrix: PolicyMatrix) -> Iterator[Problem]:
    """Each row's own examples, run through the real engine with that row among all others."""
    live = [replace(material, state=State.ACTIVE) for material in materials]
    package = Package.of(compile_files(live, matrix))
    for material in materials:
        if material.kind in (Kind.IMAGE, Kind.VIDEO):
            continue
        for column, examples, wanted in (
            ("examples_hit", material.examples_hit, True),
            ("examples_miss", material.examples_miss, False),
        ):
            for example in examples:
                if (material.id in _found(example, package)) is not wanted:
                    verb = "does not match" if wanted else "matches"
                    hint = "see why with `adsieve explain`"
                    yield Problem(material.source, column, f"`{material.value}` {verb} `{example}`", hint)


def _found(text: str, package: Package) -> set[str]:
    """Ids of the materials found in a text."""
    part = Part("texts.example", PartKind.TEXT, text)
    matches = [
        (match, package.material(match.row))
        for detector in package.detectors
        if part.kind in detector.looks_at
        for match in detector.detect(part)
    ]
    return {material.id for _, material in matches}
