"""Words in pictures, read by Tesseract from several looks at the picture.

One look is not enough: its Arabic model reads letters of about 20 pixels far better than large ones, and over a photo
it only sees letters that were first cut out by their colour (tests/perf/media holds the measurements).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.inks import is_flat, strokes
from adsieve.detectors.media.repeats import SURE, Known
from adsieve.detectors.media.tessdata import LANGUAGES, data_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image
    from tesserocr import PyTessBaseAPI

LONGEST = 1280
"""Pixels of the longer side that pictures are brought down to before they are read."""

SHORT = 480
"""A picture whose longer side is below this is doubled: its letters are too small to read."""

SCALES: Mapping[str, tuple[float, ...]] = {"ara": (0.5, 0.35, 1.0), "eng": (1.0, 0.5)}
"""Sizes at which each model reads, best first."""

LEAST_CONFIDENCE = 20
"""Of 100, by Tesseract's own estimate. Lower ones are what it sees in leaves and fur."""

FEW_LETTERS, LEAST_OF_FEW = 3, 60
"""Words as short as this need more: `gin` and `ale` are soon seen in gravel."""

_WORD = "5"
"""Level of a word in Tesseract's table."""

type _Box = tuple[int, int, int, int]
"""Left, top, width and height."""

type _Seen = tuple[str, _Box, int]
"""Word, box in the unscaled look, confidence."""

RIM = 32
"""Pixels of paper left around the lines of a frame."""

_WHOLE = (0, 0)
"""Place of a look that nothing was cut off."""

LEAST_SECONDS = 0.5
"""No further look is begun with less time than this."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read.

    Attributes:
        text: without spaces, in reading order.
        box: x, y, width and height in pixels of the picture that was given.
        confidence: 0 to 100.
        line: words of one line share this number.
    """

    text: str
    box: tuple[int, int, int, int]
    confidence: int
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read.

    Attributes:
        words: in lines; the same words may have been seen in several looks, with the same box or nearly.
        incomplete: why not every look was taken; empty where all were.
    """

    words: tuple[Word, ...]
    incomplete: str = ""


def read_words(rgb: "NDArray[np.uint8]", deadline: Deadline, earlier: Known | None = None) -> Reading:
    """Words in a picture of height x width x 3 samples, in every language whose data is installed.

    Args:
        rgb: samples, 0 to 255.
        deadline: no look is begun after it.
        earlier: frames of the same clip that were read before. Lines they showed at the same place are left out, and
            one size is looked at only.
    """
    from PIL import Image

    missing = [language for language in LANGUAGES if data_folder(language) is None]
    incomplete = f"no OCR data for {', '.join(missing)}, `make setup` installs it" if missing else ""
    whole = Image.fromarray(rgb)
    factor = _factor(whole.size)
    present = [language for language in LANGUAGES if language not in missing]
    scales = {language: SCALES[language][: None if earlier is None else 1] for language in present}
    known = earlier or Known()
    known.begin()
    looks = _looks(_resized(whole, factor), scales, known, quick=earlier is not None)
    words: list[Word] = []
    lines: set[str] = set()
    for language, scale, look, place in looks:
        if deadline.left < LEAST_SECONDS:
            return Reading(tuple(words), deadline.cause)
        for seen in _lines(_reader(language), _resized(look, scale), scale):
            line = [(word, _moved(box, place), confidence) for word, box, confidence in seen]
            if all(confidence >= SURE for _, _, confidence in line):
                known.read(_around([box for _, box, _ in line]))
            text = " ".join(word for word, _, _ in line)
            if text not in lines:
                words += [Word(word, _unscaled(box, factor), confidence, len(lines)) for word, box, confidence in line]
                lines.add(text)
    return Reading(tuple(words), incomplete)


def _looks(
    whole: "Image.Image", scales: Mapping[str, tuple[float, ...]], known: Known, *, quick: bool
) -> Iterator[tuple[str, float, "Image.Image", tuple[int, int]]]:
    """(language, scale, picture, its place) of every look: the picture, or of a photo the lines of letters of each ink.

    What a photo says in other inks is found so seldom (1 of 20 phrases, for half of the time) that it gets one look a
    language, and none in clips.
    """
    grey = whole.convert("L")
    if is_flat(whole):
        yield from ((language, scale, grey, _WHOLE) for language in scales for scale in scales[language])
        return
    for lines in strokes(whole, known):
        look, place = _cut(lines) if quick else (lines, _WHOLE)
        yield from ((language, scale, look, place) for language in scales for scale in scales[language][:2])
    if not quick:
        yield from ((language, scales[language][0], grey, _WHOLE) for language in scales)


def _lines(api: "PyTessBaseAPI", look: "Image.Image", scale: float) -> Iterator[list["_Seen"]]:
    """The words of each line. Tesseract's table is asked, because its word iterator turns right-to-left words over."""
    api.SetImage(look)
    line: list[_Seen] = []
    number = None
    for row in api.GetTSVText(0).splitlines():
        level, _, *place, left, top, width, height, confidence, text = row.split("\t", 11)
        least = LEAST_OF_FEW if len(text.strip()) <= FEW_LETTERS else LEAST_CONFIDENCE
        if level != _WORD or float(confidence) < least or not text.strip():
            continue
        if number not in (None, place[:3]):
            yield line
            line = []
        number = place[:3]
        box = (round(int(left) / scale), round(int(top) / scale), round(int(width) / scale), round(int(height) / scale))
        line.append((text.strip(), box, int(float(confidence))))
    if line:
        yield line


@cache
def _reader(language: str) -> "PyTessBaseAPI":
    """Kept for the life of the process: making one costs more than reading a picture."""
    from tesserocr import OEM, PSM, PyTessBaseAPI

    api = PyTessBaseAPI(path=str(data_folder(language)), lang=language, psm=PSM.SPARSE_TEXT, oem=OEM.LSTM_ONLY)
    api.SetVariable("debug_file", "/dev/null")
    return api


def _factor(size: tuple[int, int]) -> float:
    longest = max(size)
    return LONGEST / longest if longest > LONGEST else 2.0 if longest < SHORT else 1.0


def _cut(lines: "Image.Image") -> tuple["Image.Image", tuple[int, int]]:
    """The part with ink: a frame of empty paper costs half as much as a line. In one still of 20 it costs the words too."""
    from PIL import ImageChops

    left, top, right, bottom = ImageChops.invert(lines).getbbox() or (0, 0, *lines.size)
    place = max(0, left - RIM), max(0, top - RIM)
    return lines.crop((*place, min(right + RIM, lines.width), min(bottom + RIM, lines.height))), place


def _moved(box: "_Box", place: tuple[int, int]) -> "_Box":
    return box[0] + place[0], box[1] + place[1], box[2], box[3]


def _around(boxes: Sequence["_Box"]) -> "_Box":
    """Left, top, right and bottom of words."""
    left, top = (min(box[side] for box in boxes) for side in (0, 1))
    right, bottom = (max(box[side] + box[side + 2] for box in boxes) for side in (0, 1))
    return left, top, right, bottom


def _unscaled(box: "_Box", factor: float) -> "_Box":
    """In pixels of the picture that was given."""
    left, top, width, height = box
    return round(left / factor), round(top / factor), round(width / factor), round(height / factor)


def _resized(picture: "Image.Image", factor: float) -> "Image.Image":
    from PIL import Image

    if factor == 1:
        return picture
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def as_text(words: Iterable[Word]) -> tuple[str, list[list[int]]]:
    """Words as text, a line a line, and for each its start, end and box in it: what a TEXT part carries."""
    text, places, last = "", [], None
    for word in words:
        if last is not None:
            text += " " if word.line == last else "\n"
        places.append([len(text), len(text) + len(word.text), *word.box])
        text += word.text
        last = word.line
    return text, places
