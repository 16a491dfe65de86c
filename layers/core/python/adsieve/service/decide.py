"""The two use cases of the functions: decide an upload, and decide a stored ad again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from adsieve.domain.errors import InputError, PackageError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.switches import ALL_ON, Switches
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.package import Package
from adsieve.ports import FingerprintStore, Hit, HitLog, MediaReader, Outcome, Upload, VerdictStore
from adsieve.service.extract import MEDIA_SECONDS, NO_READER, extract
from adsieve.service.scan import deciding, scan, without_package

MAX_NOTED = 10
"""Materials noted of one ad: an ad that twenty find would be rejected without any one of them."""

type Packages = Callable[[], Package]
"""Gives the package to use now; raises PackageError where there is none."""

type Off = Callable[[datetime], Switches]
"""Gives what is turned off at that moment."""

type Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)


def nothing_off(_: datetime) -> Switches:
    """Everything is on."""
    return ALL_ON


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a request to decide an ad.

    Attributes:
        verdict: the decision, whether or not it was new.
        outcome: what the store made of it.
        seconds: from the upload (or, for a re-scan, from its start) to the record.
    """

    verdict: Verdict
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides ads and records what it decided.

    Attributes:
        packages: gives the package to use.
        fingerprints, verdicts: the stores.
        clock: the time, replaced in tests.
        off: gives what is turned off.
        hits: told which materials had a part in a decision; None: nobody counts.
        reader: reads media; without one, media are not scanned.
    """

    packages: Packages
    fingerprints: FingerprintStore
    verdicts: VerdictStore
    clock: Clock = utc_now
    off: Off = nothing_off
    hits: HitLog | None = None
    reader: MediaReader = NO_READER

    def upload(self, upload: Upload, seconds: float = MEDIA_SECONDS) -> Decided | None:
        """Decide an upload; None where the ad's own file is not there yet.

        The content is read as it is now, so that whichever event arrives last, the newest content is decided.
        Evidence is kept before the verdict that rests on it.

        Args:
            upload: the ad.
            seconds: time that all its media may take.
        """
        started = self.clock()
        fingerprint = extract(upload, self.reader, seconds)
        if fingerprint is None:
            return None
        self.fingerprints.put(fingerprint)
        verdict = self._decide(fingerprint, Cause.UPLOAD, started)
        self._note(fingerprint, verdict)
        outcome = self.verdicts.record(verdict, fingerprint.modified)
        return Decided(verdict, outcome, self._since(fingerprint.modified))

    def job(self, ad_id: str, content_sha256: str = "", because: str = "") -> Decided | None:
        """Decide a stored ad again as a job of a re-scan asks; None where it has newer content than the job speaks of.

        Newer content was decided when it came, and is stored by itself: it has a job of its own where it needs one.
        """
        current = self.verdicts.current(ad_id)
        if current and content_sha256 and current.content_sha256 != content_sha256:
            return None
        return self.again(ad_id, because)

    def again(self, ad_id: str, because: str = "") -> Decided:
        """Decide a stored ad again from its fingerprint, without its media.

        A verdict that says what the current one says is a duplicate, whatever package it comes from.

        Args:
            ad_id: the ad.
            because: what the verdict will note as the reason, for people.

        Raises:
            InputError: the ad was never decided, or its fingerprint is gone.
        """
        started = self.clock()
        current = self.verdicts.current(ad_id)
        if current is None:
            raise InputError(f"ad `{ad_id}` has no verdict to re-scan, upload it first")
        fingerprint = self.fingerprints.get(ad_id, current.content_sha256)
        if fingerprint is None:
            raise InputError(f"ad `{ad_id}` has no fingerprint of {current.content_sha256}, upload it again")
        verdict = self._decide(fingerprint, Cause.RESCAN, started)
        if current.says(verdict):
            return Decided(verdict, Outcome.DUPLICATE, self._since(started))
        noted = replace(verdict, notes=(*verdict.notes, because)) if because else verdict
        return Decided(noted, self.verdicts.record(noted, fingerprint.modified), self._since(started))

    def _decide(self, fingerprint: Fingerprint, cause: Cause, started: datetime) -> Verdict:
        try:
            return scan(fingerprint, self.packages(), cause, started, self.off(started))
        except PackageError as error:
            return without_package(fingerprint, f"no package: {error.reason}", cause, started)

    def _since(self, moment: datetime) -> float:
        return max(0.0, (self.clock() - moment).total_seconds())

    def _note(self, fingerprint: Fingerprint, verdict: Verdict) -> None:
        """Tell which materials decide; before the verdict is recorded, so that no reject can go uncounted."""
        if self.hits is None:
            return
        ad, at = fingerprint.ad, verdict.scanned_at
        advertiser = ad.advertiser_id or ad.ad_id
        self.hits.count(ad.ad_id, verdict.markets, at)
        hits = [
            Hit(material_id, ad.ad_id, advertiser, at, markets) for material_id, markets in deciding(verdict).items()
        ]
        self.hits.note(hits[:MAX_NOTED])
