"""How many planted terms are read off pictures, how often clean pictures accuse, and what it costs.

    python -m tests.perf.media.words [--most 24] [--record NAME] [photo.jpg ...]

The phrases are `examples_hit` and `examples_miss` of layers/material, the honest sentences those of the evaluation sets; the
engine decides what counts as found. Without photographs, made-up ones serve as grounds. Expected: at least .90 of English
and .85 of Arabic terms on flat grounds, .6 on photographs.

Clean pictures say sentences that the engine finds nothing in, or nothing at all, and are searched for the sample materials
and for these with all terms of the evaluation sets: whatever is found there, reading made up.
"""

import datetime as dt
import json
import time
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image, ImageOps

from adsieve.api import compile_package
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.ocr import as_text, read_words
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action, State
from adsieve.domain.material import Kind, Material
from adsieve.material.package import Package
from adsieve.material.rows import parse_rows
from adsieve.material.source import load_materials
from tests.perf.evaluation.cases import Term, load_cases
from tests.perf.evaluation.vocabulary import SETS, vocabularies
from tests.pictures import jpeg, lettered, scene

MATERIALS = Path(__file__).parents[3] / "layers" / "material" / "materials"
RECORD = Path(__file__).parents[1] / "record"
SIZE = (800, 600)
FLAT = ("light", "dark", "colour", "small")
PHOTO = ("photo", "dark photo", "pale photo")
NOT_ARABIC = frozenset("یکےہھٹڈڑگچپژں\u200c")

type Told = dict[str, Any]


@click.command()
@click.argument("photos", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--most", default=24, help="Phrases a kind of picture and language.")
@click.option("--record", help="Write the result to tests/perf/record, under today's date and this name.")
def main(photos: tuple[Path, ...], most: int, record: str | None) -> None:
    """Print a line a kind of picture and language, then what clean pictures were accused of."""
    grounds = [Image.open(file).convert("RGB") for file in photos] or [scene(seed, SIZE) for seed in range(8)]
    rows = [row for row in load_materials([MATERIALS]) if row.kind is Kind.TERM]
    terms = _evaluated()
    packages = {
        f"{len(rows)} sample terms": compile_package(rows),
        f"with {len(terms)} terms of the evaluation": compile_package(rows + terms),
    }
    told: Told = {"grounds": len(photos) or "made up", "found": {}, "clean": {}}
    for kind in (*FLAT, *PHOTO):
        for language in ("en", "ar"):
            told["found"][f"{kind} {language}"] = one = _found(rows, kind, language, most, grounds, packages)
            print(
                f"{kind:12} {language} {one['share']:.2f} of {one['phrases']}, {one['seconds']:.2f} s each", flush=True
            )
    clean = _clean(rows, list(packages.values())[-1])
    for kind in ("light", "small", "photo", "dark photo", "no words"):
        told["clean"][kind] = accused = _accused(clean[: 4 * most], kind, grounds, packages)
        print(f"clean, {kind}: {accused}", flush=True)
    if record:
        today = dt.datetime.now(tz=dt.UTC).date()
        file = RECORD / f"{today}-words-{record}.json"
        file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def _found(
    rows: list[Material],
    kind: str,
    language: str,
    most: int,
    grounds: Sequence[Image.Image],
    packages: dict[str, Package],
) -> Told:
    """The share of phrases whose own material is found."""
    phrases = [(row.id, phrase) for row, phrase in _phrases(rows, language, hits=True)][:most]
    package = next(iter(packages.values()))
    started = time.process_time()
    found = sum(
        row in _seen(_read(_drawn(kind, phrase, language, number, grounds)), package)
        for number, (row, phrase) in enumerate(phrases)
    )
    seconds = (time.process_time() - started) / len(phrases)
    return {"phrases": len(phrases), "share": round(found / len(phrases), 3), "seconds": round(seconds, 2)}


def _accused(
    clean: list[tuple[str, str]], kind: str, grounds: Sequence[Image.Image], packages: dict[str, Package]
) -> Told:
    """Of clean pictures of one kind, those in which something is found, by package."""
    if kind == "no words":
        read = [("", _read(jpeg(ImageOps.fit(ground, SIZE)))) for ground in grounds]
    else:
        drawn = [(phrase, _drawn(kind, phrase, language, n, grounds)) for n, (language, phrase) in enumerate(clean)]
        read = [(phrase, _read(picture)) for phrase, picture in drawn]
    told: Told = {"pictures": len(read)}
    for name, package in packages.items():
        told[name] = [f"{phrase}: {' '.join(seen)}" for phrase, text in read if (seen := sorted(_seen(text, package)))]
    return told


def _evaluated() -> list[Material]:
    """Every term that a case of the evaluation sets knows, as a row."""
    terms: set[Term] = {term for folder in SETS.values() for case in load_cases(folder) for term in case.terms}
    ordered = sorted(terms, key=lambda term: (term.language, term.value, term.match, term.unless))
    parsed = parse_rows((f"term {number}", term.row(number)) for number, term in enumerate(ordered))
    return list(parsed)


def _clean(rows: list[Material], package: Package) -> list[tuple[str, str]]:
    """(language, sentence) of honest sentences that the engine finds nothing in, English and Arabic by turns."""
    told = []
    ordinary = [case for folder in SETS.values() for case in load_cases(folder) if case.attack == "ordinary"]
    for language in ("en", "ar"):
        honest = [*vocabularies()[language].clean, *(case.text for case in ordinary if case.language == language)]
        honest += [phrase for _, phrase in _phrases(rows, language, hits=False)]
        told.append([(language, phrase) for phrase in dict.fromkeys(honest) if not _seen(phrase, package)])
    return [one for pair in zip_longest(*told) for one in pair if one]


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


def _drawn(kind: str, phrase: str, language: str, seed: int, photos: Sequence[Image.Image]) -> Image.Image:
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
    main()
