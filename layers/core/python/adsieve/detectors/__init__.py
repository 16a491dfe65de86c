"""What can be found in an ad, one detector a kind of material."""

from adsieve.detectors.base import Detector
from adsieve.detectors.terms import TermDetector
from adsieve.detectors.urls import UrlDetector

DETECTORS: tuple[type[Detector], ...] = (TermDetector, UrlDetector)

__all__ = ["DETECTORS", "Detector", "TermDetector", "UrlDetector"]
