"""Where packages are published, and with which key: the local AWS where it is up, or what the environment names."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import click

from adsieve.adapters.dynamodb import DynamoVerdictStore
from adsieve.adapters.dynamodb_hits import DynamoHitLog
from adsieve.adapters.keys import FileSigner, PublicKeys
from adsieve.adapters.kms import KmsSigner
from adsieve.adapters.s3 import S3FingerprintStore
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.cli.place import find_place
from adsieve.domain.errors import InputError, UnavailableError
from adsieve.local import lifecycle
from adsieve.local.deploy import client as local_client
from adsieve.local.deploy import publishing_key
from adsieve.local.workspace import Workspace
from adsieve.material_ports import PackageStore, Verifier
from adsieve.service.publish import Publisher

BUCKET, SIGNER, TRUSTED = "ADSIEVE_PACKAGES_BUCKET", "ADSIEVE_SIGNING_KEY", "ADSIEVE_PUBLIC_KEY"
EVIDENCE, VERDICTS = "ADSIEVE_EVIDENCE_BUCKET", "ADSIEVE_VERDICTS_TABLE"
KMS = "kms:"

type Keys = FileSigner | KmsSigner


@dataclass(frozen=True, slots=True)
class Works:
    """What publishing works with.

    Attributes:
        client: makes clients of AWS by name.
        names: what the environment, or the local stack, calls bucket, tables and keys.
        signer: the key that publishes.
    """

    client: Callable[[str], Any]
    names: dict[str, str]
    signer: Callable[[], Keys]

    @property
    def store(self) -> PackageStore:
        """The published packages."""
        return S3PackageStore(self.client("s3"), self.name(BUCKET))

    @property
    def verifier(self) -> Verifier:
        """The keys that functions trust; where none is named, the one that publishes."""
        return PublicKeys.parse(self.names.get(TRUSTED) or self.signer().public)

    def publisher(self, named: str | None) -> Publisher:
        """A publisher for one person."""
        place = find_place()
        return Publisher(self.store, self.signer(), self.verifier, place.who(named), place.clock)

    def stores(self) -> tuple[S3FingerprintStore, DynamoVerdictStore, DynamoHitLog]:
        """What functions keep: fingerprints, verdicts, and who was hit by what."""
        verdicts = self.client("dynamodb")
        table = self.name(VERDICTS)
        fingerprints = S3FingerprintStore(self.client("s3"), self.name(EVIDENCE))
        return fingerprints, DynamoVerdictStore(verdicts, table), DynamoHitLog(verdicts, table)

    def name(self, variable: str) -> str:
        """What the variable names; raises InputError where nothing does."""
        if not self.names.get(variable):
            raise InputError(f"set {variable}, or start the local AWS with `adsieve local up`")
        return self.names[variable]


def open_works() -> Works:
    """What the verb was given, what the environment names, or the local AWS."""
    given = click.get_current_context().find_object(Works)
    if given:
        return given
    if os.environ.get(BUCKET):
        return Works(_client, dict(os.environ), _named_key)
    try:
        workspace = Workspace.find()
        stack = lifecycle.status(workspace).stack
    except (InputError, UnavailableError):
        stack = None
    if stack is None:
        raise InputError(f"nowhere to publish: `adsieve local up` starts a local AWS, {BUCKET} names a bucket")
    client = partial(local_client, endpoint=stack.endpoint)
    names = {
        BUCKET: stack.outputs["MaterialBucketName"],
        EVIDENCE: stack.outputs["EvidenceBucketName"],
        VERDICTS: stack.outputs["VerdictsTableName"],
        TRUSTED: stack.parameters.get("PublicKey", ""),
    }
    return Works(client, names, partial(publishing_key, workspace))


def _client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload] # by name


def _named_key() -> Keys:
    named = os.environ.get(SIGNER, "")
    if named.startswith(KMS):
        return KmsSigner(_client("kms"), named.removeprefix(KMS))
    if not named:
        raise InputError(f"set {SIGNER}: the file of a key (`adsieve package key`), or {KMS}ID of one in KMS")
    return FileSigner.load(Path(named))
