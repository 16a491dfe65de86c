"""The steps that the match of a link may have needed: the vocabulary of `how` for url rows, in the order applied.

`fold` and `spaced` mean what they mean for terms, see `text.how`.
"""

from enum import StrEnum


class UrlStep(StrEnum):
    """One step between the link as written and the site as listed; a literal match needs none."""

    REDIRECT = "redirect"
    """The link stands in another link: `?url=https%3A%2F%2Fbad.test`."""
    USERINFO = "userinfo"
    """Another name stands before the host: `https://good.test@bad.test`."""
    EMAIL = "email"
    """It is the domain of a mail address."""
    DEFANGED = "defanged"
    """`hxxp`, `[.]`, `(dot)`, ` dot ` or a bullet stood for what they mean."""
    SPACED = "spaced"
    """Spaces stood around a dot: `bad . test`."""
    PERCENT = "percent"
    """The host, or the path that the row names, was percent-encoded."""
    FOLD = "fold"
    """Compatibility letters, invisible characters and ideographic full stops were brought to one form."""
    PUNYCODE = "punycode"
    """`xn--…` was read as the letters that it stands for."""
    IP = "ip"
    """An address was written another way: `http://3232235777`."""
    HOMOGRAPH = "homograph"
    """Letters of other scripts, or accents, look like the listed ones."""


def ordered(steps: set[UrlStep]) -> tuple[str, ...]:
    """Steps as a match tells them."""
    return tuple(str(step) for step in UrlStep if step in steps)
