"""Words and codes of pictures as parts: `media/x.jpg#ocr` holds the words, `media/x.jpg#qr` a link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.detectors.media.codes import Code, read_codes
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.ocr import as_text, read_words
from adsieve.detectors.media.repeats import Known
from adsieve.domain.ad import Part, PartKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 1600
"""Pixels of the longer side that words and codes are read at."""

MOST_FRAMES = 8
"""Frames of a moving picture that are read."""

MOST_LOOKED_AT = 2
"""Frames up to which each is read at every size: with more, what one frame hides another shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture to read: height x width x 3 samples, its size to the original's, and when a clip shows it."""

    rgb: "NDArray[np.uint8]"
    seconds: float | None = None
    scale: float = 1.0


def read_picture_words(name: str, file: Path, deadline: Deadline) -> list[Part]:
    """The `#ocr` and `#qr` parts of a picture file; a step of `reader.Reader`."""
    from adsieve.detectors.media.decode import open_picture

    picture = open_picture(file, LONGEST, deadline)
    shown = [Shown(frame.rgb, None, frame.rgb.shape[1] / picture.size[0]) for frame in picture.frames[:MOST_FRAMES]]
    return read_parts(name, shown, deadline, quick=len(shown) > MOST_LOOKED_AT)


def read_parts(name: str, shown: Sequence[Shown], deadline: Deadline, *, quick: bool = False) -> list[Part]:
    """What is written on pictures, as parts named after `name`.

    The `#ocr` part is there even where no word was seen, as the record that it was looked for. Its evidence: `words`,
    one row a word: start and end in the text, box (x, y, width, height in pixels of the original), and, for clips,
    the second. Codes that hold links are URL parts, others TEXT; the second is named `#qr-2`.

    Args:
        name: of the media part.
        shown: the pictures, in order.
        deadline: nothing is begun after it.
        quick: they are frames of a clip: take fewer looks at each, and read a line that stays once.
    """
    texts, rows, incomplete = [], [], ""
    length = 0
    earlier = Known() if quick else None
    for picture in shown:
        reading = read_words(picture.rgb, deadline, earlier)
        incomplete = incomplete or reading.incomplete
        text, places = as_text(reading.words)
        for start, end, *box in places:
            when = [] if picture.seconds is None else [round(picture.seconds, 2)]
            rows.append([start + length, end + length, *(round(side / picture.scale) for side in box), *when])
        if text:
            texts.append(text)
            length += len(text) + 1
    words = Part(f"{name}#ocr", PartKind.TEXT, "\n".join(texts), {"words": rows}, incomplete)
    return [words, *_code_parts(name, shown)]


def _code_parts(name: str, shown: Iterable[Shown]) -> list[Part]:
    seen: dict[str, tuple[Code, Shown]] = {}
    for picture in shown:
        for code in read_codes(picture.rgb):
            seen.setdefault(code.text, (code, picture))
    parts = []
    for number, (code, picture) in enumerate(seen.values(), 1):
        box = [round(side / picture.scale) for side in code.box]
        when = {} if picture.seconds is None else {"from_s": round(picture.seconds, 2)}
        part_name = f"{name}#qr" if number == 1 else f"{name}#qr-{number}"
        kind = PartKind.URL if code.is_link else PartKind.TEXT
        parts.append(Part(part_name, kind, code.text, {"box": box, "code": code.kind, **when}))
    return parts
