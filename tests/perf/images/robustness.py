"""How often pictures are known again after each attack, and how often wrong ones are: the whole pipeline, file to match.

    python -m tests.perf.images.robustness [--photos FOLDER] [--queries N] [--materials N]

Pictures are drawn; with --photos, those of a folder are used as well (none is kept in the repository). Expected:
recall >= 0.90 over all attacks, >= 0.98 over mild ones, at most one wrong hit in a million compared pairs.
"""

import argparse
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from PIL import Image

from adsieve.detectors.images import ImageDetector
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain.ad import Part
from adsieve.domain.decision import Action
from adsieve.domain.material import Kind, Material
from tests.perf.images.attacks import ATTACKS, attacked
from tests.perf.images.drawn import draw

type Source = str
"""`drawn:7`, or the path of a photo."""


def opened(source: Source) -> Image.Image:
    kind, _, seed = source.partition(":")
    return draw(int(seed)) if kind == "drawn" else Image.open(source).convert("RGB")


def picture(job: tuple[Source, str]) -> tuple[tuple[Source, str], Part]:
    """The part of a picture after an attack (none where the name is empty), through a JPEG file."""
    source, name = job
    image = opened(source)
    attack = next((one for one in ATTACKS if one.name == name), None)
    kept = io.BytesIO()
    (attacked(image, attack, len(source)) if attack else image).convert("RGB").save(kept, "JPEG", quality=85)
    with tempfile.NamedTemporaryFile() as file:
        file.write(kept.getvalue())
        file.flush()
        (part,) = read_picture("media/x.jpg", Path(file.name), Deadline.after(60))
    return job, part


def detector(sources: list[Source], folder: Path) -> ImageDetector:
    rows = []
    for row, source in enumerate(sources):
        opened(source).save(folder / f"{row}.jpg", quality=92)
        rows.append((row, Material(str(row), Kind.IMAGE, f"{row}.jpg", "p", Action.REJECT, folder=str(folder))))
    return ImageDetector.open({name: memoryview(data) for name, data in ImageDetector.compile(rows).items()})


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--queries", type=int, default=6, help="pictures of each sort that are attacked")
    parser.add_argument("--materials", type=int, default=60, help="materials of each sort")
    parser.add_argument("--clean", type=int, default=100, help="pictures of each sort that no material shows")
    asked = parser.parse_args(arguments)
    photos = sorted(map(str, asked.photos.glob("*.jpg"))) if asked.photos else []
    known = photos[: asked.materials] + [f"drawn:{n}" for n in range(asked.materials)]
    queries = photos[: asked.queries] + [f"drawn:{n}" for n in range(asked.queries)]
    clean = photos[asked.materials :][: asked.clean] + [f"drawn:{5000 + n}" for n in range(asked.clean)]
    jobs = [(source, attack.name) for source in queries for attack in ATTACKS] + [(source, "") for source in clean]
    with tempfile.TemporaryDirectory() as folder, Pool(2) as pool:
        finder = detector(known, Path(folder))
        hits, tries, sure, wrong = Counter[str](), Counter[str](), Counter[str](), list[str]()
        for (source, name), part in pool.imap(picture, jobs, chunksize=8):
            found = {match.row: match for match in finder.detect(part)}
            own = known.index(source) if source in known else None
            tries[name] += 1
            hits[name] += own in found
            sure[name] += own in found and "near" not in found[own].how
            wrong += [
                f"{source} {name}: {known[row]} {match.how} {match.distance}"
                for row, match in found.items()
                if row != own
            ]
    return report(hits, tries, sure, wrong, len(known))


def report(hits: Counter[str], tries: Counter[str], sure: Counter[str], wrong: list[str], materials: int) -> int:
    families: dict[str, list[str]] = {}
    for attack in ATTACKS:
        families.setdefault(attack.family, []).append(attack.name)
    for family, names in families.items():
        low = ", ".join(f"{name} {hits[name] / tries[name]:.2f}" for name in names if hits[name] < 0.9 * tries[name])
        print(
            f"{family:12} recall {_share(names, hits, tries):.3f} block-grade {_share(names, sure, tries):.3f}  {low}"
        )
    every = [attack.name for attack in ATTACKS]
    mild = [attack.name for attack in ATTACKS if attack.severity == "mild"]
    pairs = sum(tries.values()) * materials
    overall, gentle = _share(every, hits, tries), _share(mild, hits, tries)
    print(f"all {overall:.4f}  mild {gentle:.4f}  block-grade {_share(every, sure, tries):.4f}")
    print(f"wrong hits {len(wrong)} in {pairs:,} pairs, {sum(tries.values())} pictures")
    for line in list(_first(wrong, 20)):
        print("  ", line)
    return 0 if overall >= 0.90 and gentle >= 0.98 and len(wrong) <= max(1, pairs / 1_000_000) else 1


def _share(names: list[str], some: Counter[str], of: Counter[str]) -> float:
    return sum(some[name] for name in names) / max(1, sum(of[name] for name in names))


def _first(lines: list[str], count: int) -> Iterator[str]:
    yield from lines[:count]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
