import json
from collections.abc import Callable
from pathlib import Path

import pytest

from adsieve.detectors import DETECTORS
from adsieve.domain.decision import State
from adsieve.domain.errors import InputError, InvalidMaterialError, PackageError
from adsieve.domain.material import Kind
from adsieve.material.compile import compile_files, write_package
from adsieve.material.manifest import MANIFEST, MANIFEST_DIGEST, digest
from adsieve.material.package import Package, load_package
from tests.builders import a_material, a_matrix

TERMS = [a_material(id=f"T-{n}", value=value) for n, value in enumerate(["casino", "كازينو", "赌场"])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_package(compile_files(TERMS, a_matrix()), tmp_path / "package")
    return tmp_path / "package"


def reason(folder: Path) -> str:
    with pytest.raises(PackageError) as caught:
        load_package(folder)
    return caught.value.reason


def test_equal_rows_in_any_order_give_equal_bytes() -> None:
    assert compile_files(TERMS, a_matrix()) == compile_files(TERMS[::-1], a_matrix())


def test_rows_come_back_from_the_package(folder: Path) -> None:
    assert load_package(folder).materials() == TERMS


@pytest.mark.parametrize("value", ["the", "x", "هذا", "و", "فِي", "7"])
def test_a_term_that_nearly_every_text_holds_is_never_compiled(value: str) -> None:
    rows = [*TERMS, a_material(id="T-9", value=value, source="rows.csv:9")]
    with pytest.raises(InvalidMaterialError, match=r"rows\.csv:9") as caught:
        compile_files(rows, a_matrix())
    assert [problem.column for problem in caught.value.problems] == ["value"]
    assert caught.value.problems[0].hint


def test_only_materials_that_may_be_seen_are_shipped() -> None:
    rows = [a_material(id=str(state), state=state) for state in State]
    shipped = Package.of(compile_files(rows, a_matrix())).materials()
    assert {material.id for material in shipped} == {"SHADOW", "CANARY", "ACTIVE"}


def test_an_empty_package_opens() -> None:
    assert len(Package.of(compile_files([], a_matrix()))) == 0


def test_every_flipped_bit_is_refused(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        whole = file.read_bytes()
        for place in {0, len(whole) // 3, len(whole) // 2, len(whole) - 1} if whole else ():
            for bit in (0x01, 0x80):
                file.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
                assert reason(folder) in {"digest_mismatch", "manifest_malformed"}, (file.name, place)
        file.write_bytes(whole)
    load_package(folder)


def _truncate(folder: Path) -> None:
    (folder / "materials.others").write_bytes(b"")


def _add_file(folder: Path) -> None:
    (folder / "extra.txt").write_text("x")


def _drop_file(folder: Path) -> None:
    (folder / "policies.json").unlink()


def _drop_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def _link_file(folder: Path) -> None:
    (folder / "policies.json").rename(folder.parent / "policies.json")
    (folder / "policies.json").symlink_to(folder.parent / "policies.json")


def _rewrite_manifest(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    """A manifest that is changed and given a digest that fits, as somebody with bad intent would."""

    def spoil(folder: Path) -> None:
        told = json.loads((folder / MANIFEST).read_text())
        change(told)
        data = (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        (folder / MANIFEST).write_bytes(data)
        (folder / MANIFEST_DIGEST).write_text(digest(data) + "\n")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_truncate, "size_mismatch"),
        (_add_file, "file_unknown"),
        (_drop_file, "file_missing"),
        (_drop_manifest, "file_missing"),
        (_link_file, "file_unknown"),
        (_rewrite_manifest(lambda told: told.update(schema=2)), "schema_unknown"),
        (_rewrite_manifest(lambda told: told.update(engine_min="99.0.0")), "engine_too_old"),
        (_rewrite_manifest(lambda told: told.update(engine_min="x")), "manifest_malformed"),
        (_rewrite_manifest(lambda told: told.update(extra=1)), "manifest_malformed"),
        (_rewrite_manifest(lambda told: told.pop("files")), "manifest_malformed"),
        (_rewrite_manifest(lambda told: told.update(counts={"materials": 4})), "inconsistent"),
        (_rewrite_manifest(lambda told: told.update(counts={})), "manifest_malformed"),
        (
            _rewrite_manifest(lambda told: told.update(files={"../x": {"bytes": 1, "sha256": "0"}})),
            "manifest_malformed",
        ),
    ],
)
def test_a_package_that_is_not_as_published_is_refused_by_reason(
    folder: Path, spoil: Callable[[Path], None], expected: str
) -> None:
    spoil(folder)
    assert reason(folder) == expected


def test_what_is_no_folder_is_no_package(tmp_path: Path) -> None:
    assert reason(tmp_path / "nothing") == "not_found"


def test_writing_replaces_a_package_and_spares_everything_else(folder: Path, tmp_path: Path) -> None:
    write_package(compile_files(TERMS[:1], a_matrix()), folder)
    assert len(load_package(folder)) == 1
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(InputError, match="is no package"):
        write_package(compile_files(TERMS, a_matrix()), tmp_path / "photos")
    assert (tmp_path / "photos" / "cat.jpg").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["package", "photos"]


def test_every_kind_of_material_has_one_detector() -> None:
    assert sorted(kind for detector in DETECTORS for kind in detector.kinds) == sorted(Kind)
