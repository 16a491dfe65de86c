"""What every use case on AWS is made of: clients, the package that is followed, and the decider. Made once a process."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from adsieve.material.package import Package, load_package
from adsieve.ports import MediaReader
from adsieve.service.decide import Decider, nothing_off
from adsieve.settings import DecisionSettings, PackageSettings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from adsieve.service.feed import PackageFeed, Refusal


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


def refresh() -> "Refusal | None":
    """Look for a newer package where it is time to; called between invocations. Never raises."""
    followed = feed()
    return followed.refresh() if followed else None


def decider(settings: DecisionSettings) -> Decider:
    """Decides ads with the package that is followed, and keeps verdicts."""
    from adsieve.adapters.dynamodb import DynamoVerdictStore
    from adsieve.adapters.dynamodb_hits import DynamoHitLog
    from adsieve.adapters.s3 import S3FingerprintStore

    followed = feed()
    return Decider(
        packages=followed or LayerPackage(settings.package),
        fingerprints=S3FingerprintStore(s3(), settings.evidence_bucket),
        verdicts=DynamoVerdictStore(dynamodb(), settings.verdicts_table),
        off=followed.off if followed else nothing_off,
        hits=DynamoHitLog(dynamodb(), settings.verdicts_table),
    )


@cache
def feed() -> "PackageFeed | None":
    """What is published, over the layer's package; None where no bucket or no key is named."""
    settings = PackageSettings.from_env()
    if not (settings.packages_bucket and settings.public_key.strip()):
        return None

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
    # Whoever plans may not write to the table of verdicts, so has none: its jobs are decided by functions that do compare.
    generations = DynamoGenerations(dynamodb(), settings.verdicts_table) if settings.verdicts_table else None
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
def s3() -> "S3Client":
    """The client of S3."""
    import boto3

    return boto3.client("s3")


@cache
def dynamodb() -> "DynamoDBClient":
    """The client of DynamoDB."""
    import boto3

    return boto3.client("dynamodb")
