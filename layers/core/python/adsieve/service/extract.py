"""From an upload to a fingerprint: everything is read once, here, and nothing that fails is forgotten."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, NoReturn

from adsieve.domain.ad import Ad, PartKind, parse_ad
from adsieve.domain.errors import InvalidAdError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.ports import Content, Upload

MAX_AD_BYTES = 1_000_000
"""An ad is words and names; anything larger is a mistake or an attack, and is reviewed instead of read."""

_NO_MEDIA_READER = "failed: no reader for this kind of file"


def extract(upload: Upload) -> Fingerprint | None:
    """Read an upload; None where its own file does not exist (media may arrive before it).

    A file that cannot be read as an ad gives a fingerprint whose `failures` say why, so that the ad ends in review.
    """
    content = upload.read(MAX_AD_BYTES)
    if content is None:
        return None
    try:
        ad = _ad(upload, content)
    except InvalidAdError as error:
        return unreadable(upload.ad_id, error, hashlib.sha256(content.data or b"").hexdigest(), content.modified)
    digests = {path: upload.media_digest(path) for path in ad.media}
    return fingerprint(ad, content.data or b"", digests, content.modified)


def fingerprint(ad: Ad, data: bytes, media: Mapping[str, str | None], modified: datetime) -> Fingerprint:
    """The fingerprint of an ad that could be read.

    Args:
        ad: the parsed ad.
        data: the bytes it was parsed from.
        media: path → digest, None where the file is missing.
        modified: when it was uploaded.
    """
    digest = hashlib.sha256(data)
    failures = {}
    for path, found in sorted(media.items()):
        digest.update(f"\0{path}\0{found or ''}".encode())
        failures[f"media/{path}"] = "failed: missing file" if found is None else _NO_MEDIA_READER
    parts = tuple(part for part in ad.parts() if part.kind is not PartKind.MEDIA)
    return Fingerprint(ad, parts, failures, digest.hexdigest(), modified)


def unreadable(ad_id: str, error: InvalidAdError, content_sha256: str, modified: datetime) -> Fingerprint:
    """The fingerprint of a file that is no ad: nothing but the reason."""
    failures = {error.field: f"failed: {error.problem}"}
    return Fingerprint(Ad(ad_id=ad_id), (), failures, content_sha256, modified)


def _ad(upload: Upload, content: Content) -> Ad:
    """Parse the ad's file by its kind: JSON, bare text, or bare media."""
    if content.data is None:
        raise InvalidAdError(upload.file, f"is {content.size} bytes, at most {MAX_AD_BYTES} are read")
    suffix = PurePosixPath(upload.file).suffix.lower()
    if suffix == ".json":
        ad = parse_ad(decode_json(content.data, upload.file))
        if ad.ad_id and ad.ad_id != upload.ad_id:
            raise InvalidAdError("ad_id", f"is `{ad.ad_id}` but the ad was uploaded as `{upload.ad_id}`")
        return ad
    if suffix == ".txt":
        return Ad(ad_id=upload.ad_id, texts={"body": _text(content.data, upload.file)})
    return Ad(ad_id=upload.ad_id, media=(upload.file,))


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
