"""Sample pictures and clips in S3, under `samples/`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError
from adsieve.domain.samples import check_sample

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "samples/"


@dataclass(frozen=True, slots=True)
class S3SampleStore:
    """See `SampleStore`."""

    client: "S3Client"
    bucket: str

    def put(self, name: str, data: bytes) -> None:
        """See `SampleStore.put`."""
        check_sample(name, data)
        with self._answering():
            self.client.put_object(Bucket=self.bucket, Key=PREFIX + name, Body=data)

    def get(self, name: str) -> bytes | None:
        """See `SampleStore.get`."""
        try:
            with self._answering():
                data = self.client.get_object(Bucket=self.bucket, Key=PREFIX + name)["Body"].read()
        except KeyError:
            return None
        check_sample(name, data)
        return data

    def has(self, name: str) -> bool:
        """See `SampleStore.has`."""
        try:
            with self._answering():
                self.client.head_object(Bucket=self.bucket, Key=PREFIX + name)
        except KeyError:
            return False
        return True

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """A missing key is a KeyError; everything else that goes wrong is unavailable."""
        try:
            yield
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise KeyError(self.bucket) from None
            raise UnavailableError(f"{self.bucket}: {error}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"{self.bucket}: {error}") from error
