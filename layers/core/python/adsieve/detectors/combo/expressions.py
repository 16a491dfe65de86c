"""Combos as the package holds them: JSON over numbers of words. What triggers one, and whether and where it holds.

A word is its number; `["and", [...], [...]]` wants all of the first and none of the
second, `["or", ...]` any, `["near", n, a, b]` both close by.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

from adsieve.detectors.combo.intervals import Stretch, near, together, union
from adsieve.detectors.combo.syntax import And, Near, Node, Or, Word

type Expression = Any
"""See above; what JSON can hold."""

type Find = Callable[[int], list[Stretch]]
"""Places of a word, given its number."""


def encoded(node: Node, number: Callable[[Word], int]) -> Expression:
    """The JSON of a combo.

    Args:
        node: what was parsed.
        number: number of a word.
    """
    match node:
        case Word():
            return number(node)
        case And(wanted, unwanted):
            return ["and", [encoded(each, number) for each in wanted], [encoded(each, number) for each in unwanted]]
        case Or(choices):
            return ["or", *(encoded(each, number) for each in choices)]
        case Near(distance, left, right):
            return ["near", distance, encoded(left, number), encoded(right, number)]


def words_of(node: Node) -> Iterable[Word]:
    """Every word of a combo."""
    match node:
        case Word():
            yield node
        case And(wanted, unwanted):
            for each in (*wanted, *unwanted):
                yield from words_of(each)
        case Or(choices):
            for each in choices:
                yield from words_of(each)
        case Near(_, left, right):
            yield from words_of(left)
            yield from words_of(right)


def triggers(expression: Expression, used: Mapping[int, int]) -> frozenset[int]:
    """Words of which one must be there for the combo to hold: of all such sets the rarest.

    Args:
        expression: the combo.
        used: how many combos use a word; the more, the commoner it is taken to be.
    """
    match expression:
        case int():
            return frozenset({expression})
        case ["or", *choices]:
            return frozenset[int]().union(*(triggers(each, used) for each in choices))
        case ["and", needed, _] | ["near", _, *needed]:
            sets = [triggers(each, used) for each in needed]
            return min(sets, key=lambda words: (sum(used[word] for word in words), sorted(words)))
    raise ValueError(expression)


def may_hold(expression: Expression, present: Callable[[int], bool]) -> bool:
    """Whether the words that are there are enough, wherever they stand."""
    match expression:
        case int():
            return present(expression)
        case ["and", wanted, _]:
            return all(may_hold(each, present) for each in wanted)
        case ["or", *choices]:
            return any(may_hold(each, present) for each in choices)
        case ["near", _, left, right]:
            return may_hold(left, present) and may_hold(right, present)
    raise ValueError(expression)


def stretches(expression: Expression, find: Find, word_at: Callable[[int], int]) -> list[Stretch]:
    """Where the combo holds: from the first to the last word that it needs, as short as can be."""
    match expression:
        case int():
            return find(expression)
        case ["and", wanted, unwanted]:
            if any(stretches(each, find, word_at) for each in unwanted):
                return []
            return reduce(together, (stretches(each, find, word_at) for each in wanted))
        case ["or", *choices]:
            return union(stretches(each, find, word_at) for each in choices)
        case ["near", distance, left, right]:
            return near(stretches(left, find, word_at), stretches(right, find, word_at), distance, word_at)
    raise ValueError(expression)
