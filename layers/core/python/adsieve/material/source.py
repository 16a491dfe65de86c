"""Files that people edit: CSV, Excel and JSONL rows, and folders of them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from adsieve.domain.errors import InvalidMaterialError, Problem
from adsieve.domain.material import Material
from adsieve.material.cells import unguard
from adsieve.material.rows import parse_rows
from adsieve.material.workbook import read_workbook

SUFFIXES = (".csv", ".xlsx", ".jsonl")
POLICY_FILES = ("markets.csv", "policies.csv")

type SourceRow = tuple[str, Mapping[str, Any]]


def load_materials(paths: Iterable[Path]) -> list[Material]:
    """Read material files and folders of them; ids are unique over all.

    Raises:
        InvalidMaterialError: with every problem of every file.
    """
    return parse_rows(row for path in paths for file in material_files(path) for row in read_rows(file))


def material_files(path: Path) -> list[Path]:
    """The material files of a folder (the policy matrix beside them left out), or the file itself."""
    if not path.exists():
        raise _refused(path, "does not exist", "check the path")
    if not path.is_dir():
        if path.suffix.lower() not in SUFFIXES:
            raise _refused(path, "is no material file", f"use {', '.join(SUFFIXES)}")
        return [path]
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() in SUFFIXES and file.name not in POLICY_FILES and not file.name.startswith((".", "~$"))
    ]
    if not files:
        raise _refused(path, "holds no material file", f"put {', '.join(SUFFIXES)} files into it")
    return files


def read_rows(file: Path) -> Iterator[SourceRow]:
    """Rows of one file as (`file:line`, column → cell); empty rows are left out."""
    rows: Iterator[SourceRow]
    match file.suffix.lower():
        case ".xlsx":
            rows = read_workbook(file)
        case ".jsonl":
            rows = _read_jsonl(file)
        case _:
            rows = ((where, {name: unguard(cell) for name, cell in row.items()}) for where, row in read_csv(file))
    return (row for row in rows if any(cell not in (None, "") for cell in row[1].values()))


def read_csv(file: Path) -> Iterator[SourceRow]:
    """Rows of a CSV with a header; Excel's `;` and tab separators and its byte order mark are understood."""
    text = _text(file)
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            where = f"{file.name}:{reader.line_num}"
            if columns is None:
                columns = [cell.strip().lower() for cell in cells]
                continue
            if len(cells) > len(columns) and any(cells[len(columns) :]):
                hint = "a cell that holds the separator must stand in double quotes"
                raise _refused_at(where, f"has {len(cells)} cells, the header has {len(columns)}", hint)
            yield where, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise _refused_at(f"{file.name}:{reader.line_num}", str(error), "save the file as CSV (UTF-8) again") from None


def _read_jsonl(file: Path) -> Iterator[SourceRow]:
    for number, line in enumerate(_text(file).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{file.name}:{number}"
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _refused_at(where, f"not JSON: {error}", "one object a line") from None
        if not isinstance(row, dict):
            raise _refused_at(where, "is no object", 'want {"kind": ..., "value": ...}')
        yield where, row


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(file, f"is not UTF-8 (byte {error.start})", "save it as CSV UTF-8") from None


def _refused(path: Path, message: str, hint: str) -> InvalidMaterialError:
    return _refused_at(str(path), message, hint)


def _refused_at(where: str, message: str, hint: str) -> InvalidMaterialError:
    return InvalidMaterialError([Problem(where, "", message, hint)])
