"""The composition root: the only place that chooses implementations.

Everything is made on first use and kept for the life of the process, as a Lambda's sandbox is reused; importing does
nothing. Tests and the command line pass their own parts to the same classes.
"""

from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.domain.errors import InvalidMessageError
from adsieve.material.package import Package, load_package
from adsieve.ports import MediaReader
from adsieve.service.decide import Decided, Decider, nothing_off, utc_now
from adsieve.service.extract import MEDIA_SECONDS
from adsieve.settings import (
    BreakerSettings,
    DecisionSettings,
    PackageSettings,
    PublishSettings,
    RescanSettings,
    ScanUploadSettings,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from adsieve.service.breaker import Breaker
    from adsieve.service.feed import PackageFeed, Refusal
    from adsieve.service.publish import Publisher
    from adsieve.service.tasks import Publication

_MEDIA_SHARE = 2 / 3
"""Of the function's memory. The rest is for the package, the AWS clients and the comparison."""


class LayerPackage:
    """The package that the material layer mounts; opened once, tried again while it cannot be opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: Package | None = None

    def __call__(self) -> Package:
        """The package; raises PackageError while there is none."""
        if self._opened is None:
            self._opened = load_package(self._folder)
        return self._opened


FETCHED = Path("adsieve")
"""Where published packages are unpacked, below the temporary folder."""


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
    decider = replace(_decider(settings), reader=media_reader(settings.memory * _MEDIA_SHARE))
    return Uploads(decider, _s3(), settings.uploads_bucket)


@cache
def rescans() -> Decider:
    """The use case of `rescan`, on AWS."""
    return _decider(RescanSettings.from_env())


def refresh() -> "Refusal | None":
    """Look for a newer package where it is time to; called between invocations. Never raises."""
    feed = _feed()
    return feed.refresh() if feed else None


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

    registry = DynamoMaterialRegistry(_dynamodb(), settings.materials_table)
    samples = S3SampleStore(_s3(), settings.packages_bucket)

    def trial() -> Trial:
        return Trial(stored_golden(_s3(), settings.packages_bucket), stored_ads(_s3(), settings.evidence_bucket))

    return Publication(Desk(registry, samples, SYSTEM, no_tests, utc_now), _publisher(settings), trial)


@cache
def breaker() -> "Breaker":
    """The use case of `breaker`, on AWS."""
    settings = BreakerSettings.from_env()

    from adsieve.adapters.dynamodb_hits import DynamoHitLog
    from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
    from adsieve.adapters.s3_reports import S3Reports
    from adsieve.service.breaker import Breaker

    registry = DynamoMaterialRegistry(_dynamodb(), settings.materials_table)
    reports = S3Reports(_s3(), settings.packages_bucket)
    return Breaker(
        registry,
        DynamoHitLog(_dynamodb(), settings.verdicts_table),
        _publisher(settings),
        _decider(DecisionSettings.from_env()),
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

    store = S3PackageStore(_s3(), settings.packages_bucket)
    signer = KmsSigner(boto3.client("kms"), settings.signing_key)
    samples = S3SampleStore(_s3(), settings.packages_bucket)
    return Publisher(store, signer, PublicKeys.parse(settings.public_key), SYSTEM, utc_now, samples)


def _decider(settings: DecisionSettings) -> Decider:
    from adsieve.adapters.dynamodb import DynamoVerdictStore
    from adsieve.adapters.dynamodb_hits import DynamoHitLog
    from adsieve.adapters.s3 import S3FingerprintStore

    feed = _feed()
    return Decider(
        packages=feed or LayerPackage(settings.package),
        fingerprints=S3FingerprintStore(_s3(), settings.evidence_bucket),
        verdicts=DynamoVerdictStore(_dynamodb(), settings.verdicts_table),
        off=feed.off if feed else nothing_off,
        hits=DynamoHitLog(_dynamodb(), settings.verdicts_table),
    )


@cache
def _feed() -> "PackageFeed | None":
    """What is published, over the layer's package; None where no bucket or no key is named."""
    settings = PackageSettings.from_env()
    if not (settings.packages_bucket and settings.public_key.strip()):
        return None
    table = DecisionSettings.from_env().verdicts_table

    # Here, because most of a cold start's time is imports, and a function without a key needs none of these.
    import tempfile

    import boto3
    from botocore.config import Config

    from adsieve.adapters.dynamodb_generations import DynamoGenerations
    from adsieve.adapters.keys import trust
    from adsieve.adapters.s3_packages import S3PackageStore
    from adsieve.service.feed import PackageFeed

    # A poll that hangs must not take the invocation's time with it.
    client = boto3.client("s3", config=Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2}))
    store = S3PackageStore(client, settings.packages_bucket)
    folder = tempfile.gettempdir() / FETCHED
    generations = DynamoGenerations(_dynamodb(), table)
    keys = trust(settings.public_key)
    return PackageFeed(LayerPackage(settings.package), store, keys, folder, generations=generations)


@cache
def media_reader(megabytes: float = 1500) -> MediaReader:
    """What reads pictures and clips; costs nothing until an ad has media.

    Args:
        megabytes: private memory that reading one file may take; its libraries alone take about 200.
    """
    from adsieve.adapters.isolated import IsolatedReader

    return IsolatedReader(round(megabytes * 1e6))


@cache
def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")


@cache
def _dynamodb() -> "DynamoDBClient":
    import boto3

    return boto3.client("dynamodb")


def forget() -> None:
    """Drop what was made, so that the next use reads the environment again."""
    for made in (uploads, rescans, publication, breaker, media_reader, _feed, _s3, _dynamodb):
        made.cache_clear()
