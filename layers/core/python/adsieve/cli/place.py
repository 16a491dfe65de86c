"""Which registry a verb works with, and as whom: the local AWS where it is up, or the table that is named."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import click

from adsieve.domain.errors import InputError, UnavailableError
from adsieve.domain.lifecycle import person
from adsieve.material_ports import MaterialRegistry, SampleStore
from adsieve.service.desk import Desk, Gates, no_tests

TABLE, BUCKET, OPERATOR = "ADSIEVE_MATERIALS_TABLE", "ADSIEVE_MATERIALS_BUCKET", "ADSIEVE_OPERATOR"

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Place:
    """A registry, and how it knows people.

    Attributes:
        identity: who the credentials belong to; None where names are taken on trust, on one's own machine.
        gates: runs the tests of a step; None: there is no place for their reports, so steps that ask for them are refused.
    """

    registry: MaterialRegistry
    samples: SampleStore
    identity: Callable[[], str] | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    gates: Gates | None = None

    def who(self, named: str | None) -> str:
        """The person at work.

        Raises:
            UsageError: a name is missing, or given where credentials tell it.
        """
        if self.identity:
            if named:
                raise click.UsageError("--as is for the local AWS; here the AWS credentials say who you are")
            return person(self.identity())
        name = named or os.environ.get(OPERATOR)
        if not name:
            raise click.UsageError(f"say who you are: --as NAME, or set {OPERATOR}")
        return person(name)


class _NoSamples:
    """Where no bucket is named: everything but pictures and clips works."""

    def put(self, name: str, data: bytes) -> None:
        raise InputError(f"{len(data)} bytes of {name}: set {BUCKET} to keep samples")

    def get(self, name: str) -> bytes | None:
        raise InputError(f"{name}: set {BUCKET} to read samples")

    def has(self, name: str) -> bool:
        raise InputError(f"{name}: set {BUCKET} to look for samples")


def find_place() -> Place:
    """The registry that the verb was given, the named one, or that of the local AWS.

    Raises:
        InputError: there is none.
    """
    given = click.get_current_context().find_object(Place)
    if given:
        return given
    if os.environ.get(TABLE):
        import boto3

        reached = boto3.client("dynamodb").meta.endpoint_url  # whichever variable or profile says so
        local = urlsplit(reached).hostname in _LOOPBACK
        return _place(boto3.client, os.environ[TABLE], os.environ.get(BUCKET), None if local else _caller)
    return _local_place()


def open_desk(named: str | None = None, *, writes: bool = True, dry: bool = False) -> Desk:
    """The registry for one person; reading takes no name."""
    place = find_place()
    who = place.who(named) if writes else ""
    return Desk(place.registry, place.samples, who, place.gates or no_tests, place.clock, dry)


def _local_place() -> Place:
    from adsieve.local import lifecycle
    from adsieve.local.deploy import client
    from adsieve.local.workspace import Workspace

    nowhere = f"no registry: `adsieve local up` starts one, {TABLE} names one on AWS"
    try:
        stack = lifecycle.status(Workspace.find()).stack
    except (InputError, UnavailableError):
        raise InputError(nowhere) from None
    if stack is None or "MaterialsTableName" not in stack.outputs:
        raise InputError(nowhere)
    outputs = stack.outputs
    bucket = outputs.get("MaterialBucketName")
    return _place(lambda service: client(service, stack.endpoint), outputs["MaterialsTableName"], bucket, None)


def _place(client: Callable[..., Any], table: str, bucket: str | None, identity: Callable[[], str] | None) -> Place:
    from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
    from adsieve.adapters.s3_samples import S3SampleStore
    from adsieve.cli.testing import step_gates

    samples = S3SampleStore(client("s3"), bucket) if bucket else _NoSamples()
    registry = DynamoMaterialRegistry(client("dynamodb"), table)
    return Place(registry, samples, identity, gates=step_gates(client, registry, bucket) if bucket else None)


def _caller() -> str:
    """The ARN of the credentials in use."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return str(boto3.client("sts").get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError(f"AWS does not say who you are: {error}") from error
