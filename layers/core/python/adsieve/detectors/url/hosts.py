"""Host names: one form for each site, however it is spelt."""

import re
import unicodedata
from functools import lru_cache

from adsieve.detectors.text.fold import fold

_LONGEST_LABEL = 63
_LONGEST_HOST = 253
_BYTES, _VALUES = 4, 256  # of an address, and of each
_PUNYCODE = "xn--"
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,2}")
_LOOKALIKES = str.maketrans(
    dict(
        zip(
            "абвгезикмнопрстухьѕіјԁԛԝһӏѵαβγεηικνορσςτυχωϲϳաօսհոցյզգɡɑıȷᎠᎡᎢᎪᎫᎬᎳᎷᎻᎶᎽᏀᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏴ",
            "a6bre3ukmhonpctyxbsijdqwhlvabyenikvopoctuxwcjwouhngjqqgaijdrtajewmhgygzbrwsvslcpkb",
            strict=True,
        )
    )
)
"""Small letters of other scripts to the Latin letter they look like in a host name."""


def canonical(label: str) -> str:
    """One label of a host, in Unicode: punycode decoded, composed, letters that stand apart joined."""
    label = label.replace(" ", "")
    if label.startswith(_PUNYCODE) and len(label) <= _LONGEST_LABEL and label.isascii():
        try:
            label = label[len(_PUNYCODE) :].encode("ascii").decode("punycode").casefold()
        except (UnicodeError, OverflowError, ValueError):
            return label
    return label if label.isascii() else unicodedata.normalize("NFKC", label)


def skeleton(label: str) -> str:
    """What a label looks like to a hurried reader; an ASCII label looks like itself."""
    return label if label.isascii() or len(label) > _LONGEST_HOST else _skeleton(label)


@lru_cache(maxsize=1024)
def _skeleton(label: str) -> str:
    seen = label.translate(_LOOKALIKES)
    return "-".join(fold(piece).text for piece in seen.split("-")).translate(_LOOKALIKES)


def punycode(label: str) -> str:
    """The ASCII form that name servers know."""
    return label if label.isascii() else _PUNYCODE + label.encode("punycode").decode("ascii", "replace")


def ipv4(labels: list[str]) -> str | None:
    """The address in dotted decimal where the host is one, in any notation that browsers take (hex, octal, one number)."""
    if len(labels) > _BYTES or not all(map(_NUMBER.fullmatch, labels)):
        return None
    try:
        *front, last = (_number(label) for label in labels)
    except ValueError:
        return None
    if any(part >= _VALUES for part in front) or last >= _VALUES ** (_BYTES - len(front)):
        return None
    return ".".join(map(str, [*front, *last.to_bytes(_BYTES - len(front))]))


def is_plain_ipv4(labels: list[str]) -> bool:
    """Whether an address is written the common way."""
    return len(labels) == _BYTES and all(map(_DECIMAL.fullmatch, labels))


def _number(digits: str) -> int:
    if digits.startswith("0x"):
        return int(digits[2:] or "0", 16)
    return int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)
