"""Why something matched, or did not: the same engine asked step by step, and asked again with one rule relaxed."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from adsieve.detectors.how import How
from adsieve.detectors.media.how import MediaStep
from adsieve.detectors.text.fold import Folded
from adsieve.detectors.text.how import Step
from adsieve.detectors.url.how import UrlStep
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import State
from adsieve.domain.finding import Match
from adsieve.domain.material import Flag, Kind, Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.material.compile import compile_files
from adsieve.material.package import Package

MAX_NEAR = 10
"""Near misses told: a reader wants the nearest, not a list of everything."""


@dataclass(frozen=True, slots=True)
class Change:
    """Characters that reading replaced.

    Attributes:
        old: as written; by number and name where it was dropped.
        new: what it was read as; empty where it was dropped.
        count: how often.
    """

    old: str
    new: str
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the detectors read it.

    Attributes:
        text: the text in its canonical form.
        changes: every kind of change that led there, in order of first appearance.
    """

    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A material that would have matched if one rule were different.

    Attributes:
        text: the words that would have matched.
        because: the rule that kept it from matching.
    """

    material: Material
    text: str
    because: str


def read(text: str) -> Reading:
    """How a text is folded: what was dropped, what was unified, and the result."""
    folded = Folded(text)
    changes: Counter[tuple[str, str]] = Counter()
    for old, new in _changes(folded):
        changes[_named(old) if not new else old, new] += 1
    return Reading(folded.text, tuple(Change(old, new, count) for (old, new), count in changes.items()))


def meanings(kind: Kind, how: Iterable[str]) -> dict[str, str]:
    """What the steps of a finding mean, in plain words."""
    vocabularies: dict[Kind, type[How]] = {Kind.URL: UrlStep, Kind.IMAGE: MediaStep, Kind.VIDEO: MediaStep}
    vocabulary = vocabularies.get(kind, Step)
    known = {str(step): step.meaning for step in vocabulary}
    return {step: known.get(step, "") for step in how}


def near_misses(parts: Iterable[Part], materials: Iterable[Material], matrix: PolicyMatrix) -> list[NearMiss]:
    """Materials of these that nearly match these parts, each with the one rule that would have to change.

    The rules are relaxed one by one and the real engine is asked again, so the answer is never a guess.
    """
    looked_at = [part for part in parts if part.kind is not PartKind.MEDIA]
    candidates = {material.id: material for material in materials if material.kind in (Kind.TERM, Kind.URL)}
    for found in _found(looked_at, candidates.values(), matrix):
        candidates.pop(found[0].id, None)
    near: dict[str, NearMiss] = {}
    for because, relax in _RELAXED:
        relaxed = [changed for material in candidates.values() if (changed := relax(material)) != material]
        for material, match in _found(looked_at, relaxed, matrix):
            original = candidates[material.id]
            told = because.format(material=original, text=match.text)
            near.setdefault(material.id, NearMiss(original, match.text, told))
    return list(islice(near.values(), MAX_NEAR))


def _anywhere(material: Material) -> Material:
    flags = material.flags - {Flag.PREFIX} | {Flag.SUBSTRING}
    return replace(material, flags=flags) if material.kind is Kind.TERM else material


_RELAXED = (
    ("one of its `unless` phrases stands around it", lambda material: replace(material, unless=())),
    ("`case` asks for the same capitals", lambda material: replace(material, flags=material.flags - {Flag.CASE})),
    ("`plain` reads no evasion", lambda material: replace(material, flags=material.flags - {Flag.PLAIN})),
    (
        "a suffix follows and it has no `suffixes` flag",
        lambda material: replace(material, flags=material.flags | {Flag.SUFFIXES}),
    ),
    ("it stands inside a longer word", _anywhere),
)


def _found(
    parts: Iterable[Part], materials: Iterable[Material], matrix: PolicyMatrix
) -> Iterator[tuple[Material, Match]]:
    package = Package.of(compile_files([replace(material, state=State.ACTIVE) for material in materials], matrix))
    for part in parts:
        for detector in package.detectors:
            if part.kind in detector.looks_at:
                yield from ((package.material(match.row), match) for match in islice(detector.detect(part), 200))


def _changes(folded: Folded) -> Iterator[tuple[str, str]]:
    layers = []
    layer = folded.words
    while layer.below is not None:
        layers.append(layer)
        layer = layer.below
    for made in reversed(layers):
        yield from ((old, new) for old, new in made.changes() if old.casefold() != new)


def _named(old: str) -> str:
    """What was dropped is often invisible: a single character by its number and name."""
    return f"U+{ord(old):04X} {unicodedata.name(old, 'unnamed')}" if len(old) == 1 else old
