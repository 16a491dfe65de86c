"""The policy matrix as the package holds it: one canonical JSON file."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from adsieve.domain.decision import Effect
from adsieve.domain.policy import PolicyCell, PolicyMatrix

_DATES = ("retrieved", "review_by", "effective_from", "effective_to")


def matrix_to_json(matrix: PolicyMatrix) -> bytes:
    """The matrix as the package holds it: canonical, so that the same rules give the same bytes."""
    cells = [
        {key: _plain(value) for key, value in asdict(cell).items() if value not in (None, "", ())}
        for cell in matrix.cells
    ]
    groups = {market: sorted(names) for market, names in matrix.groups.items()}
    told = {"cells": sorted(cells, key=json.dumps), "markets": list(matrix.markets), "groups": groups}
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def matrix_from_json(data: bytes) -> PolicyMatrix:
    """Inverse of `matrix_to_json`; only ever called on verified bytes."""
    told: dict[str, Any] = json.loads(data)
    cells = []
    for row in told["cells"]:
        dates = {name: date.fromisoformat(row[name]) for name in _DATES if name in row}
        cells.append(
            PolicyCell(**{**row, **dates, "effect": Effect[row["effect"]], "requires": tuple(row.get("requires", ()))})
        )
    return PolicyMatrix(cells, {market: told["groups"][market] for market in told["markets"]})


def _plain(value: object) -> object:
    if isinstance(value, Effect):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
