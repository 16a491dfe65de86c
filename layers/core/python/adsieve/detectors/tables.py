"""Rows behind the keys of an index: arrays that are read in place, and JSON for the few rows that need more."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adsieve.detectors.base import Files
from adsieve.domain.errors import PackageError

type Entry = tuple[int, Mapping[str, Any]]
"""A row number, and what its detector must know of it to match; most rows need nothing."""


class RowTable:
    """For each key, its rows and what there is to know of them."""

    @staticmethod
    def build(name: str, keys: Iterable[Sequence[Entry]]) -> dict[str, bytes]:
        """Files `<name>.first`, `.rows`, `.detailed`, `.ends` and `.details`."""
        first, rows, details = [0], list[int](), bytearray()
        detailed, ends = list[int](), list[int]()
        for entries in keys:
            for row, detail in sorted(entries, key=lambda entry: entry[0]):
                if detail:
                    detailed.append(len(rows))
                    details += json.dumps(detail, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
                    ends.append(len(details))
                rows.append(row)
            first.append(len(rows))
        numbers = {"first": first, "rows": rows, "detailed": detailed, "ends": ends}
        return {f"{name}.{part}": packed(values) for part, values in numbers.items()} | {
            f"{name}.details": bytes(details)
        }

    def __init__(self, name: str, files: Files) -> None:
        self._first = integers(files, f"{name}.first")
        self._rows = integers(files, f"{name}.rows")
        self._detailed = integers(files, f"{name}.detailed")
        self._ends = integers(files, f"{name}.ends")
        self._details = files[f"{name}.details"]
        if len(self._first) == 0 or self._first[-1] != len(self._rows) or len(self._detailed) != len(self._ends):
            raise PackageError("bad_index", f"{name}.first and {name}.rows do not fit each other")

    def __len__(self) -> int:
        return len(self._first) - 1

    def entries(self, key: int) -> list[Entry]:
        """The rows of a key."""
        return [(self._rows[entry], self._detail(entry)) for entry in range(self._first[key], self._first[key + 1])]

    def _detail(self, entry: int) -> Mapping[str, Any]:
        slot = bisect_left(self._detailed, entry)
        if slot == len(self._detailed) or self._detailed[slot] != entry:
            return {}
        begin = self._ends[slot - 1] if slot else 0
        detail: dict[str, Any] = json.loads(bytes(self._details[begin : self._ends[slot]]))
        return detail


def integers(files: Files, name: str) -> memoryview:
    """A file of unsigned 32-bit numbers, read in place."""
    try:
        return files[name].cast("B").cast("I")
    except (KeyError, TypeError, ValueError) as error:
        raise PackageError("bad_index", f"{name}: {error}") from error


def packed(numbers: Sequence[int]) -> bytes:
    """Inverse of `integers`."""
    return array("I", numbers).tobytes()
