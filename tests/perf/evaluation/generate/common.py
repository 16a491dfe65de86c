"""Attacks that work in any script: what is put between, around or over letters."""

import unicodedata
from collections.abc import Callable
from random import Random

from tests.perf.evaluation.generate.tables import INVISIBLE

type Attack = Callable[[Random, str], str | None]
"""The term as an evader writes it, or None where the attack does not fit the term."""

SEPARATORS = ".-_*~/·•,+"
WIDE_SEPARATORS = (" ", "  ", " . ", "\u00a0", "\n", "\u3000", " - ")
MASKS = "*#•∗"
VIRAMA = 9  # canonical combining class of the Indic virama
MIN_LETTERS = 3
EDGES = (
    *(("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"), ("<", ">"), ("‘", "’"), ("¡", "!")),
    *((sign, sign) for sign in ("!", "|", "/", "🎰", "*", "_", "'", "…", ":")),
)


def letters(term: str) -> list[str]:
    """Letters as a reader counts them: a base with its marks; Indic conjuncts stay whole."""
    clusters: list[str] = []
    for character in term:
        joins = unicodedata.category(character).startswith("M") or character in "\u200c\u200d"
        if clusters and (joins or unicodedata.combining(clusters[-1][-1]) == VIRAMA):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def separated(rng: Random, term: str) -> str | None:
    """One and the same symbol between all letters."""
    return rng.choice(SEPARATORS).join(letters(term)) if _long(term) else None


def separated_mixed(rng: Random, term: str) -> str | None:
    """Different symbols between the letters."""
    parts = letters(term)
    return parts[0] + "".join(rng.choice(".-_~") + part for part in parts[1:]) if _long(term) else None


def separated_once(rng: Random, term: str) -> str | None:
    """One symbol inside the word."""
    parts = letters(term)
    if len(parts) <= MIN_LETTERS + 1 or " " in term:
        return None
    place = rng.randrange(2, len(parts) - 1)
    return "".join(parts[:place]) + rng.choice(".-~•·") + "".join(parts[place:])


def spaced(rng: Random, term: str) -> str | None:
    """Blanks between all letters."""
    return rng.choice(WIDE_SEPARATORS).join(letters(term)) if _long(term) else None


def spaced_plain(rng: Random, term: str) -> str | None:
    """Single spaces between all letters."""
    del rng
    return " ".join(letters(term)) if _long(term) else None


def masked(rng: Random, term: str) -> str | None:
    """One inner letter hidden behind a symbol."""
    parts = letters(term)
    if len(parts) <= MIN_LETTERS + 1 or " " in term:
        return None
    parts[rng.randrange(1, len(parts) - 1)] = rng.choice(MASKS)
    return "".join(parts)


def emoji_between(rng: Random, term: str) -> str | None:
    """An emoji between all letters."""
    return rng.choice("🎲🎰⭐🔥❤").join(letters(term)) if _long(term) else None


def stretched(rng: Random, term: str) -> str | None:
    """One letter that stands alone in the word, written three to six times."""
    parts = letters(term)
    alone = [i for i in range(1, len(parts)) if len(parts[i]) == 1 and parts[i].isalpha() and _alone(parts, i)]
    if not alone:
        return None
    place = rng.choice(alone)
    parts[place] *= rng.randint(3, 6)
    return "".join(parts)


def stretched_all(rng: Random, term: str) -> str | None:
    """Every letter two or three times."""
    times = rng.choice((2, 3))
    return "".join(part * times for part in letters(term)) if _long(term) and " " not in term else None


def quoted(rng: Random, term: str) -> str | None:
    """Punctuation or an emoji right at the word."""
    left, right = rng.choice(EDGES)
    return f"{left}{term}{right}"


def hashtag(rng: Random, term: str) -> str | None:
    """A hashtag, with other words joined by underscores."""
    word = term.replace(" ", "_")
    return rng.choice((f"#{word}", f"#{word}_2026", f"#vip_{word}"))


def invisible(kind: str) -> Attack:
    """An attack that puts characters without a shape between letters."""

    def attack(rng: Random, term: str) -> str | None:
        parts = letters(term)
        joined = parts[0]
        for part in parts[1:]:
            joined += (rng.choice(INVISIBLE[kind]) * rng.randint(1, 2) if rng.random() < 0.7 else "") + part
        return joined if joined != term else parts[0] + INVISIBLE[kind][0] + "".join(parts[1:])

    return attack


def entities(rng: Random, term: str) -> str | None:
    """Numeric HTML entities: a web page shows the letters."""
    place = rng.randrange(len(term))
    written = rng.choice((f"&#{ord(term[place])};", f"&#x{ord(term[place]):x};"))
    return term[:place] + written + term[place + 1 :]


def _alone(parts: list[str], place: int) -> bool:
    return parts[place] not in parts[place - 1 : place] + parts[place + 1 : place + 2]


def _long(term: str) -> bool:
    return len(letters(term)) > MIN_LETTERS and " " not in term


ANY_SCRIPT: dict[str, Attack] = {
    "separators": separated,
    "separators-mixed": separated_mixed,
    "separator-once": separated_once,
    "spaced": spaced_plain,
    "spaced-wide": spaced,
    "mask": masked,
    "emoji": emoji_between,
    "punctuation": quoted,
    "hashtag": hashtag,
    "zero-width": invisible("zero-width"),
    "bidi": invisible("bidi"),
    "variation-selector": invisible("variation-selector"),
}
