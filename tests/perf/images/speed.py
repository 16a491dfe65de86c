"""Times of hashing, searching and reading pictures, beside peers where they are installed.

    python -m tests.perf.images.speed [--large]

Expected on one core: 1 million hashes open in 60 ms, answer at radius 31 within 1 ms (99 of 100 queries), in less than
150 MB; 100,000 within 0.3 ms; a 1024-pixel JPEG read, hashed and matched against 10,000 materials within 40 ms. Answers
are compared with brute force on the way: a fast wrong index fails. Processor time is told, so that a busy machine
matters less; take the least of several runs.
"""

import argparse
import importlib
import importlib.util
import io
import mmap
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from adsieve.detectors.images import ImageDetector
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.decode import open_picture
from adsieve.detectors.media.feature_index import FeatureIndex
from adsieve.detectors.media.features import Features, features
from adsieve.detectors.media.index import HashIndex
from adsieve.detectors.media.pdq import luma, pdq
from adsieve.detectors.media.pictures import hash_frame, read_picture
from adsieve.domain.decision import Action
from adsieve.domain.material import Kind, Material
from tests.perf.images.drawn import draw


def timed(work: Callable[[], object], runs: int = 30) -> float:
    """Least processor milliseconds of several runs."""
    best = float("inf")
    for _ in range(runs):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best * 1000


def mapped(folder: Path) -> dict[str, memoryview]:
    files = {}
    for file in folder.iterdir():
        with file.open("rb") as opened:
            files[file.name] = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    return files


def search(count: int) -> bool:
    """Planted and random queries over random hashes; whether answers are those of brute force."""
    rng = np.random.default_rng(count)
    hashes = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    queries = []
    for number in range(300):
        bits = np.unpackbits(hashes[rng.integers(count)])
        bits[rng.choice(256, number % 32, replace=False)] ^= 1
        queries.append(np.packbits(bits).tobytes() if number % 5 else rng.bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        for name, data in HashIndex.build(hashes, "x", "pdq").items():
            Path(folder, name).write_bytes(data)
        opening = timed(lambda: HashIndex.open(mapped(Path(folder)), "x", "pdq"), 5)
        index = HashIndex.open(mapped(Path(folder)), "x", "pdq")
        first = timed(lambda: index.search(queries[0], 31), 1)
        times, right = [], True
        words = hashes.view("<u8")
        for query in queries:
            started = time.process_time()
            found, _ = index.search(query, 31)
            times.append(1000 * (time.process_time() - started))
            if count <= 100_000 or len(times) <= 30:  # brute force is slow
                far = np.bitwise_count(words ^ np.frombuffer(query, "<u8")).sum(axis=1, dtype=np.int64)
                right &= np.array_equal(found, np.nonzero(far <= 31)[0])
    middle, worst = np.percentile(times, (50, 99))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count:>9,} hashes: open {opening:.1f} ms, first query {first:.1f}, p50 {middle:.2f}, p99 {worst:.2f} ms, ")
    print(f"{'':19}peak {peak} MB with building; answers {'right' if right else 'WRONG'}")
    return bool(right)


def peers(count: int) -> None:
    """The same search by faiss, where it is installed."""
    if importlib.util.find_spec("faiss") is None:
        print("faiss: not installed")
        return
    faiss = importlib.import_module("faiss")

    rng = np.random.default_rng(count)
    hashes, queries = (rng.integers(0, 256, (n, 32), dtype=np.uint8) for n in (count, 200))
    flat = faiss.IndexBinaryFlat(256)
    flat.add(hashes)
    faiss.omp_set_num_threads(1)
    print(
        f"{count:>9,} hashes: faiss IndexBinaryFlat {timed(lambda: flat.range_search(queries, 32), 3) / 200:.3f} ms a query"
    )


def hashing() -> None:
    image = draw(0).resize((1024, 576))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=85)
    with tempfile.NamedTemporaryFile() as file:
        file.write(kept.getvalue())
        file.flush()
        path = Path(file.name)
        rgb = open_picture(path, 512).frames[0].rgb
        grey = luma(rgb)
        print(
            f"decode {timed(lambda: open_picture(path, 512)):.1f} ms, one PDQ {timed(lambda: pdq(grey)):.2f}, ", end=""
        )
        print(
            f"views and hashes {timed(lambda: hash_frame(rgb)):.1f}, features {timed(lambda: features(grey, 400)):.1f}, ",
            end="",
        )
        print(f"all evidence {timed(lambda: read_picture('x', path, Deadline.after(60))):.1f} ms (1024 px JPEG)")
    for name, call in (("pdqhash", "compute"), ("imagehash", "phash")):
        if importlib.util.find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        module = importlib.import_module(name)
        given = np.asarray(image) if name == "pdqhash" else image
        print(f"{name}.{call}: {timed(partial(getattr(module, call), given), 10):.1f} ms")
        if name == "pdqhash":
            theirs = np.packbits(module.compute(rgb)[0][::1]).tobytes()
            ours = pdq(grey).bits
            print(
                f"  bits that differ: {min((int.from_bytes(theirs) ^ int.from_bytes(o)).bit_count() for o in (ours, ours[::-1]))}"
            )


def matching(count: int) -> None:
    """A picture against many materials: real evidence of 40 drawn ones, and random features and hashes for the rest."""
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in range(40):
            draw(row).save(Path(folder, f"{row}.png"))
            rows.append((row, Material(str(row), Kind.IMAGE, f"{row}.png", "p", Action.REJECT, folder=folder)))
        detector = ImageDetector.open({name: memoryview(data) for name, data in ImageDetector.compile(rows).items()})
        file = Path(folder, "query.jpg")
        draw(5_000).resize((1024, 768)).save(file)
        (part,) = read_picture("media/x.jpg", file, Deadline.after(60))
        index, second = detector._open()
        more = count - len(rows)
        extra = rng.integers(0, 256, (more, 32), dtype=np.uint8)
        hashes = np.concatenate(
            [np.frombuffer(bytes.fromhex(h["pdq"]), np.uint8)[None] for h in part.evidence["hashes"][:1]] + [extra]
        )
        files = HashIndex.build(hashes, "x", "pdq-1")
        grown = HashIndex.open({n: memoryview(d) for n, d in files.items()}, "x", "pdq-1")
        fillers = [
            Features(p := np.zeros((200, 4), np.float32), b := rng.integers(0, 2**63, (200, 2), dtype=np.uint64), b)
            for _ in range(more)
        ]
        del p
        own = [second._index.picture(row) for row in range(len(rows))]
        built = FeatureIndex.build([Features(places, bits, bits) for places, bits in own] + fillers, "x")
        second._index = FeatureIndex.open({n: memoryview(d) for n, d in built.items()}, "x")
        detector._opened = (index, second)
        look = timed(lambda: list(detector.detect(part)))
        hits = timed(
            lambda: [grown.search(bytes.fromhex(h["pdq"]), 72) for h in part.evidence["hashes"] for _ in range(16)], 10
        )
        evidence = timed(lambda: read_picture("media/x.jpg", file, Deadline.after(60)))
        size = sum(map(len, built.values())) / 1e6
        print(
            f"{count:,} materials: evidence {evidence:.1f} ms + hashes {hits:.1f} + features {look:.1f} ms; features {size:.0f} MB"
        )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million hashes as well")
    asked = parser.parse_args(arguments)
    hashing()
    matching(10_000)
    sizes = [10_000, 100_000] + [1_000_000] * asked.large
    right = [search(size) for size in sizes]
    peers(sizes[-1])
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
