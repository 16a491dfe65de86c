"""Brings stored ads to the package in force. Called when the pointer moved, when evidence came, and by the clock."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from adsieve import bootstrap, events, observability


@observability.instrumented
def handler(event: dict[str, Any], context: Any, telemetry: observability.Telemetry) -> Any:
    """Plan whatever is behind, whoever asked; or, with a `task`, one step of it for a state machine."""

    def seconds_left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000

    if "task" in event:
        task = events.rescan_task(event)
        return bootstrap.plans().step(task.name, task.run, task.partition, seconds_left)

    @cache
    def look() -> None:
        telemetry.planned(*bootstrap.plans().plan(seconds_left))

    def one(_: Mapping[str, Any]) -> None:
        look()  # once for all messages of a batch: they say that something happened, and all of it did before this look

    return events.process(event, context, one, telemetry.failed)
