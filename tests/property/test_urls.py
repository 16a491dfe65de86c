"""Whatever stands in a text, links are read without a failure; a listed site is found through stacked disguises."""

import re
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from adsieve.detectors.urls import UrlDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.material import Kind
from tests.builders import a_material

ROWS = ("bad.test", "shop.test/offers", "münchen.test", "كازينو.شبكة", "10.1.2.3", "a.test/?id=1")
FILES = UrlDetector.compile(list(enumerate(a_material(kind=Kind.URL, value=value) for value in ROWS)))
DETECTOR = UrlDetector.open({name: memoryview(data) for name, data in FILES.items()})

WORDS = re.split(" ", "http hxxp :// // %2e %25 %41 %ff dot xn-- xn--mnchen-3ya url= 0x .. www. .test bad")
pieces = st.sampled_from([*ROWS, *WORDS, *"./\\:@?#=&%[]() \n-_~1aA•。．\u200b\u0301ﷺ访بİß🎰\ud800\0", " . "])
texts = st.lists(pieces | st.text(max_size=3), max_size=16).map("".join)
labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


@settings(max_examples=150)
@given(texts, st.sampled_from([PartKind.TEXT, PartKind.URL]))
def test_links_are_read_in_any_text(text: str, kind: PartKind) -> None:
    for match in DETECTOR.detect(Part("a part", kind, text)):
        assert 0 <= match.start < match.end <= len(text)
        assert match.text == text[match.start : match.end]
        assert len(set(match.how)) == len(match.how)


@settings(max_examples=100)
@given(texts)
def test_any_value_is_refused_with_a_reason_or_compiles(value: str) -> None:
    row = a_material(kind=Kind.URL, value=value)
    if not any(problem.severity == "error" for problem in UrlDetector.check(row)):
        files = {name: memoryview(data) for name, data in UrlDetector.compile([(0, row)]).items()}
        UrlDetector.open(files)


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """`bad.test` behind up to one disguise of each kind."""
    host = draw(st.sampled_from(["bad.test", "BAD.tesT", "ｂａｄ.test", "b\u200bad.test", "bаd.test", "b%61d.test"]))
    host = host.replace(".", draw(st.sampled_from([".", "。", "[.]", "(dot)", " . ", " [dot] "])))
    host = draw(st.sampled_from(["", "www.", "a.b."])) + host
    if not draw(st.booleans()):
        return host
    scheme = draw(st.sampled_from(["http://", "hxxps://", "HTTPS:\\\\", "http[:]//"]))
    link = scheme + draw(st.sampled_from(["", "good.test@", "a:b@"])) + host
    link += draw(st.sampled_from(["", ":8080", "/", "/x?y=1", "#top"]))
    for _ in range(draw(st.integers(0, 2))):
        link = f"https://good.test/{draw(labels)}?url={quote(link, safe='')}"
    return link


@settings(max_examples=150)
@given(
    disguised(),
    st.sampled_from(["", "see ", "زوروا ", "访问", "🎰", "("]),
    st.sampled_from(["", " now", " الآن", ")", "!"]),
)
def test_a_listed_site_is_found_through_stacked_disguises(link: str, before: str, after: str) -> None:
    text = before + link + after
    assert 0 in {match.row for match in DETECTOR.detect(Part("a part", PartKind.TEXT, text))}


@settings(max_examples=100)
@given(labels, st.sampled_from(["https://{}bad.test/x", "bad.test.{}", "{}-bad.test", "x{}bad.test", "bad{}.test"]))
def test_a_name_that_only_contains_a_listed_one_is_not_it(label: str, form: str) -> None:
    text = form.format(label)
    assert list(DETECTOR.detect(Part("a part", PartKind.TEXT, text))) == []
