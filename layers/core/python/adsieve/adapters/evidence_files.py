"""Where the archive lies: in a folder, or below a prefix of a bucket."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.adapters.s3 import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """See `Files`."""

    folder: Path

    def names(self, prefix: str) -> list[str]:
        """See `Files.names`."""
        found = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(name for name in found if name.startswith(prefix) and not name.endswith(".part"))

    def read(self, name: str) -> bytes | None:
        """See `Files.read`."""
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def write(self, name: str, data: bytes) -> None:
        """See `Files.write`."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
            part.write(data)
        Path(part.name).replace(path)

    def delete(self, name: str) -> None:
        """See `Files.delete`."""
        (self.folder / name).unlink(missing_ok=True)

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """See `Files.local`."""
        yield self.folder / name


@dataclass(frozen=True, slots=True)
class S3Files:
    """See `Files`; a prefix ends in `/`."""

    client: "S3Client"
    bucket: str
    prefix: str = "archive/"

    def names(self, prefix: str) -> list[str]:
        """See `Files.names`."""
        with translated(f"s3://{self.bucket}/{self.prefix}{prefix}"):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + prefix
            )
            found = [known["Key"] for page in pages for known in page.get("Contents", ())]
        return sorted(key.removeprefix(self.prefix) for key in found)

    def read(self, name: str) -> bytes | None:
        """See `Files.read`."""
        try:
            with translated(f"s3://{self.bucket}/{self.prefix}{name}"):
                return self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """See `Files.write`."""
        with translated(f"s3://{self.bucket}/{self.prefix}{name}"):
            self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=data)

    def delete(self, name: str) -> None:
        """See `Files.delete`."""
        with translated(f"s3://{self.bucket}/{self.prefix}{name}"):
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """See `Files.local`; one file at a time is on the disk."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, os.path.basename(name))  # noqa: PTH119 - a key, not a path
            with translated(f"s3://{self.bucket}/{self.prefix}{name}"):
                self.client.download_file(self.bucket, self.prefix + name, str(path))
            yield path
