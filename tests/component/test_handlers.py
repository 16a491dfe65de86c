"""The handlers as Lambda calls them, over moto: events in, verdicts, responses, metrics and logs out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from adsieve import bootstrap
from adsieve.adapters.dynamodb import DynamoVerdictStore
from adsieve.domain.errors import InputError, InvalidMessageError, UnavailableError
from adsieve.material.compile import compile_files, write_package
from functions.rescan import handler as rescan
from functions.scan_upload import handler as scan_upload
from tests.builders import a_material, a_matrix
from tests.component.template_resources import create_resources

EVENTS = Path(__file__).parents[1] / "events"


class Context(LambdaContext):
    """Only what Powertools and the handlers read."""

    def __init__(self) -> None:
        self._aws_request_id = "request-1"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


class World:
    """The stack's resources, a package, and what the handlers wrote to standard output."""

    def __init__(self, package: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self.names = create_resources("UploadsBucket", "EvidenceBucket", "VerdictsTable")
        self.package = package
        self.s3 = boto3.client("s3")
        self.verdicts = DynamoVerdictStore(boto3.client("dynamodb"), self.names["VerdictsTable"])
        self._capsys = capsys
        self._caplog = caplog

    def put(self, key: str, body: bytes | dict[str, Any]) -> dict[str, Any]:
        """Upload an object; the S3 event that this causes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.s3.put_object(Bucket=self.names["UploadsBucket"], Key=key, Body=data)
        return self.event(key)

    def event(self, key: str) -> dict[str, Any]:
        event: dict[str, Any] = json.loads((EVENTS / "s3-put.json").read_text())
        event["Records"][0]["s3"]["bucket"]["name"] = self.names["UploadsBucket"]
        event["Records"][0]["s3"]["object"]["key"] = key
        return event

    def decisions(self, ad_id: str) -> list[tuple[object, object]]:
        return [(told["decision"], told["cause"]) for told in self.verdicts.history(ad_id)]

    def completeness(self, ad_id: str) -> Any:
        return list(self.verdicts.history(ad_id))[-1]["completeness"]

    def metrics(self) -> list[dict[str, Any]]:
        """EMF lines since the last look."""
        lines = (json.loads(line) for line in self._capsys.readouterr().out.splitlines() if line.startswith("{"))
        return [line for line in lines if "_aws" in line]

    def logs(self, message: str) -> list[dict[str, Any]]:
        """What was logged under this message."""
        return [vars(record) for record in self._caplog.records if record.getMessage() == message]


@pytest.fixture
def world(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[World]:
    write_package(compile_files([a_material()], a_matrix()), tmp_path / "package")
    with mock_aws():
        world = World(tmp_path / "package", capsys, caplog)
        monkeypatch.setenv("ADSIEVE_UPLOADS_BUCKET", world.names["UploadsBucket"])
        monkeypatch.setenv("ADSIEVE_EVIDENCE_BUCKET", world.names["EvidenceBucket"])
        monkeypatch.setenv("ADSIEVE_VERDICTS_TABLE", world.names["VerdictsTable"])
        monkeypatch.setenv("ADSIEVE_PACKAGE", str(world.package))
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "adsieve")
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "adsieve")
        bootstrap.forget()
        yield world
        bootstrap.forget()


def an_ad(ad_id: str = "ad-1", text: str = "Best casino", **fields: Any) -> dict[str, Any]:
    return {"ad_id": ad_id, "markets": ["SA", "US"], "texts": {"headline": text}, **fields}


def batch(*bodies: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "eventSource": "aws:sqs",
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for number, body in enumerate(bodies, 1)
        ]
    }


def scan(event: dict[str, Any]) -> Any:
    return scan_upload.handler(event, Context())


def failures(response: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def test_an_uploaded_ad_gets_a_verdict_a_market(world: World) -> None:
    assert failures(scan(batch(world.put("ads/ad-1/ad.json", an_ad())))) == []
    (verdict,) = world.verdicts.history("ad-1")
    assert verdict["decision"] == "REJECT"
    assert {market: told["decision"] for market, told in verdict["markets"].items()} == {"SA": "REJECT", "US": "PASS"}  # type: ignore[attr-defined]
    assert world.s3.list_objects_v2(Bucket=world.names["EvidenceBucket"])["KeyCount"] == 1


def test_all_three_shapes_of_event_are_understood(world: World) -> None:
    bare = world.put("ads/ad-1/ad.json", an_ad("ad-1"))
    assert scan(bare) is None
    world.put("ads/ad 2+ü.txt", b"casino")
    shaped = json.loads((EVENTS / "eventbridge-object-created.json").read_text())
    shaped["detail"]["bucket"]["name"] = world.names["UploadsBucket"]
    shaped["detail"]["object"]["key"] = "ads/ad 2+ü.txt"  # EventBridge does not encode
    scan(shaped)
    scan(batch(world.put("ads/ad-3/ad.json", an_ad("ad-3")), world.event("ads/ad+2%2B%C3%BC.txt")))
    assert world.decisions("ad-1") == world.decisions("ad-3") == [("REJECT", "upload")]
    assert len(world.decisions("ad 2+ü.txt")) == 1


def test_one_failing_message_comes_back_alone(world: World) -> None:
    good, other = world.put("ads/a/ad.json", an_ad("a")), world.put("ads/b/ad.json", an_ad("b"))
    elsewhere = world.event("ads/c/ad.json")
    elsewhere["Records"][0]["s3"]["bucket"]["name"] = "elsewhere"
    response = scan(batch(good, "not json", elsewhere, {"Records": [{}]}, other))
    assert failures(response) == ["m2", "m3", "m4"]
    assert world.decisions("a") == world.decisions("b") == [("REJECT", "upload")]
    causes = [line["cause"] for line in world.logs("failed")]
    assert causes[0].startswith("no JSON message")
    assert causes[1].startswith("event about bucket `elsewhere`")
    assert causes[2].startswith("no S3 event")


@pytest.mark.usefixtures("world")
def test_s3s_test_message_is_no_ad() -> None:
    assert failures(scan(json.loads((EVENTS / "sqs-s3-test-event.json").read_text()))) == []


def test_every_sample_event_is_accepted_in_shape(world: World) -> None:
    for name in ("s3-put", "sqs-s3", "eventbridge-object-created"):
        text = (EVENTS / f"{name}.json").read_text()
        bucket = json.loads(text)
        records = bucket.get("Records", [bucket])
        body = json.loads(records[0]["body"]) if "body" in records[0] else bucket
        named = body["detail"]["bucket"]["name"] if "detail" in body else body["Records"][0]["s3"]["bucket"]["name"]
        world.put("ads/ad-1001/ad.json", an_ad("ad-1001"))
        response = scan(json.loads(text.replace(named, world.names["UploadsBucket"])))
        assert not response or failures(response) == []
    assert len(world.decisions("ad-1001")) == 1


def test_a_redelivered_event_changes_nothing(world: World) -> None:
    event = batch(world.put("ads/ad-1/ad.json", an_ad()))
    scan(event)
    scan(event)
    metrics = world.metrics()
    assert len(world.decisions("ad-1")) == 1
    assert {line["reason"]: line["AdsSkipped"] for line in metrics if "AdsSkipped" in line} == {"duplicate": [1.0]}


def test_media_before_the_ad_decide_nothing_and_after_it_decide_again(world: World) -> None:
    scan(batch(world.put("ads/ad-1/clip.mp4", b"1")))
    assert world.decisions("ad-1") == []
    ad = world.put("ads/ad-1/ad.json", an_ad(text="hello", media=["clip.mp4", "late.jpg"]))
    scan(batch(ad))
    assert world.completeness("ad-1")["media/late.jpg"] == "failed: missing file"
    scan(batch(world.put("ads/ad-1/late.jpg", b"2")))
    assert world.completeness("ad-1")["media/late.jpg"] != "failed: missing file"
    assert len(world.decisions("ad-1")) == 2


@pytest.mark.parametrize(
    ("body", "part", "words"),
    [
        (b"{", "ad.json", "not JSON"),
        (b" " * 1_000_001, "ad.json", "1000001 bytes, at most"),
        ({"ad_id": "someone-else", "texts": {"h": "x"}}, "ad_id", "uploaded as `ad-1`"),
    ],
)
def test_a_file_that_is_no_ad_ends_in_review_with_its_cause(world: World, body: Any, part: str, words: str) -> None:
    assert failures(scan(batch(world.put("ads/ad-1/ad.json", body)))) == []
    assert world.decisions("ad-1") == [("REVIEW", "upload")]
    assert words in world.completeness("ad-1")[part]


@pytest.mark.parametrize("key", ["elsewhere/x.json", "ads/", "ads/ad-1/", "ads//ad.json"])
def test_objects_that_belong_to_no_ad_are_skipped(world: World, key: str) -> None:
    assert failures(scan(batch(world.event(key)))) == []


def test_metrics_have_few_dimensions_and_logs_no_ad_text(world: World) -> None:
    scan(batch(world.put("ads/ad-1/ad.json", an_ad(text="secretword casino"))))
    metrics = world.metrics()
    dimensions = {tuple(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) for line in metrics}
    assert dimensions <= {("decision", "cause", "service"), ("cause", "service"), ("market", "service"), ("service",)}
    values = {name: line[name] for line in metrics for name in line if name[0].isupper()}
    assert values["AdsDecided"] == [1.0]
    assert values["MarketsRejected"] == [1.0]
    assert 0 <= values["ScanSeconds"][0] < 60
    assert all(line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "adsieve" for line in metrics)
    (line,) = world.logs("decided")
    assert line["materials"] == ["T-1"]
    assert "secretword" not in str(line)


def test_a_missing_package_is_review_and_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIEVE_PACKAGE", "/nowhere")
    bootstrap.forget()
    scan(batch(world.put("ads/ad-1/ad.json", an_ad())))
    metrics = world.metrics()
    assert world.decisions("ad-1") == [("REVIEW", "upload")]
    assert [line["NoPackage"] for line in metrics if "NoPackage" in line] == [[1.0]]


@pytest.mark.usefixtures("world")
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADSIEVE_VERDICTS_TABLE")
    bootstrap.forget()
    with pytest.raises(InputError, match="ADSIEVE_VERDICTS_TABLE"):
        scan(json.loads((EVENTS / "s3-put.json").read_text()))


def test_a_store_that_is_gone_fails_the_message_so_that_it_comes_back(world: World) -> None:
    event = world.put("ads/ad-1/ad.json", an_ad())
    boto3.client("dynamodb").delete_table(TableName=world.names["VerdictsTable"])
    assert failures(scan(batch(event))) == ["m1"]
    with pytest.raises(UnavailableError):
        scan(event)


def test_a_rescan_decides_again_without_the_upload(world: World) -> None:
    scan(batch(world.put("ads/ad-1/ad.json", an_ad(text="poker"))))
    world.s3.delete_object(Bucket=world.names["UploadsBucket"], Key="ads/ad-1/ad.json")
    write_package(compile_files([a_material(value="poker")], a_matrix()), world.package)
    bootstrap.forget()
    job = {"schema": 1, "ad_id": "ad-1"}
    assert failures(rescan.handler(batch(job, job), Context())) == []
    assert world.decisions("ad-1") == [("PASS", "upload"), ("REJECT", "rescan")]
    assert rescan.handler(job, Context()) is None


@pytest.mark.parametrize(
    "job", [{"schema": 2, "ad_id": "ad-1"}, {"schema": 1}, {"ad_id": "x"}, {"schema": 1, "ad_id": ""}]
)
@pytest.mark.usefixtures("world")
def test_a_job_of_another_shape_is_refused_by_name(job: dict[str, Any]) -> None:
    assert failures(rescan.handler(batch(job), Context())) == ["m1"]
    with pytest.raises(InvalidMessageError, match=r"no re-scan job: (schema|ad_id)"):
        rescan.handler(job, Context())


def test_a_rescan_of_an_unknown_ad_fails_with_what_to_do(world: World) -> None:
    response = rescan.handler(batch({"schema": 1, "ad_id": "ad-9"}), Context())
    assert failures(response) == ["m1"]
    assert "upload it first" in world.logs("failed")[0]["cause"]
