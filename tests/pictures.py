"""Pictures with words on them, drawn for tests: synthetic, harmless to look at, the same for the same seed.

Words are shaped by Pillow's own layout engine, so that Arabic joins and runs as a reader expects.
"""

import io
import random
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

type Colour = tuple[int, int, int]
type Ground = Literal["light", "dark", "colour", "busy", "photo"]

FONTS = Path("/usr/share/fonts/truetype")
_FACES = {
    "en": ("dejavu/DejaVuSans-Bold.ttf", "dejavu/DejaVuSans.ttf", "dejavu/DejaVuSerif-Bold.ttf"),
    "ar": (
        "noto/NotoNaskhArabic-Bold.ttf",
        "noto/NotoSansArabic-Bold.ttf",
        "noto/NotoKufiArabic-Bold.ttf",
        "noto/NotoNaskhArabic-Regular.ttf",
        "dejavu/DejaVuSans.ttf",
    ),
}


def faces(language: str) -> list[Path]:
    """Fonts of a script that this machine has."""
    return [FONTS / name for name in _FACES[language] if (FONTS / name).is_file()]


@cache
def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.RAQM)


def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """A made-up photograph: soft hills of colour, blobs, edges and grain."""
    rng = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / max(size)
    field = np.zeros((height, width, 3), np.float32)
    for _ in range(6):
        fx, fy = rng.uniform(-12, 12, 2)
        field += np.sin(fx * x + fy * y + rng.uniform(0, 6))[..., None] * rng.uniform(-30, 30, 3)
    picture = Image.fromarray(np.clip(field + rng.uniform(60, 190, 3), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(30):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(10, 140)
        colour = tuple(int(c) for c in rng.integers(0, 255, 3))
        if rng.random() < 0.5:
            draw.ellipse((cx - r, cy - r * 0.6, cx + r, cy + r * 0.6), fill=colour)
        else:
            draw.polygon([(cx + rng.uniform(-r, r), cy + rng.uniform(-r, r)) for _ in range(4)], fill=colour)
    picture = picture.filter(ImageFilter.GaussianBlur(1.5))
    grain = rng.normal(0, 6, (height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(np.asarray(picture, np.float32) + grain, 0, 255).astype(np.uint8))


def lettered(
    phrase: str,
    language: str,
    *,
    seed: int = 0,
    ground: Ground | Image.Image = "light",
    px: int = 44,
    turn: float = 0,
    ink: Colour | None = None,
    edge: Colour | None = None,
    size: tuple[int, int] = (800, 600),
) -> Image.Image:
    """A picture that says `phrase` in letters of `px` pixels.

    Args:
        ground: what lies behind: flat colours, a busy drawing, or a picture of the caller's.
        turn: degrees that the words are turned by.
        ink, edge: colours of the letters and of their shadow, where not the ground's own.
    """
    chance = random.Random(seed)
    picture, own_ink, own_edge = _ground(ground, seed, size)
    ink, edge = ink or own_ink, edge or own_edge
    font = _font(chance.choice(faces(language)), px)
    layer = Image.new("L", picture.size)
    stroke = Image.new("L", picture.size)
    x, y = picture.width * chance.uniform(0.03, 0.1), picture.height * chance.uniform(0.1, 0.6)
    for line in _wrapped(phrase, font, picture.width * 0.86):
        direction = "rtl" if language == "ar" else "ltr"
        ImageDraw.Draw(layer).text((x, y), line, font=font, fill=255, direction=direction)
        ImageDraw.Draw(stroke).text((x + px / 20, y + px / 20), line, font=font, fill=255, direction=direction)
        y += px * 1.5
    if turn:
        layer, stroke = layer.rotate(turn, Image.Resampling.BICUBIC), stroke.rotate(turn, Image.Resampling.BICUBIC)
    if edge is not None:
        picture.paste(Image.new("RGB", picture.size, edge), mask=stroke)
    picture.paste(Image.new("RGB", picture.size, ink), mask=layer)
    return picture


def jpeg(picture: Image.Image, quality: int = 75) -> Image.Image:
    """The picture after a JPEG."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return Image.open(kept).convert("RGB")


def _ground(
    ground: Ground | Image.Image, seed: int, size: tuple[int, int]
) -> tuple[Image.Image, Colour, Colour | None]:
    """Picture, colour of the letters and of their shadow."""
    pale = [(255, 255, 255), (255, 244, 214), (222, 240, 255), (232, 255, 226)]
    deep = [(20, 20, 30), (110, 10, 30), (10, 60, 110), (0, 80, 50)]
    if isinstance(ground, Image.Image):
        return ground.convert("RGB").resize(size), (255, 255, 255), (0, 0, 0)
    if ground == "light":
        return Image.new("RGB", size, pale[seed % 4]), deep[seed // 4 % 4], None
    if ground == "dark":
        return Image.new("RGB", size, deep[seed % 4]), pale[seed // 4 % 4], None
    if ground == "colour":
        return (
            Image.new("RGB", size, [(230, 60, 40), (250, 190, 0), (0, 130, 200)][seed % 3]),
            ([(255, 255, 255), (60, 0, 60), (255, 240, 0)][seed % 3]),
            None,
        )
    return scene(seed, size), (255, 255, 255), (0, 0, 0)


def _wrapped(phrase: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in phrase.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
