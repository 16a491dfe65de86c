"""The manifest: what a package consists of, byte for byte."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from adsieve.domain.errors import PackageError
from adsieve.version import __version__

MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
MANIFEST_SIGNATURE = "manifest.sig"
POLICIES = "policies.json"
SCHEMA = 1
ENGINE_MIN = "0.1.0"
"""Oldest engine that reads packages of this schema as they are meant."""

GROWTH = 2.0
"""A package that doubles from one release to the next is a mistake until somebody says otherwise."""

FILE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def digest(data: bytes | memoryview) -> str:
    """SHA-256, lower-case hex."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and SHA-256 of one file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself.

    Attributes:
        version: the publisher's name for it.
        engine_min: oldest engine that may use it.
        built_at: ISO time, only where the publisher gave one: builds are reproducible.
        counts: rows in all and by kind.
        files: every file but the manifest and its digest.
        previous: digest of the manifest that this package follows.
        base: digest of the manifest of the package that this one is laid over; None: it stands alone.
        growth: how many times the rows of `previous` it may have; more than 2 takes somebody's decision.
    """

    version: str
    engine_min: str
    counts: Mapping[str, int]
    files: Mapping[str, FileEntry]
    built_at: str | None = None
    previous: str | None = None
    base: str | None = None
    growth: float = GROWTH
    schema: int = SCHEMA

    @classmethod
    def describe(
        cls, files: Mapping[str, bytes], *, counts: Mapping[str, int], version: str | None, **told: Any
    ) -> Self:
        """The manifest of these files; `told` are the attributes that do not follow from them."""
        entries = {name: FileEntry(len(data), digest(data)) for name, data in sorted(files.items())}
        content = digest(json.dumps({name: entry.sha256 for name, entry in entries.items()}).encode())
        return cls(version or content[:12], ENGINE_MIN, dict(counts), entries, **told)

    @property
    def links(self) -> tuple[str, ...]:
        """Digests of the manifests that it refers to."""
        return tuple(link for link in (self.previous, self.base) if link is not None)

    def to_json(self) -> bytes:
        """Canonical JSON: there is one way to write a manifest, so every changed byte shows."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read a manifest that this engine may use.

        Raises:
            PackageError: not canonical, of another schema, or for a newer engine.
        """
        try:
            told: dict[str, Any] = json.loads(data)
            if told["schema"] != SCHEMA:
                raise PackageError("schema_unknown", f"schema {told['schema']}, this engine reads {SCHEMA}")
            told["files"] = {name: FileEntry(**entry) for name, entry in told["files"].items()}
            manifest = cls(**told)
            _check_types(manifest)
            canonical = manifest.to_json()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise PackageError("manifest_malformed", f"{MANIFEST}: {type(error).__name__}: {error}") from None
        if canonical != data:
            raise PackageError("manifest_malformed", f"{MANIFEST}: is not written canonically")
        if not (FILE_NAME.fullmatch(manifest.version) and all(_DIGEST.fullmatch(name) for name in manifest.links)):
            raise PackageError("manifest_malformed", f"{MANIFEST}: names no package")
        if not all(FILE_NAME.fullmatch(name) for name in manifest.files):
            raise PackageError("manifest_malformed", f"{MANIFEST}: names a file outside the package")
        if _numbers(manifest.engine_min) > _numbers(__version__):
            raise PackageError("engine_too_old", f"needs engine {manifest.engine_min}, this is {__version__}")
        return manifest


def _check_types(manifest: Manifest) -> None:
    """Raise what the caller turns into a PackageError: counts and sizes are numbers that cannot surprise anybody."""
    sizes = [entry.bytes for entry in manifest.files.values()]
    numbers = [manifest.counts["materials"], *manifest.counts.values(), *sizes]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise TypeError("a count is no whole number")
    growth: object = manifest.growth
    if not isinstance(growth, float) or not math.isfinite(growth):
        raise TypeError("growth is no number")


def _numbers(version: str) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in version.split("."))
    except ValueError:
        raise PackageError("manifest_malformed", f"`{version}` is no version") from None
