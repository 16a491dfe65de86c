"""What a url row says: a site, a path below it, and parameters that must be there."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from adsieve.detectors.url import grammar
from adsieve.detectors.url.chars import in_link
from adsieve.detectors.url.hosts import ipv4
from adsieve.detectors.url.how import UrlStep
from adsieve.detectors.url.links import Link, link_of

_TRACKER = re.compile(
    r"(?:utm|mc|pk|hsa|fb|ga|vero|oly_enc|oly_anon)_.*|_hs.*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid"
    r"|ttclid|twclid|igsh(?:id)?|li_fat_id|scid|irclickid|mkt_tok|_openstat|si|srsltid"
)
"""Parameters that tell where a visitor came from, not where the link leads."""

_FEWEST_LABELS = 2  # a name and its suffix
_MAX_DECODE = 3


@dataclass(frozen=True, slots=True)
class Address:
    """A site or a part of one.

    Attributes:
        labels: canonical labels of the host, left to right, without a leading `www`; one dotted quad for an address.
        path: canonical path, without slashes at its ends.
        parameters: names and values that a link must have, in any order.
    """

    labels: tuple[str, ...]
    path: str
    parameters: frozenset[tuple[str, str]]


def parse_address(value: str) -> Address:
    """Read the value of a url row.

    Raises:
        ValueError: it is no domain and no link; the message says why, for the person who wrote it.
    """
    mapped = in_link(value.strip().removeprefix("*."))
    match = grammar.LINK.fullmatch(mapped.text)
    found = link_of(mapped, match) if match else None
    if found is None or found.steps & {UrlStep.EMAIL, UrlStep.USERINFO}:
        raise ValueError(f"`{value}` is no domain and no link")
    labels = [found.label(index) for index in range(len(found.labels))]
    if address := ipv4(labels):
        labels = [address]
    elif len(labels) < _FEWEST_LABELS:
        raise ValueError(f"`{value}` is one word, a domain has a dot")
    elif labels[0] == "www" and len(labels) > _FEWEST_LABELS:
        labels = labels[1:]
    if not all(labels):
        raise ValueError(f"`{value}` has an empty label")
    return Address(tuple(labels), canonical_path(path_of(found)), parameters(found.query()))


def path_of(link: Link) -> str:
    """The path of a link as it stands in its text."""
    return link.text.text[slice(*link.path)]


def canonical_path(path: str) -> str:
    """A path without encoding, empty and dot segments: `//a/%2e/b/` is `a/b`."""
    for _ in range(_MAX_DECODE):
        if "%" not in path:
            break
        mapped = in_link(path)
        path = mapped.decoded(0, len(mapped.text)).text
    segments: list[str] = []
    for segment in path.replace("\\", "/").split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/".join(segments)


def parameters(query: str) -> frozenset[tuple[str, str]]:
    """The parameters of a query, less those that only track the visitor."""
    given = ((name.casefold(), value.casefold()) for name, value in parse_qsl(query, keep_blank_values=True))
    return frozenset((name, value) for name, value in given if not _TRACKER.fullmatch(name))


def site(address: Address) -> str:
    """`example.test/offers`, for messages."""
    return ".".join(address.labels) + ("/" + address.path if address.path else "")
