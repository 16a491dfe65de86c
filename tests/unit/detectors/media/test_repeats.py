from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from adsieve.detectors.media import ocr
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.lines import lines_of
from adsieve.detectors.media.reading import Shown, read_parts
from adsieve.detectors.media.repeats import Known
from tests.pictures import FONTS, lettered, scene
from tests.unit.detectors.media.test_reading import LATER, needs_data, needs_fonts

if TYPE_CHECKING:
    from tesserocr import PyTessBaseAPI

SIZE = (960, 540)


def says(text: str, left: int = 40, grain: int = 0) -> NDArray[np.bool_]:
    """The ink of a line of letters; `grain` samples in 1,000 are wrong, as compression leaves them."""
    canvas = Image.new("L", SIZE)
    font = ImageFont.truetype(FONTS / "dejavu/DejaVuSans-Bold.ttf", 44)
    ImageDraw.Draw(canvas).text((left, 200), text, font=font, fill=255)
    flipped = np.random.default_rng(grain).random((SIZE[1], SIZE[0])) < grain / 1000
    return (np.asarray(canvas) > 127) ^ flipped


def news(known: Known, ink: NDArray[np.bool_], kind: str = "white") -> int:
    return len(known.unread(kind, ink, lines_of(ink, 10, 100)))


def test_a_line_that_stays_is_news_once_however_it_is_compressed() -> None:
    known = Known()
    assert news(known, says("Best casino bonus")) == 1
    assert news(known, says("Best casino bonus")) == 0
    grained = says("Best casino bonus", grain=5) & says("Best casino bonus")
    assert news(known, grained) == 0


@pytest.mark.parametrize("text", ["Best coffee bonus", "Best casino bonuz", "Bestcasino bonus", "Best casimo bonus"])
def test_one_other_letter_is_news(text: str) -> None:
    known = Known()
    news(known, says("Best casino bonus"))
    assert news(known, says(text)) == 1


def test_a_line_that_moved_or_has_another_ink_or_frame_size_is_news() -> None:
    known = Known()
    ink = says("Best casino bonus")
    news(known, ink)
    assert news(known, says("Best casino bonus", left=70)) == 1
    assert news(known, ink, kind="black") == 1
    assert news(known, np.pad(ink, 8)) == 1


def test_what_was_read_surely_is_not_read_in_its_shadow_but_what_stands_in_large_letters_is() -> None:
    known = Known()
    ink = says("Best casino bonus")
    (box,) = lines_of(ink, 10, 100)
    left, top, right, bottom = box
    known.read(box)
    assert known.unread("black", ink, [box]) == []
    known.begin()
    assert known.unread("black", ink, [box]) == [box]
    known.read((left, top - 60, right, bottom + 60))
    assert known.unread("yellow", ink, [box]) == [box]


@needs_data
@needs_fonts
def test_words_of_one_frame_only_are_read_among_a_caption_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Image.Image] = []
    lines = ocr._lines

    def counted(api: "PyTessBaseAPI", look: Image.Image, scale: float) -> "Iterator[list[ocr._Seen]]":
        looks.append(look)
        return lines(api, look, scale)

    monkeypatch.setattr(ocr, "_lines", counted)
    phrases = ["Best casino bonus"] * 3 + ["Cheap loans today"] + ["Best casino bonus"] * 3
    frames = [
        Shown(np.asarray(lettered(phrase, "en", seed=1, ground=scene(number, SIZE), px=52, size=SIZE)), number)
        for number, phrase in enumerate(phrases)
    ]
    words = read_parts("media/x", frames, Deadline.after(600), quick=True)[0]
    looked = len(looks)
    assert words.text.count("Best casino bonus") == 1
    loans = next(row for row in words.evidence["words"] if words.text[row[0] : row[1]] == "loans")
    assert loans[-1] == 3
    for frame in frames:
        read_parts("media/x", [frame], LATER, quick=True)
    assert looked < 0.7 * (len(looks) - looked)
