"""Views that need the original text: what a reader sees in another order or division than it is stored."""

import re
from collections.abc import Callable, Iterator

from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.fold import fold_letters, join_separators
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Layer, Piece, rewrite
from adsieve.detectors.text.lookalikes import TURNED_ONLY, turn
from adsieve.detectors.text.markup import HINT as MARKUP_HINT
from adsieve.detectors.text.markup import markup
from adsieve.detectors.text.suspects import Reading, Suspect
from adsieve.detectors.text.view import Change, View

_OVERRIDDEN = re.compile("[\u202d\u202e]([^\u202a-\u202e\u2066-\u2069\n]+)")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_TAG_OFFSET = 0xE0000
_CHARACTERS_A_UNIT = 20
_CAPITALS = "A-ZÀ-ÖØ-ÞĄĆĘĞİŁŃŚŞŹŻΆ-ΏΑ-ΫЀ-ЯҐ"
_SMALL = rf"[^\W\d_{_CAPITALS}]"
_HUMP = re.compile(rf"(?<={_SMALL}{_SMALL})(?=[{_CAPITALS}]{_SMALL})|(?<={_SMALL})(?=[{_CAPITALS}]{_SMALL}{{2}})")
_CAMEL_HINT = re.compile(f"[a-zß-öø-ÿα-ώа-џı][{_CAPITALS}][a-zß-öø-ÿα-ώа-џı]")
# A capital i between small letters, and a small l between capitals, are drawn for each other.
_SWAPPED = re.compile("I(?<=[a-z]I)(?=[a-z])|l(?<=[A-Z]l)(?=[A-Z])")
_DRAWN_AS = {"I": "l", "l": "I"}
_DIVIDED = re.compile(r"[-\u2010\u00ac](?<=[^\W\d_].)[ \t]{0,4}\r?\n[ \t]{0,4}(?=[^\W\d_])")
_NON_JOINER = re.compile("(?<=[\u0620-\u06ff])\u200c(?=[\u0620-\u06ff])")
_PERSIAN_ENDING = re.compile("(?:ها|های|هایی|هایم|ای|ام|ات|اش|تر|ترین)(?![\u0620-\u06ff])")
_TURNED = re.compile(f"[{''.join(sorted(TURNED_ONLY))}]")
_TURNED_RUN = re.compile(r"\S+(?: \S+)*")
_ROUND_FIVE = re.compile("[٥۵](?:(?<=[A-Za-z].)|(?=[A-Za-z]))")
HYPHENS = frozenset("-\u2010\u00ac")
"""What divides a word at the end of a line."""
_HINTS = re.compile("[\u200c\u202d\u202e\U000e0020-\U000e007e]")


def reordered(original: str, effort: Effort) -> Iterator[View]:
    """Views of bidirectional overrides, hidden tags, markup, camel case, divided words and zero-width non-joiners."""
    if not original.isascii() and _HINTS.search(original):
        overridden = [(match.start(1), match.end(1), match[1][::-1]) for match in _OVERRIDDEN.finditer(original)]
        yield from _view(original, effort, overridden, Step.BIDI)
        tags = [(match.start(), match.end(), _untagged(match[0])) for match in _TAGS.finditer(original)]
        yield from _view(original, effort, tags, Step.HIDDEN)
        joiners = [(match.start(), match.end(), " ") for match in _NON_JOINER.finditer(original)]
        yield from _view(original, effort, joiners, Step.JOINER, lambda at: bool(_PERSIAN_ENDING.match(original, at)))
    if not original.isascii():
        rounds = [(five.start(), five.end(), "o") for five in _ROUND_FIVE.finditer(original)]
        yield from _view(original, effort, rounds, Step.SKELETON)
    if "&" in original or "<" in original:
        yield from _view(original, effort, markup(original), Step.MARKUP, exact=False)
    if _CAMEL_HINT.search(original):
        humps = [(hump.start(), hump.start(), " ") for hump in _HUMP.finditer(original)]
        yield from _view(original, effort, humps, Step.CAMEL, lambda _: True)
    swapped = [(match.start(), match.end(), _DRAWN_AS[match[0]]) for match in _SWAPPED.finditer(original)]
    yield from _view(original, effort, swapped, Step.SKELETON)
    if "\n" in original:
        divided = [(*match.span(), "") for match in _DIVIDED.finditer(original)]
        yield from _view(original, effort, divided, Step.JOINED)


def is_out_of_order(word: str) -> bool:
    """Whether what stands between two spaces is enough for one of these views, but for humps and divided words."""
    hinted = not word.isascii() and (_HINTS.search(word) or _ROUND_FIVE.search(word))
    return bool(hinted or MARKUP_HINT.search(word) or _SWAPPED.search(word))


def parted_humps(word: str) -> str:
    """The word with a space at every hump, `#SummerSale` as `#Summer Sale`."""
    return _HUMP.sub(" ", word) if _CAMEL_HINT.search(word) else word


def _view(
    original: str,
    effort: Effort,
    pieces: list[Piece],
    step: Step,
    divides: Callable[[int], bool] = lambda _: False,
    *,
    exact: bool = True,
) -> Iterator[View]:
    """The view with these pieces. A piece that `divides` at its end makes words of what stands on both its sides."""
    if not pieces or not effort.spend(len(original) // _CHARACTERS_A_UNIT):
        return
    base = rewrite(Layer(original), pieces)
    words = join_separators(fold_letters(base))
    changes: list[Change] = []
    shift = 0
    for first, last, out in pieces:
        start, end = first + shift, first + shift + len(out)
        shift += len(out) - (last - first)
        if out != " ":
            changes.append((words.ascend(base, start), words.ascend(base, end), (step,)))
        elif divides(last):
            changes.append((words.ascend(base, start - 1), words.ascend(base, end + 1), (step,)))
        else:
            at = words.ascend(base, end)
            changes.append((at, at, (step,)))
    yield View(words, original, changes, exact)


def _untagged(tags: str) -> str:
    return " " + "".join(chr(ord(tag) - _TAG_OFFSET) for tag in tags) + " "


def turned(letters: str) -> Iterator[Suspect]:
    """Runs of words written upside down, read from their end."""
    for line in re.finditer(r"[^.!?؟\n]+", letters):
        tokens = [token for token in re.finditer(r"\S+", line[0]) if _TURNED.search(token[0])]
        if not tokens:
            continue
        start, end = line.start() + tokens[0].start(), line.start() + tokens[-1].end()
        text = letters[start:end]
        flipped = turn(text)
        yield Suspect(
            start,
            end,
            (
                Reading(((start, end, flipped),), (Step.TURNED,)),
                Reading(((start, end, flipped[::-1]),), (Step.TURNED,)),
            ),
        )
