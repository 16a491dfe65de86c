import json
import time
from typing import Any

import pytest

from adsieve.detectors.pattern.translate import translate
from adsieve.detectors.patterns import PatternDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import PackageError
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind
from tests.builders import a_material


def found(text: str, *values: str, **fields: Any) -> list[Match]:
    rows = list(enumerate(a_material(kind=Kind.PATTERN, value=value, **fields) for value in values))
    files = {name: memoryview(data) for name, data in PatternDetector.compile(rows).items()}
    return list(PatternDetector.open(files).detect(Part("texts.body", PartKind.TEXT, text)))


@pytest.mark.parametrize(
    ("value", "text", "span", "how"),
    [
        (r"casino \d+", "Visit casino 24 now", "casino 24", ()),
        (r"casino \d+", "CASINO ٢٤", "CASINO ٢٤", ("fold",)),
        (r"e-mail", "E_mail me", "E_mail", ("fold",)),
        (r"Straße|Café", "STRASSE", "STRASSE", ("fold",)),
        (r"[٠-٩]{4}", "in 2026", "2026", ()),
        (r"Gro[ßs]er", "GROSSER", "GROSSER", ("fold",)),
        (r"x[æ]y", "xæy", "xæy", ("fold",)),
        (r"أرب[اأ]ح", "أرْبـاح", "أرْبـاح", ("fold",)),
        (r"حـبوب", "حبوب", "حبوب", ()),
        (r"\bحبوب\b", "هذه حبوب جيدة", "حبوب", ()),
        (r"\bwin\b.{0,20}\b\d+ ?(?:riyal|ريال)\b", "You win up to 500 ريال!", "win up to 500 ريال", ()),
        (r"^win|now$", "buy now", "now", ()),
        (r"\bnow\b$", "buy now", "now", ()),
        (r"\w+@\w+", "ask مدير@متجر", "مدير@متجر", ()),
        (r"\b比特币\b", "买比特币吧", "比特币", ()),
        (r"x\Q.*\Ey", "x.*y", "x.*y", ()),
        (r"[^\n]{3}z", "a\nbz", "a\nbz", ("fold",)),
        (r"[[:alpha:]]{3}7", "ab abc7", "abc7", ()),
        (r"\x{627}\x62", "اb", "اb", ()),
        (r"(?P<what>free|win) \pL+", "free ربح", "free ربح", ()),
        (r"a[-_]b", "a-b", "a-b", ("fold",)),
        (r"a\S+b", "a12b", "a12b", ()),
        (r"(a+)+$", "aaaa", "aaaa", ()),
    ],
)
def test_a_pattern_matches_what_folds_to_it(value: str, text: str, span: str, how: tuple[str, ...]) -> None:
    (match,) = found(text, value)
    assert (match.text, match.how) == (span, how)
    assert text[match.start : match.end] == span


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r"\bحبوب\b", "حبوبنا"),
        (r"\bwin\b", "window"),
        (r"\bwin\b", "بwin"),
        (r"a\Sb", "a b"),
        (r"\bone\W+two\b", "one2two"),
        (r"[^\w]x", "axbx"),
        (r"casino", "cas ino"),
    ],
)
def test_a_pattern_does_not_match_something_else(value: str, text: str) -> None:
    assert found(text, value) == []


def test_plain_and_case_match_the_original_text() -> None:
    assert [match.text for match in found("PAX pax PÁX", "pax", flags=frozenset({Flag.PLAIN}))] == ["PAX", "pax"]
    assert [match.text for match in found("PAX pax", r"\bPAX\b", flags=frozenset({Flag.CASE}))] == ["PAX"]
    assert found("٢٤", r"[0-9]+", flags=frozenset({Flag.CASE})) == []
    assert found("a\x01b \ud800x", r"b \Wx", flags=frozenset({Flag.CASE})) != []


def test_unless_cancels_what_it_contains() -> None:
    assert [match.start for match in found("Casino Royale, casino", "casino", unless=("casino-royale",))] == [15]
    assert [match.start for match in found("x PAX-y PAX", "PAX", flags=frozenset({Flag.CASE}), unless=("pax-y",))] == [
        8
    ]


def test_every_match_of_every_pattern_is_reported() -> None:
    matches = found("win cash, win car", r"win c\w+", "win")
    assert [(match.row, match.text) for match in matches] == [(0, "win cash"), (0, "win car"), (1, "win"), (1, "win")]


@pytest.mark.parametrize(
    ("name", "text", "span"),
    [
        ("@phone", "Call +966 50 123 4567 now", "Call +966 50 123 4567"),
        ("@phone", "اتصل على ٠٥٠-١٢٣-٤٥٦٧", "اتصل على ٠٥٠-١٢٣-٤٥٦٧"),
        ("@phone", "(0501234567)", "0501234567"),
        ("@phone", "00 44 20 7946 0000", "00 44 20 7946 0000"),
        ("@messenger", "WhatsApp: +971501234567", "WhatsApp: +971501234567"),
        ("@messenger", "تلجرام @winners_club", "تلجرام @winners_club"),
        ("@messenger", "join t.me/winbig", "t.me/winbig"),
        ("@messenger", "واتساب ٠٥٥١٢٣٤٥٦٧", "واتساب ٠٥٥١٢٣٤٥٦٧"),
        ("@messenger", "加微信 abc12345", "加微信 abc12345"),
        ("@messenger", "LINE ID: foo99", "LINE ID: foo99"),
        ("@messenger", "Line: @shop99", "Line: @shop99"),
        ("@phone", "الخط الساخن 19999", "الخط الساخن 19999"),
        ("@price", "12,50 euros", "12,50 euros"),
        ("@price", "只要 99 元", "99 元"),
        ("@price", "only 99.99 USD", "99.99 USD"),
        ("@price", "بسعر ٥٠ ريال", "٥٠ ريال"),
        ("@price", "now $1,299.00", "$1,299.00"),
        ("@price", "ab 99€", "99€"),
        ("@price", "١٢٠﷼", "١٢٠﷼"),
    ],
)
def test_ready_made_patterns_read_numbers_in_every_script(name: str, text: str, span: str) -> None:
    (match,) = found(text, name)
    assert match.text == span


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 12:30",
        "1 000 000 units, version 1.2.3",
        "whatsapp me on telegram",
        "call of duty 2, out in 2026",
        "order 123456789012",
        "5 stars, 20%",
        "pages 20-25",
        "try 3 flavours, lose 10 pounds before Euro 2024",
        "top line 1000000 sold",
        "رقم الموديل 1234567",
    ],
)
def test_ready_made_patterns_leave_other_numbers_alone(text: str) -> None:
    assert found(text, "@phone", "@messenger", "@price") == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (r"(?=a)b", "looks ahead or behind"),
        (r"(?<!a)b", "looks ahead or behind"),
        (r"(a)\1", "refers back"),
        (r"a++", "repetition of a repetition"),
        (r"a{2000}", "more than 1,000"),
        (r"(?:\w{300}x){3}", "at most 20000"),
        (r"\p{L}{900}", "too large"),
        (r"(a", "missing )"),
        (r"[\W]x", "inside `[]`"),
        (r"\Bx", "not supported"),
        ("(" * 60 + "a" + ")" * 60, "parentheses"),
        ("@fax", "no ready-made pattern"),
        (".*", "empty text"),
        ("a?", "empty text"),
        ("^", "empty text"),
        (".", "almost any text"),
        (r"\w+", "almost any text"),
        (r"[^z]", "almost any text"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_a_reason(value: str, words: str) -> None:
    (problem,) = PatternDetector.check(a_material(kind=Kind.PATTERN, value=value, source="rows.csv:3"))
    assert (problem.source, problem.column, problem.severity) == ("rows.csv:3", "value", "error")
    assert words in problem.message
    assert problem.hint


def test_flags_that_mean_nothing_are_told() -> None:
    (problem,) = PatternDetector.check(a_material(kind=Kind.PATTERN, value="ab", flags=frozenset({Flag.PREFIX})))
    assert (problem.column, problem.severity) == ("match", "warning")


@pytest.mark.parametrize(
    ("value", "literals"),
    [
        (r"casino \d+", {"casino "}),
        (r"(?:casino|bet) \d", {"casino", "bet"}),
        (r"(?:ab)?casino{2}", {"casin"}),
        (r"x*\d", set()),
        (r"casino|\d", set()),
        (r"(?:casino)+y", {"casino"}),
        (r"\bأفلام\b", {"افلام"}),
    ],
)
def test_the_letters_that_a_pattern_needs_are_known(value: str, literals: set[str]) -> None:
    assert set(translate(value, folded=True).literals) == literals


def test_nested_repetition_takes_linear_time() -> None:
    started = time.process_time()
    found("a" * 50_000 + "b", r"(a+)+$", r"(a|aa)*c", r"(.*)(.*)(.*)z")
    assert time.process_time() - started < 1


def test_the_same_rows_give_the_same_files() -> None:
    rows = list(enumerate(a_material(kind=Kind.PATTERN, value=value) for value in ("b", "a", "@price")))
    assert PatternDetector.compile(rows) == PatternDetector.compile(rows[::-1])
    assert PatternDetector.compile([]) == {}
    assert list(PatternDetector.open({}).detect(Part("texts.body", PartKind.TEXT, "a"))) == []


def test_files_of_another_shape_are_refused() -> None:
    for data in (b"[", b'[{"row": 1}]', json.dumps([{"row": 1, "regex": "a", "new": 1}]).encode(), b"3"):
        with pytest.raises(PackageError):
            PatternDetector.open({"patterns.json": memoryview(data)})
