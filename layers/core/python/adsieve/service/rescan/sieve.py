"""Which stored ads a change of packages can matter to: never too few, and seldom many more."""

from collections.abc import Iterable, Iterator, Sequence

from adsieve.detectors import DETECTORS, ComboDetector, TermDetector
from adsieve.detectors.base import Detector
from adsieve.detectors.combos import words_of
from adsieve.detectors.text.change import LINE, TermChange
from adsieve.detectors.text.lexicon import Lexicon
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.material import Kind, Material
from adsieve.material.change import LayerChange, PackageChange
from adsieve.material.package import Package
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.scan import parts_to_scan

_LOOKS = frozenset({PartKind.IMAGE, PartKind.VIDEO})


class Sieve:
    """Compiled once for a change of packages, then asked about any number of ads.

    Terms, and the words of combos, are looked for without matching a text, see `TermChange`. Patterns and links are found
    each on its own, so a detector of nothing but the changed rows says which ads they are in. A package has no samples to
    make such a detector of, so a changed picture or clip may be in any ad that has one.
    """

    def __init__(self, change: PackageChange) -> None:
        self._change = change
        forms = list(change.forms())
        self._terms = [found for layer in change.layers for found in _term_changes(layer, forms)]
        self._detectors = list(_detectors(forms))
        self._sampled = any(material.sampled for material in forms)
        self.needs_parts = bool(self._detectors) or self._sampled
        """Whether the ads' fingerprints are looked at, not only what stands beside them."""

    def candidates(self, ads: Sequence[Evidence]) -> set[int]:
        """Positions of the ads whose verdict may differ."""
        found = (
            {at for at, ad in enumerate(ads) if self._change.concerns(ad.markets)} if self._change.markets else set()
        )
        texts = [ad.readings for ad in ads]
        for change in self._terms:
            found |= change.in_readings(texts)
            found |= {at for at, ad in _others(ads, found) if any(map(change.in_disguises, ad.disguises))}
            if change.has_forms:
                found |= {at for at, ad in _others(ads, found) if any(map(change.in_forms, ad.readings.split(LINE)))}
        if self.needs_parts:
            found |= {at for at, ad in _others(ads, found) if self._detected(parts_to_scan(ad.decided_from()))}
        return found

    def _detected(self, parts: Iterable[Part]) -> bool:
        return any(
            (self._sampled and part.kind in _LOOKS)
            or any(part.kind in detector.looks_at and any(detector.detect(part)) for detector in self._detectors)
            for part in parts
        )


def _term_changes(layer: LayerChange, forms: Sequence[Material]) -> Iterator[TermChange]:
    """What differs in a layer's terms and in the words of its combos; rows of other layers do no harm."""
    differing = list(dict.fromkeys((*forms, *layer.forms())))
    for kind, rows in ((Kind.TERM, _of_kind(differing, Kind.TERM)), (Kind.COMBO, _words(differing))):
        lexicon = TermDetector.in_memory(list(enumerate(rows))).lexicon
        if lexicon:
            yield TermChange(_lexicon(layer.old, kind), _lexicon(layer.new, kind), lexicon)


def _others(ads: Sequence[Evidence], found: set[int]) -> Iterator[tuple[int, Evidence]]:
    return ((at, ad) for at, ad in enumerate(ads) if at not in found)


def _of_kind(materials: Iterable[Material], kind: Kind) -> list[Material]:
    return [material for material in materials if material.kind is kind]


def _words(materials: Iterable[Material]) -> list[Material]:
    """The words of the combos among these, as the terms that they are found as."""
    return [word for material in _of_kind(materials, Kind.COMBO) for word in words_of(material)]


def _lexicon(package: Package | None, kind: Kind) -> Lexicon | None:
    for detector in package.detectors if package else ():
        if kind is Kind.TERM and isinstance(detector, TermDetector):
            return detector.lexicon
        if kind is Kind.COMBO and isinstance(detector, ComboDetector):
            return detector.lexicon
    return None


def _detectors(materials: Sequence[Material]) -> Iterator[Detector]:
    """A detector of these rows alone for every kind that is found neither through a lexicon nor by a sample."""
    materials = [material for material in materials if not material.sampled]
    for detector in DETECTORS:
        rows = [row for row in enumerate(materials) if row[1].kind in detector.kinds]
        if rows and detector not in (TermDetector, ComboDetector):
            yield detector.open({name: memoryview(data) for name, data in detector.compile(rows).items()})
