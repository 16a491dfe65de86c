"""Attacks of single languages and scripts, and which general ones fit each of them."""

import unicodedata
from random import Random

from tests.perf.evaluation.generate import arabic
from tests.perf.evaluation.generate.common import ANY_SCRIPT, Attack, letters, stretched
from tests.perf.evaluation.generate.latin import LATIN, both, decomposed, digits_around, mixed_case, plain, struck
from tests.perf.evaluation.generate.tables import CYRILLIC_FROM_LATIN, CYRILLIC_LEET, GREEK_FROM_LATIN

STRESS = "\u0301"
NIQQUD = "\u05b0\u05b4\u05b5\u05b6\u05b7\u05b8\u05b9\u05bc"
NUKTA = "\u093c"
TRADITIONAL = dict(zip("赌场贷电烟机马银", "賭場貸電煙機馬銀", strict=True))
HALF_WIDTH = dict(
    zip(
        "カジノタバコウイスキーパチンギャブルガイドロイク",
        (
            "ｶ",
            "ｼﾞ",
            "ﾉ",
            "ﾀ",
            "ﾊﾞ",
            "ｺ",
            "ｳ",
            "ｲ",
            "ｽ",
            "ｷ",
            "ｰ",
            "ﾊﾟ",
            "ﾁ",
            "ﾝ",
            "ｷﾞ",
            "ｬ",
            "ﾌﾞ",
            "ﾙ",
            "ｶﾞ",
            "ｲ",
            "ﾄﾞ",
            "ﾛ",
            "ｲ",
            "ｸ",
        ),
        strict=True,
    )
)
FIRST_KATAKANA, LAST_KATAKANA, TO_HIRAGANA = 0x30A1, 0x30F6, 0x60
# Jamo as a keyboard types them, by the index that Unicode gives each part of a syllable.
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE = 0xAC00


def stressed(rng: Random, term: str) -> str | None:
    """Stress marks, as in textbooks."""
    del rng
    return "".join(letter + STRESS if letter in "аеиоуыэюяіїє" else letter for letter in term)


def latin_doubles(rng: Random, term: str) -> str | None:
    """Latin letters among Cyrillic ones."""
    places = [place for place, letter in enumerate(term) if letter in CYRILLIC_FROM_LATIN]
    if not places:
        return None
    chosen = set(rng.sample(places, min(len(places), rng.randint(1, 4))))
    return "".join(CYRILLIC_FROM_LATIN[letter] if p in chosen else letter for p, letter in enumerate(term))


def cyrillic_leet(rng: Random, term: str) -> str | None:
    """Digits and signs for Cyrillic letters."""
    places = [place for place, letter in enumerate(term) if letter in CYRILLIC_LEET]
    if not places:
        return None
    chosen = set(rng.sample(places, min(len(places), 2)))
    return "".join(rng.choice(CYRILLIC_LEET[letter]) if p in chosen else letter for p, letter in enumerate(term))


def greek_doubles(rng: Random, term: str) -> str | None:
    """Latin letters among Greek ones."""
    places = [place for place, letter in enumerate(term) if letter in GREEK_FROM_LATIN]
    if not places:
        return None
    chosen = set(rng.sample(places, min(len(places), rng.randint(1, 3))))
    return "".join(GREEK_FROM_LATIN[letter] if p in chosen else letter for p, letter in enumerate(term))


def greek_capitals(rng: Random, term: str) -> str | None:
    """Capitals, which Greek writes without accents."""
    del rng
    bare = "".join(c for c in unicodedata.normalize("NFD", term) if not unicodedata.combining(c))
    return bare.upper()


def pointed(rng: Random, term: str) -> str | None:
    """Hebrew vowel points."""
    return "".join(letter + (rng.choice(NIQQUD) if letter != " " else "") for letter in term)


def without_nukta(rng: Random, term: str) -> str | None:
    """The dot below left out, as most people write."""
    del rng
    bare = unicodedata.normalize("NFD", term).replace(NUKTA, "")
    return bare if bare != unicodedata.normalize("NFD", term) else None


def moon_dot(rng: Random, term: str) -> str | None:
    """Chandrabindu for anusvara or the other way round."""
    del rng
    swapped = term.translate(str.maketrans("ंँ", "ँं"))
    return swapped if swapped != term else None


def traditional(rng: Random, term: str) -> str | None:
    """Traditional characters, all or some."""
    every = rng.random() < 0.6
    written = "".join(TRADITIONAL.get(c, c) if every or rng.random() < 0.5 else c for c in term)
    return written if written != term else None


def half_width(rng: Random, term: str) -> str | None:
    """Half-width katakana."""
    del rng
    return "".join(HALF_WIDTH[c] for c in term) if set(term) <= set(HALF_WIDTH) else None


def hiragana(rng: Random, term: str) -> str | None:
    """Hiragana for katakana."""
    del rng
    if any(not FIRST_KATAKANA <= ord(c) <= LAST_KATAKANA for c in term):
        return None
    return "".join(chr(ord(c) - TO_HIRAGANA) for c in term)


def typed_jamo(rng: Random, term: str) -> str | None:
    """Syllables taken apart into the letters of a keyboard."""
    del rng
    return "".join(_jamo(syllable) for syllable in term) if all(ord(c) >= FIRST_SYLLABLE for c in term) else None


def between(signs: str) -> Attack:
    """One or two signs between the characters of a script that has no spaces."""

    def attack(rng: Random, term: str) -> str | None:
        return (rng.choice(signs) * rng.randint(1, 2)).join(letters(term))

    return attack


def spaced_long(rng: Random, term: str) -> str | None:
    """Blanks between syllables; of two only, Korean may read two words."""
    return rng.choice((" ", "  ")).join(term) if len(term) > 2 else None


def unaccented(rng: Random, term: str) -> str | None:
    """No accents or tones at all."""
    del rng
    bare = unicodedata.normalize("NFD", term.replace("đ", "d"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def loose_joiner(rng: Random, term: str) -> str | None:
    """The Persian half-space as a space or as nothing."""
    return term.replace("\u200c", rng.choice((" ", ""))) if "\u200c" in term else None


def arabic_letters(rng: Random, term: str) -> str | None:
    """Persian and Urdu words on an Arabic keyboard."""
    del rng
    written = term.translate(str.maketrans("یکہۓے", "يكهئي"))
    return written if written != term else None


def _jamo(syllable: str) -> str:
    number = ord(syllable) - FIRST_SYLLABLE
    initial, rest = divmod(number, len(MEDIALS) * len(FINALS))
    medial, final = divmod(rest, len(FINALS))
    return (INITIALS[initial] + MEDIALS[medial] + FINALS[final]).strip()


def _some(*names: str) -> dict[str, Attack]:
    return {name: (ANY_SCRIPT | LATIN)[name] for name in names}


_ALPHABET = _some("separators", "separator-once", "spaced", "spaced-wide", "mask", "emoji", "punctuation", "hashtag")
_ALPHABET |= _some("zero-width", "bidi") | {"digits-around": digits_around}
_CASED = _ALPHABET | {"case": plain, "case-mixed": mixed_case, "stretched": stretched, "overlay": struck}
_EUROPEAN = _CASED | _some(
    "accents",
    "accents-dropped",
    "decomposed",
    "leet",
    "leet-long",
    "homoglyph-cyrillic",
    "homoglyph-greek",
    "homoglyph-mixed",
    "style-fullwidth",
    "style-math",
    "style-math-script",
    "style-circled",
    "style-squared-black",
    "style-small-caps",
    "style-mixed",
    "soft-hyphen",
    "filler",
    "zalgo",
    "stretched-all",
    "entities",
    "two-leet-separators",
    "two-homoglyph-invisible",
    "two-accents-stretched",
)
_ARABIC_SCRIPT = _ALPHABET | {name: arabic.ARABIC[name] for name in ("tashkeel", "tatweel", "elongation")}
_NO_SPACES: dict[str, Attack] = {
    "no-space": lambda _rng, term: term,
    "separators": between("·.-_*★☆◆・|～"),
    "spaced": between(" \u3000"),
} | _some("zero-width", "punctuation", "digits-around")
_INDIC = _some("separators", "spaced", "punctuation", "hashtag", "zero-width", "digits-around") | {
    "plain": lambda _rng, term: term,
    "decomposed": decomposed,
}
_CYRILLIC = (
    _CASED
    | _some("separators-mixed", "stretched-all", "soft-hyphen", "entities", "decomposed")
    | {
        "stress": stressed,
        "homoglyph-latin": latin_doubles,
        "leet": cyrillic_leet,
        "two-homoglyph-spaced": both(latin_doubles, ANY_SCRIPT["spaced"]),
        "two-stress-invisible": both(stressed, ANY_SCRIPT["zero-width"]),
        "two-homoglyph-leet": both(latin_doubles, cyrillic_leet),
    }
)

BY_LANGUAGE: dict[str, dict[str, Attack]] = {
    "en": LATIN,
    "ar": arabic.ARABIC,
    **dict.fromkeys(("fr", "es", "de", "tr", "id", "pt", "it", "pl", "nl"), _EUROPEAN),
    "vi": _ALPHABET
    | {"case": plain, "decomposed": decomposed, "accents-dropped": unaccented, "case-mixed": mixed_case}
    | {"unaccented-leet": both(unaccented, LATIN["leet"]), "unaccented-style": both(unaccented, LATIN["style-math"])},
    "ru": _CYRILLIC,
    "uk": _CYRILLIC,
    "el": _CASED
    | {"accents-dropped": LATIN["accents-dropped"], "decomposed": decomposed, "capitals": greek_capitals}
    | {"homoglyph-latin": greek_doubles, "two-homoglyph-stretched": both(greek_doubles, stretched)},
    "he": _ALPHABET
    | {"niqqud": pointed, "stretched": stretched, "two-niqqud-invisible": both(pointed, ANY_SCRIPT["bidi"])},
    "fa": _ARABIC_SCRIPT
    | {"half-space": loose_joiner, "arabic-letters": arabic_letters, "forms": arabic.presentation_forms},
    "ur": _ARABIC_SCRIPT | {"arabic-letters": arabic_letters, "forms": arabic.presentation_forms},
    "hi": _INDIC | {"nukta-dropped": without_nukta, "chandrabindu": moon_dot},
    "bn": _INDIC,
    "th": _NO_SPACES,
    "zh": _NO_SPACES
    | {"traditional": traditional, "two-traditional-spaced": both(traditional, _NO_SPACES["separators"])},
    "ja": _NO_SPACES | {"half-width": half_width, "hiragana": hiragana, "decomposed": decomposed},
    "ko": _NO_SPACES | {"spaced": spaced_long, "jamo": typed_jamo, "decomposed": decomposed},
}
"""Language → name → attack."""
