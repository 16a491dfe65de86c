import numpy as np
import pytest

from adsieve.detectors.media.alignment import place
from adsieve.detectors.media.blocks import compare
from adsieve.detectors.media.features import features
from adsieve.detectors.media.pdq import luma
from tests.perf.images.drawn import draw

STILL = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)


def brightness(seed: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    image = draw(seed).copy()
    image.thumbnail((192, 192))
    return luma(np.asarray(image))


def test_a_picture_agrees_with_itself_in_every_square() -> None:
    same = compare(brightness(1), brightness(1), STILL)
    assert same.compared > 20
    assert (same.same, same.differing, same.negative) == (same.compared, 0, False)


def test_a_negative_agrees_and_says_so() -> None:
    same = compare(255 - brightness(1), brightness(1), STILL)
    assert (same.same, same.negative) == (same.compared, True)


def test_what_is_solarised_agrees_in_both_its_halves() -> None:
    picture = brightness(4)
    assert compare(np.where(picture > 150, 255 - picture, picture), picture, STILL).differing < 50


def test_another_picture_agrees_in_few_squares() -> None:
    assert compare(brightness(1), brightness(2), STILL).differing > 70


def test_squares_mend_a_rough_placement() -> None:
    rough = STILL + np.array([[0.02, 0, 0.01], [0, -0.02, -0.02]], dtype=np.float32)
    mended = compare(brightness(5), brightness(5), rough)
    assert mended.differing < 10
    middle = np.array([0.5, 0.375, 1], dtype=np.float32)
    assert np.abs(mended.matrix @ middle - middle[:2]).max() < 0.005


@pytest.mark.parametrize("squashed", [np.zeros((2, 3)), np.array([[1, 1, 0], [1, 1, 0]])])
def test_a_placement_that_has_collapsed_compares_nothing(
    squashed: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
) -> None:
    assert compare(brightness(1), brightness(1), squashed.astype(np.float32)).compared == 0


def test_a_negative_has_the_same_features() -> None:
    picture = luma(np.asarray(draw(3)))
    known, seen = features(picture, 200), features(255 - picture, 200)
    placement = place(seen.places, seen.bits, known.places, known.bits)
    assert placement is not None
    assert placement.share > 0.8
    assert np.abs(placement.matrix - STILL).max() < 0.01


def test_a_mirrored_picture_has_the_mirrored_features() -> None:
    picture = luma(np.asarray(draw(3)))
    known, seen = features(picture, 200), features(np.ascontiguousarray(picture[:, ::-1]), 200)
    turned = seen.places.copy()
    turned[:, 0] *= -1
    turned[:, 3] = np.pi - turned[:, 3]
    placement = place(turned, seen.mirrored, known.places, known.bits)
    assert placement is not None
    assert placement.share > 0.6
