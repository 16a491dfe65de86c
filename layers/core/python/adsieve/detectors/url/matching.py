"""From a reading of a link to matches: which rows it meets, where, and through which steps."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adsieve.detectors.url.addresses import parameters, path_of
from adsieve.detectors.url.hosts import canonical, ipv4, is_plain_ipv4, skeleton
from adsieve.detectors.url.how import UrlStep, ordered
from adsieve.detectors.url.index import ADDRESS, LOOKS, UrlIndex
from adsieve.detectors.url.links import Link
from adsieve.detectors.url.names import Name
from adsieve.domain.finding import Match


def matches(index: UrlIndex, link: Link, name: Name, path: str) -> Iterator[Match]:
    """The rows that a reading of a link meets.

    Args:
        index: the compiled rows.
        link: where it stands.
        name: which of its labels are the host.
        path: the canonical path behind that host.
    """
    labels = [canonical(link.host.text[start:end]) for start, end in name.places]
    for read, tag, steps in _readings(labels, whole=name.first == 0):
        for count, names_path, (row, detail) in index.find(reversed(read), path, tag):
            needed = steps | {UrlStep.PERCENT} if names_path and "%" in path_of(link) else steps
            match = _match(link, name, len(labels) if tag == ADDRESS else count, row, needed)
            if _holds(detail, match, link, read, path):
                yield match


def _readings(labels: list[str], *, whole: bool) -> Iterator[tuple[list[str], str, frozenset[UrlStep]]]:
    """What the labels may stand for: labels, the tag of their keys, and the steps it took."""
    address = ipv4(labels) if whole else None
    if address:
        yield [address], ADDRESS, frozenset() if is_plain_ipv4(labels) else frozenset({UrlStep.IP})
        return
    yield labels, "", frozenset()
    if not all(map(str.isascii, labels)):
        looks = [skeleton(label) for label in labels]
        yield looks, "", frozenset({UrlStep.HOMOGRAPH})
        yield looks, LOOKS, frozenset({UrlStep.HOMOGRAPH})


def _match(link: Link, name: Name, count: int, row: int, steps: frozenset[UrlStep]) -> Match:
    """The match of a row that names the last `count` labels."""
    end_label = name.first + len(name.places)
    named = range(end_label - count, end_label - 1)
    first = end_label - count
    # The span takes in subdomains, unless spaces or words stand between.
    while first and link.gap(first - 1) == ".":
        first -= 1
    start = name.places[first - name.first][0] if first >= name.first else link.labels[first][0]
    last = name.places[-1][1]
    begin, end = link.host.span(start, last)
    written = link.host.original[begin:end]
    if name.last and link.path[0] < link.path[1]:
        end = link.text.span(*link.path)[1]
    needed = {*link.steps, *steps}
    for gap in map(link.gap, named):
        if gap != ".":
            needed.add(UrlStep.SPACED if gap.strip() == "." else UrlStep.DEFANGED)
    if any(" " in link.host.text[slice(*place)] for place in name.places[-count:]):
        needed.add(UrlStep.SPACED)
    if UrlStep.PERCENT not in needed and written.lower() != link.host.text[start:last]:
        needed.add(UrlStep.FOLD)
    if any(label.startswith("xn--") for label in link.host.text[start:last].split(".")):
        needed.add(UrlStep.PUNYCODE)
    return Match(row, begin, end, link.text.original[begin:end], ordered(needed))


def _holds(detail: Mapping[str, Any], match: Match, link: Link, labels: Sequence[str], path: str) -> bool:
    """Whether what the row asks beyond host and path is so."""
    if not detail:
        return True
    if (detail.get("plain") and match.how) or (detail.get("genuine") and UrlStep.HOMOGRAPH in match.how):
        return False
    given = parameters(link.query()) if "parameters" in detail or "unless" in detail else frozenset()
    if not _given(detail.get("parameters", ()), given):
        return False
    return not any(
        _above(host, labels) and _is_below(path, prefix) and _given(asked, given)
        for host, prefix, asked in detail.get("unless", ())
    )


def _given(asked: Sequence[Sequence[str]], given: frozenset[tuple[str, str]]) -> bool:
    return all((name, value) in given for name, value in asked)


def _above(host: Sequence[str], labels: Sequence[str]) -> bool:
    return list(labels[-len(host) :]) == list(host)


def _is_below(path: str, prefix: str) -> bool:
    return not prefix or path == prefix or path.startswith(prefix + "/")
