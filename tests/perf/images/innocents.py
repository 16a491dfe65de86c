"""Pictures that look like known ones and are not: the same template, page or badge around something else.

Each maker takes a layout (what is shared) and a seed (what differs). A material is made of a layout with one seed; every
other seed of that layout is innocent.
"""

import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont, ImageOps

from tests.perf.images.drawn import WORDS, draw

type Maker = Callable[[int, int], Image.Image]


def _colour(chance: random.Random, low: int = 0, high: int = 255) -> tuple[int, int, int]:
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def template(layout: int, seed: int) -> Image.Image:
    """A shop's ad: its bar, logo and badge are always the same, the picture and the price are not."""
    shared, own = random.Random(f"template {layout}"), random.Random(f"{layout} {seed}")
    width, height = shared.choice(((800, 800), (600, 900), (1000, 620)))
    image = Image.new("RGB", (width, height), _colour(shared, 180))
    brush = ImageDraw.Draw(image)
    bar = int(height * shared.uniform(0.1, 0.16))
    brush.rectangle((0, 0, width, bar), fill=_colour(shared, 0, 160))
    brush.ellipse((12, 8, bar, bar - 4), fill=_colour(shared), outline="white", width=4)
    brush.text((bar + 20, bar // 4), f"{shared.choice(WORDS)} SHOP", "white", ImageFont.load_default(bar // 2))
    brush.rectangle((0, height - bar, width, height), fill=_colour(shared, 0, 160))
    brush.text((20, height - bar + 8), "shop.example  call now", "white", ImageFont.load_default(bar // 3))
    image.paste(ImageOps.fit(draw(30_000 + seed), (width - 40, height - 2 * bar - 40)), (20, bar + 20))
    r = bar * 3 // 4
    x, y = width - 2 * r - 30, height - bar - 2 * r - 30
    brush.ellipse((x, y, x + 2 * r, y + 2 * r), fill=(220, 20, 40), outline="white", width=5)
    brush.text((x + r // 3, y + r // 2), f"{own.randint(1, 99)}.90", "white", ImageFont.load_default(r // 2))
    return image


def page(layout: int, seed: int) -> Image.Image:
    """Black words on white, in one font and column."""
    shared, own = random.Random(f"page {layout}"), random.Random(f"{layout} {seed}")
    image = Image.new("RGB", (720, 960), "white")
    brush = ImageDraw.Draw(image)
    tall, left = shared.choice((16, 20, 26)), shared.randint(20, 90)
    for y in range(60, 900, int(tall * 1.5)):
        words = (" ".join(own.choice(WORDS).lower() for _ in range(12)))[: own.randint(20, 60)]
        brush.text((left, y), words, "black", ImageFont.load_default(tall))
    return image


def screen(layout: int, seed: int) -> Image.Image:
    """A shop's page: the same bars and buttons, other things and names."""
    shared, own = random.Random(f"screen {layout}"), random.Random(f"{layout} {seed}")
    image = Image.new("RGB", (1000, 760), "white")
    brush = ImageDraw.Draw(image)
    brush.rectangle((0, 0, 1000, 60), fill=_colour(shared, 0, 140))
    for number in range(6):
        brush.text((30 + 150 * number, 18), shared.choice(WORDS), "white", ImageFont.load_default(20))
    accent = _colour(shared, 0, 220)
    for number in range(6):
        x, y = 30 + 320 * (number % 3), 90 + 330 * (number // 3)
        image.paste(ImageOps.fit(draw(40_000 + 7 * seed + number), (280, 200)), (x, y))
        brush.text((x, y + 210), " ".join(own.sample(WORDS, 2)), "black", ImageFont.load_default(18))
        brush.rounded_rectangle((x, y + 245, x + 120, y + 285), 8, fill=accent)
        brush.text((x + 20, y + 252), "add to cart", "white", ImageFont.load_default(16))
    return image


def badge(layout: int, seed: int) -> Image.Image:
    """The same large mark on another picture."""
    shared = random.Random(f"badge {layout}")
    image = draw(50_000 + seed).copy()
    side = int(min(image.size) * 0.42)
    mark = Image.new("RGB", (400, 400), _colour(shared))
    brush = ImageDraw.Draw(mark)
    for _ in range(7):
        points = [(shared.randint(0, 400), shared.randint(0, 400)) for _ in range(shared.randint(3, 6))]
        brush.polygon(points, fill=_colour(shared), outline="white")
    brush.text(
        (60, 150), shared.choice(WORDS), "white", ImageFont.load_default(70), stroke_width=3, stroke_fill="black"
    )
    image.paste(mark.resize((side, side)), (image.width - side - 10, 10))
    return image


def slope(layout: int, seed: int) -> Image.Image:
    """A ground that runs from one colour to another, and nothing on it but a word."""
    shared, own = random.Random(f"slope {layout}"), random.Random(f"{layout} {seed}")
    shade = Image.linear_gradient("L").rotate(shared.choice((0, 90, 180))).resize((800, 600))
    image = ImageOps.colorize(shade, _colour(own, 0, 120), _colour(own, 120))
    font = ImageFont.load_default(own.randint(30, 70))
    ImageDraw.Draw(image).text((own.randint(40, 300), own.randint(60, 450)), own.choice(WORDS), "white", font)
    return image


def chart(layout: int, seed: int) -> Image.Image:
    """Bars over a grid."""
    shared, own = random.Random(f"chart {layout}"), random.Random(f"{layout} {seed}")
    image = Image.new("RGB", (840, 600), "white")
    brush = ImageDraw.Draw(image)
    for y in range(60, 540, 60):
        brush.line((60, y, 800, y), fill=(210, 210, 210), width=2)
        brush.text((10, y - 10), str((540 - y) // 6), "black", ImageFont.load_default(16))
    fill, wide = _colour(shared, 0, 200), shared.randint(26, 50)
    for number in range(10):
        brush.rectangle((80 + 72 * number, own.randint(70, 500), 80 + 72 * number + wide, 540), fill=fill)
        brush.text((84 + 72 * number, 550), f"Q{number}", "black", ImageFont.load_default(18))
    return image


def grid(layout: int, seed: int) -> Image.Image:
    """A front of many windows, some of them lit."""
    shared, own = random.Random(f"grid {layout}"), random.Random(f"{layout} {seed}")
    wall, across, down = _colour(shared, 60, 200), shared.randint(6, 12), shared.randint(6, 14)
    image = Image.new("RGB", (720, 720), wall)
    brush = ImageDraw.Draw(image)
    for row in range(down):
        for column in range(across):
            x, y = 720 * column // across, 720 * row // down
            fill = (250, 220, 120) if own.random() < 0.35 else (40, 50, 70)
            brush.rectangle((x + 12, y + 10, x + 720 // across - 12, y + 720 // down - 14), fill=fill, outline="black")
    return image


MAKERS: dict[str, Maker] = {maker.__name__: maker for maker in (template, page, screen, badge, slope, chart, grid)}
