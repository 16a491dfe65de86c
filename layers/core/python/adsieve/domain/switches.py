"""Kill switches: what people, or the breaker, turn off at once, without a new package."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from adsieve.domain.canonical import iso
from adsieve.domain.decision import Action
from adsieve.domain.errors import InputError


class Scope(StrEnum):
    """What a switch turns off."""

    MATERIAL = "material"
    POLICY = "policy"
    MARKET = "market"
    PACKAGE = "package"


MOST: Mapping[Scope, Action] = {
    Scope.MATERIAL: Action.LOG,
    Scope.POLICY: Action.REVIEW,
    Scope.MARKET: Action.REVIEW,
    Scope.PACKAGE: Action.REVIEW,
}
"""What is left of it. A wrong material is only recorded. Behind a whole policy, market or package people decide:
turning many rules off must never let through what nobody looked at."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing that is off.

    Attributes:
        name: id of the material, the policy, the market, or the package's version.
        by, why, at: who turned it off, why and when, aware.
        expires: when it comes back on by itself; None: when somebody turns it on.
        most: what its findings may lead to meanwhile.
    """

    scope: Scope
    name: str
    by: str
    why: str
    at: datetime
    expires: datetime | None = None
    most: Action = Action.LOG

    @classmethod
    def off(cls, what: str, by: str, why: str, at: datetime, expires: datetime | None = None) -> Self:
        """The switch of `scope:name`.

        Raises:
            InputError: no such scope, or a name or reason is missing.
        """
        kind, _, name = what.partition(":")
        if kind not in [*Scope] or not name.strip():
            raise InputError(f"`{what}`: want {' or '.join(f'{scope}:NAME' for scope in Scope)}")
        if not why.strip():
            raise InputError(f"{what}: say why")
        if expires is not None and expires <= at:
            raise InputError(f"{what}: would be on again at {iso(expires)}, which has passed")
        scope = Scope(kind)
        return cls(scope, name.strip(), by, why.strip(), at, expires, MOST[scope])

    @property
    def key(self) -> str:
        """`scope:name`; there is one switch a key."""
        return f"{self.scope}:{self.name}"

    def in_force(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires is None or now < self.expires

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            "scope": str(self.scope),
            "name": self.name,
            "by": self.by,
            "why": self.why,
            "at": iso(self.at),
            "expires": None if self.expires is None else iso(self.expires),
            "most": str(self.most),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        known = dict(told)
        known["scope"], known["most"] = Scope(told["scope"]), Action[told["most"]]
        known["at"] = datetime.fromisoformat(told["at"])
        known["expires"] = datetime.fromisoformat(told["expires"]) if told["expires"] else None
        return cls(**known)


class Switches:
    """Everything that is off at one moment; a switch that has expired is not in it."""

    def __init__(self, switches: Iterable[Switch] = (), now: datetime | None = None) -> None:
        self._off = {switch.key: switch for switch in switches if now is None or switch.in_force(now)}

    def __len__(self) -> int:
        return len(self._off)

    def of(self, scope: Scope, name: str) -> Switch | None:
        """The switch that turns this off, if there is one."""
        return self._off.get(f"{scope}:{name}") if self._off else None


ALL_ON = Switches()
