"""The part of `adsieve material test` that looks through the stored ads."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from adsieve.cli.output import print_table, readable
from adsieve.cli.sieving import Question, as_folder, ask
from adsieve.service.rescan.retrohunt import Hunted, hunted

EXAMPLES = 5


def archive_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--archive`, `--package` and `--from`, which `adsieve rescan plan` takes too."""
    for option in (
        click.option(
            "--from",
            "known",
            type=click.Path(path_type=Path),
            multiple=True,
            help="Package that --package is laid over.",
        ),
        click.option(
            "--package",
            type=click.Path(path_type=Path),
            help="Package in force, or `current`.  [default: --live, $ADSIEVE_PACKAGE, or the sample material]",
        ),
        click.option(
            "--archive",
            envvar="ADSIEVE_ARCHIVE",
            show_envvar=True,
            help="Stored ads to look through: folder of an archive, or s3://<evidence bucket>/archive.",
        ),
    ):
        command = option(command)
    return command


def hunt(
    file: Path,
    drafts: Sequence[str],
    archive: str,
    package: Path | None,
    live: tuple[Path, ...],
    known: tuple[Path, ...],
) -> dict[str, Hunted]:
    """What the drafts of a file would do to the stored ads, by id."""
    with as_folder(package, () if package else live) as folder:
        question = Question(folder, known, drafts=(file,))
        return hunted(ask(question, archive, datetime.now(UTC).date()), drafts, EXAMPLES)


def print_hunted(found: Hunted) -> None:
    """One draft's part in the stored ads, market by market."""
    click.echo(f"  stored ads: in {found.hits} of {found.ads}")
    rows = [(market, flip, str(ads)) for market, flips in found.markets.items() for flip, ads in flips.items()]
    if rows:
        print_table(("market", "stored ads become", "ads"), rows)
    for example in found.examples:
        click.echo(f"  {example['ad_id']}: {readable(example['text'])} in {example['part']}")
