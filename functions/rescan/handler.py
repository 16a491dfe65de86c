"""Decides stored ads again, from their fingerprints. Called with re-scan jobs in SQS messages, or with one bare."""

from collections.abc import Mapping
from typing import Any

from adsieve import bootstrap, events, observability


@observability.instrumented
def handler(event: dict[str, Any], context: Any, telemetry: observability.Telemetry) -> Any:
    """Decide the ad of every job; jobs that fail come back alone."""

    def one(message: Mapping[str, Any]) -> None:
        job = events.rescan_job(message)
        decided = bootstrap.rescans().decide(job.ad_id, job.content_sha256, job.package, job.because)
        telemetry.decided(decided, missing="newer")

    telemetry.refreshed(bootstrap.refresh())
    return events.process(event, context, one, telemetry.failed)
