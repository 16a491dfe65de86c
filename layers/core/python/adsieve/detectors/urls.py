"""URLs: domains and URL prefixes, found in links and in texts through the ways to disguise a link.

A row `example.test` means that site and everything below it (`m.example.test`); a row `example.test/offers` means the
path and what lies below it (`/offers/1`, not `/offers-old`), on the site and everything below it. Both hold at the
borders of labels: neither `notexample.test` nor `example.test.evil.com`, which is a page of evil.com, is meant.
A finding's span covers the whole host and path, never a link that is wrapped in it, so an ALLOW row for a site does not
excuse where the site leads to.

The steps that a finding's `how` may name stand in `url.how`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

from adsieve.detectors.base import Files, Row
from adsieve.detectors.url.addresses import Address, canonical_path, parse_address, path_of, site
from adsieve.detectors.url.chars import in_link, in_text
from adsieve.detectors.url.hosts import skeleton
from adsieve.detectors.url.index import ADDRESS, LOOKS, UrlIndex, key_of
from adsieve.detectors.url.links import links
from adsieve.detectors.url.matching import matches
from adsieve.detectors.url.names import names
from adsieve.detectors.url.suffixes import Suffix, suffix_of
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action
from adsieve.domain.errors import Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind, Material

_MEANINGLESS = frozenset({Flag.PREFIX, Flag.SUBSTRING, Flag.SUFFIXES, Flag.CASE})


class UrlDetector:
    """Finds url rows in links, and in texts that spell links."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.URL})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.TEXT, PartKind.URL})

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """A row must name a site that somebody owns."""
        for column, values in (("value", (material.value,)), ("unless", material.unless)):
            for value in values:
                try:
                    address = parse_address(value)
                except ValueError as error:
                    yield Problem(material.source, column, str(error), "write `example.test` or `example.test/path`")
                else:
                    yield from _doubtful(material, column, address)
        if useless := sorted(material.flags & _MEANINGLESS):
            message = f"{', '.join(f'`{flag}`' for flag in useless)} means nothing for a url"
            yield Problem(material.source, "match", message, "leave it empty, or `plain`", "warning")

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`urls.*`: a trie of hosts and paths and, key by key, the rows behind it."""
        by_key: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        labels = 4  # an IPv4 address has as many
        for number, material in rows:
            address, *exceptions = map(parse_address, (material.value, *material.unless))
            labels = max(labels, *(len(named.labels) for named in (address, *exceptions)))
            for key in _keys(address):
                by_key.setdefault(key, []).append((number, _detail(material, address, exceptions)))
        return UrlIndex.build(by_key, labels) if by_key else {}

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`."""
        return cls(UrlIndex.open(files) if "urls.trie" in files else None)

    def __init__(self, index: UrlIndex | None) -> None:
        self._index = index

    def detect(self, part: Part) -> Iterator[Match]:
        """See `Detector.detect`."""
        if self._index is None:
            return
        seen: set[tuple[int, int, int]] = set()
        for link in links(in_link(part.text) if part.kind is PartKind.URL else in_text(part.text)):
            path = canonical_path(path_of(link))
            for name in names(link, self._index.labels):
                for match in matches(self._index, link, name, path if name.last else ""):
                    place = (match.row, match.start, match.end)
                    if place not in seen:
                        seen.add(place)
                        yield match


def _doubtful(material: Material, column: str, address: Address) -> Iterator[Problem]:
    if len(address.labels) == 1 or address.path:
        return
    match suffix_of(address.labels):
        case Suffix.REGISTRY:
            message = f"`{site(address)}` is a suffix under which anybody registers"
            yield Problem(material.source, column, message, "put the site's name before it")
        case Suffix.PLATFORM:
            message = f"`{site(address)}` belongs to a platform that gives names below it to anybody"
            yield Problem(material.source, column, message, "put the site's name before it, if you mean one", "warning")
        case Suffix.UNKNOWN:
            message = f"`{site(address)}` ends in `.{address.labels[-1]}`, which is no known public suffix"
            yield Problem(material.source, column, message, "check the spelling", "warning")


def _keys(address: Address) -> Iterator[str]:
    if len(address.labels) == 1:
        yield key_of(address.labels, address.path, ADDRESS)
        return
    yield key_of(address.labels, address.path)
    if not all(map(str.isascii, address.labels)):
        # What looks like an IDN may be matched by other IDNs, never by the ASCII name that it imitates.
        yield key_of([skeleton(label) for label in address.labels], address.path, LOOKS)


def _detail(material: Material, address: Address, exceptions: Sequence[Address]) -> Mapping[str, Any]:
    detail: dict[str, Any] = {}
    if address.parameters:
        detail["parameters"] = sorted(address.parameters)
    if exceptions:
        detail["unless"] = [[named.labels, named.path, sorted(named.parameters)] for named in exceptions]
    if material.action is Action.ALLOW:
        # A site that merely looks like an allowed one is not allowed.
        detail["genuine"] = True
    if Flag.PLAIN in material.flags:
        detail["plain"] = True
    return detail
