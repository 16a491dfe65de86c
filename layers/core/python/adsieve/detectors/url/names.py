"""The host names that the labels of a link may mean: people write words right up to a link."""

from collections.abc import Iterator
from dataclasses import dataclass

from adsieve.detectors.url import grammar
from adsieve.detectors.url.links import Link


@dataclass(frozen=True, slots=True)
class Name:
    """Some labels of a link, as one host.

    Attributes:
        first: index of the first label; what is left of it is cut off, being longer than any host that is looked for.
        places: (start, end) of each label in `link.host`, left to right.
        last: whether the path of the link belongs to it.
    """

    first: int
    places: tuple[tuple[int, int], ...]
    last: bool


def names(link: Link, most: int) -> Iterator[Name]:
    """Every reading of a link's labels, at most the last `most` labels of each."""
    for end in _ends(link):
        first = max(0, end - most)
        places = link.labels[first:end]
        last = end == len(link.labels)
        yield Name(first, places, last)
        text = link.host.text
        head, tail = _unglued_head(text, *places[0]), _unglued_tail(text, *places[-1])
        if first == 0 and head != places[0]:
            yield Name(first, (head, *places[1:]), last)
        if tail != places[-1] and len(places) > 1:
            yield Name(first, (*places[:-1], tail), last=False)
            if first == 0 and head != places[0]:
                yield Name(first, (head, *places[1:-1], tail), last=False)


def _ends(link: Link) -> Iterator[int]:
    """Where the host may end: at its end, and wherever the next label may be the next word of the text."""
    count = len(link.labels)
    yield count
    for index in range(count - 1):
        if (
            link.gap(index) != "."
            or _changes_script(link, index)
            or (index == count - 2 and _new_sentence(link, index))
        ):
            yield index + 1


def _changes_script(link: Link, index: int) -> bool:
    text, after = link.host.text, link.labels[index + 1][0]
    before = link.labels[index][1] - 1
    return bool(grammar.SEPARATE_SCRIPT.match(text, after)) and not grammar.SEPARATE_SCRIPT.match(text, before)


def _new_sentence(link: Link, index: int) -> bool:
    """`see example.test.Now`: a capital behind a small letter starts a sentence."""
    if not index:
        return False
    original = link.host.original
    before, after = link.host.bounds[0][link.labels[index][1] - 1], link.host.bounds[0][link.labels[index + 1][0]]
    return original[before].islower() and original[after].isupper()


def _unglued_head(text: str, start: int, end: int) -> tuple[int, int]:
    cuts = list(grammar.GLUED.finditer(text[start:end]))
    if not cuts:
        return start, end
    behind = cuts[-1].end()
    if behind == end - start:
        behind = cuts[-1].start()
    return end - len(text[start + behind : end].lstrip("-_")), end


def _unglued_tail(text: str, start: int, end: int) -> tuple[int, int]:
    cut = grammar.GLUED.search(text[start:end])
    if cut is None:
        return start, end
    return start, start + (cut.start() or cut.end())
