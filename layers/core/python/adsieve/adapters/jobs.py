"""The re-scan queue: SQS, or a file that stands for it on a laptop."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class SqsJobs:
    """See `Jobs`; at most ten at once."""

    client: "SQSClient"
    queue: str

    def send(self, jobs: Sequence[dict[str, Any]]) -> None:
        """See `Jobs.send`. Where SQS takes only some, all are sent again: deciding an ad twice is deciding it once."""
        entries = [{"Id": str(at), "MessageBody": json.dumps(job)} for at, job in enumerate(jobs)]
        try:
            answer = self.client.send_message_batch(QueueUrl=self.queue, Entries=entries)  # type: ignore[arg-type] # plain dicts of the right shape
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"{self.queue}: {error}") from error
        if refused := answer.get("Failed"):
            raise UnavailableError(f"{self.queue}: {refused[0].get('Message', refused[0]['Code'])}")


@dataclass(frozen=True, slots=True)
class FileJobs:
    """See `Jobs`: a job a line, appended."""

    path: Path

    def send(self, jobs: Sequence[dict[str, Any]]) -> None:
        """See `Jobs.send`."""
        with self.path.open("a", encoding="utf-8") as opened:
            opened.write("".join(json.dumps(job, ensure_ascii=False) + "\n" for job in jobs))
