import numpy as np
import pytest
from PIL import Image

from adsieve.detectors.media.pdq import TURNS, luma, pdq
from tests.perf.images.drawn import draw

SCENE = draw(0)
TRANSPOSES = {
    "rotate90": Image.Transpose.ROTATE_90,
    "rotate180": Image.Transpose.ROTATE_180,
    "rotate270": Image.Transpose.ROTATE_270,
    "flip_vertical": Image.Transpose.FLIP_TOP_BOTTOM,
    "mirror": Image.Transpose.FLIP_LEFT_RIGHT,
    "transpose": Image.Transpose.TRANSPOSE,
    "transverse": Image.Transpose.TRANSVERSE,
}


def of(image: Image.Image) -> bytes:
    return pdq(luma(np.asarray(image.convert("RGB")))).bits


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def reference(grey: np.ndarray) -> bytes:
    """PDQ as its paper tells it, step by step: two box passes a direction, 64 x 64, transform, lower median."""
    for axis in (0, 1):
        for _ in range(2):
            length = grey.shape[axis]
            window = -(-length // 128)
            half = (window + 2) // 2
            lines = np.moveaxis(grey, axis, 0)
            means = [lines[max(0, at + half - window) : min(length, at + half)].mean(axis=0) for at in range(length)]
            grey = np.moveaxis(np.array(means), 0, axis)
    rows = [int((at + 0.5) * grey.shape[0] / 64) for at in range(64)]
    columns = [int((at + 0.5) * grey.shape[1] / 64) for at in range(64)]
    small = grey[np.ix_(rows, columns)]
    table = np.array(
        [[np.sqrt(2 / 64) * np.cos(np.pi / 128 * (i + 1) * (2 * j + 1)) for j in range(64)] for i in range(16)]
    )
    flat = (table @ small @ table.T).reshape(-1)
    ones = flat > np.sort(flat)[127]
    return sum(1 << place for place in range(256) if ones[place]).to_bytes(32)


@pytest.mark.parametrize("size", [(512, 384), (200, 333), (64, 64), (40, 500)])
def test_the_hash_is_the_published_one(size: tuple[int, int]) -> None:
    grey = luma(np.asarray(SCENE.resize(size)))
    assert distance(pdq(grey).bits, reference(grey.astype(np.float64))) <= 2


def test_half_of_the_bits_are_set() -> None:
    assert int.from_bytes(of(SCENE)).bit_count() == 128


@pytest.mark.parametrize("turn", TURNS[1:])
def test_the_hash_of_a_turned_picture_is_known_without_turning_it(turn: str) -> None:
    turned = SCENE.transpose(TRANSPOSES[turn])
    ways = pdq(luma(np.asarray(SCENE))).turned()
    assert distance(of(turned), ways[TURNS.index(turn)]) <= 24
    assert min(range(8), key=lambda way: distance(of(turned), ways[way])) == TURNS.index(turn)


def test_a_negative_has_the_opposite_bits() -> None:
    negative = Image.eval(SCENE, lambda value: 255 - value)
    assert distance(of(negative), of(SCENE)) >= 254


def test_quality_tells_structure_from_emptiness() -> None:
    assert pdq(np.full((100, 100), 90, dtype=np.float32)).quality == 0
    assert pdq(luma(np.asarray(SCENE))).quality > 50
