"""What the use cases need from the outside world, one small protocol each.

Adapters receive their client and translate its errors: a store that does not answer raises UnavailableError, which the
caller may retry; a thing that is not there is None, never an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

from adsieve.domain.ad import Part
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Verdict, said


@dataclass(frozen=True, slots=True)
class Content:
    """The file that holds an ad: its JSON, or the bare text or media file itself.

    Attributes:
        data: the bytes, or None where `size` is over the limit the reader was given.
        size: bytes in the store.
        modified: when the store received it, aware UTC.
    """

    data: bytes | None
    size: int
    modified: datetime


class Upload(Protocol):
    """One uploaded ad, wherever it lies."""

    @property
    def ad_id(self) -> str:
        """The id that the store knows the ad by: its folder's or file's name. An ad may not name another."""

    @property
    def file(self) -> str:
        """Name of the file that holds the ad: `ad.json`, or that of a bare file."""

    def read(self, limit: int) -> Content | None:
        """The ad's own file, its bytes only up to `limit`; None where it does not exist (yet)."""

    def media_digest(self, path: str) -> str | None:
        """A digest that changes when the media file changes; None where it does not exist."""

    def fetch(self, path: str, limit: int) -> AbstractContextManager[Path | None]:
        """The media file as a local file, for as long as the context lasts; None where it does not exist.

        Raises:
            UnreadableMediaError: it is larger than `limit` bytes; nothing was copied.
        """


class MediaReader(Protocol):
    """Turns a media file into parts that detectors can look at."""

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:
        """Every part found in a picture or clip.

        Args:
            name: of the media part, e.g. `media/clip.mp4`; parts found inside it are named `media/clip.mp4#ocr`.
            file: a local copy; never written to.
            seconds: time left for this ad. What was read by then is returned, with `Part.incomplete` saying so.

        Raises:
            UnreadableMediaError: nothing of it can be inspected.
        """


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word in a picture as a WordReader tells it.

    Attributes:
        text: the word.
        box: left, top, width and height as shares of the picture's width and height.
        line: words of one line share this number.
    """

    text: str
    box: tuple[float, float, float, float]
    line: int


class WordReader(Protocol):
    """Reads words in pictures, elsewhere. Optional: `service.second_reading` adds it to what adsieve reads itself."""

    def read(self, picture: bytes) -> tuple[list[SeenWord], str]:
        """Words of a picture file in reading order, and why they may not be all (empty where they are)."""


class Transcriber(Protocol):
    """Turns the sound of clips into words, elsewhere and later. Optional, see `service.hearing`."""

    def begin(self, ad_id: str, content_sha256: str, name: str, uri: str) -> str:
        """Start on a clip at `uri`; gives the name of the job, the same for the same clip."""

    def words(self, job: str) -> str | None:
        """The transcript; None while it is under way.

        Raises:
            UnreadableMediaError: the sound cannot be transcribed.
        """


class FingerprintStore(Protocol):
    """Write-once evidence, by ad and content."""

    def put(self, fingerprint: Fingerprint) -> None:
        """Keep it; keeping the same content twice is the same as once."""

    def get(self, ad_id: str, content_sha256: str) -> Fingerprint | None:
        """The fingerprint of that content of that ad."""


class Outcome(StrEnum):
    """What became of a verdict that was offered to the store."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class CurrentVerdict:
    """What the store must know of an ad's present verdict to place the next one.

    Attributes:
        verdict_id: names it in the ad's history.
        content_sha256, package_sha256, engine: what was decided, and with what; None where there was no package.
        modified: when the decided content was uploaded.
        scanned_at: when the scan began that decided it.
        switches: what was turned off and had a part in it.
        told: the verdict as the contract tells it.
    """

    verdict_id: str
    content_sha256: str
    package_sha256: str | None
    engine: str
    modified: datetime
    scanned_at: datetime
    switches: tuple[str, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, verdict: Verdict, modified: datetime) -> Self:
        """What to remember of a verdict; its id sorts by time of scan and names content and package."""
        sha256 = verdict.package.sha256 if verdict.package else None
        moment = verdict.scanned_at.astimezone(UTC).isoformat(timespec="microseconds")
        verdict_id = f"{moment}#{verdict.content_sha256[:12]}#{(sha256 or 'none')[:12]}"
        return cls(
            verdict_id,
            verdict.content_sha256,
            sha256,
            verdict.engine,
            modified,
            verdict.scanned_at,
            verdict.switches,
            verdict.to_dict(),
        )

    def same_decision(self, verdict: Verdict) -> bool:
        """Whether `verdict` decides the same content with the same package, engine and switches: nothing new.

        It must say the same too: another day may make a material valid, or end it.
        """
        sha256 = verdict.package.sha256 if verdict.package else None
        present = (self.content_sha256, self.package_sha256, self.engine, self.switches)
        asked = (verdict.content_sha256, sha256, verdict.engine, verdict.switches)
        return present == asked and self.says(verdict)

    def says(self, verdict: Verdict) -> bool:
        """Whether it says the same of the ad, whatever package led to it."""
        return said(self.told) == said(verdict.to_dict())

    def newer_than(self, verdict: Verdict, modified: datetime) -> bool:
        """Whether it decides newer content, or the same upload in a later scan."""
        return (self.modified, self.scanned_at) > (modified, verdict.scanned_at)


class VerdictStore(Protocol):
    """Every verdict of every ad; one of them is current."""

    def current(self, ad_id: str) -> CurrentVerdict | None:
        """The ad's current verdict."""

    def record(self, verdict: Verdict, modified: datetime) -> Outcome:
        """Add to the history and make current, both or neither.

        DUPLICATE where the current verdict already decides this content with this package and engine; STALE where it decides
        newer content, or was scanned later. Neither adds history. `supersedes` is filled in by the store.
        """

    def history(self, ad_id: str) -> Iterator[dict[str, object]]:
        """Every verdict of the ad as the contract's JSON, oldest first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One ad that a material had a part in deciding.

    Attributes:
        material_id: of the material.
        ad_id: of the ad.
        advertiser_id: of its advertiser, or the ad's id where it names none.
        at: when it was decided, aware.
        markets: in which it had that part.
    """

    material_id: str
    ad_id: str
    advertiser_id: str
    at: datetime
    markets: tuple[str, ...] = ()


class HitLog(Protocol):
    """Which ads a material decided lately: what the breaker counts, and what it brings back. Kept for days, not for ever."""

    def note(self, hits: Iterable[Hit]) -> None:
        """Keep hits; the same ad in the same hour counts once."""

    def count(self, ad_id: str, markets: Iterable[str], at: datetime) -> None:
        """Count an ad in its markets, hit or not; one that is delivered twice counts twice."""

    def counted(self, since: datetime) -> dict[str, int]:
        """Ads by market since the beginning of that hour."""

    def busy(self, since: datetime) -> dict[str, int]:
        """Materials that were hit since the beginning of that hour, with at least how often."""

    def hits(self, material_id: str, since: datetime) -> Iterator[Hit]:
        """Hits of a material since then, oldest first."""
