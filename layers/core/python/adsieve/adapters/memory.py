"""Stores in memory: the fakes of the tests, asserted by behaviour."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from adsieve.domain.errors import UnreadableMediaError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Verdict
from adsieve.ports import Content, CurrentVerdict, Outcome, SeenWord


@dataclass
class MemoryUpload:
    """An upload held as bytes."""

    ad_id: str
    data: bytes | None
    media: Mapping[str, bytes] = field(default_factory=dict)
    file: str = "ad.json"
    modified: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def read(self, limit: int) -> Content | None:
        """See `Upload.read`."""
        if self.data is None:
            return None
        return Content(self.data if len(self.data) <= limit else None, len(self.data), self.modified)

    def media_digest(self, path: str) -> str | None:
        """See `Upload.media_digest`."""
        return sha256(self.media[path]).hexdigest() if path in self.media else None

    @contextmanager
    def fetch(self, path: str, limit: int) -> Iterator[Path | None]:
        """See `Upload.fetch`; a temporary file."""
        if path not in self.media:
            yield None
            return
        if len(self.media[path]) > limit:
            raise UnreadableMediaError(f"is {len(self.media[path])} bytes, at most {limit} are read")
        with TemporaryDirectory(prefix="adsieve-") as folder:
            file = Path(folder, "media")
            file.write_bytes(self.media[path])
            yield file


class MemoryFingerprintStore:
    """Fingerprints in a dict."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Fingerprint] = {}

    def __contains__(self, ad_id: str) -> bool:
        return any(known == ad_id for known, _ in self._kept)

    def put(self, fingerprint: Fingerprint) -> None:
        """See `FingerprintStore.put`."""
        self._kept[fingerprint.ad.ad_id, fingerprint.content_sha256] = fingerprint

    def get(self, ad_id: str, content_sha256: str) -> Fingerprint | None:
        """See `FingerprintStore.get`."""
        return self._kept.get((ad_id, content_sha256))


class MemoryVerdictStore:
    """Verdicts in lists, under the same rules as the table."""

    def __init__(self) -> None:
        self._history: dict[str, list[Verdict]] = {}
        self._current: dict[str, CurrentVerdict] = {}

    def __len__(self) -> int:
        return len(self._current)

    def __contains__(self, ad_id: str) -> bool:
        return ad_id in self._current

    def current(self, ad_id: str) -> CurrentVerdict | None:
        """See `VerdictStore.current`."""
        return self._current.get(ad_id)

    def record(self, verdict: Verdict, modified: datetime) -> Outcome:
        """See `VerdictStore.record`."""
        present = self._current.get(verdict.ad_id)
        if present and present.newer_than(verdict, modified):
            return Outcome.STALE
        if present and present.same_decision(verdict):
            self._current[verdict.ad_id] = replace(present, modified=max(present.modified, modified))
            return Outcome.DUPLICATE
        written = CurrentVerdict.of(verdict, modified)
        self._current[verdict.ad_id] = written
        self._history.setdefault(verdict.ad_id, []).append(verdict.superseding(present.verdict_id if present else None))
        return Outcome.RECORDED

    def history(self, ad_id: str) -> Iterator[dict[str, object]]:
        """See `VerdictStore.history`."""
        return (verdict.to_dict() for verdict in self._history.get(ad_id, ()))


@dataclass
class MemoryWordReader:
    """A WordReader that sees the same words in every picture, and remembers how many it was shown."""

    words: list[SeenWord]
    incomplete: str = ""
    shown: int = 0

    def read(self, picture: bytes) -> tuple[list[SeenWord], str]:  # noqa: ARG002 - the port's shape
        """See `WordReader.read`."""
        self.shown += 1
        return self.words, self.incomplete


@dataclass
class MemoryTranscriber:
    """A Transcriber whose transcripts are put in by hand: `transcripts[job] = words`."""

    transcripts: dict[str, str] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)

    def begin(self, ad_id: str, content_sha256: str, name: str, uri: str) -> str:  # noqa: ARG002 - the port's shape
        """See `Transcriber.begin`."""
        job = f"{ad_id}/{content_sha256}/{name}"
        if job not in self.begun:
            self.begun.append(job)
        return job

    def words(self, job: str) -> str | None:
        """See `Transcriber.words`."""
        return self.transcripts.get(job)
