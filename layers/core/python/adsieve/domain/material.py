"""A material: one risk item that operators maintain."""

from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from adsieve.domain.decision import Action, State

EVERY_AD = 100
"""A rollout of 100 percent."""

PDQ = "pdq:"
"""How the value of a picture begins of which the hash is known and nothing else."""


class Kind(StrEnum):
    """What a material is made of, and so which detector finds it."""

    TERM = "term"
    PATTERN = "pattern"
    COMBO = "combo"
    URL = "url"
    IMAGE = "image"
    VIDEO = "video"


class Flag(StrEnum):
    """How a material matches; `word` is the default. `radius=N` is kept apart, in `Material.radius`."""

    WORD = "word"
    PREFIX = "prefix"
    SUBSTRING = "substring"
    CASE = "case"
    PLAIN = "plain"
    SUFFIXES = "suffixes"


@dataclass(frozen=True, slots=True)
class Material:
    """One row of risk material. Field names are the columns of the spreadsheet.

    Attributes:
        value: the term, pattern, combo, URL prefix, the path of the sample picture or clip, or a picture's hash.
        markets: ISO codes or group names as written; empty means all.
        flags: how it matches; empty means whole words.
        radius: largest hash distance that still counts, for image and video; None means the kind's own.
        unless: phrases that cancel a finding of this material when they contain it.
        rollout: percent of ads that a CANARY may decide, see `in_bucket`; 100 = every ad.
        starts, expires: first and last day (UTC) on which it may decide anything.
        source: `file:line` it was read from; not part of its identity.
        folder: the folder that a sample's path is relative to; not part of its identity. Empty for rows that a program
            made: their path is taken as it is.
    """

    id: str
    kind: Kind
    value: str
    policy: str
    action: Action
    language: str = ""
    markets: tuple[str, ...] = ()
    flags: frozenset[Flag] = frozenset()
    radius: int | None = None
    unless: tuple[str, ...] = ()
    state: State = State.ACTIVE
    rollout: int = 100
    starts: date | None = None
    expires: date | None = None
    concept: str = ""
    owner: str = ""
    case: str = ""
    note: str = ""
    examples_hit: tuple[str, ...] = ()
    examples_miss: tuple[str, ...] = ()
    source: str = ""
    folder: str = field(default="", compare=False)

    @property
    def visual(self) -> bool:
        """Whether it is found in pictures and clips, not in words."""
        return self.kind in (Kind.IMAGE, Kind.VIDEO)

    @property
    def sampled(self) -> bool:
        """Whether `value` is the path of a picture or a clip."""
        return self.visual and not self.hash_only

    @property
    def hash_only(self) -> bool:
        """Whether `value` is the hash of a picture that nobody here has."""
        return self.kind is Kind.IMAGE and self.value.startswith(PDQ)

    def live_on(self, day: date) -> bool:
        """Whether the validity dates include `day`; both ends count."""
        return (self.starts is None or self.starts <= day) and (self.expires is None or day <= self.expires)

    def in_bucket(self, ad_id: str) -> bool:
        """Whether the ad is among the `rollout` percent.

        The bucket is a hash of both ids: the same in every process, and widening never takes an ad out again.
        """
        if self.rollout >= EVERY_AD:
            return True
        drawn = int.from_bytes(sha256(f"{self.id}\0{ad_id}".encode()).digest()[:8])
        return drawn * EVERY_AD < self.rollout << 64

    def to_row(self) -> dict[str, Any]:
        """JSON-ready row for the package, defaults left out; `from_row` reads it back."""
        row: dict[str, Any] = {}
        for name in _COLUMNS:
            value = getattr(self, name)
            if value in _EMPTY or (name, value) == ("rollout", EVERY_AD):
                continue
            match value:
                case Action() | State():
                    row[name] = str(value)
                case date():
                    row[name] = value.isoformat()
                case frozenset():
                    row[name] = sorted(value)
                case _:
                    row[name] = list(value) if isinstance(value, tuple) else value
        return row

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """Inverse of `to_row`."""
        values = dict(row)
        values["kind"] = Kind(row["kind"])
        values["action"] = Action[row["action"]]
        values["state"] = State[row["state"]]
        values["flags"] = frozenset(Flag(flag) for flag in row.get("flags", ()))
        for name in ("markets", "unless", "examples_hit", "examples_miss"):
            values[name] = tuple(row.get(name, ()))
        for name in ("starts", "expires"):
            values[name] = date.fromisoformat(row[name]) if name in row else None
        return cls(**values)


_EMPTY: tuple[Any, ...] = ("", (), None, frozenset())
_COLUMNS = tuple(column.name for column in fields(Material) if column.compare and column.name != "source")
