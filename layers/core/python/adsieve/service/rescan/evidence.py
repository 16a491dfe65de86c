"""What the archive keeps of an ad: its fingerprint, and what a change of material is looked for in."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from adsieve.detectors.text.change import LINE, disguises, readings
from adsieve.domain.ad import PartKind
from adsieve.domain.fingerprint import EXTRACTOR, Fingerprint
from adsieve.service.scan import parts_to_scan

READER = "1"
"""Version of the readings and disguises below: the text engine's folding and its special views."""

VERSION = f"{EXTRACTOR}.{READER}"
"""Partitions of another version are derived again from their fingerprints before they are used."""


class Evidence(NamedTuple):
    """One version of one ad, as a row of the archive. A tuple: partitions have tens of thousands.

    Attributes:
        modified: when that content was uploaded, ISO, UTC: orders versions of one ad.
        readings: every reading of its texts that no lexicon is asked for, one a line.
        disguises: letters of the texts in which a lexicon could see disguised words.
        fingerprint: the whole fingerprint as JSON: what it is decided from, and readable.
    """

    ad_id: str
    advertiser_id: str
    content_sha256: str
    modified: str
    markets: Sequence[str]
    readings: str
    disguises: Sequence[str]
    fingerprint: str

    @classmethod
    def of(cls, fingerprint: Fingerprint) -> Self:
        """The row of a fingerprint: its texts are read here once, for every package to come."""
        texts = [part.text for part in parts_to_scan(fingerprint) if part.kind is PartKind.TEXT]
        told = fingerprint.to_dict()
        return cls(
            ad_id=fingerprint.ad.ad_id,
            advertiser_id=fingerprint.ad.advertiser_id,
            content_sha256=fingerprint.content_sha256,
            modified=told["modified"],
            markets=fingerprint.ad.markets,
            readings=LINE.join(line for text in texts for line in readings(text)),
            disguises=tuple(letters for text in texts if (letters := disguises(text))),
            fingerprint=json.dumps(told, ensure_ascii=False, sort_keys=True),
        )

    def decided_from(self) -> Fingerprint:
        """The fingerprint, parsed."""
        return Fingerprint.from_dict(json.loads(self.fingerprint))


def newest(rows: Iterator[Evidence]) -> Iterator[Evidence]:
    """The newest version of each ad; which of two that were uploaded in the same moment does not matter but is fixed."""
    kept: dict[str, Evidence] = {}
    for row in rows:
        known = kept.get(row.ad_id)
        if known is None or (row.modified, row.content_sha256) > (known.modified, known.content_sha256):
            kept[row.ad_id] = row
    yield from kept.values()
