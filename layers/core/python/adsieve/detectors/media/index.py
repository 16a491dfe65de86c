"""Exact search of 256-bit hashes by Hamming distance, over arrays that can be memory-mapped. NumPy only, no pickle.

Hashes are four columns that are scanned with early pruning: small, and right for any radius. From `TABLES_FROM` hashes on
there are sixteen tables of 16-bit pieces too: two hashes at most 31 bits apart have a piece that differs in one bit at
most (pigeonhole), so 272 look-ups find every match. Wider radii are scanned for: a look-up for every two bits takes as
long. Answers never depend on the tables.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from adsieve.domain.errors import PackageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Words = NDArray[np.uint64]
    type Found = tuple[NDArray[np.int64], NDArray[np.int64]]
    """Numbers of the hashes that match, ascending, and how far each is."""

    type Tables = tuple[NDArray[np.uint32], NDArray[np.uint32]]
    """By piece: where each of its values begins among the numbers, and the numbers in that order."""

TABLES_FROM = 50_000
"""Hashes above which tables beat scanning at the usual radius (measured in tests/perf/images)."""

_PIECES = 16
_ONE_FLIP = 2 * _PIECES - 1
_WORDS = 4


class HashIndex:
    """Hashes of one algorithm, numbered as they were given to `build`."""

    def __init__(self, columns: "Words", tables: "Tables | None") -> None:
        self._columns = columns
        self._tables = tables

    @classmethod
    def build(
        cls, hashes: "NDArray[np.uint8]", name: str, algorithm: str, tables_from: int = TABLES_FROM
    ) -> dict[str, bytes]:
        """The index as package files `<name>.*`.

        Args:
            hashes: n x 32 bytes.
            name: what the files are called.
            algorithm: id of what made the hashes; `open` asks for it again.
            tables_from: least number of hashes that get tables.
        """
        import numpy as np

        words = np.ascontiguousarray(hashes).view("<u8").reshape(-1, _WORDS)
        header = {"algorithm": algorithm, "count": len(words), "tables": len(words) >= tables_from}
        files = {
            f"{name}.json": json.dumps(header, sort_keys=True).encode(),
            f"{name}.hashes": np.ascontiguousarray(words.T).tobytes(),
        }
        if not header["tables"]:
            return files
        starts, ids = [], []
        for piece in words.view("<u2").T:
            ids.append(np.argsort(piece, kind="stable").astype("<u4"))
            starts.append(np.concatenate([[0], np.cumsum(np.bincount(piece, minlength=1 << 16))]).astype("<u4"))
        return files | {f"{name}.starts": np.stack(starts).tobytes(), f"{name}.ids": np.stack(ids).tobytes()}

    @classmethod
    def open(cls, files: Mapping[str, memoryview], name: str, algorithm: str) -> Self:
        """The index over package files; raises PackageError where they do not fit each other or the algorithm."""
        import numpy as np

        try:
            header = json.loads(bytes(files[f"{name}.json"]))
            if header["algorithm"] != algorithm:
                raise PackageError("hash_algorithm", f"{name}.json: {header['algorithm']}, this engine has {algorithm}")
            count = int(header["count"])
            columns = np.frombuffer(files[f"{name}.hashes"], dtype="<u8").reshape(_WORDS, count)
            if not header["tables"]:
                return cls(columns, None)
            starts = np.frombuffer(files[f"{name}.starts"], dtype="<u4").reshape(_PIECES, (1 << 16) + 1)
            return cls(columns, (starts, np.frombuffer(files[f"{name}.ids"], dtype="<u4").reshape(_PIECES, count)))
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("bad_hash_index", f"{name}: {error}") from error

    def __len__(self) -> int:
        return len(self._columns[0])

    def hashes(self, numbers: "NDArray[np.int64]") -> "Words":
        """The hashes of these numbers, n x 4 words."""
        return self._columns[:, numbers].T

    def search(self, query: bytes, radius: int) -> "Found":
        """Every hash at most `radius` bits from the query (32 bytes)."""
        import numpy as np

        words = np.frombuffer(query, dtype="<u8")
        if self._tables is None or radius > _ONE_FLIP:
            return _within(self._columns, words, _half(self._columns, words), radius)
        return _probe(self._columns, self._tables, words, radius)

    def search_either(self, query: bytes, radius: int) -> Iterator[tuple[int, int, bool]]:
        """Hashes near the query or near its complement: number, distance, and whether it was the complement."""
        import numpy as np

        words = np.frombuffer(query, dtype="<u8")
        if self._tables is None or radius > _ONE_FLIP:
            half = _half(self._columns, words)
            halves = (words, half), (~words, 2 * 64 - half)
            found = [_within(self._columns, one, its_half, radius) for one, its_half in halves]
        else:
            found = [_probe(self._columns, self._tables, one, radius) for one in (words, ~words)]
        for negative, (rows, distances) in zip((False, True), found, strict=True):
            yield from ((row, far, negative) for row, far in zip(rows.tolist(), distances.tolist(), strict=True))


def _probe(columns: "Words", tables: "Tables", words: "Words", radius: int) -> "Found":
    """What shares a piece with the query, but for one bit, and is near."""
    import numpy as np

    starts, ids = (table.reshape(-1) for table in tables)
    which, flips = _probes()
    at = (words.view("<u2").astype(np.int64)[:, None] ^ flips[None, :]).reshape(-1) + which * ((1 << 16) + 1)
    first = starts.take(at).astype(np.int64)
    count = starts.take(at + 1) - first
    ends = np.cumsum(count)
    place = np.arange(int(ends[-1])) + np.repeat(first + which * columns.shape[1] - (ends - count), count)
    near = ids.take(place)
    half = np.bitwise_count(columns[0].take(near) ^ words[0]) + np.bitwise_count(columns[1].take(near) ^ words[1])
    near = np.unique(near[half <= radius]).astype(np.int64)
    those = columns[:, near]
    found, distances = _within(those, words, _half(those, words), radius)
    return near[found], distances


def _half(columns: "Words", words: "Words") -> "NDArray[np.uint8]":
    """How far the first two words are, by which most are out already."""
    import numpy as np

    distance: NDArray[np.uint8] = np.bitwise_count(columns[0] ^ words[0]) + np.bitwise_count(columns[1] ^ words[1])
    return distance


def _within(columns: "Words", words: "Words", half: "NDArray[np.uint8]", radius: int) -> "Found":
    import numpy as np

    near = np.flatnonzero(half <= radius)
    rest = np.bitwise_count(columns[2][near] ^ words[2]) + np.bitwise_count(columns[3][near] ^ words[3])
    distance = half[near].astype(np.int64) + rest
    kept = distance <= radius
    return near[kept], distance[kept]


@lru_cache(maxsize=1)
def _probes() -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """The table of each look-up; no bit and each one of sixteen, to flip in a piece."""
    import numpy as np

    flips = np.array([0, *(1 << bit for bit in range(16))])
    return np.repeat(np.arange(_PIECES), len(flips)), flips
