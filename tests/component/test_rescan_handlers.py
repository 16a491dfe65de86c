"""Evidence kept, a package moved, ads planned, decided again and announced: the functions as Lambda calls them, over moto."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.types import TypeSerializer
from moto import mock_aws

from adsieve import bootstrap
from adsieve.adapters.dynamodb import DynamoVerdictStore
from adsieve.domain.errors import InvalidMessageError, UnavailableError
from adsieve.domain.material import Material
from adsieve.material.compile import compile_files, write_package
from functions.announce import handler as announce
from functions.archive import handler as archive
from functions.plan_rescan import handler as plan_rescan
from functions.rescan import handler as rescan
from functions.scan_upload import handler as scan_upload
from tests.builders import a_material, a_matrix, a_verdict
from tests.component.template_resources import create_resources
from tests.component.test_handlers import batch, failures
from tests.publishing import KEY


class Context(LambdaContext):
    """Only what Powertools and the handlers read."""

    def __init__(self, seconds: float = 900) -> None:
        self._aws_request_id = "request-1"
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override] # theirs knows no time
        return int(1000 * self._seconds)


def s3_event(bucket: str, key: str) -> dict[str, Any]:
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}}]}


class World:
    """The stack's resources, and a package that can be exchanged."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._monkeypatch = folder, monkeypatch
        self.names = create_resources("UploadsBucket", "EvidenceBucket", "VerdictsTable", "RescanQueue", "PlanQueue")
        self.s3, self.sqs = boto3.client("s3"), boto3.client("sqs")
        self.verdicts = DynamoVerdictStore(boto3.client("dynamodb"), self.names["VerdictsTable"])
        for variable, name in {
            "UPLOADS_BUCKET": "UploadsBucket",
            "EVIDENCE_BUCKET": "EvidenceBucket",
            "VERDICTS_TABLE": "VerdictsTable",
            "RESCAN_QUEUE": "RescanQueue",
            "PLAN_QUEUE": "PlanQueue",
        }.items():
            monkeypatch.setenv(f"ADSIEVE_{variable}", self.names[name])

    def ship(self, *materials: Material) -> None:
        """Deploy another package, to every function."""
        name = str(len(list(self._folder.iterdir())))
        write_package(compile_files(materials, a_matrix()), self._folder / name)
        self._monkeypatch.setenv("ADSIEVE_PACKAGE", str(self._folder / name))
        bootstrap.forget()

    def upload(self, ad_id: str, text: str) -> None:
        body = json.dumps({"ad_id": ad_id, "markets": ["SA"], "texts": {"headline": text}}).encode()
        self.s3.put_object(Bucket=self.names["UploadsBucket"], Key=f"ads/{ad_id}/ad.json", Body=body)
        scan_upload.handler(s3_event(self.names["UploadsBucket"], f"ads/{ad_id}/ad.json"), Context())

    def gather(self) -> list[str]:
        """Keep the evidence of every fingerprint; ids of the messages that come back."""
        listed = self.s3.list_objects_v2(Bucket=self.names["EvidenceBucket"], Prefix="fingerprints/")
        events = [s3_event(self.names["EvidenceBucket"], found["Key"]) for found in listed.get("Contents", [])]
        return failures(archive.handler(batch(*events, {"Event": "s3:TestEvent"}), Context()))

    def plan(self, seconds: float = 900) -> list[dict[str, Any]]:
        """Start the planner; the jobs that it queued."""
        assert failures(plan_rescan.handler(batch({"detail-type": "Object Created"}), Context(seconds))) == []
        return self.jobs()

    def jobs(self) -> list[dict[str, Any]]:
        told = self.sqs.receive_message(QueueUrl=self.names["RescanQueue"], MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in told.get("Messages", [])]

    def decisions(self, ad_id: str) -> list[tuple[object, object]]:
        return [(told["decision"], told["cause"]) for told in self.verdicts.history(ad_id)]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "adsieve")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "adsieve")
    with mock_aws():
        yield World(tmp_path, monkeypatch)
    bootstrap.forget()


CASINO, POKER = a_material(id="A", value="casino"), a_material(id="B", value="poker")


def test_a_batch_of_messages_is_one_look_and_a_look_that_fails_is_taken_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.ship(CASINO)
    looks: list[None] = []

    class Plans:
        def plan(self, _: object) -> tuple[None, None]:
            looks.append(None)
            if len(looks) == 1:
                raise UnavailableError("the bucket did not answer")
            return None, None

    events = batch(*[{"detail-type": "Object Created"}] * 5)
    with monkeypatch.context() as patched:
        patched.setattr(bootstrap, "plans", Plans)
        assert len(failures(plan_rescan.handler(events, Context()))) == 1
    assert len(looks) == 2


def test_without_the_package_of_before_all_are_decided_again_and_only_what_differs_is_recorded(world: World) -> None:
    world.ship(CASINO)
    for number, text in enumerate(["casino", "poker", "garden"]):
        world.upload(f"ad-{number}", text)
    world.gather()
    world.ship(POKER)
    jobs = world.plan()
    assert [job["ad_id"] for job in jobs] == ["ad-0", "ad-1", "ad-2"]
    assert failures(rescan.handler(batch(*jobs, *jobs), Context())) == []
    assert world.decisions("ad-0") == [("REJECT", "upload"), ("PASS", "rescan")]
    assert world.decisions("ad-1") == [("PASS", "upload"), ("REJECT", "rescan")]
    assert world.decisions("ad-2") == [("PASS", "upload")]
    (_, told) = world.verdicts.history("ad-1")
    assert "re-scan" in str(told["notes"])
    assert told["supersedes"]


def test_an_ad_that_is_newer_than_its_job_is_left_alone(world: World) -> None:
    world.ship(CASINO)
    world.upload("ad-1", "casino")
    world.gather()
    world.ship(POKER)
    (job,) = world.plan()
    world.upload("ad-1", "poker")
    rescan.handler(batch(job), Context())
    assert world.decisions("ad-1") == [("REJECT", "upload"), ("REJECT", "upload")]


def test_a_planner_without_time_goes_on_at_its_next_call(world: World) -> None:
    world.ship(CASINO)
    world.upload("ad-1", "casino")
    world.gather()
    world.ship(POKER)
    assert world.plan(seconds=1) == []
    assert len(world.plan()) == 1
    assert world.plan() == []


def test_a_state_machine_gets_the_same_jobs_step_by_step(world: World) -> None:
    world.ship(CASINO)
    world.upload("ad-1", "casino")
    world.gather()
    world.ship(POKER)
    started = plan_rescan.handler({"task": "start"}, Context())
    for name in started["partitions"]:
        assert plan_rescan.handler({"task": "shard", "run": started["run"], "partition": name}, Context())["found"] == 1
    assert plan_rescan.handler({"task": "queue", "run": started["run"]}, Context())["done"]
    assert [job["ad_id"] for job in world.jobs()] == ["ad-1"]
    assert plan_rescan.handler({"task": "start"}, Context()) == {"run": None, "partitions": []}
    with pytest.raises(InvalidMessageError):
        plan_rescan.handler({"task": "other"}, Context())


def test_evidence_of_an_ad_without_a_verdict_comes_back_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    world.ship(CASINO)
    world.upload("ad-1", "casino")
    world.s3.put_object(Bucket=world.names["EvidenceBucket"], Key=f"fingerprints/ad-0/{'0' * 64}.json.gz", Body=b"")
    assert world.gather() == ["m1"]
    assert failures(archive.handler(batch("{"), Context())) == ["m1"]
    asked = world.sqs.receive_message(QueueUrl=world.names["PlanQueue"])["Messages"]
    assert len(asked) == 1


def stream_record(before: dict[str, str], after: dict[str, str], sk: str = "META") -> dict[str, Any]:
    def image(markets: dict[str, str]) -> dict[str, Any]:
        told = a_verdict().to_dict()
        told["markets"] = {market: {"decision": decision, "policies": []} for market, decision in markets.items()}
        return {name: TypeSerializer().serialize(value) for name, value in told.items()}

    keys = {"pk": {"S": "AD#ad-1"}, "sk": {"S": sk}}
    return {"eventName": "MODIFY", "dynamodb": {"Keys": keys, "OldImage": image(before), "NewImage": image(after)}}


def test_ads_that_are_stopped_and_released_are_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "adsieve")
    monkeypatch.setenv("ADSIEVE_EVENT_BUS", "default")
    with mock_aws():
        queue = boto3.client("sqs").create_queue(QueueName="heard")["QueueUrl"]
        arn = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
        bus = boto3.client("events")
        bus.put_rule(Name="all", EventPattern=json.dumps({"source": ["adsieve"]}))
        bus.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": arn["QueueArn"]}])
        bootstrap.forget()
        records = [
            stream_record({"SA": "REJECT", "GB": "PASS"}, {"SA": "PASS", "GB": "REJECT"}),
            stream_record({"SA": "REJECT"}, {"SA": "REJECT"}),
            stream_record({"SA": "PASS"}, {"SA": "REJECT"}, sk="DEC#1"),
            {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "META"}}, "NewImage": {}}},
        ]
        announce.handler({"Records": records}, Context())
        told = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        bootstrap.forget()
    heard = [json.loads(message["Body"]) for message in told]
    assert {(one["detail-type"], tuple(one["detail"]["markets"])) for one in heard} == {
        ("Ad Stopped", ("GB",)),
        ("Ad Released", ("SA",)),
    }
    assert heard[0]["detail"]["ad_id"] == "ad-1"
    assert "AdsFlipped" in capsys.readouterr().out


def test_the_planner_follows_the_published_package_without_the_table_of_verdicts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its template gives it where a key is trusted: it may not write to that table."""
    monkeypatch.delenv("ADSIEVE_VERDICTS_TABLE")
    monkeypatch.setenv("ADSIEVE_PACKAGES_BUCKET", create_resources("MaterialBucket")["MaterialBucket"])
    monkeypatch.setenv("ADSIEVE_PUBLIC_KEY", KEY.public)
    world.ship()
    run, counts = bootstrap.plans().plan(lambda: 900.0)
    assert (run, counts) == (None, None)
