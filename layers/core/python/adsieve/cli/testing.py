"""`adsieve material test`: what a row would do, before anything is saved; and the tests that steps ask for."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import click

from adsieve.adapters.ads import MOST, read_ads, stored_ads
from adsieve.adapters.s3_reports import S3Reports
from adsieve.adapters.s3_samples import S3SampleStore
from adsieve.bootstrap import media_reader
from adsieve.cli.output import print_json, print_table, readable, styled
from adsieve.cli.place import find_place
from adsieve.cli.retrohunt import archive_options, hunt, print_hunted
from adsieve.cli.sources import matrix_for
from adsieve.cli.works import EVIDENCE, open_works
from adsieve.domain.errors import InputError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Material
from adsieve.material.compile import SHIPPED
from adsieve.material.corpus import default_corpus, read_corpus
from adsieve.material.policies import default_matrix
from adsieve.material.source import load_materials
from adsieve.material_ports import MaterialRegistry, SampleStore
from adsieve.service.desk import Gates
from adsieve.service.gates.ground import Ground
from adsieve.service.gates.report import Report
from adsieve.service.gates.run import PANIC_SLACK, desk_gates, run
from adsieve.service.samples import NoSamples, SampleFolder

CLEAN, RECENT = "ADSIEVE_CLEAN_CORPUS", "ADSIEVE_RECENT_ADS"
STORED = "stored"

_FILE = click.Path(path_type=Path, exists=True)


@click.command("test")
@click.argument("file", type=_FILE)
@click.option(
    "--clean", type=_FILE, envvar=CLEAN, show_envvar=True, help="Innocent sentences.  [default: adsieve's own]"
)
@click.option(
    "--recent", envvar=RECENT, show_envvar=True, help=f"Recent ads: .jsonl or folder, or `{STORED}` for those decided."
)
@click.option("--live", type=_FILE, multiple=True, help="Rows in force, to compare with.  [default: the registry's]")
@click.option("--protected", multiple=True, help="Advertiser that no row may match; may be repeated.")
@click.option("--ads-a-day", type=float, help="Of the platform.  [default: as many as the recent ads tell]")
@archive_options
@click.option("--panic", is_flag=True, help="With limits five times as wide.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def test(
    file: Path,
    clean: Path | None,
    recent: str | None,
    live: tuple[Path, ...],
    protected: tuple[str, ...],
    ads_a_day: float | None,
    archive: str | None,
    package: Path | None,
    known: tuple[Path, ...],
    *,
    panic: bool,
    as_json: bool,
) -> None:
    """Test the rows of FILE: innocent sentences, recent ads, reviewers, time, gain, conflicts. Nothing is saved.

    With --archive it is told too in which stored ads each row is, and what becomes of them with all rows of FILE.
    Exit code 1 when a test fails.
    """
    ground = Ground(
        matrix_for((file,)),
        datetime.now(UTC),
        corpus=read_corpus(clean or default_corpus()),
        recent=recent_ads(recent),
        live=load_materials(live) if live else _registered(),
        protected=frozenset(protected),
        ads_a_day=ads_a_day,
        local=SampleFolder(_samples()),
    )
    reports = [run(material, ground, PANIC_SLACK if panic else 1.0) for material in load_materials((file,))]
    drafts = [report.material_id for report in reports]
    stored = hunt(file, drafts, archive, package, live, known) if archive else {}
    if as_json:
        found = {material_id: {"stored": one.to_dict()} for material_id, one in stored.items()}
        print_json([report.to_dict() | found.get(report.material_id, {}) for report in reports])
    else:
        for report in reports:
            print_card(report)
            if report.material_id in stored:
                print_hunted(stored[report.material_id])
    raise SystemExit(int(not all(report.ok for report in reports)))


def print_card(report: Report) -> None:
    """One material's tests, and what it would have hit, market by market."""
    print_table(
        (readable(report.material_id), "number", "limit", "", "what"),
        [
            (
                gate.name,
                "" if gate.number is None else f"{gate.number:g}",
                "" if gate.limit is None else f"{gate.limit:g}",
                styled(str(gate.outcome)),
                readable(" ".join(filter(None, (gate.unit, gate.detail)))),
            )
            for gate in report.gates
        ],
    )
    if report.markets:
        print_table(
            ("market", "recent ads", "hits", "alone it decides"),
            [
                (market, str(told.ads), str(told.hits), ", ".join(f"{n} {word}" for word, n in told.decisions.items()))
                for market, told in report.markets.items()
            ],
        )
    for gate in report.gates:
        for example in gate.examples:
            click.echo(f"  {gate.name}: {readable(example)}")


def recent_ads(named: str | None) -> list[Fingerprint]:
    """Recent ads of a path, or those that functions decided."""
    if not named:
        return []
    if named == STORED:
        works = open_works()
        return stored_ads(works.client("s3"), works.name(EVIDENCE), MOST)
    if not Path(named).exists():
        raise InputError(f"{named}: does not exist, want a .jsonl, a folder, or `{STORED}`")
    return read_ads(Path(named), reader=media_reader())


def step_gates(client: Callable[[str], Any], registry: MaterialRegistry, bucket: str) -> Gates:
    """The tests that a step of a material's life asks for; what they are run on is read once a command.

    Their reports are kept in the bucket, under the digest that the audit trail names.
    """

    @cache
    def ground() -> Ground:
        clean = os.environ.get(CLEAN)
        return Ground(
            default_matrix(),
            datetime.now(UTC),
            corpus=read_corpus(Path(clean) if clean else default_corpus()),
            recent=_recent_for_steps(),
            live=_in_force(registry),
            local=SampleFolder(S3SampleStore(client("s3"), bucket)),
        )

    return desk_gates(ground, S3Reports(client("s3"), bucket).keep)


def _recent_for_steps() -> list[Fingerprint]:
    """The ads that are named, or those that functions decided; none where there is nowhere to look."""
    if named := os.environ.get(RECENT):
        return recent_ads(named)
    try:
        open_works().name(EVIDENCE)
    except InputError:
        return []
    return recent_ads(STORED)


def _registered() -> list[Material]:
    """Rows in force in the registry, where there is one."""
    try:
        return _in_force(find_place().registry)
    except InputError:
        return []


def _samples() -> SampleStore:
    """Where the registry keeps pictures and clips, where there is one."""
    try:
        return find_place().samples
    except InputError:
        return NoSamples()


def _in_force(registry: MaterialRegistry) -> list[Material]:
    return [head.material for state in SHIPPED for head in registry.in_state(state)]


VERBS = (test,)
