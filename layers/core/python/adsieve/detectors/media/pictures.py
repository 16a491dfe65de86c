"""A picture file to the evidence by which pictures are known again: hashes, local features, a thumbnail."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsieve.detectors.media.deadline import Deadline
from adsieve.domain.ad import Part, PartKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from adsieve.detectors.media.decode import Frame, Pixels
    from adsieve.detectors.media.features import Features

LONGEST = 512
"""Pixels of the longer side that everything is measured on."""

MAX_FEATURES = 400
THUMBNAIL = 192
FEATURE_FRAMES = 8
"""Frames of a moving picture whose features are kept; the hashes of all are."""

GOOD = 50
"""Least PDQ quality of a hash that may match at a distance."""


def read_picture(name: str, file: Path, deadline: Deadline) -> list[Part]:
    """The IMAGE part of a picture file; a step of `reader.Reader`.

    The evidence: `sha256`; `size`, width and height; `hashes`, see `hash_frame`, each with its `frame`; `looks`, one a
    frame and ground, with `thumbnail` (JPEG, base64), `features`, see `packed_features`, and `learned` where an operator
    installed a model, see `learned.told`.
    """
    from adsieve.detectors.media.decode import open_picture

    picture = open_picture(file, LONGEST, deadline)
    with file.open("rb") as opened:
        sha256 = file_digest(opened, "sha256").hexdigest()
    views = [hash_frame(frame.rgb, picture.size) for frame in picture.frames]
    hashes = [told | {"frame": frame.number} for frame, own in zip(picture.frames, views, strict=True) for told in own]
    seen = zip(picture.frames[:FEATURE_FRAMES], views[:FEATURE_FRAMES], strict=True)
    looks = [_look(frame, own, picture.size[0] / frame.rgb.shape[1]) for frame, own in seen]
    evidence = {"sha256": sha256, "size": list(picture.size), "hashes": hashes, "looks": looks}
    return [Part(name, PartKind.IMAGE, evidence=evidence, incomplete=picture.incomplete)]


def hash_frame(rgb: "Pixels", size: tuple[int, int] | None = None) -> list[dict[str, Any]]:
    """The hashes of every view of a picture or video frame.

    Args:
        rgb: at most `LONGEST` pixels a side is enough.
        size: width and height of the original, in whose pixels boxes are told; by default that of `rgb`.

    Returns:
        `{"view", "pdq", "quality", "box", "turned"}`: name of the view, 64 hex digits, 0 to 100, x, y, width, height,
        and the hashes of the seven other ways to turn and mirror it (base64, `pdq.TURNS` from the second on).
    """
    from adsieve.detectors.media.pdq import luma, pdq
    from adsieve.detectors.media.views import views

    grey = luma(rgb)
    scale = (size[0] if size else rgb.shape[1]) / rgb.shape[1]
    told = []
    for view in views(grey):
        found = pdq(view.cut(grey))
        told.append(
            {
                "view": view.name,
                "pdq": found.bits.hex(),
                "quality": found.quality,
                "box": [round(side * scale) for side in view.box],
                "turned": b64encode(b"".join(found.turned()[1:])).decode(),
            }
        )
    return told


def every_way(told: Mapping[str, Any]) -> "NDArray[np.uint8]":
    """The hashes of a view turned every way, 8 x 32 bytes, `pdq.TURNS` in order; 1 x 32 where turns were not kept."""
    import numpy as np

    raw = bytes.fromhex(told["pdq"]) + b64decode(told.get("turned", ""))
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, 32)


def asked(hashes: Iterable[Mapping[str, Any]]) -> bytes:
    """What is looked up of a picture or frame, 32 bytes each: every view that has something to see, every way."""
    good = (told for told in hashes if told["quality"] >= GOOD)
    return b"".join(bytes.fromhex(told["pdq"]) + b64decode(told.get("turned", "")) for told in good)


def thumbnail(look: Mapping[str, Any]) -> "NDArray[np.float32]":
    """The brightness of a look's thumbnail."""
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(BytesIO(b64decode(look["thumbnail"]))).convert("L"), dtype=np.float32)


def _look(frame: "Frame", views: Sequence[Mapping[str, Any]], scale: float) -> dict[str, Any]:
    from adsieve.detectors.media import learned
    from adsieve.detectors.media.features import features
    from adsieve.detectors.media.pdq import luma

    look = {
        "frame": frame.number,
        "ground": frame.ground,
        "thumbnail": b64encode(as_jpeg(frame.rgb)).decode(),
        "features": packed_features(features(luma(frame.rgb), MAX_FEATURES)),
    }
    vectors = learned.told(frame.rgb, views, scale)
    return look | {"learned": vectors} if vectors else look


def as_jpeg(rgb: "Pixels", longest: int = THUMBNAIL) -> bytes:
    """A JPEG for people and for the second look; drawn from pixels, so nothing of the file lives on in it."""
    from PIL import Image

    image = Image.fromarray(rgb)
    image.thumbnail((longest, longest), Image.Resampling.BOX)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=60, optimize=True)
    return kept.getvalue()


def packed_features(found: "Features") -> dict[str, str]:
    """Features as JSON: `places` n x 4 float16, `bits` and `mirrored` n x 16 bytes, base64."""
    return {
        "places": b64encode(found.places.astype("<f2").tobytes()).decode(),
        "bits": b64encode(found.bits.astype("<u8").tobytes()).decode(),
        "mirrored": b64encode(found.mirrored.astype("<u8").tobytes()).decode(),
    }


def unpacked_features(told: Mapping[str, str]) -> "Features":
    """Inverse of `packed_features`."""
    import numpy as np

    from adsieve.detectors.media.features import Features

    places = np.frombuffer(b64decode(told["places"]), dtype="<f2").reshape(-1, 4).astype(np.float32)
    bits, mirrored = (np.frombuffer(b64decode(told[name]), dtype="<u8").reshape(-1, 2) for name in ("bits", "mirrored"))
    return Features(places, bits, mirrored)
