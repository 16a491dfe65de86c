from adsieve.detectors.images import _BACK
from adsieve.detectors.media.how import MediaStep
from adsieve.detectors.media.pdq import TURNS
from adsieve.detectors.videos import KNOWN_VIEWS
from adsieve.domain.material import Kind
from adsieve.service.explain import meanings


def test_every_turn_and_view_has_a_meaning() -> None:
    known = set(map(str, MediaStep))
    assert {turn for turn in TURNS if turn} | set(_BACK.values()) <= known
    assert {view for view in KNOWN_VIEWS if view != "whole"} | {"photo", "seam"} <= known


def test_findings_of_pictures_and_clips_are_explained() -> None:
    for kind in (Kind.IMAGE, Kind.VIDEO):
        assert all(meanings(kind, ("features", "mirror", "negative", "partial", "near")).values())
