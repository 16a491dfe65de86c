"""What operators hand in: a sheet with its samples beside it, or a zip of both, unpacked within bounds."""

import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from adsieve.domain.errors import InvalidMaterialError, Problem
from adsieve.material.source import SUFFIXES

_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a zip may hold.

    Attributes:
        entries: files and folders.
        file, total: unpacked bytes, of one file and of all.
        ratio: unpacked to packed bytes of a file larger than `small`.
    """

    entries: int = 20_000
    file: int = 512 * 1024 * 1024
    total: int = 4 * 1024 * 1024 * 1024
    ratio: int = 200
    small: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sheet and the folder that its samples are relative to.

    Attributes:
        digest: of the file that was handed in.
    """

    sheet: Path
    root: Path
    digest: str

    def sample(self, path: str) -> Path | None:
        """The sample at a path of the sheet; None where there is no plain file below the root."""
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path or "\0" in path:
            return None
        file = self.root.joinpath(*pure.parts)
        plain = file.is_file() and file.resolve() == self.root.resolve().joinpath(*pure.parts)
        return file if plain else None


@contextmanager
def open_bundle(file: Path, bounds: Bounds | None = None) -> Iterator[Bundle]:
    """The sheet in a file; a zip is unpacked to a temporary folder that is gone afterwards.

    Raises:
        InvalidMaterialError: the zip is damaged, too large, or reaches outside its folder; or it has no single sheet.
    """
    if not file.is_file():
        raise _refused(str(file), "does not exist", "check the path")
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    if file.suffix.lower() != ".zip":
        if file.suffix.lower() not in SUFFIXES:
            raise _refused(str(file), "is no material file", f"use {', '.join(SUFFIXES)} or .zip")
        yield Bundle(file, file.parent, digest)
        return
    root = Path(tempfile.mkdtemp(prefix="adsieve-"))
    try:
        _unpack(file, root, bounds or Bounds())
        sheets = [found for found in sorted(root.rglob("*")) if found.suffix.lower() in SUFFIXES]
        if len(sheets) != 1:
            raise _refused(file.name, f"holds {len(sheets)} sheets", f"want one, {', '.join(SUFFIXES)}")
        yield Bundle(sheets[0], sheets[0].parent, digest)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _unpack(file: Path, root: Path, bounds: Bounds) -> None:
    try:
        with ZipFile(file) as packed:
            entries = packed.infolist()
            _check(file.name, entries, bounds)
            for entry in entries:
                target = root.joinpath(*PurePosixPath(entry.filename).parts)
                if entry.is_dir():
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(entry) as source, target.open("xb") as out:
                    shutil.copyfileobj(source, out, _CHUNK)
    except (BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise _refused(file.name, f"cannot be unpacked: {error}", "pack it again") from None


def _check(name: str, entries: list[ZipInfo], bounds: Bounds) -> None:
    """Refuse what a zip tells of itself; the reader then holds every file to the size that was told here."""
    if len(entries) > bounds.entries:
        raise _refused(name, f"holds {len(entries):,} entries", f"at most {bounds.entries:,}")
    total = sum(entry.file_size for entry in entries)
    if total > bounds.total:
        raise _refused(name, f"unpacks to {total:,} bytes", f"at most {bounds.total:,}")
    seen: set[str] = set()
    for entry in entries:
        where, path = f"{name}!{entry.filename}", PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
            raise _refused(where, "leaves the folder of the zip", "use paths inside it")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(where, "is a link or a device", "pack the file itself")
        if entry.flag_bits & _ENCRYPTED:
            raise _refused(where, "is encrypted", "pack it without a password")
        if entry.file_size > bounds.file:
            raise _refused(where, f"unpacks to {entry.file_size:,} bytes", f"at most {bounds.file:,}")
        if entry.file_size > bounds.small and entry.file_size > bounds.ratio * max(entry.compress_size, 1):
            raise _refused(where, "unpacks to far more than it is packed in", "pack it again, stored")
        if (folded := entry.filename.casefold().rstrip("/")) in seen:
            raise _refused(where, "stands twice in the zip", "keep one")
        seen.add(folded)


def _refused(where: str, message: str, hint: str) -> InvalidMaterialError:
    return InvalidMaterialError([Problem(where, "", message, hint)])
