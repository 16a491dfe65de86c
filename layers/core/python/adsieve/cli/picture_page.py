"""The page that `adsieve explain` writes for an ad with pictures or clips."""

from pathlib import Path

from adsieve.detectors.media.clip import open_clip
from adsieve.detectors.media.deadline import Deadline
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
_SECONDS = 30.0


def write_page(upload: Upload, fingerprint: Fingerprint, verdict: Verdict, package: Package, out: Path) -> None:
    """Write the page for an ad whose files are at hand.

    Pictures are shown larger than stored thumbnails, drawn anew from decoded pixels, clips by the frame in which the
    first finding begins; what cannot be decoded again is shown as its thumbnail.
    """
    shown = {}
    for part in fingerprint.parts:
        if part.kind not in (PartKind.IMAGE, PartKind.VIDEO):
            continue
        try:
            with upload.fetch(part.name.removeprefix("media/"), MAX_MEDIA_BYTES) as file:
                if file is not None:
                    shown[part.name] = (
                        _picture(file) if part.kind is PartKind.IMAGE else _frame(file, part.name, verdict)
                    )
        except UnreadableMediaError:
            continue
    out.write_text(picture_page(fingerprint, verdict, package, shown), encoding="utf-8")


def _picture(file: Path) -> bytes:
    return as_jpeg(open_picture(file, LONGEST).frames[0].rgb, LONGEST)


def _frame(file: Path, name: str, verdict: Verdict) -> bytes:
    """The frame of a clip in which the first finding begins; the first one where nothing was found."""
    starts = [
        finding.match.where.get("from_s", 0.0) for finding in verdict.findings if finding.part.partition("#")[0] == name
    ]
    begins = min(starts, default=0.0)
    for frame in open_clip(file).frames(Deadline.after(_SECONDS)):
        if frame.seconds >= begins:
            return as_jpeg(frame.rgb(LONGEST), LONGEST)
    raise UnreadableMediaError("has no frame to show")
