"""The demonstration over a pretended cloud, and what counts as an expected verdict."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from adsieve.adapters.files import FileUpload
from adsieve.adapters.memory_packages import MemoryPackageStore
from adsieve.domain.errors import InputError, UnavailableError
from adsieve.local import demo
from adsieve.local.cloud import Cloud
from adsieve.local.demo import Difference, content_of, demonstrate, differences
from adsieve.local.deploy import Stack
from adsieve.service.extract import extract

LINE = {"ad_id": "ad-1", "decision": "REJECT", "markets": {"SA": "REJECT", "GB": "PASS"}, "materials": ["T-1"]}
PACKAGE = "p1"


def verdict(decision: str = "REJECT", britain: str = "PASS", materials: tuple[str, ...] = ("T-1",)) -> dict[str, Any]:
    return {
        "ad_id": "ad-1",
        "decision": decision,
        "markets": {"GB": {"decision": britain, "policies": []}, "SA": {"decision": "REJECT", "policies": []}},
        "findings": [{"material_id": material} for material in materials],
        "package": {"sha256": PACKAGE},
    }


class PretendedCloud(Cloud):
    """Decides an ad at the second look at the table; never, where `stuck`."""

    def __init__(self, *, stuck: bool = False, package: str | None = PACKAGE) -> None:
        self.stack = Stack("http://127.0.0.1:1", "CREATE_COMPLETE", {}, "", {})
        self._stuck = stuck
        self._package = package
        self._uploaded: list[FileUpload] = []
        self._packages = MemoryPackageStore()
        self._looks = 0

    @property
    def packages(self) -> MemoryPackageStore:
        return self._packages

    def put_file(self, upload: FileUpload) -> FileUpload:  # type: ignore[override] # a file stands for the object
        self._uploaded.append(upload)
        return upload

    def current(self) -> dict[str, dict[str, Any]]:
        self._looks += 1
        if self._stuck or self._looks == 1:
            return {}
        package = {"sha256": self._package} if self._package else None
        return {
            upload.ad_id: verdict() | {"content_sha256": content_of(upload), "package": package}
            for upload in self._uploaded
        }

    def depth(self, queue: str) -> int:
        return {"ScanQueueUrl": 3, "ScanDeadLetterQueueUrl": 4}[queue]

    def log_lines(self, since: datetime, functions: Iterable[str] = ()) -> Iterator[str]:
        assert since.tzinfo
        assert not functions
        directive = {"Dimensions": [["service"]], "Metrics": [{"Name": "AdsDecided", "Unit": "Count"}]}
        yield json.dumps({"_aws": {"CloudWatchMetrics": [directive]}, "service": "adsieve", "AdsDecided": [1.0]})


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_POLL_SECONDS", 0)
    monkeypatch.setattr(demo, "STALLED_SECONDS", 0.05)
    monkeypatch.setattr(demo, "LOG_SECONDS", 0)


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    (tmp_path / "ads" / "ad-1").mkdir(parents=True)
    (tmp_path / "ads" / "ad-1" / "ad.json").write_text('{"ad_id": "ad-1", "texts": {"headline": "casino"}}')
    (tmp_path / "expected.jsonl").write_text(json.dumps(LINE) + "\n\n")
    return tmp_path


def test_samples_are_uploaded_waited_for_compared_and_measured(samples: Path) -> None:
    steps: list[str] = []
    shown = demonstrate(PretendedCloud(), PACKAGE, samples, steps.append)
    assert [told["ad_id"] for told in shown.verdicts] == ["ad-1"]
    assert shown.differences == ()
    assert [(metric.name, metric.values) for metric in shown.metrics] == [("AdsDecided", (1.0,))]
    assert steps == ["uploading: 1 ads", "waiting for verdicts: 0 of 1", "waiting for verdicts: 1 of 1"]


@pytest.mark.parametrize(
    "cloud", [PretendedCloud(stuck=True), PretendedCloud(package=None), PretendedCloud(package="p0")]
)
def test_verdicts_that_stay_away_or_come_from_another_package_are_told_with_the_queues(
    samples: Path, cloud: PretendedCloud
) -> None:
    with pytest.raises(
        UnavailableError, match=r"1 ads got no verdict.*\(ad-1\): 3 messages wait, 4 in the dead-letter"
    ):
        demonstrate(cloud, PACKAGE, samples, lambda _: None)


def test_where_a_package_is_published_the_demo_says_what_to_do(samples: Path) -> None:
    cloud = PretendedCloud()
    cloud.packages.point(b"a pointer", None)
    with pytest.raises(InputError, match="local down --forget"):
        demonstrate(cloud, PACKAGE, samples, lambda _: None)


def test_an_upload_without_its_own_file_has_no_content(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ad `a` was uploaded without its ad.json"):
        content_of(FileUpload("a", tmp_path / "ad.json"))


def test_the_awaited_content_is_that_of_the_fingerprint(samples: Path) -> None:
    upload = FileUpload("ad-1", samples / "ads" / "ad-1" / "ad.json")
    fingerprint = extract(upload)
    assert fingerprint is not None
    assert content_of(upload) == fingerprint.content_sha256


def test_a_material_found_twice_counts_once() -> None:
    assert differences([LINE], {"ad-1": verdict(materials=("T-1", "T-1"))}) == []


@pytest.mark.parametrize(
    ("got", "field"),
    [
        (verdict(decision="REVIEW"), "decision"),
        (verdict(britain="LIMIT"), "markets"),
        (verdict(materials=()), "materials"),
        (verdict(materials=("T-1", "T-2")), "materials"),
    ],
)
def test_each_part_of_a_verdict_can_differ(got: dict[str, Any], field: str) -> None:
    assert [difference.field for difference in differences([LINE], {"ad-1": got})] == [field]


def test_an_expected_ad_without_a_verdict_differs_in_everything() -> None:
    assert [difference.got for difference in differences([LINE], {})] == [None, None, None]


def test_a_verdict_that_nobody_expected_differs() -> None:
    assert differences([], {"ad-1": verdict()}) == [Difference("ad-1", "verdict", "none", "one")]
