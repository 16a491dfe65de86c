from pathlib import Path

import pytest

from adsieve.local.layer import compile_alone, main, trim

UNCHECKED_HASH = 0b01


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Modules as pip leaves them."""
    folder = tmp_path / "python"
    for name in ("bin/tool", "one/__init__.py", "one/__init__.pyi", "one/tests/deep/test_one.py", "one/fast.pxd",
                 "one/drawing.so", "two/__init__.py", "two/data.json"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_what_functions_never_read_goes(target: Path) -> None:
    trim(target, ["two", "one/draw*.so", "not/there"])

    assert files(target) == {"one/__init__.py"}


def test_modules_are_left_compiled_alone_and_name_the_place_where_lambda_mounts_them(target: Path) -> None:
    trim(target, ["one/drawing.so"])
    compile_alone(target)

    assert files(target) == {"one/__init__.pyc", "two/__init__.pyc", "two/data.json"}
    compiled = (target / "one" / "__init__.pyc").read_bytes()
    assert compiled[4] == UNCHECKED_HASH
    assert b"/opt/python/one/__init__.py" in compiled


def test_an_unknown_processor_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIEVE_ARCHITECTURE", "riscv")

    assert main(tmp_path, []) == "ADSIEVE_ARCHITECTURE is `riscv`, want arm64 or x86_64"
