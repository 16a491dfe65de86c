from tests.perf.evaluation.cases import Case, Term, make_case
from tests.perf.evaluation.engines import Found, plain_search
from tests.perf.evaluation.scoring import score

CASINO = (Term("casino", "en"),)
HIT = Case("h", "en", "plain", CASINO, "a casino here", "hit", span=(2, 8))
MISS = Case("m", "en", "innocent-plain", CASINO, "an occasion", "miss")


def test_a_finding_at_another_place_is_no_hit() -> None:
    measured = score("engine", [HIT], [[Found((9, 13))]])
    assert measured.total.recall == 0.0
    assert measured.failures


def test_a_finding_that_overlaps_counts_and_is_told_apart_from_an_exact_one() -> None:
    total = score("engine", [HIT, HIT], [[Found((0, 8))], [Found((2, 8))]]).total
    assert (total.found, total.spans, total.exact) == (2, 2, 1)


def test_an_engine_that_tells_no_place_is_believed() -> None:
    assert score("engine", [HIT], [[Found()]]).total.recall == 1.0


def test_anything_found_in_an_innocent_text_is_a_false_positive() -> None:
    measured = score("engine", [MISS, MISS], [[Found((3, 9))], []])
    assert measured.total.false_positives == 0.5
    assert list(measured.families) == ["innocent plain"]


def test_shorthand_terms_carry_flags_and_keep_signs_of_their_own() -> None:
    row = {"id": "x", "language": "en", "attack": "plain", "text": "t", "expected": "miss"}
    case = make_case(row | {"terms": ["en:vap+prefix", "en:18+", "ar:+18", {"value": "bet", "language": "en"}]})
    flagged = Term("vap", "en", "prefix")
    assert case.terms == (flagged, Term("18+", "en"), Term("+18", "ar"), Term("bet", "en"))


def test_the_plain_search_respects_word_ends_and_reports_original_positions() -> None:
    case = Case("p", "en", "plain", CASINO, "CASINO and casinova", "hit", span=(0, 6))
    assert plain_search().run([case]) == [[Found((0, 6))]]
