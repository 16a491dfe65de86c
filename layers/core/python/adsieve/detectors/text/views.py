"""Which readings of a text are worth matching: each is opened only where the text shows that kind of evasion."""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.evidence import (
    EVIDENCE,
    IMITATING,
    IMPURE,
    IN_PARTS,
    LOOKALIKE,
    ODD,
    SIGNED,
    SINGLE,
    SPACELESS,
    TURNED,
    is_imitation,
    spells,
)
from adsieve.detectors.text.fold import Folded, join_separators
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Layer, Piece, rewrite
from adsieve.detectors.text.memo import positions
from adsieve.detectors.text.phrases import Phrases
from adsieve.detectors.text.reordered import turned
from adsieve.detectors.text.spacing import between_han, spaced
from adsieve.detectors.text.suspects import Span, Suspect
from adsieve.detectors.text.tokens import TokenReader
from adsieve.detectors.text.view import Change, View


def disguised(folded: Folded, shows: Sequence[int], reader: TokenReader, effort: Effort) -> Iterator[View]:
    """Views of disguised words, the likeliest reading of each first; as far as the effort allows.

    Args:
        folded: the text.
        shows: what its words show, if that is known already; see `Survey`.
        reader: reads odd words.
        effort: what may be spent.
    """
    letters = folded.letters
    tokens = letters.text.split(" ")
    evidence: Sequence[int] = shows if len(shows) == len(tokens) else list(map(EVIDENCE.__getitem__, tokens))
    found = _suspects(letters.text, tokens, evidence, reader, effort)
    for turn in range(max((len(suspect.readings) for suspect in found), default=0)):
        yield _read(folded, letters, found, turn)


def suspects(letters: str, reader: TokenReader, effort: Effort) -> list[Suspect]:
    """Everything that looks like a disguised word, in order and without overlap."""
    tokens = letters.split(" ")
    return _suspects(letters, tokens, list(map(EVIDENCE.__getitem__, tokens)), reader, effort)


def _suspects(
    letters: str, tokens: list[str], evidence: Sequence[int], reader: TokenReader, effort: Effort
) -> list[Suspect]:
    shown = reduce(or_, set(evidence))
    if not shown:
        return []
    found: list[Suspect] = []
    phrases = Phrases(letters, reader.index, effort)
    if shown & TURNED:
        found += turned(letters)
    if shown & IN_PARTS or (shown & SINGLE and spells(evidence)):
        found += spaced(letters, reader.index, phrases, effort)
    for start, end in _odd_spans(tokens, evidence, shown):
        found += reader.suspects(letters, start, end, phrases, effort)
        if effort.is_exhausted:
            break
    if shown & SIGNED:
        signed = [number for number, shows in enumerate(evidence) if shows & SIGNED]
        found += phrases.divided(_spans(tokens, signed))
    if shown & SPACELESS:
        found += between_han(letters, *_extent(tokens, evidence), effort)
    return list(_apart(found))


def _extent(tokens: list[str], evidence: Sequence[int]) -> Span:
    """From the first to the last token of a script without spaces."""
    chosen = [number for number, shows in enumerate(evidence) if shows & SPACELESS]
    spans = list(_spans(tokens, (chosen[0], chosen[-1])[: len(chosen)]))
    return spans[0][0], spans[-1][1]


def may_be_disguised(letters: str) -> bool:
    """Whether any lexicon could make `suspects` find something, or look for it."""
    tokens = letters.split(" ")
    evidence = list(map(EVIDENCE.__getitem__, tokens))
    shown = reduce(or_, set(evidence))
    if shown & (TURNED | IN_PARTS | SIGNED) or (shown & SINGLE and spells(evidence)):
        return True
    if any(True for _ in _odd_spans(tokens, evidence, shown)):
        return True
    return bool(shown & SPACELESS) and any(True for _ in between_han(letters, 0, len(letters), Effort()))


def _odd_spans(tokens: list[str], evidence: Sequence[int], shown: int) -> Iterator[Span]:
    """Spans of the tokens that are worth a look, which for some depends on what the others show."""
    odd = ODD | (IMPURE if shown & LOOKALIKE else 0)
    chosen = [number for number, shows in enumerate(evidence) if shows & odd]
    if shown & IMITATING:
        chosen = [number for number, shows in enumerate(evidence) if shows & odd or is_imitation(tokens[number])]
    yield from _spans(tokens, chosen)


def _spans(tokens: list[str], chosen: Iterable[int]) -> Iterator[Span]:
    """Where the chosen tokens stand in the text."""
    return ((at, at + len(token)) for at, token in positions(tokens, chosen))


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
