"""How much time is left for an ad's media."""

from dataclasses import dataclass
from time import monotonic
from typing import Self

from adsieve.domain.errors import UnreadableMediaError


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock, and the seconds that were given, for messages."""

    at: float
    given: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The moment `seconds` from now."""
        return cls(monotonic() + seconds, seconds)

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.at - monotonic())

    @property
    def cause(self) -> str:
        """What a part that was cut short says of itself."""
        return f"the {self.given:.0f} s left for this file ran out"

    def check(self) -> None:
        """Raise UnreadableMediaError where no time is left."""
        if not self.left:
            raise UnreadableMediaError(self.cause)
