"""A small package laid over a large one: what it holds is added, what it names is hidden, in one view of both."""

import json
from collections.abc import Generator
from dataclasses import replace
from functools import lru_cache

from adsieve.detectors.base import Look, Looker
from adsieve.domain.ad import Part
from adsieve.domain.errors import PackageError
from adsieve.domain.finding import Match
from adsieve.domain.material import Material
from adsieve.material.bounds import MAX_DELTA
from adsieve.material.package import Package

HIDDEN = "hidden.json"
"""File of the upper package: row numbers of the lower one that are no longer in force."""


class Overlay(Package):
    """Two packages as one. The upper one names the lower by its digest, so its own names every byte of both.

    Rows of the upper package are numbered after those of the lower. The policy matrix is the upper one's.
    """

    def __init__(self, base: Package, upper: Package) -> None:
        if upper.manifest.base != base.ref.sha256:
            raise PackageError("wrong_base", f"is laid over {upper.manifest.base}, this is {base.ref.sha256}")
        hidden = self.hidden = _hidden(upper, len(base))
        self.base, self.upper = base, upper
        self.manifest, self.ref, self.matrix = upper.manifest, upper.ref, upper.matrix
        self.signed = base.signed and upper.signed
        self.detectors = (
            *(_Without(detector, hidden) for detector in base.detectors),
            *(_Shifted(detector, len(base)) for detector in upper.detectors),
        )
        self.material = lru_cache(maxsize=4096)(self._material)

    def __len__(self) -> int:
        return len(self.base) + len(self.upper) - len(self.hidden)

    def _material(self, row: int) -> Material:
        lower = len(self.base)
        return self.base.material(row) if row < lower else self.upper.material(row - lower)

    def beside(self, name: str) -> bytes:
        """A file that was shipped beside the rows of the upper package."""
        return self.upper.beside(name)

    def layers(self) -> tuple[tuple[Package, frozenset[int]], ...]:
        """See `Package.layers`."""
        return ((self.base, self.hidden), (self.upper, frozenset()))

    def materials(self) -> list[Material]:
        """Every material that is in force."""
        kept = (material for row, material in enumerate(self.base.materials()) if row not in self.hidden)
        return [*kept, *self.upper.materials()]


def overlay(upper: Package, base: Package | None) -> Package:
    """The package as it is used: as it is, or laid over the base that it names."""
    if upper.manifest.base is None:
        return upper
    if base is None:
        raise PackageError("wrong_base", f"is laid over {upper.manifest.base}, which is not here")
    return Overlay(base, upper)


class _Without:
    """An open detector that does not see some of its rows."""

    def __init__(self, inner: Looker, hidden: frozenset[int]) -> None:
        self._inner, self._hidden = inner, hidden
        self.kinds, self.looks_at = inner.kinds, inner.looks_at

    def detect(self, part: Part) -> Generator[Match, None, str]:
        """See `Looker.detect`."""
        look = Look(self._inner, part)
        for match in look:
            if match.row not in self._hidden:
                yield match
        return look.incomplete


class _Shifted:
    """An open detector whose rows are numbered from `first`."""

    def __init__(self, inner: Looker, first: int) -> None:
        self._inner, self._first = inner, first
        self.kinds, self.looks_at = inner.kinds, inner.looks_at

    def detect(self, part: Part) -> Generator[Match, None, str]:
        """See `Looker.detect`."""
        look = Look(self._inner, part)
        for match in look:
            yield replace(match, row=match.row + self._first)
        return look.incomplete


def _hidden(upper: Package, rows: int) -> frozenset[int]:
    try:
        told: object = json.loads(upper.beside(HIDDEN))
    except ValueError:
        told = None
    if not isinstance(told, list) or len(told) > MAX_DELTA:
        raise PackageError("inconsistent", f"{HIDDEN}: want up to {MAX_DELTA} row numbers")
    if not all(type(row) is int and 0 <= row < rows for row in told):
        raise PackageError("inconsistent", f"{HIDDEN}: names rows that the base does not have")
    return frozenset(told)
