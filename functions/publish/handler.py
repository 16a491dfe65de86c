"""Keeps packages in step with the registry. Called by the state machine with `{"task": "sweep" | "build" | "release"}`."""

from typing import Any

from adsieve import bootstrap, events, observability


@observability.instrumented
def handler(event: dict[str, Any], _context: Any, telemetry: observability.Telemetry) -> Any:
    """Do one step; what it gives is what the state machine goes on with."""
    step = events.publish_step(event)
    return telemetry.published(step.task, bootstrap.publication().run(step.task, step.sha256))
