"""Metrics out of log lines: CloudWatch makes them of EMF lines by itself, the local AWS leaves them in the log."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_EVERYWHERE = frozenset({"service"})
"""Dimensions that say nothing, as every line carries them."""


@dataclass(frozen=True, slots=True)
class Metric:
    """All values of one metric under one set of dimensions.

    Attributes:
        name, unit: as emitted.
        dimensions: (name, value) pairs, sorted.
        values: every value, in the order emitted.
    """

    name: str
    unit: str
    dimensions: tuple[tuple[str, str], ...]
    values: tuple[float, ...]


def read_metrics(lines: Iterable[str]) -> list[Metric]:
    """The metrics that log lines carry, sorted by name and dimensions; lines that are no EMF are passed over."""
    found: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[float]] = {}
    for line in lines:
        told = _decoded(line)
        for directive in told.get("_aws", {}).get("CloudWatchMetrics", []):
            for dimensions in directive["Dimensions"]:
                where = tuple(sorted((name, str(told[name])) for name in dimensions if name not in _EVERYWHERE))
                for metric in directive["Metrics"]:
                    value = told[metric["Name"]]
                    values = value if isinstance(value, list) else [value]
                    found.setdefault((metric["Name"], metric.get("Unit", "None"), where), []).extend(values)
    return [Metric(name, unit, where, tuple(values)) for (name, unit, where), values in sorted(found.items())]


def total(metrics: Iterable[Metric], *names: str) -> float:
    """Sum of every value of the named metrics."""
    return sum(sum(metric.values) for metric in metrics if metric.name in names)


def _decoded(line: str) -> Mapping[str, Any]:
    if '"_aws"' not in line:
        return {}
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
