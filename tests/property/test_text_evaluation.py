"""The floor under the text engine: what it must read, and what it must leave alone, on the evaluation set."""

import pytest

from tests.perf.evaluation.cases import Case, load_cases
from tests.perf.evaluation.engines import adsieve_engine
from tests.perf.evaluation.generate.build import generated_files
from tests.perf.evaluation.scoring import Score, score
from tests.perf.evaluation.vocabulary import DATA, SETS

RECALL, FALSE_POSITIVES = 0.95, 0.005
ARABIC_RECALL = 0.97
LATER_FALSE_POSITIVES = 0.01
SHOWN = 20


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases()


@pytest.fixture(scope="module")
def measured(cases: list[Case]) -> Score:
    engine = adsieve_engine()
    return score(engine.name, cases, engine.run(cases))


def _wrong(measured: Score, expected: str, language: str = "") -> list[str]:
    wrong = [outcome.case for outcome in measured.failures if outcome.case.expected == expected]
    return [f"{case.id}: {case.text!r}" for case in wrong if language in {"", case.language}][:SHOWN]


def test_evaded_terms_are_found_in_every_script(measured: Score) -> None:
    recall = measured.total.recall
    assert recall is not None
    assert recall >= RECALL, _wrong(measured, "hit")


def test_innocent_texts_are_left_alone(measured: Score) -> None:
    flagged = measured.total.false_positives
    assert flagged is not None
    assert flagged <= FALSE_POSITIVES, _wrong(measured, "miss")


def test_arabic_evasion_is_read_best(measured: Score) -> None:
    recall = measured.languages["ar"].recall
    assert recall is not None
    assert recall >= ARABIC_RECALL, _wrong(measured, "hit", "ar")


def test_no_innocent_arabic_text_is_flagged(measured: Score) -> None:
    assert not _wrong(measured, "miss", "ar")


def test_the_set_is_as_large_and_as_balanced_as_it_claims(cases: list[Case]) -> None:
    arabic = [case for case in cases if case.language == "ar"]
    misses = sum(case.expected == "miss" for case in cases)
    assert len(cases) >= 1_800
    assert len(arabic) >= 400
    assert len({case.language for case in cases}) >= 15
    assert 0.4 <= misses / len(cases) <= 0.6


def test_every_expected_span_lies_in_its_text(cases: list[Case]) -> None:
    spans = [(case, case.span) for case in cases if case.span]
    assert spans
    assert all(0 <= span[0] < span[1] <= len(case.text) for case, span in spans)


def test_generated_cases_are_what_the_generator_writes() -> None:
    written = {path.name: path.read_text("utf-8") for path in (DATA / "generated").glob("*.jsonl")}
    assert written == generated_files()


@pytest.mark.parametrize("chosen", ["second", "third"])
def test_the_later_sets_stay_read(chosen: str) -> None:
    engine, cases = adsieve_engine(), load_cases(SETS[chosen])
    total = score(engine.name, cases, engine.run(cases)).total
    assert total.recall is not None
    assert total.recall >= RECALL
    assert total.false_positives is not None
    assert total.false_positives <= LATER_FALSE_POSITIVES
