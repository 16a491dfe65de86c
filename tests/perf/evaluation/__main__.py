"""Measure how well text engines read evasion: `python -m tests.perf.evaluation --help`."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

import adsieve
from tests.perf.evaluation import report
from tests.perf.evaluation.cases import Case, load_cases
from tests.perf.evaluation.engines import Engine, adsieve_engine, every_term, plain_search
from tests.perf.evaluation.peers.environments import PEERS, UnavailablePeerError
from tests.perf.evaluation.scoring import Score, score
from tests.perf.evaluation.vocabulary import SETS

RECORD = Path(__file__).parents[1] / "record"


@click.command()
@click.option("--peers", is_flag=True, help="Measure other programs too; they are installed on first use.")
@click.option("--together", is_flag=True, help="Give adsieve the terms of all languages at once, as a real package.")
@click.option("--set", "chosen", type=click.Choice(list(SETS)), default="first", show_default=True, help="Which cases.")
@click.option("--engine", "names", multiple=True, help="Only engines of this name.")
@click.option("--language", "languages", multiple=True, help="Only cases of this language.")
@click.option("--attack", default="", help="Only cases whose attack contains this.")
@click.option("--show", is_flag=True, help="List every failure.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option("--record", is_flag=True, help="Write the result to tests/perf/record, under today's date.")
def main(
    peers: bool,
    together: bool,
    chosen: str,
    names: tuple[str, ...],
    languages: tuple[str, ...],
    attack: str,
    show: bool,
    as_json: bool,
    record: bool,
) -> None:
    """Recall and false positives by language and attack."""
    known = load_cases(SETS[chosen])
    cases = [case for case in known if (not languages or case.language in languages) and attack in case.attack]
    engines: list[Engine] = [adsieve_engine(), plain_search()]
    engines += [adsieve_engine(every_term(), "adsieve, all terms")] * together
    engines += list(PEERS) * peers
    scores = list(_measure([engine for engine in engines if not names or engine.name in names], cases))
    if as_json:
        click.echo(json.dumps(_result(scores, cases), ensure_ascii=False, indent=1))
    else:
        report.print_scores(scores)
        if show:
            report.print_failures(scores)
    if record:
        name = "text-evaluation" if chosen == "first" else f"text-evaluation-{chosen}"
        path = RECORD / f"{datetime.now(UTC):%Y-%m-%d}-{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_compact(_result(scores, cases)), "utf-8")
        click.echo(f"recorded in {path.name}", err=True)


def _measure(engines: Sequence[Engine], cases: Sequence[Case]) -> Iterator[Score]:
    for engine in engines:
        started = _cpu_seconds()
        try:
            found = engine.run(cases)
        except UnavailablePeerError as error:
            click.echo(f"{engine.name} skipped: {error}", err=True)
            continue
        yield score(engine.name, cases, found, _cpu_seconds() - started)


def _compact(result: dict[str, Any]) -> str:
    """JSON with one line an engine: small, and a difference between two records is easy to see."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in result["scores"])
    head = json.dumps(result | {"scores": []}, ensure_ascii=False).removesuffix("[]}")
    return f"{head}[\n{lines}\n]}}\n"


def _cpu_seconds() -> float:
    """CPU time of this process and of the peers that it ran."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _result(scores: Sequence[Score], cases: Sequence[Case]) -> dict[str, Any]:
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "adsieve": adsieve.__version__,
        "cases": len(cases),
        "scores": [one.to_dict() | ({} if one.engine.startswith("adsieve") else {"failures": []}) for one in scores],
    }


if __name__ == "__main__":
    main()
