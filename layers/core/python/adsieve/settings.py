"""What each function is configured with, read from the environment once and refused by name where it is missing."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adsieve.domain.errors import InputError


class Settings(BaseModel):
    """Base of a function's settings; the environment variable of a field is its alias."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the variables; raises InputError naming those that are missing or empty."""
        try:
            return cls.model_validate(dict(os.environ if environ is None else environ))
        except ValidationError as error:
            names = ", ".join(str(problem["loc"][0]) for problem in error.errors())
            raise InputError(f"set the environment variables {names} of {cls.__name__}") from None


class PackageSettings(Settings):
    """Which packages a deciding function uses."""

    package: Path = Field(alias="ADSIEVE_PACKAGE", default=Path("/opt/material"))
    """Folder of the package, mounted by the material layer."""

    packages_bucket: str = Field(alias="ADSIEVE_PACKAGES_BUCKET", default="")
    """Bucket in which packages are published; none: the layer's package is the only one."""

    public_key: str = Field(alias="ADSIEVE_PUBLIC_KEY", default="")
    """Keys that may publish, base64 DER, separated by spaces; none: nothing that is published is used."""

    verdicts_table: str = Field(alias="ADSIEVE_VERDICTS_TABLE", default="")
    """Table that keeps verdicts, and the newest pointer that any function saw; none: pointers are not compared."""


class DecisionSettings(PackageSettings):
    """What every deciding function needs."""

    evidence_bucket: str = Field(alias="ADSIEVE_EVIDENCE_BUCKET", min_length=1)
    """Bucket that keeps fingerprints."""

    verdicts_table: str = Field(alias="ADSIEVE_VERDICTS_TABLE", min_length=1)
    """Table that keeps verdicts."""


class ScanUploadSettings(DecisionSettings):
    """Settings of the function that decides uploads."""

    uploads_bucket: str = Field(alias="ADSIEVE_UPLOADS_BUCKET", min_length=1)
    """Bucket that advertisers upload to; events about any other are refused."""

    memory: int = Field(alias="AWS_LAMBDA_FUNCTION_MEMORY_SIZE", default=1769, gt=0)
    """Megabytes that the function has; Lambda sets it."""


class RescanSettings(DecisionSettings):
    """Settings of the function that decides stored ads again."""


class PlanSettings(PackageSettings):
    """Settings of the function that plans re-scans."""

    evidence_bucket: str = Field(alias="ADSIEVE_EVIDENCE_BUCKET", min_length=1)
    """Bucket that keeps the archive."""

    rescan_queue: str = Field(alias="ADSIEVE_RESCAN_QUEUE", min_length=1)
    """URL of the queue of ads to decide again."""

    budget: int = Field(alias="ADSIEVE_RESCAN_BUDGET", default=1_000_000, ge=1)
    """Most ads that one call queues; the rest waits for the next."""


class ArchiveSettings(DecisionSettings):
    """Settings of the function that keeps evidence."""

    plan_queue: str = Field(alias="ADSIEVE_PLAN_QUEUE", min_length=1)
    """URL of the queue that starts the planner."""


class AnnounceSettings(Settings):
    """Settings of the function that tells of flips."""

    event_bus: str = Field(alias="ADSIEVE_EVENT_BUS", min_length=1)
    """Name of the bus."""


class PublishSettings(PackageSettings):
    """Settings of the function that publishes."""

    packages_bucket: str = Field(alias="ADSIEVE_PACKAGES_BUCKET", min_length=1)
    """Bucket in which packages are published."""

    public_key: str = Field(alias="ADSIEVE_PUBLIC_KEY", min_length=1)
    """Keys that functions trust; the signing key must be one of them."""

    signing_key: str = Field(alias="ADSIEVE_SIGNING_KEY", min_length=1)
    """Key in KMS that signs."""

    materials_table: str = Field(alias="ADSIEVE_MATERIALS_TABLE", min_length=1)
    """Table that keeps material."""

    evidence_bucket: str = Field(alias="ADSIEVE_EVIDENCE_BUCKET", min_length=1)
    """Bucket that keeps fingerprints: the ads that packages are compared on."""


class BreakerSettings(PublishSettings):
    """Settings of the function that stops what hits too much."""

    verdicts_table: str = Field(alias="ADSIEVE_VERDICTS_TABLE", min_length=1)
    """Table that keeps verdicts, and who was hit by what."""
