"""Attacks on words in Arabic letters, and the ordinary variety of Arabic writing."""

import unicodedata
from collections.abc import Mapping
from random import Random

from tests.perf.evaluation.generate.common import ANY_SCRIPT, Attack, invisible

HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0652"
SHADDA = "\u0651"
TATWEEL = "\u0640"
CLITICS = ("و", "ف", "ب", "ك", "ل", "ال", "وال", "بال", "كال", "فال", "وب", "ول", "وبال")
# Not stretched: the article, and letters that the word has twice on purpose.
LONG_VOWELS = "اويى"
# Letters that never join to the next one.
RIGHT_JOINING = "اأإآدذرزوؤةى"
DOTLESS = dict(zip("بتثنيقفجخذزشضظغة", "ٮٮٮٮٮٯڡححدرسصطعه", strict=True)) | {"ئ": "ٮ", "إ": "ا", "أ": "ا"}
FINAL_DOTLESS = {"ن": "ں", "ي": "ى", "ب": "ٮ", "ت": "ٮ"}
FOREIGN = {"ك": "کڪ", "ي": "یېے", "ه": "ہھە", "ى": "ی", "و": "ۆۋ", "ة": "ۃ"}
ORTHOGRAPHIC = {"أ": "اإ", "إ": "اأ", "ا": "أٱ", "ة": "ه", "ى": "ي", "ي": "ى", "ئ": "ي", "ؤ": "و"}


def vocalised(rng: Random, term: str) -> str | None:
    """Short vowels on the letters."""
    return "".join(letter + _vowel(rng, letter) for letter in term)


def vocalised_doubled(rng: Random, term: str) -> str | None:
    """Vowels and a shadda, in either order on the letter."""
    marks = [SHADDA, "\u064e"] if rng.random() < 0.5 else ["\u064e", SHADDA]
    place = rng.randrange(1, len(term))
    return term[:place] + "".join(marks) + "".join(letter + _vowel(rng, letter) for letter in term[place:])


def lengthened(rng: Random, term: str) -> str | None:
    """Tatweel where letters join."""
    gaps = [place for place in range(1, len(term)) if _joins(term, place)]
    if not gaps:
        return None
    chosen = set(rng.sample(gaps, rng.randint(1, len(gaps))))
    long = rng.randint(1, 5)
    return "".join(TATWEEL * long + letter if place in chosen else letter for place, letter in enumerate(term))


def spaced_with_tatweel(rng: Random, term: str) -> str | None:
    """Blanks between the letters, each drawn out to where the next would join."""
    del rng
    if " " in term:
        return None
    joined = [letter + TATWEEL * _joins(term, place + 1) for place, letter in enumerate(term[:-1])]
    return " ".join([*joined, term[-1]])


def stretched(rng: Random, term: str) -> str | None:
    """A long vowel written three to seven times, as in speech."""
    places = [
        p for p in range(1, len(term)) if term[p] in LONG_VOWELS and term[p - 1] != term[p] != term[p + 1 : p + 2]
    ]
    if not places:
        return None
    place = rng.choice(places)
    return term[:place] + term[place] * rng.randint(3, 7) + term[place + 1 :]


def stretched_any(rng: Random, term: str) -> str | None:
    """Any letter written three to five times."""
    place = rng.randrange(1, len(term))
    if term[place] in term[place - 1] + term[place + 1 : place + 2] + " ":
        return None
    return term[:place] + term[place] * rng.randint(3, 5) + term[place + 1 :]


def with_clitic(rng: Random, term: str) -> str | None:
    """Conjunction, preposition or article written on the word."""
    return rng.choice(CLITICS) + term


def with_contracted_article(rng: Random, term: str) -> str | None:
    """`ل` and the article become `لل`."""
    return None if term.startswith("ل") else rng.choice(("لل", "ولل", "فلل")) + term


def variant_letters(rng: Random, term: str) -> str | None:
    """Hamza, final ya and ta marbuta as people type them."""
    places = [p for p, letter in enumerate(term) if letter in ORTHOGRAPHIC and _variant_fits(term, p)]
    if not places:
        return None
    place = rng.choice(places)
    return term[:place] + rng.choice(ORTHOGRAPHIC[term[place]]) + term[place + 1 :]


def foreign_letters(rng: Random, term: str) -> str | None:
    """Persian, Urdu and Kurdish letters of the same look."""
    if not set(term) & set(FOREIGN):
        return None
    return "".join(rng.choice(FOREIGN[letter]) if letter in FOREIGN else letter for letter in term)


def presentation_forms(rng: Random, term: str) -> str | None:
    """Every letter as the code point of its shape."""
    del rng
    shaped = "".join(_shape(term, place) for place in range(len(term)))
    return shaped.replace("ﻟﺎ", "ﻻ").replace("ﻠﺎ", "ﻼ").replace("ﻟﺄ", "ﻷ").replace("ﻠﺄ", "ﻸ")


def dotless(rng: Random, term: str) -> str | None:
    """Written without dots, as the oldest manuscripts and as those who dodge filters."""
    del rng
    written = "".join(_undotted(term, place) for place in range(len(term)))
    return written if set(written) & set("ٮڡٯں") else None


def latin_neighbour(rng: Random, term: str) -> str | None:
    """Latin letters or digits right at the word."""
    extra = rng.choice(("VIP", "777", "24", "online"))
    return rng.choice((term + extra, extra + term))


def both(first: Attack, second: Attack) -> Attack:
    """One attack upon the other."""

    def attack(rng: Random, term: str) -> str | None:
        changed = first(rng, term)
        return changed and second(rng, changed)

    return attack


def _vowel(rng: Random, letter: str) -> str:
    return rng.choice(HARAKAT[3:]) if letter not in " اوي" and rng.random() < 0.8 else ""


def _variant_fits(term: str, place: int) -> bool:
    last = place == len(term) - 1 or term[place + 1] == " "
    if term[place] in "ىية":
        return last
    return term[place] != "ا" or place == 0


def _joins(term: str, place: int) -> bool:
    return term[place - 1] not in f"{RIGHT_JOINING} " and term[place] != " "


def _shape(term: str, place: int) -> str:
    letter = term[place]
    before = place > 0 and _joins(term, place)
    after = place + 1 < len(term) and _joins(term, place + 1)
    form = {(False, False): "ISOLATED", (False, True): "INITIAL", (True, True): "MEDIAL", (True, False): "FINAL"}
    try:
        return unicodedata.lookup(f"{unicodedata.name(letter)} {form[before, after]} FORM")
    except KeyError:
        return letter


def _undotted(term: str, place: int) -> str:
    letter = term[place]
    last = place == len(term) - 1 or term[place + 1] == " "
    table: Mapping[str, str] = DOTLESS | FINAL_DOTLESS if last else DOTLESS
    return table.get(letter, letter)


ARABIC: dict[str, Attack] = {
    **{name: attack for name, attack in ANY_SCRIPT.items() if name != "variation-selector"},
    "plain": lambda _rng, term: term,
    "tashkeel": vocalised,
    "tashkeel-shadda": vocalised_doubled,
    "tatweel": lengthened,
    "tatweel-tashkeel": both(lengthened, vocalised),
    "elongation": stretched,
    "elongation-any": stretched_any,
    "clitic": with_clitic,
    "clitic-lil": with_contracted_article,
    "clitic-tashkeel": both(with_clitic, vocalised),
    "clitic-tatweel": both(with_clitic, lengthened),
    "clitic-elongation": both(with_clitic, stretched),
    "clitic-foreign": both(with_clitic, foreign_letters),
    "orthography": variant_letters,
    "foreign-letters": foreign_letters,
    "presentation-forms": presentation_forms,
    "presentation-forms-clitic": both(with_clitic, presentation_forms),
    "dotless": dotless,
    "joiner": invisible("zero-width"),
    "latin-neighbour": latin_neighbour,
    "hashtag-clitic": both(with_clitic, ANY_SCRIPT["hashtag"]),
    "two-tatweel-spaced": spaced_with_tatweel,
    "two-foreign-elongation": both(foreign_letters, stretched),
}
