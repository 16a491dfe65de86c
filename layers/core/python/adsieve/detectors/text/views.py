"""Which readings of a text are worth matching: each is opened only where the text shows that kind of evasion."""

from collections.abc import Iterable, Iterator

from adsieve.detectors.text.fold import Folded, join_separators
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.layers import Layer, Piece, rewrite
from adsieve.detectors.text.masks import masked
from adsieve.detectors.text.reordered import reordered, turned
from adsieve.detectors.text.suspects import Suspect, broken, chunks, disguised, spaced
from adsieve.detectors.text.view import Change, View


def special_views(folded: Folded, index: TermIndex) -> Iterator[View]:
    """Every view but the plain one, most trustworthy first."""
    yield from reordered(folded.original)
    letters = folded.letters
    found = list(suspects(letters.text, index))
    for turn in range(max((len(suspect.readings) for suspect in found), default=0)):
        yield _read(folded, letters, found, turn)


def suspects(letters: str, index: TermIndex) -> Iterator[Suspect]:
    """Everything that looks like a disguised word, in order and without overlap."""
    found: list[Suspect] = [*spaced(letters, index), *turned(letters), *broken(letters, index)]
    for start, end in chunks(letters):
        suspect = disguised(letters, start, end, index)
        if suspect is not None:
            found.append(suspect)
    found += masked(letters, index)
    return _apart(found)


def _apart(found: Iterable[Suspect]) -> Iterator[Suspect]:
    at = 0
    for suspect in sorted(found, key=lambda suspect: (suspect.start, -suspect.end)):
        if suspect.start >= at:
            yield suspect
            at = suspect.end


def _read(folded: Folded, letters: Layer, found: list[Suspect], turn: int) -> View:
    """The view in which each suspect is read in its `turn`-th way, or its first where it has fewer."""
    pieces: list[Piece] = []
    marks: list[tuple[int, int, tuple[Step, ...]]] = []
    for suspect in found:
        fresh = turn < len(suspect.readings)
        reading = suspect.readings[turn if fresh else 0]
        pieces += reading.pieces
        if fresh:
            marks.append((suspect.start, suspect.end, reading.steps))
    rewritten = rewrite(letters, pieces)
    words = join_separators(rewritten)
    changes: list[Change] = [
        (words.ascend(letters, start), words.ascend(letters, end), steps) for start, end, steps in marks
    ]
    return View(words, folded.original, changes, exact=False)
