"""What is done to a clip so that it is not known again, one function a kind; all on lists of frames."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tests.clips import FPS, SIZE, Pixels, footage
from tests.pictures import FONTS

type Frames = list[Pixels]
WIDTH, HEIGHT = SIZE


@dataclass(frozen=True, slots=True)
class Attack:
    """How the frames are changed and encoded, and where in the result the material then is (seconds; None: all of it)."""

    change: Callable[[Frames, int], Frames]
    fps: float = FPS
    codec: Literal["libx264", "libx265", "libvpx-vp9", "gif"] = "libx264"
    gop: int | None = None
    crf: int = 26
    at: tuple[float, float] | None = None


def each(change: Callable[[Image.Image], Image.Image]) -> Callable[[Frames, int], Frames]:
    """A change of every frame by itself."""
    return lambda frames, _: [np.asarray(change(Image.fromarray(pixels)).convert("RGB")) for pixels in frames]


def same(frames: Frames, seed: int) -> Frames:
    """Nothing but another encoding."""
    del seed
    return frames


def splice(seconds: float, at: float) -> Callable[[Frames, int], Frames]:
    """Seconds of the material inside another clip."""

    def change(frames: Frames, seed: int) -> Frames:
        other = footage(500 + seed, 12)
        cut = round(at * FPS)
        return [*other[:cut], *frames[4 * FPS : round((4 + seconds) * FPS)], *other[cut:]]

    return change


def lettering(image: Image.Image) -> Image.Image:
    """A line of large letters."""
    font = ImageFont.truetype(FONTS / "dejavu/DejaVuSans-Bold.ttf", 34)
    white, black = (255, 255, 255), (0, 0, 0)
    ImageDraw.Draw(image).text((30, 200), "BUY NOW TODAY", font=font, fill=white, stroke_width=2, stroke_fill=black)
    return image


def logo(image: Image.Image) -> Image.Image:
    """A box in a corner."""
    ImageDraw.Draw(image).rectangle((370, 10, 470, 60), fill=(200, 20, 20))
    return image


def on(
    ground: tuple[int, int, int], size: tuple[int, int], box: tuple[int, int, int, int]
) -> Callable[[Image.Image], Image.Image]:
    """The frame, scaled to the box, on an even ground."""

    def change(image: Image.Image) -> Image.Image:
        canvas = Image.new("RGB", size, ground)
        canvas.paste(image.resize((box[2], box[3])), (box[0], box[1]))
        return canvas

    return change


def cropped(share: float) -> Callable[[Image.Image], Image.Image]:
    """A share of every side cut off."""
    left, top = int(WIDTH * share), int(HEIGHT * share)
    return lambda image: image.crop((left, top, WIDTH - left, HEIGHT - top)).resize(SIZE)


def story(image: Image.Image) -> Image.Image:
    """Upright, over a blurred copy of itself."""
    ground = image.resize((270, 480)).filter(ImageFilter.GaussianBlur(15))
    ground.paste(image.resize((270, 152)), (0, 164))
    return ground


def louder(image: Image.Image) -> Image.Image:
    """Brighter and more colourful."""
    return ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(1.25)).enhance(1.5)


ATTACKS = {
    "recoded": Attack(same, crf=38),
    "h265": Attack(same, codec="libx265"),
    "vp9": Attack(same, codec="libvpx-vp9"),
    "gif at 5 fps": Attack(lambda frames, _: frames[::2], fps=5, codec="gif"),
    "one keyframe": Attack(same, gop=999),
    "half size": Attack(each(lambda image: image.resize((240, 136)))),
    "5 frames a second": Attack(lambda frames, _: frames[::2], fps=5),
    "faster by 1.25": Attack(same, fps=12.5),
    "slower by 0.8": Attack(same, fps=8),
    "backwards": Attack(lambda frames, _: frames[::-1]),
    "start cut off": Attack(lambda frames, _: frames[25:]),
    "6 s of 12": Attack(lambda frames, _: frames[30:90]),
    "mirrored": Attack(each(lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))),
    "quarter turn": Attack(each(lambda image: image.transpose(Image.Transpose.ROTATE_90))),
    "negative": Attack(each(lambda image: Image.eval(image, lambda value: 255 - value))),
    "letterbox": Attack(each(on((0, 0, 0), (480, 480), (0, 105, 480, 270)))),
    "small on a ground": Attack(each(on((30, 90, 160), SIZE, (96, 54, 288, 162)))),
    "white border": Attack(each(on((255, 255, 255), (540, 330), (30, 30, 480, 270)))),
    "letters": Attack(each(lettering)),
    "logo": Attack(each(logo)),
    "story": Attack(each(story)),
    "loud colours": Attack(each(louder)),
    "grey": Attack(each(lambda image: image.convert("L"))),
    "blurred": Attack(each(lambda image: image.filter(ImageFilter.GaussianBlur(2)))),
    "5 % off every side": Attack(each(cropped(0.05))),
    "4 s inside another": Attack(splice(4, 5), at=(5, 9)),
    "6 s inside another, one keyframe": Attack(splice(6, 3.4), gop=999, at=(3.4, 9.4)),
}
