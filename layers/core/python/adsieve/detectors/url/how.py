"""The steps that the match of a link may have needed: the vocabulary of `how` for url rows, in the order applied."""

from adsieve.detectors.how import How


class UrlStep(How):
    """One step between the link as written and the site as listed; a literal match needs none."""

    REDIRECT = "redirect", "the link stands in another link: `?url=https%3A%2F%2Fbad.test`"
    USERINFO = "userinfo", "another name stands before the host: `https://good.test@bad.test`"
    EMAIL = "email", "it is the domain of a mail address"
    DEFANGED = "defanged", "`hxxp`, `[.]`, `(dot)`, ` dot ` or a bullet stood for what they mean"
    SPACED = "spaced", "spaces stood around a dot: `bad . test`"
    PERCENT = "percent", "the host, or the path that the row names, was percent-encoded"
    FOLD = "fold", "compatibility letters, invisible characters and ideographic full stops were brought to one form"
    PUNYCODE = "punycode", "`xn--…` was read as the letters that it stands for"
    IP = "ip", "an address was written another way: `http://3232235777`"
    HOMOGRAPH = "homograph", "letters of other scripts, or accents, look like the listed ones"


def ordered(steps: set[UrlStep]) -> tuple[str, ...]:
    """Steps as a match tells them."""
    return tuple(str(step) for step in UrlStep if step in steps)
