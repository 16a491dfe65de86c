r"""From the expression that a person wrote to the one that RE2 runs over folded text.

Literals are folded as texts are: `[٠-٩]` and `[0-9]`, `E-Mail` and `e mail` are the same. `\\w` means letters of any
script. RE2's `\\b` knows only ASCII, so an expression with `\\b` runs over a text with a mark at each end of each word:
`\\b` becomes the mark, and anything else may have one before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adsieve.detectors.pattern.syntax import Anchor, Group, Klass, Node, Repeat, Text, parse
from adsieve.detectors.text.fold import fold
from adsieve.detectors.wordchars import WORD_RE2, boundary

MARK = "\x01"
"""Stands at each end of each word; folding drops it from texts."""

_OPTIONAL_MARK = "\\x01?"
_MAX_LITERALS = 64
_BOUNDARIES = ("\\b", "\\B")


@dataclass(frozen=True, slots=True)
class Expression:
    """What RE2 is to run.

    Attributes:
        regex: for RE2.
        marked: whether it runs over text with marks.
        literals: one of these is in every text that it matches; empty where nothing can be said.
    """

    regex: str
    marked: bool
    literals: tuple[str, ...]


def translate(written: str, *, folded: bool) -> Expression:
    """Translate an expression that RE2 compiles.

    Args:
        written: as in the row.
        folded: whether it is for folded text; otherwise literals stay as they are.

    Raises:
        ValueError: what cannot be translated, worded for the person who wrote it.
    """
    tree = parse(written)
    marked = _has_boundary(tree)
    ready = _folded(tree) if folded else tree
    literals = _literals(ready) if folded else None
    return Expression(_written(ready, marked=marked), marked, tuple(sorted(literals or ())))


def marked_text(text: str) -> str:
    r"""The text with marks, for expressions with `\\b`."""
    return boundary().sub(MARK, text)


def _has_boundary(node: Node) -> bool:
    match node:
        case Anchor("\\B"):
            raise ValueError("has `\\B`, which is not supported")
        case Anchor(written):
            return written == "\\b"
        case Repeat(inner):
            return _has_boundary(inner)
        case Group(_, choices):
            return bool(sum(_has_boundary(part) for nodes in choices for part in nodes))
    return False


def _folded(node: Node) -> Group | Node:
    match node:
        case Text(text):
            return Text(fold(text).text)
        case Klass():
            return _folded_class(node)
        case Repeat(inner, quantifier, optional):
            return Repeat(_folded(inner), quantifier, optional)
        case Group(opening, choices):
            return Group(opening, tuple(tuple(_folded(part) for part in _joined(nodes)) for nodes in choices))
    return node


def _joined(nodes: Iterable[Node]) -> Iterator[Node]:
    """Characters in a row as one text: what a letter folds to may depend on the next."""
    text = ""
    for node in nodes:
        if isinstance(node, Text):
            text += node.text
            continue
        if text:
            yield Text(text)
            text = ""
        yield node
    if text:
        yield Text(text)


def _folded_class(node: Klass) -> Node:
    """The class of folded characters; what folds to several letters, such as `ß`, becomes an alternative."""
    folded = Klass(node.negated, tuple(_folded_ranges(node.ranges, negated=node.negated)), node.raw)
    spelt = [Text(text) for low, high in node.ranges if low == high and len(text := fold(low).text) > 1]
    if node.negated or not spelt:
        return folded
    choices: list[tuple[Node, ...]] = [(text,) for text in spelt]
    if folded.ranges or folded.raw:
        choices.append((folded,))
    return Group("(?:", tuple(choices))


def _folded_ranges(ranges: Iterable[tuple[str, str]], *, negated: bool) -> Iterator[tuple[str, str]]:
    for low, high in ranges:
        if negated and low == high and low in "\n\r":
            # Folded text is one line: "anything but a line break" is anything.
            continue
        first, last = fold(low).text, fold(high).text
        if len(first) == len(last) == 1 and first <= last:
            yield first, last
        if low != high:
            yield low, high


def _literals(node: Node) -> frozenset[str] | None:
    match node:
        case Text(text):
            return frozenset({text}) if text.strip() else None
        case Repeat(inner, _, optional):
            return None if optional else _literals(inner)
        case Group(_, choices):
            best = [_best(nodes) for nodes in choices]
            found = frozenset[str]().union(*(literals for literals in best if literals))
            return found if all(best) and len(found) <= _MAX_LITERALS else None
    return None


def _best(nodes: Iterable[Node]) -> frozenset[str] | None:
    """Of what must all be there, what is rarest: the set whose shortest member is longest."""
    known = [literals for node in nodes if (literals := _literals(node))]
    return max(known, key=lambda literals: min(map(len, literals)), default=None)


def _written(node: Node, *, marked: bool) -> str:
    mark = _OPTIONAL_MARK if marked else ""
    match node:
        case Text(text):
            return "".join(mark + _escaped(character) for character in text)
        case Klass():
            return mark + inner if (inner := _class(node, marked=marked)) else ""
        case Anchor("\\b"):
            return _escaped(MARK)
        case Anchor(written):
            return mark + written if written in ("$", "\\z") else written
        case Repeat(inner, quantifier):
            repeated = _written(inner, marked=marked)
            return f"(?:{repeated}){quantifier}" if repeated else ""
        case Group(opening, choices):
            whole = "|".join("".join(_written(part, marked=marked) for part in nodes) for nodes in choices)
            return f"{opening}{whole})" if opening else whole
    raise TypeError(node)


def _class(node: Klass, *, marked: bool) -> str:
    raw = "".join(WORD_RE2 if part == "\\w" else part for part in node.raw)
    ranges = "".join(_escaped(low) if low == high else f"{_escaped(low)}-{_escaped(high)}" for low, high in node.ranges)
    members = ranges + raw + (_escaped(MARK) if node.negated and marked else "")
    if not members:
        return "(?s:.)" if node.negated else ""
    return f"[{'^' * node.negated}{members}]"


def _escaped(character: str) -> str:
    return character if character.isalnum() or character == " " else f"\\x{{{ord(character):x}}}"
