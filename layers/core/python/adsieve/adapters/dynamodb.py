"""Verdicts in DynamoDB: one current item and one history item a verdict, written together or not at all.

| key | holds |
|---|---|
| `pk = AD#<ad_id>`, `sk = META` | the current verdict |
| `pk = AD#<ad_id>`, `sk = DEC#<verdict_id>` | every verdict; ids sort by time of scan |
"""

import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError
from adsieve.domain.verdict import Verdict
from adsieve.ports import CurrentVerdict, Outcome

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

ATTEMPTS = 6
"""Tries to place a verdict while others write the same ad; then the message goes back to its queue."""

_BOOKKEEPING = ("pk", "sk", "verdict_id", "modified", "scanned_order")


@dataclass(frozen=True, slots=True)
class DynamoVerdictStore:
    """See `VerdictStore`; the current item is replaced only if it is still the one that was read."""

    client: "DynamoDBClient"
    table: str

    def current(self, ad_id: str) -> CurrentVerdict | None:
        """See `VerdictStore.current`."""
        try:
            found = self.client.get_item(
                TableName=self.table, Key={"pk": {"S": f"AD#{ad_id}"}, "sk": {"S": "META"}}, ConsistentRead=True
            )
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.table}: {error}") from error
        return _current(found["Item"]) if "Item" in found else None

    def record(self, verdict: Verdict, modified: datetime) -> Outcome:
        """See `VerdictStore.record`."""
        for attempt in range(ATTEMPTS):
            present = self.current(verdict.ad_id)
            if present and present.newer_than(verdict, modified):
                return Outcome.STALE
            if present and present.same_decision(verdict):
                done = present.modified >= modified or self._touch(verdict.ad_id, present, modified)
            else:
                done = self._replace(verdict, present, modified)
            if done:
                return Outcome.DUPLICATE if present and present.same_decision(verdict) else Outcome.RECORDED
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, no secret
        raise UnavailableError(f"{self.table}: ad `{verdict.ad_id}` is being written by others")

    def history(self, ad_id: str) -> Iterator[dict[str, object]]:
        """See `VerdictStore.history`."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"AD#{ad_id}"}, ":sk": {"S": "DEC#"}},
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                yield verdict_of(item)

    def _replace(self, verdict: Verdict, present: CurrentVerdict | None, modified: datetime) -> bool:
        """Write both items; False where somebody else wrote first and the caller must look again."""
        written = CurrentVerdict.of(verdict, modified)
        told = verdict.superseding(present.verdict_id if present else None).to_dict()
        item = _to_item(told) | _to_item(
            {
                "pk": f"AD#{verdict.ad_id}",
                "verdict_id": written.verdict_id,
                "modified": _iso(modified),
                "scanned_order": _iso(verdict.scanned_at),
            }
        )
        history: PutTypeDef = {
            "TableName": self.table,
            "Item": item | {"sk": {"S": f"DEC#{written.verdict_id}"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        current: PutTypeDef = {
            "TableName": self.table,
            "Item": item | {"sk": {"S": "META"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if present:
            current["ConditionExpression"] = "verdict_id = :id"
            current["ExpressionAttributeValues"] = {":id": {"S": present.verdict_id}}
        try:
            self.client.transact_write_items(TransactItems=[{"Put": history}, {"Put": current}])
        except ClientError as error:
            return _lost_race(error, self.table)
        except BotoCoreError as error:
            raise UnavailableError(f"{self.table}: {error}") from error
        return True

    def _touch(self, ad_id: str, present: CurrentVerdict, modified: datetime) -> bool:
        """The same content was uploaded again: remember when, so that older events stay older."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key={"pk": {"S": f"AD#{ad_id}"}, "sk": {"S": "META"}},
                UpdateExpression="SET modified = :modified",
                ConditionExpression="verdict_id = :id",
                ExpressionAttributeValues={":modified": {"S": _iso(modified)}, ":id": {"S": present.verdict_id}},
            )
        except ClientError as error:
            return _lost_race(error, self.table)
        except BotoCoreError as error:
            raise UnavailableError(f"{self.table}: {error}") from error
        return True


def verdict_of(item: Mapping[str, Any]) -> dict[str, object]:
    """The contract's JSON of a stored item."""
    plain = {name: TypeDeserializer().deserialize(value) for name, value in item.items() if name not in _BOOKKEEPING}
    told: dict[str, object] = json.loads(json.dumps(plain, default=_number))
    return told


def _current(item: Mapping[str, Any]) -> CurrentVerdict:
    told = verdict_of(item)
    package = told["package"]
    return CurrentVerdict(
        verdict_id=item["verdict_id"]["S"],
        content_sha256=str(told["content_sha256"]),
        package_sha256=package["sha256"] if isinstance(package, dict) else None,
        engine=str(told["engine"]),
        modified=datetime.fromisoformat(item["modified"]["S"]),
        scanned_at=datetime.fromisoformat(item["scanned_order"]["S"]),
        switches=_names(told.get("switches")),
        told=told,
    )


def _names(told: object) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _lost_race(error: ClientError, table: str) -> bool:
    """False for a failed condition or a conflicting transaction; every other error is raised as unavailable."""
    code = error.response["Error"]["Code"]
    reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    races = {"ConditionalCheckFailed", "TransactionConflict"}
    if code in ("ConditionalCheckFailedException", "TransactionConflictException") or reasons & races:
        return False
    raise UnavailableError(f"{table}: {code}") from error


def _to_item(told: Mapping[str, Any]) -> dict[str, Any]:
    exact = json.loads(json.dumps(told), parse_float=Decimal)
    return {name: TypeSerializer().serialize(value) for name, value in exact.items()}


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} in a stored verdict")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
