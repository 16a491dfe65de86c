"""What a regular expression is made of. Reads what RE2 has accepted already, so it need not look for mistakes."""

import re
from dataclasses import dataclass

_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d+)(?:,\d*)?\})\??")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[imsU-]*(?::|(?=\)))))?")
_ESCAPE = re.compile(r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[0-7]{1,3}|[pP](?:\{[^}]*\}|.)|.)", re.DOTALL)
MAX_DEPTH = 50
_NEGATIVE = "DSWP"
_NAMED_CLASS = re.compile(r"\[:\w+:\]")
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Text:
    """Characters that stand for themselves."""

    text: str


@dataclass(frozen=True, slots=True)
class Klass:
    r"""A set of characters: ranges, and raw parts such as `\pL` or `[:alpha:]`."""

    negated: bool
    ranges: tuple[tuple[str, str], ...]
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    r"""`^`, `$`, `\A`, `\z`, `\b`, `\B`, or flags for what follows."""

    written: str


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives in parentheses; `opening` is empty for the whole expression."""

    opening: str
    choices: "tuple[tuple[Node, ...], ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something a number of times."""

    node: "Node"
    quantifier: str
    optional: bool


type Node = Text | Klass | Anchor | Group | Repeat

ANY = Klass(negated=True, ranges=(), raw=("\\n",))
"""The dot."""


def parse(expression: str) -> Group:
    """The tree of an expression that RE2 compiles.

    Raises:
        ValueError: it nests too deeply, or holds one of the few things that RE2 takes and this does not.
    """
    return _Reader(expression).group("")


class _Reader:
    def __init__(self, expression: str) -> None:
        self._text = expression
        self._at = 0
        self._depth = 0

    def group(self, opening: str) -> Group:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"nests more than {MAX_DEPTH} parentheses")
        choices: list[tuple[Node, ...]] = []
        nodes: list[Node] = []
        while self._at < len(self._text) and (character := self._text[self._at]) != ")":
            if character == "|":
                choices.append(tuple(nodes))
                nodes = []
                self._at += 1
            elif quantifier := _QUANTIFIER.match(self._text, self._at):
                self._at = quantifier.end()
                optional = quantifier[0][0] in "*?" or quantifier[1] == "0"
                nodes[-1:] = [*_split(nodes[-1:]), Repeat(_last(nodes[-1]), quantifier[0], optional)]
            else:
                nodes.append(self._atom(character))
        self._at += 1
        self._depth -= 1
        return Group(opening, (*choices, tuple(nodes)))

    def _atom(self, character: str) -> Node:
        if character == "(":
            opening = _GROUP.match(self._text, self._at)
            self._at = opening.end() if opening else self._at + 1
            return self.group(opening[0] if opening else "(")
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        self._at += 1
        if character == ".":
            return ANY
        return Anchor(character) if character in "^$" else Text(character)

    def _escape(self) -> Node:
        written = self._take(_ESCAPE)
        if written == "\\Q":
            end = self._text.find("\\E", self._at)
            quoted = self._text[self._at : end if end >= 0 else None]
            self._at += len(quoted) + 2
            return Text(quoted)
        if written[1] in "AzbB":
            return Anchor(written)
        if written[1] in "dDsSwWpP":
            return Klass(
                negated=written[1] in _NEGATIVE, ranges=(), raw=(written[0] + written[1].lower() + written[2:],)
            )
        return Text(_character(written))

    def _class(self) -> Node:
        self._at += 1
        negated = self._text.startswith("^", self._at)
        self._at += negated
        ranges: list[tuple[str, str]] = []
        raw: list[str] = []
        first = True
        while first or self._text[self._at] != "]":
            first = False
            if named := _NAMED_CLASS.match(self._text, self._at):
                raw.append(named[0])
                self._at = named.end()
                continue
            low = self._member()
            if len(low) > 1:
                raw.append(low)
            elif self._text.startswith("-", self._at) and not self._text.startswith("-]", self._at):
                self._at += 1
                ranges.append((low, self._member()))
            else:
                ranges.append((low, low))
        self._at += 1
        return Klass(negated, tuple(ranges), tuple(raw))

    def _member(self) -> str:
        """One character of a class, or an escape that stands for many."""
        if self._text[self._at] != "\\":
            self._at += 1
            return self._text[self._at - 1]
        written = self._take(_ESCAPE)
        if written[1] in _NEGATIVE:
            raise ValueError(f"has `{written}` inside `[]`, write it outside")
        return written if written[1] in "dswp" else _character(written)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        written = found[0] if found else self._text[self._at :]
        self._at += len(written)
        return written


def _character(escape: str) -> str:
    body = escape[1:]
    if body.startswith("x"):
        return chr(int(body[1:].strip("{}"), 16))
    if body[0] in "01234567":
        return chr(int(body, 8))
    return _CONTROLS.get(body, body)


def _split(last: list[Node]) -> list[Node]:
    """Of several characters in a row only the last one is repeated."""
    return [Text(node.text[:-1]) for node in last if isinstance(node, Text) and len(node.text) > 1]


def _last(node: Node) -> Node:
    return Text(node.text[-1:]) if isinstance(node, Text) else node
