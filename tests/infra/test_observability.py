"""Alarms and dashboard speak of the metrics that the functions write: each of them, and no other."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode

from adsieve.domain.decision import Decision
from adsieve.domain.verdict import MarketDecision
from adsieve.observability import Telemetry
from adsieve.ports import Outcome
from adsieve.service.decide import Decided
from adsieve.service.feed import Refusal
from adsieve.service.rescan.ports import Standing
from adsieve.service.rescan.run import Counts, Run
from tests.builders import TODAY, a_verdict

ROOT = Path(__file__).parents[2]
RESOURCES: Mapping[str, Any] = decode(str(ROOT / "infra" / "observability.yaml"))[0]["Resources"]
ALARMS: Mapping[str, Any] = {
    name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == "AWS::CloudWatch::Alarm"
}
NAMESPACE = "adsieve"
SEARCH = re.compile(r"SEARCH\('\{(\w+),([\w,]+)\} MetricName=\"(\w+)\"'")
type Metric = tuple[str, frozenset[str]]
"""A metric's name and the names of its dimensions."""


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> set[Metric]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "adsieve")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    telemetry = Telemetry()
    telemetry.decided(Decided(a_verdict(markets={"SA": MarketDecision(Decision.REJECT)}), Outcome.RECORDED, 0.1))
    telemetry.decided(None)
    telemetry.refreshed(Refusal("bad_signature", "a test"))
    telemetry.published("release", {})
    telemetry.tripped([])
    telemetry.planned(Run("1", Standing("p", "1", TODAY), "1", (), jobs=0), Counts())
    telemetry.archived(["p"])
    telemetry.announced([{"type": "Ad Stopped"}])
    telemetry.flush()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {
        (metric["Name"], frozenset(dimensions))
        for line in lines
        for blob in line.get("_aws", {}).get("CloudWatchMetrics", ())
        for metric in blob["Metrics"]
        for dimensions in blob["Dimensions"]
    }


@pytest.fixture
def dashboard() -> Mapping[str, Any]:
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    found: Mapping[str, Any] = json.loads(re.sub(r"\$\{[\w.:]+\}", "x", body))
    return found


def shown(dashboard: Mapping[str, Any]) -> Iterator[Metric]:
    for widget in dashboard["widgets"]:
        previous: list[str] = []
        for row in widget["properties"].get("metrics", ()):
            if search := SEARCH.match(row[0]["expression"]) if isinstance(row[0], dict) else None:
                assert search[1] == NAMESPACE
                yield search[3], frozenset(search[2].split(","))
            else:
                names = [part for part in row if isinstance(part, str)]
                if names[0] == "...":
                    names = previous[: len(previous) - len(names) + 1] + names[1:]
                previous = names
                if names[0] == NAMESPACE:
                    yield names[1], frozenset(names[2::2])


def test_alarms_watch_metrics_that_are_written(written: set[Metric]) -> None:
    watched = {
        (alarm["MetricName"], frozenset(dimension["Name"] for dimension in alarm["Dimensions"]))
        for alarm in ALARMS.values()
        if alarm["Namespace"] == NAMESPACE
    }

    assert watched
    assert watched <= written


def test_the_dashboard_shows_every_metric_that_is_written(written: set[Metric], dashboard: Mapping[str, Any]) -> None:
    assert set(shown(dashboard)) == written


def test_the_dashboard_shows_every_alarm() -> None:
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]

    assert [name for name in ALARMS if f"${{{name}.Arn}}" not in body] == []


def test_widgets_do_not_overlap(dashboard: Mapping[str, Any]) -> None:
    cells = [
        (x, y)
        for widget in dashboard["widgets"]
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_to_do_tells_somebody_and_rests_when_nothing_happens(name: str) -> None:
    alarm = ALARMS[name]

    assert len(alarm["AlarmDescription"]) > 30
    assert (
        alarm["AlarmActions"]
        == alarm["OKActions"]
        == {"Fn::If": ["Notifies", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    )
    assert alarm["TreatMissingData"] == "notBreaching"
