"""The material registry in DynamoDB.

| key | holds |
|---|---|
| `pk = MAT#<id>`, `sk = META` | the head; indexed by `in_state` and by `concept` |
| `pk = MAT#<id>`, `sk = V#<number>` | a version, never written twice |
| `pk = MAT#<id>`, `sk = T#<number>` | an audit entry, never written twice |
| `pk = BATCH`, `sk = <id>` | a note about an import |
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.adapters.material_items import (
    Item,
    batch_item,
    entry_item,
    key_of,
    puts,
    read_batch,
    read_entry,
    read_head,
    read_record,
    read_version,
)
from adsieve.domain.audit import AuditEntry, Batch, Change, Event
from adsieve.domain.canonical import canonical
from adsieve.domain.decision import State
from adsieve.domain.errors import ConflictError, TransitionError, UnavailableError
from adsieve.domain.registered import Registered, Version
from adsieve.material_ports import MOST_CHANGES, Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_STATE, BY_CONCEPT = "ByState", "ByConcept"
ATTEMPTS = 6
_MOST_GETS = 100
_RACES = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


@dataclass(frozen=True, slots=True)
class DynamoMaterialRegistry:
    """See `MaterialRegistry`; four eyes and an unchanged head are conditions of the write itself."""

    client: "DynamoDBClient"
    table: str

    def get(self, material_id: str) -> Registered | None:
        """See `MaterialRegistry.get`."""
        return self.get_many([material_id]).get(material_id)

    def get_many(self, material_ids: Iterable[str]) -> dict[str, Registered]:
        """See `MaterialRegistry.get_many`."""
        found: dict[str, Registered] = {}
        for some in batched(dict.fromkeys(material_ids), _MOST_GETS, strict=False):
            for item in self._read([{"pk": {"S": key_of(known)}, "sk": {"S": "META"}} for known in some]):
                head = read_head(item)
                found[head.material.id] = head
        return found

    def records(self) -> Iterator[Record]:
        """See `MaterialRegistry.records`."""
        kept: dict[str, list[Item]] = {}
        for item in self._pages("scan", ConsistentRead=True):
            kept.setdefault(item["pk"]["S"], []).append(item)
        for pk in sorted(kept):
            if pk.startswith("MAT#"):
                yield read_record(pk.removeprefix("MAT#"), sorted(kept[pk], key=lambda item: str(item["sk"]["S"])))

    def in_state(self, state: State) -> Iterator[Registered]:
        """See `MaterialRegistry.in_state`."""
        return self._indexed(BY_STATE, "in_state", str(state))

    def of_concept(self, concept: str) -> Iterator[Registered]:
        """See `MaterialRegistry.of_concept`."""
        return self._indexed(BY_CONCEPT, "concept", concept) if concept else iter(())

    def append(self, changes: Sequence[Change]) -> None:
        """See `MaterialRegistry.append`."""
        if len(changes) > MOST_CHANGES:
            raise ValueError(f"{len(changes)} changes at once, at most {MOST_CHANGES}")
        written: list[Any] = [{"Put": put | {"TableName": self.table}} for change in changes for put in puts(change)]
        for attempt in range(ATTEMPTS):
            try:
                self.client.transact_write_items(TransactItems=written)
            except ClientError as error:
                reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
                if "ConditionalCheckFailed" in reasons:
                    return self._explain(changes)
                if not reasons & _RACES:
                    raise UnavailableError(f"{self.table}: {error.response['Error']['Code']}") from error
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, no secret
            except BotoCoreError as error:
                raise UnavailableError(f"{self.table}: {error}") from error
            else:
                return None
        raise UnavailableError(f"{self.table}: is written by others or throttled, try again")

    def versions(self, material_id: str) -> Iterator[Version]:
        """See `MaterialRegistry.versions`."""
        return (read_version(material_id, item) for item in self._query(material_id, "V#"))

    def trail(self, material_id: str) -> Iterator[AuditEntry]:
        """See `MaterialRegistry.trail`."""
        return (read_entry(item) for item in self._query(material_id, "T#"))

    def note(self, batch: Batch) -> None:
        """See `MaterialRegistry.note`."""
        with self._answering():
            self.client.put_item(TableName=self.table, Item=batch_item(batch))

    def batches(self) -> Iterator[Batch]:
        """See `MaterialRegistry.batches`."""
        items = self._pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "BATCH"}},
            ConsistentRead=True,
        )
        found = [read_batch(item) for item in items]
        return iter(sorted(found, key=lambda batch: batch.at, reverse=True))

    def _explain(self, changes: Sequence[Change]) -> None:
        """A condition failed: nothing to do where the very same entries stand there already, otherwise say why."""
        keys = [
            {"pk": {"S": key_of(change.entry.material_id)}, "sk": entry_item(change.entry)["sk"]} for change in changes
        ]
        written = {item["body"]["S"] for item in self._read(keys)}
        if all(canonical(change.entry.to_dict()) in written for change in changes):
            return
        heads = self.get_many(change.entry.material_id for change in changes)
        for change in changes:
            material_id, by = change.entry.material_id, change.entry.by
            present = heads.get(material_id)
            if present != change.expected:
                raise ConflictError(material_id)
            if present and change.entry.event is Event.APPROVED and by in present.authors:
                raise TransitionError(material_id, "four_eyes", f"{by} wrote it and may not approve it")
        raise ConflictError(changes[0].entry.material_id)

    def _read(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Items by key, all of them, however many answers that takes."""
        wanted: Any = {self.table: {"Keys": list(keys), "ConsistentRead": True}}
        for attempt in range(ATTEMPTS):
            with self._answering():
                answer = self.client.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"].get(self.table, [])
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter, no secret
        raise UnavailableError(f"{self.table}: is throttled, try again")

    def _indexed(self, index: str, attribute: str, value: str) -> Iterator[Registered]:
        items = self._pages(
            "query",
            IndexName=index,
            KeyConditionExpression=f"{attribute} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
        )
        return (read_head(item) for item in items)

    def _query(self, material_id: str, prefix: str) -> Iterator[Item]:
        return self._pages(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": key_of(material_id)}, ":sk": {"S": prefix}},
            ConsistentRead=True,
        )

    def _pages(self, operation: Any, **query: Any) -> Iterator[Item]:
        pages = iter(self.client.get_paginator(operation).paginate(TableName=self.table, **query))
        while True:
            with self._answering():
                page = next(pages, None)
            if page is None:
                return
            yield from page["Items"]

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.table}: {error}") from error
