"""Rows to package files. The same rows and rules give the same bytes, whatever order, clock or machine."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from adsieve.detectors import DETECTORS
from adsieve.detectors.base import Row
from adsieve.domain.decision import State
from adsieve.domain.errors import InputError, InvalidMaterialError, Problem
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.material.bounds import check_bounds
from adsieve.material.columns import columns
from adsieve.material.doubts import refusals
from adsieve.material.manifest import MANIFEST, MANIFEST_DIGEST, Manifest, digest
from adsieve.material.matrix import matrix_to_json

SHIPPED = frozenset({State.SHADOW, State.CANARY, State.ACTIVE})
"""States whose materials are in a package; the others exist only in the registry."""


def compile_files(
    materials: Iterable[Material],
    matrix: PolicyMatrix,
    *,
    version: str | None = None,
    beside: Mapping[str, bytes] | None = None,
    **told: Any,
) -> dict[str, bytes]:
    """The files of a package, by name.

    Args:
        materials: rows in any order; those in a state that is not shipped are left out.
        matrix: the policy matrix to ship with them.
        version: the publisher's name for it; by default the start of the digest of its content.
        beside: further files to ship, by name.
        told: `built_at`, `previous`, `base` and `growth` of the manifest, see `Manifest`.

    Raises:
        InvalidMaterialError: rows that no detector can compile, all of them.
    """
    shipped = sorted(
        (material for material in materials if material.state in SHIPPED), key=lambda material: material.id
    )
    problems = [problem for material in shipped for problem in check(material) if problem.severity == "error"]
    if problems:
        raise InvalidMaterialError(problems)
    rows: list[Row] = list(enumerate(shipped))
    files = columns(shipped) | {"policies.json": matrix_to_json(matrix)}
    for detector in DETECTORS:
        own = [row for row in rows if row[1].kind in detector.kinds]
        files |= detector.compile(own) if own else {}
    files |= beside or {}
    check_bounds(_counts(shipped), sum(map(len, files.values())))
    manifest = Manifest.describe(files, counts=_counts(shipped), version=version, **told).to_json()
    return files | {MANIFEST: manifest, MANIFEST_DIGEST: (digest(manifest) + "\n").encode()}


def check(material: Material) -> list[Problem]:
    """Why the row cannot be compiled, and what its detector doubts."""
    doubted = (detector.check(material) for detector in DETECTORS if material.kind in detector.kinds)
    return [*(problem for problems in doubted for problem in problems), *refusals(material)]


def write_package(files: dict[str, bytes], out: Path) -> None:
    """Write package files as a folder, whole or not at all.

    An older package at `out` is replaced; anything else there is left alone.

    Raises:
        InputError: `out` exists and is no package.
    """
    if out.exists() and not (out.is_dir() and ((out / MANIFEST).is_file() or not any(out.iterdir()))):
        raise InputError(f"{out}: exists and is no package, choose another folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        fresh.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _counts(materials: Sequence[Material]) -> dict[str, int]:
    kinds = Counter(str(material.kind) for material in materials)
    return {"materials": len(materials)} | dict(sorted(kinds.items()))
