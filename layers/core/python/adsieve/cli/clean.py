"""Which honest sentences rows are read against: a given file, or adsieve's own and those of installed programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adsieve.material.catalogues import catalogue_sentences, installed
from adsieve.material.corpus import Sentence, default_corpus, read_corpus


@dataclass(frozen=True, slots=True)
class CleanCorpus:
    """Sentences, and which they are, in words for the reader of the result."""

    sentences: Sequence[Sentence]
    told: str


def clean_corpus(path: Path | None, progress: Callable[[str, int], None]) -> CleanCorpus:
    """The sentences of a path; without one, adsieve's own and those of the programs in this environment."""
    if path:
        given = read_corpus(path)
        return CleanCorpus(given, f"read against {len(given):,} sentences of {path}")
    own = read_corpus(default_corpus())
    more = catalogue_sentences(installed(), progress)
    if not more:
        hint = "`pip install 'adsieve[lint]'` or `--clean FILE` tells more"
        return CleanCorpus(own, f"read against only the {len(own):,} sentences that come with adsieve: {hint}")
    languages = len({language for _, language in more})
    told = f"read against {len(own):,} sentences of adsieve and {len(more):,} of installed programs in {languages} languages"
    return CleanCorpus([*own, *more], told)
