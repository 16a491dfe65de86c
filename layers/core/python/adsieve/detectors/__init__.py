"""What can be found in an ad, one detector a kind of material."""

from adsieve.detectors.base import Detector
from adsieve.detectors.terms import TermDetector

DETECTORS: tuple[type[Detector], ...] = (TermDetector,)

__all__ = ["DETECTORS", "Detector", "TermDetector"]
