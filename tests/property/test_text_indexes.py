"""The packaged index and the one built in memory are one engine: same keys, same places, same findings."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adsieve.detectors.terms import TermDetector
from adsieve.detectors.text.aho import AhoIndex
from adsieve.detectors.text.index import MarisaIndex, heads_of
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Material
from tests.builders import a_material
from tests.property.text_strategies import materials, texts_about

letters = st.sampled_from("ab ع\U0001f600")
keys = st.lists(st.text(letters, min_size=1, max_size=5), min_size=1, max_size=12, unique=True)


def packaged(listed: list[str]) -> MarisaIndex:
    data = memoryview(MarisaIndex.build(listed).to_bytes())
    return MarisaIndex.open(data, max(map(len, listed)), heads_of(listed))


@given(keys, st.text(letters, max_size=30), st.data())
def test_both_indexes_see_the_same_keys_at_the_same_places(listed: list[str], text: str, data: st.DataObject) -> None:
    starts = sorted(data.draw(st.sets(st.sampled_from(range(len(text)))))) if text else []
    marisa, aho = packaged(listed), AhoIndex(listed)
    for places in (starts, range(len(text))):
        everywhere = ((start, end) for start in places for end in range(start + 1, len(text) + 1))
        expected = [(start, end, text[start:end]) for start, end in everywhere if text[start:end] in listed]
        for index in (marisa, aho):
            assert [(start, end, index.key(key)) for start, end, key in index.find(text, places)] == expected


@given(keys, st.text(letters, max_size=6))
def test_both_indexes_know_the_same_keys_and_beginnings(listed: list[str], asked: str) -> None:
    for index in (packaged(listed), AhoIndex(listed)):
        number = index.get(asked)
        assert (number is not None) == (asked in listed)
        assert number is None or index.key(number) == asked
        assert index.extends(asked) == any(key.startswith(asked) for key in listed)
        assert len(index) == len(listed)


def findings(detector: TermDetector, text: str) -> list[Match]:
    found = list(detector.detect(Part("texts.body", PartKind.TEXT, text)))
    return sorted(found, key=lambda match: (match.row, match.start, match.end, match.how))


@settings(max_examples=150)
@example(([a_material(value="aaa")], "وaaa"))
@given(materials().flatmap(lambda rows: st.tuples(st.just(rows), texts_about(rows))))
def test_a_package_finds_what_the_same_rows_in_memory_find(drawn: tuple[list[Material], str]) -> None:
    listed, text = drawn
    rows = list(enumerate(listed))
    files = {name: memoryview(data) for name, data in TermDetector.compile(rows).items()}
    found = findings(TermDetector.open(files), text)
    assert found == findings(TermDetector.in_memory(rows), text)
    for match in found:
        assert 0 <= match.start < match.end <= len(text)
        assert match.text == text[match.start : match.end]
        assert len(set(match.how)) == len(match.how)
        assert not (listed[match.row].flags & {Flag.PLAIN, Flag.CASE} and {"skeleton", "mask", "spaced"} & {*match.how})
    assert len({(match.row, match.start, match.end) for match in found}) == len(found)
