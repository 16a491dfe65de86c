"""Golden ads in the bucket of material: `golden/ads.jsonl` and `golden/expected.jsonl`, each one line an ad."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.adapters.files import LineUpload
from adsieve.domain.errors import InputError, UnavailableError
from adsieve.service.golden import Golden, golden_set

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "golden/"


def stored_golden(client: "S3Client", bucket: str) -> list[Golden]:
    """The golden ads of a bucket; none where there are none.

    Raises:
        InputError: one of the files is missing, or a line of it is wrong.
    """
    texts = [_read(client, bucket, f"{PREFIX}{name}.jsonl") for name in ("ads", "expected")]
    if not any(texts):
        return []
    ads, expected = texts
    now = datetime.now(UTC)
    try:
        uploads = [LineUpload(json.loads(line)["ad_id"], line.encode(), Path(), now) for line in _lines(ads)]
        return golden_set(uploads, [json.loads(line) for line in _lines(expected)])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{PREFIX}: {type(error).__name__}: {error}") from None


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _read(client: "S3Client", bucket: str, key: str) -> str:
    try:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except client.exceptions.NoSuchKey:
        return ""
    except (ClientError, BotoCoreError) as error:
        raise UnavailableError(f"{key}: {error}") from error
