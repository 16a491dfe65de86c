"""Texts out of unpacked packages: one reader for each layout, each giving (language, text)."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from adsieve.material.catalogues import messages
from tests.perf.evaluation.corpus.sources import OFFICE, Layout, Source

type Texts = Iterator[tuple[str, str]]

LOCALES = frozenset({*OFFICE.values(), "ur", "pt_BR", "zh_CN"})
HANDBOOK = {"ar-MA": "ar", "de-DE": "de", "el-GR": "el", "en-US": "en", "es-ES": "es", "fa-IR": "fa", "fr-FR": "fr"}
HANDBOOK |= {"id-ID": "id", "it-IT": "it", "ja-JP": "ja", "ko-KR": "ko", "nl-NL": "nl", "pl-PL": "pl", "pt-BR": "pt"}
HANDBOOK |= {"ru-RU": "ru", "tr-TR": "tr", "vi-VN": "vi", "zh-CN": "zh"}
DECLARATION = {"arb": "ar", "ben": "bn", "cmn_hans": "zh", "deu_1996": "de", "ell_monotonic": "el", "eng": "en"}
DECLARATION |= {"fra": "fr", "heb": "he", "hin": "hi", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl"}
DECLARATION |= {"pes_1": "fa", "pol": "pl", "por_BR": "pt", "rus": "ru", "spa": "es", "tha": "th", "tur": "tr"}
DECLARATION |= {"ukr": "uk", "urd": "ur", "vie": "vi"}
VERSES = ("bn", "en", "es", "fr", "id", "ru", "tr", "ur", "zh")
ROFF = re.compile(r"\\f[BIRP]|\\fR|\\&|\\-|\\\(..|\\\[[^\]]*\]|\\[e'~ ]")


def texts(source: Source, folder: Path) -> Texts:
    """Every text of the package with its language."""
    yield from READERS[source.layout](source, folder / "files")


def _catalogues(source: Source, folder: Path) -> Texts:
    """Message catalogues: translations, and once the English originals."""
    for path in sorted(folder.rglob("*.mo")):
        locale = path.parent.parent.name
        language = source.language or (locale[:2] if locale in LOCALES else "")
        if language:
            for found, text in messages(path.read_bytes(), language):
                if found != "en" or language == "fr":
                    yield found, text


class _Paragraphs(HTMLParser):
    """Collects the text of paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "p":
            self.open = True
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag != "p"

    def handle_data(self, data: str) -> None:
        if self.open:
            self.paragraphs[-1] += data


def _pages(language: str, paths: list[Path]) -> Texts:
    for path in paths:
        parser = _Paragraphs()
        parser.feed(path.read_text("utf-8", "replace"))
        yield from ((language, paragraph) for paragraph in parser.paragraphs)


def _handbook(_: Source, folder: Path) -> Texts:
    for name, language in HANDBOOK.items():
        yield from _pages(language, sorted(folder.glob(f"usr/share/doc/*/html/{name}/*.html")))


def _declaration(_: Source, folder: Path) -> Texts:
    for name, language in DECLARATION.items():
        yield from _pages(language, sorted(folder.glob(f"package/declaration/{name}.html")))


def _fortunes(source: Source, folder: Path) -> Texts:
    for path in sorted(folder.glob("usr/share/games/fortunes/**/*")):
        if path.is_file() and not path.suffix and "off" not in path.parts:
            for saying in path.read_text("utf-8", "replace").split("\n%"):
                yield source.language, saying


def _manual(source: Source, folder: Path) -> Texts:
    for path in sorted(folder.rglob("*.gz")):
        if "/man/" not in path.as_posix() or path.is_symlink():
            continue
        lines = gzip.decompress(path.read_bytes()).decode("utf-8", "replace").splitlines()
        kept = ("" if line.startswith((".", "'")) else ROFF.sub("", line) for line in lines)
        yield source.language, "\n".join(kept)


def _verses(_: Source, folder: Path) -> Texts:
    for language in VERSES:
        chapters = json.loads((folder / f"package/dist/quran_{language}.json").read_text("utf-8"))
        for verse in (verse for chapter in chapters for verse in chapter["verses"]):
            yield language, verse["translation"]
            if language == VERSES[0]:
                yield "ar", verse["text"]


def _narrations(_: Source, folder: Path) -> Texts:
    path = next(folder.glob("*/data/*.json.gz"))
    for narration in json.loads(gzip.decompress(path.read_bytes()))["hadiths"]:
        yield "ar", narration["arabic"]
        yield "en", narration["english"]["text"]


READERS: dict[Layout, Callable[[Source, Path], Texts]] = {
    "catalogues": _catalogues,
    "handbook": _handbook,
    "fortunes": _fortunes,
    "manual": _manual,
    "verses": _verses,
    "declaration": _declaration,
    "narrations": _narrations,
}
