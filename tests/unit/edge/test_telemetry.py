import json

import pytest

from adsieve.domain.decision import Decision
from adsieve.domain.verdict import MarketDecision
from adsieve.observability import MAX_VALUES, Telemetry
from adsieve.ports import Outcome
from adsieve.service.decide import Decided
from tests.builders import a_verdict


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "adsieve")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "adsieve")


def written(telemetry: Telemetry, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    telemetry.flush()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_market_that_only_an_ad_knows_makes_no_metric_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry()
    rejected = {"SA": MarketDecision(Decision.REJECT), "XX": MarketDecision(Decision.REJECT, in_matrix=False)}
    telemetry.decided(Decided(a_verdict(markets=rejected), Outcome.RECORDED, 0.1))
    assert {line["market"] for line in written(telemetry, capsys) if "market" in line} == {"SA", "other"}


def test_a_batch_is_one_line_a_set_of_dimensions(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry = Telemetry()
    for _ in range(MAX_VALUES + 20):
        telemetry.decided(Decided(a_verdict(), Outcome.RECORDED, 0.1))
    lines = written(telemetry, capsys)
    assert [line["AdsDecided"] for line in lines if "AdsDecided" in line] == [[MAX_VALUES + 20]]
    (seconds,) = [line["ScanSeconds"] for line in lines if "ScanSeconds" in line]
    assert isinstance(seconds, list)
    assert len(seconds) == MAX_VALUES
    assert written(telemetry, capsys) == []
