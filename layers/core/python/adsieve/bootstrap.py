"""The composition root: the only place that chooses implementations.

Everything is made on first use and kept for the life of the process, as a Lambda's sandbox is reused; importing does
nothing. Tests and the command line pass their own parts to the same classes.
"""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.domain.errors import InvalidMessageError
from adsieve.material.package import Package, load_package
from adsieve.service.decide import Decided, Decider, nothing_off, utc_now
from adsieve.settings import (
    BreakerSettings,
    DecisionSettings,
    PackageSettings,
    PublishSettings,
    RescanSettings,
    ScanUploadSettings,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from adsieve.service.breaker import Breaker
    from adsieve.service.feed import PackageFeed, Refusal
    from adsieve.service.publish import Publisher
    from adsieve.service.tasks import Publication


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

    def decide(self, bucket: str, key: str) -> Decided | None:
        """None where the object belongs to no ad, or the ad's own file is not there yet.

        Raises:
            InvalidMessageError: the event is about another bucket.
        """
        from adsieve.adapters.s3 import S3Upload

        if bucket != self.bucket:
            raise InvalidMessageError(f"event about bucket `{bucket}`, this function reads `{self.bucket}`")
        upload = S3Upload.of_key(self.client, bucket, key)
        return self.decider.upload(upload) if upload else None


@cache
def uploads() -> Uploads:
    """The use case of `scan_upload`, on AWS."""
    settings = ScanUploadSettings.from_env()
    decider = _decider(settings)
    return Uploads(decider, _s3(), settings.uploads_bucket)


@dataclass(frozen=True, slots=True)
class Rescans:
    """Decides stored ads again."""

    decider: Decider
    feed: "PackageFeed | None"

    def decide(self, ad_id: str, content_sha256: str = "", package: str = "", because: str = "") -> Decided | None:
        """None where the ad has newer content than the job.

        Raises:
            UnavailableError: the package that the job waits for cannot be used yet.
        """
        if self.feed and package:
            self.feed.catch_up(package)
        return self.decider.job(ad_id, content_sha256, because)


@cache
def rescans() -> Rescans:
    """The use case of `rescan`, on AWS."""
    return Rescans(_decider(RescanSettings.from_env()), _feed())


def refresh() -> "Refusal | None":
    """Look for a newer package where it is time to; called between invocations. Never raises."""
    feed = _feed()
    return feed.refresh() if feed else None


@cache
def publication() -> "Publication":
    """The use case of `publish`, on AWS."""
    settings = PublishSettings.from_env()

    import boto3

    from adsieve.adapters.ads import stored_ads
    from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
    from adsieve.adapters.s3_golden import stored_golden
    from adsieve.adapters.s3_samples import S3SampleStore
    from adsieve.domain.guards import SYSTEM
    from adsieve.service.desk import Desk, no_tests
    from adsieve.service.publish import Trial
    from adsieve.service.tasks import Publication

    registry = DynamoMaterialRegistry(boto3.client("dynamodb"), settings.materials_table)
    samples = S3SampleStore(_s3(), settings.packages_bucket)

    def trial() -> Trial:
        return Trial(stored_golden(_s3(), settings.packages_bucket), stored_ads(_s3(), settings.evidence_bucket))

    return Publication(Desk(registry, samples, SYSTEM, no_tests, utc_now), _publisher(settings), trial)


@cache
def breaker() -> "Breaker":
    """The use case of `breaker`, on AWS."""
    settings = BreakerSettings.from_env()

    import boto3

    from adsieve.adapters.dynamodb_hits import DynamoHitLog
    from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
    from adsieve.adapters.s3_reports import S3Reports
    from adsieve.service.breaker import Breaker

    dynamodb = boto3.client("dynamodb")
    registry = DynamoMaterialRegistry(dynamodb, settings.materials_table)
    reports = S3Reports(_s3(), settings.packages_bucket)
    return Breaker(
        registry,
        DynamoHitLog(dynamodb, settings.verdicts_table),
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
    from adsieve.domain.guards import SYSTEM
    from adsieve.service.publish import Publisher

    store = S3PackageStore(_s3(), settings.packages_bucket)
    signer = KmsSigner(boto3.client("kms"), settings.signing_key)
    return Publisher(store, signer, PublicKeys.parse(settings.public_key), SYSTEM, utc_now)


def _decider(settings: DecisionSettings) -> Decider:
    import boto3

    from adsieve.adapters.dynamodb import DynamoVerdictStore
    from adsieve.adapters.dynamodb_hits import DynamoHitLog
    from adsieve.adapters.s3 import S3FingerprintStore

    feed = _feed()
    dynamodb = boto3.client("dynamodb")
    return Decider(
        packages=feed or LayerPackage(settings.package),
        fingerprints=S3FingerprintStore(_s3(), settings.evidence_bucket),
        verdicts=DynamoVerdictStore(dynamodb, settings.verdicts_table),
        off=feed.off if feed else nothing_off,
        hits=DynamoHitLog(dynamodb, settings.verdicts_table),
    )


@cache
def _feed() -> "PackageFeed | None":
    """What is published, over the layer's package; None where no bucket or no key is named."""
    settings = PackageSettings.from_env()
    if not (settings.packages_bucket and settings.public_key.strip()):
        return None

    # Here, because most of a cold start's time is imports, and a function without a key needs none of these.
    import tempfile

    import boto3
    from botocore.config import Config

    from adsieve.adapters.keys import trust
    from adsieve.adapters.s3_packages import S3PackageStore
    from adsieve.service.feed import PackageFeed

    # A poll that hangs must not take the invocation's time with it.
    client = boto3.client("s3", config=Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2}))
    store = S3PackageStore(client, settings.packages_bucket)
    folder = tempfile.gettempdir() / FETCHED
    return PackageFeed(LayerPackage(settings.package), store, trust(settings.public_key), folder)


@cache
def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")


def forget() -> None:
    """Drop what was made, so that the next use reads the environment again."""
    for made in (uploads, rescans, publication, breaker, _feed, _s3):
        made.cache_clear()
