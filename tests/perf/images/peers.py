"""Hashes of other programs, where they are installed: what one hash of the whole picture finds."""

import importlib
import importlib.util
from collections.abc import Callable

import numpy as np
from PIL import Image

type Hasher = Callable[[Image.Image], int]

RADIUS = {"pdqhash": 31, "imagehash": 8}
"""Distances that are usual for each: PDQ's own of 256 bits, and a strict one of pHash's 64."""


def hashers() -> dict[str, Hasher]:
    """Name of the package → a picture's hash as a number; those that are not installed are left out."""
    known: dict[str, Hasher] = {"pdqhash": _pdqhash, "imagehash": _imagehash}
    return {name: hasher for name, hasher in known.items() if importlib.util.find_spec(name)}


def _pdqhash(image: Image.Image) -> int:
    bits, _ = importlib.import_module("pdqhash").compute(np.asarray(image.convert("RGB")))
    return int.from_bytes(np.packbits(bits).tobytes())


def _imagehash(image: Image.Image) -> int:
    return int(str(importlib.import_module("imagehash").phash(image)), 16)


def found(name: str, value: int, known: list[int]) -> list[int]:
    """Numbers of the known hashes that are near enough."""
    return [number for number, other in enumerate(known) if (value ^ other).bit_count() <= RADIUS[name]]
