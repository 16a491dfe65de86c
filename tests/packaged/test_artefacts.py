"""What `sam build` leaves behind: complete, compiled, for the right processor, and without what only laptops use."""

import importlib.util
import marshal
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest

from adsieve import load_package

pytestmark = pytest.mark.packaged

UNCHECKED_HASH = 0b01
ELF_MACHINES = {62: "x86_64", 183: "arm64"}
MAX_UNZIPPED_BYTES = 250 * 2**20
"""Lambda's limit for a function and all its layers together."""


def elf_machine(library: Path) -> str:
    with library.open("rb") as file:
        return ELF_MACHINES[int.from_bytes(file.read(20)[18:20], "little")]


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_the_core_layer_leaves_out_what_only_laptops_use(built: Path) -> None:
    library = built / "CoreLayer" / "python" / "adsieve"

    assert (library / "domain" / "ad.py").exists()
    assert not (library / "cli").exists()
    assert not (library / "local").exists()


@pytest.mark.parametrize("layer", ["CoreLayer", "DependenciesLayer"])
def test_every_module_is_shipped_compiled_and_is_not_checked_again(built: Path, layer: str) -> None:
    modules = [module for module in (built / layer).rglob("*.py") if "-info" not in str(module)]
    loose = []
    for module in modules:
        compiled = Path(importlib.util.cache_from_source(str(module)))
        if not compiled.exists() or compiled.read_bytes()[4] != UNCHECKED_HASH:
            loose.append(str(module))

    assert modules
    assert loose == []


def test_tracebacks_name_the_place_where_lambda_mounts_the_layer(built: Path) -> None:
    compiled = importlib.util.cache_from_source(str(built / "CoreLayer/python/adsieve/domain/ad.py"))
    code = marshal.loads(Path(compiled).read_bytes()[16:])

    assert isinstance(code, CodeType)
    assert code.co_filename == "/opt/python/adsieve/domain/ad.py"


def test_the_material_layer_holds_a_package_that_opens(built: Path) -> None:
    assert load_package(built / "MaterialLayer" / "material")


@pytest.mark.parametrize("function", ["ScanUploadFunction", "RescanFunction"])
def test_a_function_carries_its_handler_alone(built: Path, function: str) -> None:
    assert [file.name for file in (built / function).iterdir()] == ["handler.py"]


def test_everything_together_fits_lambda(built: Path) -> None:
    assert size(built) < MAX_UNZIPPED_BYTES


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_dependencies_are_built_for_either_processor(copied_layer: Path, tmp_path: Path, architecture: str) -> None:
    made = make_dependencies(copied_layer, tmp_path / "out", architecture)

    libraries = [*(tmp_path / "out").rglob("*.so")]
    assert made.returncode == 0, made.stderr
    assert libraries
    assert {elf_machine(library) for library in libraries} == {architecture}


def test_an_unknown_processor_is_refused_by_name(copied_layer: Path, tmp_path: Path) -> None:
    made = make_dependencies(copied_layer, tmp_path / "out", "riscv")

    assert made.returncode != 0
    assert "ADSIEVE_ARCHITECTURE is `riscv`, want arm64 or x86_64" in made.stderr


def make_dependencies(layer: Path, out: Path, architecture: str) -> subprocess.CompletedProcess[str]:
    variables = [f"ARTIFACTS_DIR={out}", f"ADSIEVE_ARCHITECTURE={architecture}", f"PYTHON={sys.executable}"]
    return subprocess.run(
        ["make", "build-DependenciesLayer", *variables], cwd=layer, capture_output=True, text=True, check=False
    )
