"""The page that `adsieve explain` writes for an ad with pictures."""

from pathlib import Path

from adsieve.detectors.media.decode import open_picture
from adsieve.detectors.media.pictures import as_jpeg
from adsieve.domain.ad import PartKind
from adsieve.domain.errors import UnreadableMediaError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Verdict
from adsieve.material.package import Package
from adsieve.ports import Upload
from adsieve.service.extract import MAX_MEDIA_BYTES
from adsieve.service.picture_page import picture_page

LONGEST = 640


def write_page(upload: Upload, fingerprint: Fingerprint, verdict: Verdict, package: Package, out: Path) -> None:
    """Write the page for an ad whose files are at hand.

    Pictures are shown larger than stored thumbnails, drawn anew from decoded pixels; what cannot be decoded again is
    shown as its thumbnail.
    """
    shown = {}
    for part in fingerprint.parts:
        if part.kind is not PartKind.IMAGE:
            continue
        try:
            with upload.fetch(part.name.removeprefix("media/"), MAX_MEDIA_BYTES) as file:
                if file is not None:
                    shown[part.name] = as_jpeg(open_picture(file, LONGEST).frames[0].rgb, LONGEST)
        except UnreadableMediaError:
            continue
    out.write_text(picture_page(fingerprint, verdict, package, shown), encoding="utf-8")
