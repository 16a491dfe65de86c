"""`adsieve scan`: verdicts for ads on a disk."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from adsieve.adapters.files import find_uploads
from adsieve.bootstrap import media_reader
from adsieve.cli.output import print_line, print_table, progress, readable, styled
from adsieve.cli.sources import open_package, package_options
from adsieve.domain.decision import Decision
from adsieve.domain.verdict import SCANNED, Cause, Verdict
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
    counts: dict[str, int] = {}
    for verdict in _verdicts(paths, open_package(package, materials)):
        worst = max(worst, verdict.decision)
        if form == "jsonl":
            print_line(verdict.to_dict())
        else:
            counts[str(verdict.decision)] = counts.get(str(verdict.decision), 0) + 1
            rows.append((verdict.ad_id, styled(str(verdict.decision)), *told(verdict)))
    if form == "table":
        print_table(("ad", "decision", "markets", "found", "why"), rows)
        click.echo(
            f"\n{len(rows)} ads: "
            + ", ".join(f"{counts[name]} {name}" for name in Decision.__members__ if name in counts)
        )
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


def told(verdict: Verdict) -> tuple[str, str, str]:
    """A verdict's markets, matched words and reasons as three cells."""
    by_decision: dict[str, list[str]] = {}
    for market, decided in sorted(verdict.markets.items(), key=lambda item: -item[1].decision):
        by_decision.setdefault(str(decided.decision), []).append(market)
    markets = "; ".join(f"{decision} {' '.join(names)}" for decision, names in by_decision.items())
    found = {
        f"{readable(finding.match.text)} ({'+'.join(finding.match.how) or 'exact'}, {finding.material.id})": None
        for finding in verdict.findings
    }
    reasons = {reason: None for decided in verdict.markets.values() for reason in decided.reasons}
    unscanned = [f"{part}: {status}" for part, status in verdict.completeness.items() if status != SCANNED]
    why = [reason for reason in reasons if not reason.startswith("not scanned")] + unscanned
    return markets, "; ".join(found), "; ".join(readable(reason) for reason in why)
