from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from adsieve.adapters.memory import MemoryUpload
from adsieve.cli import main
from adsieve.cli.picture_page import write_page
from adsieve.detectors.media.pdq import luma, pdq
from adsieve.detectors.media.reader import Reader
from adsieve.domain.material import PDQ, Kind
from adsieve.domain.verdict import Cause
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.service.extract import extract
from adsieve.service.scan import scan
from tests.builders import NOON, a_material, a_matrix
from tests.hostile_pictures import saved
from tests.perf.images.attacks import ATTACKS, attacked
from tests.perf.images.drawn import draw

STORY = next(attack for attack in ATTACKS if attack.name == "story")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("material")
    draw(0).save(folder / "0.png")
    return Package.of(
        compile_files([a_material(id="I-0", kind=Kind.IMAGE, value="0.png", folder=str(folder))], a_matrix())
    )


def page(package: Package, out: Path, ad: str, media: Mapping[str, bytes]) -> str:
    upload = MemoryUpload("ad-1", ad.encode(), media)
    fingerprint = extract(upload, Reader())
    assert fingerprint is not None
    write_page(upload, fingerprint, scan(fingerprint, package, Cause.UPLOAD, NOON), package, out)
    return out.read_text()


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_the_page_shows_both_pictures_the_box_and_the_distance(
    language: str, direction: str, package: Package, tmp_path: Path
) -> None:
    ad = f'{{"ad_id": "ad-1", "language": "{language}", "media": ["a.jpg", "b.jpg", "c.jpg"]}}'
    media = {"a.jpg": saved(attacked(draw(0), STORY, 1), "JPEG"), "b.jpg": b"broken", "c.jpg": saved(draw(7), "JPEG")}
    html = page(package, tmp_path / "page.html", ad, media)
    assert f'dir="{direction}"' in html
    assert html.count("data:image/jpeg;base64,/9j/") == 3
    assert 'class="box"' in html
    assert "I-0" in html
    assert "failed: is no picture" in html


@pytest.mark.parametrize(("language", "words"), [("ar", "معروفة ببصمتها وحدها"), ("en", "known by its hash alone")])
def test_the_page_says_where_there_is_no_picture_of_the_material(language: str, words: str, tmp_path: Path) -> None:
    value = PDQ + pdq(luma(np.asarray(draw(0).convert("RGB")))).bits.hex()
    package = Package.of(compile_files([a_material(id="I-0", kind=Kind.IMAGE, value=value)], a_matrix()))
    ad = f'{{"ad_id": "ad-1", "language": "{language}", "media": ["a.jpg"]}}'
    html = page(package, tmp_path / "page.html", ad, {"a.jpg": saved(draw(0), "JPEG")})
    assert words in html
    assert value in html
    assert html.count("<img") == 1


def test_explain_says_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adsieve.cli.explain.media_reader", Reader)  # in this process
    draw(0).save(tmp_path / "a.jpg")
    value = PDQ + pdq(luma(np.asarray(draw(0).convert("RGB")))).bits.hex()
    (tmp_path / "m.csv").write_text(f"kind,value,policy,action\nimage,{value},gambling,REJECT\n")
    arguments = ["explain", tmp_path / "a.jpg", "--materials", tmp_path / "m.csv", "--page", tmp_path / "page.html"]
    shown = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert shown.exit_code == 0, shown.output
    assert "known by its hash alone: nobody here has the picture" in shown.stdout


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(package: Package, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>.jpg"
    ad = f'{{"ad_id": "ad-1", "media": ["{name}"]}}'
    html = page(package, tmp_path / "page.html", ad, {name: saved(draw(0), "JPEG")})
    assert "<script" not in html
    assert "http" not in html.replace('http-equiv="Content-Security-Policy"', "")
