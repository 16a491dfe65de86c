"""Where words and codes inside a picture or clip stand, for findings in parts such as `media/x.jpg#ocr`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adsieve.domain.ad import Part
from adsieve.domain.finding import Match

_BOX = slice(2, 6)
_SECOND = 6


def placed(part: Part, match: Match) -> Match:
    """The match with the step that reading the words took (`ocr`, `qr`, `audio`) and its place in the picture or clip.

    Parts that were uploaded as words are left as they are.
    """
    _, inside, how_read = part.name.partition("#")
    if not inside:
        return match
    step = how_read.rstrip("-0123456789")
    return replace(match, how=(step, *match.how), where={**_where(part.evidence, match), **match.where})


def _where(evidence: Mapping[str, Any], match: Match) -> dict[str, Any]:
    """Box and seconds of the words that the match covers; of the whole code where there are no words."""
    words = [row for row in evidence.get("words", ()) if row[0] < match.end and match.start < row[1]]
    if not words:
        return {name: evidence[name] for name in ("box", "from_s", "to_s") if name in evidence}
    where: dict[str, Any] = {"box": _around([row[_BOX] for row in words])} if len(words[0]) >= _BOX.stop else {}
    if seconds := [row[_SECOND] for row in words if len(row) > _SECOND]:
        where |= {"from_s": min(seconds), "to_s": max(seconds)}
    return where


def _around(boxes: Sequence[Sequence[int]]) -> list[int]:
    """The smallest box around boxes of x, y, width and height."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, under = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return [left, top, right - left, under - top]
