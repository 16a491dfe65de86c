"""How many planted terms are read off pictures, how often clean pictures accuse, and what it costs.

    python -m tests.perf.media.words [phrases] [photo.jpg ...]

The phrases are `examples_hit` and `examples_miss` of layers/material; the engine decides what counts as found. Without
photographs, made-up ones serve as grounds. Expected: at least .90 of English and .85 of Arabic terms on flat grounds,
.6 on photographs.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from adsieve.api import compile_package
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.ocr import as_text, read_words
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action, State
from adsieve.domain.material import Kind, Material
from adsieve.material.package import Package
from adsieve.material.source import load_materials
from tests.pictures import jpeg, lettered, scene

MATERIALS = Path(__file__).parents[3] / "layers" / "material" / "materials"
SIZE = (800, 600)
FLAT = ("light", "dark", "colour", "small")
PHOTO = ("photo", "dark photo", "pale photo")
NOT_ARABIC = frozenset("یکےہھٹڈڑگچپژں\u200c")


def main(arguments: list[str]) -> None:
    """Print a line a kind of picture and language, then what clean pictures were accused of."""
    most = int(arguments[0]) if arguments else 24
    photos = [Image.open(file).convert("RGB") for file in arguments[1:]] or [scene(seed, SIZE) for seed in range(8)]
    rows = [row for row in load_materials([MATERIALS]) if row.kind is Kind.TERM]
    package = compile_package(rows)
    for kind in (*FLAT, *PHOTO):
        for language in ("en", "ar"):
            phrases = [(row.id, phrase) for row, phrase in _phrases(rows, language, hits=True)][:most]
            started = time.process_time()
            found = sum(
                row in _seen(_read(_drawn(kind, phrase, language, number, photos)), package)
                for number, (row, phrase) in enumerate(phrases)
            )
            cost = (time.process_time() - started) / len(phrases)
            print(f"{kind:12} {language} {found / len(phrases):.2f} of {len(phrases)}, {cost:.2f} s each", flush=True)
    for kind in ("light", "photo"):
        clean = [(language, phrase) for language in ("en", "ar") for _, phrase in _phrases(rows, language, hits=False)]
        clean = [(language, phrase) for language, phrase in clean if not _seen(phrase, package)][
            :: max(1, len(clean) // most)
        ]
        accused = [
            phrase
            for number, (language, phrase) in enumerate(clean)
            if _seen(_read(_drawn(kind, phrase, language, number, photos)), package)
        ]
        print(f"clean on {kind}: {len(accused)} of {len(clean)} accused: {accused}", flush=True)


def _phrases(rows: list[Material], language: str, *, hits: bool) -> Iterator[tuple[Material, str]]:
    for row in rows:
        if row.state is not State.ACTIVE or row.action is Action.ALLOW:
            continue
        for phrase in (row.examples_hit if hits else row.examples_miss)[:1]:
            arabic = any("\u0600" <= character <= "\u06ff" for character in phrase)
            if language == "en" and phrase.isascii() and row.owner == "risk-global":
                yield row, phrase
            if language == "ar" and arabic and not NOT_ARABIC & set(phrase + row.value):
                yield row, phrase


def _drawn(kind: str, phrase: str, language: str, seed: int, photos: list[Image.Image]) -> Image.Image:
    photo = ImageOps.fit(photos[seed % len(photos)], SIZE)
    match kind:
        case "light" | "dark" | "colour":
            drawn = lettered(phrase, language, seed=seed, ground=kind)
        case "small":
            drawn = lettered(phrase, language, seed=seed, px=16)
        case "dark photo":
            drawn = lettered(
                phrase, language, seed=seed, px=52, ground=Image.eval(photo, lambda value: value * 45 // 100)
            )
        case "pale photo":
            pale = Image.eval(photo, lambda value: min(255, value * 60 // 100 + 110))
            drawn = lettered(phrase, language, seed=seed, px=52, ground=pale, ink=(0, 0, 0), edge=(255, 255, 255))
        case _:
            drawn = lettered(phrase, language, seed=seed, px=52, ground=photo)
    return jpeg(drawn)


def _read(picture: Image.Image) -> str:
    return as_text(read_words(np.asarray(picture), Deadline.after(600)).words)[0]


def _seen(text: str, package: Package) -> set[str]:
    part = Part("x", PartKind.TEXT, text)
    detectors = [detector for detector in package.detectors if PartKind.TEXT in detector.looks_at]
    return {package.material(match.row).id for detector in detectors for match in detector.detect(part)}


if __name__ == "__main__":
    main(sys.argv[1:])
