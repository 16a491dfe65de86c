"""From an upload to a fingerprint: everything is read once, here, and nothing that fails is forgotten."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import Any, NoReturn

from adsieve.domain.ad import Ad, Part, PartKind, parse_ad
from adsieve.domain.errors import InvalidAdError, UnreadableMediaError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.ports import Content, MediaReader, Upload

MAX_AD_BYTES = 1_000_000
"""An ad is words and names; anything larger is a mistake or an attack, and is reviewed instead of read."""

MAX_MEDIA_BYTES = 256_000_000
"""Half of the temporary disk that a function has; platforms refuse larger ads long before."""

MEDIA_SECONDS = 60.0
"""Time that the media of one ad may take in all."""


class _NoReader:
    """Reads nothing, and says so."""

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:  # noqa: ARG002 - the port's
        """See `MediaReader.read`."""
        raise UnreadableMediaError("no reader for this kind of file")


NO_READER: MediaReader = _NoReader()


def extract(upload: Upload, reader: MediaReader = NO_READER, seconds: float = MEDIA_SECONDS) -> Fingerprint | None:
    """Read an upload; None where its own file does not exist (media may arrive before it).

    A file that cannot be read as an ad gives a fingerprint whose `failures` say why, so that the ad ends in review.

    Args:
        upload: the ad, wherever it lies.
        reader: reads its media.
        seconds: time that all its media may take; what is left over then is not scanned.
    """
    content = upload.read(MAX_AD_BYTES)
    if content is None:
        return None
    try:
        ad = _ad(upload, content)
    except InvalidAdError as error:
        return unreadable(upload.ad_id, error, hashlib.sha256(content.data or b"").hexdigest(), content.modified)
    digests = {path: upload.media_digest(path) for path in ad.media}
    media = _read_media(upload, reader, [path for path, found in digests.items() if found is not None], seconds)
    return fingerprint(ad, content.data or b"", digests, content.modified, media)


type Media = Mapping[str, list[Part] | UnreadableMediaError]
"""Path → the parts read from the file, or why there are none."""


def fingerprint(
    ad: Ad, data: bytes, digests: Mapping[str, str | None], modified: datetime, media: Media | None = None
) -> Fingerprint:
    """The fingerprint of an ad that could be read.

    Args:
        ad: the parsed ad.
        data: the bytes it was parsed from.
        digests: path → digest, None where the file is missing.
        modified: when it was uploaded.
        media: what was read of the files that exist.
    """
    digest = hashlib.sha256(data)
    parts = [part for part in ad.parts() if part.kind is not PartKind.MEDIA]
    failures = {}
    for path, found in sorted(digests.items()):
        digest.update(f"\0{path}\0{found or ''}".encode())
        read = (media or {}).get(path, UnreadableMediaError("missing file"))
        if isinstance(read, UnreadableMediaError):
            failures[f"media/{path}"] = f"failed: {read.cause}"
        else:
            parts += read
    return Fingerprint(ad, tuple(parts), failures, digest.hexdigest(), modified)


def _read_media(upload: Upload, reader: MediaReader, paths: list[str], seconds: float) -> Media:
    """Each file by itself: one that cannot be read takes none of its neighbours with it."""
    ends = monotonic() + seconds
    media: dict[str, list[Part] | UnreadableMediaError] = {}
    for path in paths:
        left = ends - monotonic()
        if left <= 0:
            media[path] = UnreadableMediaError(f"the {seconds:g} s for this ad's media ran out before this file")
            continue
        try:
            with upload.fetch(path, MAX_MEDIA_BYTES) as file:
                media[path] = reader.read(f"media/{path}", file, left) if file else UnreadableMediaError("missing file")
        except UnreadableMediaError as error:
            media[path] = error
    return media


def unreadable(ad_id: str, error: InvalidAdError, content_sha256: str, modified: datetime) -> Fingerprint:
    """The fingerprint of a file that is no ad: nothing but the reason."""
    failures = {error.field: f"failed: {error.problem}"}
    return Fingerprint(Ad(ad_id=ad_id), (), failures, content_sha256, modified)


def _ad(upload: Upload, content: Content) -> Ad:
    """Parse the ad's file by its kind: JSON, bare text, or bare media."""
    suffix = PurePosixPath(upload.file).suffix.lower()
    if suffix not in (".json", ".txt"):
        return Ad(ad_id=upload.ad_id, media=(upload.file,))
    if content.data is None:
        raise InvalidAdError(upload.file, f"is {content.size} bytes, at most {MAX_AD_BYTES} are read")
    if suffix == ".txt":
        return Ad(ad_id=upload.ad_id, texts={"body": _text(content.data, upload.file)})
    ad = parse_ad(decode_json(content.data, upload.file))
    if ad.ad_id and ad.ad_id != upload.ad_id:
        raise InvalidAdError("ad_id", f"is `{ad.ad_id}` but the ad was uploaded as `{upload.ad_id}`")
    return ad


def decode_json(data: bytes, name: str) -> Any:
    """Decode strictly: what two readers could read differently (repeated keys, NaN) is refused.

    Raises:
        InvalidAdError: naming `name` and the place.
    """
    try:
        return json.loads(
            _text(data, name), object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        raise InvalidAdError(
            name, f"not JSON: {error.msg.lower()} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise InvalidAdError(name, "is nested too deeply") from None
    except ValueError as error:
        raise InvalidAdError(name, str(error)) from None


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidAdError(name, f"not UTF-8: byte {error.start} cannot be read, save it as UTF-8") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A repeated key could hide words: most readers show only the last one."""
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"`{key}` stands twice")
        seen[key] = value
    return seen


def _finite(number: str) -> float:
    """`1e999` would be read as infinity, which meets every age and cannot be written down again."""
    value = float(number)
    if not isfinite(value):
        raise ValueError(f"`{number}` is too large")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is not a JSON number")
