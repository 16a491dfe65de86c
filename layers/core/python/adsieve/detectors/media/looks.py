"""The distinct looks of something that moves, and when each is shown."""

from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAME = 4
"""Bits up to which two frames look the same."""

OTHER_SCENE = 32
"""Bits beyond which a frame is worth reading again: letters that appear change about so many."""


@dataclass(slots=True)
class Looks:
    """Distinct looks, told apart as frames come in."""

    _hashes: list[list[dict[str, Any]]] = field(default_factory=list)
    _bits: "NDArray[np.uint64] | None" = None
    _shown: list[tuple[float, int]] = field(default_factory=list)

    def add(self, rgb: "NDArray[np.uint8]", seconds: float, size: tuple[int, int]) -> bool:
        """Note when a look is shown; hash it where it is new.

        Args:
            rgb: height x width x 3 samples, small.
            seconds: when it is shown.
            size: width and height of the original, for boxes.

        Returns:
            Whether it looks so unlike all before that it is worth reading.
        """
        import numpy as np

        from adsieve.detectors.media.pdq import luma, pdq
        from adsieve.detectors.media.pictures import hash_frame

        bits = np.frombuffer(pdq(luma(rgb)).bits, dtype="<u8").reshape(1, 4)
        distances = (
            np.bitwise_count(self._bits ^ bits).sum(axis=1) if self._bits is not None else np.array([], dtype=int)
        )
        if len(distances) and distances.min() <= SAME:
            insort(self._shown, (seconds, int(distances.argmin())))
            return False
        insort(self._shown, (seconds, len(self._hashes)))
        self._hashes.append(hash_frame(rgb, size))
        self._bits = bits if self._bits is None else np.concatenate([self._bits, bits])
        return not len(distances) or bool(distances.min() > OTHER_SCENE)

    def told(self, duration: float) -> list[dict[str, Any]]:
        """One entry a look, by first showing."""
        spans: dict[int, list[list[float]]] = {}
        ends = [seconds for seconds, _ in self._shown[1:]] + [max(duration, *(t for t, _ in self._shown))]
        for (start, look), end in zip(self._shown, ends, strict=True):
            own = spans.setdefault(look, [])
            if own and own[-1][1] == round(start, 2):
                own[-1][1] = round(end, 2)
            else:
                own.append([round(start, 2), round(end, 2)])
        return [{"t": own[0][0], "spans": own, "hashes": self._hashes[look]} for look, own in spans.items()]
