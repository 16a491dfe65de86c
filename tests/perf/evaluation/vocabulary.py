"""The words and sentences that cases are made of: one entry a language in `data/vocabulary.json`."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
SETS = {"first": DATA, "second": DATA.parent / "second", "third": DATA.parent / "third"}
"""The first was written with the engine; each later one after the engine was tuned on those before, with other terms."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language.

    Attributes:
        terms: harmless commercial words that stand for risk terms.
        frames: advertising sentences with one place `{}` for a term.
        clean: advertising sentences without any term.
        embedded: term → ordinary words that contain it.
        word_frame: at most one sentence with a place for any word.
    """

    terms: list[str]
    frames: list[str]
    clean: list[str]
    embedded: dict[str, list[str]] = field(default_factory=dict)
    word_frame: list[str] = field(default_factory=list)


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Every language by its code, in the order of the file."""
    loaded = json.loads((DATA / "vocabulary.json").read_text("utf-8"))
    return {language: Vocabulary(**entry) for language, entry in loaded.items()}
