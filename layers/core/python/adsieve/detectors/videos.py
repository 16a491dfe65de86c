"""Clips: known ones found again in an ad's clips, whole or in pieces.

A clip is known by its looks. What counts is for how many seconds the ad shows looks of one material: from two seconds
on it is worth a reviewer's time, and where they fill a good part of either clip it is the material.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from adsieve.detectors.base import Files, Row
from adsieve.detectors.media.samples import sample_file, sample_problems
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import InvalidMaterialError, PackageError, Problem, UnreadableMediaError
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from adsieve.detectors.media.index import HashIndex, Words

RADIUS = 31
"""PDQ distance up to which two looks are the same, unless the material's row says otherwise."""

REVIEW_BAND = 16
"""How much farther a look may be to count towards a reviewer's time, never towards more."""

LEAST_SECONDS = 2.0
LEAST_LOOKS = 2
STILL_SECONDS = 0.75
"""Least time of a material that shows one look only: half a second is lost to where frames are taken."""

MOST_REACH = 128
"""Distance that every hash or its negative is within."""

QUERY_SHARE = 0.3
MATERIAL_SHARE = 0.5
"""Share of the ad's clip, or of the material's length, from which on it is the material."""

KNOWN_VIEWS = frozenset({"whole", "trim", "centre90", "centre80"})
"""Views of a material's looks that are kept: the centres find clips whose edges were cut off."""

GAP = 2.0
"""Seconds without the material that do not end a run: frames between two keyframes may not have been looked at."""

_SAMPLE_SECONDS = 300.0
_NAME = "videos"


@dataclass(slots=True)
class _Sighting:
    """What a clip shows of one material, at one strictness.

    Attributes:
        spans: [from, to) seconds of the ad's clip.
        looks: those of the material that were seen.
        how: steps of the nearest look.
    """

    spans: list[tuple[float, float]] = field(default_factory=list)
    looks: set[int] = field(default_factory=set)
    distance: int = 256
    how: tuple[str, ...] = ()

    def add(self, frame: Mapping[str, Any], looks: set[int], distance: int, how: tuple[str, ...]) -> None:
        """Note a frame of the ad that shows looks of the material."""
        self.spans += [(start, end) for start, end in frame["spans"]]
        self.looks |= looks
        if distance < self.distance:
            self.distance, self.how = distance, how

    @property
    def seconds(self) -> float:
        """How long the material is shown."""
        return sum(end - start for start, end in self.spans)

    def runs(self) -> list[list[float]]:
        """Spans in order, those less than `GAP` apart joined."""
        runs: list[list[float]] = []
        for start, end in sorted(self.spans):
            if runs and start - runs[-1][1] <= GAP:
                runs[-1][1] = max(runs[-1][1], end)
            else:
                runs.append([start, end])
        return runs


class VideoDetector:
    """Finds known clips."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.VIDEO})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.VIDEO})

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """The sample must lie beside the row; whether it can be decoded shows when it is compiled."""
        return sample_problems(material)

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`videos.*`: the hashes of every look of the samples.

        Raises:
            InvalidMaterialError: samples that cannot be read, all of them.
        """
        import numpy as np

        from adsieve.detectors.media.index import HashIndex
        from adsieve.detectors.media.pdq import ALGORITHM

        header: dict[str, list[Any]] = {"rows": [], "radius": [], "duration": [], "looks": [], "owners": []}
        hashes, problems = bytearray(), []
        for row, material in rows:
            try:
                looks, duration = _sample(material)
            except InvalidMaterialError as error:
                problems += error.problems
                continue
            for look in looks:
                hashes += b"".join(look)
                header["owners"] += [len(header["looks"])] * len(look)
                header["looks"].append(len(header["rows"]))
            header["rows"].append(row)
            header["radius"].append(RADIUS if material.radius is None else material.radius)
            header["duration"].append(round(duration, 2))
        if problems:
            raise InvalidMaterialError(problems)
        files = {f"{_NAME}.json": json.dumps(header, sort_keys=True, separators=(",", ":")).encode()}
        array = np.frombuffer(bytes(hashes), dtype=np.uint8).reshape(-1, 32)
        return files | HashIndex.build(array, f"{_NAME}.pdq", ALGORITHM)

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`. Media libraries wait until a clip is looked at."""
        return cls(files)

    def __init__(self, files: Files) -> None:
        self._files = files
        try:
            header = json.loads(bytes(files[f"{_NAME}.json"]))
            self._rows: list[int] = header["rows"]
            self._radius: list[int] = header["radius"]
            self._duration: list[float] = header["duration"]
            self._looks: list[int] = header["looks"]
            self._owners: list[int] = header["owners"]
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("bad_video_index", f"{_NAME}.json: {error}") from error
        self._opened: HashIndex | None = None

    def detect(self, part: Part) -> Iterator[Match]:
        """See `Detector.detect`."""
        frames = part.evidence.get("frames", ())
        duration = float(part.evidence.get("duration", 0.0))
        sure: dict[int, _Sighting] = {}
        near: dict[int, _Sighting] = {}
        for frame in frames:
            for number, (looks, distance, how) in self._seen(frame["hashes"]).items():
                near.setdefault(number, _Sighting()).add(frame, looks, distance, how)
                if distance <= self._radius[number]:
                    sure.setdefault(number, _Sighting()).add(frame, looks, distance, how)
        for number, sighting in sorted(near.items()):
            known = sure.get(number, _Sighting())
            if self._enough(number, known):
                yield self._match(number, known, duration, self._radius[number])
            elif self._enough(number, sighting):
                yield self._match(number, sighting, duration, self._radius[number] + REVIEW_BAND)

    def reach(self, rows: Collection[int]) -> "tuple[Words, NDArray[np.uint8]]":
        """Every hash of the clips in these rows, n x 4 words, and up to which distance each may count."""
        import numpy as np

        numbers = {number for number, row in enumerate(self._rows) if row in rows}
        entries = [entry for entry, look in enumerate(self._owners) if self._looks[look] in numbers]
        reaches = [min(MOST_REACH, self._radius[self._looks[self._owners[entry]]] + REVIEW_BAND) for entry in entries]
        return self._index().hashes(np.array(entries, dtype=np.int64)), np.array(reaches, dtype=np.uint8)

    def _seen(self, hashes: Iterable[Mapping[str, Any]]) -> dict[int, tuple[set[int], int, tuple[str, ...]]]:
        """For each material that a frame shows: its looks, the distance of the nearest, and how it was seen."""
        from adsieve.detectors.media.pdq import TURNS
        from adsieve.detectors.media.pictures import GOOD, every_way

        index = self._index()
        best: dict[int, tuple[set[int], int, tuple[str, ...]]] = {}
        for told in hashes:
            if told["quality"] < GOOD:
                continue
            view = () if told["view"] == "whole" else (told["view"],)
            for turn, bits in zip(TURNS, every_way(told), strict=False):
                for entry, distance, negative in index.search_either(bits.tobytes(), self._widest):
                    look = self._owners[entry]
                    number = self._looks[look]
                    if distance > self._radius[number] + REVIEW_BAND:
                        continue
                    looks, least, steps = best.get(number, (set(), 256, ()))
                    how = (*view, *((turn,) if turn else ()), *(("negative",) if negative else ()))
                    nearer = distance < least
                    best[number] = looks | {look}, min(least, distance), how if nearer else steps
        return best

    @property
    def _widest(self) -> int:
        return max(self._radius, default=0) + REVIEW_BAND

    def _index(self) -> "HashIndex":
        from adsieve.detectors.media.index import HashIndex
        from adsieve.detectors.media.pdq import ALGORITHM

        if self._opened is None:
            self._opened = HashIndex.open(self._files, f"{_NAME}.pdq", ALGORITHM)
        return self._opened

    def _enough(self, number: int, sighting: _Sighting) -> bool:
        """Whether so much of the material is shown that somebody should look."""
        if self._looks.count(number) == 1:
            return sighting.seconds >= STILL_SECONDS
        least = min(LEAST_SECONDS, self._duration[number])
        return sighting.seconds >= least and len(sighting.looks) >= LEAST_LOOKS

    def _match(self, number: int, sighting: _Sighting, duration: float, threshold: int) -> Match:
        """A match whose `how` says `partial` and `near` where it leads to review at most."""
        of_query = sighting.seconds / duration if duration else 1.0
        of_material = sighting.seconds / self._duration[number] if self._duration[number] else 1.0
        steps = [*sighting.how]
        if threshold > self._radius[number]:
            steps.append("near")
        elif of_query < QUERY_SHARE and of_material < MATERIAL_SHARE:
            steps += ["partial", "near"]
        runs = sighting.runs()
        where = {
            "from_s": round(runs[0][0], 2),
            "to_s": round(runs[-1][1], 2),
            "seconds": round(sighting.seconds, 2),
            "runs": [[round(start, 2), round(end, 2)] for start, end in runs],
        }
        return Match(self._rows[number], 0, 0, "", tuple(steps), sighting.distance, threshold, where)


def _sample(material: Material) -> tuple[list[list[bytes]], float]:
    """The hashes of each look of a material's clip that may match at a distance, and its duration.

    Raises:
        InvalidMaterialError: the sample is missing, cannot be read whole, or shows nothing to know it by.
    """
    from adsieve.detectors.media.clips import sample_looks
    from adsieve.detectors.media.deadline import Deadline
    from adsieve.detectors.media.pictures import GOOD

    file = sample_file(material)
    try:
        told, duration, incomplete = sample_looks(file, Deadline.after(_SAMPLE_SECONDS))
    except UnreadableMediaError as error:
        told, duration, incomplete = [], 0.0, error.cause
    if incomplete:
        problem = Problem(material.source, "value", f"`{material.value}` {incomplete}", "save the sample again")
        raise InvalidMaterialError([problem])
    looks = [
        [
            bytes.fromhex(hashed["pdq"])
            for hashed in look["hashes"]
            if hashed["quality"] >= GOOD and hashed["view"] in KNOWN_VIEWS
        ]
        for look in told
    ]
    known = [look for look in looks if look]
    if not known:
        message = f"`{material.value}` shows nothing to know it by: every frame is nearly even"
        raise InvalidMaterialError([Problem(material.source, "value", message, "cut the sample to what matters")])
    return known, duration
