"""Pictures in the archive: what is kept of them beside their fingerprint, and that it is found again in the file."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from adsieve.adapters.evidence_files import FolderFiles
from adsieve.adapters.parquet import DuckTables
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain.material import Kind, Material
from adsieve.material.change import compare
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.service.extract import fingerprint
from adsieve.service.rescan import sieve
from adsieve.service.rescan.archive import Archive
from adsieve.service.rescan.evidence import VERSION, Evidence
from adsieve.service.rescan.ports import Standing
from adsieve.service.rescan.shard import Shards
from adsieve.service.rescan.sieve import Sieve
from adsieve.version import __version__
from tests.builders import NOON, TODAY, a_material, a_matrix, an_ad
from tests.pictures import scene


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(FolderFiles(tmp_path / "archive"), DuckTables())


@pytest.fixture
def row(tmp_path: Path) -> Material:
    scene(3).save(tmp_path / "wheel.png")
    return a_material(id="I-1", kind=Kind.IMAGE, value="wheel.png", folder=str(tmp_path))


def package(*materials: Material) -> Package:
    return Package.of(compile_files(materials, a_matrix()))


def text_only(ad_id: str) -> Evidence:
    return Evidence.of(fingerprint(an_ad(ad_id=ad_id, texts={"headline": "soap"}), b"", {}, NOON))


def pictured(ad_id: str, file: Path) -> Evidence:
    shown = fingerprint(an_ad(ad_id=ad_id, texts={"headline": "soap"}), b"", {}, NOON)
    return Evidence.of(replace(shown, parts=(*shown.parts, *read_picture("media/x.png", file, Deadline.after(60)))))


def test_a_changed_picture_is_looked_for_in_the_ads_that_have_one(
    archive: Archive, row: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sieve, "_HASHES_AT_ONCE", 1)
    monkeypatch.setattr(sieve, "_PARSED_AT_ONCE", 1)
    scene(4).save(tmp_path / "other.png")
    with_it, other = pictured("ad-2", tmp_path / "wheel.png"), pictured("ad-3", tmp_path / "other.png")
    archive.add([text_only("ad-1"), with_it, other], Standing(package().ref.sha256, __version__, TODAY))
    (partition,) = archive.partitions()
    for old, new in ((package(), package(row)), (package(row), package())):
        result = Shards(archive, compare(old, new, TODAY, TODAY)).scan(partition)
        assert [one["ad_id"] for one in result.found] == ["ad-2"]
        assert (result.ads, result.candidates) == (3, 1)


def test_where_no_sample_differs_no_picture_is_looked_at(row: Material, tmp_path: Path) -> None:
    ads = [pictured("ad-1", tmp_path / "wheel.png")]
    new = package(row, a_material(id="T-1", value="casino"))
    assert Sieve(compare(package(row), new, TODAY, TODAY)).candidates(ads) == set()


def test_evidence_of_an_older_version_is_derived_again(archive: Archive, tmp_path: Path) -> None:
    scene(3).save(tmp_path / "wheel.png")
    kept = pictured("ad-1", tmp_path / "wheel.png")
    archive.add([kept], None)
    (partition,) = archive.partitions()
    older = tmp_path / "archive" / "evidence" / "2.1" / "0123.parquet"
    older.parent.mkdir()
    with archive.files.local(partition.name) as path, duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * EXCLUDE (pictures, frames, looks, hashes) FROM '{path}') TO '{older}'")
    archive.files.delete(partition.name)
    assert archive.rederive() == 1
    (partition,) = archive.partitions()
    assert partition.name.startswith(f"evidence/{VERSION}/")
    assert archive.rows(partition) == [kept._replace(markets=list(kept.markets), disguises=list(kept.disguises))]
