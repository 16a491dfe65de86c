import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from adsieve.detectors.media.codes import Code, read_codes
from tests.clips import Pixels
from tests.pictures import jpeg, scene

LINK = "https://casino.example.test/promo?id=7"


def code(text: str = LINK, side: int = 200) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = Image.fromarray(np.asarray(made.to_image(scale=8)))
    return drawn.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)


def poster(drawn: Image.Image, seed: int = 5) -> Pixels:
    """A code on a made-up photograph of 1080 x 810, as JPEG."""
    picture = scene(seed, (1080, 810))
    picture.paste(drawn, (300, 260))
    return np.asarray(jpeg(picture, 60))


def turned(drawn: Image.Image) -> Image.Image:
    return drawn.rotate(20, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))


WAYS = {
    "plain": code(),
    "90 pixels": code(side=90),
    "turned": turned(code()),
    "inverted": ImageOps.invert(code()),
    "mirrored": ImageOps.mirror(code()),
    "blurred": code().filter(ImageFilter.GaussianBlur(1.5)),
    "pale": Image.eval(code(), lambda value: 140 + value // 5),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_code_on_a_photo_is_read(way: str) -> None:
    found = read_codes(poster(WAYS[way]))
    assert [(seen.text, seen.kind, seen.is_link) for seen in found] == [(LINK, "QRCode", True)]


def test_a_code_says_where_it_stands() -> None:
    (found,) = read_codes(poster(code()))
    x, y, width, height = found.box
    assert x in range(300, 501 - width)
    assert y in range(260, 461 - height)


def test_a_picture_without_a_code_has_none() -> None:
    assert all(read_codes(np.asarray(scene(seed))) == [] for seed in range(5))


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://x.test", True),
        ("HTTP://X.TEST", True),
        ("www.x.test/a", True),
        ("x.test/a", True),
        ("tel:+96650000", True),
        ("win at the casino", False),
        ("5901234123457", False),
    ],
)
def test_a_link_is_told_from_words(text: str, link: bool) -> None:
    assert Code(text, (0, 0, 1, 1), "QRCode").is_link is link
