"""What the normaliser promises of any string: it never fails, has one canonical form, and always knows the way back."""

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adsieve.detectors.terms import TermDetector
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.fold import Folded, fold
from adsieve.detectors.text.index import MarisaIndex
from adsieve.detectors.text.reordered import reordered
from adsieve.detectors.text.sign_data import SIGNS
from adsieve.detectors.text.tokens import TokenReader
from adsieve.detectors.text.views import disguised
from adsieve.domain.ad import Part, PartKind
from tests.builders import a_material
from tests.property.text_strategies import noise

texts = st.lists(noise, max_size=12).map("".join)
INDEX = MarisaIndex.build(["casino", "free spins", "казино", "كازينو", "赌博", "กาสิโน", "καζινο"])
FILES = TermDetector.compile([(0, a_material(value="casino")), (1, a_material(value="كازينو"))])
DETECTOR = TermDetector.open({name: memoryview(data) for name, data in FILES.items()})


def spans(folded: Folded) -> list[tuple[int, int]]:
    return [folded.span(at, at + 1) for at in range(len(folded.text))]


@given(texts)
@example("㈎㌀")
@example("ᄉ\u200bᅵ")
@example("ﾡￂ")
@example("aङ्क")
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(texts)
def test_every_folded_character_comes_from_characters_of_the_text_in_their_order(text: str) -> None:
    known = spans(fold(text))
    assert all(0 <= start < end <= len(text) for start, end in known)
    for (start, end), (next_start, next_end) in itertools.pairwise(known):
        assert start <= next_start
        assert end <= next_end


@given(texts, st.data())
def test_the_span_of_a_stretch_covers_the_spans_of_its_characters(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    known = spans(folded)[start:end]
    assert folded.span(start, end) == (known[0][0], known[-1][1])


@given(texts)
def test_a_stretch_folds_to_itself_from_its_original(text: str) -> None:
    folded = fold(text)
    start, end = folded.span(0, len(folded.text)) if folded.text else (0, 0)
    assert fold(text[start:end]).text == folded.text


@example("ㅋ", "ﷺꢴ")
@given(texts, texts)
def test_what_stands_on_another_line_does_not_change_how_a_line_folds(one: str, other: str) -> None:
    both = fold(f"{one}\n|\n{other}").text
    assert both == f"{fold(one).text.rstrip(' ')} | {fold(other).text.lstrip(' ')}"


def test_no_sign_hides_a_letter_that_cannot_carry_it() -> None:
    signs = re.findall(f"[{SIGNS}]", "".join(map(chr, range(0x110000))))
    assert len(signs) > 1_000
    assert [sign for sign in signs if fold(f"casino{sign}").text != "casino"] == []


@given(texts)
def test_every_reading_of_a_text_knows_the_way_back(text: str) -> None:
    for view in [*reordered(text, Effort()), *disguised(fold(text), [], TokenReader(INDEX), Effort())]:
        for at in range(len(view.text)):
            start, end = view.words.span(at, at + 1)
            assert 0 <= start <= end <= len(text)
            assert start < end or view.text[at] == " ", "only a space between words may have been put in"
        for start, end, steps in view.changes or ():
            assert 0 <= start <= end <= len(view.text)
            assert steps


@example("", "б\u202e ", "casino")
@given(texts, texts, st.sampled_from(["casino", "CASINO", "cásino", "كازينو", "كَازِينـو", "ｃａｓｉｎｏ"]))
def test_a_term_that_stands_by_itself_is_found_whatever_stands_around(before: str, after: str, term: str) -> None:
    text = f"{before}\n{term}\n{after}"
    found = [(match.start, match.end) for match in DETECTOR.detect(Part("texts.body", PartKind.TEXT, text))]
    assert (len(before) + 1, len(before) + 1 + len(term)) in found


@pytest.mark.parametrize("first", range(0, 0x110000, 0x11000))
def test_every_character_of_unicode_folds_to_a_canonical_form(first: int) -> None:
    for code in range(first, first + 0x11000):
        folded = fold(chr(code)).text
        assert fold(folded).text == folded, hex(code)
