"""A look at the words of a text never leaves out a reading in which something is found."""

from functools import partial
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adsieve.detectors.terms import TermDetector
from adsieve.detectors.text.fold import fold
from adsieve.detectors.text.survey import Surveyor
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.finding import Match
from adsieve.domain.material import Material
from tests.builders import a_material
from tests.property.text_strategies import materials, texts_about


class Everything:
    """A survey that asks for every reading of every word."""

    is_worth_reading = is_respelled = is_disguised = is_out_of_order = True

    def __init__(self, text: str) -> None:
        self.shows: list[int] = []
        self.folded = partial(fold, text)
        self._words = len(fold(text).text.split(" "))

    def placed(self, first: int) -> range:  # noqa: ARG002 - as `Survey.placed`
        return range(self._words)


def found(detector: TermDetector, text: str) -> list[Match]:
    return list(detector.detect(Part("texts.body", PartKind.TEXT, text)))


@settings(max_examples=250)
@example(([a_material(value="online summer")], "x -- online #SummerSale"))
@example(([a_material(value="casino")], "- a  b\u00a0casino"))
@example(([a_material(value="casino")], "ca-\nsino"))
@example(([a_material(value="diet pills")], "diet / pills"))
@example(([a_material(value="sale now")], "#SummerSale\nnow"))
@example(([a_material(value="كازينو")], "the kazino"))
@given(materials().flatmap(lambda rows: st.tuples(st.just(rows), texts_about(rows))))
def test_what_is_left_out_would_have_found_nothing(drawn: tuple[list[Material], str]) -> None:
    rows, text = drawn
    detector = TermDetector.in_memory(list(enumerate(rows)))
    seen = found(detector, text)
    with patch.object(Surveyor, "survey", lambda _, text: Everything(text)):
        assert seen == found(detector, text)
