"""Draw a picture and a clip that the sample material knows, and ads that show them in disguise. Synthetic and harmless.

    python -m tests.samples.make_known

Encoders differ in their bytes from version to version, so the files are kept as drawn and not compared.
"""

import math
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageOps

from tests.clips import FPS, footage, write_clip
from tests.pictures import scene
from tests.samples.make_words import media_folder

MATERIAL = Path(__file__).parents[2] / "layers" / "material" / "materials" / "samples"
SIZE = (320, 180)
SHOWN = (1.0, 4.0)
"""Seconds of the known clip that an ad's clip shows."""


def main() -> None:
    """Write the material's samples and the folders `media-known-*`."""
    MATERIAL.mkdir(exist_ok=True)
    wheel().save(MATERIAL / "lucky-wheel.jpg", quality=80)
    known = footage(5, 5, SIZE, shot=2.5)
    write_clip(MATERIAL / "miracle-tea.mp4", known, crf=32)

    mirrored = ImageOps.mirror(wheel()).crop((64, 48, 576, 432))
    mirrored.save(media_folder("media-known-mirrored", "offer.jpg") / "offer.jpg", quality=70)
    table().save(media_folder("media-known-clean", "cake.jpg") / "cake.jpg", quality=80)
    around = footage(11, 10, SIZE)
    seconds = [*around[: 5 * FPS], *known[round(SHOWN[0] * FPS) : round(SHOWN[1] * FPS)], *around[5 * FPS :]]
    write_clip(media_folder("media-known-spliced", "story.mp4") / "story.mp4", seconds, crf=34)
    poster = scene(21, (480, 360))
    link = zxingcpp.create_barcode("https://luckyfalcon.example/join", zxingcpp.BarcodeFormat.QRCode).to_image(scale=5)
    poster.paste(Image.fromarray(np.asarray(link)).convert("RGB"), (140, 80))
    poster.save(media_folder("media-known-link", "poster.jpg") / "poster.jpg", quality=80)


def wheel(sectors: int = 12) -> Image.Image:
    """A wheel of fortune at a fair, with coins around it."""
    picture = scene(77, (640, 480))
    draw = ImageDraw.Draw(picture)
    box = (140, 60, 500, 420)
    for number in range(sectors):
        colour = [(214, 48, 49), (253, 203, 110), (9, 132, 227), (0, 184, 148)][number % 4]
        draw.pieslice(box, 360 * number / sectors, 360 * (number + 1) / sectors, fill=colour, outline="white", width=3)
        angle = 2 * math.pi * (number + 0.5) / sectors
        x, y = 320 + 130 * math.cos(angle), 240 + 130 * math.sin(angle)
        draw.regular_polygon((x, y, 8 + number % 5 * 3), 3 + number % 4, rotation=number * 23, fill="white")
    draw.ellipse((285, 205, 355, 275), fill=(45, 52, 54), outline="gold", width=6)
    draw.polygon([(305, 30), (335, 30), (320, 85)], fill="gold", outline="black")
    for number in range(9):
        x, y = 40 + 70 * number, 440 - 25 * (number % 3)
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=(241, 196, 15), outline=(120, 90, 0), width=4)
        draw.text((x - 3, y - 6), "*", fill=(120, 90, 0))
    return picture


def table() -> Image.Image:
    """A cake cut into slices on a table: round and colourful like the wheel, and harmless."""
    picture = scene(78, (640, 480))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((130, 70, 530, 410), fill=(250, 240, 230), outline=(180, 160, 140), width=5)
    for number in range(8):
        colour = [(190, 110, 70), (230, 180, 130)][number % 2]
        draw.pieslice((170, 100, 490, 380), 45 * number + 8, 45 * (number + 1) + 4, fill=colour)
        angle = math.pi * (number + 0.5) / 4
        x, y = 330 + 110 * math.cos(angle), 240 + 95 * math.sin(angle)
        draw.ellipse((x - 12, y - 12, x + 12, y + 12), fill=(200, 30, 60))
    return picture


if __name__ == "__main__":
    main()
