"""Hits of materials in the verdicts table, dropped after three days by its time to live.

| key | holds |
|---|---|
| `pk = HIT#<material_id>#<hour>`, `sk = <ad_id>` | one ad that the material had a part in deciding |
| `pk = HITS#<hour>#<shard>`, `sk = <material_id>` | how often it was noted in the hour; a repeated note counts again |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError
from adsieve.ports import Hit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=3)
SHARDS = 8
"""Counters of an hour lie in as many partitions: one takes a thousand writes a second."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DynamoHitLog:
    """See `HitLog`."""

    client: "DynamoDBClient"
    table: str

    def note(self, hits: Iterable[Hit]) -> None:
        """See `HitLog.note`."""
        for hit in hits:
            expires = {"N": str(int((hit.at + KEPT).timestamp()))}
            hour = _hour(hit.at)
            with _translated(self.table):
                self.client.put_item(
                    TableName=self.table,
                    Item={
                        "pk": {"S": f"HIT#{hit.material_id}#{hour}"},
                        "sk": {"S": hit.ad_id},
                        "advertiser": {"S": hit.advertiser_id},
                        "at": {"S": hit.at.astimezone(UTC).isoformat(timespec="microseconds")},
                        "expires_at": expires,
                    },
                )
                self.client.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": f"HITS#{hour}#{_shard(hit.material_id)}"}, "sk": {"S": hit.material_id}},
                    UpdateExpression="SET expires_at = :expires ADD noted :one",
                    ExpressionAttributeValues={":expires": expires, ":one": {"N": "1"}},
                )

    def busy(self, since: datetime) -> dict[str, int]:
        """See `HitLog.busy`."""
        counted = Counter[str]()
        for hour in _hours(since):
            for shard in range(SHARDS):
                for item in self._items(f"HITS#{hour}#{shard}"):
                    counted[item["sk"]["S"]] += int(item["noted"]["N"])
        return dict(counted)

    def hits(self, material_id: str, since: datetime) -> Iterator[Hit]:
        """See `HitLog.hits`."""
        found = [
            Hit(material_id, item["sk"]["S"], item["advertiser"]["S"], datetime.fromisoformat(item["at"]["S"]))
            for hour in _hours(since)
            for item in self._items(f"HIT#{material_id}#{hour}")
        ]
        return iter(sorted((hit for hit in found if hit.at >= since), key=lambda hit: (hit.at, hit.ad_id)))

    def _items(self, key: str) -> Iterator[Mapping[str, Any]]:
        with _translated(self.table):
            pages = self.client.get_paginator("query").paginate(
                TableName=self.table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": key}},
                ConsistentRead=True,
            )
            for page in pages:
                yield from page["Items"]


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


def _hours(since: datetime) -> list[str]:
    """Hours from then until now, as keys; the next one too, for clocks that run ahead."""
    last = datetime.now(UTC) + HOUR
    begin = max(since.astimezone(UTC), last - KEPT)
    return [_hour(begin + number * HOUR) for number in range(int((last - begin) / HOUR) + 2)]


def _shard(material_id: str) -> int:
    return crc32(material_id.encode()) % SHARDS


@contextmanager
def _translated(table: str) -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise UnavailableError(f"{table}: {error}") from error
