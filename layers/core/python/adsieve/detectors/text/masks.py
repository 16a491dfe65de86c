"""Words in which a symbol stands for a letter: `f*ck`, `х*й`, `ca##no`."""

from collections.abc import Iterator

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text.arabic import CLITICS
from adsieve.detectors.text.disguise import Candidate, Chunk
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.index import TermIndex
from adsieve.detectors.text.sign_data import SIGNS
from adsieve.detectors.text.suspects import Reading

_LETTERS = rf"(?:[^\W\d_][{SIGNS}]*+)++"
_SIGN = rf"[^\w\s'\"،,;:()\[\]/&{SIGNS}]"
_MASKED = lazy(
    rf"(?<![\w&@/.:{SIGNS}]){_LETTERS}(?:(?:{_SIGN}{{1,2}}|_){_LETTERS}(?:(?:{_SIGN}|_){_LETTERS})?|[*#](?![*#]))(?!\w)"
)
_MASK = lazy(rf"[^\w{SIGNS}]|_")
_CLEAR_MASKS = frozenset("*#?•●■█×⁎∗¤")
_MOST_MASKS = 2
_SHORTEST = 3
_FEWEST_VISIBLE = 2
_FEWEST_VISIBLE_UNCLEAR = 3
_FEWEST_VISIBLE_BEFORE = 5
_ALPHABETS = (
    ("a", "z", "aeiouscktrnlmhpdgbfvwxyzjq"),
    ("\u0400", "\u052f", "аеёиоуыэюябвгджзйклмнпрстфхцчшщьъіїє"),
    ("\u0620", "\u06d3", "اويبتثجحخدذرزسشصضطظعغفقكلمنهء"),
    ("\u0370", "\u03ff", "αεηιουωβγδζθκλμνξπρστφχψ"),
    ("\u05d0", "\u05ea", "אבגדהוזחטיכלמנסעפצקרשת"),
    ("\u0900", "\u097f", "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहअआइईउऊएऐओऔ"),
    ("\u0980", "\u09ff", "কখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহঅআইঈউঊএঐওঔ"),
)


def masked(token: str, index: TermIndex, effort: Effort) -> Iterator[Chunk]:
    """Words with one or two masked letters that can be completed to a term, or to what may be a word of a phrase."""
    for match in _MASKED.finditer(token):
        if not effort.spend(1):
            return
        word = match[0]
        masks = [mask.start() for mask in _MASK.finditer(word)]
        alphabet = next((letters for first, last, letters in _ALPHABETS if first <= word[0] <= last), "")
        if not _is_fair(word, masks) or not effort.spend(len(alphabet) * len(masks)):
            continue
        completions = _completions(word, masks, alphabet, index)
        candidates = tuple(_candidate(match.start(), full, masks, promises) for full, promises in completions)
        if candidates:
            yield Chunk(*match.span(), candidates)


def _candidate(start: int, full: str, masks: list[int], promises: bool) -> Candidate:
    pieces = tuple((start + at, start + at + 1, full[at]) for at in masks)
    return Candidate(full, Reading(pieces, (Step.MASK,)), promises)


def _is_fair(word: str, masks: list[int]) -> bool:
    """Enough letters must show: `c#`, `5%` and `a-z` are no masks."""
    visible = len(word) - len(masks)
    clear = all(word[at] in _CLEAR_MASKS for at in masks)
    fewest = _FEWEST_VISIBLE if clear else _FEWEST_VISIBLE_UNCLEAR
    if masks[-1] == len(word) - 1:
        fewest = _FEWEST_VISIBLE_BEFORE  # an asterisk behind a word is mostly a footnote
    return len(word) >= _SHORTEST and len(masks) <= _MOST_MASKS and visible >= max(fewest, len(masks))


def _completions(word: str, masks: list[int], alphabet: str, index: TermIndex) -> Iterator[tuple[str, bool]]:
    """The word with letters for its masks, and whether that is a term, behind clitics too, or begins a phrase.

    One clear mask may hide any letter of a word that goes on with a phrase; what else promises nothing is left out.
    """
    may_go_on = len(masks) == 1 and word[masks[0]] in _CLEAR_MASKS
    heads = [at for at in range(min(masks[0], 5) + 1) if not at or word[:at] in CLITICS]
    frontier = [word]
    for at in masks[:-1]:
        filled = (half[:at] + letter + half[at + 1 :] for half in frontier for letter in alphabet)
        frontier = [half for half in filled if any(index.extends(half[head : at + 1]) for head in heads)]
    last = masks[-1]
    for half in frontier:
        for letter in alphabet:
            full = half[:last] + letter + half[last + 1 :]
            if any(index.get(full[head:]) is not None or index.extends(full[head:] + " ") for head in heads):
                yield full, True
            elif may_go_on:
                yield full, False
