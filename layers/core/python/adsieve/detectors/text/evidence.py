"""What one token of a text shows of disguise, and so which special readings are worth their price.

Every text pays for these looks, so what is known of a token is remembered.
"""

from collections.abc import Iterable

from adsieve.detectors.lazy import lazy
from adsieve.detectors.text.lookalikes import TURNED_ONLY, latin
from adsieve.detectors.text.memo import Memo
from adsieve.detectors.text.sign_data import SIGNS

BLANK, SINGLE, ODD, IN_PARTS, TURNED, SPACELESS, LOOKALIKE, IMPURE, IMITATING, SIGNED = (1 << bit for bit in range(10))
"""No character at all; one character, however often; more than a plain word, number or punctuation; single characters
set apart by symbols; upside-down letters; a script without spaces; look-alikes of Latin; more than one script; letters that
imitate Latin and nothing else; a sign that may part the words of a phrase."""

CONTRACTIONS = frozenset(["s", "t", "re", "ll", "ve", "d", "m", "em", "n", "all"])
"""What English writes behind an apostrophe."""

# Two letters or more of one alphabet, none of them twice at the start or three times in a row, and a punctuation mark.
_INNOCENT = lazy(
    r"(?!(\w)\1)(?!\w*اا)(?:(?:([a-z])(?!\2\2)){2,}|(?:([\u0620-\u064a])(?!\3\3)){2,}|(?:([\u0430-\u044f])(?!\4\4)){2,})[.,:;!?،؛؟]?"
)
_ONE_CHARACTER = lazy(r"(\S)\1*+[^\w ]*")
# No Arabic word has two alefs side by side.
_TRIPLE = lazy(rf"([^\W\d_]|[{SIGNS}])\1\1|اا")
_STRETCHED = lazy(rf"([^\W_]|[{SIGNS}])\1\1|اا")
_ALL_DOUBLED = lazy(r"(?:([^\W\d_])\1++){3,}")
_THREE_PARTS = lazy(r"(?<![^\W_])([^\W_])\1*+[\W_]{1,8}([^\W_])\2*+[\W_]{1,8}([^\W_])\3*+(?![^\W_])")
_TURNED = lazy(f"[{''.join(sorted(TURNED_ONLY))}]")
_SPACELESS_LETTER = lazy("[\u0e01-\u0e46\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SPACELESS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_SIGNED = "\u0900-\u1aff"  # scripts whose vowel signs are no word characters to `re`
_MONEY = "$€£¥¢\u20a0-\u20c0฿💲"
_SYMBOL = lazy(
    rf"[^\w\s{_SIGNED}](?:(?<=[^\W\d_{_SPACELESS}].)(?:[^\w\s]{{0,2}}[^\W{_SPACELESS}]|(?<=[{_MONEY}@®©†]))"
    rf"|(?<=[^\W{_SPACELESS}].)[^\w\s]{{0,2}}[^\W\d{_SPACELESS}]|(?<=[{_MONEY}@!|(+<{{\[©®°§†×])(?=[^\W\d_{_SPACELESS}]))"
)
_DRAWN = lazy(r"\\/|/-?\\|\|[<>)3=]|\(\)|\[\]|vv")
_EDGE_MASK = lazy(r"[*#](?<=[^\W_]{5}.)(?=\s|$)")
_SIGNED_SYMBOL = lazy(rf"(?:[^\w\s{SIGNS}]|_)(?<=[{SIGNS}].)[^\w\s{SIGNS}]{{0,2}}[^\W_]")
_SIGN = lazy(r"[/|\\+~*•·→»>=.:&](?=[^\W\d_])|(?:[/|\\+~*•·→»>=]|\.\.)$")
_UNDERSCORE = lazy(r"_(?<=[^\W_].)[^\W_]")
_DIGIT = lazy(rf"\d(?:(?<=[^\W\d_{_SPACELESS}].)|(?=[^\W\d_{_SPACELESS}]))")
_MEETING = lazy(r"[a-z](?:(?=[^\W\d_a-z])|(?<=[^\W\d_a-z].))")
# Letters that imitate Latin ones; the Cyrillic ones are those that no large language writes.
_IMITATING = lazy("[卂匚乇丂ㄥㄖㄒㄩ乂ㄚ丨\u13a0-\u167f\ua000-\ua4ffѕјһѡѵԁԛԝӏ]")
_LOOKALIKE = lazy(
    "[\u0250-\u03ff\u0530-\u05ff\u0e00-\u0eff\u10a0-\u10ff\u13a0-\u167f\u2c60-\u2dff\ua000-\ua4ff\U00010280-\U000118ff]"
)
_PURE = lazy(
    "|".join(
        f"[{script}\\W\\d_]*"
        for script in ("a-z", "\u0370-\u03ff", "\u0400-\u052f", "\u0530-\u058f", "\u0590-\u05ff", "\u0620-\u06ff",
                       "\u0e00-\u0eff", "\u10a0-\u10ff", "\u1100-\u11ff\u3005-\u3007\u3040-\u318e\u3400-\u9fff\uac00-\ud7a3")
    )
)  # fmt: skip
_ODD = (_SYMBOL, _DIGIT, _DRAWN, _EDGE_MASK, _UNDERSCORE)
_ODD_FOREIGN = (*_ODD, _MEETING, _SIGNED_SYMBOL)
_SHORTEST_IMITATION = 3
_RUN = 3
_PUNCTUATION = ".,;:!?'\"()[]#*"


def is_innocent(token: str) -> bool:
    """Whether it plainly is a word of one alphabet, small letters only, with a punctuation mark behind it at most."""
    return _INNOCENT.fullmatch(token) is not None and "vv" not in token


def evidence_of(token: str) -> int:
    """The sum of the constants above that a token of folded text, symbols and all, shows; mostly 0."""
    if not token:
        return BLANK
    if is_innocent(token):
        return 0
    found = SINGLE if _ONE_CHARACTER.fullmatch(token) else 0
    if _TRIPLE.search(token) or _ALL_DOUBLED.match(token):
        found |= ODD
    if _is_odd(token):
        found |= ODD | (IN_PARTS if _THREE_PARTS.search(token) else 0)
    if _SIGN.search(token):
        found |= SIGNED
    return found if token.isascii() else found | _foreign(token)


def _is_odd(token: str) -> bool:
    patterns = _ODD if token.isascii() else _ODD_FOREIGN
    return any(pattern.search(token) for pattern in patterns) and not _is_contraction(token)


def _foreign(token: str) -> int:
    return (
        (TURNED if _TURNED.search(token) else 0)
        | (SPACELESS if _SPACELESS_LETTER.search(token) else 0)
        | (LOOKALIKE if _LOOKALIKE.search(token) else 0)
        | (0 if _PURE.fullmatch(token) else IMPURE)
        | (IMITATING if _IMITATING.search(token) else 0)
    )


EVIDENCE = Memo(evidence_of)
"""Token → what `evidence_of` says."""


def spells(shown: Iterable[int]) -> bool:
    """Whether single characters follow each other often enough, by what the tokens of a text show, to spell something."""
    run = 0
    for shows in shown:
        run = run + 1 if shows & SINGLE else run if shows & BLANK else 0
        if run == _RUN:
            return True
    return False


def _is_contraction(token: str) -> bool:
    """Whether an apostrophe is all that is odd about it, as in `don't,`."""
    word, apostrophe, ending = token.partition("'")
    return bool(apostrophe) and word.isalpha() and ending.rstrip('.,!?;:")') in CONTRACTIONS


def is_imitation(token: str) -> bool:
    """Whether a token in one foreign script consists of Latin look-alikes only, like `匚卂丂`; ask where one imitates."""
    table = latin().table
    word = token.strip(_PUNCTUATION)
    return len(word) >= _SHORTEST_IMITATION and all(character in table for character in word)


def is_stretched(word: str) -> bool:
    """Whether a character stands three times in a row, or every letter twice; a word of one letter is none."""
    return len(set(word)) > 1 and bool(_STRETCHED.search(word) or _ALL_DOUBLED.fullmatch(word))
