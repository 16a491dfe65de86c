"""How large, how quick to open and how fast a package of many terms is, beside an automaton that only lower-cases.

    python -m tests.perf.terms [--terms 1000000] [--ads 4000] [--json]

Terms and ads are made up from a seed. Expected result: every planted term is found, by both; the automaton is blind to
any other spelling, so its time is what the plainest possible matching costs. Times are CPU seconds of one process, which
sees every ad once: `mixed` first, so that it pays for everything that is done at first use, then Arabic and English, then
`new words`, whose every word is met for the first time, and last words of four alphabets without punctuation or digits.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import click

from adsieve.detectors.text.fold import fold
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action
from adsieve.domain.material import Kind, Material
from adsieve.material.compile import compile_files, write_package
from adsieve.material.everyday import STOP_WORDS
from adsieve.material.package import load_package
from adsieve.material.policies import default_matrix
from tests.perf.ads import ads as made_ads

_SYLLABLES = {
    "en": [c + v + e for c in "bcdfglmnprst" for v in "aeiou" for e in ("", "n", "r", "s")],
    "ar": [c + v for c in "بتجحدرسشصطعفقكلمنهوي" for v in ("", "ا", "و", "ي")],
    "ru": [c + v for c in "бвгдзклмнпрст" for v in "аеиоу"],
    "zh": [chr(code) for code in range(0x4E00, 0x4E00 + 900)],
}
_SHARES = [40, 30, 15, 15]
AD_LENGTH = 500


def words(language: str, count: int, random_: random.Random) -> list[str]:
    """Made-up words of a language's letters."""
    syllables = _SYLLABLES[language]
    return ["".join(random_.choices(syllables, k=random_.randint(2, 4))) for _ in range(count)]


def make_terms(count: int, random_: random.Random) -> list[str]:
    """Distinct phrases of one to four words."""
    vocabulary = {language: words(language, 20_000, random_) for language in _SYLLABLES}
    stop_words = {fold(word).text.strip() for words_ in STOP_WORDS.values() for word in words_.split()}
    made: dict[str, None] = {}
    while len(made) < count:
        language = random_.choices(list(_SYLLABLES), _SHARES)[0]
        joiner = "" if language == "zh" else " "
        term = joiner.join(random_.choices(vocabulary[language], k=random_.choices([1, 2, 3, 4], [4, 46, 30, 20])[0]))
        if fold(term).text.strip() not in stop_words:  # which no package takes
            made[term] = None
    return list(made)


def make_ads(count: int, terms: list[str], random_: random.Random) -> Iterator[tuple[str, str]]:
    """(text, planted term): ads of other words with one term in the middle."""
    vocabulary = {language: words(language, 5_000, random_) for language in _SYLLABLES}
    for _ in range(count):
        language = random_.choices(list(_SYLLABLES), _SHARES)[0]
        text = " ".join(random_.choices(vocabulary[language], k=AD_LENGTH // 6))[:AD_LENGTH]
        term = random_.choice(terms)
        half = text.rfind(" ", 0, AD_LENGTH // 2)
        yield f"{text[:half]} {term} {text[half + 1 :]}"[:AD_LENGTH], term


def build(terms: list[str], folder: Path) -> dict[str, float]:
    """Compile a package of the terms; CPU seconds, megabytes on disk and at the peak."""
    started = time.process_time()
    rows = [Material(f"T-{n}", Kind.TERM, term, "gambling", Action.REJECT) for n, term in enumerate(terms)]
    files = compile_files(rows, default_matrix())
    seconds = time.process_time() - started
    write_package(files, folder)
    text = sum(len(data) for name, data in files.items() if name.startswith("terms.")) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"build_s": seconds, "terms_mb": text, "all_mb": sum(map(len, files.values())) / 1e6, "build_peak_mb": peak}


def measure(folder: Path, kinds: dict[str, list[tuple[str, str]]]) -> dict[str, float]:
    """Open the package and match the ads of every kind, in this process."""
    before = _resident()
    started = time.perf_counter()
    package = load_package(folder)
    opened = time.perf_counter() - started
    told = {"open_ms": opened * 1e3}
    found = 0
    for kind, ads in kinds.items():
        took = []
        for text, term in ads:
            begun = time.process_time()
            matches = list(package.detectors[0].detect(Part("texts.body", PartKind.TEXT, text)))
            took.append(time.process_time() - begun)
            found += any(package.material(match.row).value == term for match in matches)
        told |= {
            f"{kind}: p50_ms": median(took) * 1e3,
            f"{kind}: p99_ms": sorted(took)[len(took) * 99 // 100] * 1e3,
            f"{kind}: ads_per_s": len(took) / sum(took),
        }
    return told | {"resident_mb": _resident() - before, "found": found / sum(map(len, kinds.values()))}


def measure_automaton(terms: list[str], ads: list[tuple[str, str]]) -> dict[str, float]:
    """The peer: pyahocorasick over lower-cased text with a boundary check."""
    import ahocorasick

    started = time.process_time()
    automaton = ahocorasick.Automaton()
    for term in terms:
        automaton.add_word(term.lower(), term)
    automaton.make_automaton()
    built = time.process_time() - started
    begun, found = time.process_time(), 0
    for text, term in ads:
        low = text.lower()
        hits = [
            value
            for end, value in automaton.iter(low)
            if not low[end + 1 : end + 2].isalnum()
            and not low[max(0, end - len(value)) : end - len(value) + 1].isalnum()
        ]
        found += term in hits
    return {"build_s": built, "ads_per_s": len(ads) / (time.process_time() - begun), "found": found / len(ads)}


def _resident() -> float:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize() / 1e6


@click.command()
@click.option("--terms", default=1_000_000, show_default=True)
@click.option("--ads", default=4_000, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--measure-only", type=click.Path(path_type=Path), hidden=True)
def main(terms: int, ads: int, *, as_json: bool, measure_only: Path | None) -> None:
    """Build, open in a fresh process, match; then the peer."""
    random_ = random.Random(7)
    listed = make_terms(terms, random_)
    kinds = {
        "mixed": list(made_ads(["ar", "en"], listed, ads, random_)),
        "arabic": list(made_ads(["ar"], listed, ads, random_)),
        "english": list(made_ads(["en"], listed, ads, random_)),
        "new words": list(made_ads(["ar", "en"], listed, ads // 4, random_, names=1)),
        "four alphabets": list(make_ads(ads, listed, random_)),
    }
    kinds = {kind: [(text, term) for text, term in made if term in text] for kind, made in kinds.items()}
    if measure_only:
        del listed
        click.echo(json.dumps(measure(measure_only, kinds)))
        return
    with tempfile.TemporaryDirectory() as folder:
        told = {"package": build(listed, Path(folder) / "package")}
        again = [sys.executable, "-m", "tests.perf.terms", "--terms", str(terms), "--ads", str(ads)]
        fresh = subprocess.run(
            [*again, "--measure-only", f"{folder}/package"], check=True, capture_output=True, text=True
        )
        told["adsieve"] = json.loads(fresh.stdout)
    told["pyahocorasick"] = measure_automaton(listed, kinds["mixed"])
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        for name, figures in told.items():
            click.echo(name + "".join(f"\n  {figure:28} {value:12.2f}" for figure, value in figures.items()))
    raise SystemExit(int(any(told[name]["found"] < 1 for name in ("adsieve", "pyahocorasick"))))


if __name__ == "__main__":
    main()
