"""Registered rows as files that people edit and hand in again."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from adsieve.domain.errors import DamagedRecordError, InputError
from adsieve.domain.material import Kind
from adsieve.domain.registered import Registered
from adsieve.domain.samples import FOLDER
from adsieve.material.cells import DIGEST, VERSION, as_text, guard, registered_cells
from adsieve.material.rows import COLUMNS
from adsieve.material.workbook import write_workbook

FORMATS = (".xlsx", ".csv", ".jsonl", ".zip")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi", "dv"})

_HEADER = (*COLUMNS, VERSION, DIGEST)
_LINE_ENDS = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"})

type Samples = Callable[[str], bytes | None]


def export(
    file: Path, heads: Sequence[Registered], policies: Sequence[str], samples: Samples, *, rtl: bool | None = None
) -> None:
    """Write rows to a .xlsx, .csv, .jsonl, or a .zip of a workbook and its samples; whole or not at all.

    Args:
        file: where to; an older file there is replaced.
        heads: rows in order; none for an empty template.
        policies: words of the drop-down.
        samples: reads a sample by name.
        rtl: whether the sheet runs from right to left; None: where most rows are of such a language.

    Raises:
        InputError: another ending, or a text that a cell cannot hold.
        DamagedRecordError: a sample is missing.
    """
    ending = file.suffix.lower()
    if ending not in FORMATS:
        raise InputError(f"{file}: use one of {', '.join(FORMATS)}")
    with _whole(file) as fresh:
        if ending == ".csv":
            fresh.write_bytes(_csv(heads))
        elif ending == ".jsonl":
            fresh.write_bytes(_jsonl(heads))
        else:
            reads_left = sum(head.material.language.split("-")[0] in RIGHT_TO_LEFT for head in heads)
            mostly = reads_left * 2 > len(heads)
            write = _write_zip if ending == ".zip" else _write_xlsx
            write(fresh, heads, policies, samples, mostly if rtl is None else rtl)


def _write_xlsx(file: Path, heads: Sequence[Registered], policies: Sequence[str], _: Samples, rtl: bool) -> None:
    write_workbook(file, map(registered_cells, heads), policies, rtl=rtl)


def _write_zip(file: Path, heads: Sequence[Registered], policies: Sequence[str], samples: Samples, rtl: bool) -> None:
    book = io.BytesIO()
    write_workbook(book, map(registered_cells, heads), policies, rtl=rtl)
    names = {head.material.value for head in heads if head.material.kind in (Kind.IMAGE, Kind.VIDEO)}
    with ZipFile(file, "w") as packed:
        packed.writestr(_entry("materials.xlsx"), book.getvalue(), ZIP_DEFLATED)
        for path in sorted(names):
            data = samples(path.removeprefix(f"{FOLDER}/"))
            if data is None:
                raise DamagedRecordError(path, "the sample is not in the store")
            packed.writestr(_entry(path), data, ZIP_STORED)


def _entry(name: str) -> ZipInfo:
    """No clock in it: the same rows give the same entries."""
    entry = ZipInfo(name)
    entry.external_attr = 0o644 << 16
    return entry


def _csv(heads: Sequence[Registered]) -> bytes:
    """With a byte order mark: Excel takes UTF-8 for Latin without one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for head in heads:
        cells = registered_cells(head)
        writer.writerow([guard(as_text(name, cells[name])) for name in _HEADER])
    return text.getvalue().encode("utf-8-sig")


def _jsonl(heads: Sequence[Registered]) -> bytes:
    lines = (json.dumps(registered_cells(head), ensure_ascii=False).translate(_LINE_ENDS) for head in heads)
    return "".join(f"{line}\n" for line in lines).encode()


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A file to write that takes the place of `file` only once it is complete."""
    if not file.parent.is_dir():
        raise InputError(f"{file.parent}: no such folder")
    handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=file.suffix, dir=file.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        fresh.chmod(0o644)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
