"""The clean corpus: fetched, extracted, without doubles, kept in the cache as one JSON line a sentence."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from adsieve.material.sentences import sentences
from tests.perf.evaluation.corpus.extract import texts
from tests.perf.evaluation.corpus.fetch import CACHE, UnavailableSourceError, fetch, licences
from tests.perf.evaluation.corpus.sources import SOURCES

FILE = CACHE / "sentences.jsonl"
MOST_OF_A_SOURCE = 4_000
"""Sentences kept of one package in one language, the first ones, so that no package drowns the others."""
WHOLE = {"ar"}
"""Languages of which everything is kept."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it comes from."""

    language: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave.

    Attributes:
        counts: (language, package) → sentences.
        licences: package → what it says of its licence.
        skipped: packages that could not be had, with the reason.
    """

    counts: Counter[tuple[str, str]]
    licences: dict[str, str]
    skipped: dict[str, str]


def build() -> Built:
    """Make the corpus anew from whatever packages can be had."""
    built = Built(Counter(), {}, {})
    seen: set[str] = set()
    CACHE.mkdir(parents=True, exist_ok=True)
    with FILE.open("w", encoding="utf-8") as file:
        for source in SOURCES:
            try:
                folder = fetch(source)
            except UnavailableSourceError as error:
                built.skipped[source.package] = str(error)
                continue
            built.licences[source.package] = licences(folder)
            for language, text in texts(source, folder):
                for sentence in sentences(language, text):
                    key = sentence.casefold()
                    full = built.counts[language, source.package] >= MOST_OF_A_SOURCE and language not in WHOLE
                    if full or key in seen:
                        continue
                    seen.add(key)
                    built.counts[language, source.package] += 1
                    told = {"text": sentence, "language": language, "source": source.package}
                    file.write(json.dumps(told, ensure_ascii=False) + "\n")
    return built


def corpus() -> Iterator[Sentence]:
    """Every sentence of the last build."""
    with FILE.open(encoding="utf-8") as file:
        for line in file:
            yield Sentence(**json.loads(line))
