"""Pictures: known ones found again in an ad's pictures, turned, cut, covered, framed, or shown in a clip.

Three ways, from sure to doubtful: the very file (SHA-256), the picture as a whole or in a view (PDQ), its local features
with a second look. A hash within the material's radius decides as the material says; one a little farther, or a faint
sighting, leads to review at most (`near` in `Match.how`). Of a row that names a hash and no sample only the hash is known.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from adsieve.detectors.base import Files, Row
from adsieve.detectors.media.bank import Bank
from adsieve.detectors.media.bare import hash_problems
from adsieve.detectors.media.samples import sample_file, sample_problems
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import InvalidMaterialError, Problem, UnreadableMediaError
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material

if TYPE_CHECKING:
    from adsieve.detectors.media.learned import VectorIndex
    from adsieve.detectors.media.second_look import SecondLook, Sighting

RADIUS = 31
"""PDQ distance up to which a picture is the material's, unless its row says otherwise."""

REVIEW_BAND = 16
"""How much farther a hash may lie to be worth a reviewer's look."""

CANDIDATE_RADIUS = 56
"""Distance up to which a hash earns a second look."""

GLIMPSE = 1.0
"""Seconds in a clip up to which a picture may have been taken for another: one frame of a second was looked at."""

_BACK = {"rotate90": "rotate270", "rotate270": "rotate90"}
"""Turning the query so gives the material; what was done to the material is the way back."""

_SAMPLE_SECONDS = 60.0
_NAME = "images"


@dataclass(frozen=True, slots=True)
class _Hit:
    """A hash of the query near a hash of a material."""

    number: int
    distance: int
    how: tuple[str, ...]
    box: list[int]


class ImageDetector:
    """Finds known pictures."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.IMAGE})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.IMAGE, PartKind.VIDEO})

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """The sample must lie beside the row; whether it can be decoded shows when it is compiled. Hashes are well-formed."""
        return hash_problems(material) if material.hash_only else sample_problems(material)

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`images.*`: what there is to know of each picture; hashes, features and thumbnails of the samples; bare hashes.

        Raises:
            InvalidMaterialError: samples that cannot be read, all of them.
        """
        samples, problems = list[Mapping[str, Any]](), list[Problem]()
        for material in (material for _, material in rows if not material.hash_only):
            try:
                samples.append(sample_evidence(material))
            except InvalidMaterialError as error:
                problems += error.problems
        if problems:
            raise InvalidMaterialError(problems)
        return cls.compile_read(rows, samples)

    @classmethod
    def compile_read(cls, rows: Sequence[Row], samples: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
        """What `compile` returns, of samples that were read already: those of the rows that have one, in their order."""
        from adsieve.detectors.media.learned import VectorIndex
        from adsieve.detectors.media.second_look import SecondLook

        ordered = sorted(rows, key=lambda row: row[1].hash_only)  # stable: those with a sample first
        looks = [evidence["looks"][0] for evidence in samples]
        files = Bank.build(_NAME, ordered, samples, RADIUS)
        return files | SecondLook.build(looks, _NAME) | VectorIndex.build(looks, f"{_NAME}.learned")

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`. Media libraries wait until a picture is looked at."""
        return cls(files)

    def __init__(self, files: Files) -> None:
        self._files = files
        self.bank = Bank(_NAME, files)
        self._second_look: SecondLook | None = None
        self._vectors: VectorIndex | None = None

    def detect(self, part: Part) -> Iterator[Match]:
        """See `Detector.detect`."""
        evidence = part.evidence
        if part.kind is PartKind.VIDEO:
            yield from self._in_clip(evidence)
            return
        exact = self.bank.of_file(evidence.get("sha256", ""))
        for number in exact:
            yield self._match(number, 0, 0, (), [0, 0, *evidence["size"]])
        hits = self._hits(evidence["hashes"])
        sure = {number for number, hit in hits.items() if hit.distance <= self.bank.radius[number]} - set(exact)
        for number in sorted(sure):
            hit = hits[number]
            yield self._match(number, hit.distance, self.bank.radius[number], hit.how, hit.box)
        settled = sure | set(exact)
        open_ = {number: hit for number, hit in hits.items() if number not in settled}
        second = list(self._second(evidence, open_, settled))
        yield from second
        yield from self._learned(
            evidence, {self.bank.rows[number] for number in settled} | {match.row for match in second}
        )

    def thumbnail(self, row: int) -> bytes | None:
        """The JPEG of the material in a row, for people; None where the row has no picture."""
        number = self.bank.number(row)
        return None if number is None or number >= self.bank.samples else self.second_look.thumbnail(number)

    @property
    def second_look(self) -> "SecondLook":
        """Features and thumbnails of the pictures that have a sample."""
        from adsieve.detectors.media.second_look import SecondLook

        if self._second_look is None:
            self._second_look = SecondLook.open(self._files, _NAME)
        return self._second_look

    def known(self, evidence: Mapping[str, Any], numbers: Collection[int]) -> bool:
        """Whether a picture is the very file of one of these, or a learned detector sees one in it."""
        told = (number for look in evidence["looks"] for number in self._learned_in(look))
        return any(number in numbers for number in (*self.bank.of_file(evidence.get("sha256", "")), *told))

    def _hits(self, hashes: Iterable[Mapping[str, Any]], radius: int = CANDIDATE_RADIUS) -> dict[int, _Hit]:
        """The nearest hash of each material that is near any view of the query, turned any way, or its negative."""
        from adsieve.detectors.media.pdq import TURNS
        from adsieve.detectors.media.pictures import GOOD, every_way

        best: dict[int, _Hit] = {}
        for told in hashes:
            if told["quality"] < GOOD:
                continue
            seen = () if told["view"] == "whole" else (told["view"],)
            for turn, bits in zip(TURNS, every_way(told), strict=False):
                for number, distance, negative in self.bank.near(bits.tobytes(), radius, REVIEW_BAND):
                    if number not in best or distance < best[number].distance:
                        how = (*seen, *((_BACK.get(turn, turn),) if turn else ()), *(("negative",) if negative else ()))
                        best[number] = _Hit(number, distance, how, told["box"])
        return best

    def _second(self, evidence: Mapping[str, Any], hits: dict[int, _Hit], settled: set[int]) -> Iterator[Match]:
        """What features and squares say, and hashes in the review band that they do not contradict."""
        from adsieve.detectors.media.pictures import thumbnail, unpacked_features

        second = self.second_look
        shown = [number for number in sorted(hits) if number < self.bank.samples]
        best: dict[int, tuple[Sighting, Mapping[str, Any]]] = {}
        for look in evidence["looks"]:
            for seen in second.sightings(unpacked_features(look["features"]), thumbnail(look), shown[:8]):
                if seen.number in settled:
                    continue
                if seen.number not in best or seen.placement.support > best[seen.number][0].placement.support:
                    best[seen.number] = seen, look
        for _, (seen, _look) in sorted(best.items()):
            yield self._sighted(seen, evidence["size"])
        for number, hit in sorted(hits.items()):
            if number not in best and hit.distance <= self.bank.radius[number] + REVIEW_BAND:
                yield self._match(
                    number, hit.distance, self.bank.radius[number] + REVIEW_BAND, (*hit.how, "near"), hit.box
                )

    def _sighted(self, seen: "Sighting", size: Sequence[int]) -> Match:
        from adsieve.detectors.media.second_look import MOST_DIFFERING

        how = (
            "features",
            *(("mirror",) if seen.mirrored else ()),
            *(("negative",) if seen.comparison.negative else ()),
        )
        how += () if seen.sure else ("near",)
        box = seen.box(self.bank.size(seen.number), size)
        return self._match(seen.number, seen.comparison.differing, MOST_DIFFERING, how, box)

    def _learned(self, evidence: Mapping[str, Any], settled: set[int]) -> Iterator[Match]:
        """What a learned detector finds besides, where an operator installed one."""
        from adsieve.detectors.media.learned import NEAR, SURE

        nearest: dict[int, int] = {}
        for look in evidence["looks"]:
            for number, distance in self._learned_in(look).items():
                nearest[number] = min(distance, nearest.get(number, distance))
        for number, distance in sorted(nearest.items()):
            if self.bank.rows[number] not in settled:
                how = ("learned",) if distance <= SURE else ("learned", "near")
                yield self._match(number, distance, NEAR, how, [0, 0, *evidence["size"]])

    def _learned_in(self, look: Mapping[str, Any]) -> Mapping[int, int]:
        """Distance of the pictures that a learned detector sees in a look."""
        from adsieve.detectors.media.learned import VectorIndex

        if self._vectors is None:
            self._vectors = VectorIndex.open(self._files, f"{_NAME}.learned")
        return self._vectors.near(look) if self._vectors else {}

    def _in_clip(self, evidence: Mapping[str, Any]) -> Iterator[Match]:
        """A picture shown in a clip: by hash alone; a glimpse is doubtful."""
        seen: dict[int, list[tuple[list[list[float]], _Hit]]] = {}
        for frame in evidence.get("frames", ()):
            for number, hit in self._hits(frame["hashes"], RADIUS).items():
                if hit.distance <= self.bank.radius[number]:
                    seen.setdefault(number, []).append((frame["spans"], hit))
        for number, found in sorted(seen.items()):
            nearest = min((hit for _, hit in found), key=lambda hit: hit.distance)
            spans = sorted(span for spans, _ in found for span in spans)
            seconds = sum(end - start for start, end in spans)
            how = ("frame", *nearest.how, *(("near",) if seconds <= GLIMPSE else ()))
            where = {"from_s": spans[0][0], "to_s": max(end for _, end in spans), "box": nearest.box}
            yield Match(self.bank.rows[number], 0, 0, "", how, nearest.distance, self.bank.radius[number], where)

    def _match(self, number: int, distance: int, threshold: int, how: tuple[str, ...], box: list[int]) -> Match:
        return Match(self.bank.rows[number], 0, 0, "", how, distance, threshold, {"box": box})


def sample_evidence(material: Material) -> Mapping[str, Any]:
    """What is extracted from a material's sample: exactly what is extracted from an ad's picture.

    Raises:
        InvalidMaterialError: the sample is missing or cannot be read whole.
    """
    from adsieve.detectors.media.deadline import Deadline
    from adsieve.detectors.media.pictures import read_picture

    file = sample_file(material)
    try:
        (part,) = read_picture(material.value, file, Deadline.after(_SAMPLE_SECONDS))
    except UnreadableMediaError as error:
        hint = "save the sample as JPEG or PNG again"
        problem = Problem(material.source, "value", f"`{material.value}` {error.cause}", hint)
        raise InvalidMaterialError([problem]) from None
    return part.evidence
