"""Traditional Chinese written as simplified, character by character."""

from functools import cache

_FIRST_HAN = "\u3400"


def simplified(character: str) -> str:
    """The simplified form of one character; itself where there is none.

    Character by character is enough for matching: both sides are mapped the same way.
    """
    return character if character < _FIRST_HAN else _table().get(character, character)


@cache
def _table() -> dict[str, str]:
    # Read at the first Chinese character only.
    from adsieve.detectors.text.hanzi_data import SIMPLIFIED, TRADITIONAL

    return dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))
