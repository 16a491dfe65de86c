"""Ads go in at one end of the real template, verdicts come out at the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from adsieve.local.cloud import Cloud
from adsieve.local.demo import Demonstration
from adsieve.local.metrics import total
from adsieve.material.compile import compile_files, write_package
from adsieve.material.policies import default_matrix
from adsieve.service.extract import MAX_AD_BYTES
from tests.builders import a_material
from tests.e2e.conftest import SAMPLES, verdict_of
from tests.waiting import eventually

pytestmark = pytest.mark.e2e


def test_every_sample_gets_the_verdict_that_is_expected_of_it(demonstration: Demonstration) -> None:
    assert len(demonstration.verdicts) > 100
    assert demonstration.differences == ()


def test_every_verdict_rests_on_a_fingerprint_and_stands_once_in_the_history(
    cloud: Cloud, demonstration: Demonstration
) -> None:
    for verdict in demonstration.verdicts:
        fingerprint = cloud.fingerprints.get(verdict["ad_id"], verdict["content_sha256"])
        assert fingerprint is not None
        assert fingerprint.ad.ad_id == verdict["ad_id"]
        assert [*cloud.verdicts.history(verdict["ad_id"])] == [verdict]


def test_functions_measure_every_verdict(demonstration: Demonstration) -> None:
    assert total(demonstration.metrics, "AdsDecided") >= len(demonstration.verdicts)
    assert total(demonstration.metrics, "NoPackage") == 0
    rejected = total(
        (each for each in demonstration.metrics if ("decision", "REJECT") in each.dimensions), "AdsDecided"
    )
    assert rejected == sum(verdict["decision"] == "REJECT" for verdict in demonstration.verdicts)


def test_the_same_content_uploaded_again_adds_no_history(cloud: Cloud) -> None:
    ad = {"ad_id": "again", "markets": ["SA"], "texts": {"headline": "casino tonight"}}
    cloud.put_ad("again", ad)
    first = verdict_of(cloud, "again")
    before = _modified(cloud, "again")

    def noticed() -> bool:
        cloud.put_ad("again", ad)
        return _modified(cloud, "again") > before

    eventually(noticed, "an upload of the same content in a later second")
    assert [*cloud.verdicts.history("again")] == [first]


def test_media_that_arrive_after_their_ad_bring_a_new_verdict(cloud: Cloud) -> None:
    ad = {"ad_id": "late-media", "texts": {"headline": "soap"}, "media": ["late.png"]}
    cloud.put_ad("late-media", ad)
    first = verdict_of(cloud, "late-media")
    assert first["completeness"]["media/late.png"] == "failed: missing file"
    picture = (SAMPLES / "ads" / "media-square" / "square.png").read_bytes()
    cloud.s3.put_object(Bucket=cloud.stack.outputs["UploadsBucketName"], Key="ads/late-media/late.png", Body=picture)
    second = eventually(lambda: [*cloud.verdicts.history("late-media")][1:], "a verdict with the picture")[0]
    assert second["completeness"] != first["completeness"]
    assert str(second["supersedes"]).startswith(str(first["scanned_at"]).removesuffix("Z"))


def test_files_that_are_no_ads_are_reviewed_and_say_why(cloud: Cloud) -> None:
    lines = [json.loads(line) for line in (SAMPLES / "hostile.jsonl").read_text().splitlines()]
    for line in lines:
        cloud.put_ad(line["ad_id"], (SAMPLES / "hostile" / line["ad_id"] / "ad.json").read_bytes())
    cloud.put_ad("oversized", b" " * (MAX_AD_BYTES + 1))
    for line in [*lines, {"ad_id": "oversized", "part": "ad.json", "cause_contains": f"at most {MAX_AD_BYTES}"}]:
        verdict = verdict_of(cloud, line["ad_id"])
        assert verdict["decision"] == "REVIEW"
        assert line["cause_contains"] in verdict["completeness"][line["part"]]


def test_a_rescan_with_another_package_supersedes_the_verdict(cloud: Cloud, tmp_path: Path) -> None:
    cloud.put_ad("rescanned", {"ad_id": "rescanned", "markets": ["SA"], "texts": {"headline": "harmless soap"}})
    first = verdict_of(cloud, "rescanned")
    assert first["decision"] == "PASS"
    package = tmp_path / "material"
    write_package(compile_files([a_material(value="soap")], default_matrix()), package)
    with _packaged(cloud, package):
        job = json.dumps({"schema": 1, "ad_id": "rescanned"})
        cloud.sqs.send_message(QueueUrl=cloud.stack.outputs["RescanQueueUrl"], MessageBody=job)
        second = eventually(lambda: [*cloud.verdicts.history("rescanned")][1:], "a verdict of the re-scan")[0]
    assert (second["decision"], second["cause"]) == ("REJECT", "rescan")
    assert second["content_sha256"] == first["content_sha256"]
    assert str(second["supersedes"]).startswith(str(first["scanned_at"]).removesuffix("Z"))


def _modified(cloud: Cloud, ad_id: str) -> datetime:
    current = cloud.verdicts.current(ad_id)
    assert current is not None
    return current.modified


@contextmanager
def _packaged(cloud: Cloud, package: Path) -> Iterator[None]:
    """Let the re-scan function work with another package."""
    functions, name = cloud.client("lambda"), cloud.stack.outputs["RescanFunctionName"]
    before = functions.get_function_configuration(FunctionName=name)["Environment"]
    after = {"Variables": before["Variables"] | {"ADSIEVE_PACKAGE": str(package)}}
    functions.update_function_configuration(FunctionName=name, Environment=after)
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment=before)
