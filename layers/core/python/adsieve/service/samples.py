"""Samples of registered material as files, which is where detectors read them."""

import shutil
import tempfile
import weakref
from dataclasses import replace
from pathlib import Path

from adsieve.domain.errors import InputError, InvalidMaterialError, Problem
from adsieve.domain.material import Material
from adsieve.domain.samples import FOLDER, check_sample
from adsieve.material_ports import SampleStore


class NoSamples:
    """Where no place is named for pictures and clips: everything else works."""

    def put(self, name: str, data: bytes) -> None:
        """Refuse to keep it."""
        raise InputError(f"{len(data)} bytes of {name}: set ADSIEVE_MATERIALS_BUCKET to keep samples")

    def get(self, name: str) -> bytes | None:
        """Refuse to read it."""
        raise InputError(f"{name}: set ADSIEVE_MATERIALS_BUCKET to read samples")

    def has(self, name: str) -> bool:
        """Refuse to look for it."""
        raise InputError(f"{name}: set ADSIEVE_MATERIALS_BUCKET to look for samples")


class SampleFolder:
    """Gives material whose sample lies in a folder that lives as long as this object; each sample is fetched once."""

    def __init__(self, store: SampleStore) -> None:
        self._store = store
        self._folder = Path(tempfile.mkdtemp(prefix="adsieve-samples-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        (self._folder / FOLDER).mkdir()

    def __call__(self, material: Material) -> Material:
        """The material, readable by its detector. Rows that were read from files, and rows of words, stay as they are.

        Raises:
            InvalidMaterialError: its sample is not kept.
            DamagedRecordError: what is kept is not what the row names.
        """
        if material.folder or not material.sampled:
            return material
        file = self._folder / material.value
        if not file.is_file():
            name = material.value.removeprefix(f"{FOLDER}/")
            data = self._store.get(name)
            if data is None:
                hint = "import the row again, with its file"
                raise InvalidMaterialError([Problem(material.id, "value", f"its sample {name} is not kept", hint)])
            check_sample(name, data)
            file.write_bytes(data)
        return replace(material, folder=str(self._folder))
