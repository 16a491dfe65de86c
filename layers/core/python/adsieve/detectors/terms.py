"""Terms: words and phrases, found through every script's spelling and through attempts to hide them."""

from collections.abc import Generator, Iterable, Sequence
from typing import ClassVar, Self

from adsieve.detectors.base import Files, Row
from adsieve.detectors.text.aho import AhoIndex
from adsieve.detectors.text.compiler import Draft, key_of
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.engine import TextEngine
from adsieve.detectors.text.index import MarisaIndex
from adsieve.detectors.text.lexicon import Lexicon
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import Problem
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind, Material

_LONGEST = 300
_TOO_ODD = "has too many odd words to read every one of them as a disguise"


class TermDetector:
    """Finds terms in texts. Opening it over package files reads next to nothing.

    Attributes:
        lexicon: the compiled terms; None where there are none.
    """

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.TERM})
    looks_at: ClassVar[frozenset[PartKind]] = frozenset({PartKind.TEXT})

    def __init__(self, lexicon: Lexicon | None) -> None:
        self.lexicon = lexicon
        self._engine = TextEngine(lexicon) if lexicon else None

    @classmethod
    def check(cls, material: Material) -> Iterable[Problem]:
        """A term must have something left to match after folding, and be no essay."""
        if not key_of(material.value):
            yield Problem(material.source, "value", "has no letter, digit or symbol", "write the term to look for")
        if len(material.value) > _LONGEST:
            yield Problem(
                material.source,
                "value",
                f"has {len(material.value)} characters, at most {_LONGEST} are taken",
                "shorten it to the words that matter",
            )

    @classmethod
    def compile(cls, rows: Sequence[Row]) -> dict[str, bytes]:
        """`terms.*`, see `lexicon`."""
        draft = Draft(rows)
        if not draft.keys:
            return {}
        index = MarisaIndex.build(draft.keys)
        return {"terms.trie": index.to_bytes(), **draft.files(index)}

    @classmethod
    def open(cls, files: Files) -> Self:
        """See `Detector.open`."""
        return cls(Lexicon.open(files) if files else None)

    @classmethod
    def in_memory(cls, rows: Sequence[Row]) -> Self:
        """The same detector without files, for a small hot set of terms that is scanned over much text."""
        draft = Draft(rows)
        if not draft.keys:
            return cls(None)
        index = AhoIndex(draft.keys)
        files = {name: memoryview(data) for name, data in draft.files(index).items()}
        return cls(Lexicon(index, draft.header(), files))

    def detect(self, part: Part) -> Generator[Match, None, str]:
        """See `Detector.detect`. Lazily: a caller that has enough may stop."""
        if self._engine is None:
            return ""
        effort = Effort.for_text(part.text)
        for hit in self._engine.hits(part.text, effort):
            found = part.text[hit.start : hit.end]
            yield Match(hit.row, hit.start, hit.end, found, tuple(map(str, hit.steps)))
        return _TOO_ODD if effort.is_exhausted else ""
