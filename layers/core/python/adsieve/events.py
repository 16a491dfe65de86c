"""What the functions are called with: S3 events in their three shapes, re-scan jobs, and batches of them."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adsieve.domain.errors import InvalidMessageError


class S3Object(BaseModel):
    """An object that was written, its key decoded."""

    model_config = ConfigDict(frozen=True)

    bucket: str = Field(min_length=1)
    key: str = Field(min_length=1)


class RescanJob(BaseModel):
    """A message on the re-scan queue: decide this ad again.

    `content_sha256` is the content that the job speaks of, `package` what it must be decided with or a later one, `run`
    and `materials` say why. All but the ad may be left out.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_version: Literal[1] = Field(alias="schema")
    ad_id: str = Field(min_length=1, max_length=1024)
    content_sha256: str = ""
    package: str = ""
    run: str = ""
    materials: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """What the verdict notes as the reason."""
        return f"re-scan {self.run}: {', '.join(self.materials) or 'everything'}" if self.run else ""


class PublishStep(BaseModel):
    """What the state machine of publishing asks for; a release names what was built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Literal["sweep", "build", "release"]
    sha256: str = Field(default="", pattern=r"[0-9a-f]*")


def uploaded_objects(body: Mapping[str, Any]) -> list[S3Object]:
    """The objects that an S3 event speaks of.

    Understood: S3's own event, EventBridge's `Object Created` (its keys are not encoded), and the test event that S3
    sends when a notification is set up, which speaks of none.

    Raises:
        InvalidMessageError: any other shape.
    """
    if body.get("Event") == "s3:TestEvent":
        return []
    try:
        if body.get("detail-type") == "Object Created":
            detail = body["detail"]
            return [S3Object(bucket=detail["bucket"]["name"], key=detail["object"]["key"])]
        return [
            S3Object(bucket=record["s3"]["bucket"]["name"], key=unquote_plus(record["s3"]["object"]["key"]))
            for record in body["Records"]
            if str(record["eventName"]).removeprefix("s3:").startswith("ObjectCreated:")
        ]
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        raise InvalidMessageError(f"no S3 event: {type(error).__name__}: {error}") from None


class RescanTask(BaseModel):
    """One step of a re-scan, as a state machine asks for it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Literal["start", "shard", "queue"] = Field(alias="task")
    run: str = ""
    partition: str = ""


def rescan_task(body: Mapping[str, Any]) -> RescanTask:
    """Read a step of a re-scan; raises InvalidMessageError for any other shape."""
    try:
        return RescanTask.model_validate(body)
    except ValidationError as error:
        raise InvalidMessageError(f"no re-scan task: {error.errors()[0]['msg']}") from None


def flips(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a record of the verdicts table's stream tells whoever runs ads.

    `Ad Stopped` where a market rejects that did not, `Ad Released` where one no longer does; a new ad is neither.
    """
    images = record["dynamodb"]
    if "OldImage" not in images or "NewImage" not in images or images["Keys"]["sk"].get("S") != "META":
        return []
    old, new = _plain(images["OldImage"]), _plain(images["NewImage"])
    was, now = _rejecting(old), _rejecting(new)
    told = {name: new.get(name) for name in ("ad_id", "decision", "cause", "package", "supersedes", "content_sha256")}
    told["materials"] = sorted({finding["material_id"] for verdict in (old, new) for finding in verdict["findings"]})
    changed = (("Ad Stopped", now - was), ("Ad Released", was - now))
    return [{"type": name, "detail": told | {"markets": sorted(markets)}} for name, markets in changed if markets]


def _plain(image: Mapping[str, Any]) -> dict[str, Any]:
    """A stored item without DynamoDB's types, as far as an event needs it."""
    from boto3.dynamodb.types import TypeDeserializer

    wanted = {"ad_id", "decision", "cause", "package", "supersedes", "content_sha256", "markets", "findings"}
    return {name: TypeDeserializer().deserialize(value) for name, value in image.items() if name in wanted}


def _rejecting(verdict: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(market for market, told in verdict["markets"].items() if told["decision"] == "REJECT")


def collect[T](
    event: Mapping[str, Any], read: Callable[[Mapping[str, Any]], T], failed: Callable[[Exception], None]
) -> tuple[dict[str, T], list[str]]:
    """What the messages of an SQS batch speak of, by message id, for whoever does them all at once.

    A message that cannot be read is told to `failed`; the ids of those are given too, see `failures`.
    """
    found: dict[str, T] = {}
    bad: list[str] = []
    for record in event["Records"]:
        try:
            found[record["messageId"]] = read(_message(record["body"]))
        except InvalidMessageError as error:
            failed(error)
            bad.append(record["messageId"])
    return found, bad


def failures(message_ids: Iterable[str]) -> PartialItemFailureResponse:
    """The answer that lets only these messages come back."""
    return {"batchItemFailures": [{"itemIdentifier": known} for known in message_ids]}


def rescan_job(body: Mapping[str, Any]) -> RescanJob:
    """Read a re-scan job; raises InvalidMessageError for any other shape or version."""
    try:
        return RescanJob.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "message"
        raise InvalidMessageError(f"no re-scan job: {where}: {first['msg']}") from None


def publish_step(event: Mapping[str, Any]) -> PublishStep:
    """Read what the state machine asks for; raises InvalidMessageError for any other shape."""
    try:
        return PublishStep.model_validate(event)
    except ValidationError as error:
        raise InvalidMessageError(f"no step of a publication: {error.errors()[0]['msg']}") from None


def process(
    event: Mapping[str, Any],
    context: LambdaContext,
    one: Callable[[Mapping[str, Any]], None],
    failed: Callable[[Exception], None],
) -> PartialItemFailureResponse | None:
    """Call `one` with each message of an SQS batch, or with the event itself where it is no batch.

    A message that fails is told to `failed` and reported as the batch's item failure, so that it alone comes back and
    in the end reaches the dead-letter queue. An event without a queue has nobody to come back from: its error is raised.
    """
    if not _is_batch(event):
        one(event)
        return None

    def record_handler(record: SQSRecord) -> None:
        try:
            one(_message(record.body))
        except Exception as error:
            failed(error)
            raise

    # A batch in which everything failed is still an answer, not an error: the queue does the retrying.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(dict(event), record_handler, processor, context)


def _is_batch(event: Mapping[str, Any]) -> bool:
    records = event.get("Records")
    return isinstance(records, list) and bool(records) and records[0].get("eventSource") == "aws:sqs"


def _message(body: str) -> Mapping[str, Any]:
    try:
        message = json.loads(body)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidMessageError(f"no JSON message: {error}") from None
    if not isinstance(message, dict):
        raise InvalidMessageError("no JSON message: want an object")
    return message
