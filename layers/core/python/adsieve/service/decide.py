"""The two use cases of the functions: decide an upload, and decide a stored ad again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from adsieve.domain.errors import InputError, PackageError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.package import Package
from adsieve.ports import FingerprintStore, MediaReader, Outcome, Upload, VerdictStore
from adsieve.service.extract import MEDIA_SECONDS, NO_READER, extract
from adsieve.service.scan import scan, without_package

type Packages = Callable[[], Package]
"""Gives the package to use now; raises PackageError where there is none."""

type Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)


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
        reader: reads media; without one, media are not scanned.
    """

    packages: Packages
    fingerprints: FingerprintStore
    verdicts: VerdictStore
    clock: Clock = utc_now
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
        return self._record(fingerprint, Cause.UPLOAD, started, since=fingerprint.modified)

    def again(self, ad_id: str) -> Decided:
        """Decide a stored ad again from its fingerprint, without its media.

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
        return self._record(fingerprint, Cause.RESCAN, started, since=started)

    def _record(self, fingerprint: Fingerprint, cause: Cause, started: datetime, since: datetime) -> Decided:
        try:
            verdict = scan(fingerprint, self.packages(), cause, started)
        except PackageError as error:
            verdict = without_package(fingerprint, f"no package: {error.reason}", cause, started)
        outcome = self.verdicts.record(verdict, fingerprint.modified)
        return Decided(verdict, outcome, max(0.0, (self.clock() - since).total_seconds()))
