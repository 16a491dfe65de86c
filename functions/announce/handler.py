"""Tells the event bus of ads that are stopped or released. Called with the verdicts table's stream."""

from typing import Any

from adsieve import bootstrap, events, observability


@observability.instrumented
def handler(event: dict[str, Any], context: Any, telemetry: observability.Telemetry) -> Any:
    """Announce every flip of the batch; where the bus does not take them the whole batch comes again."""
    del context
    flips = [flip for record in event["Records"] for flip in events.flips(record)]
    bootstrap.bus().announce(flips)
    telemetry.announced(flips)
