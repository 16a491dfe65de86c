"""Which readings of a text are worth matching: each is opened only where the text shows that kind of evasion."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.evidence import (
    BLANK,
    EVIDENCE,
    IMITATING,
    IMPURE,
    IN_PARTS,
    LOOKALIKE,
    ODD,
    SINGLE,
    SPACELESS,
    TURNED,
    is_imitation,
)
from adsieve.detectors.text.fold import Folded, join_separators
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Layer, Piece, rewrite
from adsieve.detectors.text.memo import occupied
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.reordered import reordered, turned
from adsieve.detectors.text.spacing import between_han, spaced
from adsieve.detectors.text.suspects import Span, Suspect
from adsieve.detectors.text.tokens import TokenReader
from adsieve.detectors.text.view import Change, View

_RUN = 3


def special_views(folded: Folded, reader: TokenReader, effort: Effort) -> Iterator[View]:
    """Every view but the plain one, most trustworthy first; as far as the effort allows."""
    yield from reordered(folded.original, effort)
    letters = folded.letters
    found = suspects(letters.text, reader, effort)
    for turn in range(max((len(suspect.readings) for suspect in found), default=0)):
        yield _read(folded, letters, found, turn)


def suspects(letters: str, reader: TokenReader, effort: Effort) -> list[Suspect]:
    """Everything that looks like a disguised word, in order and without overlap."""
    tokens = letters.split(" ")
    evidence = list(map(EVIDENCE.__getitem__, tokens))
    shown = reduce(or_, set(evidence))
    if not shown:
        return []
    found: list[Suspect] = []
    phrases = Phrases(letters, reader.index, effort)
    if shown & TURNED:
        found += turned(letters)
    if shown & IN_PARTS or (shown & SINGLE and _spells(evidence)):
        found += spaced(letters, reader.index, phrases, effort)
    for start, end in _odd_spans(tokens, evidence, shown):
        found += reader.suspects(letters, start, end, phrases, effort)
        if effort.is_exhausted:
            break
    found += phrases.divided()
    if shown & SPACELESS:
        found += between_han(letters, effort)
    return list(_apart(found))


def may_be_disguised(letters: str) -> bool:
    """Whether any lexicon could make `suspects` find something, or look for it."""
    tokens = letters.split(" ")
    evidence = list(map(EVIDENCE.__getitem__, tokens))
    shown = reduce(or_, set(evidence))
    if shown & (TURNED | IN_PARTS) or (shown & SINGLE and _spells(evidence)):
        return True
    if any(True for _ in _odd_spans(tokens, evidence, shown)):
        return True
    return bool(shown & SPACELESS) and any(True for _ in between_han(letters, Effort()))


def _spells(evidence: list[int]) -> bool:
    """Whether single characters follow each other often enough to spell something."""
    run = 0
    for shows in evidence:
        run = run + 1 if shows & SINGLE else run if shows & BLANK else 0
        if run == _RUN:
            return True
    return False


def _odd_spans(tokens: list[str], evidence: list[int], shown: int) -> Iterator[Span]:
    """Spans of the tokens that are worth a look, which for some depends on what the others show."""
    odd = ODD | (IMPURE if shown & LOOKALIKE else 0)
    worth = [token if shows & odd else "" for token, shows in zip(tokens, evidence, strict=True)]
    if shown & IMITATING:
        worth = [token if known or is_imitation(token) else "" for token, known in zip(tokens, worth, strict=True)]
    for at, token in occupied(tokens, worth):
        yield at, at + len(token)


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
