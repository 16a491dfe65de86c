"""Ten thousand rows out to a workbook and in again: nothing lost, and how long it takes.

`python -m tests.perf.exchange` ends with exit code 1 where a row differs or the processor took longer than the limit.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from adsieve.adapters.memory_materials import MemoryMaterialRegistry, MemorySampleStore
from adsieve.domain.registered import content
from adsieve.material.bundle import open_bundle
from adsieve.material.export import export
from adsieve.material.policies import default_matrix
from adsieve.material.rows import parse_rows
from adsieve.material.source import read_rows
from adsieve.service.audit import verify
from adsieve.service.desk import Desk
from adsieve.service.imports import apply, plan
from tests.builders import NOON
from tests.gates import lint_gates

ROWS = 10_000
LIMIT = 10.0
"""Seconds of processor time for the way out and in again."""


def rows() -> list[dict[str, object]]:
    """Arabic, emoji, formulas, separators and control characters, spread over every row."""
    values = ("الكازينو الأول 🎰 {}", "=SUM(A{})", "+966 5{} | x", "@casino\x0b{}", "كازينو\u200f_x0041_{}")
    return [
        {
            "id": f"T-{number:05}",
            "kind": "term",
            "value": values[number % len(values)].format(number),
            "language": "ar",
            "policy": "gambling",
            "action": "REVIEW",
            "markets": ["SA", "AE"],
            "unless": ["a|b", "c\\", f"-{number}"],
            "note": "'=1+1\nسطر ثانٍ",
            "examples_hit": ["one", "two"],
            "examples_miss": ["three", "four"],
        }
        for number in range(ROWS)
    ]


def main() -> int:
    """Import, export, import again; prints a line a step."""
    registry = MemoryMaterialRegistry()
    matrix = default_matrix()
    desk = Desk(registry, MemorySampleStore(), "amal", lint_gates(matrix), lambda: NOON)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows()))
        first, _ = _import(desk, source)
        started = time.process_time()
        book = Path(folder) / "rows.xlsx"
        export(book, [record.head for record in registry.records() if record.head], matrix.policies, lambda _: None)
        out = time.process_time() - started
        back, counts = _import(desk, book)
        read = {material.id: content(material) for material in parse_rows(read_rows(book))}
    kept = {record.material_id: content(record.head.material) for record in registry.records() if record.head}
    lossless = read == kept and counts["unchanged"] == ROWS and not verify(registry).damage
    print(
        f"{ROWS} rows: first import {first:.1f} s, to a workbook {out:.1f} s, and in again {back:.1f} s (processor time)"
    )
    print("lossless" if lossless else "ROWS DIFFER")
    return int(not lossless or out + back > LIMIT)


def _import(desk: Desk, file: Path) -> tuple[float, dict[str, int]]:
    started = time.process_time()
    with open_bundle(file) as bundle:
        made = plan(desk, bundle, file.name)
        apply(desk, made)
    return time.process_time() - started, made.counts()


if __name__ == "__main__":
    sys.exit(main())
