"""Published packages in S3, under `packages/`. The pointer is replaced only by who read the one before."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import ConflictError, PackageError, UnavailableError
from adsieve.material_ports import StoredPointer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "packages/"
POINTER = f"{PREFIX}current.json"
MAX_POINTER = 1024 * 1024
SECONDS = 6.0
"""For reading one object: a function has ten seconds, and what comes slower than that is tried again later."""

_CHUNK = 1024 * 1024
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
_LOST = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


@dataclass(frozen=True, slots=True)
class S3PackageStore:
    """See `PackageStore`."""

    client: "S3Client"
    bucket: str
    clock: Callable[[], float] = time.monotonic

    def put(self, sha256: str, manifest: bytes, archive: bytes) -> None:
        """See `PackageStore.put`. The manifest comes last: where it is, the archive is."""
        for name, data in ((f"{sha256}.zip", archive), (f"{sha256}.json", manifest)):
            with _translated(name):
                self.client.put_object(Bucket=self.bucket, Key=PREFIX + name, Body=data)

    def archive(self, sha256: str, limit: int) -> bytes | None:
        """See `PackageStore.archive`."""
        return self._read(f"{PREFIX}{sha256}.zip", limit)

    def manifest(self, sha256: str, limit: int) -> bytes | None:
        """See `PackageStore.manifest`."""
        return self._read(f"{PREFIX}{sha256}.json", limit)

    def pointer(self, unless: str | None = None) -> StoredPointer | None:
        """See `PackageStore.pointer`."""
        known = {"IfNoneMatch": unless} if unless else {}
        try:
            with _translated(POINTER):
                found = self.client.get_object(Bucket=self.bucket, Key=POINTER, **known)  # type: ignore[arg-type] # by name
                return StoredPointer(self._body(POINTER, found["Body"].iter_chunks(_CHUNK), MAX_POINTER), found["ETag"])
        except (FileNotFoundError, _NotModified):
            return None

    def point(self, data: bytes, expected: str | None) -> str:
        """See `PackageStore.point`."""
        condition = {"IfMatch": expected} if expected else {"IfNoneMatch": "*"}
        try:
            with _translated(POINTER):
                written = self.client.put_object(Bucket=self.bucket, Key=POINTER, Body=data, **condition)  # type: ignore[arg-type] # by name
        except (FileNotFoundError, _Lost):
            raise ConflictError("the current package") from None
        return written["ETag"]

    def _read(self, key: str, limit: int) -> bytes | None:
        try:
            with _translated(key):
                found = self.client.get_object(Bucket=self.bucket, Key=key)
                if found["ContentLength"] > limit:
                    raise PackageError("too_large", f"{key} is {found['ContentLength']:,} bytes, at most {limit:,}")
                return self._body(key, found["Body"].iter_chunks(_CHUNK), limit)
        except FileNotFoundError:
            return None

    def _body(self, key: str, chunks: Iterator[bytes], limit: int) -> bytes:
        data, deadline = bytearray(), self.clock() + SECONDS
        for chunk in chunks:
            data += chunk
            if len(data) > limit:
                raise PackageError("too_large", f"{key} is more than {limit:,} bytes")
            if self.clock() > deadline:
                raise UnavailableError(f"{key}: {len(data):,} bytes in {SECONDS:.0f} seconds, tried again later")
        return bytes(data)


class _NotModified(Exception):  # noqa: N818 - an answer, not an error
    """The object is still the one that is known."""


class _Lost(Exception):  # noqa: N818 - an answer, not an error
    """Somebody else wrote first."""


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Vendor errors as ours, by code and never by message."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("304", "NotModified"):
            raise _NotModified from None
        if code in _MISSING:
            raise FileNotFoundError(what) from None
        if code in _LOST:
            raise _Lost from None
        raise UnavailableError(f"{what}: {code}") from error
    except BotoCoreError as error:
        raise UnavailableError(f"{what}: {error}") from error
