"""A few examples that a package carries, so that whoever loads it sees the real engine find what it must."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import PackageError
from adsieve.domain.material import Material
from adsieve.material.package import Package

SELFTEST = "selftest.jsonl"
MAX_EXAMPLES = 20
"""What a loader can afford at a cold start; everything is tried when a package is published."""


def examples_of(materials: Sequence[Material]) -> bytes:
    """The file: examples of some rows, drawn by the digest of their ids so that no row is favoured."""
    drawn = sorted(materials, key=lambda material: sha256(material.id.encode()).digest())
    lines = [line for material in drawn for line in _lines(material)][:MAX_EXAMPLES]
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def check_engine(package: Package) -> None:
    """Raise PackageError where this engine does not find in the examples what the package says it must."""
    try:
        lines = [json.loads(line) for line in package.beside(SELFTEST).splitlines()[:MAX_EXAMPLES]]
        wrong = [material_id for material_id, text, wanted in lines if (material_id in found(package, text)) != wanted]
    except (ValueError, TypeError) as error:
        raise PackageError("inconsistent", f"{SELFTEST}: {error}") from None
    if wrong:
        raise PackageError("selftest", f"{len(wrong)} examples are not decided as published, first of {wrong[0]}")


def broken_examples(package: Package, materials: Iterable[Material]) -> list[str]:
    """Every example of these rows that the package does not decide as its row says, worded for people."""
    return [
        f"{material_id}: `{text}` {'is not found' if wanted else 'is found'}"
        for material in materials
        for material_id, text, wanted in _lines(material)
        if (material_id in found(package, text)) != wanted
    ]


def found(package: Package, text: str) -> set[str]:
    """Ids of the materials found in a text."""
    part = Part("texts.example", PartKind.TEXT, text)
    return {
        package.material(match.row).id
        for detector in package.detectors
        if part.kind in detector.looks_at
        for match in detector.detect(part)
    }


def _lines(material: Material) -> list[tuple[str, str, bool]]:
    if material.visual:
        return []
    hits = [(material.id, text, True) for text in material.examples_hit]
    return hits + [(material.id, text, False) for text in material.examples_miss]
