"""How far an edit reaches: whether a row only says more about itself, does less, or may do more than was approved."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from adsieve.domain.decision import Action
from adsieve.domain.material import Material
from adsieve.domain.registered import content

COMMENTS = frozenset({"concept", "owner", "case", "note", "examples_hit", "examples_miss"})
"""Columns that decide nothing."""


class Reach(IntEnum):
    """What an edit does to what a material may do."""

    NOTHING = 0
    COMMENT = 1
    NARROWER = 2
    WIDER = 3


def reach(old: Material, new: Material) -> Reach:
    """The farthest that any changed column reaches; a column that nobody can judge counts as wider."""
    before, after = content(old), content(new)
    columns = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    return max((_column(name, old, new) for name in columns), default=Reach.NOTHING)


def _column(name: str, old: Material, new: Material) -> Reach:
    if name in COMMENTS:
        return Reach.COMMENT
    narrows = _NARROWS.get(name)
    narrower = narrows is not None and narrows(getattr(old, name), getattr(new, name))
    return Reach.NARROWER if narrower else Reach.WIDER


def _weaker(old: Action, new: Action) -> bool:
    """ALLOW is no weaker action but an opposite one."""
    return Action.ALLOW not in (old, new) and new < old


def _fewer(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return bool(new) and (not old or set(new) <= set(old))


def _more_exceptions(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return set(old) <= set(new)


def _smaller(old: int | None, new: int | None) -> bool:
    return old is not None and new is not None and new < old


def _later(old: date | None, new: date | None) -> bool:
    return new is not None and (old is None or new > old)


def _earlier(old: date | None, new: date | None) -> bool:
    return new is not None and (old is None or new < old)


_NARROWS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "action": _weaker,
        "markets": _fewer,
        "unless": _more_exceptions,
        "radius": _smaller,
        "starts": _later,
        "expires": _earlier,
    }
)
