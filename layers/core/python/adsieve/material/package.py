"""A package in use: verified on opening, memory-mapped, rows parsed only when they match."""

import json
import mmap
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

from adsieve.detectors import DETECTORS
from adsieve.detectors.base import Detector
from adsieve.domain.errors import PackageError
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import PackageRef
from adsieve.material.manifest import MANIFEST, MANIFEST_DIGEST, Manifest, digest
from adsieve.material.matrix import matrix_from_json

MAX_BYTES = 512 * 1024 * 1024
"""A package is shipped in a Lambda layer (250 MB with everything else); anything near this is not ours."""

_ROWS = ("materials.jsonl", "materials.offsets", "policies.json")


class Package:
    """An immutable, verified compilation of material. Open one with `load_package` or `Package.of`.

    Attributes:
        manifest: what it says of itself.
        ref: its version and digest, for verdicts.
        matrix: the policy matrix it ships.
        detectors: one for each kind of material it holds.
    """

    def __init__(self, manifest: Manifest, sha256: str, files: Mapping[str, memoryview]) -> None:
        self.manifest = manifest
        self.ref = PackageRef(manifest.version, sha256)
        self._files = files
        self._rows = files["materials.jsonl"]
        self._offsets = files["materials.offsets"].cast("Q")
        self.matrix: PolicyMatrix = matrix_from_json(bytes(files["policies.json"]))
        held = manifest.counts.keys()
        self.detectors: tuple[Detector, ...] = tuple(
            detector.open(files) for detector in DETECTORS if not held.isdisjoint(detector.kinds)
        )
        self.material = lru_cache(maxsize=4096)(self._material)

    @classmethod
    def of(cls, files: Mapping[str, bytes | memoryview]) -> Self:
        """Verify package files given by name and open them.

        Raises:
            PackageError: anything missing, added, changed, of another schema or for a newer engine.
        """
        for name in (MANIFEST, MANIFEST_DIGEST):
            if name not in files:
                raise PackageError("file_missing", name)
        raw = bytes(files[MANIFEST])
        sha256 = digest(raw)
        if bytes(files[MANIFEST_DIGEST]) != (sha256 + "\n").encode():
            raise PackageError("digest_mismatch", f"{MANIFEST} is not the one that {MANIFEST_DIGEST} names")
        manifest = Manifest.from_json(raw)
        views = {name: memoryview(data) for name, data in files.items() if name not in (MANIFEST, MANIFEST_DIGEST)}
        _verify(manifest, views)
        return cls(manifest, sha256, views)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def _material(self, row: int) -> Material:
        """The material in a row; parsed on first use."""
        data = self._rows[self._offsets[row] : self._offsets[row + 1]]
        return Material.from_row(json.loads(bytes(data)))

    def lines(self) -> list[bytes]:
        """Every row as it is stored, to tell packages apart without parsing what they share."""
        return bytes(self._rows).splitlines()

    def materials(self) -> list[Material]:
        """Every material, by row. For tools: parses all of them."""
        return [self._material(row) for row in range(len(self))]


def load_package(path: Path | str) -> Package:
    """Open and verify a package folder.

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
    return Package.of(files)


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
    for name in _ROWS:
        if name not in manifest.files:
            raise PackageError("file_missing", name)
    if missing := sorted(manifest.files.keys() - files.keys()):
        raise PackageError("file_missing", missing[0])
    if added := sorted(files.keys() - manifest.files.keys()):
        raise PackageError("file_unknown", added[0])
    for name, entry in manifest.files.items():
        if len(files[name]) != entry.bytes:
            raise PackageError("size_mismatch", f"{name} has {len(files[name])} bytes, want {entry.bytes}")
    for name, entry in manifest.files.items():
        if digest(files[name]) != entry.sha256:
            raise PackageError("digest_mismatch", name)
    offsets = files["materials.offsets"]
    if len(offsets) != 8 * (manifest.counts["materials"] + 1):
        raise PackageError("inconsistent", "materials.offsets does not fit the number of materials")
