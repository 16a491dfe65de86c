"""The pointer: which package is in force, and what is turned off. One small object, replaced whole, read by every function."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from adsieve.domain.canonical import iso
from adsieve.domain.errors import InputError
from adsieve.domain.switches import Switch

REMEMBERED = 50
"""Earlier releases that the pointer names, for a rollback."""


@dataclass(frozen=True, slots=True)
class Release:
    """A package that was put in force.

    Attributes:
        version: the package's own name.
        sha256: digest of its manifest: every byte of it, and of the base that it names.
        by, why, at: who put it in force, why and when.
    """

    version: str
    sha256: str
    by: str
    why: str
    at: datetime

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {"version": self.version, "sha256": self.sha256, "by": self.by, "why": self.why, "at": iso(self.at)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        return cls(**(dict(told) | {"at": datetime.fromisoformat(told["at"])}))


@dataclass(frozen=True, slots=True)
class Activation:
    """A package came in force; a rollback is one too.

    Attributes:
        current: the package in force from now on.
        previous: the one before; None where functions used the package of their layer.
    """

    current: Release
    previous: Release | None

    @property
    def key(self) -> str:
        """Names this activation: the same package put in force twice is two of them, a switch in between none."""
        return f"{self.current.sha256}@{iso(self.current.at)}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is in force.

    Attributes:
        generation: grows with every change, a rollback included: an older pointer is a replay and never used.
        release: the package; None while nothing was published and functions use the one of their layer.
        switches: what is off.
        earlier: releases before this one, newest first.
    """

    generation: int = 0
    release: Release | None = None
    switches: tuple[Switch, ...] = ()
    earlier: tuple[Release, ...] = ()

    @property
    def next_version(self) -> str:
        """Packages are counted, past every one that is remembered, so that a name never means two of them."""
        releases = (self.release, *self.earlier) if self.release else self.earlier
        return str(1 + max((int(known.version) for known in releases if known.version.isdecimal()), default=0))

    @property
    def activation(self) -> Activation | None:
        """The latest change of package, for whoever decides ads again after it; None before the first."""
        return Activation(self.release, self.earlier[0] if self.earlier else None) if self.release else None

    @property
    def rolled_back(self) -> bool:
        """Whether an earlier package is in force again: somebody took back a later one."""
        return self.release is not None and any(known.version == self.release.version for known in self.earlier)

    def releasing(self, release: Release) -> Self:
        """The pointer that puts another package in force."""
        before = (self.release, *self.earlier) if self.release else self.earlier
        return replace(self, generation=self.generation + 1, release=release, earlier=before[:REMEMBERED])

    def turning_off(self, switches: Iterable[Switch], now: datetime) -> Self:
        """The pointer with these switches; what has expired is dropped."""
        new = {switch.key: switch for switch in switches}
        kept = (switch for switch in self.switches if switch.key not in new and switch.in_force(now))
        return replace(self, generation=self.generation + 1, switches=(*kept, *new.values()))

    def turning_on(self, keys: Iterable[str], now: datetime) -> Self:
        """The pointer without these switches.

        Raises:
            InputError: one of them is not off.
        """
        wanted = set(keys)
        if missing := wanted - {switch.key for switch in self.switches}:
            raise InputError(f"`{min(missing)}` is not off, `adsieve kill list` shows what is")
        kept = tuple(switch for switch in self.switches if switch.key not in wanted and switch.in_force(now))
        return replace(self, generation=self.generation + 1, switches=kept)

    def find(self, version: str) -> Release:
        """An earlier release, by version or start of its digest; raises InputError where there is none."""
        for release in self.earlier:
            if release.version == version or (len(version) >= 8 and release.sha256.startswith(version)):  # noqa: PLR2004 - fewer digits may name two
                return release
        known = ", ".join(dict.fromkeys(release.version for release in self.earlier)) or "none"
        raise InputError(f"no earlier package `{version}`, known: {known}")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            "generation": self.generation,
            "release": None if self.release is None else self.release.to_dict(),
            "switches": [switch.to_dict() for switch in self.switches],
            "earlier": [release.to_dict() for release in self.earlier],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`."""
        if told.keys() != {"generation", "release", "switches", "earlier"}:
            raise ValueError(f"fields {sorted(told)}")
        return cls(
            int(told["generation"]),
            Release.from_dict(told["release"]) if told["release"] else None,
            tuple(Switch.from_dict(switch) for switch in told["switches"]),
            tuple(Release.from_dict(release) for release in told["earlier"]),
        )
