from pathlib import Path

import numpy as np
import pytest

from adsieve.detectors.media.clips import clip_part
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.videos import VideoDetector
from adsieve.domain.decision import Action
from adsieve.domain.errors import InvalidMaterialError, PackageError
from adsieve.domain.finding import Finding, Match
from adsieve.domain.material import Kind, Material
from tests.builders import a_material
from tests.clips import FPS, Pixels, footage, write_clip

SIZE = (320, 180)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("material")


@pytest.fixture(scope="module")
def shown() -> list[Pixels]:
    return footage(1, 12, SIZE)


@pytest.fixture(scope="module")
def material(folder: Path, shown: list[Pixels]) -> Material:
    write_clip(folder / "bad.mp4", shown)
    return a_material(kind=Kind.VIDEO, value="bad.mp4", folder=str(folder))


@pytest.fixture(scope="module")
def compiled(material: Material) -> dict[str, bytes]:
    return VideoDetector.compile([(0, material)])


@pytest.fixture(scope="module")
def detector(compiled: dict[str, bytes]) -> VideoDetector:
    return VideoDetector.open({name: memoryview(data) for name, data in compiled.items()})


def opened(*materials: Material) -> VideoDetector:
    files = VideoDetector.compile(list(enumerate(materials)))
    return VideoDetector.open({name: memoryview(data) for name, data in files.items()})


def found(detector: VideoDetector, file: Path) -> list[Match]:
    return list(detector.detect(clip_part("media/x.mp4", file, Deadline.after(600))[0]))


def test_the_same_rows_give_the_same_bytes(material: Material, compiled: dict[str, bytes]) -> None:
    assert VideoDetector.compile([(0, material)]) == compiled


def test_a_whole_clip_is_found_and_may_reject(
    detector: VideoDetector, material: Material, shown: list[Pixels], tmp_path: Path
) -> None:
    (match,) = found(detector, write_clip(tmp_path / "x.mp4", shown, crf=36))
    assert (match.where["from_s"], match.where["to_s"], match.where["seconds"]) == (0, 12, 12)
    assert Finding(material, "media/x.mp4", match).action is Action.REJECT


@pytest.mark.parametrize("gop", [None, 999])
def test_a_few_seconds_inside_another_clip_lead_to_review(
    gop: int | None, detector: VideoDetector, material: Material, shown: list[Pixels], tmp_path: Path
) -> None:
    other = footage(7, 14, SIZE)
    frames = [*other[: 6 * FPS], *shown[3 * FPS : 6 * FPS], *other[6 * FPS :]]
    (match,) = found(detector, write_clip(tmp_path / "x.mp4", frames, gop=gop))
    assert match.where["from_s"] == pytest.approx(6, abs=1)
    assert match.where["to_s"] == pytest.approx(9, abs=1)
    assert {"partial", "near"} <= set(match.how)
    assert Finding(material, "media/x.mp4", match).action is Action.REVIEW


def test_a_mirrored_clip_is_found_and_says_so(detector: VideoDetector, shown: list[Pixels], tmp_path: Path) -> None:
    (match,) = found(detector, write_clip(tmp_path / "x.mp4", [np.fliplr(pixels) for pixels in shown]))
    assert "mirror" in match.how


def test_one_glimpse_is_not_enough(detector: VideoDetector, shown: list[Pixels], tmp_path: Path) -> None:
    other = footage(8, 10, SIZE)
    frames = [*other[: 5 * FPS], *shown[: FPS // 2], *other[5 * FPS :]]
    assert found(detector, write_clip(tmp_path / "x.mp4", frames)) == []


def test_another_clip_is_not_found(detector: VideoDetector, tmp_path: Path) -> None:
    assert found(detector, write_clip(tmp_path / "x.mp4", footage(9, 8, SIZE))) == []


def test_the_last_second_of_a_clip_with_one_keyframe_hides_nothing(folder: Path, tmp_path: Path) -> None:
    still = footage(21, 0.1, SIZE) * 20
    write_clip(folder / "still.mp4", still)
    detector = opened(a_material(kind=Kind.VIDEO, value="still.mp4", folder=str(folder)))
    hidden = write_clip(tmp_path / "x.mp4", [*footage(22, 9, SIZE), *still[:FPS]], gop=999)
    (match,) = found(detector, hidden)
    assert match.where["from_s"] == pytest.approx(9, abs=1)
    assert match.where["to_s"] == pytest.approx(10, abs=0.2)


def test_a_sample_that_cannot_be_read_names_its_row(folder: Path) -> None:
    (folder / "broken.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(40))
    with pytest.raises(InvalidMaterialError, match=r"broken\.mp4"):
        VideoDetector.compile([(0, a_material(kind=Kind.VIDEO, value="broken.mp4", folder=str(folder)))])


def test_a_sample_that_shows_nothing_is_refused(folder: Path) -> None:
    write_clip(folder / "grey.mp4", [np.full((96, 160, 3), 90, np.uint8)] * 20)
    with pytest.raises(InvalidMaterialError, match="nothing to know it by"):
        VideoDetector.compile([(0, a_material(kind=Kind.VIDEO, value="grey.mp4", folder=str(folder)))])


def test_a_damaged_index_is_refused() -> None:
    with pytest.raises(PackageError):
        VideoDetector.open({"videos.json": memoryview(b"{}")})
