"""The highest generation of the pointer that was seen: one item of the verdicts table, `pk = POINTER`, `sk = seen`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = {"pk": {"S": "POINTER"}, "sk": {"S": "seen"}}


@dataclass(frozen=True, slots=True)
class DynamoGenerations:
    """See `Generations`."""

    client: "DynamoDBClient"
    table: str

    def advance(self, generation: int) -> int:
        """See `Generations.advance`."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=KEY,
                UpdateExpression="SET generation = :new",
                ConditionExpression="attribute_not_exists(generation) OR generation <= :new",
                ExpressionAttributeValues={":new": {"N": str(generation)}},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return self._seen()
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.table}: {error}") from error
        return generation

    def _seen(self) -> int:
        try:
            found = self.client.get_item(TableName=self.table, Key=KEY, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.table}: {error}") from error
        return int(found["Item"]["generation"]["N"])
