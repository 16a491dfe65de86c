"""The built functions in Lambda's own runtime: they import, decide, isolate poison, and survive timeouts."""

import gzip
import json
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from adsieve.material.policies import default_matrix, material_folder
from adsieve.material.source import load_materials
from tests.builders import a_material
from tests.packaged.emulator import Emulator, Shipped, running
from tests.packaged.fake_aws import FakeAws
from tests.publishing import KEY as SIGNER
from tests.publishing import Desk
from tests.waiting import eventually

pytestmark = pytest.mark.packaged

TESTS = Path(__file__).parents[1]
BUCKET, EVIDENCE, TABLE, PACKAGES = "adsieve-uploadsbucket-example", "evidence", "verdicts", "packages-bucket"
KEY = f"{BUCKET}/ads/ad-1001/ad.json"
TIMEOUT, SHORT = 60, 10
BUDGET_MS = 350
RUNS = 5
type Start = Callable[..., Emulator]


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((TESTS / "events" / f"{name}.json").read_text())
    return found


def sample(name: str) -> bytes:
    """A sample ad under the id that the sample events speak of."""
    ad = json.loads((TESTS / "samples" / "ads" / name / "ad.json").read_text())
    return json.dumps(ad | {"ad_id": "ad-1001"}).encode()


@pytest.fixture
def start(shipped: dict[str, Shipped], sam: Path, serving_aws: FakeAws, tmp_path: Path) -> Iterator[Start]:
    """Starts an emulator around a function; it stops with the test."""
    with ExitStack() as stack:

        def started(function: str = "ScanUploadFunction", timeout: int = TIMEOUT, **variables: str) -> Emulator:
            told = {
                "AWS_ENDPOINT_URL": serving_aws.url,
                "ADSIEVE_UPLOADS_BUCKET": BUCKET,
                "ADSIEVE_EVIDENCE_BUCKET": EVIDENCE,
                "ADSIEVE_VERDICTS_TABLE": TABLE,
                "ADSIEVE_PACKAGE": str(shipped[function].material),
            }
            log = tmp_path / f"{function}.log"
            return stack.enter_context(running(shipped[function], sam, log, timeout, told | variables))

        yield started


def decision(aws: FakeAws) -> tuple[str, str]:
    """Decision and cause of the current verdict."""
    (current,) = (item for item in aws.items_of("ad-1001") if item["sk"]["S"] == "META")
    return current["decision"]["S"], current["cause"]["S"]


def metrics(emulator: Emulator) -> dict[str, float]:
    return {
        metric["Name"]: sum(line[metric["Name"]])
        for line in emulator.lines()
        for written in line.get("_aws", {}).get("CloudWatchMetrics", ())
        for metric in written["Metrics"]
    }


@pytest.mark.parametrize(("ad", "expected"), [("clean-en-bakery", "PASS"), ("gambling-unlicensed", "REJECT")])
def test_an_upload_is_decided_recorded_and_kept(aws: FakeAws, start: Start, ad: str, expected: str) -> None:
    aws.objects[KEY] = sample(ad)
    scan = start()

    assert scan.invoke(event("sqs-s3")) == {"batchItemFailures": []}

    assert decision(aws) == (expected, "upload")
    (fingerprint,) = (body for key, body in aws.objects.items() if key.startswith(f"{EVIDENCE}/fingerprints/ad-1001/"))
    assert json.loads(gzip.decompress(fingerprint))["ad"]["ad_id"] == "ad-1001"
    assert metrics(scan)["AdsDecided"] == 1
    assert metrics(scan)["NoPackage"] == 0


def test_a_published_package_is_fetched_verified_and_used(aws: FakeAws, start: Start, tmp_path: Path) -> None:
    """With nothing but the layers: what verifies signatures must have been shipped."""
    desk = Desk(tmp_path, matrix=default_matrix())
    desk.seed(*(row for row in load_materials([material_folder()]) if not row.sampled))
    desk.seed(a_material(id="T-new", value="bakery", markets=("SA",), examples_hit=("a bakery",)))
    desk.publish()
    (sha256,) = desk.store.archives
    aws.objects[f"{PACKAGES}/packages/{sha256}.zip"] = desk.store.archives[sha256]
    aws.objects[f"{PACKAGES}/packages/{sha256}.json"] = desk.store.manifests[sha256]
    assert desk.store.stored is not None
    aws.objects[f"{PACKAGES}/packages/current.json"] = desk.store.stored.data
    aws.objects[KEY] = json.dumps({"ad_id": "ad-1001", "markets": ["SA"], "texts": {"t": "a bakery"}}).encode()
    scan = start(ADSIEVE_PACKAGES_BUCKET=PACKAGES, ADSIEVE_PUBLIC_KEY=SIGNER.public, TMPDIR=str(tmp_path))

    assert scan.invoke(event("sqs-s3")) == {"batchItemFailures": []}

    assert metrics(scan)["PackageRejected"] == 0
    assert decision(aws) == ("REJECT", "upload")


@pytest.mark.parametrize("shape", ["s3-put", "eventbridge-object-created"])
def test_an_event_without_a_queue_is_understood(aws: FakeAws, start: Start, shape: str) -> None:
    aws.objects[KEY] = sample("clean-en-bakery")

    assert start().invoke(event(shape)) is None

    assert decision(aws) == ("PASS", "upload")


def test_poison_comes_back_alone(aws: FakeAws, start: Start) -> None:
    aws.objects[KEY] = sample("clean-en-bakery")
    poison = event("sqs-poison")

    answer = start().invoke(poison)

    assert answer == {"batchItemFailures": [{"itemIdentifier": poison["Records"][1]["messageId"]}]}
    assert decision(aws) == ("PASS", "upload")


def test_the_test_event_of_s3_is_no_upload(aws: FakeAws, start: Start) -> None:
    assert start().invoke(event("sqs-s3-test-event")) == {"batchItemFailures": []}

    assert (aws.objects, aws.items) == ({}, {})


def test_an_oversized_ad_goes_to_review_and_says_why(aws: FakeAws, start: Start) -> None:
    aws.objects[KEY] = json.dumps({"ad_id": "ad-1001", "texts": {"body": "x" * 2_000_000}}).encode()

    assert start().invoke(event("sqs-s3")) == {"batchItemFailures": []}

    assert decision(aws) == ("REVIEW", "upload")
    (current, *_) = aws.items_of("ad-1001")
    assert "at most 1000000 are read" in json.dumps(current["completeness"])


def test_without_a_package_ads_go_to_review_and_the_metric_tells(aws: FakeAws, start: Start, tmp_path: Path) -> None:
    aws.objects[KEY] = sample("clean-en-bakery")
    scan = start(ADSIEVE_PACKAGE=str(tmp_path / "nowhere"))

    assert scan.invoke(event("sqs-s3")) == {"batchItemFailures": []}

    assert decision(aws) == ("REVIEW", "upload")
    assert metrics(scan)["NoPackage"] == 1


def test_a_timeout_is_reported_and_the_next_batch_is_served(aws: FakeAws, start: Start) -> None:
    aws.objects[KEY] = sample("clean-en-bakery")
    aws.read_seconds = SHORT + 5
    scan = start(timeout=SHORT)

    assert scan.answer(event("sqs-s3")) == f"Task timed out after {SHORT}.00 seconds"
    assert aws.items_of("ad-1001") == []

    aws.read_seconds = 0

    def served() -> Any:
        """It starts anew, which a busy machine may not do in time either: the queue would send the batch again, too."""
        answer = scan.answer(event("sqs-s3"))
        return None if answer.startswith("Task timed out") else json.loads(answer)

    assert eventually(served, "an answer in time", seconds=120) == {"batchItemFailures": []}
    assert decision(aws) == ("PASS", "upload")


def test_a_stored_ad_is_decided_again_without_its_upload(aws: FakeAws, start: Start, tmp_path: Path) -> None:
    aws.objects[KEY] = sample("clean-en-bakery")
    start(ADSIEVE_PACKAGE=str(tmp_path / "nowhere")).invoke(event("sqs-s3"))
    del aws.objects[KEY]

    assert start("RescanFunction").invoke(event("sqs-rescan")) == {"batchItemFailures": []}

    assert decision(aws) == ("PASS", "rescan")


def test_an_ad_that_was_never_decided_cannot_be_decided_again(aws: FakeAws, start: Start) -> None:
    job = event("sqs-rescan")

    answer = start("RescanFunction").invoke(job)

    assert answer == {"batchItemFailures": [{"itemIdentifier": job["Records"][0]["messageId"]}]}
    assert aws.items == {}


@pytest.mark.parametrize(
    ("ad", "expected", "material"),
    [
        ("media-known-mirrored", "REVIEW", "I-0101"),
        ("media-known-spliced", "REJECT", "V-1201"),
        ("media-words-ar", "REJECT", "T-0102"),
    ],
)
def test_pictures_clips_and_words_in_them_are_found_with_the_layers_alone(
    aws: FakeAws, start: Start, ad: str, expected: str, material: str
) -> None:
    aws.objects[KEY] = sample(ad)
    for file in (TESTS / "samples" / "ads" / ad).iterdir():
        if file.suffix != ".json":
            aws.objects[f"{BUCKET}/ads/ad-1001/{file.name}"] = file.read_bytes()

    assert start().invoke(event("sqs-s3")) == {"batchItemFailures": []}

    assert decision(aws) == (expected, "upload")
    (current,) = (item for item in aws.items_of("ad-1001") if item["sk"]["S"] == "META")
    assert [finding["M"]["material_id"]["S"] for finding in current["findings"]["L"]] == [material]


@pytest.mark.parametrize("function", ["ScanUploadFunction", "RescanFunction"])
def test_a_handler_imports_with_its_artefacts_alone(
    shipped: dict[str, Shipped], sentences: list[str], record_property: Callable[[str, object], None], function: str
) -> None:
    """Also measures the import in fresh processes. The time is told, not judged: this machine may be busy."""
    code = "import time; start = time.perf_counter(); import handler; print(time.perf_counter() - start)"
    of = shipped[function]

    taken = [
        1000
        * float(subprocess.run([*of.python(), "-c", code], env=of.environ(), capture_output=True, check=True).stdout)
        for _ in range(RUNS)
    ]

    median = statistics.median(taken)
    record_property(f"cold_import_ms_{function}", round(median))
    sentences.append(
        f"cold import of {function}: median {median:.0f} ms of {RUNS}, best {min(taken):.0f} (budget {BUDGET_MS})"
    )
    assert len(taken) == RUNS
