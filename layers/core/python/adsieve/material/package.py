"""A package in use: verified on opening, memory-mapped, rows parsed only when they match."""

import json
import mmap
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from adsieve.detectors import DETECTORS
from adsieve.detectors.base import Looker
from adsieve.domain.errors import PackageError
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import PackageRef
from adsieve.material.bounds import MAX_BYTES, check_bounds
from adsieve.material.columns import FILES as ROW_FILES
from adsieve.material.columns import ROW_BYTES, ROWS, Columns
from adsieve.material.manifest import MANIFEST, MANIFEST_DIGEST, MANIFEST_SIGNATURE, Manifest, digest
from adsieve.material.matrix import matrix_from_json

if TYPE_CHECKING:
    from adsieve.material_ports import Verifier

_ENVELOPE = frozenset({MANIFEST, MANIFEST_DIGEST, MANIFEST_SIGNATURE})
_NEEDED = (*ROW_FILES, "policies.json")


_LARGE = 1 << 20


class Package:
    """An immutable, verified compilation of material. Open one with `load_package` or `Package.of`.

    Attributes:
        manifest: what it says of itself.
        ref: its version and digest, for verdicts.
        matrix: the policy matrix it ships.
        detectors: one for each kind of material it holds.
        signed: whether a trusted key was seen to have signed it.
    """

    def __init__(self, manifest: Manifest, sha256: str, files: Mapping[str, memoryview], *, signed: bool) -> None:
        self.manifest = manifest
        self.ref = PackageRef(manifest.version, sha256)
        self.signed = signed
        self._files = files
        self._rows = Columns(files)
        self.matrix: PolicyMatrix = matrix_from_json(bytes(files["policies.json"]))
        held = manifest.counts.keys()
        self.detectors: tuple[Looker, ...] = tuple(
            detector.open(files) for detector in DETECTORS if not held.isdisjoint(detector.kinds)
        )
        self.material = lru_cache(maxsize=4096)(self._material)

    @classmethod
    def of(cls, files: Mapping[str, bytes | memoryview], verifier: "Verifier | None" = None) -> Self:
        """Verify package files given by name and open them.

        Args:
            files: manifest and digest among them, and the signature where there is one.
            verifier: knows the trusted keys; with one, the package must be signed.

        Raises:
            PackageError: anything missing, added, changed, too much, of another schema or for a newer engine; with a
                verifier also what no trusted key signed.
        """
        for name in (MANIFEST, MANIFEST_DIGEST):
            if name not in files:
                raise PackageError("file_missing", name)
        raw = bytes(files[MANIFEST])
        sha256 = digest(raw)
        if bytes(files[MANIFEST_DIGEST]) != (sha256 + "\n").encode():
            raise PackageError("digest_mismatch", f"{MANIFEST} is not the one that {MANIFEST_DIGEST} names")
        if verifier:
            from adsieve.material.signing import check_signature  # functions that only use their layer need none

            # Before anything in it is read: what no trusted key signed is not worth parsing.
            check_signature(verifier, raw, bytes(files.get(MANIFEST_SIGNATURE, b"")))
        manifest = Manifest.from_json(raw)
        views = {name: memoryview(data) for name, data in files.items() if name not in _ENVELOPE}
        _verify(manifest, views)
        return cls(manifest, sha256, views, signed=verifier is not None)

    def __len__(self) -> int:
        return len(self._rows)

    def _material(self, row: int) -> Material:
        """The material in a row; parsed on first use."""
        return Material.from_row(json.loads(self._rows.line(row)))

    def row(self, material_id: str) -> int | None:
        """The row of a material; None where it is not in this package."""
        return self._rows.row(material_id)

    def lines(self, rows: Iterable[int] | None = None) -> Iterator[bytes]:
        """Rows as lines of JSON, all or those named, to tell packages apart without parsing what they share."""
        return map(self._rows.line, range(len(self)) if rows is None else rows)

    def layers(self) -> tuple[tuple["Package", frozenset[int]], ...]:
        """The packages that this one is made of, each with the rows of it that are not in force."""
        return ((self, frozenset()),)

    def beside(self, name: str) -> bytes:
        """A file that was shipped beside the rows; empty where there is none."""
        return bytes(self._files.get(name, b""))

    def materials(self) -> list[Material]:
        """Every material, by row. For tools: parses all of them."""
        return [self._material(row) for row in range(len(self))]


def load_package(path: Path | str, verifier: "Verifier | None" = None) -> Package:
    """Open and verify a package folder; with a verifier it must be signed, see `Package.of`.

    Raises:
        PackageError: the folder is no package, or any byte of it is not as published.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise PackageError("not_found", f"{folder} is no folder")
    files = {}
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or not entry.is_file():
            raise PackageError("file_unknown", f"{entry.name} is no plain file")
        files[entry.name] = _map(entry)
    return Package.of(files, verifier)


def _map(file: Path) -> memoryview:
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise PackageError("too_large", f"{file.name} is {size} bytes, at most {MAX_BYTES}")
    if size == 0:
        return memoryview(b"")
    with file.open("rb") as opened:
        return memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))


def _verify(manifest: Manifest, files: Mapping[str, memoryview]) -> None:
    """Exactly the files of the manifest, byte for byte. Sizes are compared first: they are free."""
    check_bounds(manifest.counts, sum(entry.bytes for entry in manifest.files.values()))
    for name in _NEEDED:
        if name not in manifest.files:
            raise PackageError("file_missing", name)
    if missing := sorted(manifest.files.keys() - files.keys()):
        raise PackageError("file_missing", missing[0])
    if added := sorted(files.keys() - manifest.files.keys()):
        raise PackageError("file_unknown", added[0])
    for name, entry in manifest.files.items():
        if len(files[name]) != entry.bytes:
            raise PackageError("size_mismatch", f"{name} has {len(files[name])} bytes, want {entry.bytes}")
    for name, found in _digests(files):
        if found != manifest.files[name].sha256:
            raise PackageError("digest_mismatch", name)
    if len(files[ROWS]) != ROW_BYTES * manifest.counts["materials"]:
        raise PackageError("inconsistent", f"{ROWS} does not fit the number of materials")


def _digests(files: Mapping[str, memoryview]) -> Iterator[tuple[str, str]]:
    """The digest of every file; of large ones two at a time, since this is most of what opening a large package takes."""
    large = sorted(
        (name for name in files if len(files[name]) > _LARGE), key=lambda name: len(files[name]), reverse=True
    )
    if len(large) > 1:
        from concurrent.futures import ThreadPoolExecutor  # small packages, that is most, need no threads

        with ThreadPoolExecutor(2) as pool:
            yield from zip(large, pool.map(digest, (files[name] for name in large)), strict=True)
    else:
        large = []
    yield from ((name, digest(data)) for name, data in files.items() if name not in large)
