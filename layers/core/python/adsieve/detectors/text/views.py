"""Which readings of a text are worth matching: each is opened only where the text shows that kind of evasion."""

from collections.abc import Iterable, Iterator

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text.disguise import disguised
from adsieve.detectors.text.fold import Folded, join_separators
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.layers import Layer, Piece, rewrite
from adsieve.detectors.text.masks import masked
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.reordered import reordered, turned
from adsieve.detectors.text.spacing import between_han, broken, spaced
from adsieve.detectors.text.suspects import Span, Suspect, doubled_tokens, odd_tokens, repeated_tokens
from adsieve.detectors.text.view import Change, View

_HAN = lazy("[\u0e01-\u0e46\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_THREE_SINGLES = lazy(r" (?<!  ) *+(\S)\1*+[^\w ]* +(\S)\2*+[^\w ]* +(\S)\3*+[^\w ]*(?: |$)")
_HEAD = 16
_THREE_PARTS = lazy(r"(?<![^\W_])([^\W_])\1*+[\W_]{1,8}([^\W_])\2*+[\W_]{1,8}([^\W_])\3*+(?![^\W_])")


def special_views(folded: Folded, index: TermIndex) -> Iterator[View]:
    """Every view but the plain one, most trustworthy first."""
    yield from reordered(folded.original)
    letters = folded.letters
    found = list(suspects(letters.text, index))
    for turn in range(max((len(suspect.readings) for suspect in found), default=0)):
        yield _read(folded, letters, found, turn)


def suspects(letters: str, index: TermIndex) -> list[Suspect]:
    """Everything that looks like a disguised word, in order and without overlap."""
    odd = odd_tokens(letters)
    found = [*turned(letters)]
    if _spells(letters, odd):
        found += spaced(letters, index)
    phrases = Phrases(letters, index)
    for start, end in sorted({*odd, *repeated_tokens(letters), *doubled_tokens(letters)}):
        found += broken(letters, start, end, index)
        found += disguised(letters, start, end, index, phrases)
        found += masked(letters, start, end, index)
    if not letters.isascii() and _HAN.search(letters):
        found += between_han(letters)
    return list(_apart(found))


def may_be_disguised(letters: str) -> bool:
    """Whether any lexicon could make `suspects` find something, or look for it."""
    odd = odd_tokens(letters)
    if odd or _spells(letters, odd) or any(True for _ in turned(letters)):
        return True
    if any(True for _ in repeated_tokens(letters)) or any(True for _ in doubled_tokens(letters)):
        return True
    return not letters.isascii() and bool(_HAN.search(letters)) and any(True for _ in between_han(letters))


def _spells(letters: str, odd: list[Span]) -> bool:
    """Whether single characters follow each other often enough to spell something."""
    if _THREE_SINGLES.search(letters) or _THREE_SINGLES.match(" " + letters[:_HEAD]):
        return True
    return any(_THREE_PARTS.search(letters, start, end) for start, end in odd)


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
