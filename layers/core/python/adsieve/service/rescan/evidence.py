"""What the archive keeps of an ad: its fingerprint, and what a change of material is looked for in."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from adsieve.detectors.media.change import HASH_BYTES
from adsieve.detectors.media.pictures import asked
from adsieve.detectors.text.change import LINE, disguises, readings
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.fingerprint import EXTRACTOR, Fingerprint
from adsieve.service.scan import parts_to_scan

READER = "2"
"""Version of what is derived below: the text engine's folding and its special views, and which hashes are looked up."""

VERSION = f"{EXTRACTOR}.{READER}"
"""Partitions of another version are derived again from their fingerprints before they are used."""


class Evidence(NamedTuple):
    """One version of one ad, as a row of the archive. A tuple: partitions have tens of thousands.

    Attributes:
        modified: when that content was uploaded, ISO, UTC: orders versions of one ad.
        readings: every reading of its texts that no lexicon is asked for, one a line.
        disguises: letters of the texts in which a lexicon could see disguised words.
        pictures, frames: how many hashes are looked up of its pictures, and of the frames of its clips.
        looks: how often its pictures are looked at twice, see `second_look`; a picture that shows nothing counts too.
        hashes: all hashes, 32 bytes each, those of pictures first.
        fingerprint: the whole fingerprint as JSON: what it is decided from, and readable.
    """

    ad_id: str
    advertiser_id: str
    content_sha256: str
    modified: str
    markets: Sequence[str]
    readings: str
    disguises: Sequence[str]
    pictures: int
    frames: int
    looks: int
    hashes: bytes
    fingerprint: str

    @classmethod
    def of(cls, fingerprint: Fingerprint) -> Self:
        """The row of a fingerprint: its texts are read here once, for every package to come."""
        texts = [part.text for part in parts_to_scan(fingerprint) if part.kind is PartKind.TEXT]
        shown = [part.evidence for part in _of_kind(fingerprint, PartKind.IMAGE)]
        pictures = b"".join(asked(evidence["hashes"]) for evidence in shown)
        clips = _of_kind(fingerprint, PartKind.VIDEO)
        frames = b"".join(asked(frame["hashes"]) for part in clips for frame in part.evidence.get("frames", ()))
        told = fingerprint.to_dict()
        return cls(
            ad_id=fingerprint.ad.ad_id,
            advertiser_id=fingerprint.ad.advertiser_id,
            content_sha256=fingerprint.content_sha256,
            modified=told["modified"],
            markets=fingerprint.ad.markets,
            readings=LINE.join(line for text in texts for line in readings(text)),
            disguises=tuple(letters for text in texts if (letters := disguises(text))),
            pictures=len(pictures) // HASH_BYTES,
            frames=len(frames) // HASH_BYTES,
            looks=sum(len(evidence["looks"]) for evidence in shown),
            hashes=pictures + frames,
            fingerprint=json.dumps(told, ensure_ascii=False, sort_keys=True),
        )

    def decided_from(self) -> Fingerprint:
        """The fingerprint, parsed."""
        return Fingerprint.from_dict(json.loads(self.fingerprint))


def _of_kind(fingerprint: Fingerprint, kind: PartKind) -> Iterator[Part]:
    return (part for part in fingerprint.parts if part.kind is kind)


def newest(rows: Iterator[Evidence]) -> Iterator[Evidence]:
    """The newest version of each ad; which of two that were uploaded in the same moment does not matter but is fixed."""
    kept: dict[str, Evidence] = {}
    for row in rows:
        known = kept.get(row.ad_id)
        if known is None or (row.modified, row.content_sha256) > (known.modified, known.content_sha256):
            kept[row.ad_id] = row
    yield from kept.values()
