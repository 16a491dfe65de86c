"""Scores as tables for a terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.perf.evaluation.scoring import Outcome, Score, Tally


def print_scores(scores: Sequence[Score]) -> None:
    """All engines side by side: in total, by language, and by attack where any engine fails."""
    console = Console()
    console.print(_summary(scores))
    console.print(_groups("language", {one.engine: one.languages for one in scores}))
    console.print(_groups("attack", {one.engine: one.families for one in scores}))


def print_failures(scores: Sequence[Score]) -> None:
    """One line a failure: what was expected, the terms, the text, what was found."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for one in scores:
        console.print(f"\n{one.engine}: {len(one.failures)} failures")
        for outcome in one.failures:
            console.print(_failure(outcome))


def _failure(outcome: Outcome) -> str:
    case = outcome.case
    wrong = "MISSED " if case.expected == "hit" else "FLAGGED"
    found = "; ".join(f"{found.term} at {found.span} by {'+'.join(found.how) or 'fold'}" for found in outcome.found)
    terms = ", ".join(term.value for term in case.terms[:3])
    return f"{wrong} {case.id} [{terms}] {case.text[:120]!r} {found} {case.note}".rstrip()


def _summary(scores: Iterable[Score]) -> Table:
    table = Table("engine", "recall", "false positives", "exact spans", "CPU s", title="All cases")
    for one in scores:
        total = one.total
        table.add_row(
            one.engine,
            f"{_percent(total.recall)} ({total.found}/{total.hits})",
            f"{_percent(total.false_positives)} ({total.flagged}/{total.misses})",
            f"{total.exact}/{total.spans}",
            f"{one.seconds:.1f}",
        )
    return table


def _groups(title: str, by_engine: Mapping[str, Mapping[str, Tally]]) -> Table:
    table = Table(title, "cases", *by_engine, title=f"Recall / false positives by {title}")
    first = next(iter(by_engine.values()), {})
    for name, tally in first.items():
        cells = [_cell(groups[name]) for groups in by_engine.values()]
        table.add_row(name, str(tally.hits + tally.misses), *cells)
    return table


def _cell(tally: Tally) -> str:
    return f"{_percent(tally.recall)} / {_percent(tally.false_positives)}"


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"
