"""What goes into a sheet comes out again, whatever the characters."""

import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adsieve.domain.decision import Action, State
from adsieve.domain.lifecycle import add
from adsieve.domain.material import EVERY_AD, Flag, Kind, Material
from adsieve.domain.registered import Registered, content
from adsieve.material.cells import fit, guard, join, unfit, unguard
from adsieve.material.export import export
from adsieve.material.rows import _split, parse_rows
from adsieve.material.source import read_rows
from tests.builders import NOON, a_material

NASTY = st.sampled_from(
    [*list("=+-@'|\\\t\r\n\x01\x0b\x85\u2028\u202e_x0041_,;\"&<>اب🎰\u200f"), "_x000D_", "'=", "\\|"]
)
TEXT = st.one_of(
    st.lists(NASTY, max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
).map(str.strip)
ITEMS = st.lists(TEXT.filter(bool), max_size=4, unique=True)


@given(TEXT)
def test_a_guarded_text_never_begins_as_a_formula_and_comes_back(text: str) -> None:
    assert not re.match(r"[=+\-@\t\r]", guard(text))
    assert unguard(guard(text)) == text


@given(TEXT)
def test_a_fitted_text_holds_nothing_that_xml_cannot_and_comes_back(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", fit(text))
    assert unfit(fit(text)) == text


@given(ITEMS)
def test_items_come_back_whatever_separators_they_hold(items: list[str]) -> None:
    assert [item for item in _split(join(items)) if item] == items


MATERIALS = st.builds(
    a_material,
    value=TEXT.filter(bool),
    note=TEXT,
    concept=TEXT,
    language=st.sampled_from(["", "ar", "en"]),
    unless=ITEMS.map(tuple),
    examples_hit=ITEMS.map(tuple),
    markets=st.sampled_from([(), ("SA",), ("GCC", "GB")]),
    flags=st.sampled_from([frozenset(), frozenset({Flag.PREFIX, Flag.CASE})]),
    action=st.sampled_from(Action),
    expires=st.dates() | st.none(),
)


def through(file: Path, material: Material, path: dict[str, Any] | None = None) -> tuple[Registered, Material, Any]:
    head = add(material, "amal", NOON, "a case").head
    export(file, [head], ["gambling"], lambda _: None, **(path or {}))
    ((where, row),) = read_rows(file)
    (back,) = parse_rows([(where, row)])
    return head, back, row


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(material=MATERIALS, ending=st.sampled_from(["xlsx", "csv", "jsonl"]))
def test_a_row_comes_back_from_every_format_unchanged(tmp_path: Path, material: Material, ending: str) -> None:
    head, back, row = through(tmp_path / f"m.{ending}", material)
    assert content(back) == content(head.material)
    assert (str(row["_version"]), row["_sha256"]) == ("1", head.sha256)
    assert back.state is State.DRAFT


@given(ad=st.text(max_size=20), material=st.text(max_size=20))
def test_widening_a_canary_never_takes_an_ad_out(ad: str, material: str) -> None:
    inside = [a_material(id=material, rollout=percent).in_bucket(ad) for percent in (0, 1, 10, 50, EVERY_AD)]
    assert inside == sorted(inside)
    assert (inside[0], inside[-1]) == (False, True)


def test_a_canary_decides_about_its_share_of_ads() -> None:
    ads = [f"ad-{number}" for number in range(20_000)]
    for percent in (1, 10, 50):
        material = a_material(rollout=percent, kind=Kind.TERM)
        share = sum(material.in_bucket(ad) for ad in ads) / len(ads)
        assert abs(share - percent / 100) < 0.01
