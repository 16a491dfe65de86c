"""Keeps the evidence of decided ads in partitions. Called with many fingerprints at once, as S3 events in SQS messages."""

from collections.abc import Mapping
from typing import Any

from adsieve import bootstrap, events, observability


@observability.instrumented
def handler(event: dict[str, Any], context: Any, telemetry: observability.Telemetry) -> Any:
    """Write the partitions of one batch; ads that have no verdict yet come back alone."""
    del context

    def keys(message: Mapping[str, Any]) -> list[str]:
        return [stored.key for stored in events.uploaded_objects(message)]

    stored, unreadable = events.collect(event, keys, telemetry.failed)
    written, undecided = bootstrap.archives().keep(stored)
    telemetry.archived(written)
    return events.failures([*unreadable, *undecided])
