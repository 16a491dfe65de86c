"""What is particular to Arabic: words written together, spellings that vary, and letters without their dots."""

import re

_LETTER = re.compile("[\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3]")
_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("", "ال", "ب", "ك", "ل", "بال", "كال", "لل", "هال", "عال", "يا", "يال", "ه", "ي", "س")
CLITICS = frozenset(first + second for first in _CONJUNCTIONS for second in _PREPOSITIONS) - {"", "ه", "ي", "س"}
_INITIALS = frozenset(clitic[0] for clitic in CLITICS)
_LONGEST_CLITIC = max(map(len, CLITICS))
_ARTICLES = ("ال", "لل")
SUFFIXES = re.compile("(?:ها|هم|هن|كم|نا|ات|ون|ين|تي|ته|تك|تها|ية|يه|وه|ه|ي|ك)")
SHORTEST_STEM = 3
# Everyday words whose first letter is their own, not a clitic: without them `كبار` (grown-ups) would hold `بار` (bar).
_WHOLE_WORDS = frozenset(
    """كبار كبير كثير كلام كتاب كتاب كريم كامل كافي كرسي كوكب كاتب كفيل كفاح كمال كنوز كسوف كهرب كيان كتلة كلمة كرات
    باقة بنات بلاد بلدي بحار بشار بيان بارد بدله بطاقه بسيط بديل بريد بركه بخار بقره بعيد بداي بنين بعثه بلاغ برنامج
    لبنا لحوم لذيذ لطيف لعبه لقاء لمعان لوازم لباس ليال لوحه لسان لحظه لجنه لغات لقمه
    وزير وكيل وسيم ولاء وقود وحيد وطني وردي وسام وضوح ورود وثاق وصول وفاء وداع وزاره وكاله وساده وجبه وظيفه وثيقه وجود
    وحوش ورشه وعود وليد والد والي واسع واحد وادي واقع وافر وارد وافي ورقه وسخه وصفه وقفه ولاد وهاب ويلات
    فساد فاخر فائق فارس فراش فريق فكره فطور فواكه فنون فنان فخار فراغ فرصه فروع فقره فضاء فلاح فلوس فندق فيلم فيلا
    """.split()
)


def is_arabic(character: str) -> bool:
    """Whether it is a letter of the Arabic script."""
    return bool(_LETTER.match(character))


def clitic_ends(text: str, at: int) -> list[int]:
    """Positions behind the clitics (and, the, in, like, for, o) that the word at `at` may begin with.

    A single letter counts before three letters or more, and never in an everyday word that happens to begin with it.
    """
    if text[at] not in _INITIALS:
        return []
    ends = []
    for length in range(1, _LONGEST_CLITIC + 1):
        stop = at + length
        if text[at:stop] in CLITICS and len(text) >= stop + SHORTEST_STEM and is_arabic(text[stop]):
            ends.append(stop)
    if ends and _word(text, at) in _WHOLE_WORDS:
        return []
    return ends


_WORD = re.compile(f"{_LETTER.pattern}+")


def _word(text: str, at: int) -> str:
    match = _WORD.match(text, at)
    return match[0] if match else ""


def article_variants(key: str) -> list[str]:
    """Other spellings of an Arabic phrase: every word behind the first with the article, and every one without."""
    first, *others = key.split(" ")
    if not others or not all(word and is_arabic(word[0]) for word in others):
        return []
    bare = [word[2:] if word.startswith("ال") and len(word) >= SHORTEST_STEM + 2 else word for word in others]
    variants = {
        " ".join([first, *bare]),
        " ".join([first, *(f"ال{word}" if len(word) >= SHORTEST_STEM else word for word in bare)]),
    }
    return sorted(variants - {key})
