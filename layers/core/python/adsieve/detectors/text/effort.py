"""What reading one text may cost: work is counted, not timed, so that the same text is always read as far."""

_ALWAYS = 20_000
_A_CHARACTER = 0.25


class Effort:
    """The work that may still be spent on the disguises of a text.

    A unit is about one question to the index, a microsecond. The text as written is always read to its end; what is
    bounded is reading it in other ways. Ordinary ads spend a hundredth of this.

    Args:
        most: units that may be spent.

    Attributes:
        spent: units spent so far.
    """

    __slots__ = ("_most", "spent")

    def __init__(self, most: float = float("inf")) -> None:
        self._most = most
        self.spent = 0

    @classmethod
    def for_text(cls, text: str) -> "Effort":
        """What a text of this length deserves: the price of reading every disguise in an ad, little more in a book."""
        return cls(_ALWAYS + _A_CHARACTER * len(text))

    def spend(self, units: int) -> bool:
        """Count some work; whether there is any left."""
        self.spent += units
        return self.spent <= self._most

    @property
    def is_exhausted(self) -> bool:
        """Whether more was asked for than there was: then some disguises were not read."""
        return self.spent > self._most
