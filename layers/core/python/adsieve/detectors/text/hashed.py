"""A second way into the keys, by a form that many keys may share: look up the form's hash, then verify the keys."""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator


def digest(form: str) -> int:
    """The same number on every machine, unlike `hash`."""
    return zlib.crc32(form.encode())


class HashIndex:
    """Hashes of forms with their key numbers, read in place.

    Half the size of a trie, at the price of looking up whole forms only. Hashes may collide: callers verify.

    Args:
        pairs: all hashes in ascending order, then the key number of each.
    """

    def __init__(self, pairs: memoryview) -> None:
        self._hashes = pairs[: len(pairs) // 2]
        self._numbers = pairs[len(pairs) // 2 :]

    def __len__(self) -> int:
        return len(self._hashes)

    def get(self, form: str) -> Iterator[int]:
        """Numbers of the keys that may have this form."""
        wanted = digest(form)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            yield self._numbers[at]
            at += 1


def hashed(forms: Iterable[tuple[str, int]]) -> array[int]:
    """What `HashIndex` reads: all hashes in order, then their key numbers; same forms, same numbers."""
    pairs = sorted((digest(form), number) for form, number in forms)
    return array("I", [*(pair[0] for pair in pairs), *(pair[1] for pair in pairs)])


class HashFilter:
    """Tells most words that are not in a set from those that are, by one bit of memory.

    Args:
        bits: what `filtered` made.
    """

    def __init__(self, bits: memoryview) -> None:
        self._bits = bits
        self._mask = len(bits) - 1

    def may_hold(self, word: str) -> bool:
        """True for every word of the set, and for one in seventeen of the others."""
        number = zlib.crc32(word.encode("utf-8", "surrogatepass"))
        return bool(self._bits[number >> 3 & self._mask] >> (number & 7) & 1)


def filtered(words: Iterable[str]) -> bytes:
    """What `HashFilter` reads: 16 bits a word, at the least, of which each word sets one; a power of two bytes."""
    numbers = {zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words}
    bits = bytearray(1 << (2 * len(numbers)).bit_length())
    for number in numbers:
        bits[number >> 3 & len(bits) - 1] |= 1 << (number & 7)
    return bytes(bits)
