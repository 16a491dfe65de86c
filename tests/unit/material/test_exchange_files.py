"""Workbooks, and what operators hand in: formulas, drop-downs, direction, and zips that mean harm."""

import io
import stat
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from openpyxl import Workbook, load_workbook

from adsieve.domain.errors import InputError, InvalidMaterialError
from adsieve.domain.lifecycle import add
from adsieve.domain.material import Kind
from adsieve.domain.registered import Registered
from adsieve.domain.samples import sample_name
from adsieve.material.bundle import Bounds, open_bundle
from adsieve.material.export import export
from adsieve.material.rows import COLUMNS, parse_rows
from adsieve.material.source import load_materials, read_rows
from tests.builders import NOON, a_material


def head(**fields: Any) -> Registered:
    return add(a_material(**fields), "amal", NOON, "a case").head


def sheet(file: Path, *heads: Registered, **how: Any) -> Any:
    export(file, heads, ["gambling", "loans"], lambda _: None, **how)
    return load_workbook(file)["materials"]


def test_what_begins_as_a_formula_is_quoted_text(tmp_path: Path) -> None:
    made = sheet(tmp_path / "m.xlsx", head(value="=cmd|'/c calc'!A1", note="+1", owner="plain"))
    cells = {name: made.cell(2, COLUMNS.index(name) + 1) for name in ("value", "note", "owner")}
    assert [cell.data_type for cell in cells.values()] == ["s", "s", "s"]
    assert [bool(cell.quotePrefix) for cell in cells.values()] == [True, True, False]
    assert {cell.number_format for cell in cells.values()} == {"@"}
    export(tmp_path / "m.csv", [head(value="=1+1")], [], lambda _: None)
    assert ",'=1+1," in (tmp_path / "m.csv").read_text(encoding="utf-8-sig")


def test_a_cell_that_computes_is_refused_by_row_and_column(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["kind", "value", "policy", "action", "note"])
    page.append(["term", "=A1&B1", "gambling", "REVIEW", ""])
    page.append(["term", "casino", "gambling", "REVIEW", "=NOW()"])
    book.save(tmp_path / "m.xlsx")
    with pytest.raises(InvalidMaterialError) as refused:
        load_materials([tmp_path / "m.xlsx"])
    assert [(problem.source, problem.column) for problem in refused.value.problems] == [
        ("m.xlsx!Sheet:2", "value"),
        ("m.xlsx!Sheet:3", "note"),
    ]


def test_the_workbook_has_drop_downs_and_hides_its_bookkeeping(tmp_path: Path) -> None:
    made = sheet(tmp_path / "m.xlsx", head())
    choices = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in made.data_validations.dataValidation}
    assert choices == {"B2": "lists!$A$1:$A$6", "F2": "lists!$B$1:$B$5", "E2": "lists!$C$1:$C$2", "J2": "TRUE"}
    book = load_workbook(tmp_path / "m.xlsx")
    assert [cell.value for cell in book["lists"]["C"]][:2] == ["gambling", "loans"]
    assert book["lists"].sheet_state == "hidden"
    assert made.column_dimensions["S"].hidden
    assert made.column_dimensions["T"].hidden
    assert made.freeze_panes == "D2"


@pytest.mark.parametrize(
    ("language", "how", "expected"), [("ar", {}, True), ("en", {}, False), ("en", {"rtl": True}, True)]
)
def test_the_sheet_runs_as_its_language_reads(
    tmp_path: Path, language: str, how: dict[str, bool], expected: bool
) -> None:
    assert bool(sheet(tmp_path / "m.xlsx", head(language=language), **how).sheet_view.rightToLeft) is expected


def test_a_template_without_rows_is_filled_and_read(tmp_path: Path) -> None:
    sheet(tmp_path / "m.xlsx")
    book = load_workbook(tmp_path / "m.xlsx")
    for column, text in {"B": "term", "C": "كازينو", "E": "gambling", "F": "REVIEW"}.items():
        book["materials"][f"{column}2"] = text
    book.save(tmp_path / "filled.xlsx")
    (material,) = load_materials([tmp_path / "filled.xlsx"])
    assert (material.value, material.kind) == ("كازينو", Kind.TERM)


def test_a_text_longer_than_a_cell_names_row_and_column_and_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").write_bytes(b"old")
    with pytest.raises(InputError, match=r"T-1: `note` .* \.jsonl"):
        sheet(tmp_path / "m.xlsx", head(note="\x0b" * 4700))
    assert (tmp_path / "m.xlsx").read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["m.xlsx"]


def test_samples_travel_in_a_zip(tmp_path: Path) -> None:
    name = sample_name("a.png", b"picture")
    picture = head(kind=Kind.IMAGE, value=f"media/{name}")
    for file in (tmp_path / "a.zip", tmp_path / "b.zip"):
        export(file, [picture], ["gambling"], {name: b"picture"}.get)
    with open_bundle(tmp_path / "a.zip") as bundle:
        found = bundle.sample(f"media/{name}")
        assert found is not None
        assert found.read_bytes() == b"picture"
        assert [row["value"] for _, row in read_rows(bundle.sheet)] == [f"media/{name}"]
        root = bundle.root
    assert not root.exists()


def zipped(file: Path, entries: dict[str, bytes], link: str = "") -> Path:
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        packed.writestr("m.csv", "kind,value,policy,action\nimage,a.png,gambling,REVIEW\n")
        for name, data in entries.items():
            packed.writestr(name, data)
        if link:
            entry = ZipInfo(link)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(entry, "/etc/passwd")
    return file


@pytest.mark.parametrize(
    ("entries", "link", "words"),
    [
        ({"../a.png": b"x"}, "", "leaves the folder"),
        ({"/a.png": b"x"}, "", "leaves the folder"),
        ({"c:a.png": b"x"}, "", "leaves the folder"),
        ({"x\\..\\a.png": b"x"}, "", "leaves the folder"),
        ({}, "a.png", "is a link"),
        ({"a.png": bytes(5000)}, "", "at most 4,000"),
        ({"a.png": b"ab" * 1000, "b.png": b"cd" * 1900, "c.png": b"ef" * 1900}, "", "at most 9,000"),
        ({"a.png": bytes(3000)}, "", "far more than it is packed in"),
        ({f"{number}.png": b"x" for number in range(10)}, "", "11 entries"),
        ({"a.png": b"x", "A.PNG": b"y"}, "", "stands twice"),
        ({"second.csv": b"x"}, "", "2 sheets"),
    ],
)
def test_a_zip_that_means_harm_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: dict[str, bytes], link: str, words: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = zipped(tmp_path / "m.zip", entries, link)
    bounds = Bounds(entries=10, file=4000, total=9000, ratio=100, small=2500)
    with pytest.raises(InvalidMaterialError, match=words), open_bundle(file, bounds):
        pytest.fail("opened")
    assert [left.name for left in tmp_path.iterdir()] == ["m.zip"]


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {"a.png": bytes(100_000)})
    data = file.read_bytes()
    told = (100_000).to_bytes(4, "little")
    file.write_bytes(data.replace(told, (10).to_bytes(4, "little")))
    with pytest.raises(InvalidMaterialError, match="cannot be unpacked"), open_bundle(file):
        pytest.fail("opened")


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet(tmp_path / "m.xlsx", head())
    monkeypatch.setattr("adsieve.material.workbook.MAX_UNPACKED", 1000)
    with pytest.raises(InvalidMaterialError, match="unpacks to"):
        list(read_rows(tmp_path / "m.xlsx"))


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/passwd", "link.png", "folder", "missing.png", "out/secret.png"]
)
def test_only_plain_files_beside_the_sheet_are_samples(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    inside = tmp_path / "in"
    (inside / "folder").mkdir(parents=True)
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    (inside / "out").symlink_to(tmp_path)
    (inside / "a.png").write_bytes(b"x")
    (inside / "m.csv").write_text("kind,value,policy,action\n")
    with open_bundle(inside / "m.csv") as bundle:
        assert bundle.sample("a.png") == inside / "a.png"
        assert bundle.sample(path) is None


def test_what_is_no_material_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.docx").write_bytes(b"x")
    (tmp_path / "m.zip").write_bytes(b"x")
    for name, words in (("m.docx", "no material file"), ("m.zip", "cannot be unpacked"), ("x.csv", "does not exist")):
        with pytest.raises(InvalidMaterialError, match=words), open_bundle(tmp_path / name):
            pytest.fail("opened")


def test_a_jsonl_line_may_hold_unicode_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text('{"kind":"term","value":"a\u2028b\x85c","policy":"gambling","action":"LOG"}\n', encoding="utf-8")
    assert [row["value"] for _, row in read_rows(file)] == ["a\u2028b\x85c"]


def test_a_formula_in_a_list_or_date_is_refused_too() -> None:
    from adsieve.material.rows import Formula

    row = {"kind": "term", "value": "a", "policy": "gambling", "action": "LOG"}
    with pytest.raises(InvalidMaterialError) as refused:
        parse_rows([("m:2", row | {"unless": Formula("=A1"), "expires": Formula("=TODAY()")})])
    assert {problem.column for problem in refused.value.problems} == {"unless", "expires"}


def test_a_workbook_written_to_memory_is_the_same(tmp_path: Path) -> None:
    from adsieve.material.workbook import write_workbook

    book = io.BytesIO()
    write_workbook(book, [{"id": "T-1", "value": "x"}], ["gambling"], rtl=False)
    (tmp_path / "m.xlsx").write_bytes(book.getvalue())
    assert [row["id"] for _, row in read_rows(tmp_path / "m.xlsx")] == ["T-1"]
