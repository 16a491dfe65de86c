"""Which names are registries, not sites. Needed where material is checked, never where ads are scanned."""

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any

from adsieve.detectors.url.hosts import punycode

_RESERVED = frozenset({"test", "example", "invalid", "localhost"})
"""Names that are set aside for samples and trials; they are in no list of public suffixes."""


class Suffix(Enum):
    """What the list of public suffixes says of a host."""

    SITE = "somebody's site, or part of one"
    REGISTRY = "a suffix under which anybody may register"
    PLATFORM = "a suffix whose owner gives names to others"
    UNKNOWN = "ends in no known suffix"


def suffix_of(labels: Sequence[str]) -> Suffix:
    """What a host is, given its labels from left to right."""
    if labels[-1] in _RESERVED:
        return Suffix.SITE if len(labels) > 1 else Suffix.REGISTRY
    name = ".".join(map(punycode, labels))
    if _list(only_icann=False).publicsuffix(name) is None:
        return Suffix.UNKNOWN
    if not _list(only_icann=False).is_public(name):
        return Suffix.SITE
    return Suffix.REGISTRY if _list(only_icann=True).is_public(name) else Suffix.PLATFORM


@cache
def _list(*, only_icann: bool) -> Any:
    # 0.1 s to load: only whoever checks url rows pays for it.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False, only_icann=only_icann)
