"""What `sam build` leaves behind: complete, compiled, for the right processor, and without what only laptops use."""

import importlib.util
import marshal
import shutil
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest

from adsieve import load_package
from adsieve.local.workspace import architecture

pytestmark = pytest.mark.packaged

LAYERS = Path(__file__).parents[2] / "layers"
UNCHECKED_HASH = 0b01
ELF_MACHINES = {62: "x86_64", 183: "arm64"}
MAX_UNZIPPED_MB = 250 * 2**20 / 1e6
"""Lambda's limit for a function and all its layers together."""

CARRIED = {
    "none": ("CoreLayer", "DependenciesLayer", "MaterialLayer"),
    "pictures": ("CoreLayer", "DependenciesLayer", "MaterialLayer", "MediaLayer"),
    "video": ("CoreLayer", "DependenciesLayer", "MaterialLayer", "MediaLayer", "VideoLayer"),
}
"""Layers of the scan function, by the parameter `Media`."""

BUDGET_MB: dict[str, dict[str, float]] = {
    "arm64": {"none": 40, "pictures": 120, "video": 200},
    "x86_64": {"none": 40, "pictures": 130, "video": MAX_UNZIPPED_MB},
}
"""x86_64 wheels are larger: their linker left holes of megabytes in them."""

THIRD_PARTY = {
    "DependenciesLayer": "dependencies",
    "MediaLayer": "media",
    "VideoLayer": "video",
    "AnalyticsLayer": "analytics",
}


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


@pytest.mark.parametrize("layer", THIRD_PARTY)
def test_modules_of_others_are_shipped_compiled_alone(built: Path, layer: str) -> None:
    """Their sources would take 10 MB of the 250 that Lambda allows."""
    files = list((built / layer).rglob("*.py*"))
    assert {file.suffix for file in files} <= {".pyc"}
    assert all(file.read_bytes()[4] == UNCHECKED_HASH for file in files)
    assert files


def test_every_module_of_ours_is_shipped_compiled_and_is_not_checked_again(built: Path) -> None:
    modules = list((built / "CoreLayer").rglob("*.py"))
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


@pytest.fixture(scope="session", params=["arm64", "x86_64"])
def layers(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """An architecture and a folder with all layers built for it; those without compiled code are the same on both."""
    folder = tmp_path_factory.mktemp(request.param)
    for layer in dict.fromkeys((*CARRIED["video"], *THIRD_PARTY)):
        if request.param == architecture() or layer not in THIRD_PARTY:
            (folder / layer).symlink_to(built / layer)
        else:
            source = shutil.copytree(LAYERS / THIRD_PARTY[layer], folder / THIRD_PARTY[layer])
            made = make_layer(layer, source, folder / layer, request.param)
            assert made.returncode == 0, made.stderr
    return request.param, folder


def test_layers_are_built_for_either_processor(layers: tuple[str, Path]) -> None:
    architecture, folder = layers

    for layer in THIRD_PARTY:
        libraries = [library for library in (folder / layer).rglob("*.so*") if library.is_file()]
        assert libraries
        assert {elf_machine(library) for library in libraries} == {architecture}


@pytest.mark.parametrize("media", ["none", "pictures", "video"])
def test_what_a_function_carries_fits(layers: tuple[str, Path], sentences: list[str], media: str) -> None:
    architecture, folder = layers
    sizes = {layer: size(folder / layer) / 1e6 for layer in CARRIED[media]}
    told = ", ".join(f"{layer} {megabytes:.1f}" for layer, megabytes in sizes.items())

    sentences.append(f"unzipped MB on {architecture} with Media={media}: {sum(sizes.values()):.0f} ({told})")
    assert sum(sizes.values()) < min(BUDGET_MB[architecture][media], MAX_UNZIPPED_MB)


def test_words_can_be_read_with_what_is_shipped(built: Path) -> None:
    data = [file.name for file in (built / "MediaLayer" / "share" / "tessdata").iterdir()]

    assert sorted(data) == ["ara.traineddata", "eng.traineddata"]


def make_layer(name: str, source: Path, out: Path, architecture: str) -> subprocess.CompletedProcess[str]:
    variables = [f"ARTIFACTS_DIR={out}", f"ADSIEVE_ARCHITECTURE={architecture}", f"PYTHON={sys.executable}"]
    return subprocess.run(
        ["make", f"build-{name}", *variables], cwd=source, capture_output=True, text=True, check=False
    )
