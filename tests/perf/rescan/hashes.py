"""How fast stored hashes of pictures are sieved for new pictures, beside the naive way.

    python -m tests.perf.rescan.hashes make --ads 1000000 --archive .local/hashes
    python -m tests.perf.rescan.hashes measure --archive .local/hashes [--images 1000]

Hashes are made up from a seed, one to an ad; one ad in five hundred has a new picture, a few bits off. What a picture is
besides its hashes is left out: the second look is measured by `second`, on pictures that are drawn. A picture is asked
for in about ten views and eight ways, so a million hashes are those of about twelve thousand pictures.
Expected result: of the ads that the naive way is measured on, none that it decides otherwise is left out.
"""

import random
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from PIL import Image

from adsieve.cli.shards import Task, open_archive
from adsieve.detectors import images
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain.ad import Ad, Part, PartKind
from adsieve.domain.decision import Action
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Kind, Material
from adsieve.material.change import compare
from adsieve.material.compile import compile_files, write_package
from adsieve.material.package import Package
from adsieve.material.policies import default_matrix
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.flips import flip
from adsieve.service.rescan.ports import Standing
from adsieve.service.rescan.sieve import Sieve
from tests.perf.images.drawn import draw
from tests.perf.rescan.speed import DAY, NOON, grown, make_partitions

IMAGES = 1_000
BEFORE = 1_000
SHOWN_IN = 500
MOST_OFF = 20


@click.group()
def main() -> None:
    """See the module."""


@main.command()
@click.option("--ads", default=1_000_000, show_default=True)
@click.option("--archive", type=click.Path(path_type=Path), required=True)
def make(ads: int, archive: Path) -> None:
    """Make up ads with one hash each and keep their evidence."""
    make_partitions(_make, archive, ads)


def _make(job: tuple[Path, int, int]) -> None:
    archive, first, count = job
    rows = (Evidence.of(_ad(number)) for number in range(first, first + count))
    open_archive(str(archive)).add(rows, Standing("0" * 64, "0", DAY))


def _ad(number: int) -> Fingerprint:
    chance = random.Random(number)
    shown = _hash(f"new {chance.randrange(IMAGES)}") if chance.randrange(SHOWN_IN) == 0 else _hash(f"ad {number}")
    off = sum(1 << bit for bit in chance.sample(range(256), chance.randrange(MOST_OFF)))
    pdq = (int.from_bytes(shown) ^ off).to_bytes(32).hex()
    seen = {"view": "whole", "pdq": pdq, "quality": 100, "box": [0, 0, 400, 300]}
    return _pictured(number, {"sha256": f"{number:064x}", "size": [400, 300], "hashes": [seen], "looks": []})


def _hash(name: str) -> bytes:
    return random.Random(name).randbytes(32)


@main.command()
@click.option("--archive", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--sample", default=2_000, show_default=True, help="Ads that the naive way is measured on.")
@click.option("--workers", default=2, show_default=True)
def measure(archive: Path, sample: int, workers: int) -> None:
    """Sieve a hundredth, a tenth and all of the ads for new pictures."""
    with tempfile.TemporaryDirectory() as folder:
        before = [f"old {number}" for number in range(BEFORE)]
        old = _package(before, Path(folder, "old"))
        new = _package([*before, *(f"new {number}" for number in range(IMAGES))], Path(folder, "new"))
        grown(Task(str(archive), old, new, (DAY, DAY)), sample, workers)


def _package(names: list[str], folder: Path) -> Path:
    """A package of pictures of which only the hashes are made up: two each, the whole and without a rim."""
    Image.new("RGB", (64, 64)).save(folder.with_suffix(".png"))
    look = _read(draw(1))["looks"][0]

    def made_up(material: Material) -> Mapping[str, Any]:
        seen = {"whole": _hash(material.id), "trim": _hash(f"{material.id} trim")}
        hashes = [{"view": view, "pdq": pdq.hex(), "quality": 100} for view, pdq in seen.items()]
        return {"sha256": _hash(material.id).hex(), "size": [400, 300], "hashes": hashes, "looks": [look]}

    images.sample_evidence = made_up
    value = folder.with_suffix(".png").name
    rows = [Material(name, Kind.IMAGE, value, "gambling", Action.REJECT, folder=str(folder.parent)) for name in names]
    write_package(compile_files(rows, default_matrix()), folder)
    return folder


@main.command()
@click.option("--pictures", default=60, show_default=True, help="Ads with a picture.")
@click.option("--before", default=300, show_default=True, help="Pictures in the package before.")
@click.option("--added", default=3, show_default=True, help="New ones.")
def second(pictures: int, before: int, added: int) -> None:
    """CPU of the sieve for an ad with a picture, second look included, beside deciding it twice."""
    known = {f"{number}": _read(draw(number)) for number in range(before + added)}
    ads = [_pictured(number, _read(draw(10_000 + number))) for number in range(pictures)]
    rows = [Evidence.of(one) for one in ads]
    images.sample_evidence = lambda material: known[material.id]
    with tempfile.TemporaryDirectory() as folder:
        Image.new("RGB", (64, 64)).save(Path(folder, "x.png"))
        some = [Material(name, Kind.IMAGE, "x.png", "gambling", Action.REJECT, folder=folder) for name in known]
        old, new = (Package.of(compile_files(some[:count], default_matrix())) for count in (before, before + added))
    change = compare(old, new, DAY, DAY)
    sieve = Sieve(change)
    sieve.candidates(rows[:1])
    started = time.process_time()
    candidates = sieve.candidates(rows)
    sieved = time.process_time() - started
    started = time.process_time()
    differ = {at for at, one in enumerate(ads) if flip(one, change)}
    decided = time.process_time() - started
    assert differ <= candidates
    told = {"pictures": pictures, "before": before, "added": added, "candidates": len(candidates)}
    told |= {"differ": len(differ)}
    click.echo(f"{told} sieve {1e3 * sieved / pictures:.1f} ms, decide twice {1e3 * decided / pictures:.1f} ms an ad")


def _read(image: Image.Image) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "x.png")
        image.save(file)
        return read_picture("media/x.png", file, Deadline.after(600))[0].evidence


def _pictured(number: int, evidence: Mapping[str, Any]) -> Fingerprint:
    ad = Ad(f"ad-{number}", "adv-1", ("SA",), texts={"headline": "soap"})
    return Fingerprint(ad, (Part("media/x.jpg", PartKind.IMAGE, evidence=evidence),), {}, f"{number:064x}", NOON)


if __name__ == "__main__":
    main()
