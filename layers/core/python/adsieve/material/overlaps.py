"""Rows that another row makes useless."""

from collections.abc import Iterator, Sequence

from adsieve.detectors.text.fold import fold
from adsieve.detectors.url.addresses import parse_address
from adsieve.domain.decision import Action
from adsieve.domain.errors import Problem
from adsieve.domain.material import Flag, Kind, Material
from adsieve.domain.policy import PolicyMatrix

type Key = tuple[str, ...]


def overlaps(materials: Sequence[Material], matrix: PolicyMatrix) -> Iterator[Problem]:
    """One warning for each row whose every finding another row makes too, at least as strictly."""
    by_key: dict[Key, list[tuple[int, Material]]] = {}
    for number, material in enumerate(materials):
        if (key := _key(material)) is not None:
            by_key.setdefault((material.kind, material.policy, *key), []).append((number, material))
    for number, material in enumerate(materials):
        others = (
            (place, other)
            for key in _broader_keys(material)
            for place, other in by_key.get((material.kind, material.policy, *key), ())
            if place != number
        )
        for place, other in others:
            alike = _key(other) == _key(material)
            mutual = alike and _covers(material, other, matrix)
            if _covers(other, material, matrix) and (place < number or not mutual):
                same = alike and other.flags == material.flags
                verb = "says the same as" if same else "finds nothing that is not found by"
                message = f"{verb} {other.id} ({other.source})"
                hint = f"remove it, or make it stricter than `{other.value}`"
                yield Problem(material.source, "value", message, hint, "warning")
                break


def _covers(other: Material, material: Material, matrix: PolicyMatrix) -> bool:
    """Whether `other` finds all that `material`, which it matches, finds, wherever and whenever."""
    if (other.action is Action.ALLOW) != (material.action is Action.ALLOW) or other.action < material.action:
        return False
    if other.state != material.state or other.radius != material.radius:
        return False
    if (other.starts or other.expires) and (other.starts, other.expires) != (material.starts, material.expires):
        return False
    if not set(other.unless) <= set(material.unless) or not _is_broader(other.flags, material.flags):
        return False
    return not other.markets or (
        bool(material.markets) and set(matrix.expand(material.markets)) <= set(matrix.expand(other.markets))
    )


def _is_broader(other: frozenset[Flag], flags: frozenset[Flag]) -> bool:
    """Whether the flags of `other` let it match wherever the others do."""
    narrow = {Flag.CASE, Flag.PLAIN}
    if not other & narrow <= flags & narrow:
        return False
    if Flag.SUBSTRING in other:
        return True
    if Flag.SUBSTRING in flags:
        return False
    return Flag.PREFIX in other or (Flag.PREFIX not in flags and not (flags - other - narrow))


def _key(material: Material) -> Key | None:
    match material.kind:
        case Kind.TERM:
            return (fold(material.value).text.strip(),)
        case Kind.URL:
            return next(iter(_broader_keys(material)), None)
    return (material.value.strip(),)


def _broader_keys(material: Material) -> Iterator[Key]:
    """The row's own key first, then those of rows that would match wherever it does."""
    if material.kind is not Kind.URL:
        yield _key(material) or ()
        return
    try:
        address = parse_address(material.value)
    except ValueError:
        return
    segments = address.path.split("/") if address.path else []
    asked = str(sorted(address.parameters)) if address.parameters else ""
    for first in range(len(address.labels)):
        host = ".".join(address.labels[first:])
        for length in range(len(segments), -1, -1):
            path = "/".join(segments[:length])
            if asked:
                yield host, path, asked
            yield host, path, ""
