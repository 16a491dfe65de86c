"""Hashes that rows name instead of a picture: what others share of a million pictures is a list of hashes."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from adsieve.domain.errors import Problem
from adsieve.domain.material import PDQ, Material

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_UNEVEN = 31
"""How far from half of its bits may be set.

PDQ sets half of them, where a picture has anything to see: one beyond this is farther than the usual radius from all such.
"""

_DIGITS = re.compile("[0-9a-f]{64}")
_HALF = 128


def hash_problems(material: Material) -> Iterator[Problem]:
    """What is wrong with the hash that a row names."""
    digits = material.value.removeprefix(PDQ)
    if not _DIGITS.fullmatch(digits):
        hint = f"write `{PDQ}` and the 64 digits 0-9, a-f of a PDQ hash, nothing else"
        yield Problem(material.source, "value", f"`{material.value[:80]}` is no PDQ hash", hint)
    elif abs((ones := int(digits, 16).bit_count()) - _HALF) > MOST_UNEVEN:
        message = f"`{material.value}` has {ones} of 256 bits set, that of a picture with anything to see has {_HALF}"
        hint = "leave it out; take hashes of PDQ quality 50 or more from the list, and PDQ from no other program's hash"
        yield Problem(material.source, "value", message, hint)


def bare_hashes(materials: Sequence[Material]) -> "NDArray[np.uint8]":
    """Their hashes, n x 32 bytes."""
    import numpy as np

    digits = "".join(material.value.removeprefix(PDQ) for material in materials)
    return np.frombuffer(bytes.fromhex(digits), dtype=np.uint8).reshape(-1, 32)
