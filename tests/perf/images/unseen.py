"""Attacks that were written after the matching was settled and never used to choose any number in it."""

import random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from tests.perf.images.attacks import Attack
from tests.perf.images.drawn import draw

type Places = tuple[NDArray[np.float64], NDArray[np.float64]]


def _moved(image: Image.Image, places: Places) -> Image.Image:
    """Each pixel from another place (x, y), the nearest one."""
    x, y = places
    pixels = np.asarray(image)
    return Image.fromarray(
        pixels[y.round().clip(0, image.height - 1).astype(int), x.round().clip(0, image.width - 1).astype(int)]
    )


def _grid(image: Image.Image) -> Places:
    y, x = np.mgrid[0 : image.height, 0 : image.width].astype(float)
    return x, y


def _barrel(image: Image.Image, _: random.Random) -> Image.Image:
    x, y = _grid(image)
    u, v = x / image.width - 0.5, y / image.height - 0.5
    bend = 1 + 0.35 * (u * u + v * v)
    return _moved(image, ((u * bend + 0.5) * image.width, (v * bend + 0.5) * image.height))


def _waves(image: Image.Image, _: random.Random) -> Image.Image:
    x, y = _grid(image)
    reach = 0.012 * image.width
    return _moved(image, (x + reach * np.sin(y / image.height * 12), y + reach * np.sin(x / image.width * 9)))


def _swirl(image: Image.Image, _: random.Random) -> Image.Image:
    x, y = _grid(image)
    u, v = x - image.width / 2, y - image.height / 2
    turn = 0.5 * np.exp(-np.hypot(u, v) / (0.3 * max(image.size)))
    return _moved(
        image,
        (u * np.cos(turn) - v * np.sin(turn) + image.width / 2, u * np.sin(turn) + v * np.cos(turn) + image.height / 2),
    )


def _rows_shifted(image: Image.Image, chance: random.Random) -> Image.Image:
    pixels = np.asarray(image).copy()
    for top in range(0, image.height, image.height // 12):
        band = slice(top, top + image.height // 12)
        pixels[band] = np.roll(pixels[band], chance.randint(-image.width // 25, image.width // 25), axis=1)
    return Image.fromarray(pixels)


def _channels_swapped(image: Image.Image, _: random.Random) -> Image.Image:
    red, green, blue = image.split()
    return Image.merge("RGB", (blue, red, green))


def _one_channel(image: Image.Image, _: random.Random) -> Image.Image:
    return Image.merge("RGB", [image.split()[2]] * 3)


def _duotone(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.colorize(ImageOps.autocontrast(image.convert("L")), (40, 0, 90), (255, 210, 60))


def _dithered(image: Image.Image, _: random.Random) -> Image.Image:
    return image.convert("1").convert("RGB")


def _halftone(image: Image.Image, _: random.Random) -> Image.Image:
    grey = np.asarray(image.convert("L"), dtype=float)
    x, y = _grid(image)
    screen = 127 + 127 * np.sin(x * 0.9 + y * 0.9) * np.sin(x * 0.9 - y * 0.9)
    return (
        Image.fromarray(np.where(grey > screen, 255, 0).astype(np.uint8))
        .filter(ImageFilter.GaussianBlur(1))
        .convert("RGB")
    )


def _oil(image: Image.Image, _: random.Random) -> Image.Image:
    return image.filter(ImageFilter.ModeFilter(7))


def _vignette(image: Image.Image, _: random.Random) -> Image.Image:
    x, y = _grid(image)
    far = np.hypot(x / image.width - 0.5, y / image.height - 0.5)
    return Image.fromarray((np.asarray(image) * (1.1 - 1.4 * far).clip(0, 1)[..., None]).clip(0, 255).astype(np.uint8))


def _blended(image: Image.Image, chance: random.Random) -> Image.Image:
    other = draw(93_000 + chance.randrange(50)).resize(image.size)
    return Image.blend(image, other, 0.35)


def _light_leak(image: Image.Image, _: random.Random) -> Image.Image:
    glow = ImageOps.colorize(Image.radial_gradient("L").resize(image.size), (255, 190, 90), (0, 0, 0))
    return ImageChops.screen(image, glow)


def _mesh(image: Image.Image, _: random.Random) -> Image.Image:
    image = image.copy()
    brush = ImageDraw.Draw(image)
    for at in range(0, max(image.size), max(image.size) // 16):
        brush.line((at, 0, at, image.height), fill="white", width=3)
        brush.line((0, at, image.width, at), fill="white", width=3)
    return image


def _round_mask(image: Image.Image, _: random.Random) -> Image.Image:
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).ellipse((0, 0, *image.size), fill=255)
    return Image.composite(image, Image.new("RGB", image.size, "white"), mask)


def _polaroid(image: Image.Image, _: random.Random) -> Image.Image:
    edge = min(image.size) // 14
    framed = ImageOps.expand(image, (edge, edge, edge, 4 * edge), "white")
    return framed.rotate(-6, Image.Resampling.BICUBIC, expand=True, fillcolor=(120, 80, 50))


def _upside_down_leaning(image: Image.Image, _: random.Random) -> Image.Image:
    return image.rotate(173, Image.Resampling.BICUBIC, expand=True, fillcolor="black")


def _halves_swapped(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageChops.offset(image, image.width // 2, 0)


def _twice(image: Image.Image, _: random.Random) -> Image.Image:
    canvas = Image.new("RGB", (image.width * 2, image.height))
    canvas.paste(image, (0, 0))
    canvas.paste(ImageOps.mirror(image), (image.width, 0))
    return canvas


def _tiny(image: Image.Image, _: random.Random) -> Image.Image:
    image = image.copy()
    image.thumbnail((110, 110))
    return image


def _speech(image: Image.Image, chance: random.Random) -> Image.Image:
    image = image.copy()
    brush = ImageDraw.Draw(image)
    for _ in range(3):
        x, y = chance.uniform(0, 0.6) * image.width, chance.uniform(0, 0.8) * image.height
        brush.rounded_rectangle(
            (x, y, x + image.width * 0.38, y + image.height * 0.13), 18, fill="white", outline="black"
        )
        brush.text((x + 10, y + 10), "what a deal!", "black", ImageFont.load_default(max(12, image.height // 20)))
    return image


def _strips_out(image: Image.Image, _: random.Random) -> Image.Image:
    pixels = np.asarray(image)
    return Image.fromarray(np.delete(pixels, np.s_[::9], axis=1))


def _flashed(image: Image.Image, _: random.Random) -> Image.Image:
    """Held to a camera: tilted, lit in one corner, soft, recoded."""
    glow = (
        Image.radial_gradient("L")
        .resize(image.size)
        .transform(image.size, Image.Transform.AFFINE, (1, 0, 120, 0, 1, 90), fillcolor=255)
    )
    lit = ImageChops.screen(image, ImageOps.colorize(glow, (200, 200, 190), (0, 0, 0)))
    w, h = image.size
    tilted = lit.transform(
        image.size,
        Image.Transform.QUAD,
        (-0.05 * w, -0.03 * h, 0.04 * w, 1.06 * h, 1.05 * w, h, w, -0.06 * h),
        Image.Resampling.BICUBIC,
        fillcolor=(60, 50, 40),
    )
    return tilted.filter(ImageFilter.GaussianBlur(1.2))


def _mirror_negative_words(image: Image.Image, _: random.Random) -> Image.Image:
    turned = ImageOps.invert(ImageOps.mirror(image))
    ImageDraw.Draw(turned).text(
        (20, turned.height // 2), "LAST CHANCE", "white", ImageFont.load_default(turned.height // 9)
    )
    return turned


UNSEEN = tuple(
    Attack("unseen", function.__name__.strip("_").replace("_", " "), "unseen", function)
    for function in (
        _barrel, _waves, _swirl, _rows_shifted, _channels_swapped, _one_channel, _duotone, _dithered, _halftone, _oil,
        _vignette, _blended, _light_leak, _mesh, _round_mask, _polaroid, _upside_down_leaning, _halves_swapped, _twice,
        _tiny, _speech, _strips_out, _flashed, _mirror_negative_words,
    )
)  # fmt: skip
"""Held out: their figures are reported, never tuned to."""
