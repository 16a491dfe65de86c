"""The second look: is this material's picture really in that picture, and where?

Candidates come cheaply (shared features, or a hash a little too far away). Each is laid upon the query by its features and
compared square by square. Only what both agree on is told.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

from adsieve.detectors.media.feature_index import FeatureIndex
from adsieve.detectors.media.features import Features
from adsieve.domain.errors import PackageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from adsieve.detectors.media.alignment import Placement
    from adsieve.detectors.media.blocks import Comparison

FEATURES = 130
"""Features kept of a material, about 4 kB. With 200 and three tables, 2 more of 387 attacked pictures were found."""

THUMBNAIL = 160
"""Pixels of the longer side of a material's thumbnail: about 3 kB."""

CANDIDATES = 6
"""Materials looked at twice for one look of a query."""

FEWEST_SUPPORT = 5
"""Agreeing features below which a placement is an accident."""

LEAST_SHARE = 0.04
"""Agreeing part of the tried pairs below which squares are not worth comparing."""

LIKELY, SURE = 1.10, 1.35
"""Least agreement worth telling, and least that is beyond doubt.

Different pictures in one template, charts of one grid and fronts of one kind of window were seen to reach 1.07; copies
half covered with stickers reach 0.99 to 1.3, all others more (tests/perf/images).
"""

FEWEST_SQUARES, FEWEST_LINES = 3, 3
"""A word or a badge that two pictures share fills squares of a line or two."""

MOST_DIFFERING = 70
"""Percent of the compared squares that may differ in a copy that shares most of its features."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A material's picture found in a query.

    Attributes:
        number: of the material's picture in the bank.
        placement: where, by its features.
        comparison: what the squares say.
        mirrored: whether the query shows it in a mirror.
    """

    number: int
    placement: "Placement"
    comparison: "Comparison"
    mirrored: bool

    @property
    def agreement(self) -> float:
        """Share of the features that agree plus share of the squares that do, 0 to 2: either may be low in a copy."""
        squares = self.comparison
        return self.placement.share + squares.same / max(1, squares.compared)

    @property
    def likely(self) -> bool:
        """Whether it is worth telling."""
        squares = self.comparison
        many = squares.same >= FEWEST_SQUARES and squares.lines >= FEWEST_LINES
        return many and self.agreement >= LIKELY and squares.differing <= MOST_DIFFERING

    @property
    def sure(self) -> bool:
        """Whether it is beyond doubt; otherwise a human should look."""
        return self.agreement >= SURE and self.placement.support >= 12 and self.comparison.same >= 6  # noqa: PLR2004 - a few agree by accident

    def box(self, material: Sequence[int], query: Sequence[int]) -> list[int]:
        """The box around the material's corners in the query, in its pixels, cut at its rim. Both are width and height."""
        import numpy as np

        longest = max(material)
        corners = np.array(
            [[x, y] for x in (0, material[0] / longest) for y in (0, material[1] / longest)], dtype=float
        )
        matrix = self.comparison.matrix.astype(float)
        placed = np.linalg.solve(matrix[:, :2], (corners - matrix[:, 2]).T).T * max(query)
        left, top = placed.min(axis=0).clip(0, query)
        right, under = placed.max(axis=0).clip(0, query)
        return [round(float(value)) for value in (left, top, right - left, under - top)]


class SecondLook:
    """Features and thumbnails of materials, and the comparison with them."""

    def __init__(self, index: FeatureIndex, thumbnails: memoryview, ends: "NDArray[np.uint64]") -> None:
        self._index = index
        self._thumbnails = thumbnails
        self._ends = ends

    @classmethod
    def build(cls, looks: Sequence[Mapping[str, Any]], name: str) -> dict[str, bytes]:
        """Package files `<name>.*` for looks as `pictures.read_picture` tells them."""
        import numpy as np

        from adsieve.detectors.media.pictures import unpacked_features

        found = [unpacked_features(look["features"]) for look in looks]
        small = [_smaller(b64decode(look["thumbnail"])) for look in looks]
        return FeatureIndex.build([_lasting(one) for one in found], f"{name}.features") | {
            f"{name}.thumbnails": b"".join(small),
            f"{name}.thumbnails.ends": np.cumsum([0, *map(len, small)]).astype("<u8").tobytes(),
        }

    @classmethod
    def open(cls, files: Mapping[str, memoryview], name: str) -> Self:
        """Over package files; raises PackageError where they contradict themselves."""
        import numpy as np

        try:
            ends = np.frombuffer(files[f"{name}.thumbnails.ends"], dtype="<u8")
            return cls(FeatureIndex.open(files, f"{name}.features"), files[f"{name}.thumbnails"], ends)
        except (KeyError, ValueError) as error:
            raise PackageError("bad_thumbnails", f"{name}: {error}") from error

    def thumbnail(self, number: int) -> bytes:
        """The JPEG of a material's picture."""
        return bytes(self._thumbnails[int(self._ends[number]) : int(self._ends[number + 1])])

    def sightings(
        self, query: Features, thumbnail: "NDArray[np.float32]", also: Sequence[int] = ()
    ) -> Iterator[Sighting]:
        """Materials seen in a query.

        Args:
            query: its features.
            thumbnail: its brightness.
            also: materials to look at whether or not features bring them up.
        """
        wanted = dict.fromkeys(self.noticed(query))
        wanted |= dict.fromkeys((number, mirrored) for number in also for mirrored in (False, True))
        for number, mirrored in wanted:
            found = self.look(number, query, thumbnail, mirrored=mirrored)
            if found:
                yield found

    def noticed(self, query: Features) -> list[tuple[int, bool]]:
        """Materials that features bring up, most promising first, each with whether in a mirror."""
        votes = [
            (*vote, mirrored)
            for mirrored in (False, True)
            for vote in self._index.votes(*_turned(query, mirrored=mirrored))
        ]
        return [(number, mirrored) for _, _, number, mirrored in sorted(votes, reverse=True)[:CANDIDATES]]

    def look(
        self, number: int, query: Features, thumbnail: "NDArray[np.float32]", *, mirrored: bool
    ) -> Sighting | None:
        """One material laid upon a query; None where it is not likely there. Depends on no other material."""
        from adsieve.detectors.media.alignment import place
        from adsieve.detectors.media.blocks import compare

        bits, places = _turned(query, mirrored=mirrored)
        placement = place(places, bits, *self._index.picture(number))
        if placement is None or placement.support < FEWEST_SUPPORT or placement.share < LEAST_SHARE:
            return None
        matrix = placement.matrix.copy()
        if mirrored:
            matrix[:, 0] *= -1
        found = Sighting(number, placement, compare(thumbnail, decoded(self.thumbnail(number)), matrix), mirrored)
        return found if found.likely else None


def _smaller(jpeg: bytes) -> bytes:
    """A thumbnail as it is kept: a package may hold thousands."""
    import numpy as np
    from PIL import Image

    from adsieve.detectors.media.pictures import as_jpeg

    return as_jpeg(np.asarray(Image.open(BytesIO(jpeg)).convert("RGB")), THUMBNAIL)


def _lasting(found: Features) -> Features:
    """The features to keep: the finest only where others are wanting, since shrinking and recoding lose them first."""
    import numpy as np

    size = found.places[:, 2]
    order = np.argsort(size < size.min(initial=0) + 0.25, kind="stable")[:FEATURES]  # levels are half an octave apart
    return Features(found.places[order], found.bits[order], found.mirrored[order])


def decoded(jpeg: bytes) -> "NDArray[np.float32]":
    """The brightness of a thumbnail of our own making."""
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(BytesIO(jpeg)).convert("L"), dtype=np.float32)


def _turned(query: Features, *, mirrored: bool) -> "tuple[NDArray[np.uint64], NDArray[np.float32]]":
    """Descriptions and places of a query, or of its mirror image with the axis at its left rim."""
    import numpy as np

    if not mirrored:
        return query.bits, query.places
    places = query.places.copy()
    places[:, 0] *= -1
    places[:, 3] = np.pi - places[:, 3]
    return query.mirrored, places
