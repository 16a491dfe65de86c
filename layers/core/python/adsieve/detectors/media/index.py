"""Exact search of 256-bit hashes by Hamming distance, over arrays that can be memory-mapped. NumPy only, no pickle.

Up to `MULTI_FROM` hashes are four columns that are scanned with early pruning: small, and right for any radius. Above,
rows and sixteen tables of 16-bit pieces: two hashes at most 31 bits apart have a piece that differs in one bit at most
(pigeonhole), so 272 look-ups find every match. Wider radii fall back to scanning. Answers never depend on the layout.
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

MULTI_FROM = 50_000
"""Hashes above which tables beat scanning at the usual radius (measured in tests/perf/images)."""

_PIECES = 16
_ONE_FLIP = 2 * _PIECES - 1
_WORDS = 4


class HashIndex:
    """Hashes of one algorithm, numbered as they were given to `build`."""

    def __init__(
        self, columns: "Words | None", rows: "Words | None", starts: "NDArray[np.uint32]", ids: "NDArray[np.uint32]"
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._starts = starts
        self._ids = ids

    @classmethod
    def build(
        cls, hashes: "NDArray[np.uint8]", name: str, algorithm: str, multi_from: int = MULTI_FROM
    ) -> dict[str, bytes]:
        """The index as package files `<name>.*`.

        Args:
            hashes: n x 32 bytes.
            name: what the files are called.
            algorithm: id of what made the hashes; `open` asks for it again.
            multi_from: least number of hashes that get tables.
        """
        import numpy as np

        words = np.ascontiguousarray(hashes).view("<u8").reshape(-1, _WORDS)
        multi = len(words) >= multi_from
        header = {"algorithm": algorithm, "count": len(words), "layout": "rows" if multi else "columns"}
        files = {f"{name}.json": json.dumps(header, sort_keys=True).encode()}
        if not multi:
            return files | {f"{name}.hashes": np.ascontiguousarray(words.T).tobytes()}
        pieces = words.view("<u2").astype(np.int64)
        starts, ids = [], []
        for piece in pieces.T:
            ids.append(np.argsort(piece, kind="stable").astype("<u4"))
            starts.append(np.concatenate([[0], np.cumsum(np.bincount(piece, minlength=1 << 16))]).astype("<u4"))
        files[f"{name}.hashes"] = words.tobytes()
        files[f"{name}.starts"] = np.stack(starts).tobytes()
        files[f"{name}.ids"] = np.stack(ids).tobytes()
        return files

    @classmethod
    def open(cls, files: Mapping[str, memoryview], name: str, algorithm: str) -> Self:
        """The index over package files; raises PackageError where they do not fit each other or the algorithm."""
        import numpy as np

        try:
            header = json.loads(bytes(files[f"{name}.json"]))
            if header["algorithm"] != algorithm:
                raise PackageError("hash_algorithm", f"{name}.json: {header['algorithm']}, this engine has {algorithm}")
            count = int(header["count"])
            words = np.frombuffer(files[f"{name}.hashes"], dtype="<u8")
            none = np.zeros((0, 0), dtype=np.uint32)
            if header["layout"] == "columns":
                return cls(words.reshape(_WORDS, count), None, none, none)
            starts = np.frombuffer(files[f"{name}.starts"], dtype="<u4").reshape(_PIECES, (1 << 16) + 1)
            ids = np.frombuffer(files[f"{name}.ids"], dtype="<u4").reshape(_PIECES, count)
            return cls(None, words.reshape(count, _WORDS), starts, ids)
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("bad_hash_index", f"{name}: {error}") from error

    def __len__(self) -> int:
        return (
            self._columns.shape[1] if self._columns is not None else len(self._rows if self._rows is not None else ())
        )

    def hashes(self, numbers: "NDArray[np.int64]") -> "Words":
        """The hashes of these numbers, n x 4 words."""
        if self._columns is not None:
            return self._columns[:, numbers].T
        if self._rows is None:
            raise PackageError("bad_hash_index", "has neither columns nor rows")
        return self._rows[numbers]

    def search(self, query: bytes, radius: int) -> "Found":
        """Every hash at most `radius` bits from the query (32 bytes)."""
        import numpy as np

        words = np.frombuffer(query, dtype="<u8")
        if self._columns is not None:
            return _scan(self._columns, words, radius)
        if self._rows is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        if radius > _ONE_FLIP:
            return _scan(self._rows.T, words, radius)
        return self._probe(words, radius)

    def search_either(self, query: bytes, radius: int) -> Iterator[tuple[int, int, bool]]:
        """Hashes near the query or near its complement: number, distance, and whether it was the complement."""
        import numpy as np

        if self._columns is not None:
            words = np.frombuffer(query, dtype="<u8")
            half = _half(self._columns, words)
            found = [_rest(self._columns, words, half, radius), _rest(self._columns, ~words, 2 * 64 - half, radius)]
        else:
            found = [self.search(one, radius) for one in (query, bytes(255 - byte for byte in query))]
        for negative, (rows, distances) in zip((False, True), found, strict=True):
            yield from ((row, far, negative) for row, far in zip(rows.tolist(), distances.tolist(), strict=True))

    def _probe(self, words: "Words", radius: int) -> "Found":
        import numpy as np

        tables, flips = _probes()
        at = (words.view("<u2").astype(np.int64)[:, None] ^ flips[None, :]).reshape(-1) + tables * ((1 << 16) + 1)
        starts = self._starts.reshape(-1)
        first = starts.take(at).astype(np.int64)
        count = starts.take(at + 1) - first
        ends = np.cumsum(count)
        place = np.arange(int(ends[-1])) + np.repeat(first + tables * self._ids.shape[1] - (ends - count), count)
        near = self._ids.reshape(-1).take(place)
        if self._rows is None:
            raise PackageError("bad_hash_index", "has tables and no rows")
        distance = np.bitwise_count(self._rows.take(near, axis=0) ^ words).sum(axis=1, dtype=np.int64)
        kept = distance <= radius
        found, which = np.unique(near[kept], return_index=True)
        return found.astype(np.int64), distance[kept][which]


def _scan(columns: "Words", words: "Words", radius: int) -> "Found":
    """Two words of every hash, then the rest of those that may still match."""
    return _rest(columns, words, _half(columns, words), radius)


def _half(columns: "Words", words: "Words") -> "NDArray[np.uint8]":
    import numpy as np

    distance: NDArray[np.uint8] = np.bitwise_count(columns[0] ^ words[0]) + np.bitwise_count(columns[1] ^ words[1])
    return distance


def _rest(columns: "Words", words: "Words", half: "NDArray[np.uint8]", radius: int) -> "Found":
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
