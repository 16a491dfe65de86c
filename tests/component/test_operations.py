"""The functions that nobody calls by hand, over moto: packages follow the registry, and the breaker stops a storm."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from adsieve import bootstrap
from adsieve.adapters.dynamodb_hits import DynamoHitLog
from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
from adsieve.adapters.keys import PublicKeys
from adsieve.adapters.kms import KmsSigner
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.adapters.s3_reports import S3Reports
from adsieve.bootstrap import shared
from adsieve.domain import lifecycle
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, InvalidMessageError, PackageError
from adsieve.domain.guards import SYSTEM
from adsieve.material.compile import compile_files, write_package
from adsieve.material.policies import default_matrix
from adsieve.ports import Hit
from adsieve.service.publish import Publisher
from functions.breaker import handler as breaker
from functions.publish import handler as publish
from tests.builders import a_material
from tests.component.template_resources import create_resources
from tests.component.test_handlers import Context
from tests.publishing import Clock, Desk, terms


class Operations:
    """The stack's resources, the people who use them, and the functions."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        names = create_resources("EvidenceBucket", "MaterialBucket", "VerdictsTable", "MaterialsTable")
        kms = boto3.client("kms")
        key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        signer = KmsSigner(kms, key)
        write_package(compile_files([a_material()], default_matrix()), tmp_path / "package")
        for name, value in (
            ("EVIDENCE_BUCKET", names["EvidenceBucket"]),
            ("MATERIALS_TABLE", names["MaterialsTable"]),
            ("PACKAGE", str(tmp_path / "package")),
            ("PACKAGES_BUCKET", names["MaterialBucket"]),
            ("PUBLIC_KEY", signer.public),
            ("SIGNING_KEY", key),
            ("VERDICTS_TABLE", names["VerdictsTable"]),
        ):
            monkeypatch.setenv(f"ADSIEVE_{name}", value)
        monkeypatch.setattr(shared, "FETCHED", tmp_path / "fetched")
        bootstrap.forget()
        self.s3, self.bucket, self.clock = boto3.client("s3"), names["MaterialBucket"], Clock(datetime.now(UTC))
        self.registry = DynamoMaterialRegistry(boto3.client("dynamodb"), names["MaterialsTable"])
        self.hits = DynamoHitLog(boto3.client("dynamodb"), names["VerdictsTable"])
        self.people = Desk(tmp_path, self.clock, registry=self.registry)
        store = S3PackageStore(self.s3, self.bucket)
        self.publisher = Publisher(store, signer, PublicKeys.parse(signer.public), "rana", self.clock)

    def first_package(self) -> None:
        self.people.activate(*terms("casino"))
        self.publisher.publish(self.registry, default_matrix(), "the first")

    def run(self, task: str, **told: str) -> Any:
        return publish.handler({"task": task, **told}, Context())

    def in_force(self) -> tuple[str, str] | None:
        release = self.publisher.pointer()[0].release
        return (release.version, release.by) if release else None

    def golden(self, decision: str) -> None:
        ad = {"ad_id": "g-1", "markets": ["SA"], "texts": {"headline": "fresh bread"}}
        expected = {"ad_id": "g-1", "decision": decision, "markets": {"SA": decision}, "materials": []}
        for name, line in (("ads", ad), ("expected", expected)):
            self.s3.put_object(Bucket=self.bucket, Key=f"golden/{name}.jsonl", Body=json.dumps(line).encode())


@pytest.fixture
def operations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operations]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "adsieve")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "adsieve")
    with mock_aws():
        yield Operations(tmp_path, monkeypatch)
    bootstrap.forget()


def test_packages_follow_the_registry_signed_by_the_key_in_kms(operations: Operations) -> None:
    operations.first_package()
    operations.golden("PASS")
    operations.people.activate(*terms("roulette", prefix="R"))
    assert operations.run("sweep") == {"swept": []}
    built = operations.run("build")
    assert operations.in_force() == ("1", "rana")
    assert operations.run("release", sha256=built["sha256"])["version"] == "2"
    assert operations.in_force() == ("2", SYSTEM)
    assert operations.run("build")["sha256"] is None


def test_golden_ads_of_the_bucket_stop_a_wrong_package(operations: Operations) -> None:
    operations.first_package()
    operations.golden("REJECT")
    operations.people.activate(*terms("roulette", prefix="R"))
    with pytest.raises(PackageError, match="golden"):
        operations.run("build")
    assert operations.in_force() == ("1", "rana")


def test_a_release_of_something_else_is_a_conflict_that_the_state_machine_knows(operations: Operations) -> None:
    operations.first_package()
    operations.people.activate(*terms("roulette", prefix="R"))
    with pytest.raises(ConflictError):
        operations.run("release", sha256="0" * 64)


@pytest.mark.parametrize("event", [{}, {"task": "drop"}, {"task": "build", "more": 1}])
def test_anything_else_is_refused(operations: Operations, event: dict[str, Any]) -> None:
    del operations
    with pytest.raises(InvalidMessageError):
        publish.handler(event, Context())


def test_the_breaker_stops_a_storm_and_pauses_its_cause(operations: Operations) -> None:
    operations.first_package()
    now = datetime.now(UTC)
    operations.hits.note([Hit("T-00000", f"ad-{number}", f"adv-{number}", now) for number in range(25)])
    assert breaker.handler({}, Context()) == ["T-00000"]
    (switch,) = operations.publisher.pointer()[0].switches
    assert (switch.key, switch.by) == ("material:T-00000", SYSTEM)
    head = operations.registry.get("T-00000")
    assert head
    assert head.material.state is State.PAUSED
    assert breaker.handler({}, Context()) == []


def test_what_was_projected_is_read_from_the_kept_reports(operations: Operations) -> None:
    operations.first_package()
    head = operations.registry.get("T-00000")
    assert head
    reports = S3Reports(operations.s3, operations.bucket)
    assert reports.projection(operations.registry, head) == 0
    reports.keep("tested", {"hits_an_hour": 7.5})
    assert reports.projection(operations.registry, head) == 7.5


def test_what_a_registry_was_seeded_with_projects_nothing(operations: Operations) -> None:
    operations.registry.append([lifecycle.seed(a_material(id="T-old"), "amal", datetime.now(UTC), "day one")])
    head = operations.registry.get("T-old")
    assert head
    assert S3Reports(operations.s3, operations.bucket).projection(operations.registry, head) is None
