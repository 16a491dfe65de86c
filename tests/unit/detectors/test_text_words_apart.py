"""Words set apart, stretched, masked or drawn, alone and inside phrases."""

import time
from collections.abc import Iterator

import pytest

from adsieve.detectors.base import Look
from adsieve.detectors.terms import TermDetector
from adsieve.detectors.text.change import disguises
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.fold import fold
from adsieve.detectors.text.index import MarisaIndex
from adsieve.detectors.text.reordered import reordered
from adsieve.detectors.text.tokens import TokenReader
from adsieve.detectors.text.view import View
from adsieve.detectors.text.views import disguised
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.material import Kind
from tests.builders import a_material

INDEX = MarisaIndex.build(
    [
        fold(term).text
        for term in (
            "casino",
            "loan",
            "free spins",
            "payday loan",
            "قرض فوري",
            "সিগারেট",
            "सिगरेट",
            "สล็อต",
            "电子烟",
            "hell",
            "vape",
        )
    ]
)
HOSTILE_LENGTH = 20_000


def _views(text: str) -> Iterator[View]:
    effort = Effort()
    yield from reordered(text, effort)
    yield from disguised(fold(text), [], TokenReader(INDEX), effort)


def _readings(text: str) -> str:
    return "\n".join(f" {view.text} " for view in _views(text))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("c   a  s    i n  o night", "casino"),
        ("c--a__s..i--n~~o", "casino"),
        ("cc aa ss ii nn oo", "casino"),
        ("c|a|s|i|n|o", "casino"),
        ("get a l o a n now", "loan"),
        ("f.r.e.e s.p.i.n.s", "free spins"),
        ("f r e e  s p i n s", "free spins"),
        ("f r e e s p i n s", "free spins"),
        ("সি-গা-রে-ট", "সিগারেট"),
        ("सि ग रे ट", "सिगरेट"),
        ("ส ล็ อ ต", "สล็อต"),
        ("最好的电  子  烟欢迎", "电子烟"),
    ],
)
def test_letters_set_apart_are_joined(text: str, term: str) -> None:
    assert fold(term).text in _readings(text)


@pytest.mark.parametrize(
    ("text", "term"), [("c a s i n o v a", "casino"), ("s h e l l", "hell"), ("S l o a n e", "loan")]
)
def test_a_longer_word_spelled_out_is_another_word(text: str, term: str) -> None:
    assert f" {term} " not in _readings(text)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("p4yday l0an", "payday loan"),
        ("fr33 sp!ns", "free spins"),
        ("freeee   spiiins", "free spins"),
        ("وبقرض فووووري", "قرض فوري"),
    ],
)
def test_a_phrase_is_read_whose_words_are_disguised(text: str, term: str) -> None:
    assert fold(term).text in _readings(text)


def test_no_phrase_is_read_across_the_end_of_a_sentence() -> None:
    assert "payday loan" not in _readings("We take payday. Loan terms")


@pytest.mark.parametrize("text", ["payday / loan", "payday/loan", "payday| loan", "payday.loan"])
def test_a_rescan_looks_again_at_phrases_parted_by_a_sign(text: str) -> None:
    assert disguises(text)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("llooaann", "loan"),
        ("l000000an", "loan"),
        ("casin* night", "casino"),
        ("सि*रेट", "सिगरेट"),
        ("\\/ape", "vape"),
        ("c/-\\sino", "casino"),
        ("casin() night", "casino"),
    ],
)
def test_stretched_masked_and_drawn_words_are_read(text: str, term: str) -> None:
    assert fold(term).text in _readings(text)


@pytest.mark.parametrize("unit", ["a", " ", "vv", ".,", "a-", "a b ", "aaa ", "☆", "赌 *", "กา", "c-a-s-"])
def test_hostile_repetition_takes_no_more_than_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        list(_views(text))
        return time.process_time() - start

    # The best of three: others use the machine.
    short, long = (min(seconds(length) for _ in range(3)) for length in (HOSTILE_LENGTH // 8, HOSTILE_LENGTH))
    assert long < 24 * short + 0.2  # linear is 8 times as long, quadratic 64 times


def test_a_text_of_nothing_but_disguises_is_read_so_far_and_says_so() -> None:
    words = ["".join("4@3310$5!c5n0"[(at * 7 + number * 3) % 13] for at in range(9)) + "a" for number in range(9_000)]
    detector = TermDetector.in_memory([(0, a_material(kind=Kind.TERM, value="casino"))])
    text = f"casino {' '.join(words)} casino"
    look = Look(detector, Part("texts.body", PartKind.TEXT, text))
    # As written, the text is read to its end.
    assert [match.start for match in look] == [0, text.rindex("casino")]
    assert "too many odd words" in look.incomplete


@pytest.mark.parametrize(
    "text", ["a \u202e\u0301", "\u202e\u0301", "a \u202e\u200d", "\u202eab\u0301 \u200d \u202e\u0301"]
)
def test_what_is_read_differently_may_end_in_nothing_at_all(text: str) -> None:
    rows = [(0, a_material(kind=Kind.TERM, value="ab"))]
    detector = TermDetector.open({name: memoryview(data) for name, data in TermDetector.compile(rows).items()})
    assert all(match.end <= len(text) for match in detector.detect(Part("texts.body", PartKind.TEXT, text)))
