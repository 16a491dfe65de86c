"""Rare words of the corpus as material: a stress test of the views that see through evasion.

A package with thousands of terms, none of which anybody hides: whatever is found by more than spelling is found wrongly.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

from adsieve.material.sentences import WIDE, in_script
from tests.perf.evaluation.corpus.build import Sentence

SHORTEST = 4


def rare_rows(sentences: Iterable[Sentence], count: int) -> list[dict[str, str]]:
    """Up to `count` words of each language that separates words, of those that occur once; the same every time."""
    times: Counter[str] = Counter()
    homes: dict[str, str] = {}
    for sentence in sentences:
        for word in (word.casefold() for word in sentence.text.split() if word.isalpha()):
            times[word] += 1
            homes[word] = sentence.language
    once: defaultdict[str, list[str]] = defaultdict(list)
    for word, language in homes.items():
        if times[word] == 1 and len(word) >= SHORTEST and language not in WIDE - {"ko"} and in_script(language, word):
            once[language].append(word)
    rows: list[dict[str, str]] = []
    for language, words in sorted(once.items()):
        for word in Random(language).sample(sorted(words), min(count, len(words))):
            row = {"kind": "term", "value": word, "language": language, "policy": "gambling", "action": "REJECT"}
            rows.append({"id": f"R-{language}-{len(rows)}"} | row)
    return rows
