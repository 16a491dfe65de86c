"""Regular expressions that are compiled when they are first used.

Those of the special views have large character classes: compiling all of them would take a third of a cold start, for
texts that mostly show no evasion.
"""

import re
from typing import Any, cast


class _LazyPattern:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there yet: from then on the compiled pattern's own methods are.
        compiled = re.compile(self._pattern)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(pattern: str) -> re.Pattern[str]:
    """The pattern, to be used like a compiled one."""
    return cast("re.Pattern[str]", _LazyPattern(pattern))
