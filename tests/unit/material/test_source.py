from pathlib import Path

import pytest
from openpyxl import Workbook

from adsieve.domain.errors import InvalidMaterialError
from adsieve.material.source import load_materials

HEADER = "id,kind,value,policy,action"


def refused(*paths: Path) -> str:
    with pytest.raises(InvalidMaterialError) as caught:
        load_materials(paths)
    return str(caught.value)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_excel_saves_it_in_any_country(tmp_path: Path, separator: str) -> None:
    text = f"{HEADER}\nT-1,term,كازينو,gambling,REJECT\n\n".replace(",", separator)
    (material,) = load_materials([write(tmp_path, "a.csv", text, "utf-8-sig")])
    assert (material.value, material.source) == ("كازينو", "a.csv:2")


def test_jsonl_and_folders(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", f"{HEADER}\nT-1,term,a1,gambling,REJECT\n")
    line = '{"id": "T-2", "kind": "term", "value": "b1", "policy": "gambling", "action": "LOG", "markets": ["SA"]}'
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep", "b.jsonl", f"\n{line}\n")
    write(tmp_path, "policies.csv", "not,material\n1,2\n")
    write(tmp_path, "~$a.xlsx", "an Excel lock file")
    assert [material.id for material in load_materials([tmp_path])] == ["T-1", "T-2"]


def test_workbook_rows_are_named_by_sheet_and_row(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("Notes").append(["anything"])
    sheet = book.create_sheet("مواد")
    sheet.append(HEADER.split(","))
    sheet.append(["T-1", "term", 777, "gambling", "REJECT"])
    sheet.append(["T-2", "term", "x1", "gambling", "NEVER"])
    book.save(tmp_path / "m.xlsx")
    assert "m.xlsx!مواد:3: `action`" in refused(tmp_path / "m.xlsx")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "T-1,term,a1,gambling,REJECT\n", "a.csv:1: has none of the columns kind, value"),
        ("a.csv", "\n\n", "a.csv:1: has none of the columns"),
        ("a.csv", f"{HEADER}\nT-1,term,a,b,gambling,REJECT\n", "a.csv:2: has 6 cells, the header has 5"),
        ("a.csv", f'{HEADER}\n"T-1,term\n', "a.csv:"),
        ("a.jsonl", '{"id": }', "a.jsonl:1: not JSON"),
        ("a.jsonl", "[1]", "a.jsonl:1: is no object"),
        ("a.xlsx", "not a zip", "cannot be opened as a workbook"),
        ("a.doc", "", "is no material file"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, name: str, text: str, words: str) -> None:
    assert words in refused(write(tmp_path, name, text))


def test_text_that_is_not_utf8_says_how_to_save_it(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", f"{HEADER}\nT-1,term,كازينو,gambling,REJECT\n", "windows-1256")
    assert "save it as CSV UTF-8" in refused(path)


def test_a_workbook_without_material_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    assert "holds no material file" in refused(tmp_path)
    Workbook().save(tmp_path / "m.xlsx")
    assert "has no sheet with material columns" in refused(tmp_path / "m.xlsx")
