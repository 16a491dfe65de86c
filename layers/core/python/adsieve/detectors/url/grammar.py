r"""What links look like: plain, defanged (`hxxp`, `[.]`, ` dot `), spaced, and wrapped in other links.

Every repetition is possessive and every part starts with a character that the part before it cannot hold, so hostile
text costs linear time. Whether a run of labels is a link of interest is for the material to say: nothing here asks
whether a name is registered.
"""

from adsieve.detectors.lazy import lazy

_WORD = r"\w\u0300-\u036f\u0900-\u0963\u0966-\u096f\u0971-\u0dff\u0e00-\u0e4e\u0e50-\u0eff\u1000-\u1049\u1780-\u17d3"
# Letters one by one, where the run begins (or a whole run would be read again from each of its letters), or a word.
_SPACED = rf"(?<!(?<![{_WORD}])[{_WORD}] )[{_WORD}](?: [{_WORD}](?![{_WORD}-]))++"
_LABEL = rf"(?:{_SPACED}|(?:[{_WORD}-]|%[0-9a-f][0-9a-f])++)"
_DOT_WORD = "(?:dot|point|punkt|punto|ponto|nokta|точка|دوت|نقطة|نقطه)"
# After a full stop and a space only endings that are no word of a language go on with the host.
_AFTER_SPACE = f"(?=(?:com|org|xyz|ru|cn|ae|sa|kw|qa|bh|eg|jo|tr|uk)(?![{_WORD}-]))"
_DOT = (
    rf"(?:\.{{1,3}}(?! )| {{0,2}}[\[({{<] ?(?:[.,]|{_DOT_WORD}) ?[\])}}>] {{0,2}}| {{1,2}}{_DOT_WORD} {{1,2}}"
    rf"| {{1,3}}\. {{0,3}}|\. {{1,3}}{_AFTER_SPACE}|[·•∙⋅])"
)
_HOST = rf"(?P<host>{_LABEL}(?:{_DOT}{_LABEL})*+)"
_PORT = r"(?P<port>\.?+(?::[0-9]{1,5})?+)"
_SCHEME = r"(?:h[tx*]{2}ps?|ftps?|wss?) ?\[?: ?(?://)?\]? ?[/\\]{0,4} ?(?<=[/\\ \]])"
_USER = r"(?P<user>(?:[^\s/\\?#@&;\[\]]*+@)*+)"
_HTTP = r"h[tx]{2}ps?(?::|%(?:25)*+3a)"
_TARGET = (
    "(?:url|uri|u|q|r|l|to|out|go|goto|next|link|continue|forward|adurl|dest(?:ination)?|redir(?:ect)?(?:_?ur[il])?"
    "|ref_?url|return(?:_?(?:to|url))?|target(?:_?url)?)"
)

LINK = lazy(
    rf"(?:(?<![{_WORD}%-])|(?<=%)(?![0-9a-f][0-9a-f]))(?:(?P<scheme>{_SCHEME}|(?<!:)//){_USER}{_HOST}|(?P<bare>{_LABEL}(?:{_DOT}{_LABEL})++)(?!@))"
    rf"{_PORT}(?P<path>[/\\](?:(?!{_HTTP})[^\s<>\"?#])*+)?+(?P<rest>[^\s<>\"]*+)"
)
"""A link in a text. `path` ends where another link starts in it; `rest` is everything behind it."""

WRAPPED = lazy(
    rf"(?:(?P<scheme>{_SCHEME})|[?&;]{_TARGET}=(?!{_SCHEME}|[^&;#?=+ ]*+[+ ])[/\\]{{0,4}}|\\@){_USER}{_HOST}"
    rf"{_PORT}(?P<path>[/\\](?:(?!{_HTTP})[^\s?#&;<>\"])*+)?+"
)
"""A link in the rest of another one, decoded."""

MAYBE_LINK = lazy(rf"[/\\·•∙⋅]|\.(?=[^\s.])| \.|\. {{1,3}}{_AFTER_SPACE}|[\[({{<] ?(?:[.,]|{_DOT_WORD})| {_DOT_WORD} ")
"""Quick test: a text without any of these holds no link."""

MAYBE_WRAPPED = lazy(rf"%|{_HTTP}|\\@|[?&;]{_TARGET}=")
"""The same for links in the rest of a link."""

DOT = lazy(_DOT)
DELIMITER = lazy(r"[/\\:@?#]")
QUERY = lazy(r"\?([^#\s]{0,8000})")
DEFANGED_SCHEME = lazy(r"h[tx*]*[x*]|[^/\\]*[ \[\]]")
SEPARATE_SCRIPT = lazy(
    "[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
"""Runs of scripts that nobody takes for Latin: people write them right up to a link."""

GLUED = lazy(f"_+|^-+|-+$|{SEPARATE_SCRIPT.pattern}")
"""Where a label may be more than a label: `访问example`, `_example`."""

PUNCTUATION = ".,;:!?)]}'*_~،؛؟。、！：…"
"""Ends a sentence, not a path."""
