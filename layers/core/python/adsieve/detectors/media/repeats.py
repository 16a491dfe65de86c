"""Lines of letters that need no reading: what was read surely in another ink, and what an earlier frame showed at the same place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adsieve.detectors.media.lines import Box, Mask

CHANGED = 0.3
"""Share of the ink of half a square that differs where a letter changed. Frames of one caption differ by compression only."""

SURE = 85
"""Of 100, the confidence of words that are not read again in the ink of their shadow."""

COVERED = 0.7
"""Share of a line that lies on such words, and of their height that it has at least: what is written inside large letters
is another line."""


@dataclass(slots=True)
class Known:
    """What was read so far, in this picture and in earlier frames of its clip."""

    _frames: dict[object, list["Mask"]] = field(default_factory=dict)
    _sure: list["Box"] = field(default_factory=list)

    def begin(self) -> None:
        """Another frame: what lay where in the one before says nothing about it."""
        self._sure.clear()

    def read(self, box: "Box") -> None:
        """Note words of one line that were read surely in this picture."""
        self._sure.append(box)

    def unread(self, kind: object, ink: "Mask", boxes: Iterable["Box"]) -> list["Box"]:
        """The lines of one kind of ink that are news. All are taken for read from now on."""
        import numpy as np

        earlier = self._frames.setdefault(kind, [])
        shown = np.zeros_like(ink)
        new = []
        for box in boxes:
            if any(_covers(sure, box) for sure in self._sure):
                continue
            left, top, right, bottom = box
            place = slice(top, bottom), slice(left, right)
            shown[place] = ink[place]
            if not any(_same(ink[place], frame[place]) for frame in earlier if frame.shape == ink.shape):
                new.append(box)
        if new:
            earlier.append(shown)
        return new


def _covers(words: "Box", line: "Box") -> bool:
    """Whether a line lies where the words do, and is about as high."""
    width, height = (min(words[side + 2], line[side + 2]) - max(words[side], line[side]) for side in (0, 1))
    area = (line[2] - line[0]) * (line[3] - line[1])
    high = line[3] - line[1] >= COVERED * (words[3] - words[1])
    return high and min(width, height) > 0 and width * height >= COVERED * area


def _same(one: "Mask", other: "Mask") -> bool:
    """Whether two lines agree everywhere: a letter that changed is a small part of a line, and a large one of its place."""
    import numpy as np

    starts = np.arange(0, one.shape[1], max(1, one.shape[0] // 2))
    differing, inked = (np.add.reduceat(each.sum(axis=0), starts) for each in (one ^ other, one | other))
    return bool((differing <= CHANGED * inked).all())
