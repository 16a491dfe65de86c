import gzip
import hashlib
import importlib.util
import io
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "layers" / "media" / "ocr_data.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ocr_data", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(member: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        info = tarfile.TarInfo(member)
        zipped = gzip.compress(data)
        info.size = len(zipped)
        archive.addfile(info, io.BytesIO(zipped))
    return packed.getvalue()


def test_pinned_data_is_taken_out_of_its_package(script: ModuleType) -> None:
    assert script.unpacked(package("package/4.0.0_best_int/ara.traineddata.gz", b"model"), "ara") == b"model"


def test_a_package_without_the_model_is_refused(script: ModuleType) -> None:
    with pytest.raises(script.DataError, match="holds no"):
        script.unpacked(package("package/other.gz", b"model"), "ara")


def test_changed_data_is_refused_and_not_installed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = package("package/4.0.0_best_int/ara.traineddata.gz", b"changed")
    monkeypatch.setattr(script, "_packed", lambda _: changed)
    monkeypatch.setattr(script, "HERE", tmp_path / "nothing")
    with pytest.raises(script.DataError, match="do not use it"):
        script.install(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_npm_is_told_what_to_install(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda _: None)
    monkeypatch.setattr(script, "HERE", tmp_path / "nothing")
    assert script.main([str(tmp_path / "data")]) == 1
    assert "npm is not on PATH" in capsys.readouterr().err


def test_what_the_environment_has_is_copied_and_not_fetched_again(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(script, "HERE", tmp_path / "here")
    monkeypatch.setattr(script, "_packed", lambda _: pytest.fail("fetched again"))
    monkeypatch.setattr(script, "SHA256", {"ara": hashlib.sha256(b"model").hexdigest()})
    (tmp_path / "here" / "ara.traineddata").write_bytes(b"model")
    (file,) = script.install(tmp_path / "there")
    assert file.read_bytes() == b"model"
