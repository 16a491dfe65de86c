"""`adsieve scan`: verdicts for ads on a disk."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from adsieve.adapters.files import find_uploads
from adsieve.bootstrap import media_reader
from adsieve.cli.output import print_line, print_table, progress
from adsieve.cli.sources import open_package, package_options
from adsieve.cli.verdicts import COLUMNS, row, summary
from adsieve.domain.decision import Decision
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.package import Package
from adsieve.service.extract import extract
from adsieve.service.scan import scan


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@package_options
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
def command(paths: tuple[Path, ...], package: Path | None, materials: tuple[Path, ...], form: str) -> None:
    """Decide the ads at PATHS: ad folders, ad.json, .jsonl files with an ad a line, bare .txt or media files.

    Needs no AWS and no network. Exit code 1 when an ad is rejected somewhere.
    """
    worst = Decision.PASS
    rows = []
    decisions = []
    for verdict in _verdicts(paths, open_package(package, materials)):
        worst = max(worst, verdict.decision)
        if form == "jsonl":
            print_line(verdict.to_dict())
        else:
            decisions.append(str(verdict.decision))
            rows.append(row(verdict.to_dict()))
    if form == "table":
        print_table(COLUMNS, rows)
        click.echo(f"\n{summary(decisions)}")
    raise SystemExit(int(worst is Decision.REJECT))


def _verdicts(paths: tuple[Path, ...], package: Package) -> Iterator[Verdict]:
    with progress() as shown:
        task = shown.add_task("ads scanned", total=None)
        for path in paths:
            for upload in find_uploads(path):
                fingerprint = extract(upload, media_reader())
                if fingerprint is not None:
                    yield scan(fingerprint, package, Cause.UPLOAD, datetime.now(UTC))
                    shown.advance(task)
