"""What is wrong or doubtful in samples that operators give.

Pictures and clips that cannot be read; pictures with too little to see, given twice, or close to what is known to be clean.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adsieve.detectors.images import RADIUS, REVIEW_BAND, ImageDetector, sample_evidence
from adsieve.detectors.videos import VideoDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import InvalidMaterialError, Problem, UnreadableMediaError
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material
from adsieve.material.collisions import Progress

FEWEST_FEATURES = 25
"""Local features below which a covered or cut picture is hardly known again."""

type Read = tuple[Material, Mapping[str, Any]]


def lint_samples(materials: Sequence[Material], progress: Progress, clean: Path | None = None) -> Iterator[Problem]:
    """Problems of image and video rows whose samples are there, in file order.

    Args:
        materials: sound rows of these kinds.
        progress: told what is being done.
        clean: a folder of pictures that must never match: ads that were allowed, stock pictures, brand templates.
    """
    read: list[Read] = []
    for number, material in enumerate(materials):
        progress("samples", number)
        try:
            if material.kind is Kind.IMAGE:
                read.append((material, sample_evidence(material)))
            else:
                VideoDetector.compile([(0, material)])
        except InvalidMaterialError as error:
            yield from error.problems
    for material, evidence in read:
        yield from _structure(material, evidence)
    if not read:
        return
    detector = _compiled(read)
    for number, other, match in twins(read, detector):
        yield _twin(read[number][0], read[other][0], match)
    if clean:
        yield from _close_to_clean(read, detector, clean)


def twins(read: Sequence[Read], detector: ImageDetector) -> Iterator[tuple[int, int, Match]]:
    """(number, number of an earlier one, how it is seen) of pictures of one policy that an ad cannot be told apart by.

    The matching itself is asked, both ways: what it takes for the other is one, also recoloured, cut or turned.

    Args:
        read: pictures as read.
        detector: compiled of them, row by row.
    """
    nearest: dict[int, tuple[bool, int, Match]] = {}
    for number, (material, evidence) in enumerate(read):
        for match in detector.detect(Part(material.value, PartKind.IMAGE, evidence=evidence)):
            earlier, later = sorted((number, match.row))
            if earlier < later and read[earlier][0].policy == read[later][0].policy:
                told = "near" in match.how, earlier, match
                nearest[later] = min(nearest.get(later, told), told, key=lambda one: one[:2])
    for later, (_, earlier, match) in sorted(nearest.items()):
        yield later, earlier, match


def _compiled(read: Sequence[Read]) -> ImageDetector:
    files = ImageDetector.compile([(row, material) for row, (material, _) in enumerate(read)])
    return ImageDetector.open({name: memoryview(data) for name, data in files.items()})


def _structure(material: Material, evidence: Mapping[str, Any]) -> Iterator[Problem]:
    from adsieve.detectors.media.pictures import GOOD, unpacked_features

    quality = evidence["hashes"][0]["quality"]
    if quality < GOOD:
        message = f"`{material.value}` shows too little (structure {quality} of 100, at least {GOOD})"
        hint = "only the very same file will match; give a picture with more in it"
        yield Problem(material.source, "value", message, hint, "warning")
    elif (count := len(unpacked_features(evidence["looks"][0]["features"]))) < FEWEST_FEATURES:
        message = f"`{material.value}` has few details ({count}, better {FEWEST_FEATURES} or more)"
        hint = "it will be known as a whole, hardly when cut or covered"
        yield Problem(material.source, "value", message, hint, "warning")


def _twin(material: Material, other: Material, match: Match) -> Problem:
    shows, hint = "shows the same as", "keep the sharper of the two"
    if "near" in match.how:
        shows, hint = "looks much like", "look at both: where they show the same, keep the sharper"
    message = f"`{material.value}` {shows} {other.id} ({other.source}; {' + '.join(match.how) or 'as a whole'})"
    return Problem(material.source, "value", message, hint, "warning")


def _close_to_clean(read: Sequence[Read], detector: ImageDetector, clean: Path) -> Iterator[Problem]:
    """Materials that would hit a picture which is known to be harmless."""
    from adsieve.detectors.media.deadline import Deadline
    from adsieve.detectors.media.pictures import read_picture

    for file in sorted(path for path in clean.rglob("*") if path.is_file()):
        try:
            (part,) = read_picture(file.name, file, Deadline.after(60.0))
        except UnreadableMediaError:
            continue
        for match in detector.detect(Part(part.name, PartKind.IMAGE, evidence=part.evidence)):
            material = read[match.row][0]
            message = f"`{material.value}` matches the clean picture `{file.name}` ({' + '.join(match.how) or 'exact'})"
            hint = f"write a smaller radius (now {RADIUS if material.radius is None else material.radius}, review to "
            hint += f"+{REVIEW_BAND}), or an ALLOW row for the clean picture"
            yield Problem(material.source, "value", message, hint, "warning")
