"""Logs and metrics of the functions, through Powertools. Ad text never appears in a log line.

Every metric also carries the dimension `service`, which Powertools adds and which has one value.

| metric | unit | dimensions | counts |
|---|---|---|---|
| AdsDecided | Count | decision, cause | verdicts recorded |
| AdsSkipped | Count | reason | requests that changed nothing: duplicate, stale, incomplete, newer |
| ScanSeconds | Seconds | cause | from upload (or start of re-scan) to the record |
| PartsNotScanned | Count | | parts of recorded verdicts that were not scanned |
| NoPackage | Count | | verdicts made without any package |
| PackagesPublished | Count | | packages put in force by the state machine |
| MaterialsStopped | Count | | materials that the breaker turned off |
| PackageRejected | Count | reason | polls that found a package or pointer which must not be used; also without `reason` |
| RescanAds | Count | step | stored ads that were behind, were matched to know, and are to be decided again |
| RescanSeconds | Seconds | | of processor time of one run's sieving |
| PartitionsWritten | Count | | partitions of evidence |
| AdsFlipped | Count | type | ads stopped and released |
| MarketsRejected | Count | market | recorded verdicts that reject there; `other` for markets that the matrix lacks |
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from adsieve.domain.decision import Decision
from adsieve.domain.verdict import SCANNED
from adsieve.ports import Outcome
from adsieve.service.decide import Decided

if TYPE_CHECKING:
    from adsieve.service.breaker import Trip
    from adsieve.service.feed import Refusal
    from adsieve.service.rescan.run import Counts, Run

MAX_VALUES = 99
"""Values of one metric in one EMF line: CloudWatch takes 100, at which Powertools would write the line by itself."""


class Telemetry:
    """Collects what one invocation did and writes it at the end: one EMF line for each set of dimensions."""

    def __init__(self) -> None:
        self.logger = Logger()
        self._values: dict[tuple[tuple[str, str], ...], dict[tuple[str, MetricUnit], list[float]]] = {}

    def decided(self, decided: Decided | None, missing: str = "incomplete") -> None:
        """Note a decision; None stands for an ad that is not there yet, or for another reason that `missing` names."""
        if decided is None or decided.outcome is not Outcome.RECORDED:
            self._add("AdsSkipped", 1, reason=missing if decided is None else str(decided.outcome))
            return
        verdict = decided.verdict
        unscanned = {part: status for part, status in verdict.completeness.items() if status != SCANNED}
        cause = str(verdict.cause)
        self._add("AdsDecided", 1, decision=str(verdict.decision), cause=cause)
        self._add("ScanSeconds", decided.seconds, MetricUnit.Seconds, cause=cause)
        self._add("PartsNotScanned", len(unscanned))
        self._add("NoPackage", int(verdict.package is None))
        for market, outcome in verdict.markets.items():
            if outcome.decision is Decision.REJECT:
                self._add("MarketsRejected", 1, market=market if outcome.in_matrix else "other")
        self.logger.info(
            "decided",
            ad_id=verdict.ad_id,
            decision=str(verdict.decision),
            cause=cause,
            materials=sorted({finding.material.id for finding in verdict.findings}),
            not_scanned=unscanned,
            package=verdict.package.version if verdict.package else None,
            seconds=round(decided.seconds, 3),
        )

    def refreshed(self, refusal: "Refusal | None") -> None:
        """Note what the look for a newer package came to; None: nothing is wrong."""
        self._add("PackageRejected", int(refusal is not None))
        if refusal:
            self._add("PackageRejected", 1, reason=refusal.reason)
            self.logger.error("package rejected", reason=refusal.reason, detail=refusal.detail)

    def published(self, task: str, done: dict[str, Any]) -> dict[str, Any]:
        """Note a step of a publication, and give it back."""
        self.logger.info("publishing", task=task, done=done)
        if task == "release":
            self._add("PackagesPublished", 1)
        return done

    def tripped(self, trips: "Sequence[Trip]") -> list[str]:
        """Note what the breaker stopped, also where that is nothing; gives the ids."""
        self._add("MaterialsStopped", len(trips))
        for trip in trips:
            self.logger.error(
                "material stopped",
                material=trip.count.material_id,
                why=trip.count.why,
                paused=trip.paused,
                held=len(trip.held),
            )
        return [trip.count.material_id for trip in trips]

    def planned(self, run: "Run | None", counts: "Counts | None" = None) -> None:
        """Note a run of the planner; None: nothing was behind."""
        if run is None:
            return
        if counts and run.done:
            for step, count in (("behind", counts.ads), ("matched", counts.candidates), ("queued", counts.found)):
                self._add("RescanAds", count, step=step)
            self._add("RescanSeconds", counts.seconds, MetricUnit.Seconds)
        told = run.to_dict() | {"partitions": len(run.partitions), "counts": counts and counts.to_dict()}
        self.logger.info("planned", **told)

    def archived(self, partitions: Sequence[str]) -> None:
        """Note partitions of evidence."""
        self._add("PartitionsWritten", len(partitions))

    def announced(self, flips: Sequence[Mapping[str, Any]]) -> None:
        """Note events about ads that are stopped or released."""
        for flip in flips:
            self._add("AdsFlipped", 1, type=flip["type"])

    def failed(self, error: Exception) -> None:
        """Note a message that will come back or end in the dead-letter queue, with its cause."""
        self.logger.error("failed", error=type(error).__name__, cause=str(error))

    def flush(self) -> None:
        """Write the EMF lines of everything noted since the last time."""
        for dimensions, metrics in self._values.items():
            emf = EphemeralMetrics()
            for dimension, named in dimensions:
                emf.add_dimension(dimension, named)
            for (name, unit), values in metrics.items():
                for value in values:
                    emf.add_metric(name, unit, value)
            emf.flush_metrics()
        self._values.clear()

    def _add(self, name: str, value: float, unit: MetricUnit = MetricUnit.Count, **dimensions: str) -> None:
        values = self._values.setdefault(tuple(dimensions.items()), {}).setdefault((name, unit), [])
        if unit is MetricUnit.Count and values:
            values[0] += value
        elif len(values) < MAX_VALUES:
            values.append(value)


type Handler[R] = Callable[[dict[str, Any], LambdaContext, Telemetry], R]


def instrumented[R](handler: Handler[R]) -> Callable[[dict[str, Any], LambdaContext], R]:
    """A Lambda handler with a Telemetry of its own, flushed whatever happens."""

    @functools.wraps(handler)
    def wrapper(event: dict[str, Any], context: LambdaContext) -> R:
        telemetry = Telemetry()
        telemetry.logger.append_keys(request_id=context.aws_request_id)
        try:
            return handler(event, context, telemetry)
        finally:
            telemetry.flush()

    return wrapper
