"""Which materials share local features with a picture: tables of description pieces, memory-mapped.

Of a description of 128 bits, a few pieces of about log2(n) bits are looked up. Two descriptions of the same
place share one of them often enough for a picture to be noticed; what a piece finds is compared in full before it counts. Pieces that very many features share (straight edges, even ground) say nothing and are passed over, as search
engines do with "the".
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Self

from adsieve.detectors.media import features
from adsieve.domain.errors import PackageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Bits = NDArray[np.uint64]
    type Numbers = NDArray[np.int64]

FEWEST_BITS = 8
MANY = 400_000
"""Features (of about 3,000 pictures) from which the size of the tables matters more than noticing faint copies."""

FEW_TABLES, MOST_TABLES = 2, 8
LONG = 18
"""Least bits of a piece where there are few tables: it must tell enough by itself."""

COMMON = 64
"""Features under one piece above which it says nothing."""

NEAR = 24
"""Bits of 128 that a voting pair may differ in."""

SMALLEST = -10.0
"""Logarithm of the smallest size that can be told; the largest is 0."""

FEWEST_VOTES = 3
MOST_PICTURES = 64
"""Pictures whose pairs are asked whether they agree."""

MOST_VOTES = 24
"""Pairs of a picture that are asked."""


class FeatureIndex:
    """The features of many pictures, numbered as they were given to `build`."""

    def __init__(
        self,
        places: "NDArray[np.uint8]",
        bits: "Bits",
        firsts: "NDArray[np.uint32]",
        tables: tuple[int, "NDArray[np.uint32]", "NDArray[np.uint32]"],
    ) -> None:
        self._places = places
        self._bits = bits
        self._firsts = firsts
        self._width, self._starts, self._ids = tables

    @classmethod
    def build(cls, pictures: "Sequence[features.Features]", name: str) -> dict[str, bytes]:
        """The index as package files `<name>.*`."""
        import numpy as np

        bits = np.concatenate([np.zeros((0, features.WORDS), np.uint64), *(picture.bits for picture in pictures)])
        places = np.concatenate([np.zeros((0, 4), np.float32), *(picture.places for picture in pictures)])
        many, width = len(bits) >= MANY, max(FEWEST_BITS, len(bits).bit_length() - 3)  # some five features a piece
        width = max(width, LONG) if many else width
        starts, ids = [], []
        for piece in _pieces(bits, width, FEW_TABLES if many else MOST_TABLES):
            ids.append(np.argsort(piece, kind="stable").astype("<u4"))
            starts.append(np.concatenate([[0], np.cumsum(np.bincount(piece, minlength=1 << width))]).astype("<u4"))
        header = {"algorithm": features.ALGORITHM, "width": width}
        return {
            f"{name}.json": json.dumps(header, sort_keys=True).encode(),
            f"{name}.places": _rounded(places).tobytes(),
            f"{name}.bits": bits.astype("<u8").tobytes(),
            f"{name}.firsts": np.cumsum([0, *map(len, pictures)]).astype("<u4").tobytes(),
            f"{name}.starts": np.stack(starts).tobytes(),
            f"{name}.ids": np.stack(ids).tobytes(),
        }

    @classmethod
    def open(cls, files: Mapping[str, memoryview], name: str) -> Self:
        """The index over package files; raises PackageError where they do not fit each other or this engine."""
        import numpy as np

        try:
            header = json.loads(bytes(files[f"{name}.json"]))
            if header["algorithm"] != features.ALGORITHM:
                raise PackageError("feature_algorithm", f"{header['algorithm']}, this engine has {features.ALGORITHM}")
            width = int(header["width"])
            bits = np.frombuffer(files[f"{name}.bits"], dtype="<u8").reshape(-1, features.WORDS)
            starts = np.frombuffer(files[f"{name}.starts"], dtype="<u4").reshape(-1, (1 << width) + 1)
            return cls(
                np.frombuffer(files[f"{name}.places"], dtype=np.uint8).reshape(len(bits), 4),
                bits,
                np.frombuffer(files[f"{name}.firsts"], dtype="<u4"),
                (width, starts, np.frombuffer(files[f"{name}.ids"], dtype="<u4").reshape(len(starts), len(bits))),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("bad_feature_index", f"{name}: {error}") from error

    def picture(self, number: int) -> tuple["NDArray[np.float32]", "Bits"]:
        """The features of one picture: places and bits."""
        first, last = self._firsts[number], self._firsts[number + 1]
        return _exact(self._places[first:last]), self._bits[first:last]

    def votes(self, query: "Bits", places: "NDArray[np.float32]") -> list[tuple[int, float, int]]:
        """Pictures that share features with a query, most promising first.

        Most telling is how many of the pairs agree on one placement, then how much they say: a feature that many
        pictures share says little for each of them.

        Args:
            query: n x 2 words, descriptions.
            places: n x 4, where they are.

        Returns:
            Agreeing pairs, weight, and number of the picture, at most `MOST_PICTURES`.
        """
        import numpy as np

        whose, stored, distance = self._near(query)
        owner = np.searchsorted(self._firsts, stored, side="right") - 1
        order = np.lexsort((distance, whose, owner))
        whose, stored, distance, owner = whose[order], stored[order], distance[order], owner[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (whose[1:] != whose[:-1]) | (owner[1:] != owner[:-1])
        nearest = np.flatnonzero(first)
        nearest = nearest[np.lexsort((distance[nearest], owner[nearest]))]
        whose, stored, distance, owner = whose[nearest], stored[nearest], distance[nearest], owner[nearest]
        weight = (NEAR + 2.0 - distance) / np.bincount(whose, minlength=len(query))[whose]
        pictures, starts, count = np.unique(owner, return_index=True, return_counts=True)
        score = np.add.reduceat(weight, starts) if len(starts) else weight
        kept = np.flatnonzero(count >= FEWEST_VOTES)
        kept = kept[np.argsort(-score[kept], kind="stable")][:MOST_PICTURES]
        agreed = self._agreed(starts[kept], count[kept], places[whose], stored)
        return sorted(zip(agreed, score[kept].tolist(), pictures[kept].tolist(), strict=True), reverse=True)

    def _agreed(
        self, starts: "Numbers", count: "Numbers", places: "NDArray[np.float32]", stored: "Numbers"
    ) -> list[int]:
        """The most pairs of each picture that agree on a placement; of many pairs, the nearest."""
        import numpy as np

        from adsieve.detectors.media.alignment import agreeing

        if not len(starts):
            return []
        at = np.arange(MOST_VOTES)[None, :]
        pair = starts[:, None] + np.minimum(at, count[:, None] - 1)
        known = at < count[:, None]
        near = agreeing(places[pair], _exact(self._places[stored[pair]]))
        found: list[int] = (near & known[:, None, :] & known[:, :, None]).sum(axis=2).max(axis=1).tolist()
        return found

    def _near(self, query: "Bits") -> tuple["Numbers", "Numbers", "Numbers"]:
        """Pairs (query feature, stored feature) that share a piece and are near, with their distance."""
        import numpy as np

        pieces = np.concatenate(_pieces(query, self._width, len(self._starts)))
        tables = np.repeat(np.arange(len(self._starts)), len(query))
        starts, at = self._starts.reshape(-1), pieces + tables * self._starts.shape[1]
        first = starts.take(at).astype(np.int64)
        count = starts.take(at + 1) - first
        count[count > COMMON] = 0
        whose = np.repeat(np.tile(np.arange(len(query)), len(self._starts)), count)
        ends = np.cumsum(count)
        place = np.arange(len(whose)) + np.repeat(first + tables * len(self._bits) - (ends - count), count)
        stored = self._ids.reshape(-1).take(place).astype(np.int64)
        distance = np.bitwise_count(self._bits.take(stored, axis=0) ^ query.take(whose, axis=0)).sum(
            axis=1, dtype=np.int64
        )
        near = distance <= NEAR
        return whose[near], stored[near], distance[near]


def _pieces(bits: "Bits", width: int, most: int) -> list["Numbers"]:
    """Disjoint pieces of each description, as numbers; none crosses a word."""
    import numpy as np

    mask, a_word = np.uint64((1 << width) - 1), 64 // width
    return [
        ((bits[:, piece // a_word] >> np.uint64(width * (piece % a_word))) & mask).astype(np.int64)
        for piece in range(min(most, features.WORDS * a_word))
    ]


def _rounded(places: "NDArray[np.float32]") -> "NDArray[np.uint8]":
    """A byte each for x, y, size and direction: far finer than features are placed."""
    import numpy as np

    x, y, size, direction = places.T
    turn = direction / (2 * np.pi) * 256 % 256
    return np.stack([x * 255, y * 255, (size - SMALLEST) * 255 / -SMALLEST, turn], axis=1).round().astype(np.uint8)


def _exact(places: "NDArray[np.uint8]") -> "NDArray[np.float32]":
    """Inverse of `_rounded`."""
    import numpy as np

    scale = np.array([1 / 255, 1 / 255, -SMALLEST / 255, 2 * np.pi / 256], dtype=np.float32)
    return places * scale + np.array([0, 0, SMALLEST, 0], dtype=np.float32)
