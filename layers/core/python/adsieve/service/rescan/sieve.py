"""Which stored ads a change of packages can matter to: never too few, and seldom many more."""

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, batched, chain
from typing import TYPE_CHECKING, Protocol

from adsieve.detectors import DETECTORS, ComboDetector, ImageDetector, TermDetector, VideoDetector
from adsieve.detectors.base import Detector
from adsieve.detectors.combos import words_of
from adsieve.detectors.media.change import HASH_BYTES, ClipChange, PictureChange, near
from adsieve.detectors.text.change import LINE, TermChange
from adsieve.detectors.text.lexicon import Lexicon
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Kind, Material
from adsieve.material.change import LayerChange, PackageChange
from adsieve.material.package import Package
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.scan import parts_to_scan

if TYPE_CHECKING:
    from adsieve.detectors.media.change import Wanted

_HASHES_AT_ONCE = 1 << 20
"""Hashes that are held at a time: 32 MB. A clip may have ten thousand."""

_PARSED_AT_ONCE = 1_000
"""Fingerprints that are held at a time: that of a picture has a hundred kilobytes."""


class Heavy(Protocol):
    """What is fetched of a few ads, by position."""

    def hashes(self, positions: Collection[int]) -> Mapping[int, bytes]:
        """See `Evidence.hashes`."""

    def fingerprints(self, positions: Collection[int]) -> Mapping[int, str]:
        """See `Evidence.fingerprint`."""


class InRows:
    """See `Heavy`; of rows that have it."""

    def __init__(self, ads: Sequence[Evidence]) -> None:
        self._ads = ads

    def hashes(self, positions: Collection[int]) -> Mapping[int, bytes]:
        """See `Heavy.hashes`."""
        return {at: self._ads[at].hashes for at in positions}

    def fingerprints(self, positions: Collection[int]) -> Mapping[int, str]:
        """See `Heavy.fingerprints`."""
        return {at: self._ads[at].fingerprint for at in positions}


class Sieve:
    """Compiled once for a change of packages, then asked about any number of ads.

    Terms, and the words of combos, are looked for without matching a text, see `TermChange`; pictures and clips by their
    hashes, see `media.change`. Patterns and links are found each on its own, so a detector of nothing but the changed rows
    says which ads they are in. A second look at pictures, without matching anything else, says who may be in them.
    """

    def __init__(self, change: PackageChange) -> None:
        self._change = change
        forms = list(change.forms())
        self._terms = [found for layer in change.layers for found in _term_changes(layer, forms)]
        self._pictures = [pictures for layer in change.layers if (pictures := _picture_change(layer, forms))]
        self._clips = [clips for layer in change.layers if (clips := _clip_change(layer, forms))]
        self._detectors = list(_detectors(forms))

    def candidates(self, ads: Sequence[Evidence], heavy: Heavy | None = None) -> set[int]:
        """Positions of the ads whose verdict may differ.

        Args:
            ads: rows of the archive.
            heavy: fetches what the rows do not hold; without it they hold it.
        """
        heavy = heavy or InRows(ads)
        found = (
            {at for at, ad in enumerate(ads) if self._change.concerns(ad.markets)} if self._change.markets else set()
        )
        texts = [ad.readings for ad in ads]
        for change in self._terms:
            found |= change.in_readings(texts)
            found |= {at for at, ad in _others(ads, found) if any(map(change.in_disguises, ad.disguises))}
            if change.has_forms:
                found |= {at for at, ad in _others(ads, found) if any(map(change.in_forms, ad.readings.split(LINE)))}
        if self._pictures or self._clips:
            found |= set(self._shown(ads, found, heavy))
        beyond = any(change.beyond_hashes for change in self._pictures)
        asked = [at for at, ad in _others(ads, found) if self._detectors or (beyond and ad.looks)]
        for some in batched(asked, _PARSED_AT_ONCE, strict=False):
            found |= {at for at, stored in heavy.fingerprints(some).items() if self._detected(stored)}
        return found

    def _shown(self, ads: Sequence[Evidence], found: set[int], heavy: Heavy) -> Iterator[int]:
        """Ads with pictures or clips of which a hash is near one of a changed row."""
        in_pictures = [wanted for change in self._pictures for wanted in change.in_pictures()]
        in_frames = [wanted for change in self._pictures for wanted in change.in_frames()]
        in_frames += [wanted for change in self._clips for wanted in change.in_frames()]
        for some in _packs(ads, [at for at, ad in _others(ads, found) if ad.pictures + ad.frames]):
            hashes = heavy.hashes(some)
            ends = {at: ads[at].pictures * HASH_BYTES for at in some}
            yield from _whose({at: hashes[at][: ends[at]] for at in some}, in_pictures)
            yield from _whose({at: hashes[at][ends[at] :] for at in some}, in_frames)

    def _detected(self, stored: str) -> bool:
        parts = parts_to_scan(Fingerprint.from_dict(json.loads(stored)))
        return any(self._seen(part) or self._matched(part) for part in parts)

    def _seen(self, part: Part) -> bool:
        return part.kind is PartKind.IMAGE and any(change.in_evidence(part.evidence) for change in self._pictures)

    def _matched(self, part: Part) -> bool:
        return any(part.kind in detector.looks_at and any(detector.detect(part)) for detector in self._detectors)


def _term_changes(layer: LayerChange, forms: Sequence[Material]) -> Iterator[TermChange]:
    """What differs in a layer's terms and in the words of its combos; rows of other layers do no harm."""
    differing = list(dict.fromkeys((*forms, *layer.forms())))
    for kind, rows in ((Kind.TERM, _of_kind(differing, Kind.TERM)), (Kind.COMBO, _words(differing))):
        lexicon = TermDetector.in_memory(list(enumerate(rows))).lexicon
        if lexicon:
            yield TermChange(_lexicon(layer.old, kind), _lexicon(layer.new, kind), lexicon)


def _picture_change(layer: LayerChange, forms: Sequence[Material]) -> PictureChange | None:
    """What differs in a layer's pictures; None where nothing does."""
    old, new = _open(layer.old, ImageDetector), _open(layer.new, ImageDetector)
    changed = _visual(layer, forms)
    before, after = (detector.bank.rows[: detector.bank.samples] if detector else () for detector in (old, new))
    names = _names(layer.old, before, changed), _names(layer.new, after, changed)
    return PictureChange(old, new, names, changed) or None


def _clip_change(layer: LayerChange, forms: Sequence[Material]) -> ClipChange | None:
    """What differs in a layer's clips; None where nothing does."""
    old, new = _open(layer.old, VideoDetector), _open(layer.new, VideoDetector)
    changed = _visual(layer, forms)
    names = _names(layer.old, (), changed), _names(layer.new, (), changed)
    return ClipChange(old, new, names, changed) or None


def _names(package: Package | None, rows: Iterable[int], changed: Iterable[str]) -> dict[int, str]:
    """Ids of these rows and of the changed ones that the package holds."""
    if package is None:
        return {}
    held = ((package.row(name), name) for name in changed)
    return {row: package.material(row).id for row in rows} | {row: name for row, name in held if row is not None}


def _visual(layer: LayerChange, forms: Sequence[Material]) -> frozenset[str]:
    return frozenset(material.id for material in chain(forms, layer.forms()) if material.visual)


def _packs(ads: Sequence[Evidence], positions: Iterable[int]) -> Iterator[list[int]]:
    """Positions in packs whose hashes are held at a time."""
    pack, held = list[int](), 0
    for at in positions:
        pack.append(at)
        held += ads[at].pictures + ads[at].frames
        if held >= _HASHES_AT_ONCE:
            yield pack
            pack, held = [], 0
    if pack:
        yield pack


def _whose(hashes: Mapping[int, bytes], wanted: "Sequence[Wanted]") -> Iterator[int]:
    """Positions of which a hash is near."""
    positions, ends = list(hashes), list(accumulate(len(some) // HASH_BYTES for some in hashes.values()))
    return (positions[bisect_right(ends, number)] for number in near(b"".join(hashes.values()), wanted))


def _others(ads: Sequence[Evidence], found: set[int]) -> Iterator[tuple[int, Evidence]]:
    return ((at, ad) for at, ad in enumerate(ads) if at not in found)


def _of_kind(materials: Iterable[Material], kind: Kind) -> list[Material]:
    return [material for material in materials if material.kind is kind]


def _words(materials: Iterable[Material]) -> list[Material]:
    """The words of the combos among these, as the terms that they are found as."""
    return [word for material in _of_kind(materials, Kind.COMBO) for word in words_of(material)]


def _lexicon(package: Package | None, kind: Kind) -> Lexicon | None:
    detector = _open(package, TermDetector) if kind is Kind.TERM else _open(package, ComboDetector)
    return detector.lexicon if detector else None


def _open[D](package: Package | None, kind: type[D]) -> D | None:
    """The layer's own detector of a kind."""
    return next((found for found in package.detectors if isinstance(found, kind)), None) if package else None


def _detectors(materials: Sequence[Material]) -> Iterator[Detector]:
    """A detector of these rows alone for every kind that is found neither through a lexicon nor by a sample."""
    materials = [material for material in materials if not material.visual]
    for detector in DETECTORS:
        rows = [row for row in enumerate(materials) if row[1].kind in detector.kinds]
        if rows and detector not in (TermDetector, ComboDetector):
            yield detector.open({name: memoryview(data) for name, data in detector.compile(rows).items()})
