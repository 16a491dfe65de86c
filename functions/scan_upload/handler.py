"""Decides uploaded ads. Called with S3 events: in SQS messages, bare, or in EventBridge's shape."""

from collections.abc import Mapping
from typing import Any

from adsieve import bootstrap, events, observability


@observability.instrumented
def handler(event: dict[str, Any], context: Any, telemetry: observability.Telemetry) -> Any:
    """Decide the ad of every object in the event; messages that fail come back alone."""

    def one(message: Mapping[str, Any]) -> None:
        for uploaded in events.uploaded_objects(message):
            telemetry.decided(bootstrap.uploads().decide(uploaded.bucket, uploaded.key))

    telemetry.refreshed(bootstrap.refresh())
    return events.process(event, context, one, telemetry.failed)
