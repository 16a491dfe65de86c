import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from adsieve.detectors.images import ImageDetector
from adsieve.detectors.media import learned
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import PackageError, UnavailableError
from adsieve.domain.material import Kind
from tests.builders import a_material
from tests.perf.images.drawn import draw


class Colours:
    """A model that knows pictures by nothing but their colours."""

    name = "colours"

    def vectors(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Mean colours of 2 x 2 tiles."""
        small = [np.asarray(Image.fromarray(one).resize((2, 2), Image.Resampling.BOX)) for one in pictures]
        flat = np.stack(small).reshape(len(small), -1).astype(np.float32) - 127
        return flat / np.linalg.norm(flat, axis=1, keepdims=True)


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "model", Colours)


def evidence(image: Image.Image, folder: Path) -> dict[str, Any]:
    image.save(folder / "x.jpg")
    (part,) = read_picture("media/x.jpg", folder / "x.jpg", Deadline.after(60))
    told: dict[str, Any] = json.loads(json.dumps(part.evidence))
    return told


def compiled(folder: Path) -> dict[str, bytes]:
    for seed in (1, 3):
        draw(seed).save(folder / f"{seed}.png")
    rows = [(seed, a_material(kind=Kind.IMAGE, value=f"{seed}.png", folder=str(folder))) for seed in (1, 3)]
    return ImageDetector.compile(rows)


def found(files: dict[str, bytes], told: dict[str, Any]) -> list[tuple[int, tuple[str, ...]]]:
    """What is found by vectors alone: hashes are left out, and features are those of nothing."""
    nothing = {"places": "", "bits": "", "mirrored": ""}
    bare = told | {"sha256": "", "hashes": [], "looks": [look | {"features": nothing} for look in told["looks"]]}
    detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
    return [(match.row, match.how) for match in detector.detect(Part("media/x.jpg", PartKind.IMAGE, evidence=bare))]


def test_it_is_off_unless_a_file_is_named(tmp_path: Path) -> None:
    assert learned.model() is None
    assert "learned" not in evidence(draw(1), tmp_path)["looks"][0]
    assert not [name for name in compiled(tmp_path) if "learned" in name]


@pytest.mark.usefixtures("colours")
def test_a_picture_is_found_by_its_vector_and_its_mirror_image(tmp_path: Path) -> None:
    files = compiled(tmp_path)
    assert found(files, evidence(draw(3).rotate(2), tmp_path)) == [(3, ("learned",))]
    assert found(files, evidence(draw(3).transpose(Image.Transpose.FLIP_LEFT_RIGHT), tmp_path)) == [(3, ("learned",))]
    assert found(files, evidence(Image.new("RGB", (300, 300), "lime"), tmp_path)) == []


@pytest.mark.usefixtures("colours")
def test_what_is_far_is_doubtful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "SURE", -1)
    assert found(compiled(tmp_path), evidence(draw(1), tmp_path)) == [(1, ("learned", "near"))]


def test_vectors_of_another_model_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colours: None) -> None:
    del colours
    files = compiled(tmp_path)
    monkeypatch.setattr(Colours, "name", "other")
    assert found(files, evidence(draw(1), tmp_path)) == []


@pytest.mark.usefixtures("colours")
def test_a_picture_that_is_known_already_is_told_once(tmp_path: Path) -> None:
    files = compiled(tmp_path)
    detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
    (match,) = detector.detect(Part("media/x.jpg", PartKind.IMAGE, evidence=evidence(draw(1), tmp_path)))
    assert "learned" not in match.how


@pytest.mark.usefixtures("colours")
def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    files = compiled(tmp_path)
    files["images.learned.vectors"] = files["images.learned.vectors"][:-3]
    with pytest.raises(PackageError, match="bad_vectors"):
        found(files, evidence(draw(1), tmp_path))


class Session:
    """What `onnxruntime.InferenceSession` is to the model: tells its input's type, and means per colour."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name="image", type=self.kind)]

    def run(self, outputs: None, given: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
        del outputs
        batch = given["image"]
        rows_first = self.kind == "tensor(uint8)"
        assert batch.shape == ((1, learned.SIDE, learned.SIDE, 3) if rows_first else (1, 3, learned.SIDE, learned.SIDE))
        return [batch.astype(np.float32).mean(axis=(1, 2) if rows_first else (2, 3))]


@pytest.mark.parametrize("kind", ["tensor(uint8)", "tensor(float)"])
def test_an_onnx_model_gets_what_it_asks_for_and_gives_unit_vectors(kind: str) -> None:
    pictures = [np.full((50, 80, 3), (200, 100, 50), np.uint8), np.full((90, 40, 3), 250, np.uint8)]
    vectors = learned.OnnxModel(Session(kind), "m").vectors(pictures)
    assert vectors.shape == (2, 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert vectors[0] @ vectors[1] < 0.999


def test_a_model_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(UnavailableError, match=r"ADSIEVE_COPY_MODEL names .*model\.onnx"):
        learned.OnnxModel.open(tmp_path / "model.onnx")
