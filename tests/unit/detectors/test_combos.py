from typing import Any

import pytest

from adsieve.detectors.combo.index import Combo
from adsieve.detectors.combo.syntax import ComboSyntaxError, parse_combo
from adsieve.detectors.combos import ComboDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import PackageError
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind
from tests.builders import a_material


def found(text: str, *values: str, **fields: Any) -> list[Match]:
    rows = list(enumerate(a_material(kind=Kind.COMBO, value=value, **fields) for value in values))
    files = {name: memoryview(data) for name, data in ComboDetector.compile(rows).items()}
    return list(ComboDetector.open(files).detect(Part("texts.body", PartKind.TEXT, text)))


def spans(text: str, value: str, **fields: Any) -> list[str]:
    return [match.text for match in found(text, value, **fields)]


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        ("bonus AND casino", "Casino with a big bonus!", "Casino with a big bonus"),
        ("bonus OR بونص", "خذ البونص الآن", "البونص"),
        ("casino AND NOT royale", "our casino tonight", "casino"),
        ("NOT royale AND casino", "our casino tonight", "casino"),
        ("win NEAR/2 money", "win big money", "win big money"),
        ("win NEAR/3 money", "Money you can win", "Money you can win"),
        ('"free spins" AND now', "now: free-spins", "now: free-spins"),
        ("“free spins” AND now", "FREE  SPINS now", "FREE  SPINS now"),
        ("(bonus OR gift) AND (casino OR slots)", "a gift from slots", "gift from slots"),
        ("(win OR earn) NEAR/2 cash", "earn easy cash", "earn easy cash"),
        ("gambl* AND tonight", "gambling tonight", "gambling tonight"),
        ("كازينو AND (ربح OR فوز) AND NOT فيلم", "الكازينو: وفوز كبير", "الكازينو: وفوز"),
        ("比特币 NEAR/3 诈骗", "比特币是诈骗", "比特币是诈骗"),
        ("a OR b AND c", "a d", "a"),
        ("a AND b NEAR/1 c", "a d b c", "a d b c"),
        ("a NEAR/1 b NEAR/1 c", "c b a", "c b a"),
        ("and AND or", "this and that or so", "and that or"),
    ],
)
def test_a_combo_holds_where_its_words_do(value: str, text: str, span: str) -> None:
    assert spans(text, value) == [span]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("bonus AND casino", "bonus only"),
        ("bonus AND casino", "bonuses and casinos"),
        ("casino AND NOT royale", "casino royale, a casino"),
        ("casino AND NOT (film OR movie)", "casino, the movie"),
        ("win NEAR/2 money", "win a lot of money"),
        ("a NEAR/1 a", "a b"),
        ('"free spins"', "spins free"),
        ('"free spins"', "free wheel spins"),
        ("(a AND b) OR (c AND d)", "a c x"),
        ("كازينو AND فيلم", "كازينوهات فيلم"),
    ],
)
def test_a_combo_does_not_hold_elsewhere(value: str, text: str) -> None:
    assert found(text, value) == []


def test_the_span_is_as_short_as_can_be_and_names_its_words() -> None:
    text = "bonus, bonus and casino"
    (match,) = found(text, "bonus AND casino")
    assert (match.start, match.end, match.text) == (7, 23, "bonus and casino")
    assert match.where == {"words": [[7, 12], [17, 23]]}
    assert found(text, "casino AND bonus")[0].where == match.where


def test_every_place_is_reported() -> None:
    assert spans("a b ... a b", "a AND b") == ["a b", "b ... a", "a b"]
    assert spans("a b x a b", "a NEAR/1 b") == ["a b", "a b"]


def test_words_are_found_as_terms_are() -> None:
    (match,) = found("ВONUS: و الكـازينو", "bonus AND كازينو")
    assert match.text == "ВONUS: و الكـازينو"
    assert {"clitic", "fold"} <= set(match.how)
    assert found("bonuses at casinos", "bonus AND casino", flags=frozenset({Flag.PREFIX}))
    assert not found("BONUS", "bonus", flags=frozenset({Flag.CASE}))


def test_unless_cancels_a_place_that_it_contains() -> None:
    text = "Royal Casino Bonus Film; casino bonus"
    assert [match.start for match in found(text, "casino AND bonus", unless=("casino-bonus film",))] == [13, 25]


def test_only_combos_whose_words_are_there_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [f"common AND rare{number}" for number in range(50)]
    rows = list(enumerate(a_material(kind=Kind.COMBO, value=value) for value in values))
    detector = ComboDetector.open({name: memoryview(data) for name, data in ComboDetector.compile(rows).items()})
    index = detector._index
    assert index is not None
    looked_at: list[int] = []
    look = index.combo

    def watched(number: int) -> Combo:
        looked_at.append(number)
        return look(number)

    monkeypatch.setattr(index, "combo", watched)
    assert [match.row for match in detector.detect(Part("texts.body", PartKind.TEXT, "common rare7"))] == [7]
    assert looked_at == [7]


@pytest.mark.parametrize(
    ("value", "column", "words"),
    [
        ("NOT a", 1, "only says what must not be there"),
        ("a OR NOT b", 6, "only says what must not be there"),
        ("free spins", 6, "no operator before it"),
        ("a and b", 3, "no operator before it"),
        ("a NOT b", 3, "without AND"),
        ("a AND", 6, "ends where a word"),
        ("", 1, "ends where a word"),
        ("AND a", 1, "has `AND` where"),
        ("a AND OR b", 7, "has `OR` where"),
        ("()", 2, "has `)` where"),
        ("(a", 1, "not closed"),
        ("a)", 2, "closes nothing"),
        ("(a b)", 4, "no operator before it"),
        ('a AND "b', 7, "quote is not closed"),
        ("a NEAR b", 3, "how near"),
        ("a NEAR/0 b", 3, "how near"),
        ("a NEAR/999999 b", 3, "how near"),
        ("(a AND b) NEAR/2 c", 11, "not AND"),
        ("a AND ... AND b", 7, "no letter or digit"),
        ('"ـ" AND a', 1, "no letter or digit"),
        ("(" * 30 + "a" + ")" * 30, 21, "parentheses inside each other"),
        (" OR ".join(["a"] * 70), 321, "more than 64"),
    ],
)
def test_a_combo_that_cannot_be_read_is_refused_by_column(value: str, column: int, words: str) -> None:
    with pytest.raises(ComboSyntaxError, match=f"^column {column}: ") as refused:
        parse_combo(value)
    (problem,) = ComboDetector.check(a_material(kind=Kind.COMBO, value=value, source="rows.csv:4"))
    assert words in str(refused.value)
    assert (problem.source, problem.column, problem.message) == ("rows.csv:4", "value", str(refused.value))
    assert problem.hint


def test_lower_case_operators_get_a_hint() -> None:
    (problem,) = ComboDetector.check(a_material(kind=Kind.COMBO, value="a and b"))
    assert "capitals" in problem.hint


def test_the_same_rows_give_the_same_files() -> None:
    rows = list(
        enumerate(a_material(kind=Kind.COMBO, value=value) for value in ("a AND b", "b OR c", '"a b" NEAR/2 c'))
    )
    assert ComboDetector.compile(rows) == ComboDetector.compile(rows[::-1])
    assert ComboDetector.compile([]) == {}
    assert list(ComboDetector.open({}).detect(Part("texts.body", PartKind.TEXT, "a b"))) == []


def test_files_that_contradict_each_other_are_refused() -> None:
    files = ComboDetector.compile([(0, a_material(kind=Kind.COMBO, value="a AND b"))])
    broken = ({"combos.expressions": b""}, {"combos.first": b""}, {"combos.rows": b"\0"}, {"combos.words.trie": b"no"})
    for change in broken:
        with pytest.raises(PackageError):
            ComboDetector.open({name: memoryview(data) for name, data in (files | change).items()})
