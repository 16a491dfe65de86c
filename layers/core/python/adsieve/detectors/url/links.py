"""Links in a text, as hosts with what follows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adsieve.detectors.url import grammar
from adsieve.detectors.url.chars import Mapped
from adsieve.detectors.url.hosts import canonical
from adsieve.detectors.url.how import UrlStep

MAX_UNWRAP = 4
"""Rounds of percent-decoding in which wrapped links are looked for."""


@dataclass(frozen=True, slots=True)
class Link:
    """A host in a text, and what follows it.

    Attributes:
        text: the text it stands in.
        host: the text that `labels` are places of: `text`, or its host decoded.
        labels: (start, end) of each label of the host, left to right.
        path: (start, end) of the path in `text`; equal where there is none.
        rest: where the query may start in `text`.
        steps: what had to be undone to see it, apart from the spelling of the host.
    """

    text: Mapped
    host: Mapped
    labels: tuple[tuple[int, int], ...]
    path: tuple[int, int]
    rest: int
    steps: frozenset[UrlStep]

    def label(self, index: int) -> str:
        """One label in canonical form."""
        start, end = self.labels[index]
        return canonical(self.host.text[start:end])

    def gap(self, index: int) -> str:
        """What stands between a label and the next."""
        return self.host.text[self.labels[index][1] : self.labels[index + 1][0]]

    def query(self) -> str:
        """The query without its question mark, at most 8,000 characters of it."""
        found = grammar.QUERY.match(self.text.text, self.rest)
        return found[1] if found else ""


def links(text: Mapped) -> Iterator[Link]:
    """Every link of a text, and those wrapped in them."""
    if not grammar.MAYBE_LINK.search(text.text):
        return
    for match in grammar.LINK.finditer(text.text):
        link = link_of(text, match)
        if link is None:
            yield from _wrapped(text, *match.span(), UrlStep.PERCENT)
            continue
        yield link
        start = match.start("path") if match["path"] else match.start("rest")
        if match.end() - start > 1 and grammar.MAYBE_WRAPPED.search(text.text, start, match.end()):
            yield from _wrapped(text, start, match.end(), UrlStep.REDIRECT)


def _wrapped(text: Mapped, start: int, end: int, step: UrlStep) -> Iterator[Link]:
    for _ in range(MAX_UNWRAP):
        if encoded := "%" in text.text[start:end]:
            text = text.decoded(start, end)
            start, end = 0, len(text.text)
        for match in grammar.WRAPPED.finditer(text.text, start, end):
            if link := link_of(text, match, step):
                yield link
        if not encoded:
            return


def link_of(text: Mapped, match: re.Match[str], *steps: UrlStep) -> Link | None:
    """The link that a match of `grammar` stands for; None where what looks like a host is an encoded link."""
    named = match.groupdict()
    host = "host" if named["host"] is not None else "bare"
    start, end = match.span(host)
    if named["scheme"] and grammar.DEFANGED_SCHEME.match(named["scheme"]):
        steps += (UrlStep.DEFANGED,)
    if named["user"]:
        steps += (UrlStep.USERINFO,)
    elif host == "bare" and start and text.text[start - 1] == "@":
        steps += (UrlStep.EMAIL,)
    after = match.end("port")
    path = (match.start("path"), _sentence_end(text.text, *match.span("path"))) if named["path"] else (after, after)
    place = text
    if "%" in match[host]:
        place = text.decoded(start, end)
        start, end, steps = 0, len(place.text), (*steps, UrlStep.PERCENT)
    labels = tuple(_labels(place.text, start, end))
    if not labels or (place is not text and grammar.DELIMITER.search(place.text)):
        return None
    return Link(text, place, labels, path, match.end("path") if named["path"] else after, frozenset(steps))


def _labels(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Places between dots; decoding may have laid dots side by side."""
    for dot in grammar.DOT.finditer(text, start, end):
        if start < dot.start():
            yield start, dot.start()
        start = dot.end()
    if start < end:
        yield start, end


def _sentence_end(text: str, start: int, end: int) -> int:
    """Where the path ends when the full stop or bracket behind it belongs to the sentence."""
    return start + len(text[start:end].rstrip(grammar.PUNCTUATION))
