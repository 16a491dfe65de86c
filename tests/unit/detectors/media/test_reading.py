from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from adsieve.detectors.media import ocr, tessdata
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.reading import Shown, read_parts, read_picture_words
from adsieve.domain.ad import PartKind
from tests.pictures import faces, jpeg, lettered
from tests.unit.detectors.media.test_codes import LINK, code

LATER = Deadline.after(600)

needs_data = pytest.mark.skipif(
    any(tessdata.data_folder(language) is None for language in tessdata.LANGUAGES), reason="no OCR data, run make setup"
)
needs_fonts = pytest.mark.skipif(not faces("ar") or not faces("en"), reason="no DejaVu and Noto fonts")


@needs_data
@needs_fonts
def test_english_and_arabic_words_are_read_in_reading_order() -> None:
    for language, phrase in (("en", "Best casino bonus"), ("ar", "مراهنات رياضية يومية")):
        picture = np.asarray(jpeg(lettered(phrase, language, seed=1)))
        text, _ = ocr.as_text(ocr.read_words(picture, LATER).words)
        assert phrase in text.split("\n")


@needs_data
@needs_fonts
def test_white_letters_over_a_busy_ground_are_read() -> None:
    picture = np.asarray(jpeg(lettered("Free spins tonight", "en", seed=4, ground="photo", px=52)))
    text, _ = ocr.as_text(ocr.read_words(picture, LATER).words)
    assert "spins" in text


@needs_data
@needs_fonts
def test_words_of_a_picture_file_stand_in_its_own_pixels(tmp_path: Path) -> None:
    file = tmp_path / "wide.png"
    lettered("Best casino bonus", "en", seed=1).resize((3200, 2400)).save(file)
    words, *codes = read_picture_words("media/wide.png", file, LATER)
    assert (words.name, words.kind, words.incomplete, codes) == ("media/wide.png#ocr", PartKind.TEXT, "", [])
    row = next(row for row in words.evidence["words"] if words.text[row[0] : row[1]] == "casino")
    start, end, x, y, width, height = row
    assert end - start == 6
    assert 200 < x < 1600
    assert 0 < y < 2400
    assert 100 < height < 300 < width


def test_a_code_becomes_a_link_part() -> None:
    canvas = np.full((600, 800, 3), 255, np.uint8)
    canvas[100:300, 200:400] = np.asarray(code())
    part = next(part for part in read_parts("media/x", [Shown(canvas)], LATER) if part.name.endswith("#qr"))
    assert (part.kind, part.text, part.evidence["code"]) == (PartKind.URL, LINK, "QRCode")


def test_codes_of_a_clip_say_when_they_are_shown_and_repeat_once() -> None:
    canvas = np.full((600, 800, 3), 255, np.uint8)
    canvas[100:300, 200:400] = np.asarray(code())
    parts = read_parts("media/x", [Shown(canvas, 3.0), Shown(canvas, 5.0)], LATER, quick=True)
    assert [part.evidence["from_s"] for part in parts if "#qr" in part.name] == [3.0]


def test_missing_language_data_is_never_silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tessdata.data_folder.cache_clear()
    monkeypatch.setattr(tessdata, "_folders", lambda: [tmp_path])
    try:
        reading = ocr.read_words(np.zeros((100, 100, 3), np.uint8), LATER)
    finally:
        tessdata.data_folder.cache_clear()
    assert reading.words == ()
    assert reading.incomplete == "no OCR data for ara, eng, `make setup` installs it"


@needs_data
def test_a_look_that_time_did_not_allow_is_told() -> None:
    reading = ocr.read_words(np.zeros((100, 100, 3), np.uint8), Deadline.after(0))
    assert "ran out" in reading.incomplete


def test_lines_and_offsets_of_text_agree() -> None:
    words = [
        ocr.Word("two", (0, 0, 5, 5), 90, 0),
        ocr.Word("words", (6, 0, 5, 5), 90, 0),
        ocr.Word("below", (0, 9, 5, 5), 90, 1),
    ]
    text, places = ocr.as_text(words)
    assert text == "two words\nbelow"
    assert [text[start:end] for start, end, *_ in places] == ["two", "words", "below"]


def test_short_words_need_more_confidence_than_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    def table(page: int) -> str:
        rows = (("gin", 58), ("gin", 60), ("casino", 25), ("casino", 15))
        return "".join(f"5\t1\t{page}\t1\t1\t1\t10\t10\t40\t20\t{sure}\t{word}\n" for word, sure in rows)

    seen = SimpleNamespace(SetImage=lambda _look: None, GetTSVText=table)
    monkeypatch.setattr(ocr, "_reader", lambda _language: seen)
    words = ocr.read_words(np.zeros((600, 800, 3), np.uint8), LATER).words
    assert {(word.text, word.confidence) for word in words} == {("gin", 60), ("casino", 25)}
