"""Build the clean corpus and measure material on it: `python -m tests.perf.evaluation.corpus --help`."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.perf.evaluation.corpus.build import Built, Sentence, build, corpus
from tests.perf.evaluation.corpus.fetch import CACHE
from tests.perf.evaluation.corpus.measure import Measured, measure, sample_material, write
from tests.perf.evaluation.corpus.rare import rare_rows
from tests.perf.evaluation.vocabulary import vocabularies

RECORD = Path(__file__).parents[2] / "record"


@click.group()
def main() -> None:
    """Honest sentences in many languages, and what material finds in them."""


@main.command("build")
def build_command() -> None:
    """Download packages, extract their sentences, report counts and licences."""
    built = build()
    _print_built(built)


@main.command("measure")
@click.option("--vocabulary", is_flag=True, help="The evaluation set's own terms instead of the sample material.")
@click.option("--rare", default=0, help="So many rare words of each language instead: a stress test of the views.")
@click.option("--language", "languages", multiple=True, help="Only sentences of this language.")
@click.option("--every", default=1, show_default=True, help="Take one sentence in so many.")
@click.option("--record", is_flag=True, help="Write the numbers to tests/perf/record, under today's date.")
def measure_command(vocabulary: bool, rare: int, languages: tuple[str, ...], every: int, record: bool) -> None:
    """Hits by material and language, by view, and materials above 2 hits in 10,000."""
    chosen = [
        sentence
        for number, sentence in enumerate(corpus())
        if number % every == 0 and (not languages or sentence.language in languages)
    ]
    name, rows = "material", sample_material()
    if vocabulary:
        name, rows = "vocabulary", vocabulary_rows()
    elif rare:
        name, rows = "rare", rare_rows(corpus(), rare)
    measured = measure(rows, chosen)
    path = CACHE / f"{name}-hits.json"
    write(measured.to_dict(), path)
    _print_measured(measured, chosen)
    click.echo(f"all hits with examples in {path}", err=True)
    if record:
        write(measured.summary(), RECORD / f"{datetime.now(UTC):%Y-%m-%d}-clean-corpus-{name}.json")


def vocabulary_rows() -> list[dict[str, str]]:
    """The evaluation set's terms as material rows."""
    rows: list[dict[str, str]] = []
    for language, words in vocabularies().items():
        for term in words.terms:
            row = {"kind": "term", "value": term, "language": language, "policy": "gambling", "action": "REJECT"}
            rows.append({"id": f"V-{language}-{len(rows)}"} | row)
    return rows


def _print_built(built: Built) -> None:
    table = Table("language", "sentences", "packages", title="Clean corpus")
    totals: Counter[str] = Counter()
    for (language, _), count in built.counts.items():
        totals[language] += count
    for language, count in totals.most_common():
        packages = [f"{name} {n}" for (code, name), n in built.counts.items() if code == language]
        table.add_row(language, str(count), ", ".join(packages))
    table.add_row("all", str(totals.total()), "")
    console = Console()
    console.print(table)
    for package, licence in built.licences.items():
        console.print(f"{package}: {licence}", highlight=False, markup=False)
    for reason in built.skipped.values():
        console.print(f"skipped: {reason}", highlight=False, markup=False)


def _print_measured(measured: Measured, chosen: list[Sentence]) -> None:
    console = Console()
    views = Table("steps", "hits", title=f"Hits in {len(chosen)} sentences by view")
    for how, count in measured.views.most_common():
        views.add_row(how, str(count))
    console.print(views)
    worst = Table("material", "value", "language", "hits", "per 10,000", "steps", title="Above 2 in 10,000")
    for hits in measured.too_many:
        steps = ", ".join(f"{how} {count}" for how, count in hits.steps.most_common())
        row = (hits.material, hits.value[:40], hits.language, str(hits.count), f"{hits.rate * 10_000:.1f}", steps)
        worst.add_row(*row)
    console.print(worst)


if __name__ == "__main__":
    main()
