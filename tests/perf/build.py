"""Building a package of the whole registry: `python -m tests.perf.build [--rows 1000000] [--images 1000000]`.

Rows are made-up terms and hashes of pictures, in the registry as they would be after all their steps. Measured: seconds of wall clock and
processor and peak memory of building twice, sizes, and whether both came out as the same bytes. Limits: 5 minutes a build and 4 GB.
With `--out DIR` the package is kept, for `tests.perf.images.million`.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from adsieve.detectors.media.pdq import BITS
from adsieve.domain.decision import Action, State
from adsieve.domain.material import PDQ, Kind, Material
from adsieve.domain.registered import Registered
from adsieve.material.compile import write_package
from adsieve.material.manifest import MANIFEST
from adsieve.material.policies import default_matrix
from adsieve.service.assemble import build, plan
from adsieve.service.samples import NoSamples

SECONDS, BYTES = 300, 4 * 1024**3
AT_ONCE = 10_000
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LETTERS = "abdefghiklmnoprstuvz"


def heads(rows: int) -> Iterator[Registered]:
    """Different made-up words of two parts, Latin and Arabic in turns; the same ones every time."""
    for number in range(rows):
        value = _word(number, "ابتثجحخدرزسشصطعفقكلمنهوي" if number % 2 else LETTERS)
        yield _head(f"T-{number:07}", Kind.TERM, value, examples_hit=(value,))


def pictures(rows: int) -> Iterator[Registered]:
    """Different made-up hashes of which half of the bits are set, as they are of pictures; the same ones every time."""
    rng = np.random.default_rng(1)
    even = np.tile(np.repeat(np.array([0, 1], dtype=np.uint8), BITS // 2), (AT_ONCE, 1))
    for first in range(0, rows, AT_ONCE):
        hashes = np.packbits(rng.permuted(even, axis=1), axis=1)
        for number, bits in zip(range(first, min(rows, first + AT_ONCE)), hashes, strict=False):
            yield _head(f"I-{number:07}", Kind.IMAGE, PDQ + bits.tobytes().hex())


def _head(name: str, kind: Kind, value: str, **fields: Any) -> Registered:
    row = Material(name, kind, value, "gambling", Action.REVIEW, state=State.ACTIVE, **fields)
    return Registered(row, 1, ("amal",), NOON, logic_since=1, since=NOON, moved=1, entries=1, last="0" * 64)


def _word(number: int, letters: str) -> str:
    spelled = sha256(str(number).encode()).digest()
    word = "".join(letters[byte % len(letters)] for byte in spelled[:9])
    return f"{word} {''.join(letters[byte % len(letters)] for byte in spelled[9:16])}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Building a package of the whole registry.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, help="folder to write the package to")
    given = parser.parse_args()
    matrix, packed = default_matrix(), [*pictures(given.images), *heads(given.rows)]
    digests, taken = list[str](), list[tuple[float, float]]()
    for _ in range(2):
        began, worked = time.perf_counter(), time.process_time()
        files = build(plan(packed, matrix, None), NoSamples())
        taken.append((time.perf_counter() - began, time.process_time() - worked))
        digests.append(sha256(b"".join(sha256(files[name]).digest() for name in sorted(files))).hexdigest())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told = {
        "rows": given.rows,
        "images": given.images,
        "seconds": [round(wall, 1) for wall, _ in taken],
        "processor_seconds": [round(worked, 1) for _, worked in taken],
        "peak_gb": round(peak / 1024**3, 2),
        "package_mb": round(sum(map(len, files.values())) / 1024**2, 1),
        "files_mb": {name: round(len(data) / 1024**2, 1) for name, data in files.items() if len(data) > 1024**2},
        "manifest": sha256(files[MANIFEST]).hexdigest()[:12],
        "identical": digests[0] == digests[1],
    }
    print(json.dumps(told, indent=1))
    if given.out:
        write_package(files, given.out)
    kept = told["identical"] and max(wall for wall, _ in taken) <= SECONDS and peak <= BYTES
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
