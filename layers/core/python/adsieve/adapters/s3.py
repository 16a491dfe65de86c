"""Uploads and fingerprints in S3. Clients are passed in; their errors are translated here and nowhere else."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError, UnreadableMediaError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.ports import Content

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "ads/"
_SUFFIX = ".json.gz"
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Vendor errors as ours; a missing key is left to the caller, by code and never by message."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise FileNotFoundError(what) from None
        raise UnavailableError(f"{what}: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise UnavailableError(f"{what}: {error}") from error


@dataclass(frozen=True, slots=True)
class S3Upload:
    """An ad below `ads/`: the folder `ads/<ad_id>/` with its `ad.json`, or a bare file `ads/<name>`."""

    client: "S3Client"
    bucket: str
    ad_id: str
    file: str
    folder: str

    @classmethod
    def of_key(cls, client: "S3Client", bucket: str, key: str) -> "S3Upload | None":
        """The ad that an object belongs to; None for keys outside `ads/` and for folder markers.

        Media beside an `ad.json` belong to that ad: whichever of its files arrives last, the ad is decided whole.
        """
        below = key.removeprefix(PREFIX)
        if below == key or not below or key.endswith("/"):
            return None
        folder, slash, _ = below.partition("/")
        if not slash:
            return cls(client, bucket, below, below, PREFIX)
        return cls(client, bucket, folder, "ad.json", f"{PREFIX}{folder}/") if folder else None

    def read(self, limit: int) -> Content | None:
        """See `Upload.read`."""
        key = self.folder + self.file
        try:
            with translated(f"s3://{self.bucket}/{key}"):
                found = self.client.get_object(Bucket=self.bucket, Key=key)
                size = found["ContentLength"]
                data = found["Body"].read() if size <= limit else None
                found["Body"].close()
        except FileNotFoundError:
            return None
        return Content(data, size, found["LastModified"])

    def media_digest(self, path: str) -> str | None:
        """See `Upload.media_digest`; S3's own tag of the content, so that nothing is downloaded for it."""
        key = self.folder + path
        try:
            with translated(f"s3://{self.bucket}/{key}"):
                return self.client.head_object(Bucket=self.bucket, Key=key)["ETag"]
        except FileNotFoundError:
            return None

    @contextmanager
    def fetch(self, path: str, limit: int) -> Iterator[Path | None]:
        """See `Upload.fetch`; a copy on the temporary disk, in parts, so that memory does not grow with it."""
        with TemporaryDirectory(prefix="adsieve-") as folder:
            file: Path | None = Path(folder, "media")
            try:
                self._copy(self.folder + path, Path(folder, "media"), limit)
            except FileNotFoundError:
                file = None
            yield file

    def _copy(self, key: str, file: Path, limit: int) -> None:
        with translated(f"s3://{self.bucket}/{key}"):
            found = self.client.get_object(Bucket=self.bucket, Key=key)
            with closing(found["Body"]) as body, file.open("wb") as out:
                if found["ContentLength"] > limit:
                    raise UnreadableMediaError(f"is {found['ContentLength']} bytes, at most {limit} are read")
                for piece in body.iter_chunks(1 << 20):
                    out.write(piece)


@dataclass(frozen=True, slots=True)
class S3FingerprintStore:
    """Fingerprints as `fingerprints/<ad_id>/<content_sha256>.json.gz`: named by content, so never overwritten."""

    client: "S3Client"
    bucket: str

    @staticmethod
    def of_key(key: str) -> tuple[str, str] | None:
        """(ad id, content) of a fingerprint's key; None for any other."""
        match key.split("/"):
            case ["fingerprints", ad_id, name] if name.endswith(_SUFFIX):
                return unquote(ad_id), name.removesuffix(_SUFFIX)
        return None

    def put(self, fingerprint: Fingerprint) -> None:
        """See `FingerprintStore.put`."""
        body = json.dumps(fingerprint.to_dict(), sort_keys=True).encode()
        key = _key(fingerprint.ad.ad_id, fingerprint.content_sha256)
        with translated(f"s3://{self.bucket}/{key}"):
            self.client.put_object(
                Bucket=self.bucket, Key=key, Body=gzip.compress(body, mtime=0), ContentType="application/gzip"
            )

    def get(self, ad_id: str, content_sha256: str) -> Fingerprint | None:
        """See `FingerprintStore.get`."""
        key = _key(ad_id, content_sha256)
        try:
            with translated(f"s3://{self.bucket}/{key}"):
                body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except FileNotFoundError:
            return None
        return Fingerprint.from_dict(json.loads(gzip.decompress(body)))


def _key(ad_id: str, content_sha256: str) -> str:
    return f"fingerprints/{quote(ad_id, safe='')}/{content_sha256}{_SUFFIX}"
