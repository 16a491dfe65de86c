"""The composition root: the only place that chooses implementations.

Everything is made on first use and kept for the life of the process, as a Lambda's sandbox is reused; importing does
nothing. Tests and the command line pass their own parts to the same classes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsieve.domain.errors import InvalidMessageError
from adsieve.material.package import Package, load_package
from adsieve.ports import MediaReader
from adsieve.service.decide import Decided, Decider, nothing_off, utc_now
from adsieve.service.extract import MEDIA_SECONDS
from adsieve.settings import (
    AnnounceSettings,
    ArchiveSettings,
    BreakerSettings,
    DecisionSettings,
    PackageSettings,
    PlanSettings,
    PublishSettings,
    RescanSettings,
    ScanUploadSettings,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from adsieve.adapters.event_bus import EventBus
    from adsieve.service.breaker import Breaker
    from adsieve.service.feed import PackageFeed, Refusal
    from adsieve.service.publish import Publisher
    from adsieve.service.rescan.archive import Archive
    from adsieve.service.rescan.gather import Gatherer
    from adsieve.service.rescan.planner import Planner
    from adsieve.service.rescan.ports import Jobs, Packages
    from adsieve.service.rescan.run import Counts, Run
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


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans re-scans."""

    planner: "Planner"
    feed: "PackageFeed | None"

    def plan(self, seconds_left: Callable[[], float]) -> "tuple[Run | None, Counts | None]":
        """Bring what is behind to the package in force, as the pointer says it now; and what was found.

        Raises:
            UnavailableError: that package cannot be used yet.
        """
        self._catch_up()
        run = self.planner.plan(seconds_left)
        return run, self.planner.counts(run) if run else None

    def step(self, name: str, run: str, partition: str, seconds_left: Callable[[], float]) -> dict[str, Any]:
        """One step for a state machine: `start` a run, sieve one `shard` of it, `queue` what was found."""
        self._catch_up()
        if name == "shard":
            return self.planner.shard(run, partition)
        made = self.planner.start() if name == "start" else self.planner.queue(run, seconds_left)
        return made.to_dict() if made else {"run": None, "partitions": []}

    def _catch_up(self) -> None:
        if self.feed:
            self.feed.catch_up("")


@dataclass(frozen=True, slots=True)
class Archives:
    """Keeps evidence, and starts the planner where some came."""

    gatherer: "Gatherer"
    plan_queue: "Jobs"

    def keep(self, keys: Mapping[str, Iterable[str]]) -> tuple[list[str], list[str]]:
        """Keep the evidence of the ads whose fingerprints have these keys.

        Args:
            keys: of fingerprints, by whatever spoke of them.

        Returns:
            Names of the partitions, and who spoke of an ad that is not decided yet.
        """
        from adsieve.adapters.s3 import S3FingerprintStore

        named = {who: [one for key in some if (one := S3FingerprintStore.of_key(key))] for who, some in keys.items()}
        written, undecided = self.gatherer.gather(one for some in named.values() for one in some)
        if written:
            self.plan_queue.send([{"schema": 1, "partitions": written}])
        return written, [who for who, some in named.items() if not undecided.isdisjoint(some)]


@cache
def plans() -> Plans:
    """The use case of `plan_rescan`, on AWS."""
    settings = PlanSettings.from_env()

    import boto3

    from adsieve.adapters.jobs import SqsJobs
    from adsieve.service.rescan.planner import Planner

    feed, layer = _feed(), LayerPackage(settings.package)
    queue = SqsJobs(boto3.client("sqs"), settings.rescan_queue)
    planner = Planner(
        _archive(settings.evidence_bucket), feed or layer, _earlier(settings, layer), queue, utc_now, settings.budget
    )
    return Plans(planner, feed)


@cache
def archives() -> Archives:
    """The use case of `archive`, on AWS."""
    settings = ArchiveSettings.from_env()

    import boto3

    from adsieve.adapters.dynamodb import DynamoVerdictStore
    from adsieve.adapters.jobs import SqsJobs
    from adsieve.adapters.s3 import S3FingerprintStore
    from adsieve.service.rescan.gather import Gatherer

    gatherer = Gatherer(
        _archive(settings.evidence_bucket),
        S3FingerprintStore(_s3(), settings.evidence_bucket),
        DynamoVerdictStore(boto3.client("dynamodb"), settings.verdicts_table),
    )
    return Archives(gatherer, SqsJobs(boto3.client("sqs"), settings.plan_queue))


@cache
def bus() -> "EventBus":
    """The use case of `announce`, on AWS."""
    import boto3

    from adsieve.adapters.event_bus import EventBus

    return EventBus(boto3.client("events"), AnnounceSettings.from_env().event_bus)


def _archive(bucket: str) -> "Archive":
    from adsieve.adapters.evidence_files import S3Files
    from adsieve.adapters.parquet import DuckTables
    from adsieve.service.rescan.archive import Archive

    return Archive(S3Files(_s3(), bucket), DuckTables())


def _earlier(settings: PackageSettings, layer: LayerPackage) -> "Packages":
    """Packages that are no longer in force: published ones, and the layer's."""
    from adsieve.adapters.earlier import EarlierPackages
    from adsieve.adapters.keys import trust
    from adsieve.adapters.s3_packages import S3PackageStore

    published = settings.packages_bucket and settings.public_key.strip()
    store = S3PackageStore(_s3(), settings.packages_bucket) if published else None
    return EarlierPackages(layer, store, trust(settings.public_key) if store else None)


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
    generations = DynamoGenerations(_dynamodb(), settings.verdicts_table) if settings.verdicts_table else None
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
    for made in (uploads, rescans, plans, archives, bus, publication, breaker, media_reader, _feed, _s3, _dynamodb):
        made.cache_clear()
