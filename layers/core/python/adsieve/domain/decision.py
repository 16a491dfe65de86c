"""Decisions and actions: two small ordered scales that everything else is measured on."""

from enum import IntEnum


class _Scale(IntEnum):
    """An ordered scale that is written by name and compared by strictness."""

    def __str__(self) -> str:
        return self.name

    @classmethod
    def parse(cls, text: str) -> "_Scale":
        """The member called `text`, case and outer spaces ignored; ValueError names the choices."""
        try:
            return cls[text.strip().upper()]
        except KeyError:
            raise ValueError(f"`{text}` is none of {', '.join(cls.__members__)}") from None


class Decision(_Scale):
    """What may happen to an ad in one market; a higher value is stricter."""

    PASS = 0
    LIMIT = 1
    REVIEW = 2
    REJECT = 3


class Action(_Scale):
    """The most that a material's finding may lead to. ALLOW cancels other findings instead of adding one."""

    ALLOW = -1
    LOG = 0
    LIMIT = 1
    REVIEW = 2
    REJECT = 3


class Effect(_Scale):
    """What a policy does with an ad in one market; a higher value is stricter."""

    ALLOW = 0
    RESTRICT = 1
    PROHIBIT = 2


class State(_Scale):
    """Where a material stands in its life. Only CANARY and ACTIVE may decide anything."""

    DRAFT = 0
    SHADOW = 1
    CANARY = 2
    ACTIVE = 3
    PAUSED = 4
    EXPIRED = 5
    RETIRED = 6
