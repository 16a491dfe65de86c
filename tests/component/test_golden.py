"""The golden ads: the real material, published through the real engine, decides every one of them as it must."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adsieve.cli.publish import read_golden
from adsieve.domain.decision import Action, State
from adsieve.domain.errors import PackageError
from adsieve.domain.material import Material
from adsieve.material.policies import load_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.service.golden import Golden
from adsieve.service.publish import Trial
from tests.publishing import Desk
from tests.samples.golden import write

FOLDER = material_folder()


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> list[Golden]:
    folder = tmp_path_factory.mktemp("golden")
    write(folder)
    return read_golden(folder)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, matrix=load_matrix(FOLDER))


def rows(change: Callable[[Material], Material] = lambda row: row) -> list[Material]:
    return [change(row) for row in load_materials([FOLDER])]


def test_there_are_enough_of_them(golden: list[Golden]) -> None:
    assert len(golden) >= 300
    assert len({str(line.expected["decision"]) for line in golden}) == 4


def test_the_real_material_decides_all_of_them_exactly(desk: Desk, golden: list[Golden]) -> None:
    desk.seed(*rows())
    assert desk.publish(trial=Trial(golden)).release


@pytest.mark.parametrize(
    "change",
    [
        lambda row: replace(row, action=Action.LOG) if row.id == "T-0001" else row,
        lambda row: replace(row, markets=("SA",)) if row.policy == "tobacco" else row,
        lambda row: replace(row, state=State.SHADOW) if row.language == "ar" else row,
    ],
    ids=["weaker", "narrower", "recorded only"],
)
def test_any_change_of_what_they_decide_is_noticed(
    desk: Desk, golden: list[Golden], change: Callable[[Material], Material]
) -> None:
    desk.seed(*rows(change))
    with pytest.raises(PackageError, match="golden"):
        desk.publish(trial=Trial(golden))
