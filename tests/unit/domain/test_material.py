from datetime import date

from adsieve.domain.decision import Action, State
from adsieve.domain.material import Flag, Kind, Material
from tests.builders import a_material


def test_a_row_reads_back_equal_but_for_where_it_came_from() -> None:
    material = a_material(
        kind=Kind.URL,
        flags=frozenset({Flag.CASE, Flag.PREFIX}),
        markets=("GCC", "GB"),
        unless=("كازينو رويال",),
        state=State.SHADOW,
        action=Action.ALLOW,
        expires=date(2027, 1, 1),
        radius=0,
    )
    assert Material.from_row(material.to_row()) == material
    assert "source" not in a_material(source="x.csv:1").to_row()


def test_defaults_are_left_out_of_the_row() -> None:
    assert a_material().to_row().keys() == {"id", "kind", "value", "policy", "action", "state"}
