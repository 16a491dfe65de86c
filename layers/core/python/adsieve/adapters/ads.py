"""Recent ads to test material on: a file or folder of ads, or the fingerprints that functions kept."""

import gzip
import heapq
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.adapters.files import find_uploads
from adsieve.domain.errors import InputError, InvalidAdError, UnavailableError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.service.extract import extract

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST = 5_000
"""Ads that are read: enough for a share of 1 in 1,000, and half a minute of testing."""

_READERS = 16
_PREFIX = "fingerprints/"


def read_ads(path: Path, most: int = MOST) -> list[Fingerprint]:
    """Ads of a .jsonl (ads or fingerprints, one a line) or a folder, `most` of them."""
    if path.suffix in (".jsonl", ".gz"):
        stored = [fingerprint for fingerprint in _fingerprints(path) if fingerprint][:most]
        if stored:
            return stored
    found = []
    for upload in find_uploads(path):
        fingerprint = extract(upload)
        if fingerprint:
            found.append(fingerprint)
        if len(found) >= most:
            break
    return found


def stored_ads(client: "S3Client", bucket: str, most: int = MOST) -> list[Fingerprint]:
    """The newest fingerprints of the evidence bucket."""
    try:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_PREFIX)
        listed = ((entry["LastModified"], entry["Key"]) for page in pages for entry in page.get("Contents", ()))
        keys = [key for _, key in heapq.nlargest(most, listed)]
        with ThreadPoolExecutor(_READERS) as readers:
            bodies = readers.map(lambda key: client.get_object(Bucket=bucket, Key=key)["Body"].read(), keys)
            return [_decoded(body) for body in bodies]
    except (ClientError, BotoCoreError) as error:
        raise UnavailableError(f"{bucket}: {error}") from error


def _decoded(body: bytes) -> Fingerprint:
    told = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    return Fingerprint.from_dict(told)


def _fingerprints(path: Path) -> Iterator[Fingerprint | None]:
    """Lines that are fingerprints; one None where the first is not one."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield Fingerprint.from_dict(json.loads(line))
            except (KeyError, TypeError, ValueError, InvalidAdError):
                if number == 1:
                    return
                raise InputError(f"{path}:{number}: is no fingerprint as the lines before it are") from None
