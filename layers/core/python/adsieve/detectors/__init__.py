"""What can be found in an ad, one detector a kind of material."""

from adsieve.detectors.base import Detector
from adsieve.detectors.images import ImageDetector
from adsieve.detectors.terms import TermDetector
from adsieve.detectors.videos import VideoDetector

DETECTORS: tuple[type[Detector], ...] = (TermDetector, ImageDetector, VideoDetector)

__all__ = ["DETECTORS", "Detector", "ImageDetector", "TermDetector", "VideoDetector"]
