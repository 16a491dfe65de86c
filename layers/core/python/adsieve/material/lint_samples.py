"""What is wrong or doubtful in pictures and clips that operators give.

Those that cannot be read; pictures with too little to see, given twice, or close to what is known to be clean. Of a
picture that is given by its hash nothing else can be told than whether it is given twice or close to a clean one.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adsieve.detectors.images import RADIUS, REVIEW_BAND, ImageDetector, sample_evidence
from adsieve.detectors.media.bare import bare_hashes
from adsieve.detectors.videos import VideoDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import InvalidMaterialError, Problem, UnreadableMediaError
from adsieve.domain.material import Kind, Material
from adsieve.material.collisions import Progress

FEWEST_FEATURES = 25
"""Local features below which a covered or cut picture is hardly known again."""

_PROGRESS_EVERY = 1_000

type Read = tuple[Material, Mapping[str, Any] | None]
"""A picture's row and what was read of its sample, if it has one."""


def lint_samples(materials: Sequence[Material], progress: Progress, clean: Path | None = None) -> Iterator[Problem]:
    """Problems of image and video rows whose values are well-formed: of each alone in file order, then among them.

    Args:
        materials: sound rows of these kinds.
        progress: told what is being done.
        clean: a folder of pictures that must never match: ads that were allowed, stock pictures, brand templates.
    """
    read: list[Read] = []
    for number, material in enumerate(materials):
        if material.hash_only:
            read.append((material, None))
            continue
        progress("samples", number)
        try:
            if material.kind is Kind.IMAGE:
                evidence = sample_evidence(material)
                read.append((material, evidence))
                yield from _structure(material, evidence)
            else:
                VideoDetector.compile([(0, material)])
        except InvalidMaterialError as error:
            yield from error.problems
    if not read:
        return
    detector = compiled(read)
    for number, other, how in twins(read, detector, progress):
        yield _twin(read[number][0], read[other][0], how)
    if clean:
        yield from _close_to_clean(read, detector, clean)


def compiled(read: Sequence[Read]) -> ImageDetector:
    """The detector of these pictures, row by row."""
    rows = [(row, material) for row, (material, _) in enumerate(read)]
    files = ImageDetector.compile_read(rows, [evidence for _, evidence in read if evidence is not None])
    return ImageDetector.open({name: memoryview(data) for name, data in files.items()})


def twins(
    read: Sequence[Read], detector: ImageDetector, progress: Progress
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(number, number of an earlier one, how it is seen) of pictures of one policy that an ad cannot be told apart by.

    The matching itself is asked, both ways: what it takes for the other is one, also recoloured, cut or turned.

    Args:
        read: pictures as read.
        detector: `compiled` of them.
        progress: told what is being done.
    """
    nearest: dict[int, tuple[bool, int, tuple[str, ...]]] = {}
    for number, one in enumerate(read):
        if number % _PROGRESS_EVERY == 0:
            progress("twins", number)
        for row, how in _seen(detector, *one):
            earlier, later = sorted((number, row))
            if earlier < later and read[earlier][0].policy == read[later][0].policy:
                told = "near" in how, earlier, how
                nearest[later] = min(nearest.get(later, told), told, key=lambda found: found[:2])
    for later, (_, earlier, how) in sorted(nearest.items()):
        yield later, earlier, how


def _seen(
    detector: ImageDetector, material: Material, evidence: Mapping[str, Any] | None
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows that are seen in a picture, and how; of a bare hash those that have it, within the usual radius."""
    if evidence is not None:
        part = Part(material.value, PartKind.IMAGE, evidence=evidence)
        yield from ((match.row, match.how) for match in detector.detect(part))
        return
    for found, _, negative in detector.bank.near(bare_hashes([material]).tobytes(), RADIUS, 0):
        yield detector.bank.rows[found], ("negative",) if negative else ()


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


def _twin(material: Material, other: Material, how: tuple[str, ...]) -> Problem:
    shows, hint = "shows the same as", "keep the sharper of the two"
    if "near" in how:
        shows, hint = "looks much like", "look at both: where they show the same, keep the sharper"
    message = f"`{material.value}` {shows} {other.id} ({other.source}; {' + '.join(how) or 'as a whole'})"
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
