"""Stops material that hits far more than its tests said. Called by a schedule, every minute."""

from typing import Any

from adsieve import bootstrap, observability


@observability.instrumented
def handler(_event: dict[str, Any], _context: Any, telemetry: observability.Telemetry) -> Any:
    """Look at the last hour; what is stopped is counted, and that alarms."""
    telemetry.refreshed(bootstrap.refresh())
    return telemetry.tripped(bootstrap.breaker().check())
