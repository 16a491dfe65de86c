"""The pictures of a package, by number: columns that are read in place, however many there are.

Those with a sample come first, those of which a hash is known and nothing else after them.

- `<name>.rows`: the row of each (32 bits), ascending among those with a sample and among the others.
- `<name>.radius`: its radius (a byte).
- `<name>.sizes`: width and height of each sample (32 bits each).
- `<name>.sha256`, `<name>.files`: digests of the samples' files in their order, and whose each is (32 bits).
- `<name>.owners`, `<name>.pdq.*`: whose each hash of the samples is (32 bits), and an index of these hashes.
- `<name>.bare.*`: an index of the other hashes, in order of their pictures.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from adsieve.detectors.base import Files, Row
from adsieve.detectors.media.bare import bare_hashes
from adsieve.detectors.tables import integers, packed
from adsieve.domain.errors import PackageError

if TYPE_CHECKING:
    from adsieve.detectors.media.index import HashIndex, Words

_DIGEST = 32


class Bank:
    """The pictures of a package.

    Attributes:
        rows: the row of each, by number.
        radius: distance up to which a hash is its own, by number.
        samples: how many have a sample; these are the first.
    """

    @staticmethod
    def build(name: str, rows: Sequence[Row], samples: Sequence[Mapping[str, Any]], radius: int) -> dict[str, bytes]:
        """Files `<name>.*`.

        Args:
            name: what the files are called.
            rows: those with a sample, then those that name a hash.
            samples: what was read of each sample, see `pictures.read_picture`.
            radius: of a row that names none.
        """
        import numpy as np

        from adsieve.detectors.media.index import HashIndex
        from adsieve.detectors.media.pdq import ALGORITHM

        digests = sorted((bytes.fromhex(sample["sha256"]), number) for number, sample in enumerate(samples))
        hashes, owners = _hashes(samples)
        bare = bare_hashes([material for _, material in rows[len(samples) :]])
        return {
            f"{name}.rows": packed([row for row, _ in rows]),
            f"{name}.radius": bytes(radius if material.radius is None else material.radius for _, material in rows),
            f"{name}.sizes": packed([*chain.from_iterable(sample["size"] for sample in samples)]),
            f"{name}.sha256": b"".join(digest for digest, _ in digests),
            f"{name}.files": packed([number for _, number in digests]),
            f"{name}.owners": packed(owners),
            **HashIndex.build(np.frombuffer(hashes, dtype=np.uint8).reshape(-1, 32), f"{name}.pdq", ALGORITHM),
            **HashIndex.build(bare, f"{name}.bare", ALGORITHM),
        }

    def __init__(self, name: str, files: Files) -> None:
        self._name, self._all = name, files
        self.rows, self._owners = integers(files, f"{name}.rows"), integers(files, f"{name}.owners")
        self._sizes, self._files = integers(files, f"{name}.sizes"), integers(files, f"{name}.files")
        self.samples = len(self._files)
        try:
            self.radius, self._digests = files[f"{name}.radius"], files[f"{name}.sha256"]
        except KeyError as error:
            raise PackageError("bad_image_index", f"{error} is missing") from error
        told = len(self.radius), len(self._sizes), len(self._digests)
        if told != (len(self.rows), 2 * self.samples, _DIGEST * self.samples) or self.samples > len(self.rows):
            raise PackageError("bad_image_index", f"{name}.rows, .radius, .sizes, .sha256 and .files do not fit")
        self._opened: tuple[HashIndex, HashIndex, int] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, row: int) -> int | None:
        """The picture of a row; None where the row is no picture."""
        for first, end in ((0, self.samples), (self.samples, len(self))):
            at = bisect_left(self.rows, row, first, end)
            if at < end and self.rows[at] == row:
                return at
        return None

    def size(self, number: int) -> Sequence[int]:
        """Width and height of a sample."""
        return self._sizes[2 * number : 2 * number + 2]

    def of_file(self, sha256: str) -> list[int]:
        """Pictures whose sample is this very file."""
        digest, found = bytes.fromhex(sha256), list[int]()
        at = bisect_left(range(self.samples), digest, key=self._digest)
        while at < self.samples and self._digest(at) == digest:
            found.append(self._files[at])
            at += 1
        return found

    def digests(self) -> Iterator[tuple[int, bytes]]:
        """The number of each sample and the digest of its file."""
        return ((self._files[at], self._digest(at)) for at in range(self.samples))

    def near(self, query: bytes, farthest: int, band: int) -> Iterator[tuple[int, int, bool]]:
        """Pictures with a hash near a query or its negative: number, distance, and whether it was the negative.

        Args:
            query: 32 bytes.
            farthest: distance up to which they are told.
            band: distance beyond any radius up to which those are told that have no sample to look at twice.
        """
        shown, bare, widest = self._indexes()
        for entry, distance, negative in shown.search_either(query, farthest):
            yield self._owners[entry], distance, negative
        for entry, distance, negative in bare.search_either(query, min(farthest, widest + band)):
            yield self.samples + entry, distance, negative

    def hashes(self, numbers: Collection[int]) -> "Words":
        """Every hash of these pictures, n x 4 words."""
        import numpy as np

        shown, bare, _ = self._indexes()
        wanted = np.array(sorted(numbers), dtype=np.int64)
        of_samples = np.flatnonzero(np.isin(np.asarray(self._owners), wanted))
        others = wanted[wanted >= self.samples] - self.samples
        return np.concatenate([shown.hashes(of_samples), bare.hashes(others)])

    def _indexes(self) -> "tuple[HashIndex, HashIndex, int]":
        """Of the samples' hashes, of the others, and the widest radius of these."""
        import numpy as np

        from adsieve.detectors.media.index import HashIndex
        from adsieve.detectors.media.pdq import ALGORITHM

        if self._opened is None:
            name = self._name
            shown, bare = (HashIndex.open(self._all, f"{name}.{kind}", ALGORITHM) for kind in ("pdq", "bare"))
            if (len(shown), len(bare)) != (len(self._owners), len(self) - self.samples):
                raise PackageError("bad_image_index", f"{name}.pdq and .bare do not fit {name}.owners and .rows")
            self._opened = shown, bare, int(np.max(np.asarray(self.radius[self.samples :]), initial=0))
        return self._opened

    def _digest(self, at: int) -> bytes:
        return bytes(self._digests[_DIGEST * at : _DIGEST * (at + 1)])


def _hashes(samples: Sequence[Mapping[str, Any]]) -> tuple[bytes, list[int]]:
    """Hashes of samples that may match at a distance, and the number of the picture that each is of."""
    from adsieve.detectors.media.pictures import GOOD

    kept, owners = bytearray(), []
    for number, evidence in enumerate(samples):
        for told in evidence["hashes"]:
            if told["quality"] >= GOOD and told["view"] in ("whole", "trim"):
                kept += bytes.fromhex(told["pdq"])
                owners.append(number)
    return bytes(kept), owners
