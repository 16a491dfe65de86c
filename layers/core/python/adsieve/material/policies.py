"""The policy matrix as people keep it: `policies.csv` and `markets.csv`."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from adsieve.domain.decision import Effect
from adsieve.domain.errors import InvalidMaterialError, Problem
from adsieve.domain.policy import GLOBAL, REQUIREMENTS, PolicyCell, PolicyMatrix
from adsieve.material.source import read_csv

_REQUIRED = ("policy", "market", "effect", "source", "retrieved", "confidence", "review_by")
_DATES = ("retrieved", "review_by", "effective_from", "effective_to")


def material_folder() -> Path:
    """The material that comes with adsieve: inside an installed wheel, or `layers/material` of a checkout."""
    installed = Path(__file__).parents[1] / "_material"
    return installed if installed.is_dir() else Path(__file__).parents[4] / "material"


@cache
def default_matrix() -> PolicyMatrix:
    """The policy matrix that comes with adsieve, a demonstration and no legal advice."""
    return load_matrix(material_folder())


def load_matrix(folder: Path) -> PolicyMatrix:
    """Read `markets.csv` and `policies.csv` of a folder.

    Raises:
        InvalidMaterialError: with every problem of both files.
    """
    problems: list[Problem] = []
    groups = {row["market"].strip(): row.get("groups", "").split() for _, row in read_csv(folder / "markets.csv")}
    places = {GLOBAL, *groups, *(group for names in groups.values() for group in names)}
    cells = []
    for source, row in read_csv(folder / "policies.csv"):
        cell = _cell(source, row, places, problems)
        if cell is not None:
            cells.append(cell)
    if problems:
        raise InvalidMaterialError(problems)
    return PolicyMatrix(cells, groups)


def _cell(source: str, row: Mapping[str, str], places: set[str], problems: list[Problem]) -> PolicyCell | None:
    before = len(problems)
    texts = {name: (value or "").strip() for name, value in row.items()}
    problems += [Problem(source, name, "is empty", "fill it in") for name in _REQUIRED if not texts.get(name)]
    if texts.get("market") and texts["market"] not in places:
        problems.append(
            Problem(source, "market", f"`{texts['market']}` is no market or group of markets.csv", "add it there")
        )
    requires = tuple(word for word in texts.get("requires", "").split("|") if word)
    if unknown := set(requires) - REQUIREMENTS:
        known = ", ".join(sorted(REQUIREMENTS))
        problems.append(Problem(source, "requires", f"`{min(unknown)}` is no requirement", f"use {known}"))
    dates = {name: _date(source, name, texts.get(name, ""), problems) for name in _DATES}
    try:
        effect = Effect.parse(texts.get("effect", ""))
        confidence = int(texts.get("confidence") or 0)
        min_age = int(texts["min_age"]) if texts.get("min_age") else None
    except ValueError as error:
        problems.append(Problem(source, "", str(error), "effect is a word, confidence and min_age are numbers"))
    if len(problems) > before:
        return None
    return PolicyCell(
        policy=texts["policy"],
        market=texts["market"],
        effect=Effect(effect),
        source=texts["source"],
        confidence=confidence,
        min_age=min_age,
        requires=requires,
        note=texts.get("note", ""),
        basis=texts.get("basis", ""),
        **dates,  # type: ignore[arg-type]  # required ones were checked above
    )


def _date(source: str, name: str, text: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(Problem(source, name, f"`{text}` is no date", "use YYYY-MM-DD"))
        return None
