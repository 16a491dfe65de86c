"""What can be found in an ad, one detector a kind of material."""

from adsieve.detectors.base import Detector
from adsieve.detectors.combos import ComboDetector
from adsieve.detectors.images import ImageDetector
from adsieve.detectors.patterns import PatternDetector
from adsieve.detectors.terms import TermDetector
from adsieve.detectors.urls import UrlDetector
from adsieve.detectors.videos import VideoDetector

DETECTORS: tuple[type[Detector], ...] = (
    TermDetector,
    PatternDetector,
    ComboDetector,
    UrlDetector,
    ImageDetector,
    VideoDetector,
)

__all__ = [
    "DETECTORS",
    "ComboDetector",
    "Detector",
    "ImageDetector",
    "PatternDetector",
    "TermDetector",
    "UrlDetector",
    "VideoDetector",
]
