"""Events for whoever runs ads: on the bus, ten at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "adsieve"
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class EventBus:
    """An EventBridge bus, by name."""

    client: "EventBridgeClient"
    name: str

    def announce(self, flips: Sequence[dict[str, Any]]) -> None:
        """Put one event for each flip: `Ad Stopped` or `Ad Released`.

        Raises:
            UnavailableError: one was not taken; those before it were, so receivers may see an event twice.
        """
        for some in batched(flips, _AT_ONCE, strict=False):
            entries = [
                {
                    "EventBusName": self.name,
                    "Source": SOURCE,
                    "DetailType": flip["type"],
                    "Detail": json.dumps(flip["detail"], ensure_ascii=False),
                }
                for flip in some
            ]
            try:
                answer = self.client.put_events(Entries=entries)  # type: ignore[arg-type] # plain dicts of the right shape
            except (ClientError, BotoCoreError) as error:
                raise UnavailableError(f"{self.name}: {error}") from error
            if answer["FailedEntryCount"]:
                refused = next(entry for entry in answer["Entries"] if "ErrorCode" in entry)
                raise UnavailableError(f"{self.name}: {refused['ErrorCode']}")
