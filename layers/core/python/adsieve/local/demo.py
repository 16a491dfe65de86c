"""The demonstration: sample ads go in, verdicts come out, and both are compared with what was expected."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adsieve.adapters.files import FileUpload, find_uploads
from adsieve.domain.errors import InputError, UnavailableError
from adsieve.local.build import Report
from adsieve.local.cloud import Cloud
from adsieve.local.deploy import answering
from adsieve.local.metrics import Metric, read_metrics, total
from adsieve.ports import Upload
from adsieve.service.extract import extract

STALLED_SECONDS = 60.0
LOG_SECONDS = 5.0
SHOWN = 5
_POLL_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Difference:
    """An ad whose verdict is not the expected one."""

    ad_id: str
    field: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What came of it.

    Attributes:
        verdicts: of every sample, in the samples' order, as the verdict contract's JSON.
        differences: from what was expected.
        metrics: what the functions emitted meanwhile.
        seconds: from the first upload to the last verdict.
    """

    verdicts: tuple[dict[str, Any], ...]
    differences: tuple[Difference, ...]
    metrics: tuple[Metric, ...]
    seconds: float


def demonstrate(cloud: Cloud, package_sha256: str, samples: Path, report: Report) -> Demonstration:
    """Upload the samples, wait for their verdicts and compare.

    Args:
        cloud: the deployed stack.
        package_sha256: the package that it must decide with.
        samples: folder with `ads/` and `expected.jsonl`.
        report: told how far it is.

    Raises:
        InputError: there are no samples, or a package is published, which decides otherwise.
        UnavailableError: verdicts stopped coming, or the local AWS was stopped.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    with answering(cloud.stack.endpoint):
        if cloud.packages.pointer():
            raise InputError(
                "a package is published here; the demo is of the layer's: first `adsieve local down --forget`"
            )
        uploads = upload_samples(cloud, samples / "ads", report)
        awaited = {ad_id: content_of(upload) for ad_id, upload in uploads.items()}
        found = await_verdicts(cloud, awaited, package_sha256, report)
        seconds = time.monotonic() - clock
        metrics = _metrics(cloud, started, len(awaited))
    expected = read_expected(samples / "expected.jsonl")
    return Demonstration(tuple(found.values()), tuple(differences(expected, found)), tuple(metrics), seconds)


def upload_samples(cloud: Cloud, folder: Path, report: Report) -> dict[str, Upload]:
    """Upload every ad of a folder; returns them by ad, as the functions see them."""
    uploads: dict[str, Upload] = {}
    for upload in find_uploads(folder):
        if isinstance(upload, FileUpload):
            uploads[upload.ad_id] = cloud.put_file(upload)
            report(f"uploading: {len(uploads)} ads")
    return uploads


def content_of(upload: Upload) -> str:
    """The digest that the verdict of an uploaded ad will carry."""
    fingerprint = extract(upload)
    if fingerprint is None:
        raise InputError(f"ad `{upload.ad_id}` was uploaded without its {upload.file}")
    return fingerprint.content_sha256


def await_verdicts(
    cloud: Cloud, awaited: Mapping[str, str], package_sha256: str, report: Report
) -> dict[str, dict[str, Any]]:
    """Wait until every ad's current verdict decides its content with that package.

    An ad that was decided so before is done at once: deciding it again is a duplicate by design.

    Raises:
        UnavailableError: a minute went by without any further verdict.
    """
    done: dict[str, dict[str, Any]] = {}
    last = time.monotonic()
    while len(done) < len(awaited):
        before = len(done)
        done = {
            ad_id: verdict
            for ad_id, verdict in cloud.current().items()
            if verdict["content_sha256"] == awaited.get(ad_id)
            and (verdict["package"] or {}).get("sha256") == package_sha256
        }
        report(f"waiting for verdicts: {len(done)} of {len(awaited)}")
        if len(done) > before:
            last = time.monotonic()
        elif time.monotonic() - last > STALLED_SECONDS:
            raise UnavailableError(_stalled(cloud, sorted(awaited.keys() - done.keys())))
        if len(done) < len(awaited):
            time.sleep(_POLL_SECONDS)
    return {ad_id: done[ad_id] for ad_id in awaited}


def read_expected(path: Path) -> list[dict[str, Any]]:
    """The expected verdicts, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def differences(expected: Iterable[Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]) -> list[Difference]:
    """Where verdicts are not as expected; an ad on one side only differs too."""
    lines = {line["ad_id"]: line for line in expected}
    differing = [Difference(ad_id, "verdict", "none", "one") for ad_id in found if ad_id not in lines]
    for ad_id, line in lines.items():
        told = _told(found[ad_id]) if ad_id in found else {"decision": None, "markets": None, "materials": None}
        differing += [
            Difference(ad_id, field, line[field], value) for field, value in told.items() if line[field] != value
        ]
    return differing


def _told(verdict: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "decision": verdict["decision"],
        "markets": {market: decided["decision"] for market, decided in verdict["markets"].items()},
        "materials": sorted({finding["material_id"] for finding in verdict["findings"]}),
    }


def _metrics(cloud: Cloud, since: datetime, ads: int) -> list[Metric]:
    """What was emitted; functions log at the end of a batch, a moment after the verdicts are there."""
    deadline = time.monotonic() + LOG_SECONDS
    while True:
        found = read_metrics(cloud.log_lines(since))
        if total(found, "AdsDecided", "AdsSkipped") >= ads or time.monotonic() > deadline:
            return found
        time.sleep(_POLL_SECONDS)


def _stalled(cloud: Cloud, missing: list[str]) -> str:
    waiting, dead = cloud.depth("ScanQueueUrl"), cloud.depth("ScanDeadLetterQueueUrl")
    shown = ", ".join(missing[:SHOWN]) + (", …" if len(missing) > SHOWN else "")
    return (
        f"{len(missing)} ads got no verdict in {STALLED_SECONDS:.0f} s ({shown}): {waiting} messages wait, "
        f"{dead} in the dead-letter queue; `adsieve local logs` tells why"
    )
