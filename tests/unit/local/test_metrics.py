"""EMF lines, as Powertools writes them, become metrics."""

import json
from typing import Any

from adsieve.local.metrics import Metric, read_metrics, total


def emf(values: dict[str, Any], unit: str = "Count", **dimensions: str) -> str:
    directive = {
        "Namespace": "adsieve",
        "Dimensions": [[*dimensions, "service"]],
        "Metrics": [{"Name": name, "Unit": unit} for name in values],
    }
    told = {"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}, "service": "adsieve"}
    return json.dumps(told | dimensions | values)


def test_values_of_the_same_metric_and_dimensions_are_gathered_over_lines() -> None:
    lines = [emf({"AdsDecided": [2.0]}, decision="PASS"), emf({"AdsDecided": [3.0]}, decision="PASS")]
    assert read_metrics(lines) == [Metric("AdsDecided", "Count", (("decision", "PASS"),), (2.0, 3.0))]


def test_other_dimensions_are_another_metric() -> None:
    lines = [emf({"AdsDecided": 1.0}, decision="REJECT"), emf({"AdsDecided": 1.0}, decision="PASS")]
    assert [metric.dimensions for metric in read_metrics(lines)] == [(("decision", "PASS"),), (("decision", "REJECT"),)]


def test_lines_that_are_no_emf_are_passed_over() -> None:
    lines = ["START RequestId: 1", '{"level": "INFO"}', '"_aws" but no JSON', '["_aws"]', emf({"NoPackage": 0})]
    assert [metric.name for metric in read_metrics(lines)] == ["NoPackage"]


def test_a_total_adds_up_every_value_of_the_named_metrics() -> None:
    metrics = read_metrics([emf({"A": [1.0, 2.0]}, kind="x"), emf({"A": 4}, kind="y"), emf({"B": 8}), emf({"C": 16})])
    assert total(metrics, "A", "B") == 15
