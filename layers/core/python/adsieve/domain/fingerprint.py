"""What is extracted once from an ad and stored, so that it can be decided again without its media."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from adsieve.domain.ad import Ad, Part, PartKind, parse_ad
from adsieve.domain.errors import InvalidAdError

EXTRACTOR = "2"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The evidence of an ad's content, independent of any package.

    Attributes:
        ad: the ad as uploaded.
        parts: what detectors look at; media parts are listed when something was extracted from them.
        failures: part name → `failed: <cause>`, for parts that could not be read.
        content_sha256: digest over the ad's JSON and its media, see `service.extract`.
        modified: when that content was written to the store, aware UTC; orders uploads of the same ad.
        extractor: version of the extraction; a higher one re-extracts.
    """

    ad: Ad
    parts: tuple[Part, ...]
    failures: Mapping[str, str]
    content_sha256: str
    modified: datetime
    extractor: str = EXTRACTOR

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            "schema": 1,
            "extractor": self.extractor,
            "content_sha256": self.content_sha256,
            "modified": self.modified.astimezone(UTC).isoformat(),
            "ad": self.ad.to_dict(),
            "parts": [_part_to_dict(part) for part in self.parts],
            "failures": dict(self.failures),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Inverse of `to_dict`; raises InvalidAdError where the stored ad breaks the contract."""
        stored = data["ad"]
        try:
            ad = parse_ad(stored)
        except InvalidAdError:
            # An ad that could not be read is stored as its id alone, together with the failure.
            ad = Ad(ad_id=stored["ad_id"])
        return cls(
            ad=ad,
            parts=tuple(_part_from_dict(part) for part in data["parts"]),
            failures=dict(data["failures"]),
            content_sha256=data["content_sha256"],
            modified=datetime.fromisoformat(data["modified"]),
            extractor=data["extractor"],
        )


def _part_to_dict(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"name": part.name, "kind": str(part.kind), "text": part.text}
    if part.evidence:
        told["evidence"] = dict(part.evidence)
    if part.incomplete:
        told["incomplete"] = part.incomplete
    return told


def _part_from_dict(told: Mapping[str, Any]) -> Part:
    return Part(
        told["name"], PartKind(told["kind"]), told["text"], told.get("evidence", {}), told.get("incomplete", "")
    )
