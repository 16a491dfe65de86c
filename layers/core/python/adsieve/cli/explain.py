"""`adsieve explain`: step by step, why something matched or did not."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from adsieve.adapters.files import find_uploads
from adsieve.bootstrap import media_reader
from adsieve.cli.output import print_json, readable
from adsieve.cli.sources import open_package, package_options
from adsieve.domain.ad import Ad, Part, PartKind
from adsieve.domain.errors import InputError
from adsieve.domain.finding import Match
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import SCANNED, Cause, Verdict
from adsieve.material.package import Package
from adsieve.ports import Upload
from adsieve.service.explain import NearMiss, Reading, meanings, near_misses, read
from adsieve.service.extract import extract, fingerprint
from adsieve.service.scan import scan

MANY = 20_000
"""Above this, near misses are looked for only among the materials that were asked about."""


@click.command()
@click.argument("text_or_file")
@package_options
@click.option("--material", "asked", multiple=True, help="Ask about this material's id: why did it not match?")
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the page. Default: ./explain-<ad>.html",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    text_or_file: str,
    package: Path | None,
    materials: tuple[Path, ...],
    asked: tuple[str, ...],
    page: Path | None,
    *,
    as_json: bool,
) -> None:
    """Show how TEXT_OR_FILE is read, what matches, by which steps, what each market decides, and what nearly matched.

    A file is an ad (ad.json), bare text, or a bare picture or clip; anything else is taken as the text itself. For an
    ad with pictures or clips a page is written that shows them beside the materials they match.
    """
    opened = open_package(package, materials)
    upload, print_of = _fingerprint(text_or_file)
    verdict = scan(print_of, opened, Cause.UPLOAD, datetime.now(UTC))
    readings = {part.name: read(part.text) for part in print_of.parts if part.kind is PartKind.TEXT}
    near = _near(print_of, opened, asked)
    if upload and print_of.ad.media:
        _write_page(
            upload, print_of, verdict, opened, page or Path(f"explain-{print_of.ad.ad_id.replace(':', '-')}.html")
        )
    if as_json:
        told: dict[str, Any] = verdict.to_dict() | {"readings": {name: asdict(made) for name, made in readings.items()}}
        for finding, row in zip(verdict.findings, told["findings"], strict=True):
            row["meanings"] = meanings(finding.material.kind, finding.match.how)
        told["near_misses"] = [
            {"material_id": miss.material.id, "text": miss.text, "because": miss.because} for miss in near
        ]
        print_json(told)
        return
    for part in print_of.parts:
        if part.kind in (PartKind.IMAGE, PartKind.VIDEO):
            _print_look(part)
        else:
            _print_reading(part.name, part.text, readings.get(part.name))
    _print_findings(verdict)
    _print_markets(verdict)
    _print_near(near, asked, verdict)


def _write_page(upload: Upload, print_of: Fingerprint, verdict: Verdict, package: Package, out: Path) -> None:
    from adsieve.cli.picture_page import write_page

    write_page(upload, print_of, verdict, package, out)
    click.echo(f"{out}: shows its pictures beside the materials they match", err=True)


def _fingerprint(text_or_file: str) -> tuple[Upload | None, Fingerprint]:
    """What was read, and where it lies if it is a file."""
    path = Path(text_or_file)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):  # a text may be too long, or hold what no path can
        is_file = False
    if is_file:
        upload = next(find_uploads(path))
        made = extract(upload, media_reader())
        if made is None:
            raise InputError(f"{path}: holds no ad")
        return upload, made
    if not text_or_file.strip():
        raise InputError("there is no text to explain")
    ad = Ad(ad_id="text", texts={"text": text_or_file})
    return None, fingerprint(ad, text_or_file.encode(errors="replace"), {}, datetime.now(UTC))


def _near(print_of: Fingerprint, package: Package, asked: tuple[str, ...]) -> list[NearMiss]:
    if not asked and len(package) > MANY:
        return []
    rows = package.materials()
    known = {material.id for material in rows}
    if unknown := [name for name in asked if name not in known]:
        raise InputError(f"no material `{unknown[0]}` in the package (drafts and retired ones are not shipped)")
    chosen = [material for material in rows if not asked or material.id in asked]
    return near_misses(print_of.parts, chosen, package.matrix)


def _print_reading(name: str, text: str, reading: Reading | None) -> None:
    click.echo(f"{click.style(name, bold=True)}\n  written   {readable(text)}")
    if reading is None:
        return
    dropped = [f"{readable(change.old)} ×{change.count}" for change in reading.changes if not change.new]
    unified = [f"{readable(change.old)} → {readable(change.new)}" for change in reading.changes if change.new]
    if dropped:
        click.echo(f"  dropped   {', '.join(dropped)}")
    if unified:
        click.echo(f"  unified   {', '.join(unified)}")
    click.echo(f"  read as   {readable(reading.text)}")


def _print_look(part: Part) -> None:
    """What is compared of a picture or clip."""
    width, height = part.evidence["size"]
    told = f"{width} × {height} pixels, "
    if part.kind is PartKind.IMAGE:
        told += "views " + ", ".join(dict.fromkeys(view["view"] for view in part.evidence["hashes"]))
    else:
        told += f"{part.evidence['duration']:g} s, {len(part.evidence['frames'])} different looks"
    click.echo(f"{click.style(part.name, bold=True)}\n  seen      {told}")


def _print_findings(verdict: Verdict) -> None:
    click.echo(click.style("\nfound", bold=True))
    for finding in verdict.findings:
        material, match = finding.material, finding.match
        click.echo(
            f"  {material.id} {readable(material.value)} ({material.policy}, {finding.action}, {material.state}) in "
            f"{finding.part} {_place(match)}"
        )
        if material.hash_only:
            click.echo("      known by its hash alone: nobody here has the picture")
        click.echo(f"      how   {', '.join(match.how) or 'exactly as written'}")
        for step, meaning in meanings(material.kind, match.how).items():
            click.echo(f"            {step}: {readable(meaning)}")
        if finding.cancelled_in:
            click.echo(f"      cancelled by an ALLOW row in {' '.join(sorted(finding.cancelled_in))}")
    if not verdict.findings:
        click.echo("  nothing")


def _place(match: Match) -> str:
    """Where in the part: characters of a text, seconds of a clip, a box in a picture."""
    told = [f"at {match.start}–{match.end}: {readable(match.text)}"] if match.text else []
    if "from_s" in match.where:
        told.append(f"at {match.where['from_s']:g}–{match.where.get('to_s', match.where['from_s']):g} s")
    if "box" in match.where:
        told.append("in x {}, y {}, {} × {}".format(*match.where["box"]))
    if match.distance is not None:
        told.append(f"distance {match.distance} of at most {match.threshold}")
    return ", ".join(told)


def _print_markets(verdict: Verdict) -> None:
    click.echo(click.style("\ndecided", bold=True))
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for market, decided in verdict.markets.items():
        grouped.setdefault((str(decided.decision), decided.reasons), []).append(market)
    for (decision, reasons), markets in grouped.items():
        click.echo(
            f"  {decision:7} {' '.join(markets)}" + (f"  {'; '.join(map(readable, reasons))}" if reasons else "")
        )
    for part, status in verdict.completeness.items():
        if status != SCANNED:
            click.echo(f"  {part}: {readable(status)}")


def _print_near(near: list[NearMiss], asked: tuple[str, ...], verdict: Verdict) -> None:
    if near:
        click.echo(click.style("\nnearly", bold=True))
    for miss in near:
        click.echo(f"  {miss.material.id} {readable(miss.material.value)}: {readable(miss.text)}, but {miss.because}")
    found: Mapping[str, Any] = {finding.material.id: finding for finding in verdict.findings}
    for name in asked:
        if name not in found and name not in {miss.material.id for miss in near}:
            click.echo(f"\n{name}: its words are not in the text, in any reading")
