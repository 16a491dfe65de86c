"""What the rest of a text says about its language: enough to tell a disguise from everyday spelling, and no more."""

import re
from functools import lru_cache

# Small words that English does not have, of languages whose everyday spelling carries marks.
_MARKED_TEXT = """
    de la le les des du et une un pour avec est sur dans aux que qui pas vous nous votre
    el los las del una con por para su sus más muy como pero esta este todo al
    os um uma com em não da dos das ou mais você seu sua pelo pela
    di il gli della delle per sono nel che più come alla ed
    der das und ein eine einen für mit den von ist auf nicht auch zu im dem oder wir sie ihre bei
    ve bir bu için ile çok daha en olarak ne gibi var yok hemen her şimdi sizin
    och att för med på är av till ett som inte från eller detta
    og på til er det af ikke med som der har vi
    ja on ei että tai myös kun oli ovat mutta
    w z na się nie że do jest dla po jak oraz przez
    je se na že pro si jako nebo ale jsou které
    és az egy hogy nem is ez meg vagy
    și în cu pe din mai este sau pentru care
    và là của có được cho không những các một với này trong người khi đã để thì
"""
_MARKED_LANGUAGES = frozenset(_MARKED_TEXT.split())
_PERSIAN_URDU_TEXT = """
از به در را که این با است برای آن های هم تا یک ما شما خود می کے کی کا میں ہے سے کو اور پر نے ہیں یہ آپ بھی نہیں کر
"""
_PERSIAN_URDU = frozenset(_PERSIAN_URDU_TEXT.split())
_ARABIC_TEXT = "في من على إلى الى عن مع هذا هذه التي الذي أن ان إن كان لا ما هو هي أو او كل ثم بعد قبل كما حيث لكن"
_ARABIC = frozenset(_ARABIC_TEXT.split())
_TURKISH_LETTERS = re.compile("[ığşİĞŞ]")
_WORD = re.compile(r"\w+")
_LONGEST_LOOK = 4000


@lru_cache(maxsize=8)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text[:_LONGEST_LOOK].lower()))


def has_everyday_marks(text: str) -> bool:
    """Whether the text is in a language in which marked Latin letters are everyday spelling."""
    return not _MARKED_LANGUAGES.isdisjoint(_words(text))


def is_persian_or_urdu(text: str) -> bool:
    """Whether the text has small words of Persian or Urdu."""
    return not _PERSIAN_URDU.isdisjoint(_words(text))


def is_arabic(text: str) -> bool:
    """Whether the text has small words of Arabic."""
    return not _ARABIC.isdisjoint(_words(text))


def has_turkish_letters(text: str) -> bool:
    """Whether the text has letters that only Turkish and its sisters use: then a capital I is a dotless one."""
    return _TURKISH_LETTERS.search(text) is not None
