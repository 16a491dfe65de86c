import json
import time
from typing import Any

import pytest

from adsieve.detectors.urls import UrlDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action
from adsieve.domain.errors import PackageError
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind
from tests.builders import a_material

ROWS = (
    "bad.test",
    "shop.test/offers",
    "münchen-bets.test",
    "كازينو.شبكة",
    "10.1.2.3",
    "play.test/app?id=com.casino",
    "भारत-खेल.example",
    "bets.example.org",
)


def a_detector(*values: str, **fields: Any) -> UrlDetector:
    rows = list(enumerate(a_material(kind=Kind.URL, value=value, **fields) for value in values))
    return UrlDetector.open({name: memoryview(data) for name, data in UrlDetector.compile(rows).items()})


def found(text: str, *values: str, kind: PartKind = PartKind.TEXT, **fields: Any) -> list[Match]:
    return list(a_detector(*(values or ROWS), **fields).detect(Part("texts.body", kind, text)))


def told(text: str, *values: str, kind: PartKind = PartKind.TEXT) -> list[tuple[str, str, tuple[str, ...]]]:
    """The row, what it matched and how."""
    return [((values or ROWS)[match.row], match.text, match.how) for match in found(text, *values, kind=kind)]


@pytest.mark.parametrize(
    ("text", "row", "span", "how"),
    [
        ("Visit bad.test today", "bad.test", "bad.test", ()),
        ("http://BAD.TEST/x?y=1.", "bad.test", "BAD.TEST/x", ()),
        ("see m.bad.test/a, now", "bad.test", "m.bad.test/a", ()),
        ("http://bad.test./", "bad.test", "bad.test./", ()),
        ("http://bad.test:8080/a", "bad.test", "bad.test:8080/a", ()),
        ("//bad.test/x", "bad.test", "bad.test/x", ()),
        (r"http:\\shop.test\offers\2", "shop.test/offers", r"shop.test\offers\2", ()),
        ("shop.test//x/../offers/.", "shop.test/offers", "shop.test//x/../offers/", ()),
        ("shop.test/%6Fffers?x=1", "shop.test/offers", "shop.test/%6Fffers", ("percent",)),
        ("shop.test/offers;jsessionid=1", "shop.test/offers", "shop.test/offers;jsessionid=1", ()),
        ("hxxps://bad.test/a", "bad.test", "bad.test/a", ("defanged",)),
        ("hxxp[://]bad[.]test", "bad.test", "bad[.]test", ("defanged",)),
        ("bad(dot)test", "bad.test", "bad(dot)test", ("defanged",)),
        ("bad [dot] test", "bad.test", "bad [dot] test", ("defanged",)),
        ("go to bad dot test", "bad.test", "bad dot test", ("defanged",)),
        ("bad نقطة test", "bad.test", "bad نقطة test", ("defanged",)),
        ("bad•test", "bad.test", "bad•test", ("defanged",)),
        ("bad . test . Visit us", "bad.test", "bad . test", ("spaced",)),
        ("go to b a d . t e s t", "bad.test", "b a d . t e s t", ("spaced",)),
        ("b a d.test, now", "bad.test", "b a d.test", ("spaced",)),
        ("bad .test", "bad.test", "bad .test", ("spaced",)),
        ("see bets.example. org now", "bets.example.org", "bets.example. org", ("spaced",)),
        ("https://good.test@bad.test/p", "bad.test", "bad.test/p", ("userinfo",)),
        ("https://a:b@good.test@bad.test", "bad.test", "bad.test", ("userinfo",)),
        ("write to hello@bad.test", "bad.test", "bad.test", ("email",)),
        ("https://bad%2Etest/", "bad.test", "bad%2Etest/", ("percent",)),
        ("https%3A%2F%2Fbad.test%2Fx", "bad.test", "bad.test%2Fx", ("percent",)),
        ("100%shop.test/offers", "shop.test/offers", "shop.test/offers", ()),
        ("http://b%61d.test/", "bad.test", "b%61d.test/", ("percent",)),
        ("bаd.test", "bad.test", "bаd.test", ("homograph",)),
        ("ｂａｄ．ｔｅｓｔ", "bad.test", "ｂａｄ．ｔｅｓｔ", ("fold",)),
        ("bad。test", "bad.test", "bad。test", ("fold",)),
        ("b\u200bad.te\u00adst", "bad.test", "b\u200bad.te\u00adst", ("fold",)),
        ("xn--mnchen-bets-thb.test", "münchen-bets.test", "xn--mnchen-bets-thb.test", ("punycode",)),
        ("MÜNCHEN-BETS.TEST", "münchen-bets.test", "MÜNCHEN-BETS.TEST", ()),
        ("mu\u0308nchen-bets.test", "münchen-bets.test", "mu\u0308nchen-bets.test", ()),
        ("mûnchen-bets.test", "münchen-bets.test", "mûnchen-bets.test", ("homograph",)),
        ("زوروا كازينو.شبكة/عرض الآن", "كازينو.شبكة", "كازينو.شبكة/عرض", ()),
        ("كازيـنو.شبكة", "كازينو.شبكة", "كازيـنو.شبكة", ("fold",)),
        ("कहाँ? भारत-खेल.example पर", "भारत-खेल.example", "भारत-खेल.example", ()),
        ("http://10.1.2.3/", "10.1.2.3", "10.1.2.3/", ()),
        ("http://167838211/", "10.1.2.3", "167838211/", ("ip",)),
        ("http://0xa.0x1.0x203", "10.1.2.3", "0xa.0x1.0x203", ("ip",)),
        ("http://012.01.02.03", "10.1.2.3", "012.01.02.03", ("ip",)),
        ("请访问bad.test了解更多", "bad.test", "bad.test", ()),
        ("زوروا موقعbad.testالآن", "bad.test", "bad.test", ()),
        ("m.shop.test/offers了解", "shop.test/offers", "m.shop.test/offers了解", ()),
        ("it is a.bad.test.Now go", "bad.test", "a.bad.test", ()),
        ("_bad.test_", "bad.test", "bad.test", ()),
        ("https://play.test/app?utm_source=1&id=com.Casino", "play.test/app?id=com.casino", "play.test/app", ()),
    ],
)
def test_a_listed_site_is_found_through_every_disguise(text: str, row: str, span: str, how: tuple[str, ...]) -> None:
    assert told(text) == [(row, span, how)]


@pytest.mark.parametrize(
    "text",
    [
        "notbad.test",
        "bad.testing",
        "bad-test",
        "very bad. Test it yourself",
        "shop.test/offers-1 shop.test/offersale shop.test/ shop.test/offers.html",
        "https://shop.test/a/offers",
        "https://shop.test/offers/../help",
        "munchen-bets.test",
        "9.10.1.2.3",
        "http://10.1.2.300/",
        "https://play.test/app?id=com.chess",
        "https://bad.test@good.test/",
        "bad.test@good.test",
        "https://good.test/about-bad.test",
        "https://good.test/?q=is+bad.test+safe",
        "https://good.test/?q=bad.test+safe",
        "https://good.test/?q=bad.test%20review&u=x",
    ],
)
def test_what_only_resembles_a_listed_site_is_not_found(text: str) -> None:
    assert told(text) == []


def test_a_listed_name_inside_another_site_is_not_that_site() -> None:
    # A host is read from its right end: this page is served, and answered for, by whoever owns evil.com.
    assert told("example.test.evil.com", "example.test") == []
    assert told("https://example.test.evil.com/x", "example.test") == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("https://good.test/r?url=https%3A%2F%2Fbad.test%2Fx&b=2", "bad.test%2Fx"),
        ("https://good.test/r?URL=https%253A%252F%252Fwww.bad.test", "www.bad.test"),
        ("https://good.test/r?to=bad.test", "bad.test"),
        ("https://good.test/r?a=1&next=//bad.test/p#top", "bad.test/p"),
        ("https://good.test/https://bad.test/q", "bad.test/q"),
        ("https://good.test/r?u=https://other.test/?u=https://bad.test", "bad.test"),
        (r"https://good.test\@bad.test", "bad.test"),
    ],
)
def test_a_link_inside_a_link_is_unwrapped(text: str, span: str) -> None:
    assert told(text) == [("bad.test", span, ("redirect",))]
    assert told(text, kind=PartKind.URL) == [("bad.test", span, ("redirect",))]


def test_unwrapping_stops_at_a_bound() -> None:
    assert told("https://good.test/?url=https" + "%" + "25" * 9 + "3A//bad.test") == []


def test_the_span_of_a_site_covers_its_path_but_no_link_in_it() -> None:
    text = "https://good.test/out/https%3A%2F%2Fbad.test?u=https://bad.test/2"
    rows = ("good.test/out", "bad.test")
    spans = [(rows[match.row], match.text) for match in found(text, *rows)]
    assert spans == [("good.test/out", "good.test/out/"), ("bad.test", "bad.test"), ("bad.test", "bad.test/2")]
    allowed, *forbidden = found(text, *rows)
    assert not any(allowed.contains(match) for match in forbidden)


def test_an_allowed_path_contains_the_finding_of_its_site() -> None:
    site, path = found("www.shop.test/offers/1?x=2", "shop.test", "shop.test/offers")
    assert path.contains(site)


def test_a_landing_page_is_read_as_browsers_read_it() -> None:
    assert told("  https://b\tad\n.test/x ", kind=PartKind.URL) == [("bad.test", "b\tad\n.test/x", ("fold",))]
    assert told("b\nad.test") == []


def test_spans_are_code_points_of_the_original_text() -> None:
    text = "🎰🎰 كـازينو ﷺ → ｂａｄ．ｔｅｓｔ/a."
    (match,) = found(text)
    assert text[match.start : match.end] == match.text == "ｂａｄ．ｔｅｓｔ/a"


def test_subdomains_count_wherever_the_listed_name_stands() -> None:
    assert told("a.b.c.d.e.f.bad.test/x") == [("bad.test", "a.b.c.d.e.f.bad.test/x", ())]
    assert told("bad.test", "www.bad.test") == [("www.bad.test", "bad.test", ())]
    assert told("bad.test", "m.bad.test") == []


def test_every_row_of_a_site_is_reported_and_no_place_twice() -> None:
    rows = ("bad.test", "bad.test/a", "https://bad.test", "bad.test/a/b")
    assert sorted(match.row for match in found("https://bad.test/a", *rows)) == [0, 1, 2]


def test_plain_rows_match_only_what_needs_no_step() -> None:
    assert found("bad.test", "bad.test", flags=frozenset({Flag.PLAIN}))
    assert not found("bad[.]test bаd.test", "bad.test", flags=frozenset({Flag.PLAIN}))


def test_a_site_that_only_looks_allowed_is_not() -> None:
    assert found("bad.test", "bad.test", action=Action.ALLOW)
    assert found("bаd.test", "bad.test")
    assert not found("bаd.test", "bad.test", action=Action.ALLOW)


def test_unless_names_what_a_row_does_not_mean() -> None:
    unless = ("bad.test/help", "careers.bad.test", "bad.test/app?id=1")
    assert found("bad.test/helpers bad.test/app?id=2", "bad.test", unless=unless)
    assert not found("bad.test/help/1 jobs.careers.bad.test/x bad.test/app?id=1", "bad.test", unless=unless)


@pytest.mark.parametrize(
    ("value", "column", "severity", "words"),
    [
        ("casino", "value", "error", "no domain and no link"),
        ("http://casino/", "value", "error", "one word"),
        ("co.uk", "value", "error", "anybody registers"),
        ("xn--.test", "value", "error", "empty label"),
        ("https://com", "value", "error", "one word"),
        ("a@bad.test", "value", "error", "no domain and no link"),
        ("https://good.test@bad.test", "value", "error", "no domain and no link"),
        ("bad.test other.test", "value", "error", "no domain and no link"),
        ("buy at bad.test", "value", "error", "no domain and no link"),
        ("github.io", "value", "warning", "platform"),
        ("casino.qqqq", "value", "warning", "no known public suffix"),
    ],
)
def test_a_row_that_names_no_site_is_told(value: str, column: str, severity: str, words: str) -> None:
    (problem,) = UrlDetector.check(a_material(kind=Kind.URL, value=value, source="urls.csv:2"))
    assert (problem.source, problem.column, problem.severity) == ("urls.csv:2", column, severity)
    assert words in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    "value",
    [
        "bad.test",
        "hxxps://bad[.]test/x",
        "https://www.bad.test/x?y=1",
        "*.bad.test",
        "bad.co.uk",
        "a.github.io",
        "موقع.امارات",
        "10.1.2.3",
    ],
)
def test_a_good_row_has_no_problem(value: str) -> None:
    assert list(UrlDetector.check(a_material(kind=Kind.URL, value=value))) == []


def test_flags_and_exceptions_that_mean_nothing_are_told() -> None:
    row = a_material(kind=Kind.URL, value="bad.test", flags=frozenset({Flag.SUBSTRING}), unless=("some words",))
    assert [(problem.column, problem.severity) for problem in UrlDetector.check(row)] == [
        ("unless", "error"),
        ("match", "warning"),
    ]


def test_the_same_rows_give_the_same_files() -> None:
    rows = list(enumerate(a_material(kind=Kind.URL, value=value) for value in ROWS))
    assert UrlDetector.compile(rows) == UrlDetector.compile(rows[::-1])
    assert UrlDetector.compile([]) == {}
    assert list(UrlDetector.open({}).detect(Part("texts.body", PartKind.TEXT, "bad.test"))) == []


def test_files_that_contradict_each_other_are_refused() -> None:
    files = UrlDetector.compile([(0, a_material(kind=Kind.URL, value="bad.test"))])
    broken = (
        {"urls.trie": b"no trie"},
        {"urls.first": b"\0" * 8},
        {"urls.rows": b"\0" * 3},
        {"urls.json": b"{"},
        {"urls.json": json.dumps({"longest": 9}).encode()},
    )
    for change in broken:
        with pytest.raises(PackageError):
            UrlDetector.open({name: memoryview(data) for name, data in (files | change).items()})


@pytest.mark.parametrize(
    "piece", ["a . ", "a ", "http:", "http://", "a@", "%41", "%25", "xn--a.", "a[.]", "?u=", "&u=", "http%2525", "../"]
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    detector = a_detector(*ROWS)

    def seconds(times: int) -> float:
        started = time.process_time()
        for text in ("a.b " + piece * times, "http://a.b/" + piece * times):
            assert list(detector.detect(Part("texts.body", PartKind.TEXT, text))) == []
        return time.process_time() - started

    # Eight times the text: linear takes 8 times as long, quadratic 64 times. The best of three: others use the machine.
    assert min(seconds(24_000) for _ in range(3)) < 20 * seconds(3_000) + 0.2
