"""Published packages in memory, under the same rules as the bucket."""

from hashlib import sha256 as digest

from adsieve.domain.errors import ConflictError, PackageError
from adsieve.material_ports import StoredPointer


class MemoryPackageStore:
    """See `PackageStore`. What is in `archives` and `manifests` may be damaged by tests."""

    def __init__(self) -> None:
        self.archives: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.stored: StoredPointer | None = None

    def __len__(self) -> int:
        return len(self.archives)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self.archives

    def put(self, sha256: str, manifest: bytes, archive: bytes) -> None:
        """See `PackageStore.put`."""
        self.archives[sha256], self.manifests[sha256] = archive, manifest

    def archive(self, sha256: str, limit: int) -> bytes | None:
        """See `PackageStore.archive`."""
        return _within(self.archives.get(sha256), limit)

    def manifest(self, sha256: str, limit: int) -> bytes | None:
        """See `PackageStore.manifest`."""
        return _within(self.manifests.get(sha256), limit)

    def pointer(self, unless: str | None = None) -> StoredPointer | None:
        """See `PackageStore.pointer`."""
        return None if self.stored is None or self.stored.tag == unless else self.stored

    def point(self, data: bytes, expected: str | None) -> str:
        """See `PackageStore.point`."""
        if (self.stored.tag if self.stored else None) != expected:
            raise ConflictError("the current package")
        self.stored = StoredPointer(data, digest(data).hexdigest())
        return self.stored.tag


def _within(data: bytes | None, limit: int) -> bytes | None:
    if data is not None and len(data) > limit:
        raise PackageError("too_large", f"{len(data):,} bytes, at most {limit:,}")
    return data
