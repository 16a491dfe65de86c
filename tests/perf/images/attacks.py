"""What people do to a picture so that it is not known again: each attack by family, severity and name."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

type Change = Callable[[Image.Image, random.Random], Image.Image]


@dataclass(frozen=True, slots=True)
class Attack:
    """One way of changing a picture.

    Attributes:
        family: what kind of change it is.
        name: unique.
        severity: mild (any sharing does that), medium, or hard (somebody hides it).
        change: does it, with chance for what it leaves open.
    """

    family: str
    name: str
    severity: str
    change: Change


def _jpeg(quality: int, form: str = "JPEG") -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        kept = io.BytesIO()
        image.convert("RGB").save(kept, form, quality=quality)
        return Image.open(kept).convert("RGB")

    return change


def _scaled(x: float, y: float | None = None) -> Change:
    return lambda image, _: image.resize((max(16, int(image.width * x)), max(16, int(image.height * (y or x)))))


def _crop(left: float, top: float, right: float, bottom: float) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        w, h = image.size
        return image.crop((int(w * left), int(h * top), int(w * (1 - right)), int(h * (1 - bottom))))

    return change


def _off_centre(share: float) -> Change:
    """A window that leaves `share` of each side away, anywhere but in the middle."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        across, down = chance.choice(((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.5), (1.0, 0.5)))
        left, top = share * across, share * down
        return _crop(left, top, share - left, share - top)(image, chance)

    return change


def _border(share: float, colour: str) -> Change:
    return lambda image, _: ImageOps.expand(image, int(min(image.size) * share), colour)


def _letterbox(aspect: float, colour: str) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        w, h = image.size
        size = (max(w, int(h * aspect)), max(h, int(w / aspect)))
        canvas = Image.new("RGB", size, colour)
        canvas.paste(image, ((size[0] - w) // 2, (size[1] - h) // 2))
        return canvas

    return change


def _words(share: float, lines: int, text: str = "BEST OFFER TODAY") -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        image = image.copy()
        brush = ImageDraw.Draw(image)
        font = ImageFont.load_default(max(10, int(image.height * share)))
        for line in range(lines):
            place = (int(image.width * chance.uniform(0, 0.3)), int(image.height * (0.1 + 0.8 * line / lines)))
            brush.text(place, text, "white", font, stroke_width=2, stroke_fill="black")
        return image

    return change


def _meme(share: float) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        bar = int(image.height * share)
        canvas = Image.new("RGB", (image.width, image.height + bar), "white")
        canvas.paste(image, (0, bar))
        ImageDraw.Draw(canvas).text((12, bar // 4), "when you see the deal", "black", ImageFont.load_default(bar // 3))
        return canvas

    return change


def _logo(share: float, middle: bool = False) -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        image = image.copy()
        side = int(min(image.size) * share)
        x = (image.width - side) // 2 if middle else chance.choice((0, image.width - side))
        y = (image.height - side) // 2 if middle else chance.choice((0, image.height - side))
        brush = ImageDraw.Draw(image)
        brush.ellipse((x, y, x + side, y + side), fill=(230, 30, 60), outline="white", width=max(2, side // 20))
        brush.text((x + side // 5, y + side // 3), "BRAND", "white", ImageFont.load_default(max(10, side // 5)))
        return image

    return change


def _bars(count: int, share: float, upright: bool = False) -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        image = image.copy()
        brush = ImageDraw.Draw(image)
        w, h = image.size
        for _ in range(count):
            at = chance.uniform(0.1, 0.85 - share)
            box = (w * at, 0, w * (at + share), h) if upright else (0, h * at, w, h * (at + share))
            brush.rectangle(box, fill="black")
        return image

    return change


def _stickers(count: int) -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        image = image.copy()
        brush = ImageDraw.Draw(image)
        for _ in range(count):
            r = int(min(image.size) * chance.uniform(0.05, 0.11))
            x, y = chance.randint(0, image.width), chance.randint(0, image.height)
            brush.ellipse((x - r, y - r, x + r, y + r), fill=(255, 205, 40), outline="black", width=2)
            brush.ellipse((x - r // 2, y - r // 3, x - r // 4, y), fill="black")
            brush.ellipse((x + r // 4, y - r // 3, x + r // 2, y), fill="black")
            brush.arc((x - r // 2, y - r // 2, x + r // 2, y + r // 2), 20, 160, fill="black", width=3)
        return image

    return change


def _watermark(image: Image.Image, _: random.Random) -> Image.Image:
    layer = Image.new("L", (image.width * 2, image.height * 2))
    brush = ImageDraw.Draw(layer)
    font = ImageFont.load_default(max(12, image.height // 18))
    for y in range(0, layer.height, max(20, image.height // 7)):
        for x in range(0, layer.width, max(40, image.width // 3)):
            brush.text((x, y), "stock photo", 110, font)
    turned = layer.rotate(25).crop((image.width // 2, image.height // 2, 3 * image.width // 2, 3 * image.height // 2))
    return Image.composite(Image.new("RGB", image.size, "white"), image, turned)


def _enhanced(enhancer: Callable[[Image.Image], ImageEnhance._Enhance], factor: float) -> Change:
    return lambda image, _: enhancer(image).enhance(factor)


def _gamma(gamma: float) -> Change:
    return lambda image, _: image.point([int(255 * (v / 255) ** gamma) for v in range(256)] * 3)


def _hue(image: Image.Image, _: random.Random) -> Image.Image:
    h, s, v = image.convert("HSV").split()
    return Image.merge("HSV", (h.point(lambda value: (value + 60) % 256), s, v)).convert("RGB")


def _sepia(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), (40, 20, 5), (255, 235, 200))


def _palette(colours: int) -> Change:
    return lambda image, _: image.quantize(colours).convert("RGB")


def _blur(radius: float) -> Change:
    return lambda image, _: image.filter(ImageFilter.GaussianBlur(radius * max(image.size) / 512))


def _pixelated(cell: int) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        small = image.resize((max(8, image.width // cell), max(8, image.height // cell)), Image.Resampling.BOX)
        return small.resize(image.size, Image.Resampling.NEAREST)

    return change


def _noise(spread: float) -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        noise = np.random.default_rng(chance.randint(0, 1 << 30)).normal(0, spread, (image.height, image.width, 3))
        return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))

    return change


def _specks(image: Image.Image, chance: random.Random) -> Image.Image:
    rng = np.random.default_rng(chance.randint(0, 1 << 30))
    pixels = np.asarray(image).copy()
    hit = rng.random(pixels.shape[:2])
    pixels[hit < 0.02], pixels[hit > 0.98] = 0, 255
    return Image.fromarray(pixels)


def _turned(transpose: Image.Transpose) -> Change:
    return lambda image, _: image.transpose(transpose)


def _rotated(degrees: float, fill: str | None) -> Change:
    """Rotated with `fill` in the corners, or cut to where no corner shows."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        angle = chance.choice((-1, 1)) * degrees
        if fill is not None:
            return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)
        turned = image.rotate(angle, Image.Resampling.BICUBIC)
        sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
        w, h = image.size
        scale = 1 / max(cos + sin * h / w, cos + sin * w / h)
        inner_w, inner_h = w * scale, h * scale
        return turned.crop(
            (int((w - inner_w) / 2), int((h - inner_h) / 2), int((w + inner_w) / 2), int((h + inner_h) / 2))
        )

    return change


def _perspective(share: float) -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        w, h = image.size
        a, b = chance.uniform(0.5, 1) * share, chance.uniform(0.5, 1) * share
        seen = [(0, 0), (w, 0), (w, h), (0, h)]
        shown = [(w * a, h * b * 0.5), (w * (1 - b * 0.3), 0), (w, h), (0, h * (1 - a * 0.5))]
        rows = []
        for (x, y), (u, v) in zip(shown, seen, strict=True):
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        solved = np.linalg.solve(np.array(rows), np.array(seen, dtype=float).reshape(-1))
        return image.transform(
            image.size, Image.Transform.PERSPECTIVE, list(solved), Image.Resampling.BICUBIC, fillcolor="grey"
        )

    return change


def _sheared(share: float) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        wide = int(image.width + share * image.height)
        matrix = (1, share, -share * image.height, 0, 1, 0)
        return image.transform((wide, image.height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)

    return change


def _page(size: tuple[int, int], share: float) -> Change:
    """A browser window: bars, words, other boxes, and the picture in the page."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        page = Image.new("RGB", size, "white")
        brush = ImageDraw.Draw(page)
        brush.rectangle((0, 0, size[0], 70), fill=(222, 225, 230))
        brush.rounded_rectangle((90, 36, size[0] - 120, 64), 12, fill="white")
        brush.text((110, 40), "https://shop.example/offer", "black", ImageFont.load_default(16))
        shown = image.copy()
        shown.thumbnail((int(size[0] * share), int(size[1] * share)))
        x, y = chance.randint(20, 80), chance.randint(100, 150)
        page.paste(shown, (x, y))
        font = ImageFont.load_default(18)
        for line in range(12):
            text = "a line of words about nothing in particular"[: chance.randint(10, 40)]
            brush.text((x + shown.width + 24, y + 30 * line), text, (60, 60, 60), font)
            brush.text((x, y + shown.height + 20 + 30 * line), text * 2, (60, 60, 60), font)
        return page

    return change


def _phone(image: Image.Image, _: random.Random) -> Image.Image:
    shown = image.copy()
    shown.thumbnail((540, 800))
    screen = Image.new("RGB", (540, 1100), (18, 18, 18))
    brush = ImageDraw.Draw(screen)
    brush.text((24, 14), "9:41", "white", ImageFont.load_default(22))
    for x in range(60, 540, 140):
        brush.ellipse((x, 1010, x + 46, 1056), outline="white", width=4)
    screen.paste(shown, ((540 - shown.width) // 2, (1100 - shown.height) // 2))
    return screen


def _poster(share: float) -> Change:
    """The picture small on a poster with colours, shapes and words."""

    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        w, h = 900, 1200
        poster = Image.linear_gradient("L").resize((w, h))
        poster = ImageOps.colorize(poster, (chance.randint(0, 255), 40, 120), (250, chance.randint(120, 255), 60))
        brush = ImageDraw.Draw(poster)
        for _ in range(14):
            x, y, r = chance.randint(0, w), chance.randint(0, h), chance.randint(10, 120)
            brush.ellipse((x - r, y - r, x + r, y + r), outline="white", width=4)
        brush.text((60, 60), "GRAND OPENING", "white", ImageFont.load_default(90))
        brush.text((60, 1060), "this weekend only", "white", ImageFont.load_default(60))
        shown = image.copy()
        shown.thumbnail((int(w * share), int(h * share)))
        poster.paste(
            shown, (chance.randint(20, w - shown.width - 20), chance.randint(180, 1000 - min(800, shown.height)))
        )
        return poster

    return change


def _story(image: Image.Image, _: random.Random) -> Image.Image:
    ground = ImageOps.fit(image, (540, 960)).filter(ImageFilter.GaussianBlur(18))
    shown = image.copy()
    shown.thumbnail((540, 700))
    ground.paste(shown, ((540 - shown.width) // 2, (960 - shown.height) // 2))
    return ground


def _collage(image: Image.Image, chance: random.Random) -> Image.Image:
    from tests.perf.images.drawn import draw

    canvas = Image.new("RGB", (960, 720))
    place = chance.randrange(4)
    for slot in range(4):
        tile = image if slot == place else draw(90_000 + chance.randrange(50))
        canvas.paste(ImageOps.fit(tile, (480, 360)), (480 * (slot % 2), 360 * (slot // 2)))
    return canvas


def _beside(image: Image.Image, chance: random.Random) -> Image.Image:
    from tests.perf.images.drawn import draw

    tall = 600
    one = image.resize((max(1, image.width * tall // image.height), tall))
    other = ImageOps.fit(draw(91_000 + chance.randrange(50)), (450, tall))
    canvas = Image.new("RGB", (one.width + 450, tall))
    canvas.paste(one, (0, 0))
    canvas.paste(other, (one.width, 0))
    return canvas


def _inset(image: Image.Image, chance: random.Random) -> Image.Image:
    """Picture in picture: it covers half of another's sides."""
    from tests.perf.images.drawn import draw

    ground = draw(92_000 + chance.randrange(50)).resize((900, 700))
    shown = image.copy()
    shown.thumbnail((480, 400))
    ground.paste(shown, (chance.randint(0, 400), chance.randint(0, 280)))
    return ground


def _moire(image: Image.Image, _: random.Random) -> Image.Image:
    """Photographed from a screen: lines, a colour cast, a slight turn and soft focus."""
    y, x = np.mgrid[0 : image.height, 0 : image.width]
    lines = 12 * np.sin(2 * np.pi * y / 3.1) + 8 * np.sin(2 * np.pi * (x + y) / 9.7)
    pixels = np.asarray(image, dtype=np.float32) * (0.95, 1.0, 1.1) + lines[..., None]
    shot = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    return shot.rotate(1.5, Image.Resampling.BICUBIC, expand=True, fillcolor=(30, 30, 34))


def _edges(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageChops.screen(image.filter(ImageFilter.CONTOUR), image.point(lambda value: value // 2))


def _chain(*changes: Change) -> Change:
    def change(image: Image.Image, chance: random.Random) -> Image.Image:
        for one in changes:
            image = one(image, chance)
        return image

    return change


_T = Image.Transpose
ATTACKS: tuple[Attack, ...] = tuple(
    Attack(family, name, severity, change)
    for family, severity, named in (
        ("recode", "mild", {"jpeg 70": _jpeg(70), "jpeg 30": _jpeg(30), "webp 40": _jpeg(40, "WEBP"), "jpeg 10": _jpeg(10)}),
        ("recode", "mild", {"palette 64": _palette(64), "grey": lambda image, _: image.convert("L").convert("RGB")}),
        ("resize", "mild", {"half": _scaled(0.5), "fifth": _scaled(0.2), "double": _scaled(1.6)}),
        ("stretch", "medium", {"wider 20": _scaled(1.2, 1), "narrower 25": _scaled(0.75, 1), "taller 40": _scaled(1, 1.4)}),
        ("crop", "mild", {"centre crop 5": _crop(0.025, 0.025, 0.025, 0.025)}),
        ("crop", "medium", {"centre crop 20": _crop(0.1, 0.1, 0.1, 0.1), "off-centre 5": _off_centre(0.05), "off-centre 10": _off_centre(0.1), "off-centre 20": _off_centre(0.2)}),
        ("crop", "hard", {"off-centre 35": _off_centre(0.35), "left half": _crop(0, 0, 0.5, 0), "off-centre 50": _off_centre(0.5)}),
        ("border", "medium", {"white border": _border(0.08, "white"), "black border": _border(0.2, "black"), "letterbox": _letterbox(1.0, "black"), "tall story bars": _letterbox(0.5625, "white"), "red frame": _border(0.12, "red")}),
        ("overlay", "medium", {"small words": _words(0.06, 2), "many words": _words(0.09, 5), "meme bar": _meme(0.18), "small logo": _logo(0.2), "stickers 5": _stickers(5), "watermark": _watermark}),
        ("overlay", "hard", {"large logo": _logo(0.4), "middle logo": _logo(0.45, middle=True), "stickers 14": _stickers(14), "censor bar": _bars(1, 0.16), "censor bars": _bars(3, 0.08), "upright bar": _bars(1, 0.18, upright=True), "huge words": _words(0.18, 4)}),
        ("colour", "mild", {"brighter": _enhanced(ImageEnhance.Brightness, 1.3), "darker": _enhanced(ImageEnhance.Brightness, 0.6), "contrast": _enhanced(ImageEnhance.Contrast, 1.5), "gamma": _gamma(1.6)}),
        ("colour", "medium", {"hue": _hue, "sepia": _sepia, "posterised": lambda image, _: ImageOps.posterize(image, 2), "solarised": lambda image, _: ImageOps.solarize(image, 150), "equalised": lambda image, _: ImageOps.equalize(image), "negative": lambda image, _: ImageOps.invert(image)}),
        ("blur", "medium", {"soft": _blur(1.5), "blurred": _blur(3), "pixelated 6": _pixelated(6), "sharpened": _enhanced(ImageEnhance.Sharpness, 4)}),
        ("noise", "medium", {"noise 12": _noise(12), "noise 30": _noise(30), "specks": _specks}),
        ("turn", "medium", {"mirror": _turned(_T.FLIP_LEFT_RIGHT), "flip": _turned(_T.FLIP_TOP_BOTTOM), "quarter": _turned(_T.ROTATE_90), "half turn": _turned(_T.ROTATE_180), "three quarters": _turned(_T.ROTATE_270)}),
        ("rotate", "hard", {"rotated 2": _rotated(2, "black"), "rotated 5": _rotated(5, "white"), "rotated 10": _rotated(10, "black"), "rotated 4 cut": _rotated(4, None), "rotated 8 cut": _rotated(8, None), "rotated 20": _rotated(20, "black")}),
        ("geometry", "hard", {"perspective": _perspective(0.1), "strong perspective": _perspective(0.2), "sheared": _sheared(0.12)}),
        ("screenshot", "hard", {"browser": _page((1280, 800), 0.6), "narrow browser": _page((900, 1000), 0.7), "phone": _phone, "off the screen": _moire}),
        ("composite", "hard", {"poster 50": _poster(0.5), "poster 35": _poster(0.35), "story": _story, "collage": _collage, "beside": _beside, "inset": _inset}),
        ("combination", "hard", {
            "mirror crop words": _chain(_turned(_T.FLIP_LEFT_RIGHT), _off_centre(0.12), _words(0.08, 2)),
            "browser jpeg": _chain(_page((1280, 800), 0.6), _jpeg(35)),
            "negative crop": _chain(lambda image, _: ImageOps.invert(image), _off_centre(0.1)),
            "rotated words": _chain(_rotated(5, None), _words(0.08, 3)),
            "grey border jpeg": _chain(lambda image, _: image.convert("L").convert("RGB"), _border(0.1, "white"), _jpeg(40)),
            "mirror story": _chain(_turned(_T.FLIP_LEFT_RIGHT), _story),
            "crop small blur": _chain(_off_centre(0.15), _scaled(0.3), _blur(1)),
        }),
        ("style", "hard", {"contours": _edges}),
    )
    for name, change in named.items()
)  # fmt: skip


def attacked(image: Image.Image, attack: Attack, seed: int) -> Image.Image:
    """The picture after the attack; the same for the same seed."""
    return attack.change(image.convert("RGB"), random.Random(f"{seed} {attack.name}"))
