"""The use cases of stored ads, on AWS: keep their evidence, plan what a change means for them, decide them again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from adsieve.bootstrap import shared
from adsieve.service.decide import Decided, Decider, utc_now
from adsieve.settings import AnnounceSettings, ArchiveSettings, PackageSettings, PlanSettings, RescanSettings

if TYPE_CHECKING:
    from adsieve.adapters.event_bus import EventBus
    from adsieve.service.feed import PackageFeed
    from adsieve.service.rescan.archive import Archive
    from adsieve.service.rescan.gather import Gatherer
    from adsieve.service.rescan.planner import Planner
    from adsieve.service.rescan.ports import Jobs, Packages
    from adsieve.service.rescan.run import Counts, Run


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
    return Rescans(shared.decider(RescanSettings.from_env()), shared.feed())


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

    feed, layer = shared.feed(), shared.LayerPackage(settings.package)
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
        S3FingerprintStore(shared.s3(), settings.evidence_bucket),
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

    return Archive(S3Files(shared.s3(), bucket), DuckTables())


def _earlier(settings: PackageSettings, layer: shared.LayerPackage) -> "Packages":
    """Packages that are no longer in force: published ones, and the layer's."""
    from adsieve.adapters.earlier import EarlierPackages
    from adsieve.adapters.keys import trust
    from adsieve.adapters.s3_packages import S3PackageStore

    published = settings.packages_bucket and settings.public_key.strip()
    store = S3PackageStore(shared.s3(), settings.packages_bucket) if published else None
    return EarlierPackages(layer, store, trust(settings.public_key) if store else None)
