import importlib
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from adsieve.domain.decision import Action, State
from adsieve.domain.errors import Problem
from adsieve.domain.material import Flag, Kind, Material
from adsieve.material import collisions
from adsieve.material.lint import lint
from adsieve.material.policies import default_matrix, material_folder
from adsieve.material.source import load_materials
from tests.builders import a_material, a_matrix

SUBSTRING = frozenset({Flag.SUBSTRING})


@pytest.fixture(autouse=True)
def _no_word_lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine without the optional word lists."""

    def absent(name: str) -> None:
        raise ImportError(name)

    collisions.common_words.cache_clear()
    monkeypatch.setattr(collisions, "importlib", SimpleNamespace(import_module=absent))
    yield
    collisions.common_words.cache_clear()


def rows(*changes: dict[str, Any]) -> list[Material]:
    return [
        a_material(**({"id": f"T-{line}", "source": f"rows.csv:{line}"} | fields))
        for line, fields in enumerate(changes, 2)
    ]


def told(materials: Sequence[Material]) -> list[Problem]:
    return lint(materials, a_matrix())


def test_a_good_row_has_no_problem() -> None:
    assert told(rows({"value": "casino", "examples_hit": ("a casino",), "examples_miss": ("an occasion",)})) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "the"}, "stands in nearly every text"),
        ({"value": "و"}, "stands in nearly every text"),
        ({"value": "فِي"}, "stands in nearly every text"),
        ({"value": "war", "language": "de-AT"}, "stands in nearly every text"),
        ({"value": "x"}, "single letter"),
        ({"value": "ق"}, "single letter"),
        ({"value": "7"}, "single letter"),
        ({"value": " "}, "no letter"),
        ({"value": "ــ"}, "no letter"),
        ({"value": ".*", "kind": Kind.PATTERN}, "empty text"),
        ({"value": "a?", "kind": Kind.PATTERN}, "empty text"),
        ({"value": "(?=a)b", "kind": Kind.PATTERN}, "looks ahead"),
        ({"value": "NOT a", "kind": Kind.COMBO}, "column 1"),
        ({"value": "co.uk", "kind": Kind.URL}, "anybody registers"),
        ({"value": "casino", "examples_hit": ("cinema",)}, "does not match `cinema`"),
        ({"value": "casino", "examples_miss": ("a casino",)}, "matches `a casino`"),
    ],
)
def test_a_row_that_would_do_harm_is_refused(fields: dict[str, Any], words: str) -> None:
    errors = [problem for problem in told(rows(fields)) if problem.severity == "error"]
    assert [problem.source for problem in errors] == ["rows.csv:2"]
    assert words in errors[0].message
    assert errors[0].hint


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "bet", "flags": SUBSTRING}, "everyday words: `better`"),
        ({"value": "gin", "flags": SUBSTRING}, "everyday words: `begin`"),
        ({"value": "ass", "flags": SUBSTRING}, "everyday words: `class`"),
        ({"value": "bar", "flags": SUBSTRING}, "everyday words: `barber`"),
        ({"value": "bet", "flags": frozenset({Flag.PREFIX})}, "`better`"),
        ({"value": "حب", "flags": SUBSTRING}, "`حبوب`"),
        ({"value": "زب", "flags": frozenset({Flag.SUFFIXES})}, "`زبون`"),
        ({"value": "حب", "flags": frozenset({Flag.SUFFIXES})}, "love"),
        ({"value": "شراب"}, "juice"),
        ({"value": "Bar"}, "chocolate"),
        ({"value": "🎰"}, "no letter or digit"),
        ({"value": "war", "language": "en"}, "nearly every text in de"),
        ({"value": "xo"}, "two letters"),
        ({"value": "خل"}, "two letters"),
        ({"value": "毒"}, "one character"),
        ({"value": "술", "language": "ko"}, "one character"),
        ({"value": "88"}, "short number"),
        ({"value": "xqz", "flags": SUBSTRING}, "too short"),
        ({"value": "\u202ecasino"}, "nobody sees"),
        ({"value": "cаsino"}, "mixes Cyrillic and Latin"),
        ({"value": "casino", "policy": "unheard"}, "has no rule"),
        ({"value": "family holiday"}, "harmless text"),
        ({"value": r"\w+ing", "kind": Kind.PATTERN}, "harmless text"),
        ({"value": "better AND kitchen", "kind": Kind.COMBO}, "harmless text"),
        ({"value": "github.io", "kind": Kind.URL}, "platform"),
    ],
)
def test_a_doubtful_row_is_told_and_not_refused(fields: dict[str, Any], words: str) -> None:
    problems = told(rows(fields))
    assert {problem.severity for problem in problems} == {"warning"}
    assert any(words in problem.message and problem.hint for problem in problems)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "(a+)+$x", "kind": Kind.PATTERN},
        {"value": "casino"},
        {"value": "casino", "flags": frozenset({Flag.PREFIX})},
        {"value": "BTC", "flags": frozenset({Flag.CASE, Flag.PLAIN})},
        {"value": "T恤"},
        {"value": "кредит-hub"},
        {"value": "قمار"},
        {"value": "bet", "action": Action.ALLOW, "policy": "gambling", "unless": ("better",)},
    ],
)
def test_what_is_fine_is_left_alone(fields: dict[str, Any]) -> None:
    problems = [problem for problem in told(rows(fields)) if "harmless too" not in problem.message]
    assert problems == []


def test_forms_of_the_term_itself_are_no_collision(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {"en": ["casinos", "casino"], "ar": ["القمار", "كازينوهات"]}
    fake = SimpleNamespace(top_n_list=lambda language, most: listed[language][:most])
    monkeypatch.setattr(collisions, "importlib", SimpleNamespace(import_module=lambda name: {"wordfreq": fake}[name]))
    terms = rows(
        {"value": "casino", "flags": frozenset({Flag.PREFIX})}, {"value": "قمار", "flags": frozenset({Flag.SUFFIXES})}
    )
    assert told(terms) == []


def test_installed_word_lists_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {"en": ["zanzibar"], "ar": [], "de": ["Barzahlung"]}
    fake = SimpleNamespace(top_n_list=lambda language, most: listed[language][:most])
    monkeypatch.setattr(collisions, "importlib", SimpleNamespace(import_module=lambda name: {"wordfreq": fake}[name]))
    problems = told(
        rows({"value": "zahl", "flags": SUBSTRING, "language": "de-AT"}, {"value": "nzib", "flags": SUBSTRING})
    )
    assert ["Barzahlung" in problem.message or "zanzibar" in problem.message for problem in problems] == [True, True]


def test_a_language_without_a_list_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def top_n_list(language: str, most: int) -> list[str]:
        raise LookupError(language, most)

    fake = SimpleNamespace(top_n_list=top_n_list)
    monkeypatch.setattr(collisions, "importlib", SimpleNamespace(import_module=lambda name: {"wordfreq": fake}[name]))
    assert told(rows({"value": "คาสิโน", "language": "th"})) == []


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"value": "casino"}, {"value": "CASINO"}, "says the same as T-2 (rows.csv:2)"),
        ({"value": "casino"}, {"value": "Casíno", "action": Action.REVIEW}, "says the same"),
        ({"value": "casino"}, {"value": "casino", "markets": ("SA",)}, "says the same"),
        ({"value": "casino", "markets": ("GCC",)}, {"value": "casino", "markets": ("AE",)}, "says the same"),
        ({"value": "casino", "flags": SUBSTRING}, {"value": "casino"}, "finds nothing"),
        ({"value": "casino"}, {"value": "casino", "flags": frozenset({Flag.CASE})}, "finds nothing"),
        ({"value": "casino"}, {"value": "casino", "unless": ("casino royale",)}, "says the same"),
        ({"value": "bad.test", "kind": Kind.URL}, {"value": "http://m.bad.test/x", "kind": Kind.URL}, "finds nothing"),
        ({"value": "bad.test/a", "kind": Kind.URL}, {"value": "bad.test/a/b?c=d", "kind": Kind.URL}, "finds nothing"),
        ({"value": "a AND b", "kind": Kind.COMBO}, {"value": "a AND b", "kind": Kind.COMBO}, "says the same"),
    ],
)
def test_a_row_that_another_makes_useless_is_told_in_either_order(
    first: dict[str, Any], second: dict[str, Any], words: str
) -> None:
    for materials in (rows(first, second), rows(first, second)[::-1]):
        overlapping = [problem for problem in told(materials) if "T-" in problem.message]
        assert len(overlapping) == 1
        if "same" not in words:
            assert overlapping[0].source == "rows.csv:3"
    assert any(words in problem.message for problem in told(rows(first, second)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"value": "casino"}, {"value": "casinò royale"}),
        ({"value": "casino", "policy": "gambling"}, {"value": "casino", "policy": "other"}),
        ({"value": "casino", "action": Action.REVIEW}, {"value": "casino", "markets": ("SA",)}),
        ({"value": "casino", "action": Action.ALLOW}, {"value": "casino"}),
        ({"value": "casino", "state": State.PAUSED}, {"value": "casino"}),
        ({"value": "casino", "markets": ("GB",)}, {"value": "casino", "markets": ("SA",)}),
        ({"value": "casino", "unless": ("x casino",)}, {"value": "casino", "markets": ("SA",)}),
        ({"value": "casino", "flags": frozenset({Flag.CASE})}, {"value": "casino", "markets": ("SA",)}),
        ({"value": "bad.test/a", "kind": Kind.URL}, {"value": "bad.test/ab", "kind": Kind.URL}),
        ({"value": "m.bad.test", "kind": Kind.URL}, {"value": "w.bad.test", "kind": Kind.URL}),
        ({"value": "bad.test?a=1", "kind": Kind.URL}, {"value": "bad.test?a=2", "kind": Kind.URL}),
    ],
)
def test_rows_that_each_find_something_are_left_alone(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert [problem for problem in told(rows(first, second)) if "T-" in problem.message] == []


def test_problems_come_in_file_order_and_bad_rows_hide_no_other() -> None:
    materials = rows(
        {"value": "the"}, {"value": "(", "kind": Kind.PATTERN}, {"value": "casino", "examples_hit": ("x",)}
    )
    assert [problem.source for problem in told(materials) if problem.severity == "error"] == [
        "rows.csv:2",
        "rows.csv:3",
        "rows.csv:4",
    ]


def test_progress_is_told() -> None:
    seen: list[str] = []
    lint(rows({"value": "casino"}), a_matrix(), lambda what, done: seen.append(f"{what} {done}"))
    assert seen[:2] == ["rows 0", "examples 0"]
    assert seen[-1].startswith("everyday words")


def test_the_optional_lists_are_never_imported_for_scanning() -> None:
    import sys

    importlib.import_module("adsieve.material.package")
    assert "wordfreq" not in sys.modules


def test_the_sample_material_is_clean_of_warnings() -> None:
    problems = lint(load_materials([material_folder()]), default_matrix())
    assert [str(problem) for problem in problems if problem.severity == "warning"] == []
