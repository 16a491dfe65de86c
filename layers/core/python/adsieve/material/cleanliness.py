"""Whether rows leave honest sentences alone: what is above two hits in ten thousand is refused before it is published."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from adsieve.detectors.base import Looker
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action
from adsieve.domain.errors import Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material
from adsieve.material.corpus import Sentence
from adsieve.material.package import Package

MOST = 2 / 10_000
"""Hits a sentence of a language that a row may have."""

_BY_CHANCE = 1
"""One sentence proves nothing, however few there are."""

_CHECKED = frozenset({Kind.TERM, Kind.PATTERN, Kind.COMBO})


def unclean(
    package: Package, materials: Sequence[Material], corpus: Sequence[Sentence], progress: Callable[[str, int], None]
) -> Iterator[Problem]:
    """One error for each row that hits too many sentences of a language, one warning for each that hits any.

    Args:
        package: the rows, compiled.
        materials: the rows; ALLOW rows for every market cancel what they contain, as in an ad.
        corpus: honest sentences.
        progress: told what is being done and how much of it is done.
    """
    known = {material.id: material for material in materials}
    hits: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    detectors = [detector for detector in package.detectors if detector.kinds & _CHECKED]
    for number, (text, language) in enumerate(corpus):
        for identifier in _hit(text, package, detectors, known):
            hits[identifier][language].append(text)
        if number % 500 == 0:
            progress("clean sentences", number)
    sizes = Counter(language for _, language in corpus)
    for identifier, found in hits.items():
        yield _told(known[identifier], found, sizes)


def _hit(text: str, package: Package, detectors: Sequence[Looker], known: Mapping[str, Material]) -> dict[str, None]:
    """Ids of the rows that a sentence hits."""
    part = Part("texts.clean", PartKind.TEXT, text)
    found = [(package.material(match.row), match) for detector in detectors for match in detector.detect(part)]
    excuses = [match for material, match in found if material.action is Action.ALLOW and not material.markets]
    return {
        material.id: None
        for material, match in found
        if material.id in known and material.action > Action.LOG and not _is_excused(match, excuses)
    }


def _is_excused(match: Match, excuses: Sequence[Match]) -> bool:
    return any(excuse.contains(match) for excuse in excuses)


def _told(material: Material, found: Mapping[str, Sequence[str]], sizes: Mapping[str, int]) -> Problem:
    def rate(language: str) -> float:
        return len(found[language]) / sizes[language]

    worst = max(found, key=rate)
    count = len(found[worst])
    where = f" in {worst}" if worst else ""
    refused = count > max(_BY_CHANCE, MOST * sizes[worst])
    message = f"`{material.value}` hits a clean sentence{where}: `{found[worst][0]}`"
    if count > _BY_CHANCE:
        message = (
            f"`{material.value}` hits {count} of {sizes[worst]:,} clean sentences{where} "
            f"({rate(worst) * 10_000:.1f} in 10,000, at most {MOST * 10_000:.0f}): `{found[worst][0]}`"
        )
    hint = "list a longer phrase, make it a combo, or put what is harmless into `unless`"
    return Problem(material.source, "value", message, hint, "error" if refused else "warning")
