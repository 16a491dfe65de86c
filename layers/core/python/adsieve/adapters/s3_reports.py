"""Reports of tests, kept under the digest that the audit trail names, and golden ads; in the bucket of material."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.audit import Event
from adsieve.domain.canonical import canonical
from adsieve.domain.errors import UnavailableError
from adsieve.domain.registered import Registered
from adsieve.material_ports import MaterialRegistry

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "gates/"


@dataclass(frozen=True, slots=True)
class S3Reports:
    """Reports in a bucket."""

    client: "S3Client"
    bucket: str

    def keep(self, name: str, report: dict[str, Any]) -> None:
        """Keep a report; keeping the same twice is the same as once."""
        try:
            self.client.put_object(Bucket=self.bucket, Key=f"{PREFIX}{name}.json", Body=canonical(report).encode())
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"report {name}: {error}") from error

    def report(self, name: str) -> dict[str, Any] | None:
        """A report that was kept."""
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=f"{PREFIX}{name}.json")
            told: dict[str, Any] = json.loads(found["Body"].read())
        except self.client.exceptions.NoSuchKey:
            return None
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"report {name}: {error}") from error
        return told

    def projection(self, registry: MaterialRegistry, head: Registered) -> float | None:
        """Hits an hour that the last kept tests of a material projected; 0 where there are none.

        None where a registry was seeded with it, and it was not tested since.
        """
        trail = list(registry.trail(head.material.id))
        names = [entry.gates for entry in trail if entry.gates]
        if not names and trail[0].event is Event.SEEDED:
            return None
        found = (report for name in reversed(names) if (report := self.report(name)))
        return next((float(report["hits_an_hour"]) for report in found), 0.0)
