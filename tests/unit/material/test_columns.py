"""Rows survive being taken apart into columns."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsieve.domain.errors import PackageError
from adsieve.domain.material import Material
from adsieve.material.columns import ROWS, Columns, columns
from tests.builders import a_material
from tests.property.text_strategies import materials


def opened(listed: list[Material]) -> Columns:
    return Columns({name: memoryview(data) for name, data in columns(listed).items()})


@given(materials(), st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=4))
def test_every_row_reads_back(listed: list[Material], notes: list[str]) -> None:
    rows = sorted([*listed, *(a_material(id=f"N-{n}", note=note) for n, note in enumerate(notes))], key=lambda m: m.id)
    read = opened(rows)
    assert [Material.from_row(json.loads(read.line(n))) for n in range(len(read))] == rows


@given(materials())
def test_a_row_is_found_by_its_id(listed: list[Material]) -> None:
    rows = sorted({row.id: row for row in listed}.values(), key=lambda m: m.id)
    read = opened(rows)
    assert [read.row(row.id) for row in rows] == list(range(len(rows)))
    assert [read.row(name) for name in ("", "\U0010ffff", "not there")] == [None] * 3


def test_what_many_rows_share_is_kept_once() -> None:
    many = columns([a_material(id=f"T-{n:04}", value=f"word {n}") for n in range(1_000)])
    assert len(many["materials.others"]) < 200


def test_the_same_row_is_the_same_line_in_every_package() -> None:
    row = a_material(id="T-2", value='a "b" \\ \u202eج')
    alone, among = opened([row]), opened([a_material(id="T-1", value="other", note="x"), row])
    assert alone.line(0) == among.line(1)


@pytest.mark.parametrize(
    "damage", [lambda rows: rows[:-4], lambda rows: bytes(len(rows)), lambda rows: b"\xff" * len(rows)]
)
def test_columns_that_contradict_each_other_are_refused(damage: Callable[[bytes], bytes]) -> None:
    files = columns([a_material(id=f"T-{n}", value=f"word {n}") for n in range(3)])
    files[ROWS] = damage(files[ROWS])
    with pytest.raises(PackageError):
        Columns({name: memoryview(data) for name, data in files.items()})
