"""Texts and terms that look for trouble: every script, every kind of disguise, and characters that nobody types."""

from typing import Any

from hypothesis import strategies as st

from adsieve.domain.material import Flag, Material
from tests.builders import a_material

# Small alphabets, so that terms, their pieces and the words around them often meet.
_SYLLABLE_TEXT = """
a an ca si no so ß ı İ é ñ ü б ка зи но ё й σ ς ω ب ة ى ك کا زي نو ال و بال لل ف ڡ ٮ ש ל ה ו תם
赌 博 賭 カ ジ ノ が か\u3099 카 지 노 는 ㅋ ก า เ บ บ่ क ि ्ष ং ক 0 1 7 ٣ ۵
"""
_SYLLABLES = _SYLLABLE_TEXT.split()
_BETWEEN = [*" -_.,\n*#'/\u200b\u200c\u200d\u0640\u0301\u064e\u0307\u202e\ufe0f😀🇦", "  ", "<b>", "&amp;"]
_ODD = [*"\0\ud800\U000e0061\U0010ffff\u3164\u1109\u1175ﷺﻻＡ🅰ɐ", "\u0336" * 3, "аа"]

syllables = st.sampled_from(_SYLLABLES)
words = st.lists(syllables, min_size=1, max_size=4).map("".join)
values = st.lists(words, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", "-", ", ", ""]).map(lambda gap: gap.join(parts))
)
separators = st.sampled_from(_BETWEEN)
any_text = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=12)
noise = words | separators | st.sampled_from(_ODD) | any_text

_DISGUISES = (
    str,
    str.upper,
    str.title,
    " ".join,
    ".".join,
    "\u200b".join,
    lambda value: value[:1] + "*" + value[2:],
    lambda value: value.replace("a", "4").replace("i", "1").replace("o", "0"),
    lambda value: value.replace("a", "а").replace("c", "с"),
    lambda value: "".join(letter * 3 for letter in value),
    lambda value: value[::-1],
    lambda value: "و" + value,
    lambda value: "بال" + value,
    lambda value: "ה" + value,
    lambda value: value + "ها",
    lambda value: value + "는",
    lambda value: value + "s",
    lambda value: "x" + value,
    lambda value: value[: len(value) // 2] + "-\n" + value[len(value) // 2 :],
)
flags = st.frozensets(st.sampled_from([flag for flag in Flag if flag is not Flag.WORD]), max_size=2)


@st.composite
def materials(draw: st.DrawFn) -> list[Material]:
    """Up to six term rows, some with the same value, some cancelled by a phrase around another's value."""
    listed = draw(st.lists(values, min_size=1, max_size=4))
    rows: list[Material] = []
    for number in range(draw(st.integers(1, 6))):
        value = draw(st.sampled_from(listed))
        around: dict[str, Any] = {}
        if draw(st.booleans()):
            around["unless"] = (
                draw(words) + draw(separators) + value,
                value + draw(st.sampled_from(["", " "])) + draw(words),
            )
        rows.append(
            a_material(
                id=f"T-{number}", value=value, flags=draw(flags), language=draw(st.sampled_from(["", "de"])), **around
            )
        )
    return rows


def texts_about(rows: list[Material]) -> st.SearchStrategy[str]:
    """Texts in which the values of the rows stand, plain or disguised, between words, symbols and noise."""
    known = [phrase for row in rows for phrase in (row.value, *row.unless)]
    told = st.sampled_from(known).flatmap(lambda value: st.sampled_from(_DISGUISES).map(lambda change: change(value)))
    return st.lists(told | separators | noise, max_size=12).map("".join)
