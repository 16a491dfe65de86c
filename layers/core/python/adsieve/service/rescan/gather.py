"""From single fingerprints to partitions: what an ad was uploaded with, beside what it is decided with."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from adsieve.ports import CurrentVerdict, FingerprintStore, VerdictStore
from adsieve.service.rescan.archive import Archive
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.ports import Standing


def _a_second() -> None:
    time.sleep(1)


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Keeps the evidence of ads that were decided lately.

    Attributes:
        archive: where it is kept.
        fingerprints, verdicts: what was decided, and how.
        looks: how often in all it looks again for a verdict that is not there yet: mostly it is being written.
        pause: waits before each of them.
    """

    archive: Archive
    fingerprints: FingerprintStore
    verdicts: VerdictStore
    looks: int = 10
    pause: Callable[[], None] = _a_second

    def gather(self, ads: Iterable[tuple[str, str]]) -> tuple[list[str], set[tuple[str, str]]]:
        """Keep these versions of ads, by (ad id, content).

        A version that was replaced meanwhile is left out: it cannot run any more. What was decided alike is kept
        together, so that a partition stands with one package.

        Returns:
            Names of the partitions, and the ads that have no verdict yet: their fingerprint is written first.
        """
        alike: dict[Standing | None, list[Evidence]] = {}
        undecided: set[tuple[str, str]] = set()
        looks = self.looks
        for ad_id, content_sha256 in dict.fromkeys(ads):
            current = self.verdicts.current(ad_id)
            while current is None and looks:
                looks -= 1
                self.pause()
                current = self.verdicts.current(ad_id)
            if current is None:
                undecided.add((ad_id, content_sha256))
            elif current.content_sha256 == content_sha256:
                fingerprint = self.fingerprints.get(ad_id, content_sha256)
                if fingerprint is not None:
                    alike.setdefault(_standing(current), []).append(Evidence.of(fingerprint))
        return [name for standing, rows in alike.items() for name in self.archive.add(rows, standing)], undecided


def _standing(current: CurrentVerdict) -> Standing | None:
    """What the ad is decided with; None without a package, and where something was turned off: then it is asked again."""
    if current.package_sha256 is None or current.switches:
        return None
    return Standing(current.package_sha256, current.engine, current.scanned_at.date())
