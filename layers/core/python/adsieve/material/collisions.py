"""What rows would hit in everyday language, worked out with the very detectors that will scan ads.

The words are our own few hundred and, where the package `wordfreq` is installed (on a laptop, never in Lambda), the
commonest thousands of each language. A collision is a word that a row matches without being meant: `better` for `bet`
with `substring`. `casinos` for `casino` is none.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from adsieve.detectors.text.fold import fold
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action
from adsieve.domain.errors import Problem
from adsieve.domain.finding import DOUBTFUL_STEPS, Match
from adsieve.domain.material import Flag, Kind, Material
from adsieve.material.everyday import SENTENCES, WORDS
from adsieve.material.package import Package

type Progress = Callable[[str, int], None]
"""Told what is being done and how much of it is done."""

_ALWAYS = ("en", "ar")
_MOST = {"en": 20_000, "ar": 20_000}
_FEWER = 5_000
_SHOWN = 5
_SHORT_ENDING = 2
_LONG_ENOUGH = 4
_TOO_GENERAL = 50
_ARTICLES = ("ال", "لل")
_CHECKED = frozenset({Kind.TERM, Kind.PATTERN, Kind.COMBO})


def collisions(package: Package, materials: Sequence[Material], progress: Progress) -> Iterator[Problem]:
    """One warning for each row that matches everyday words, and one for each harmless ad that it matches."""
    known = {material.id: material for material in materials if material.action is not Action.ALLOW}
    languages = {material.language.partition("-")[0] for material in materials} - {*_ALWAYS, ""}
    ranks = {language: common_words(language) for language in (*_ALWAYS, *sorted(languages))}
    collided = {
        identifier: list(words)
        for identifier, words in _collided(package, known, ranks, progress).items()
        if known[identifier].kind is not Kind.PATTERN or len(words) > _TOO_GENERAL
    }
    for identifier, words in collided.items():
        yield _told(known[identifier], words)
    for identifier, sentences in _harmed(package, known).items():
        if identifier not in collided and known[identifier].action > Action.LOG:
            others = f" and {len(sentences) - 1} others" if len(sentences) > 1 else ""
            message = f"matches the harmless text `{sentences[0]}`{others}"
            hint = "list a phrase, or use `unless`"
            yield Problem(known[identifier].source, "value", message, hint, "warning")


def _harmed(package: Package, known: Mapping[str, Material]) -> dict[str, list[str]]:
    """Ids of rows and the harmless ads that each matches."""
    harmed: dict[str, list[str]] = {}
    for sentence in SENTENCES:
        for identifier in {material.id: None for material, _ in _matches(sentence, package, known)}:
            harmed.setdefault(identifier, []).append(sentence)
    return harmed


def _collided(
    package: Package, known: Mapping[str, Material], ranks: Mapping[str, Mapping[str, int]], progress: Progress
) -> dict[str, dict[str, None]]:
    """Ids of rows and the everyday words that each collides with, commonest of each language first."""
    hit: dict[str, dict[str, None]] = {}
    for number, word in enumerate(word for words in ranks.values() for word in words):
        for material, match in _matches(word, package, known):
            if _is_collision(material, word, match, ranks):
                hit.setdefault(material.id, {})[word] = None
        if number % 500 == 0:
            progress("everyday words", number)
    return hit


@cache
def common_words(language: str) -> Mapping[str, int]:
    """Everyday words of a language and how many are commoner; our own count as the commonest."""
    ranks = dict.fromkeys(WORDS.get(language, "").split(), 0)
    try:
        listed: Any = importlib.import_module("wordfreq").top_n_list(language, _MOST.get(language, _FEWER))
    except (ImportError, LookupError):
        # Not installed, or it knows no list of this language: our own words must do.
        listed = ()
    for rank, word in enumerate(listed):
        ranks.setdefault(word, rank)
    return ranks


def _matches(text: str, package: Package, known: Mapping[str, Material]) -> Iterator[tuple[Material, Match]]:
    part = Part("texts.everyday", PartKind.TEXT, text)
    for detector in package.detectors:
        if detector.kinds & _CHECKED:
            for match in detector.detect(part):
                if material := known.get(package.material(match.row).id):
                    yield material, match


def _is_collision(material: Material, word: str, match: Match, ranks: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether the word is another one than the row means."""
    if not DOUBTFUL_STEPS.isdisjoint(match.how) or word.casefold() == material.value.casefold():
        return False
    if material.kind is not Kind.TERM:
        return material.kind is Kind.PATTERN
    key, seen = fold(material.value).text.strip(), fold(word).text
    if seen == key:
        return False
    before, _, after = seen.partition(key)
    if _is_form(before, after, key):
        return False
    if material.flags & {Flag.SUBSTRING, Flag.PREFIX}:
        return True
    return _is_commoner(word, material, ranks)


def _is_form(before: str, after: str, key: str) -> bool:
    """Whether the word is the term with an article, or with a short ending."""
    if before:
        return before.endswith(_ARTICLES) and len(after) <= _SHORT_ENDING
    return after in ("s", "es") or (len(after) <= _SHORT_ENDING and len(key) >= _LONG_ENOUGH)


def _is_commoner(word: str, material: Material, ranks: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether the word is commoner than the term itself, which tells a word of its own from a rare form."""
    own = material.value.casefold()
    return any(word in listed and listed[word] < listed.get(own, _MOST["en"]) for listed in ranks.values())


def _told(material: Material, words: Sequence[str]) -> Problem:
    shown = ", ".join(f"`{word}`" for word in words[:_SHOWN])
    count = f"{len(words)} everyday words" if len(words) > 1 else "an everyday word"
    wide = sorted(material.flags & {Flag.SUBSTRING, Flag.PREFIX, Flag.SUFFIXES})
    drop = f"drop `{wide[0]}`, " if wide else "list a longer phrase, "
    message = f"`{material.value}` matches {count}: {shown}{' …' if len(words) > _SHOWN else ''}"
    return Problem(
        material.source, "match" if wide else "value", message, f"{drop}or put them into `unless`", "warning"
    )
