"""Made-up pictures with the statistics of photos: light, shade, grain and things out of focus."""

import random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

type Field = NDArray[np.float64]


def _fractal(size: tuple[int, int], noise: np.random.Generator, power: float) -> Field:
    """Noise whose strength falls with frequency as in photos, 0 to 1."""
    width, height = size
    down, across = np.fft.fftfreq(height)[:, None] * height, np.fft.rfftfreq(width)[None, :] * width
    frequency = np.maximum(np.hypot(down, across), 1)
    waves = noise.normal(size=frequency.shape) + 1j * noise.normal(size=frequency.shape)
    field = np.fft.irfft2(waves / frequency**power, s=(height, width))
    return np.asarray((field - field.min()) / np.ptp(field))


def _tinted(light: Field, noise: np.random.Generator) -> NDArray[np.float64]:
    """Shades from one colour to another, over a third in the middle."""
    dark, middle, bright = noise.uniform(0, 70, 3), noise.uniform(50, 190, 3), noise.uniform(170, 255, 3)
    return np.stack([np.interp(light, (0, 0.5, 1), (dark[c], middle[c], bright[c])) for c in range(3)], axis=2)


def _image(pixels: NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def relief(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Ground seen from above in low light."""
    noise = np.random.default_rng(chance.randint(0, 1 << 30))
    ground = _fractal(size, noise, chance.uniform(1.6, 2.1))
    down, across = np.gradient(ground)
    lit = across * noise.uniform(-1, 1) + down
    light = 0.5 + 0.22 * lit / lit.std()
    water = ground < noise.uniform(0.2, 0.5)
    pixels = _tinted(light.clip(0, 1) * 0.6 + ground * 0.4, noise)
    pixels[water] = pixels[water] * 0.3 + noise.uniform(20, 160, 3) * 0.7
    return _image(pixels)


def fruit(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Round things lit from one side, on a table with a grain."""
    noise = np.random.default_rng(chance.randint(0, 1 << 30))
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(float)
    grain = _fractal(size, noise, 1.2)
    pixels = _tinted(grain * 0.5 + 0.5 * y / height, noise)
    for _ in range(chance.randint(4, 14)):
        r = chance.uniform(0.05, 0.2) * width
        cx, cy = chance.uniform(0, width), chance.uniform(0.3, 1) * height
        shadow = np.exp(-(((x - cx - r * 0.5) / r) ** 2 + ((y - cy - r * 0.7) / (r * 0.6)) ** 2))
        pixels *= (1 - 0.6 * shadow)[..., None]
        inside = (x - cx) ** 2 + ((y - cy) * chance.uniform(0.8, 1.3)) ** 2 < r * r
        light = (1 - np.hypot(x - cx + r * 0.4, y - cy + r * 0.4) / (1.7 * r)).clip(0, 1)
        skin = noise.uniform(40, 255, 3) * (0.25 + 0.75 * light + 0.25 * (grain - 0.5))[..., None]
        shine = 255 * np.exp(-(((x - cx + r * 0.45) ** 2 + (y - cy + r * 0.45) ** 2) / (0.03 * r * r)))
        pixels[inside] = (skin + shine[..., None])[inside]
    return _image(pixels)


def night(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Lights out of focus behind something dark."""
    noise = np.random.default_rng(chance.randint(0, 1 << 30))
    image = _image(_tinted(_fractal(size, noise, 2) * 0.4, noise))
    for _ in range(chance.randint(15, 50)):
        layer = Image.new("L", size)
        x, y, r = chance.randint(0, size[0]), chance.randint(0, size[1]), chance.randint(6, 45)
        ImageDraw.Draw(layer).ellipse((x - r, y - r, x + r, y + r), fill=chance.randint(60, 200))
        colour = tuple(chance.randint(90, 255) for _ in range(3))
        image.paste(colour, mask=layer.filter(ImageFilter.GaussianBlur(r / 8)))
    brush = ImageDraw.Draw(image)
    for _ in range(chance.randint(2, 6)):
        x, tall, wide = chance.randint(0, size[0]), chance.randint(size[1] // 5, size[1]), chance.randint(20, 140)
        brush.polygon(
            [(x, size[1]), (x + wide // 4, size[1] - tall), (x + wide, size[1] - tall * 3 // 4), (x + wide, size[1])],
            fill=tuple(chance.randint(0, 40) for _ in range(3)),
        )
    return image


def person(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Somebody who never was, before an uneven wall: ovals, light and hair."""
    noise = np.random.default_rng(chance.randint(0, 1 << 30))
    width, height = size
    image = _image(_tinted(_fractal(size, noise, chance.uniform(1.3, 2)), noise)).filter(ImageFilter.GaussianBlur(2))
    brush = ImageDraw.Draw(image)
    r, cx, cy = min(size) * chance.uniform(0.16, 0.28), width * chance.uniform(0.3, 0.7), height * 0.42
    skin = np.array((200, 150, 120)) * chance.uniform(0.35, 1.15)
    coat = [chance.randint(10, 230) for _ in range(3)]
    brush.ellipse((cx - 2.2 * r, cy + 1.3 * r, cx + 2.2 * r, cy + 6 * r), fill=tuple(coat))
    for fold in range(9):
        at = cx + (fold - 4) * r * 0.4
        shade = tuple(max(0, value - chance.randint(5, 60)) for value in coat)
        brush.line((at, cy + 1.8 * r, at + chance.uniform(-60, 60), height), fill=shade, width=chance.randint(2, 9))
    for ring in range(24):
        q, fill = 1 - ring / 30, tuple(int(value) for value in (skin * (0.6 + ring / 55)).clip(0, 255))
        left, top = cx - r * q - ring * r * 0.012, cy - 1.3 * r * q - ring * r * 0.012
        brush.ellipse((left, top, left + 2 * r * q, top + 2.6 * r * q), fill=fill)
    for side in (-1, 1):
        x, y = cx + side * r * 0.4, cy - r * 0.15
        brush.ellipse((x - r * 0.17, y - r * 0.08, x + r * 0.17, y + r * 0.08), fill="white")
        brush.ellipse((x - r * 0.07, y - r * 0.08, x + r * 0.07, y + r * 0.08), fill=(30, 20, 20))
        brush.line((x - r * 0.2, y - r * 0.25, x + r * 0.2, y - r * 0.28), fill=(40, 25, 20), width=4)
    brush.arc((cx - r * 0.4, cy + r * 0.3, cx + r * 0.4, cy + r * 0.8), 10, 170, fill=(140, 50, 60), width=5)
    hair = [chance.randint(0, 160) for _ in range(3)]
    for _ in range(260):
        a, long = chance.uniform(np.pi, 2 * np.pi), chance.uniform(0.1, 0.8) * r
        x, y = cx + r * np.cos(a), cy + 1.3 * r * np.sin(a) + 0.2 * r
        shade = tuple(max(0, min(255, value + chance.randint(-30, 30))) for value in hair)
        brush.line((x, y, x + chance.uniform(-0.4, 0.4) * r, y + long * chance.choice((-0.4, 1))), fill=shade, width=3)
    return image


def notice(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Mostly words, large and small, on an even ground, with a rule and a seal."""
    ground, ink = (tuple(chance.randint(*span) for _ in range(3)) for span in ((170, 255), (0, 90)))
    image = Image.new("RGB", size, ground)
    brush = ImageDraw.Draw(image)
    y = chance.randint(10, 60)
    while y < size[1] - 30:
        tall = chance.choice((16, 18, 22, 30, 44, 64))
        letters = "".join(chance.choice("abcdefghijklmnoprstuvwy      ") for _ in range(900 // tall))
        brush.text((chance.randint(10, 70), y), letters, ink, ImageFont.load_default(tall))
        y += int(tall * chance.uniform(1.2, 2))
    r, x, y = chance.randint(30, 110), chance.randint(0, size[0]), chance.randint(0, size[1])
    brush.ellipse((x - r, y - r, x + r, y + r), outline=(190, 30, 40), width=r // 6)
    brush.text((x - r // 2, y - r // 4), str(chance.randint(10, 99)), (190, 30, 40), ImageFont.load_default(r // 2))
    return image


KINDS = (relief, fruit, night, person, notice)
