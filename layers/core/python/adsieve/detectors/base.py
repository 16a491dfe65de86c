"""The one interface of every detector.

A detector is one file (or folder) and one entry in `adsieve.detectors.DETECTORS`. It owns a kind of material from the
row to the match: it checks rows, compiles them into package files that can be memory-mapped, opens those files and
looks at parts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Protocol, Self

from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material

type Row = tuple[int, Material]
"""A material and its row number in the package."""

type Files = Mapping[str, memoryview]
"""Package files by name, read-only; large ones are memory-mapped and stay valid as long as the package."""


class Looker(Protocol):
    """What a detector is once it is open."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """Kinds of material it holds."""

    @property
    def looks_at(self) -> frozenset[PartKind]:
        """Kinds of part it scans."""

    def detect(self, part: Part) -> Iterator[Match]:
        """Every match in one part. Never raises on any input text; ALLOW rows are reported like any other.

        A generator may return why it did not look at everything, see `Look`.
        """


class Detector(Protocol):
    """Finds the materials of some kinds in parts of some kinds.

    Importing a detector's module must stay cheap: libraries that only media needs are imported inside `detect`.
    """

    kinds: ClassVar[frozenset[Kind]]
    """Kinds of material it compiles."""

    looks_at: ClassVar[frozenset[PartKind]]
    """Kinds of part it scans."""

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """Problems of one row that only this detector can know (empty after folding, unsafe regex, bad host)."""

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """Package files for these rows, never none: same rows, same bytes."""

    @classmethod
    def open(cls, files: Files) -> Self:
        """The detector over compiled files; raises PackageError where they contradict themselves."""

    def detect(self, part: Part) -> Iterator[Match]:
        """See `Looker.detect`."""


class Look:
    """One look of a detector at one part: iterates over the matches and keeps what is said at their end.

    Attributes:
        incomplete: why not everything was looked at; empty where it was.
    """

    def __init__(self, detector: Looker, part: Part) -> None:
        self._matches = detector.detect(part)
        self.incomplete = ""

    def __iter__(self) -> Iterator[Match]:
        """The matches, once."""
        while True:
            try:
                yield next(self._matches)
            except StopIteration as end:
                self.incomplete = end.value or ""
                return
