"""What is particular to Hebrew: the small words that are written on the word behind them."""

import re

PREFIX_INITIALS = frozenset("הובלמכש")
SHORTEST_STEM = 4
"""Letters that must be left behind a prefix: shorter words often begin with such a letter by themselves."""
_PREFIX = re.compile("[וש]?[הבלמכ]|[וש]")
_WORD = re.compile("[\u05d0-\u05ea]+")


def prefix_ends(text: str, at: int) -> list[int]:
    """Positions behind the prefixes (the, and, in, to, from, as, that) that the word at `at` may begin with."""
    if not (word := _WORD.match(text, at)):
        return []
    longest = _PREFIX.match(text, at)
    ends = {at + 1, longest.end()} if longest else set()
    return sorted(end for end in ends if word.end() - end >= SHORTEST_STEM)


def is_hebrew(letter: str) -> bool:
    """Whether it is a letter of the Hebrew script."""
    return "\u05d0" <= letter <= "\u05ea"
