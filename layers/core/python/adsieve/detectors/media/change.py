"""Which pictures and clips a change of samples can matter to, told from what is stored of them.

A hash is compared with the hashes of one material whatever others there are, so only the changed ones are compared, at
the distance from which on they play no part. That is all there is for clips. For pictures features bring up a few
materials of all of them, and a new one may take the place of another: there both layers are asked whom they notice, and
those that only one notices, or that changed, are laid upon the picture. Of a picture without a sample its hash is all
there is. What is told here is never too little.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from adsieve.detectors.images import CANDIDATE_RADIUS, RADIUS, ImageDetector
from adsieve.detectors.videos import VideoDetector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from adsieve.detectors.media.features import Features
    from adsieve.detectors.media.index import Words

    type Wanted = tuple[Words, NDArray[np.uint8]]
    """Hashes, n x 4 words, and up to which distance each counts."""

HASH_BYTES = 32
_AT_ONCE = 16_384
"""Stored hashes compared in one step: they and what is made of them stay in the processor's cache."""


class PictureChange:
    """Pictures that differ between the image detectors of a layer before and after.

    Args:
        old, new: None where there are no pictures.
        names: ids of the materials of both, by row: those with a sample and those that differ.
        changed: ids of the materials that differ.
    """

    def __init__(
        self,
        old: ImageDetector | None,
        new: ImageDetector | None,
        names: tuple[Mapping[int, str], Mapping[int, str]],
        changed: Collection[str],
    ) -> None:
        sides = zip((old, new), names, strict=True)
        self._sides = [_Side(detector, known, frozenset(changed)) for detector, known in sides if detector]
        held = {side.held for side in self._sides}
        # Where both hold the same samples, or there are none, both notice the same.
        self._same = not any(held) or len(held) < len(self._sides)
        self._changed = frozenset(changed)

    def __bool__(self) -> bool:
        return not self._same or any(side.numbers for side in self._sides)

    @property
    def beyond_hashes(self) -> bool:
        """Whether a picture may be seen otherwise though no hash of it is near."""
        return not self._same or any(side.numbered.keys() & self._changed for side in self._sides)

    def in_pictures(self) -> "list[Wanted]":
        """Hashes to look for in pictures."""
        return [_reach(side.hashes, CANDIDATE_RADIUS) for side in self._sides]

    def in_frames(self) -> "list[Wanted]":
        """Hashes to look for in frames of clips."""
        return [_reach(side.hashes, RADIUS) for side in self._sides]

    def in_evidence(self, evidence: Mapping[str, Any]) -> bool:
        """Whether a picture of which no hash is near may all the same be seen otherwise."""
        if any(side.knows(evidence) for side in self._sides):
            return True
        return any(map(self._otherwise, evidence["looks"]))

    def _otherwise(self, look: Mapping[str, Any]) -> bool:
        """Whether the second look may differ: who is noticed, in which order the ways of one, and what a changed one is."""
        from adsieve.detectors.media.pictures import thumbnail, unpacked_features

        query = unpacked_features(look["features"])
        noticed = [side.noticed(query) for side in self._sides[self._same :]]
        names = dict.fromkeys(name for known in noticed for name in known)
        doubtful = {name for name in names if name in self._changed or len({known.get(name) for known in noticed}) > 1}
        if not doubtful:
            return False
        brightness = thumbnail(look)
        return any(
            side.detector.second_look.look(side.numbered[name], query, brightness, mirrored=mirrored) is not None
            for side in self._sides
            for name in doubtful & side.numbered.keys()
            for mirrored in (False, True)
        )


class ClipChange:
    """Clips that differ between the clip detectors of a layer before and after. Arguments as for `PictureChange`."""

    def __init__(
        self,
        old: VideoDetector | None,
        new: VideoDetector | None,
        names: tuple[Mapping[int, str], Mapping[int, str]],
        changed: Collection[str],
    ) -> None:
        sides = zip((old, new), names, strict=True)
        self._wanted = [
            wanted
            for detector, known in sides
            if detector and len((wanted := detector.reach({row for row in known if known[row] in changed}))[0])
        ]

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def in_frames(self) -> "list[Wanted]":
        """Hashes to look for in frames of clips."""
        return self._wanted


class _Side:
    """One layer's pictures: numbers in its bank, by material; names are those of samples."""

    def __init__(self, detector: ImageDetector, names: Mapping[int, str], changed: Collection[str]) -> None:
        bank = detector.bank
        self.detector = detector
        self.names = [names[row] for row in bank.rows[: bank.samples]]
        self.held = frozenset((self.names[number], digest) for number, digest in bank.digests())
        self.numbered = {name: number for number, name in enumerate(self.names)}
        differing = (bank.number(row) for row, name in names.items() if name in changed)
        self.numbers = frozenset(number for number in differing if number is not None)

    @cached_property
    def hashes(self) -> "Words":
        """Of the changed materials."""
        return self.detector.bank.hashes(self.numbers)

    def knows(self, evidence: Mapping[str, Any]) -> bool:
        """Whether a picture is the file of a changed material, or a learned detector sees one in it."""
        return self.detector.known(evidence, self.numbers)

    def noticed(self, query: "Features") -> dict[str, tuple[bool, ...]]:
        """Materials that features bring up, and which ways, in their order."""
        found: dict[str, tuple[bool, ...]] = {}
        for number, mirrored in self.detector.second_look.noticed(query):
            found[self.names[number]] = (*found.get(self.names[number], ()), mirrored)
        return found


def near(stored: bytes, wanted: "Sequence[Wanted]") -> "Iterator[int]":
    """Numbers of the stored hashes that one of the wanted, or its negative, is near."""
    import numpy as np

    columns = np.frombuffer(stored, dtype="<u8").reshape(-1, HASH_BYTES // 8).T
    for first in range(0, columns.shape[1], _AT_ONCE):
        block = np.ascontiguousarray(columns[:, first : first + _AT_ONCE])
        found = np.zeros(block.shape[1], dtype=bool)
        for hashes, reaches in wanted:
            _mark(found, block, hashes, reaches)
        yield from (np.flatnonzero(found) + first).tolist()


def _mark(found: "NDArray[np.bool_]", block: "Words", hashes: "Words", reaches: "NDArray[np.uint8]") -> None:
    """Set what is near, into arrays that are made once: half the time is memory."""
    import numpy as np

    differing, counts = np.empty_like(block), np.empty(block.shape, dtype=np.uint8)
    distance, close = np.empty(block.shape[1], dtype=np.uint8), np.empty(block.shape[1], dtype=bool)
    for words, reach in zip(hashes[:, :, None], reaches, strict=True):
        np.bitwise_xor(block, words, out=differing)
        np.bitwise_count(differing, out=counts)
        # Distances are up to 256, which as a byte is 0, and there the negative is near too. So both ends are one
        # stretch of bytes that wraps around: from -reach to reach.
        np.add.reduce(counts, axis=0, out=distance, dtype=np.uint8)
        np.add(distance, reach, out=distance)
        np.less_equal(distance, 2 * int(reach), out=close)
        np.logical_or(found, close, out=found)


def _reach(hashes: "Words", radius: int) -> "Wanted":
    import numpy as np

    return hashes, np.full(len(hashes), radius, dtype=np.uint8)
