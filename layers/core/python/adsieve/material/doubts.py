"""Terms that are too short, too common, or written in a way that nobody means."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from adsieve.detectors.text.fold import fold
from adsieve.domain.errors import Problem
from adsieve.domain.material import Flag, Kind, Material
from adsieve.material.everyday import DOUBLE_MEANINGS, STOP_WORDS

_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "ARABIC", "HEBREW")
"""Scripts that no word mixes. Chinese, Japanese and Korean do mix with Latin: T恤."""

_HIDDEN = re.compile("[\\x00-\\x1f\\x7f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]")
_WHOLE_WORDS = ("CJK", "HANGUL SYLLABLE")
"""Of what one character may be a word."""

_ALWAYS = frozenset({"en", "ar"})
"""Languages whose stop words are refused in rows that name no language of their own."""

_PHRASE = "make it part of a phrase, or of a combo with NEAR"
_LONGEST_COMMON = 10
"""Characters, marks and blanks included, beyond which no term is a stop word or a single letter."""

_SHORT = 2
_SHORT_INSIDE = 3


def refusals(material: Material) -> Iterator[Problem]:
    """Why a term is too common to be compiled at all: it would match nearly every ad. Cheap for long terms."""
    if material.kind is not Kind.TERM or len(material.value) > _LONGEST_COMMON:
        return
    key = fold(material.value).text.strip()
    letters = [character for character in key if character.isalnum()]
    own = {material.language.partition("-")[0]} if material.language else _ALWAYS
    if own & _stop_words().get(key, frozenset()):
        yield Problem(material.source, "value", f"`{material.value}` stands in nearly every text", _PHRASE)
    elif len(letters) == 1 == len(key) and not _may_be_word(key):
        hint = "list a longer word or phrase, or a combo"
        yield Problem(material.source, "value", f"`{material.value}` is a single letter", hint)


def doubts(material: Material) -> Iterator[Problem]:
    """What is doubtful about one term that is not refused, seen alone. Other kinds have their own checks."""
    if material.kind is not Kind.TERM:
        return
    key = fold(material.value).text.strip()
    if not key:
        return
    if (elsewhere := sorted(_stop_words().get(key, ()))) and not any(refusals(material)):
        message = f"`{material.value}` stands in nearly every text in {' '.join(elsewhere)}"
        yield Problem(material.source, "value", message, _PHRASE, "warning")
    yield from _short(material, key)
    yield from _mixed(material)
    if _HIDDEN.search(material.value):
        message = f"`{material.value}` holds characters that nobody sees"
        yield Problem(material.source, "value", message, "type it again instead of copying it", "warning")
    if (meaning := _double_meanings().get(key)) and Flag.CASE not in material.flags:
        hint = "list the phrase that you mean, put harmless phrases into `unless`, or use a combo"
        yield Problem(material.source, "value", f"`{material.value}` is harmless too: {meaning}", hint, "warning")


def _short(material: Material, key: str) -> Iterator[Problem]:
    letters = [character for character in key if character.isalnum()]
    hint = "list a longer word or phrase, or a combo"
    if not letters:
        message = f"`{material.value}` has no letter or digit, and symbols mean many things"
        yield Problem(material.source, "value", message, "use a combo with a word that tells what is meant", "warning")
    elif "".join(letters).isdigit() and len(letters) <= _SHORT_INSIDE:
        yield Problem(material.source, "value", f"`{material.value}` is only a short number", hint, "warning")
    elif Flag.SUBSTRING in material.flags and len(letters) <= _SHORT_INSIDE and not any(map(_may_be_word, letters)):
        message = f"`{material.value}` is too short to be looked for inside words"
        yield Problem(material.source, "match", message, "drop `substring`", "warning")
    elif len(letters) == _SHORT and not any(map(_may_be_word, letters)) and Flag.CASE not in material.flags:
        message = f"`{material.value}` has only two letters"
        if material.value.lower() != material.value.upper():
            hint += "; `case` helps where it is an abbreviation"
        yield Problem(material.source, "value", message, hint, "warning")
    elif len(letters) == 1:
        message = f"`{material.value}` is one character, which is part of many words"
        yield Problem(material.source, "value", message, hint, "warning")


def _mixed(material: Material) -> Iterator[Problem]:
    for word in material.value.replace("-", " ").replace("_", " ").split():
        scripts = sorted({script for character in word for script in _ALIKE if _is_letter_of(character, script)})
        if len(scripts) > 1:
            named = " and ".join(script.capitalize() for script in scripts)
            message = f"`{word}` mixes {named} letters in one word"
            hint = "type it in one script; look-alike letters in ads are found anyway"
            yield Problem(material.source, "value", message, hint, "warning")


def _is_letter_of(character: str, script: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith(script + " ")


def _may_be_word(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_WHOLE_WORDS)


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    """Folded stop words and the languages that they are common in."""
    languages: dict[str, set[str]] = {}
    for language, words in STOP_WORDS.items():
        for word in _folded(words.split()):
            languages.setdefault(word, set()).add(language)
    return {word: frozenset(found) for word, found in languages.items()}


@cache
def _double_meanings() -> dict[str, str]:
    return dict(zip(_folded(DOUBLE_MEANINGS), DOUBLE_MEANINGS.values(), strict=True))


def _folded(words: Iterable[str]) -> list[str]:
    return [fold(word).text.strip() for word in words]
