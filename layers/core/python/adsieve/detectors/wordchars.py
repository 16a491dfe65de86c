r"""Which characters make words, said once for Python's expressions and once for RE2's, whose `\w` knows only ASCII."""

import re
from functools import cache

_RANGES = (
    "0-9 A-Z _ a-z aa b5 ba c0-d6 d8-f6 f8-37d 37f-386 388-559 560-588 591-5bd 5bf 5c1-5c2 5c4-5c5 5c7-5f2 610-61a "
    "620-669 66e-6d3 6d5-6dc 6df-6e8 6ea-6ff 710-963 966-96f 971-e3e e40-e4e e50-e59 e80-1049 1050-135f 1369-17d3 "
    "17dc-17ff 180b-1fff 2071 207f-2089 2090-209c 2c00-2dff 3005-3007 3021-302f 3031-3035 3041-309f 30a1-30fa "
    "30fc-31bf 31f0-31ff 3400-4dbf 4e00-d7ff f900-fd3d fd50-fdfb fe20-fe2f fe70-fefc ff10-ff19 ff21-ff3a ff41-ff5a "
    "ff66-ffdc 10000-1cfff 1d400-1d7ff 1e000-1efff 20000-3fffd"
)
_SPACELESS_RANGES = (
    "e01-e30 e32-e33 e40-e46 e81-eb0 1000-102a 1780-17b3 3041-3096 30a1-30fa 31f0-31ff 3400-4dbf 4e00-9fff 20000-3fffd"
)


def _class(ranges: str, code_point: str) -> str:
    def bound(written: str) -> str:
        return written if len(written) == 1 else code_point % int(written, 16)

    return "".join("-".join(map(bound, pair.split("-"))) for pair in ranges.split())


WORD = _class(_RANGES, "\\U%08x")
"""Letters, digits and the signs that belong to them, for a class of `re`."""

WORD_RE2 = _class(_RANGES, "\\x{%x}")
"""The same for a class of `re2`."""

SPACELESS = _class(_SPACELESS_RANGES, "\\U%08x")
"""Letters of scripts that are written without spaces: each may start a word (Chinese, Japanese, Thai, Lao, Burmese)."""


@cache
def boundary() -> re.Pattern[str]:
    """Where a word starts or ends. Matches nothing but the place; takes 15 ms to compile."""
    begins, ends = f"(?<![{WORD}])(?=[{WORD}])", f"(?<=[{WORD}])(?![{WORD}])"
    return re.compile(f"{begins}|{ends}|(?<=[{WORD}])(?=[{SPACELESS}])|(?<=[{SPACELESS}])(?=[{WORD}])")
