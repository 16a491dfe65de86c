"""What is known of a word, worked out once: real texts say the same words again and again."""

from collections.abc import Callable, Iterable, Iterator, Sequence

_MOST = 21_000
LONGEST = 32
"""Characters of the longest word that is remembered."""


class Memo[T](dict[str, T]):
    """What a function says of words, remembered within bounds.

    Looking up a word that is known costs no more than a dictionary. When the memory is full, only what was used since
    it was last full is kept. Long words, which hardly ever come again, are not kept at all. So hostile text costs time,
    never memory.

    Args:
        work_out: a function of nothing but the word.
        most: how many words to remember, and again as many that were not used lately; 21,000 words take some 3 MB.
    """

    def __init__(self, work_out: Callable[[str], T], most: int = _MOST) -> None:
        super().__init__()
        self._work_out = work_out
        self._most = most
        self._older: dict[str, T] = {}

    def __missing__(self, word: str) -> T:
        told = self._older.get(word)
        if told is None:
            told = self._work_out(word)
        self.remember(word, told)
        return told

    def remember(self, word: str, told: T) -> None:
        """Note what is known of a word, unless it is long."""
        if len(word) > LONGEST:
            return
        if len(self) >= self._most:
            self._older = dict(self)
            self.clear()
        self[word] = told


def positions(words: Sequence[str], chosen: Iterable[int]) -> Iterator[tuple[int, str]]:
    """(position, word) of the chosen words, by ascending number, in a text in which the words stand a space apart."""
    at = before = 0
    for number in chosen:
        at += sum(map(len, words[before:number])) + number - before
        before = number
        yield at, words[number]
