"""What is wrong or doubtful in pictures and clips that operators give.

Those that cannot be read; pictures with too little to see, given twice, or close to what is known to be clean. Of a
picture that is given by its hash nothing else can be told than whether it is given twice or close to a clean one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsieve.detectors.images import RADIUS, REVIEW_BAND, ImageDetector, sample_evidence
from adsieve.detectors.media.bare import bare_hashes
from adsieve.detectors.videos import VideoDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import InvalidMaterialError, Problem, UnreadableMediaError
from adsieve.domain.material import Kind, Material
from adsieve.material.collisions import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_FEATURES = 25
"""Local features below which a covered or cut picture is hardly known again."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A picture as it is compared with others.

    Attributes:
        ways: its hash and, where there is a sample, that of every way to turn it, n x 32 bytes; none if they say nothing.
        file: digest of the sample.
    """

    material: Material
    ways: "NDArray[np.uint8]"
    file: str = ""


def lint_samples(materials: Sequence[Material], progress: Progress, clean: Path | None = None) -> Iterator[Problem]:
    """Problems of image and video rows whose values are well-formed: of each alone in file order, then among them.

    Args:
        materials: sound rows of these kinds.
        progress: told what is being done.
        clean: a folder of pictures that must never match: ads that were allowed, stock pictures, brand templates.
    """
    known: list[_Known] = []
    for number, material in enumerate(materials):
        if material.hash_only:
            known.append(_Known(material, bare_hashes([material])))
            continue
        progress("samples", number)
        try:
            if material.kind is Kind.IMAGE:
                evidence = sample_evidence(material)
                known.append(_Known(material, _ways(evidence), evidence["sha256"]))
                yield from _structure(material, evidence)
            else:
                VideoDetector.compile([(0, material)])
        except InvalidMaterialError as error:
            yield from error.problems
    yield from _twins(known, progress)
    if clean and known:
        yield from _close_to_clean([one.material for one in known], clean)


def _ways(evidence: Mapping[str, Any]) -> "NDArray[np.uint8]":
    from adsieve.detectors.media.pictures import GOOD, every_way

    whole = evidence["hashes"][0]
    return every_way(whole)[: None if whole["quality"] >= GOOD else 0]


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


def _twins(known: Sequence[_Known], progress: Progress) -> Iterator[Problem]:
    """For each the first row before it that shows the same, at most one."""
    import numpy as np

    from adsieve.detectors.media.index import HashIndex
    from adsieve.detectors.media.pdq import ALGORITHM

    told = [number for number, one in enumerate(known) if len(one.ways)]
    firsts = np.concatenate([np.zeros((0, 32), np.uint8), *(known[number].ways[:1] for number in told)])
    files = HashIndex.build(firsts, "known", ALGORITHM)
    index = HashIndex.open({name: memoryview(data) for name, data in files.items()}, "known", ALGORITHM)
    by_file: dict[str, list[int]] = {}
    for number, one in enumerate(known):
        if number % 1000 == 0:
            progress("twins", number)
        near = dict.fromkeys(by_file.get(one.file, ()), 0)
        for way in one.ways:
            for entry, distance in zip(*index.search(way.tobytes(), RADIUS), strict=True):
                near[told[entry]] = min(int(distance), near.get(told[entry], RADIUS))
        if one.file:
            by_file.setdefault(one.file, []).append(number)
        same = (other for other in near if other < number and known[other].material.policy == one.material.policy)
        if (first := min(same, default=None)) is not None:
            other = known[first].material
            message = f"`{one.material.value}` shows the same as {other.id} ({other.source}), distance {near[first]}"
            yield Problem(one.material.source, "value", message, "keep the sharper of the two", "warning")


def _close_to_clean(materials: Sequence[Material], clean: Path) -> Iterator[Problem]:
    """Materials that would hit a picture which is known to be harmless."""
    from adsieve.detectors.media.deadline import Deadline
    from adsieve.detectors.media.pictures import read_picture

    files = ImageDetector.compile([*enumerate(materials)])
    detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
    for file in sorted(path for path in clean.rglob("*") if path.is_file()):
        try:
            (part,) = read_picture(file.name, file, Deadline.after(60.0))
        except UnreadableMediaError:
            continue
        for match in detector.detect(Part(part.name, PartKind.IMAGE, evidence=part.evidence)):
            material = materials[match.row]
            message = f"`{material.value}` matches the clean picture `{file.name}` ({' + '.join(match.how) or 'exact'})"
            hint = f"write a smaller radius (now {RADIUS if material.radius is None else material.radius}, review to "
            hint += f"+{REVIEW_BAND}), or an ALLOW row for the clean picture"
            yield Problem(material.source, "value", message, hint, "warning")
