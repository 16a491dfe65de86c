"""Pictures that move (GIF, WebP, PNG) as clips: a known clip is found in them too."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.detectors.media.deadline import Deadline
from adsieve.domain.ad import Part, PartKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

STEP = 0.5
"""Seconds between the frames that are looked at; every frame of what is shown for longer."""

MOST_DECODED = 400_000_000
"""Pixels over all frames, shown or not, as in `decode`."""

LONGEST = 320


def read_animation(name: str, file: Path, deadline: Deadline) -> list[Part]:
    """The VIDEO part of a picture that moves; none for one that does not. A step of `reader.Reader`.

    It runs after `pictures.read_picture`, which refuses what must not be decoded. See `clips.read_clip` for the
    evidence.
    """
    from PIL import Image

    from adsieve.detectors.media.decode import FORMATS
    from adsieve.detectors.media.looks import Looks

    with Image.open(BytesIO(file.read_bytes()), formats=FORMATS) as image:
        if not getattr(image, "is_animated", False):
            return []
        looks, shown, incomplete, due = Looks(), 0.0, "", 0.0
        for number, (frame, seconds) in enumerate(_frames(image)):
            if number * image.width * image.height > MOST_DECODED or not deadline.left:
                incomplete = f"has more than the {number} frames that were looked at as a clip"
                break
            if shown >= due or seconds >= STEP:
                looks.add(_rgb(frame), shown, image.size)
                due = shown + STEP
            shown += seconds
        evidence = {
            "duration": round(shown, 2),
            "size": list(image.size),
            "audio": False,
            "frames": looks.told(shown),
        }
        return [Part(name, PartKind.VIDEO, evidence=evidence, incomplete=incomplete)]


def _frames(image: "Image.Image") -> Iterator[tuple["Image.Image", float]]:
    """Frames and how many seconds each is shown; browsers show the shortest for a tenth of one."""
    number = 0
    while True:
        image.load()
        milliseconds = float(image.info.get("duration", 0) or 0)
        yield image, milliseconds / 1000 if milliseconds > 10 else 0.1  # noqa: PLR2004 - what browsers take as "fast"
        number += 1
        try:
            image.seek(number)
        except EOFError:
            return


def _rgb(frame: "Image.Image") -> "NDArray[np.uint8]":
    import numpy as np
    from PIL import Image

    small = frame.convert("RGBA")
    small.thumbnail((LONGEST, LONGEST))
    ground = Image.new("RGBA", small.size, "white")
    ground.alpha_composite(small)
    return np.asarray(ground.convert("RGB"))
