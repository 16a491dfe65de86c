"""Texts made to be slow, beside plain text of the same length.

    python -m tests.perf.hostile [--length 1000000] [--limit 10] [--json]

Expected result: nothing raises, and every text stays under `--limit` times the CPU time of plain text.
"""

import json
import random
import time
from collections.abc import Iterator
from itertools import islice

import click

import adsieve
from adsieve.domain.ad import Part, PartKind
from adsieve.service.scan import MAX_MATCHES
from tests.perf.terms import make_terms, words

MARKS = "".join(map(chr, range(0x300, 0x36F)))
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))


def texts(length: int, random_: random.Random) -> Iterator[tuple[str, str]]:
    """(name, text): plain first."""

    def some(letters: str, size: int = length) -> str:
        return "".join(random_.choices(letters, k=size))

    def spread(letters: str, size: int, joiner: str = " ") -> str:
        return joiner.join(some(letters, size) for _ in range(length // (size + len(joiner))))

    yield "plain", " ".join(words("en", length // 6, random_))
    yield "plain arabic", " ".join(words("ar", length // 5, random_))
    yield "zalgo", "".join(letter + some(MARKS, 9) for letter in some("abcdefgh ", length // 10))
    yield "all marks", some(MARKS)
    yield "one mark", "\u0301" * length
    yield "million-letter word", some("abcdefghijklmnop")
    yield "million-letter arabic word", some("ابتثجحخدوفبكلال")
    yield "random astral", "".join(chr(random_.randrange(0x10000, 0x110000)) for _ in range(length))
    yield "random bmp", "".join(chr(random_.randrange(0x80, 0xD800)) for _ in range(length))
    repeated = [
        "a", "و", "a ", "a-", "a.", "a*", "1a", "a1", "0-", "ab.cd.", "aа", "cаsino ", "4", "casin* ", "c-a-s-", "c a s i n o ", "_", " ", "\n",
        "😀", "\u200d", "a\u200b", "\u202e", "\u202eab", "\U000e0061", "aaabbb", "\ud800", "\0", "ɐɔǝ ", "ﷺ", "abC", "AbcDef",
        "ㅅㅣㅂ", "\u1109\u1175", "🇸🇦", "می\u200cم", "'a", "|-|()", "(((", "()", "ｃａｓｉｎｏ ", "сасе ", "&#x63;", "<b>a</b>", "&", "<",
        "http://a.", "a.test/?u=", "%41", "诈骗", "赌 *", "赌*", "\u202e诈骗", "loan, ", "vv", "free spins ", "payday, ",
    ]  # fmt: skip
    for unit in repeated:
        yield repr(unit), unit * (length // len(unit))
    yield "leet words", spread("4b3$10@s", 6)
    yield "long leet words", spread("a4b31!0@s5679", 39)
    yield "masks", spread("abcdefgh*", 6)
    yield "humps before a phrase", "abC " * (length // 4 - 1) + "free"
    yield "stretched words", " ".join(letter * 3 + some("abcdefgh", 4) for letter in some("abc", length // 8))
    yield "dotless", spread("ٮڡٯحدرسصطعاىلكم", 6)
    yield "arabizi", spread("abdhkmst3757", 7)
    yield "han", some(HAN)
    yield "han with stars", "*".join(some(HAN, length // 2))
    yield "han apart", " ".join(some(HAN, length // 2))
    yield "thai", some("กขคงจฉชซเแโไะาิีุูด่้๊")
    yield "letters apart", " ".join(some("abcdefghijklmnopqrstuvwxyz", length // 2))
    yield "letters with dots", ".".join(some("abcdefghijklmnopqrstuvwxyz", length // 2))


@click.command()
@click.option("--length", default=1_000_000, show_default=True, help="Characters of each text.")
@click.option("--limit", default=10.0, show_default=True, help="Largest multiple of plain text's time.")
@click.option("--only", multiple=True, help="Only texts of this name, beside plain.")
@click.option("--json", "as_json", is_flag=True)
def main(length: int, limit: float, only: tuple[str, ...], *, as_json: bool) -> None:
    """Time every text; exit code 1 where one is over the limit."""
    random_ = random.Random(5)
    rows = [{"kind": "term", "value": term, "policy": "loans", "action": "LOG"} for term in make_terms(10_000, random_)]
    wanted = ("casino", "كازينو", "free spins", "payday loan", "诈骗", "赌博")
    rows += [{"kind": "term", "value": term, "policy": "loans", "action": "LOG"} for term in wanted]
    rows.append({"kind": "url", "value": "bad.test", "policy": "loans", "action": "LOG"})
    package = adsieve.compile_package(rows)
    told: dict[str, float] = {}
    plain = 0.0
    for name, text in texts(length, random_):
        if only and name not in only and name != "plain":
            continue
        started = time.process_time()
        for detector in package.detectors:
            for match in islice(detector.detect(Part("texts.body", PartKind.TEXT, text)), MAX_MATCHES):
                assert 0 <= match.start < match.end <= len(text), name
        took = time.process_time() - started
        plain = plain or took
        told[name] = took / plain
        if not as_json:
            click.echo(f"{name:28} {took:8.2f} s  x{took / plain:7.1f}{'  over' if took / plain > limit else ''}")
    if as_json:
        click.echo(json.dumps({"plain_s": plain, "times": told}, ensure_ascii=True, indent=1))
    raise SystemExit(int(max(told.values()) > limit))


if __name__ == "__main__":
    main()
