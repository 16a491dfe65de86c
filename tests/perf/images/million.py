"""A package of a million pictures in use: how long it opens, how long a picture is looked for, how much memory it takes.

    python -m tests.perf.build --out DIR, then python -m tests.perf.images.million DIR [--queries 300]

A query is what is asked of a picture: a view in eight ways, each with its negative, up to where a reviewer is asked (47
bits); a picture mostly has three to five views. In a frame of a clip the search ends at 31 bits. Half of the queries are hashes of the package, up to 47 bits off, half are random.
Answers are compared with brute force on the way. Expected on one core: pictures open in less than 5 ms, the whole package
in the time of hashing every byte; the median view takes 30 ms, the median frame 5.
"""

import argparse
import json
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from adsieve.detectors.images import RADIUS, REVIEW_BAND, ImageDetector
from adsieve.detectors.media.pdq import BITS, TURNS
from adsieve.domain.ad import Part, PartKind
from adsieve.material.package import load_package
from tests.perf.images.mapping import mapped

type Bits = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def timed[T](work: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """What the work gives, and its milliseconds of clock and processor."""
    began, worked = time.perf_counter(), time.process_time()
    made = work()
    return made, {
        "clock": round(1000 * (time.perf_counter() - began), 2),
        "processor": round(1000 * (time.process_time() - worked), 2),
    }


def resident() -> int:
    """Megabytes of this process now, mapped files that were read among them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024


def views(hashes: Bits, count: int) -> list[tuple[bytes, list[bytes]]]:
    """Hashes to ask for, each in eight ways of which the first is near a known one, in every second."""
    rng = np.random.default_rng(3)
    asked = []
    for number in range(count):
        ways = rng.integers(0, 256, (len(TURNS), 32), dtype=np.uint8)
        if number % 2:
            bits = np.unpackbits(hashes[rng.integers(len(hashes))])
            bits[rng.choice(BITS, number % (RADIUS + REVIEW_BAND + 1), replace=False)] ^= 1
            ways[0] = np.packbits(bits)
        asked.append((ways[0].tobytes(), [way.tobytes() for way in ways[1:]]))
    return asked


def part_of(view: tuple[bytes, list[bytes]], kind: PartKind) -> Part:
    """A picture, or a frame of a clip, of one view."""
    whole, turned = view
    seen = {"view": "whole", "quality": 100, "box": [0, 0, 4, 3], "pdq": whole.hex()}
    hashes = [seen | {"turned": b64encode(b"".join(turned)).decode()}]
    frame = {"t": 0.0, "spans": [[0.0, 2.0]], "hashes": hashes}
    shown = {"sha256": "", "size": [4, 3], "hashes": hashes, "looks": [], "frames": [frame], "duration": 2.0}
    return Part("media/x", kind, evidence=shown)


def found(detector: ImageDetector, part: Part) -> set[int]:
    """Rows that a part shows."""
    return {match.row for match in detector.detect(part)}


def main() -> int:
    parser = argparse.ArgumentParser(description="A package of a million pictures in use.")
    parser.add_argument("package", type=Path)
    parser.add_argument("--queries", type=int, default=300)
    given = parser.parse_args()
    files = mapped(given.package)
    _, opening = timed(lambda: ImageDetector.open(files))
    before = resident()
    package, loading = timed(lambda: load_package(given.package))
    loaded = resident()
    (detector,) = (one for one in package.detectors if isinstance(one, ImageDetector))
    bank = detector.bank
    hashes = bank.hashes(range(bank.samples, len(bank)))
    asked = views(hashes.view(np.uint8), given.queries)
    right, told = True, {}
    for kind, farthest in ((PartKind.IMAGE, RADIUS + REVIEW_BAND), (PartKind.VIDEO, RADIUS)):
        _, first = timed(partial(found, detector, part_of(asked[0], kind)))
        times = []
        for number, view in enumerate(asked):
            rows, took = timed(partial(found, detector, part_of(view, kind)))
            times.append(took["processor"])
            if number % 10 < 2:  # brute force is slow: one that is planted and one that is not
                far = np.bitwise_count(hashes ^ np.frombuffer(view[0], "<u8")).sum(axis=1, dtype=np.int64)
                near = {bank.rows[bank.samples + entry] for entry in np.flatnonzero(far <= farthest).tolist()}
                right &= near == rows
        middle, worst = np.percentile(times, (50, 99))
        told[str(kind)] = {"first": first, "p50": round(float(middle), 1), "p99": round(float(worst), 1)}
    print(
        json.dumps(
            {
                "pictures": len(bank),
                "open_pictures_ms": opening,
                "load_package_ms": loading,
                "view_ms": told,
                "resident_mb": {"before": before, "loaded": loaded, "used": resident()},
                "answers": "right" if right else "WRONG",
            },
            indent=1,
        )
    )
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
