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
import json
import subprocess
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
from adsieve.detectors.media.pdq import ALGORITHM, luma, pdq
from adsieve.detectors.media.pictures import hash_frame, read_picture
from adsieve.detectors.tables import packed
from adsieve.domain.ad import Part
from adsieve.domain.decision import Action
from adsieve.domain.material import Kind, Material
from tests.perf.images.drawn import draw
from tests.perf.images.mapping import mapped


def timed(work: Callable[[], object], runs: int = 30) -> float:
    """Least processor milliseconds of several runs."""
    best = float("inf")
    for _ in range(runs):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best * 1000


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
        times = []
        for query in queries:
            started = time.process_time()
            index.search(query, 31)
            times.append(1000 * (time.process_time() - started))
        right, words = True, hashes.view("<u8")
        for query in queries[: 300 if count <= 100_000 else 30]:  # brute force is slow
            far = np.bitwise_count(words ^ np.frombuffer(query, "<u8")).sum(axis=1, dtype=np.int64)
            right &= np.array_equal(index.search(query, 31)[0], np.nonzero(far <= 31)[0])
        command = [sys.executable, "-c", RESIDENT, folder, json.dumps([query.hex() for query in queries])]
        resident = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    middle, worst = np.percentile(times, (50, 99))
    print(f"{count:>9,} hashes: open {opening:.1f} ms, first query {first:.1f}, p50 {middle:.3f}, p99 {worst:.3f} ms, ")
    print(f"{'':19}resident {resident} MB in a process that only searches; answers {'right' if right else 'WRONG'}")
    faiss_search(hashes, queries)
    return bool(right)


RESIDENT = """
import json, re, sys
from pathlib import Path
from adsieve.detectors.media.index import HashIndex
from tests.perf.images.mapping import mapped
index = HashIndex.open(mapped(Path(sys.argv[1])), "x", "pdq")
for query in json.loads(sys.argv[2]):
    index.search(bytes.fromhex(query), 31)
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def faiss_search(hashes: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", queries: list[bytes]) -> None:
    """The same search by faiss, where it is installed: everything, and its hash tables (exact up to one flip a piece)."""
    if importlib.util.find_spec("faiss") is None:
        print(f"{'':19}faiss: not installed")
        return
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(1)
    asked = np.frombuffer(b"".join(queries), np.uint8).reshape(-1, 32)
    tables = faiss.IndexBinaryMultiHash(256, 16, 16)
    tables.nflip = 1
    for name, index in (("IndexBinaryFlat", faiss.IndexBinaryFlat(256)), ("IndexBinaryMultiHash", tables)):
        index.add(hashes)
        times = []
        for row in range(len(asked)):
            started = time.process_time()
            index.range_search(asked[row : row + 1], 32)
            times.append(1000 * (time.process_time() - started))
        middle, worst = np.percentile(times, (50, 99))
        print(f"{'':19}faiss {name}: p50 {middle:.3f}, p99 {worst:.3f} ms")


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
    """A picture against many materials: 40 drawn ones, and spoilt copies of their features and random hashes for the rest."""
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in range(40):
            draw(row).save(Path(folder, f"{row}.png"))
            rows.append((row, Material(str(row), Kind.IMAGE, f"{row}.png", "p", Action.REJECT, folder=folder)))
        files = ImageDetector.compile(rows)
        hashes = rng.integers(0, 256, (count, 32), dtype=np.uint8)
        files |= HashIndex.build(hashes, "images.pdq", ALGORITHM)
        files["images.owners"] = packed([number % len(rows) for number in range(count)])
        detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
        second = detector.second_look
        own = [second._index.picture(row) for row in range(len(rows))]
        known = np.concatenate([bits for _, bits in own])
        more = []
        for _ in range(count - len(rows)):
            flips = np.packbits(rng.random((130, 128)) < rng.choice((0.15, 0.25, 0.3)), axis=1).view("<u8")
            bits = known[rng.integers(0, len(known), 130)] ^ flips
            places = rng.random((130, 4), dtype=np.float32) * (1, 1, 5, 6) - (0, 0, 9, 0)
            more.append(Features(places.astype(np.float32), bits, bits))
        built = FeatureIndex.build([*(Features(places, bits, bits) for places, bits in own), *more], "x")
        second._index = FeatureIndex.open({name: memoryview(data) for name, data in built.items()}, "x")
        features, thumbnails = sum(map(len, built.values())) / 1e6, len(files["images.thumbnails"]) / len(rows) / 1e3
        print(f"{count:,} materials: features {features:.0f} MB, thumbnails {thumbnails * count / 1e3:.0f} MB")
        for seed in range(5_000, 5_010):
            file = Path(folder, "query.jpg")
            draw(seed).resize((1024, 768)).save(file, quality=85)
            (part,) = read_picture("media/x.jpg", file, Deadline.after(60))
            evidence = timed(partial(read_picture, "media/x.jpg", file, Deadline.after(60)), 12)
            look = timed(partial(_detected, detector, part), 12)
            views = len(part.evidence["hashes"])
            print(f"{'':19}{views} views: evidence {evidence:.1f} + match {look:.1f} = {evidence + look:.1f} ms")


def _detected(detector: ImageDetector, part: Part) -> int:
    return len(list(detector.detect(part)))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million hashes as well")
    asked = parser.parse_args(arguments)
    hashing()
    matching(10_000)
    sizes = [10_000, 100_000] + [1_000_000] * asked.large
    right = [search(size) for size in sizes]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
