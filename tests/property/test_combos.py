"""Any text is a combo or refused by column; what a combo finds is what its meaning, spelt out, says."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from adsieve.detectors.combo.syntax import And, ComboSyntaxError, Near, Node, Or, Word, parse_combo
from adsieve.detectors.combos import ComboDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind
from tests.builders import a_material

type Span = tuple[int, int]

names = st.sampled_from("pqrs")
near = st.recursive(
    names,
    lambda inner: st.tuples(inner, st.integers(1, 3), names).map(lambda each: f"{each[0]} NEAR/{each[1]} {each[2]}"),
    max_leaves=2,
)
expressions = st.recursive(
    near,
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(
        lambda each: f"({each[0]}) {each[1]} ({each[2]})"
    ),
    max_leaves=4,
)
sentences = st.lists(st.sampled_from("pqrsx"), max_size=9)


def found(text: str, value: str) -> list[Match]:
    files = ComboDetector.compile([(0, a_material(kind=Kind.COMBO, value=value))])
    detector = ComboDetector.open({name: memoryview(data) for name, data in files.items()})
    return list(detector.detect(Part("texts.body", PartKind.TEXT, text)))


def meaning(node: Node, words: list[str]) -> set[Span]:
    """First and last word of every way in which a combo holds, worked out by trying all of them."""
    match node:
        case Word(text):
            return {(at, at) for at, word in enumerate(words) if word == text}
        case Or(choices):
            return set().union(*(meaning(each, words) for each in choices))
        case And(wanted, unwanted):
            if any(meaning(each, words) for each in unwanted):
                return set()
            ways = product(*(meaning(each, words) for each in wanted))
            return shortest({(min(first for first, _ in way), max(last for _, last in way)) for way in ways})
        case Near(distance, left, right):
            pairs = product(meaning(left, words), meaning(right, words))
            return shortest(
                {
                    (min(one[0], other[0]), max(one[1], other[1]))
                    for one, other in pairs
                    if 1 <= other[0] - one[1] <= distance or 1 <= one[0] - other[1] <= distance
                }
            )


def shortest(spans: set[Span]) -> set[Span]:
    return {
        span
        for span in spans
        if not any(span != other and span[0] <= other[0] and other[1] <= span[1] for other in spans)
    }


@settings(max_examples=120)
@given(expressions, sentences)
def test_a_combo_finds_the_shortest_stretches_in_which_it_holds(value: str, words: list[str]) -> None:
    found_here = {(match.start // 2, match.end // 2) for match in found(" ".join(words), value)}
    assert found_here == shortest(meaning(parse_combo(value), words))


def refusal(value: str) -> str | None:
    try:
        parse_combo(value)
    except ComboSyntaxError as error:
        return str(error)
    return None


pieces = st.sampled_from(
    ["a", "ب", "AND", "OR", "NOT", "NEAR/3", "NEAR/", "(", ")", '"', "*", " ", "«", "\u0640", "和", "\ud800", "\x00"]
)


@settings(max_examples=150)
@given(st.lists(pieces | st.text(max_size=3), max_size=20).map("".join), st.text(max_size=30))
def test_any_text_is_a_combo_or_refused_by_column(value: str, text: str) -> None:
    if (refused := refusal(value)) is not None:
        assert refused.startswith("column ")
        return
    for match in found(text + " a " + value, value):
        assert match.start < match.end
        assert match.text == (text + " a " + value)[match.start : match.end]
