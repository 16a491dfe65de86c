"""Ads that were decided before the material changes: nobody touches them again, so only a re-scan can."""

from collections.abc import Iterable, Iterator
from typing import Any

from adsieve.adapters.evidence_files import S3Files
from adsieve.adapters.parquet import DuckTables
from adsieve.local.cloud import Cloud
from adsieve.service.rescan.archive import Archive
from tests.e2e.conftest import verdict_of
from tests.waiting import eventually

type Decided = tuple[str, str, str]
"""Decision, version of the package, and why the ad was decided then."""


class StoredAds:
    """Ads of one text each, uploaded, decided and archived.

    Args:
        cloud: the stack that decides them.
        texts: by ad.
    """

    def __init__(self, cloud: Cloud, texts: dict[str, str]) -> None:
        self._cloud, self._ads = cloud, frozenset(texts)
        self._archive = Archive(S3Files(cloud.s3, cloud.stack.outputs["EvidenceBucketName"]), DuckTables())
        for ad_id, text in texts.items():
            cloud.put_ad(ad_id, {"ad_id": ad_id, "markets": ["SA"], "texts": {"headline": text}})
        for ad_id in texts:
            verdict_of(cloud, ad_id)
        eventually(lambda: self._ads <= self._archived(), "evidence of the stored ads", 60)

    def decided(self, ads: Iterable[str]) -> dict[str, tuple[Decided, ...]]:
        """All verdicts of these ads, oldest first."""
        return {ad_id: tuple(self._history(ad_id)) for ad_id in ads}

    def settle(self, sha256: str) -> None:
        """Wait until the archive says that every stored ad stands with this package, and the jobs are done."""
        eventually(lambda: self._stand_with(sha256), "every stored ad stands with the package in force", 120)
        eventually(lambda: not self._cloud.depth("RescanQueueUrl"), "jobs of the re-scan", 60)

    def _history(self, ad_id: str) -> Iterator[Decided]:
        for told in self._cloud.verdicts.history(ad_id):
            package: Any = told["package"]
            yield str(told["decision"]), str(package["version"]), str(told["cause"])

    def _archived(self) -> set[str]:
        partitions = self._archive.partitions()
        return {row.ad_id for one in partitions for row in self._archive.rows(one, whole=False)}

    def _stand_with(self, sha256: str) -> bool:
        standings = [one.standings for one in self._archive.partitions()]
        return all(len(known) == 1 and known[0].package == sha256 for known in standings)
