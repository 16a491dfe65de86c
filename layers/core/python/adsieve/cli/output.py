"""What verdicts, problems and tables look like in a terminal, in both text directions."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from adsieve.domain.errors import Problem

STYLES = {
    "PASS": "green",
    "LIMIT": "cyan",
    "REVIEW": "yellow",
    "REJECT": "bold red",
    "ALLOW": "green",
    "RESTRICT": "yellow",
    "PROHIBIT": "bold red",
    "error": "bold red",
    "warning": "yellow",
}

_FIRST_STRONG_ISOLATE = "\N{FIRST STRONG ISOLATE}"
_POP_ISOLATE = "\N{POP DIRECTIONAL ISOLATE}"
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def readable(text: str) -> str:
    """Somebody else's text, safe in a terminal: what is invisible is named, what runs right to left is isolated."""
    shown = "".join(f"⟨{ord(char):04X}⟩" if unicodedata.category(char) in _INVISIBLE else char for char in text)
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in shown):
        return f"{_FIRST_STRONG_ISOLATE}{shown}{_POP_ISOLATE}"
    return shown


def _sentence(text: str) -> str:
    """A sentence of ours. What it quotes is isolated piece by piece: an Arabic quotation must not turn the sentence."""
    return "`".join(map(readable, text.split("`")))


def styled(word: str) -> Text:
    """A decision, effect or severity in its colour."""
    return Text(word, style=STYLES.get(word, ""))


def console() -> Console:
    """The console of standard output; wide when it is not a terminal, so that nothing is cut for scripts and logs."""
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]], title: str | None = None) -> None:
    """A table whose last column takes what room is left."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def print_json(told: Any) -> None:
    """One JSON document on standard output, Arabic as Arabic."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def print_line(told: dict[str, Any]) -> None:
    """One JSON object a line."""
    click.echo(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def print_problems(problems: Iterable[Problem]) -> None:
    """Problems of source files, one a row."""
    rows = [
        (styled(problem.severity), problem.source, problem.column, _sentence(problem.message), _sentence(problem.hint))
        for problem in problems
    ]
    if rows:
        print_table(("", "where", "column", "what", "what to do"), rows)


def progress() -> Progress:
    """Progress on standard error, only where somebody watches; gone when done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description} {task.completed}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
