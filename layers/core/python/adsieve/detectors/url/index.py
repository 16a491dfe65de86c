"""The packaged index of hosts and paths: labels from right to left, so that a site stands before what is below it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self

import marisa_trie

from adsieve.detectors.base import Files
from adsieve.detectors.tables import Entry, RowTable
from adsieve.detectors.url import grammar
from adsieve.domain.errors import PackageError

LOOKS = "~"
"""Starts a key that holds what a host looks like, not what it is. No host starts with it, nor with `ADDRESS`."""

ADDRESS = "="
"""Starts the key of an IP address, which has no subdomains."""


def key_of(labels: Sequence[str], path: str, tag: str = "") -> str:
    """`test.example/offers` for example.test/offers."""
    return f"{tag}{'.'.join(reversed(labels))}/{path}"


class UrlIndex:
    """Which rows name a site above a host, or a path above a path."""

    @staticmethod
    def build(by_key: Mapping[str, Sequence[Entry]], labels: int) -> dict[str, bytes]:
        """`urls.*`, for rows that name at most so many labels; same keys and entries, same bytes."""
        trie = marisa_trie.Trie(sorted(by_key))
        ordered: list[Sequence[Entry]] = [()] * len(by_key)
        for key, entries in by_key.items():
            ordered[trie.key_id(key)] = entries
        header = {"labels": labels, "longest": max(map(len, by_key))}
        return {
            "urls.json": json.dumps(header, sort_keys=True).encode(),
            "urls.trie": trie.tobytes(),
            **RowTable.build("urls", ordered),
        }

    @classmethod
    def open(cls, files: Files) -> Self:
        """The index over mapped files."""
        trie = marisa_trie.Trie()
        try:
            header = json.loads(bytes(files["urls.json"]))
            trie.map(files["urls.trie"])
            return cls(trie, files["urls.trie"], RowTable("urls", files), (header["longest"], header["labels"]))
        except (KeyError, ValueError, TypeError, RuntimeError) as error:
            raise PackageError("bad_url_index", f"urls: {error}") from error

    def __init__(self, trie: "marisa_trie.Trie", mapped: memoryview, table: RowTable, bounds: tuple[int, int]) -> None:
        if len(trie) != len(table):
            raise PackageError("bad_url_index", "urls.first does not fit urls.trie")
        self._trie = trie
        # The trie reads these bytes in place and does not keep them alive itself.
        self._mapped = mapped
        self._table = table
        self._longest, self.labels = bounds

    def find(self, labels: Iterable[str], path: str, tag: str = "") -> Iterator[tuple[int, bool, Entry]]:
        """Rows that name this host, a site above it, or a path above the path on either.

        Args:
            labels: of the host, from right to left.
            path: canonical.
            tag: `LOOKS`, `ADDRESS` or nothing.

        Yields:
            How many labels the row names, whether it names a path too, and the row.
        """
        host = tag
        for count, label in enumerate(labels, 1):
            host += f".{label}" if count > 1 else label
            if len(host) >= self._longest:
                return
            # One more character than any key tells whether the key ends where a segment does.
            query = f"{host}/{path}"[: self._longest + 1]
            for key, number in self._trie.iter_prefixes_with_ids(query):
                if len(key) > len(host) and _ends_segment(query, len(key)):
                    for entry in self._table.entries(number):
                        yield count, not key.endswith("/"), entry


def _ends_segment(query: str, end: int) -> bool:
    if end >= len(query) or query[end - 1] == "/" or query[end] in "/;":
        return True
    glued = grammar.SEPARATE_SCRIPT.match
    return bool(glued(query, end)) and not glued(query, end - 1)
