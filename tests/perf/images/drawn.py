"""Made-up pictures: scenes, products and posters drawn from a seed, nothing from anywhere else."""

import random
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.perf.images import textures

type Colour = tuple[int, int, int]

WORDS = ("SALE", "NEW", "50% OFF", "FRESH", "WIN BIG", "TODAY", "LUCKY 7", "CASINO", "GOLD", "FREE", "ONLY NOW", "CLUB")
SIZES = ((800, 600), (600, 800), (720, 720), (960, 540), (540, 720))


@lru_cache(maxsize=8)
def draw(seed: int) -> Image.Image:
    """One of endlessly many pictures; the same for the same seed, and shared: copy it before painting on it."""
    chance = random.Random(seed)
    size = chance.choice(SIZES)
    kinds = (_landscape, _product, _cards, _poster, _pattern, *textures.KINDS)
    return _grained(kinds[seed % len(kinds)](size, chance), seed)


def _colour(chance: random.Random, low: int = 20, high: int = 235) -> Colour:
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def _ground(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A slope from one colour to another with soft clouds."""
    one, other = np.array(_colour(chance)), np.array(_colour(chance))
    way = np.linspace(0, 1, size[1])[:, None, None] * chance.uniform(0.3, 1)
    way = way + np.linspace(0, 1, size[0])[None, :, None] * chance.uniform(0, 0.7)
    pixels = one + (other - one) * way / way.max()
    image = Image.fromarray(pixels.astype(np.uint8))
    clouds = Image.new("L", size)
    brush = ImageDraw.Draw(clouds)
    for _ in range(chance.randint(4, 12)):
        x, y, r = chance.randint(0, size[0]), chance.randint(0, size[1]), chance.randint(20, size[0] // 4)
        brush.ellipse((x - r, y - r // 2, x + r, y + r // 2), fill=chance.randint(30, 140))
    image.paste(_colour(chance, 150, 255), mask=clouds.filter(ImageFilter.GaussianBlur(chance.randint(4, 20))))
    return image


def _landscape(size: tuple[int, int], chance: random.Random) -> Image.Image:
    image = _ground(size, chance)
    brush = ImageDraw.Draw(image)
    width, height = size
    r = chance.randint(25, 70)
    x, y = chance.randint(0, width), chance.randint(0, height // 3)
    brush.ellipse((x - r, y - r, x + r, y + r), fill=_colour(chance, 180, 255))
    for layer in range(chance.randint(2, 5)):
        level = height * (0.4 + 0.12 * layer)
        ridge = [
            (x, level + chance.uniform(-1, 1) * height * 0.12) for x in range(0, width + 40, chance.randint(20, 60))
        ]
        brush.polygon([(0, height), *ridge, (width, height)], fill=_colour(chance, 20, 180))
    for _ in range(chance.randint(3, 14)):
        x, base, tall = chance.randint(0, width), chance.randint(height // 2, height), chance.randint(30, height // 3)
        wide = chance.randint(15, 90)
        brush.rectangle((x, base - tall, x + wide, base), fill=_colour(chance), outline=_colour(chance))
        for window in range(0, tall - 12, 16):
            brush.rectangle((x + 4, base - tall + window + 4, x + 10, base - tall + window + 12), fill=_colour(chance))
        if chance.random() < 0.5:
            brush.polygon(
                [(x - 6, base - tall), (x + wide // 2, base - tall - 30), (x + wide + 6, base - tall)], _colour(chance)
            )
    return image


def _product(size: tuple[int, int], chance: random.Random) -> Image.Image:
    image = _ground(size, chance)
    brush = ImageDraw.Draw(image)
    width, height = size
    for _ in range(chance.randint(1, 4)):
        x, wide, top = (
            chance.randint(width // 8, 3 * width // 4),
            chance.randint(60, 160),
            chance.randint(60, height // 3),
        )
        fill = _colour(chance)
        brush.rounded_rectangle((x, top + 90, x + wide, height - 50), 24, fill=fill, outline=_colour(chance), width=3)
        brush.rectangle((x + wide // 3, top, x + 2 * wide // 3, top + 95), fill=fill)
        brush.rectangle((x + wide // 3 - 4, top - 16, x + 2 * wide // 3 + 4, top + 8), fill=_colour(chance))
        label = (x + 6, top + 140, x + wide - 6, top + 240)
        brush.rectangle(label, fill=_colour(chance, 160, 255))
        brush.text((x + 12, top + 160), chance.choice(WORDS), _colour(chance, 0, 120), ImageFont.load_default(26))
        for line in range(4):
            brush.line(
                (x + 12, top + 200 + 8 * line, x + wide - chance.randint(12, 50), top + 200 + 8 * line),
                _colour(chance, 0, 120),
                2,
            )
    for _ in range(chance.randint(5, 25)):
        x, y, r = chance.randint(0, width), chance.randint(2 * height // 3, height), chance.randint(6, 40)
        brush.ellipse((x - r, y - r, x + r, y + r), fill=_colour(chance), outline=_colour(chance), width=2)
    return image


def _cards(size: tuple[int, int], chance: random.Random) -> Image.Image:
    image = _ground(size, chance)
    for _ in range(chance.randint(3, 7)):
        card = Image.new("RGBA", (150, 220), (*_colour(chance, 200, 255), 255))
        brush = ImageDraw.Draw(card)
        brush.rectangle((0, 0, 149, 219), outline=(20, 20, 20, 255), width=3)
        ink = (*_colour(chance, 0, 160), 255)
        brush.text((10, 6), chance.choice("AKQJ7953"), ink, ImageFont.load_default(40))
        brush.text((108, 168), chance.choice("AKQJ7953"), ink, ImageFont.load_default(40))
        for _ in range(chance.randint(2, 9)):
            x, y, r = chance.randint(30, 115), chance.randint(50, 165), chance.randint(8, 18)
            brush.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill=ink)
        turned = card.rotate(chance.uniform(-60, 60), expand=True, resample=Image.Resampling.BICUBIC)
        image.paste(turned, (chance.randint(-40, size[0] - 120), chance.randint(-40, size[1] - 160)), turned)
    brush = ImageDraw.Draw(image)
    for _ in range(chance.randint(4, 16)):
        x, y, r = chance.randint(0, size[0]), chance.randint(0, size[1]), chance.randint(16, 34)
        brush.ellipse((x - r, y - r, x + r, y + r), fill=_colour(chance), outline="white", width=4)
        brush.ellipse((x - r // 2, y - r // 2, x + r // 2, y + r // 2), outline="white", width=2)
    return image


def _poster(size: tuple[int, int], chance: random.Random) -> Image.Image:
    image = _ground(size, chance)
    brush = ImageDraw.Draw(image)
    width, height = size
    for _ in range(chance.randint(3, 7)):
        points = [(chance.randint(0, width), chance.randint(0, height)) for _ in range(chance.randint(3, 6))]
        brush.polygon(points, fill=_colour(chance), outline=_colour(chance))
    for line in range(chance.randint(2, 5)):
        words = " ".join(chance.sample(WORDS, 2))
        at = chance.randint(10, width // 3), height * (1 + line) // 7
        brush.text(
            at,
            words,
            _colour(chance, 180, 255),
            ImageFont.load_default(chance.randint(28, 80)),
            stroke_width=2,
            stroke_fill=_colour(chance, 0, 90),
        )
    for _ in range(chance.randint(6, 20)):
        x, y, r, n = chance.randint(0, width), chance.randint(0, height), chance.randint(10, 50), chance.randint(5, 12)
        star = [
            (
                x + (r if k % 2 else r * 0.45) * np.cos(np.pi * k / n),
                y + (r if k % 2 else r * 0.45) * np.sin(np.pi * k / n),
            )
            for k in range(2 * n)
        ]
        brush.polygon(star, fill=_colour(chance))
    return image


def _pattern(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Waves of many directions, as fabrics and water have, with some things upon them."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / 100
    noise = np.random.default_rng(chance.randint(0, 1 << 30))
    pixels = np.zeros((size[1], size[0], 3))
    for _ in range(12):
        a, b, c, d = noise.uniform(-4, 4, 4)
        pixels += np.sin(a * x + b * y + c + 1.5 * np.sin(d * x - c * y))[..., None] * noise.uniform(-1, 1, 3)
    pixels = 127 + 110 * pixels / np.abs(pixels).max()
    image = Image.fromarray(pixels.astype(np.uint8))
    brush = ImageDraw.Draw(image)
    for _ in range(chance.randint(4, 12)):
        left, top, wide, tall = (
            chance.randint(0, size[0]),
            chance.randint(0, size[1]),
            chance.randint(20, 200),
            chance.randint(20, 160),
        )
        shape: Callable[..., None] = chance.choice((brush.rectangle, brush.ellipse))
        shape(
            (left, top, left + wide, top + tall),
            fill=_colour(chance),
            outline=_colour(chance),
            width=chance.randint(1, 8),
        )
    return image


def _grained(image: Image.Image, seed: int) -> Image.Image:
    """A little camera noise, so that nothing is perfectly flat."""
    pixels = np.asarray(image, dtype=np.float32)
    noise = np.random.default_rng(seed).normal(0, 2.5, pixels.shape)
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))
