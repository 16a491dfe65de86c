"""Honest sentences in two dozen languages out of the message catalogues of programs that are installed here.

What people would have to write and read by the ten thousand is on most computers already: the translations of programs.
The extra `adsieve[lint]` installs some with many languages. Nothing of them is copied into adsieve or its packages.
"""

import hashlib
import io
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from gettext import GNUTranslations
from importlib.util import find_spec
from pathlib import Path

from adsieve.material.corpus import Sentence
from adsieve.material.sentences import LANGUAGES, sentences

PROGRAMS = ("django", "modelcluster", "rest_framework", "sphinx", "taggit", "wagtail")
"""Python packages with translations into many languages: what the extra brings."""

MOST = 4_000
"""Sentences kept of one language, so that none drowns the others and reading them all stays a matter of seconds."""

_PATTERN = "**/LC_MESSAGES/*.mo"


def installed() -> list[Path]:
    """Catalogues of those of `PROGRAMS` that are in this environment; none of them is imported."""
    specs = [find_spec(program) for program in PROGRAMS]
    folders = [Path(folder) for spec in specs if spec for folder in spec.submodule_search_locations or ()]
    return sorted(path for folder in folders for path in folder.glob(_PATTERN) if _language(path) in LANGUAGES)


def catalogue_sentences(catalogues: Sequence[Path], progress: Callable[[str, int], None]) -> list[Sentence]:
    """Their sentences, without doubles, at most `MOST` of a language; kept in the user's cache until they change."""
    cached = _cache() / f"sentences-{_digest(catalogues)}.json"
    try:
        return [Sentence(*told) for told in json.loads(cached.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        made = list(_read(catalogues, progress))
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        fresh = cached.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        fresh.replace(cached)
    except OSError as error:
        progress(f"sentences, not kept: {error.strerror}", len(made))
    return made


def _read(catalogues: Sequence[Path], progress: Callable[[str, int], None]) -> Iterator[Sentence]:
    seen: set[str] = set()
    counts = dict.fromkeys(LANGUAGES, 0)
    for path in catalogues:
        progress("sentences of installed programs", len(seen))
        for language, text in messages(path.read_bytes(), _language(path)):
            for sentence in sentences(language, text):
                if counts[language] < MOST and (key := sentence.casefold()) not in seen:
                    seen.add(key)
                    counts[language] += 1
                    yield Sentence(sentence, language)


def messages(catalogue: bytes, language: str) -> Iterator[tuple[str, str]]:
    """(language, text) of the translations of one catalogue and of the English originals; nothing of a damaged one."""
    try:
        read = vars(GNUTranslations(io.BytesIO(catalogue)))["_catalog"]
    except (UnicodeDecodeError, struct.error, OSError, ValueError):
        return  # a damaged catalogue only makes the corpus smaller
    for original, translated in read.items():
        plain = (original if isinstance(original, str) else original[0]).rpartition("\x04")[2]
        if translated != plain:
            yield language, translated
            yield "en", plain


def _language(path: Path) -> str:
    return path.parent.parent.name.replace("-", "_").partition("_")[0].lower()


def _digest(catalogues: Sequence[Path]) -> str:
    states = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in catalogues]
    return hashlib.sha256(json.dumps([sys.version_info[:2], MOST, states]).encode()).hexdigest()[:16]


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "adsieve"
