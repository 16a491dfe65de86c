"""What is wrong with an expression, in the words of the person who wrote it."""

import re
from collections.abc import Iterator
from typing import Any

from adsieve.detectors.pattern.named import NAMED
from adsieve.detectors.pattern.translate import Expression, marked_text, translate

MAX_PROGRAM = 20_000
"""Instructions of a compiled expression. RE2 needs memory in proportion; a hundred words need about a thousand."""

_UNSUPPORTED = {
    r"invalid perl operator: \(\?<?[=!]": (
        "looks ahead or behind, which takes unbounded time",
        "say what is there, and put exceptions into `unless`",
    ),
    r"invalid escape sequence: \\[1-9k]": ("refers back to a group", "write the repeated part again"),
    r"bad repetition operator|invalid perl operator: \(\?>": (
        "has a repetition of a repetition",
        "use one of `*`, `+`, `?`, `{2,5}`",
    ),
    r"invalid repetition size": ("repeats more than 1,000 times", "use a smaller count, or `*`"),
    r"pattern too large": ("is too large", "split it into several rows"),
}
_UNRELATED = ("a", "zq", "و", "ب", "中", "7", " ", "!", "и", "ท")
"""Texts that no sensible expression matches more than half of."""


def options(*, sensitive: bool) -> Any:
    """Options of RE2: silent, bounded in memory."""
    import re2

    chosen = re2.Options()
    chosen.log_errors = False
    chosen.max_mem = 4 << 20
    chosen.case_sensitive = sensitive
    return chosen


def expression_of(value: str, *, folded: bool) -> Expression:
    """The expression of a row.

    Raises:
        ValueError: RE2 would refuse it; the arguments are what is wrong and what to do.
    """
    import re2

    if value.startswith("@"):
        if value not in NAMED:
            raise ValueError(f"`{value}` is no ready-made pattern", f"use {', '.join(NAMED)}, or `\\x40` for the sign")
        value = NAMED[value]
    try:
        re2.compile(value, options(sensitive=True))
        expression = translate(value, folded=folded)
        program = re2.compile(expression.regex, options(sensitive=True)).programsize
    except re2.error as error:
        raise ValueError(*_explained(error.args[0].decode("utf-8", "replace"))) from error
    except ValueError as error:
        raise ValueError(str(error), "write it another way") from error
    if program > MAX_PROGRAM:
        raise ValueError(f"compiles to {program} steps, at most {MAX_PROGRAM}", "split it, or use smaller counts")
    return expression


def too_general(expression: Expression) -> str | None:
    """Why the expression would match nearly every ad; None where it would not."""
    import re2

    compiled = re2.compile(expression.regex, options(sensitive=True))
    if compiled.search(""):
        return "matches the empty text"
    texts: Iterator[str] = (marked_text(text) if expression.marked else text for text in _UNRELATED)
    if sum(compiled.search(text) is not None for text in texts) > len(_UNRELATED) // 2:
        return "matches almost any text"
    return None


def _explained(message: str) -> tuple[str, str]:
    for pattern, explained in _UNSUPPORTED.items():
        if re.match(pattern, message):
            return explained
    return f"is no regular expression: {message}", "`\\` before a sign takes it literally"
