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
    for number, (material, evidence) in enumerate(read):
        yield from _structure(material, evidence)
        yield from _twins(material, evidence, read[:number])
    if clean and read:
        yield from _close_to_clean(read, clean)


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


def _twins(material: Material, evidence: Mapping[str, Any], earlier: Sequence[Read]) -> Iterator[Problem]:
    """The earlier row that shows the same, at most one."""
    for other, known in earlier:
        if material.policy == other.policy and (distance := _distance(evidence, known)) <= RADIUS:
            message = f"`{material.value}` shows the same as {other.id} ({other.source}), distance {distance}"
            yield Problem(material.source, "value", message, "keep the sharper of the two", "warning")
            return


def _distance(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Between the whole pictures, turned every way."""
    import numpy as np

    from adsieve.detectors.media.pictures import GOOD, every_way

    here, there = one["hashes"][0], other["hashes"][0]
    if one["sha256"] == other["sha256"]:
        return 0
    if min(here["quality"], there["quality"]) < GOOD:
        return 256
    return int(np.bitwise_count(every_way(here) ^ every_way(there)[:1]).sum(axis=1, dtype=np.int64).min())


def _close_to_clean(read: Sequence[Read], clean: Path) -> Iterator[Problem]:
    """Materials that would hit a picture which is known to be harmless."""
    from adsieve.detectors.media.deadline import Deadline
    from adsieve.detectors.media.pictures import read_picture

    files = ImageDetector.compile([(row, material) for row, (material, _) in enumerate(read)])
    detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
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
