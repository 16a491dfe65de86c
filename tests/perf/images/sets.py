"""Which pictures and attacks chose the numbers in the matching, and which were held out.

A picture is named `drawn:7`, `template:2:5` (maker, layout, seed; see `innocents`) or by the path of a photo.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.perf.images.attacks import ATTACKS, Attack
from tests.perf.images.drawn import draw
from tests.perf.images.innocents import MAKERS
from tests.perf.images.unseen import UNSEEN

LAYOUTS, SEEDS = 4, 6


@dataclass(frozen=True, slots=True)
class Sets:
    """Names of pictures.

    Attributes:
        materials: everything that is known.
        development: materials whose attacked copies were looked at while numbers were chosen.
        held_out: materials whose attacked copies were not.
        clean: pictures of which no material shows anything.
        alike: pictures that look like a material and are not.
    """

    materials: list[str]
    development: list[str]
    held_out: list[str]
    clean: list[str]
    alike: list[str]


def sets(photos: list[Path], twins: Collection[str] = ()) -> Sets:
    """The sets of drawn pictures, and of photos where there are some; photos are dealt out in the order given.

    Photos of `twins` are no material: they show what another one does. Pictures that are clean stay, whatever is said of them.
    """
    shots = [str(photo) for photo in photos]
    known, unknown = shots[: len(shots) * 2 // 3], shots[len(shots) * 2 // 3 :]
    known = [shot for shot in known if shot not in twins]
    return Sets(
        materials=known
        + [f"drawn:{seed}" for seed in range(120)]
        + [f"{maker}:{layout}:0" for maker in MAKERS for layout in range(LAYOUTS)],
        development=known[:20] + [f"drawn:{seed}" for seed in range(30)],
        held_out=known[20:50] + [f"drawn:{seed}" for seed in range(60, 95)],
        clean=unknown + [f"drawn:{seed}" for seed in range(1000, 1300)],
        alike=[
            f"{maker}:{layout}:{1 + seed}" for maker in MAKERS for layout in range(LAYOUTS) for seed in range(SEEDS)
        ],
    )


def opened(name: str) -> Image.Image:
    """The picture of that name."""
    kind, *numbers = name.split(":")
    if kind == "drawn":
        return draw(int(numbers[0]))
    return MAKERS[kind](*map(int, numbers)) if kind in MAKERS else Image.open(name).convert("RGB")


def attacks_on(part: str) -> tuple[Attack, ...]:
    """The attacks that a part of the benchmark asks about."""
    return () if part in ("clean", "alike") else ATTACKS + UNSEEN
