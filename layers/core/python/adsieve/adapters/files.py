"""Ads on a disk: folders, `.jsonl` files with an ad a line, and bare files."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from adsieve.domain.ad import AD_ID
from adsieve.domain.errors import InputError, InvalidAdError, UnreadableMediaError
from adsieve.ports import Content, Upload
from adsieve.service.extract import decode_json

_BARE = frozenset(
    [
        ".jsonl",
        ".txt",
        ".jpg",
        ".jpeg",
        ".png",
        ".gif",
        ".webp",
        ".avif",
        ".bmp",
        ".heic",
        ".heif",
        ".tif",
        ".tiff",
        ".svg",
        ".mp4",
        ".m4v",
        ".mov",
        ".webm",
        ".mkv",
        ".avi",
    ]
)
"""Files that are an ad by themselves when they lie in a folder that is no ad."""


@dataclass(frozen=True, slots=True)
class FileUpload:
    """An ad whose JSON, text or media is the file `path`.

    Attributes:
        ad_id: the id the ad must have.
        path: the file that holds it; media lie beside it.
    """

    ad_id: str
    path: Path

    @property
    def file(self) -> str:
        """See `Upload.file`."""
        return self.path.name

    def read(self, limit: int) -> Content | None:
        """See `Upload.read`."""
        if not self.path.is_file():
            return None
        status = self.path.stat()
        data = self.path.read_bytes() if status.st_size <= limit else None
        return Content(data, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def media_digest(self, path: str) -> str | None:
        """See `Upload.media_digest`; a link that leaves the ad's folder counts as missing."""
        return _digest(self.path.parent, path)

    def fetch(self, path: str, limit: int) -> AbstractContextManager[Path | None]:
        """See `Upload.fetch`; the file itself."""
        return nullcontext(_file(self.path.parent, path, limit))


@dataclass(frozen=True, slots=True)
class LineUpload:
    """An ad that is one line of a `.jsonl` file."""

    ad_id: str
    data: bytes
    folder: Path
    modified: datetime
    file: str = "ad.json"

    def read(self, limit: int) -> Content | None:
        """See `Upload.read`."""
        return Content(self.data if len(self.data) <= limit else None, len(self.data), self.modified)

    def media_digest(self, path: str) -> str | None:
        """See `Upload.media_digest`."""
        return _digest(self.folder, path)

    def fetch(self, path: str, limit: int) -> AbstractContextManager[Path | None]:
        """See `Upload.fetch`; the file itself."""
        return nullcontext(_file(self.folder, path, limit))


def find_uploads(path: Path) -> Iterator[Upload]:
    """The ads at a path: a file of any kind, an ad's folder, or a folder of such folders and files.

    Raises:
        InputError: there is no ad.
    """
    if not path.exists():
        raise InputError(f"{path}: does not exist")
    if path.is_file():
        yield from _from_file(path)
        return
    files = sorted(path.rglob("ad.json"))
    ads = {file.parent for file in files}
    files += [file for file in sorted(path.iterdir()) if path not in ads and file.suffix.lower() in _BARE]
    if not files:
        raise InputError(f"{path}: holds no ad, want ad.json in folders, or .jsonl, .txt, picture or video files")
    for file in files:
        yield from _from_file(file)


def _from_file(path: Path) -> Iterator[Upload]:
    if path.suffix == ".jsonl":
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield LineUpload(_line_id(line, f"{path.stem}:{number}"), line, path.parent, modified)
    elif path.suffix == ".json":
        yield FileUpload(_json_id(path), path)
    else:
        yield FileUpload(path.name, path)


def _json_id(path: Path) -> str:
    """On a laptop an ad may name itself, whatever its folder is called; one without a usable id is called by it."""
    try:
        own = decode_json(path.read_bytes(), path.name)
    except (InvalidAdError, OSError):
        own = {}
    named = own.get("ad_id") if isinstance(own, dict) else None
    if isinstance(named, str) and AD_ID.fullmatch(named):
        return named
    return path.resolve().parent.name if path.name == "ad.json" else path.stem


def _line_id(line: bytes, fallback: str) -> str:
    try:
        named = json.loads(line).get("ad_id")
    except (ValueError, AttributeError, RecursionError):
        named = None
    return named if isinstance(named, str) and AD_ID.fullmatch(named) else fallback


def _digest(folder: Path, path: str) -> str | None:
    file = _inside(folder, path)
    if file is None:
        return None
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _file(folder: Path, path: str, limit: int) -> Path | None:
    file = _inside(folder, path)
    if file is not None and file.stat().st_size > limit:
        raise UnreadableMediaError(f"is {file.stat().st_size} bytes, at most {limit} are read")
    return file


def _inside(folder: Path, path: str) -> Path | None:
    """The file, unless it is missing or a link leads out of the folder."""
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
