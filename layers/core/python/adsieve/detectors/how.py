"""Steps that a match may have needed: the vocabulary of `how`, each with its meaning in plain words."""

from enum import StrEnum
from typing import Self


class How(StrEnum):
    """Base of the vocabularies. A member is its name in a verdict; `meaning` is what a reviewer reads beside it."""

    meaning: str

    def __new__(cls, name: str, meaning: str) -> Self:
        """A member from its name and meaning."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        return member
