"""Put attacks, terms and sentences together: attacked terms are hits, attacked innocent words are misses."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from tests.perf.evaluation.cases import Case
from tests.perf.evaluation.generate.common import Attack, letters
from tests.perf.evaluation.generate.scripts import BY_LANGUAGE
from tests.perf.evaluation.vocabulary import Vocabulary, vocabularies

HITS = {"en": 4, "ar": 7}
"""Hits per attack; other languages get one."""
INNOCENTS = {"en": 2, "ar": 5}
TRIES = 20
NO_SPACES = {"zh", "ja", "th"}
SHORTEST = defaultdict(lambda: 5, ar=4, fa=4, ur=3, he=4, hi=3, bn=3, ko=2, vi=3)
"""Letters of the shortest innocent word that is attacked."""
# Of an innocent word these make nothing that could mislead.
ONLY_FOR_TERMS = {"no-space", "plain", "half-space", "nukta-dropped", "accents-dropped"}
# A span is asked for where all readers agree which characters make up the word.
NO_SPAN = {"tag", "filler", "overlay", "zalgo", "punctuation", "hashtag", "hashtag-clitic", "digits-around"}
NO_SPAN |= {"latin-neighbour"}


def generated_files() -> dict[str, str]:
    """File name → content, one file a language."""
    files = {}
    for language, words in vocabularies().items():
        rng = Random(f"adsieve {language}")
        made = [
            *_hits(rng, language, words),
            *_attacked_innocents(rng, language, words),
            *_embedded(rng, language, words),
        ]
        files[f"{language}.jsonl"] = "".join(f"{case.to_json()}\n" for case in made)
    return files


def _hits(rng: Random, language: str, words: Vocabulary) -> Iterator[Case]:
    for name, attack in BY_LANGUAGE[language].items():
        texts: dict[str, Case] = {}
        for term in _shuffled(rng, words.terms, TRIES):
            written = attack(rng, term)
            frame = rng.choice(words.frames)
            if written is None or len(texts) == HITS.get(language, 1):
                continue
            text = frame.format(written)
            start = frame.index("{}") + len(written) - len(written.lstrip())
            span = None if name in NO_SPAN or _edgy(written) else (start, start + len(written))
            row = f"{language}:{term}"
            case_id = f"{language}-{name}-{len(texts) + 1}"
            texts[text] = Case(case_id, language, name, (), text, "hit", span, written_terms=(row,))
        yield from texts.values()


def _attacked_innocents(rng: Random, language: str, words: Vocabulary) -> Iterator[Case]:
    for name, attack in BY_LANGUAGE[language].items():
        if name in ONLY_FOR_TERMS:
            continue
        made = 0
        for sentence in _shuffled(rng, words.clean, TRIES):
            text = _attack_one_word(rng, language, sentence, attack)
            if text is None or made == INNOCENTS.get(language, 1):
                continue
            made += 1
            case_id = f"{language}-innocent-{name}-{made}"
            yield Case(case_id, language, f"innocent-{name}", (), text, "miss", written_terms=(f"{language}:*",))


def _attack_one_word(rng: Random, language: str, sentence: str, attack: Attack) -> str | None:
    """The sentence with one of its words written as an evader would write a term; None where nothing changed."""
    if language in NO_SPACES:
        parts = letters(sentence)
        start = rng.randrange(len(parts) - 3)
        word = "".join(parts[start : start + 3])
    else:
        word = rng.choice([word for word in re.split(r"[ ,]+", sentence) if len(letters(word)) >= SHORTEST[language]])
    written = attack(rng, word)
    return None if written in {None, word} else sentence.replace(word, str(written), 1)


def _embedded(rng: Random, language: str, words: Vocabulary) -> Iterator[Case]:
    frames = words.word_frame
    for term, innocents in words.embedded.items():
        for number, word in enumerate(innocents, 1):
            shapes = (word, word.upper(), word.title()) if language in {"en", "fr", "es", "de"} else (word,)
            text = frames[0].format(rng.choice(shapes))
            case_id = f"{language}-embedded-{term}-{number}"
            yield Case(case_id, language, "embedded", (), text, "miss", written_terms=(f"{language}:{term}",))


def _shuffled(rng: Random, choices: list[str], count: int) -> Iterator[str]:
    """`count` picks that go round all choices before one comes again."""
    while count > 0:
        yield from rng.sample(choices, len(choices))
        count -= len(choices)


def _edgy(written: str) -> bool:
    """Marks and invisible characters at an end may or may not be counted in."""
    return any(unicodedata.category(end) in {"Cf", "Mn", "Me"} for end in (written[0], written[-1]))
