"""Attacks on words in Latin letters."""

import unicodedata
from collections.abc import Mapping
from random import Random

from tests.perf.evaluation.generate.common import (
    ANY_SCRIPT,
    MIN_LETTERS,
    Attack,
    entities,
    invisible,
    letters,
    stretched,
    stretched_all,
)
from tests.perf.evaluation.generate.tables import (
    ACCENTED,
    HOMOGLYPHS,
    LEET,
    LEET_LONG,
    LEET_PLAIN,
    LEET_RARE,
    OVERLAYS,
    STYLES,
    TURNED,
    ZALGO,
)


def plain(rng: Random, term: str) -> str | None:
    """The word as it is, in a case of its own."""
    return rng.choice((term, term.upper(), term.title()))


def mixed_case(rng: Random, term: str) -> str | None:
    """Capitals anywhere."""
    return "".join(rng.choice((letter.upper(), letter)) for letter in term)


def styled(table: Mapping[str, str], gap: str = "") -> Attack:
    """Every letter in another alphabet."""

    def attack(rng: Random, term: str) -> str | None:
        del rng
        plain_letters = _bare(term)
        if not all(letter in table or letter == " " for letter in plain_letters):
            return None
        return gap.join(table.get(letter, letter) for letter in plain_letters)

    return attack


def styled_mixed(rng: Random, term: str) -> str | None:
    """Each letter in an alphabet of its own choice."""
    bare = _bare(term)
    tables = [table for table in STYLES.values() if set(bare) <= {*table, " "}]
    return "".join(letter if letter == " " else rng.choice(tables)[letter] for letter in bare) if tables else None


def homoglyphs(table: Mapping[str, str], most: int) -> Attack:
    """Some letters swapped for their doubles in another script, at least one and at most `most`."""

    def attack(rng: Random, term: str) -> str | None:
        bare = term.lower()
        places = [place for place, letter in enumerate(bare) if letter in table]
        if not places:
            return None
        chosen = set(rng.sample(places, min(len(places), rng.randint(1, most))))
        return "".join(table[letter] if place in chosen else letter for place, letter in enumerate(bare))

    return attack


def homoglyphs_mixed(rng: Random, term: str) -> str | None:
    """Doubles from several scripts in one word."""
    word = term.lower()
    for name in rng.sample(("cyrillic", "greek", "armenian"), 2):
        word = homoglyphs(HOMOGLYPHS[name], 2)(rng, word) or word
    return word if word != term.lower() else None


def leet(rng: Random, term: str) -> str | None:
    """Digits and signs for one to three letters."""
    return _substitute(rng, term, LEET, rng.randint(1, 3))


def leet_all(rng: Random, term: str) -> str | None:
    """Digits and signs wherever there is one."""
    return _substitute(rng, term, LEET_PLAIN, len(term)) if len(term) > MIN_LETTERS + 1 and " " not in term else None


def leet_rare(rng: Random, term: str) -> str | None:
    """Currency and other signs."""
    return _substitute(rng, term, LEET_RARE, 1)


def leet_long(rng: Random, term: str) -> str | None:
    """One letter drawn with several signs."""
    places = [place for place, letter in enumerate(term.lower()) if letter in LEET_LONG]
    if not places or " " in term:
        return None
    place = rng.choice(places)
    return term[:place] + rng.choice(LEET_LONG[term[place].lower()]) + term[place + 1 :]


def accented(rng: Random, term: str) -> str | None:
    """Accents that the word does not have, composed."""
    return "".join(rng.choice(ACCENTED[letter]) if letter in ACCENTED else letter for letter in term.lower())


def accented_decomposed(rng: Random, term: str) -> str | None:
    """The same with the accents as characters of their own."""
    composed = accented(rng, term)
    return composed and unicodedata.normalize("NFD", composed)


def struck(rng: Random, term: str) -> str | None:
    """Struck through or underlined with an overlay on every letter."""
    overlay = rng.choice(OVERLAYS)
    return "".join(letter + overlay for letter in term)


def zalgo(rng: Random, term: str) -> str | None:
    """Marks heaped above and below, few enough to read."""
    return "".join(letter + "".join(rng.choices(ZALGO, k=rng.randint(1, 4))) for letter in term)


def upside_down(rng: Random, term: str) -> str | None:
    """Turned letters from the end to the beginning: the line stood on its head."""
    del rng
    return "".join(TURNED.get(letter, letter) for letter in reversed(_bare(term)))


def digits_around(rng: Random, term: str) -> str | None:
    """A number stuck to the word."""
    number = rng.choice(("24", "777", "365", "888", "2026"))
    return rng.choice((f"{term}{number}", f"{number}{term}"))


def dropped_accents(rng: Random, term: str) -> str | None:
    """A word of the language without its accents."""
    del rng
    bare = _bare(term)
    return bare if bare != term.lower() else None


def decomposed(rng: Random, term: str) -> str | None:
    """The word's own accents as characters of their own."""
    del rng
    apart = unicodedata.normalize("NFD", term)
    return apart if apart != term else None


def both(first: Attack, second: Attack) -> Attack:
    """One attack upon the other."""

    def attack(rng: Random, term: str) -> str | None:
        changed = first(rng, term)
        return changed and second(rng, changed)

    return attack


def _bare(term: str) -> str:
    marked = unicodedata.normalize("NFD", term.lower())
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def _substitute(rng: Random, term: str, table: Mapping[str, str], most: int) -> str | None:
    word = term.lower()
    places = [place for place, letter in enumerate(word) if letter in table]
    if not places:
        return None
    chosen = set(rng.sample(places, min(len(places), most)))
    return "".join(rng.choice(table[letter]) if place in chosen else letter for place, letter in enumerate(word))


def _separated_leet(rng: Random, term: str) -> str | None:
    word = leet(rng, term)
    return rng.choice("._- ").join(letters(word)) if word and " " not in term else None


LATIN: dict[str, Attack] = {
    **ANY_SCRIPT,
    "case": plain,
    "case-mixed": mixed_case,
    **{f"style-{name}": styled(table) for name, table in STYLES.items() if name != "regional"},
    "style-regional": styled(STYLES["regional"], gap="\u200b"),
    "style-mixed": styled_mixed,
    "homoglyph-cyrillic": homoglyphs(HOMOGLYPHS["cyrillic"], 2),
    "homoglyph-cyrillic-all": homoglyphs(HOMOGLYPHS["cyrillic"], 9),
    "homoglyph-greek": homoglyphs(HOMOGLYPHS["greek"], 2),
    "homoglyph-armenian": homoglyphs(HOMOGLYPHS["armenian"], 2),
    "homoglyph-cherokee": homoglyphs(HOMOGLYPHS["cherokee"], 9),
    "homoglyph-mixed": homoglyphs_mixed,
    "leet": leet,
    "leet-all": leet_all,
    "leet-rare": leet_rare,
    "leet-long": leet_long,
    "accents": accented,
    "accents-decomposed": accented_decomposed,
    "accents-dropped": dropped_accents,
    "decomposed": decomposed,
    "overlay": struck,
    "zalgo": zalgo,
    "stretched": stretched,
    "stretched-all": stretched_all,
    "upside-down": upside_down,
    "digits-around": digits_around,
    "entities": entities,
    "soft-hyphen": invisible("soft-hyphen"),
    "filler": invisible("filler"),
    "tag": invisible("tag"),
    "two-case-separators": both(mixed_case, ANY_SCRIPT["separators"]),
    "two-style-spaced": both(styled(STYLES["squared-black"]), ANY_SCRIPT["spaced"]),
    "two-fullwidth-spaced": both(styled(STYLES["fullwidth"]), ANY_SCRIPT["spaced"]),
    "two-homoglyph-invisible": both(homoglyphs(HOMOGLYPHS["cyrillic"], 2), invisible("zero-width")),
    "two-leet-stretched": both(leet, stretched),
    "two-leet-separators": _separated_leet,
    "two-accents-stretched": both(accented, stretched),
    "two-case-mask": both(mixed_case, ANY_SCRIPT["mask"]),
    "two-homoglyph-leet": both(homoglyphs(HOMOGLYPHS["cyrillic"], 1), leet),
}
