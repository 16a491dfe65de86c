import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adsieve.detectors.media import inks
from adsieve.detectors.media.lines import lines_of, only_lines
from adsieve.detectors.media.repeats import Known
from tests.pictures import scene

SIZE = (120, 300)


type Mask = NDArray[np.bool_]


def kept(ink: Mask) -> Mask:
    return only_lines(ink, lines_of(ink, 8, 60))


def letters(count: int, left: int = 20, top: int = 40) -> Mask:
    """Frames of 16 x 20 pixels with strokes of 4, side by side, as an O is."""
    ink = np.zeros(SIZE, dtype=bool)
    for number in range(count):
        x = left + 24 * number
        ink[top : top + 20, x : x + 16] = True
        ink[top + 4 : top + 16, x + 4 : x + 12] = False
    return ink


def test_a_line_of_letters_is_kept_with_its_dots() -> None:
    ink = letters(5)
    ink[34:37, 27:30] = True
    assert np.array_equal(kept(ink), ink)


def test_letters_that_stand_alone_or_are_too_few_are_no_line() -> None:
    assert lines_of(letters(2), 8, 60) == []
    assert lines_of(letters(1), 8, 60) == []
    assert lines_of(np.zeros(SIZE, dtype=bool), 8, 60) == []


def test_pieces_of_uneven_stroke_are_no_line() -> None:
    ink = letters(2)
    ink[42:58, 70:140] = True
    assert lines_of(ink, 8, 60) == []


def test_what_lies_elsewhere_is_left_out() -> None:
    ink = letters(4)
    ink[95:99, 200:290] = True
    assert np.array_equal(kept(ink), letters(4))


def test_ink_at_every_rim_is_read_as_pieces() -> None:
    ink = letters(12, left=6, top=0) | letters(12, left=6, top=100)
    assert np.array_equal(kept(ink), ink)


def test_a_photo_without_letters_costs_no_look() -> None:
    smooth = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    assert list(inks.strokes(smooth, Known())) == []
    assert not list(inks.strokes(scene(3).resize((32, 24)), Known()))
