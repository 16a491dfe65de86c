"""A package as one object: a plain zip whose bytes follow from its files, read with a hard limit on what comes out."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from adsieve.domain.errors import PackageError
from adsieve.material.bounds import MAX_BYTES, MAX_MANIFEST
from adsieve.material.manifest import FILE_NAME

MAX_FILES = 100
MAX_UNPACKED = MAX_BYTES + 2 * MAX_MANIFEST
_CHUNK = 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files: the same files, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def unpack(data: bytes, folder: Path) -> None:
    """Write the files of an archive into a folder, which must exist.

    Raises:
        PackageError: it is damaged, holds what is no package file, or unpacks to more than a package may be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise PackageError("too_large", f"{len(entries)} files, at most {MAX_FILES}")
            left = MAX_UNPACKED
            for entry in entries:
                if not FILE_NAME.fullmatch(entry.filename) or (folder / entry.filename).exists():
                    raise PackageError("file_unknown", f"`{entry.filename[:80]!r}` in the archive")
                left = _write(archive, entry, folder / entry.filename, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise PackageError("archive_damaged", f"{type(error).__name__}: {error}") from None


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, left: int) -> int:
    """Unpack one file and give what may still come; the size that the archive states is not believed."""
    with archive.open(entry) as source, path.open("wb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise PackageError("too_large", f"unpacks to more than {MAX_UNPACKED:,} bytes")
            out.write(chunk)
    return left
