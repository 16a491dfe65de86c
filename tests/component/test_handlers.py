"""The handlers as Lambda calls them, over moto: events in, verdicts, responses, metrics and logs out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from adsieve import bootstrap
from adsieve.adapters.dynamodb import DynamoVerdictStore
from adsieve.adapters.dynamodb_hits import DynamoHitLog
from adsieve.adapters.keys import PublicKeys
from adsieve.adapters.memory_materials import MemoryMaterialRegistry
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.bootstrap import shared
from adsieve.domain import lifecycle
from adsieve.domain.audit import Change
from adsieve.domain.errors import InputError, InvalidMessageError, UnavailableError
from adsieve.domain.switches import Switch
from adsieve.material.compile import compile_files, write_package
from adsieve.service.publish import Publisher
from functions.rescan import handler as rescan
from functions.scan_upload import handler as scan_upload
from tests.builders import a_material, a_matrix
from tests.component.template_resources import create_resources
from tests.publishing import KEY

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

    def follow(self, monkeypatch: pytest.MonkeyPatch) -> tuple[Publisher, MemoryMaterialRegistry]:
        """Let the functions follow what is published; a publisher, and a registry to publish."""
        bucket = create_resources("MaterialBucket")["MaterialBucket"]
        monkeypatch.setenv("ADSIEVE_PACKAGES_BUCKET", bucket)
        monkeypatch.setenv("ADSIEVE_PUBLIC_KEY", KEY.public)
        monkeypatch.setattr(shared, "FETCHED", self.package.parent / "fetched")
        bootstrap.forget()
        store = S3PackageStore(self.s3, bucket)
        keys = PublicKeys.parse(KEY.public)
        return Publisher(store, KEY, keys, "publisher", lambda: datetime.now(UTC)), MemoryMaterialRegistry()

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
    markets: Any = verdict["markets"]
    assert {market: told["decision"] for market, told in markets.items()} == {"SA": "REJECT", "US": "PASS"}
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


def test_a_published_package_decides_and_a_kill_switch_undoes_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way over moto: bucket, key, pointer, the function's own polls."""
    publisher, registry = world.follow(monkeypatch)
    event = world.put("ads/ad-1/ad.json", an_ad(text="Best bingo"))
    scan(event)
    added = lifecycle.add(a_material(id="T-bingo", value="bingo"), "author", datetime.now(UTC), "a case")
    registry.append([Change(replace(added.head, material=a_material(id="T-bingo", value="bingo")), added.entry, None)])
    publisher.publish(registry, a_matrix(), "a test")
    bootstrap.forget()
    scan(event)
    publisher.turn_off([Switch.off("material:T-bingo", "on-call", "a test", datetime.now(UTC))])
    bootstrap.forget()
    scan(event)
    assert world.decisions("ad-1") == [("PASS", "upload"), ("REJECT", "upload"), ("PASS", "upload")]
    assert [told.get("switches") for told in world.verdicts.history("ad-1")] == [None, None, ["material:T-bingo=LOG"]]


def test_a_package_that_must_not_be_used_is_counted_and_verdicts_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher, registry = world.follow(monkeypatch)
    release = publisher.publish(registry, a_matrix(), "a test", force=True).release
    assert release is not None
    publisher.store.put(release.sha256, b"", b"no archive")
    assert failures(scan(batch(world.put("ads/ad-1/ad.json", an_ad())))) == []
    assert world.decisions("ad-1") == [("REJECT", "upload")], "the layer's package serves"
    counted = [line for line in world.metrics() if "PackageRejected" in line]
    assert [line["PackageRejected"] for line in counted] == [[1.0], [1.0]]
    assert [line.get("reason") for line in counted] == [None, "archive_damaged"]
    assert world.logs("package rejected")


def test_a_public_key_that_cannot_be_read_stops_no_verdict(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, registry = world.follow(monkeypatch)
    publisher.publish(registry, a_matrix(), "a test", force=True)
    monkeypatch.setenv("ADSIEVE_PUBLIC_KEY", "no key")
    scan(world.put("ads/ad-1/ad.json", an_ad()))
    assert world.decisions("ad-1") == [("REJECT", "upload")]
    assert [line["reason"] for line in world.metrics() if "reason" in line] == ["bad_key"]


def test_who_was_hit_by_what_is_noted(world: World) -> None:
    scan(world.put("ads/ad-1/ad.json", an_ad(advertiser_id="adv-1")))
    scan(world.put("ads/ad-2/ad.json", an_ad("ad-2", text="harmless")))
    log = DynamoHitLog(boto3.client("dynamodb"), world.names["VerdictsTable"])
    since = datetime.now(UTC) - timedelta(hours=1)
    assert [(hit.ad_id, hit.advertiser_id) for hit in log.hits("T-1", since)] == [("ad-1", "adv-1")]
