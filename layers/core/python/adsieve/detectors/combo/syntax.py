"""The language of combos: words, "quoted phrases", AND, OR, NOT, NEAR/n and parentheses.

| written | found where |
|---|---|
| `bonus AND casino` | both are in one text |
| `bonus OR بونص` | one of them is |
| `bonus AND NOT cinema` | the first is and the second is not |
| `win NEAR/5 money` | one is at most the fifth word from the other, in either order; NEAR/1 is side by side |
| `"free spins"` | the words stand in this order |
| `gambl*` | a word starts so |

NEAR binds tighter than AND, AND tighter than OR. Operators are in capitals; words may be in any script and case.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from adsieve.detectors.text.fold import fold

MAX_WORDS = 64
MAX_DEPTH = 20
MAX_DISTANCE = 50
_QUOTES = '"“”„«»'
_TOKEN = re.compile(
    rf"\s*(?:(?P<sign>[()])|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]?\*?)|(?P<word>[^\s(){_QUOTES}]+))"
)
_NEAR = re.compile(r"NEAR/(\d+)")
_OPERATOR = re.compile(r"AND|OR|NOT|NEAR(/.*)?")
_HINT = "join words with AND, OR, AND NOT or NEAR/5, and quote phrases"


class ComboSyntaxError(ValueError):
    """A combo that cannot be read.

    Args:
        column: place in the value, from 1.
        message: what is wrong there.
        hint: what to do.
    """

    def __init__(self, column: int, message: str, hint: str = _HINT) -> None:
        super().__init__(f"column {column}: {message}")
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase, as written."""

    text: str
    prefix: bool


@dataclass(frozen=True, slots=True)
class And:
    """All of some, none of others."""

    wanted: "tuple[Node, ...]"
    unwanted: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    choices: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Near:
    """Two things at most so many words apart."""

    distance: int
    left: "Node"
    right: "Node"


type Node = Word | And | Or | Near


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse_combo(value: str) -> Node:
    """Read a combo.

    Raises:
        ComboSyntaxError: the first thing wrong with it, by column.
    """
    parser = _Parser(_tokens(value))
    node = parser.alternatives()
    parser.expect_end()
    return node


def _tokens(value: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(value.rstrip()):
        found = _TOKEN.match(value, at)
        if found is None:
            raise ComboSyntaxError(at + 1, f"`{value[at]}` is not understood")
        kind = "phrase" if found["phrase"] is not None else "word" if found["word"] else "sign"
        column = found.start(kind) + 1 - (kind == "phrase")
        text = found[kind]
        if kind == "phrase":
            if found["end"].strip("*") == "":
                raise ComboSyntaxError(column, "the quote is not closed", "put a quote behind the phrase")
            text += "*" * found["end"].endswith("*")
        elif kind == "word" and _OPERATOR.fullmatch(text):
            kind = "operator"
        tokens.append(_Token(kind, text, column))
        at = found.end()
    tokens.append(_Token("end", "", len(value) + 1))
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._words = 0

    def alternatives(self) -> Node:
        choices = [self._together()]
        while self._took("OR"):
            choices.append(self._together())
        return Or(tuple(choices)) if len(choices) > 1 else choices[0]

    def expect_end(self) -> None:
        token = self._now
        if token.kind == "end":
            return
        if token.text == ")":
            raise ComboSyntaxError(token.column, "`)` closes nothing", "remove it, or open a `(` before")
        self._side_by_side(token)

    def _together(self) -> Node:
        column = self._now.column
        wanted: list[Node] = []
        unwanted: list[Node] = []
        while True:
            (unwanted if self._took("NOT") else wanted).append(self._near())
            if not self._took("AND"):
                break
        if self._now.text == "NOT" and self._now.kind == "operator":
            raise ComboSyntaxError(self._now.column, "NOT stands without AND", "write AND NOT")
        if not wanted:
            hint = "say what must be there too: `this AND NOT that`"
            raise ComboSyntaxError(column, "only says what must not be there", hint)
        return And(tuple(wanted), tuple(unwanted)) if len(wanted) + len(unwanted) > 1 else wanted[0]

    def _near(self) -> Node:
        node = self._unit()
        while self._now.kind == "operator" and self._now.text.startswith("NEAR"):
            token = self._next()
            distance = _NEAR.fullmatch(token.text)
            if distance is None or not 1 <= int(distance[1][:4]) <= MAX_DISTANCE:
                raise ComboSyntaxError(
                    token.column, f"`{token.text}` says not how near", f"write NEAR/1 to NEAR/{MAX_DISTANCE}"
                )
            right_column = self._now.column
            right = self._unit()
            for side, column in ((node, token.column), (right, right_column)):
                if isinstance(side, And):
                    raise ComboSyntaxError(
                        column, "NEAR joins words, phrases and `(this OR that)`, not AND", "write `(a NEAR/5 b) AND c`"
                    )
            node = Near(int(distance[1]), node, right)
        return node

    def _unit(self) -> Node:
        token = self._next()
        if token.text == "(" and token.kind == "sign":
            return self._group(token)
        if token.kind in ("word", "phrase"):
            return self._word(token)
        missing = "ends" if token.kind == "end" else f"has `{token.text}`"
        raise ComboSyntaxError(token.column, f"{missing} where a word or phrase is wanted")

    def _group(self, opening: _Token) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ComboSyntaxError(
                opening.column, f"more than {MAX_DEPTH} parentheses inside each other", "make it simpler"
            )
        node = self.alternatives()
        closing = self._next()
        if closing.kind == "end":
            raise ComboSyntaxError(opening.column, "`(` is not closed", "put a `)` behind what belongs together")
        if closing.text != ")" or closing.kind != "sign":
            self._side_by_side(closing)
        self._depth -= 1
        return node

    def _word(self, token: _Token) -> Word:
        self._words += 1
        if self._words > MAX_WORDS:
            raise ComboSyntaxError(
                token.column, f"more than {MAX_WORDS} words and phrases", "split it into several rows"
            )
        prefix = len(token.text) > 1 and token.text.endswith("*")
        text = token.text.removesuffix("*") if prefix else token.text
        if not any(character.isalnum() for character in fold(text).text):
            raise ComboSyntaxError(token.column, f"`{token.text}` has no letter or digit", "write a word")
        return Word(text.strip(), prefix)

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _took(self, operator: str) -> bool:
        if self._now.kind != "operator" or self._now.text != operator:
            return False
        self._next()
        return True

    def _side_by_side(self, token: _Token) -> NoReturn:
        hint = _HINT + ("; operators are in capitals" if token.text.upper() in ("AND", "OR", "NOT", "NEAR") else "")
        raise ComboSyntaxError(token.column, f"`{token.text}` has no operator before it", hint)
