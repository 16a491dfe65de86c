"""Material in an Excel workbook: drop-downs, right to left where the rows are, and nothing in it that runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from adsieve.domain.decision import Action
from adsieve.domain.errors import InputError, InvalidMaterialError, Problem
from adsieve.domain.material import Kind
from adsieve.material.cells import DIGEST, MAX_CELL, VERSION, as_text, fit, unfit
from adsieve.material.help import HELP
from adsieve.material.rows import COLUMNS, REQUIRED, Formula

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_ROWS = 100_000
MAX_UNPACKED = 512 * 1024 * 1024
"""Bytes that a workbook, a zip file, may unpack to."""

_HEADER = (*COLUMNS, VERSION, DIGEST)
_SHEET = "xl/worksheets/sheet1.xml"
_WIDTHS = {"value": 32, "note": 32, "examples_hit": 32, "examples_miss": 32, "unless": 24}


def write_workbook(
    file: Path | IO[bytes], rows: Iterable[Mapping[str, Any]], policies: Sequence[str], *, rtl: bool
) -> None:
    """Write rows (column → cell, see `material.cells`) and what helps to edit them.

    Raises:
        InputError: a text is longer than a cell can hold.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = _sheet(book, rtl=rtl)
    lists = {"kind": [*Kind], "action": [*Action.__members__], "policy": list(policies)}
    _add_choices(sheet, lists)
    sheet.append(_HEADER)
    styles = _text_style(sheet, quoted=False), _text_style(sheet, quoted=True)
    _add_lists(book, lists)
    guide: Any = book.create_sheet("help · تعليمات")
    for line in HELP:
        guide.append(line)
    empty = BytesIO()
    book.save(empty)
    _fill(empty, file, (_row_xml(number, row, styles) for number, row in enumerate(rows, 2)))


def _text_style(sheet: Any, *, quoted: bool) -> int:
    """The style of text cells: what is typed over them stays text; `quoted` shows text that begins as a formula does."""
    from openpyxl.cell import WriteOnlyCell

    cell: Any = WriteOnlyCell(sheet)
    cell.number_format, cell.quotePrefix = "@", quoted
    return int(cell.style_id)


def _fill(empty: IO[bytes], file: Path | IO[bytes], rows: Iterable[str]) -> None:
    """Write the rows into the sheet of an empty workbook. openpyxl does so too, five times as slowly."""
    with ZipFile(empty) as source, ZipFile(file, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename != _SHEET:
                target.writestr(entry, data)
                continue
            before, end, after = data.partition(b"</sheetData>")
            with target.open(entry.filename, "w", force_zip64=True) as out:
                out.write(before)
                for row in rows:
                    out.write(row.encode())
                out.write(end + after)


def _row_xml(number: int, row: Mapping[str, Any], styles: tuple[int, int]) -> str:
    cells = []
    for letter, name in zip(ascii_uppercase, _HEADER, strict=False):
        text = fit(as_text(name, row.get(name, "")))
        if len(text) > MAX_CELL or (not text.isascii() and len(text.encode("utf-16-le")) // 2 > MAX_CELL):
            raise InputError(f"{row.get('id')}: `{name}` is longer than a cell holds, export to .jsonl instead")
        if text:
            style = styles[text[0] in "=+-@\t\r'"]
            text = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
            cells.append(f'<c r="{letter}{number}" s="{style}" t="inlineStr">{text}</c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def read_workbook(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of every sheet whose first row looks like a material header, as (`file!Sheet:row`, column → cell).

    Raises:
        InvalidMaterialError: it is no workbook, has no such sheet, is or is too large.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_size(file)
    try:
        book = load_workbook(file, read_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise _refused(str(file), f"cannot be opened as a workbook: {error}", "save it as .xlsx again") from None
    found = False
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows()
            columns = [str(cell.value or "").strip().lower() for cell in next(rows, ())]
            if not set(REQUIRED) <= set(columns):
                continue
            found = True
            for number, cells in enumerate(rows, 2):
                where = f"{file.name}!{sheet.title}:{number}"
                if number > MAX_ROWS + 1:
                    raise _refused(where, f"is beyond row {MAX_ROWS + 1}", "split the sheet, delete empty rows")
                yield (
                    where,
                    {name: _cell(cell) for name, cell in zip(columns, cells, strict=False) if name},
                )
    finally:
        book.close()
    if not found:
        raise _refused(str(file), "has no sheet with material columns", f"first row: {', '.join(COLUMNS)}")


def _cell(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(str(cell.value))
    return unfit(cell.value) if isinstance(cell.value, str) else cell.value


def _check_size(file: Path) -> None:
    """A workbook is a zip file: what it unpacks to is told inside, and the reader holds it to that."""
    try:
        with ZipFile(file) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (BadZipFile, OSError) as error:
        raise _refused(str(file), f"cannot be opened as a workbook: {error}", "save it as .xlsx again") from None
    if size > MAX_UNPACKED:
        raise _refused(str(file), f"unpacks to {size:,} bytes", f"at most {MAX_UNPACKED:,}")


def _sheet(book: "Workbook", *, rtl: bool) -> Any:
    from openpyxl.utils import get_column_letter

    sheet: Any = book.create_sheet("materials")
    sheet.sheet_view.rightToLeft = rtl
    sheet.freeze_panes = "D2"
    for number, name in enumerate(_HEADER, 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDTHS.get(name, 14)
        column.hidden = name in (VERSION, DIGEST)
        column.number_format = "@"  # what is typed into an empty row stays text too
    return sheet


def _add_choices(sheet: Any, lists: Mapping[str, Sequence[str]]) -> None:
    """Drop-downs of the columns whose words are known; `state` says where it is changed instead."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, (name, words) in enumerate(lists.items(), 1):
        letter = get_column_letter(number)
        choice = DataValidation("list", f"lists!${letter}$1:${letter}${len(words)}", allow_blank=name not in REQUIRED)
        choice.error, choice.errorTitle, choice.showErrorMessage = "choose from the list · اختر من القائمة", name, True
        _apply(sheet, choice, name)
    state = DataValidation("custom", "TRUE", allow_blank=True)
    state.prompt = "states are moved with adsieve, not here · لا تُغيَّر الحالة هنا"
    state.promptTitle, state.showInputMessage = "state", True
    _apply(sheet, state, "state")


def _apply(sheet: Any, validation: Any, column: str) -> None:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(_HEADER.index(column) + 1)
    validation.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    sheet.data_validations.append(validation)


def _add_lists(book: "Workbook", lists: Mapping[str, Sequence[str]]) -> None:
    hidden = book.create_sheet("lists")
    hidden.sheet_state = "hidden"
    for number in range(max(map(len, lists.values()))):
        hidden.append([words[number] if number < len(words) else None for words in lists.values()])


def _refused(where: str, message: str, hint: str) -> InvalidMaterialError:
    return InvalidMaterialError([Problem(where, "", message, hint)])
