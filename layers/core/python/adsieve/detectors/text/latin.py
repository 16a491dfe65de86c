"""Words of other scripts written in Latin letters. Weak evidence: the service lets it lead to REVIEW at most.

Words with digits used as letters are read as Arabizi. Any word of five letters or more is compared with plain
transliterations: one form a term, vowels included, so that ordinary words do not meet it by chance.
"""

import re
from collections.abc import Iterator

from adsieve.detectors.text import arabizi
from adsieve.detectors.text.effort import Effort
from adsieve.detectors.text.how import Step
from adsieve.detectors.text.lexicon import Lexicon

_CYRILLIC_SOUNDS = "a b v g d e zh z i i k l m n o p r s t u f h ts sh sh sh * i * e iu ia i i e g u"
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґў",
        [sound.strip("*") for sound in _CYRILLIC_SOUNDS.split()],
        strict=True,
    )
)
_ARABIC_SOUNDS = "a b t s j h h d z r z s sh s d t z a g f k k l m n h u i"
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
        _ARABIC_SOUNDS.split(),
        strict=True,
    )
)
_GREEK_SOUNDS = "a v g d e z i t i k l m n ks o p r s t i f h ps o"
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_SOUNDS.split(), strict=True))
_ALPHABETS = (
    (re.compile("[а-яіїєґў]+"), _CYRILLIC),
    (re.compile("[ابت-غف-ي]+"), _ARABIC),
    (re.compile("[α-ω]+"), _GREEK),
)
_ROUGHLY = (
    ("shch", "sh"), ("sch", "sh"), ("ch", "sh"), ("kh", "h"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("x", "ks"), ("tz", "ts"),
    ("ck", "k"), ("c", "k"), ("q", "k"), ("w", "u"), ("y", "i"), ("j", "i"), ("o", "u"), ("ie", "e"),
    *((letter * 2, letter) for letter in "aeiubdfgklmnprstz"),
)  # fmt: skip
_TOKEN = re.compile(r"(?<![\w'])[a-z2-9][a-z2-9']+(?!\w)")
_MARKED = re.compile("[235679](?:(?<=[a-z].)|(?=[a-z]))")
_SHORTEST = 6
_SHORTEST_ARABIC = 5
_SHORTEST_ARABIZI = 4
_FEWEST_MARKED = 2
# Small Arabic words as typed in Latin letters; none is a word of English, and one beside a marked word is no accident.
_ARABIZI_WORD_TEXT = "el al w wa fi min 3al 3la 3ala bel lel ya mesh kol 7al da di"
_ARABIZI_WORDS = frozenset(_ARABIZI_WORD_TEXT.split())
_MOST_ARABIZI = 2000
_PRICE = 10
_PUNCTUATION = ".,!?;:\"'()[]#*%-/&"
_ARABIZI, _PLAIN = "a", "p"


def latin_forms(key: str) -> Iterator[str]:
    """The forms under which a term is found in Latin letters."""
    if skeleton := arabizi.skeleton_of(key):
        yield _ARABIZI + skeleton
    if len(key) >= _SHORTEST_ARABIC:
        for letters, latin in _ALPHABETS:
            if letters.fullmatch(key):
                yield _PLAIN + roughly("".join(latin.get(letter, "") for letter in key))


def roughly(text: str) -> str:
    """Latin letters with the usual schemes of transliteration brought to one."""
    for spelling, rough in _ROUGHLY:
        text = text.replace(spelling, rough)
    return text


def romanised(text: str, lexicon: Lexicon, effort: Effort) -> Iterator[tuple[int, int, int, Step]]:
    """(start, end, key number, step) of terms written in Latin letters, in folded text."""
    if not len(lexicon.latin):
        return
    words = text.split(" ")
    found = _transliterated(words, lexicon)
    if _MARKED.search(text):
        found |= _arabizi_words([word for word in words if word.isascii()], lexicon, effort)
    for match in _TOKEN.finditer(text) if found else ():
        for number, step in found.get(match[0], ()):
            yield match.start(), match.end(), number, step


def may_be_romanised(word: str, lexicon: Lexicon) -> bool:
    """Whether a word of folded text could make `romanised` find something."""
    if not word.isascii() or not len(lexicon.latin):
        return False
    if not word.isalpha() and _MARKED.search(word):
        return True
    return _may_be_transliterated(word) and bool(_transliterated([word], lexicon))


def _may_be_transliterated(word: str) -> bool:
    """Whether it has letters or an ending that transliterations have more often than English words."""
    return len(word) >= _SHORTEST and ("k" in word or "z" in word or "q" in word or word[-1] in "iou")


def _transliterated(words: list[str], lexicon: Lexicon) -> dict[str, list[tuple[int, Step]]]:
    """Words that are plain transliterations of terms, with the terms' numbers."""
    likely = (word for word in words if _may_be_transliterated(word))
    candidates = dict.fromkeys(word.strip(_PUNCTUATION) for word in likely if word.isascii())
    plain = [word for word in candidates if word.isalpha() and len(word) >= _SHORTEST]
    found: dict[str, list[tuple[int, Step]]] = {}
    for word, rough in zip(plain, roughly(" ".join(plain)).split(" "), strict=False):
        form = _PLAIN + rough
        numbers = [number for number in lexicon.latin.get(form) if form in latin_forms(lexicon.index.key(number))]
        if numbers:
            found[word] = [(number, Step.TRANSLIT) for number in numbers]
    return found


def _arabizi_words(words: list[str], lexicon: Lexicon, effort: Effort) -> dict[str, list[tuple[int, Step]]]:
    """Words that spell Arabic terms, where digits used as letters show that the text does so."""
    odd = [word.strip(_PUNCTUATION) for word in words if not word.isalpha()]
    marked = [word for word in odd if _MARKED.search(word) and arabizi.is_marked(word)]
    evidence = len(marked) + (bool(marked) and not _ARABIZI_WORDS.isdisjoint(words))
    candidates = marked if evidence < _FEWEST_MARKED else [*odd, *words]
    found = {}
    for word in dict.fromkeys(candidates[:_MOST_ARABIZI]):
        if not effort.spend(_PRICE):
            break
        if len(word) >= _SHORTEST_ARABIZI and (numbers := list(_arabizi(word, lexicon))):
            found[word] = [(number, Step.ARABIZI) for number in numbers]
    return found


def _arabizi(word: str, lexicon: Lexicon) -> Iterator[int]:
    seen: set[int] = set()
    for stem in dict.fromkeys(arabizi.stems(word)):
        for skeleton in dict.fromkeys(arabizi.skeletons(stem)):
            for number in lexicon.latin.get(_ARABIZI + skeleton):
                key = lexicon.index.key(number)
                if number not in seen and arabizi.skeleton_of(key) == skeleton and arabizi.spells(stem, key):
                    seen.add(number)
                    yield number
