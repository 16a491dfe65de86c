from collections.abc import Sequence
from typing import Any

from adsieve.domain.decision import Action
from adsieve.domain.errors import Problem
from adsieve.domain.material import Material
from adsieve.material.cleanliness import unclean
from adsieve.material.compile import compile_files
from adsieve.material.corpus import Sentence
from adsieve.material.package import Package
from tests.builders import a_material, a_matrix


def told(corpus: Sequence[Sentence], *rows: dict[str, Any]) -> list[Problem]:
    materials: list[Material] = [
        a_material(**({"id": f"T-{line}", "value": "beer", "source": f"rows.csv:{line}"} | row))
        for line, row in enumerate(rows or ({},), 2)
    ]
    package = Package.of(compile_files(materials, a_matrix()))
    return list(unclean(package, materials, corpus, lambda *_: None))


def sentences(language: str, hits: int, others: int) -> list[Sentence]:
    return [Sentence("a joke about beer", language)] * hits + [Sentence("a joke about tea", language)] * others


def test_a_row_above_two_hits_in_ten_thousand_is_refused_with_an_example() -> None:
    (problem,) = told(sentences("en", 3, 10_000))
    assert (problem.severity, problem.source, problem.column) == ("error", "rows.csv:2", "value")
    assert "hits 3 of 10,003 clean sentences in en (3.0 in 10,000, at most 2): `a joke about beer`" in problem.message
    assert problem.hint


def test_a_row_at_two_hits_in_ten_thousand_is_told_of_and_not_refused() -> None:
    (problem,) = told(sentences("en", 2, 9_998))
    assert problem.severity == "warning"


def test_a_language_is_not_thinned_by_the_others() -> None:
    (problem,) = told([*sentences("de", 2, 1_000), *sentences("en", 0, 50_000)])
    assert (problem.severity, " in de " in problem.message) == ("error", True)


def test_one_sentence_proves_nothing() -> None:
    (problem,) = told(sentences("en", 1, 10))
    assert problem.severity == "warning"


def test_a_row_that_hits_nothing_has_no_problem() -> None:
    assert told(sentences("en", 0, 100)) == []


def test_what_an_allow_row_excuses_everywhere_is_no_hit() -> None:
    excuse = {"value": "joke about beer", "action": Action.ALLOW}
    assert told(sentences("en", 5, 5), {}, excuse) == []
    assert told(sentences("en", 5, 5), {}, excuse | {"markets": ("SA",)})


def test_a_row_that_only_logs_may_hit_anything() -> None:
    assert told(sentences("en", 5, 5), {"action": Action.LOG}) == []
