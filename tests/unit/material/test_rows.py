from datetime import UTC, date, datetime
from typing import Any

import pytest

from adsieve.domain.decision import Action, State
from adsieve.domain.errors import InvalidMaterialError
from adsieve.domain.material import Flag, Kind
from adsieve.material.rows import parse_rows

ROW = {"id": "T-1", "kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"}


def parsed(**cells: Any) -> Any:
    return parse_rows([("f.csv:2", ROW | cells)])[0]


def problem(**cells: Any) -> Any:
    with pytest.raises(InvalidMaterialError) as caught:
        parse_rows([("f.csv:2", ROW | cells)])
    return caught.value.problems[0]


def test_a_full_row_is_read() -> None:
    material = parsed(
        kind=" Term ", action="review", markets="GCC GB", match="prefix suffixes", unless="a b| c ", state="shadow",
        starts="2026-01-01", expires=datetime(2026, 12, 31, 5, tzinfo=UTC), examples_hit="x|y",
    )  # fmt: skip
    assert (material.kind, material.action, material.state) == (Kind.TERM, Action.REVIEW, State.SHADOW)
    assert (material.markets, material.unless, material.examples_hit) == (("GCC", "GB"), ("a b", "c"), ("x", "y"))
    assert material.flags == {Flag.PREFIX, Flag.SUFFIXES}
    assert (material.starts, material.expires) == (date(2026, 1, 1), date(2026, 12, 31))
    assert material.source == "f.csv:2"


def test_lists_may_come_as_lists() -> None:
    assert parsed(markets=["SA"], unless=["a|b"], match=["case"]).unless == ("a|b",)


def test_an_empty_state_is_active_and_word_is_the_default() -> None:
    assert (parsed().state, parsed(match="word").flags) == (State.ACTIVE, frozenset())


def test_a_row_without_id_gets_the_same_one_every_time() -> None:
    assert parsed(id="").id == parsed(id=None).id != parsed(id="", value="poker").id


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"kind": "word"}, "kind", "`word` is not one of them"),
        ({"value": "  "}, "value", "is empty"),
        ({"value": ""}, "value", "is empty"),
        ({"value": "x" * 2001}, "value", "2001 characters"),
        ({"action": "BLOCK"}, "action", "`BLOCK`"),
        ({"policy": None}, "policy", "is empty"),
        ({"markets": "Saudi"}, "markets", "`Saudi` is no market"),
        ({"match": "fuzzy"}, "match", "`fuzzy` is no flag"),
        ({"match": "word prefix"}, "match", "more than one"),
        ({"match": "radius=x"}, "match", "no radius"),
        ({"match": "radius=3"}, "match", "not for kind `term`"),
        ({"starts": "01/02/2026"}, "starts", "no date"),
        ({"starts": "2026-02-01", "expires": "2026-01-01"}, "expires", "before `starts`"),
        ({"action": "ALLOW", "kind": "pattern"}, "action", "not for kind `pattern`"),
        ({"id": "a b"}, "id", "is no id"),
        ({"polcy": "x"}, "polcy", "is no column"),
        ({"value": ["x"]}, "value", "holds ['x']"),
        ({"note": "\ud800"}, "note", "cannot be stored"),
    ],
)
def test_a_wrong_cell_is_named_with_its_column(cells: dict[str, Any], column: str, words: str) -> None:
    found = problem(**cells)
    assert (found.source, found.column, found.severity) == ("f.csv:2", column, "error")
    assert words in found.message
    assert found.hint


def test_a_misspelt_column_is_answered_with_the_right_one() -> None:
    assert problem(polcy="x").hint == "did you mean `policy`"


def test_every_problem_of_a_file_is_told_at_once_and_nothing_is_kept() -> None:
    rows = [("f:2", ROW), ("f:3", ROW | {"id": "T-2", "kind": "x", "action": "y"}), ("f:4", ROW)]
    with pytest.raises(InvalidMaterialError) as caught:
        parse_rows(rows)
    assert [(problem.source, problem.column) for problem in caught.value.problems] == [
        ("f:3", "kind"),
        ("f:3", "action"),
        ("f:4", "id"),
    ]
