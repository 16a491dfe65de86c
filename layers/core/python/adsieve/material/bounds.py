"""How much a package may hold. Checked when it is built and again when it is loaded: generated content is not trusted."""

from collections.abc import Callable, Mapping

from adsieve.domain.errors import PackageError
from adsieve.domain.material import Kind
from adsieve.material.manifest import Manifest

MAX_BYTES = 600 * 1024 * 1024
"""All files together: a million terms with an example each take 270 MB and a million hashes of pictures 260, lock and trail included.
Two packages fit into a function's temporary disk (1.5 GB)."""

MAX_MANIFEST = 1024 * 1024
MAX_MATERIALS = 3_000_000
MAX_PATTERNS = 5_000
"""Each is tried on every text."""

MAX_DELTA = 200
"""Rows that a package laid over another may add or hide: what is larger is built whole."""

SMALL = 200
"""Rows up to which a package may grow freely: the first materials double the package every day."""


def check_bounds(counts: Mapping[str, int], size: int) -> None:
    """Raise PackageError where a package is larger than any that is meant."""
    patterns = counts.get(Kind.PATTERN, 0) + counts.get(Kind.COMBO, 0)
    for number, most, what in (
        (counts["materials"], MAX_MATERIALS, "materials"),
        (patterns, MAX_PATTERNS, "patterns and combos"),
        (size, MAX_BYTES, "bytes"),
    ):
        if number > most:
            raise PackageError("too_large", f"{number:,} {what}, at most {most:,}")


def check_growth(manifest: Manifest, named: Callable[[str], Manifest], layer: Manifest | None = None) -> None:
    """Raise PackageError where a package has outgrown the one that it follows.

    Args:
        manifest: of the package.
        named: gives the manifest of a digest. The predecessor is asked for, whatever this package tells of it; one
            that was laid over another counts as that other.
        layer: what the first package of all follows: that of the function's layer.
    """
    rows = manifest.counts["materials"]
    if manifest.base is not None:
        if rows > MAX_DELTA:
            raise PackageError("growth", f"{rows:,} rows laid over a package, at most {MAX_DELTA}")
        return
    previous = named(manifest.previous) if manifest.previous else layer
    if previous is None:
        return
    if previous.base is not None:
        previous = named(previous.base)
    for now, before, small, what in (
        (rows, previous.counts["materials"], SMALL, "rows"),
        (_size(manifest), _size(previous), SMALL * 10_000, "bytes"),
    ):
        most = max(small, manifest.growth * before)
        if now > most:
            raise PackageError("growth", f"{now:,} {what} after {before:,} in its predecessor, at most {most:,.0f}")
        if before > small and now * manifest.growth < before:
            raise PackageError("growth", f"{now:,} {what} after {before:,} in its predecessor: most of it is missing")


def _size(manifest: Manifest) -> int:
    return sum(entry.bytes for entry in manifest.files.values())
