"""The tables of the text engine are what their script makes of the pinned Unicode data."""

from collections.abc import Callable

import pytest

from infra.tables import generate


@pytest.mark.parametrize(
    ("name", "make"),
    [("hanzi_data", generate.hanzi), ("sign_data", generate.signs), ("confusable_data", generate.confusables)],
)
def test_a_committed_table_is_what_the_script_writes(name: str, make: Callable[[], str]) -> None:
    committed = (generate.TEXT / f"{name}.py").read_text(encoding="utf-8")
    assert make() == committed
