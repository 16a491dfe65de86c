"""The composition root: the only place that chooses implementations.

Everything is made on first use and kept for the life of the process, as a Lambda's sandbox is reused; importing does
nothing. Tests and the command line pass their own parts to the same classes. Here are uploads and publication;
`rescan` has what is done with stored ads, `shared` what all are made of.
"""

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from adsieve.bootstrap import shared
from adsieve.bootstrap.rescan import archives, bus, plans, rescans
from adsieve.bootstrap.shared import media_reader, refresh
from adsieve.domain.errors import InvalidMessageError
from adsieve.service.decide import Decided, Decider, utc_now
from adsieve.service.extract import MEDIA_SECONDS
from adsieve.settings import BreakerSettings, DecisionSettings, PublishSettings, ScanUploadSettings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from adsieve.service.breaker import Breaker
    from adsieve.service.publish import Publisher
    from adsieve.service.tasks import Publication

__all__ = [
    "Uploads",
    "archives",
    "breaker",
    "bus",
    "forget",
    "media_reader",
    "plans",
    "publication",
    "refresh",
    "rescans",
    "uploads",
]

_MEDIA_SHARE = 2 / 3
"""Of the function's memory. The rest is for the package, the AWS clients and the comparison."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Decides the ad that an uploaded object belongs to."""

    decider: Decider
    client: "S3Client"
    bucket: str

    def decide(self, bucket: str, key: str, seconds: float) -> Decided | None:
        """None where the object belongs to no ad, or the ad's own file is not there yet.

        Args:
            bucket: the object's.
            key: the object's.
            seconds: time that is left for everything; half of it is what the ad's media may take.

        Raises:
            InvalidMessageError: the event is about another bucket.
        """
        from adsieve.adapters.s3 import S3Upload

        if bucket != self.bucket:
            raise InvalidMessageError(f"event about bucket `{bucket}`, this function reads `{self.bucket}`")
        upload = S3Upload.of_key(self.client, bucket, key)
        return self.decider.upload(upload, min(MEDIA_SECONDS, seconds / 2)) if upload else None


@cache
def uploads() -> Uploads:
    """The use case of `scan_upload`, on AWS."""
    settings = ScanUploadSettings.from_env()
    decider = replace(shared.decider(settings), reader=media_reader(settings.memory * _MEDIA_SHARE))
    return Uploads(decider, shared.s3(), settings.uploads_bucket)


@cache
def publication() -> "Publication":
    """The use case of `publish`, on AWS."""
    settings = PublishSettings.from_env()

    from adsieve.adapters.ads import stored_ads
    from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
    from adsieve.adapters.s3_golden import stored_golden
    from adsieve.adapters.s3_samples import S3SampleStore
    from adsieve.domain.guards import SYSTEM
    from adsieve.service.desk import Desk, no_tests
    from adsieve.service.publish import Trial
    from adsieve.service.tasks import Publication

    registry = DynamoMaterialRegistry(shared.dynamodb(), settings.materials_table)
    samples = S3SampleStore(shared.s3(), settings.packages_bucket)

    def trial() -> Trial:
        return Trial(
            stored_golden(shared.s3(), settings.packages_bucket), stored_ads(shared.s3(), settings.evidence_bucket)
        )

    return Publication(Desk(registry, samples, SYSTEM, no_tests, utc_now), _publisher(settings), trial)


@cache
def breaker() -> "Breaker":
    """The use case of `breaker`, on AWS."""
    settings = BreakerSettings.from_env()

    from adsieve.adapters.dynamodb_hits import DynamoHitLog
    from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
    from adsieve.adapters.s3_reports import S3Reports
    from adsieve.service.breaker import Breaker

    registry = DynamoMaterialRegistry(shared.dynamodb(), settings.materials_table)
    reports = S3Reports(shared.s3(), settings.packages_bucket)
    return Breaker(
        registry,
        DynamoHitLog(shared.dynamodb(), settings.verdicts_table),
        _publisher(settings),
        shared.decider(DecisionSettings.from_env()),
        partial(reports.projection, registry),
        utc_now,
    )


def _publisher(settings: PublishSettings) -> "Publisher":
    import boto3

    from adsieve.adapters.keys import PublicKeys
    from adsieve.adapters.kms import KmsSigner
    from adsieve.adapters.s3_packages import S3PackageStore
    from adsieve.adapters.s3_samples import S3SampleStore
    from adsieve.domain.guards import SYSTEM
    from adsieve.service.publish import Publisher

    store = S3PackageStore(shared.s3(), settings.packages_bucket)
    signer = KmsSigner(boto3.client("kms"), settings.signing_key)
    samples = S3SampleStore(shared.s3(), settings.packages_bucket)
    return Publisher(store, signer, PublicKeys.parse(settings.public_key), SYSTEM, utc_now, samples)


def forget() -> None:
    """Drop what was made, so that the next use reads the environment again."""
    made = (uploads, rescans, plans, archives, bus, publication, breaker)
    for one in (*made, media_reader, shared.feed, shared.s3, shared.dynamodb):
        one.cache_clear()
