from pathlib import Path

import numpy as np
from PIL import Image

from adsieve.detectors.media.pdq import luma, pdq
from adsieve.domain.material import PDQ, Kind, Material
from adsieve.material.lint import lint
from adsieve.material.lint_samples import lint_samples
from tests.builders import a_material, a_matrix
from tests.perf.images.drawn import draw


def row(folder: Path, name: str, **fields: object) -> Material:
    known = {"id": name, "kind": Kind.IMAGE, "value": name, "folder": str(folder), "source": f"m.csv:{name}"}
    return a_material(**(known | fields))


def told(folder: Path, *names: str, clean: Path | None = None) -> list[str]:
    problems = lint_samples([row(folder, name) for name in names], lambda _what, _done: None, clean)
    return [f"{problem}" for problem in problems]


def hash_of(image: Image.Image) -> str:
    return PDQ + pdq(luma(np.asarray(image.convert("RGB")))).bits.hex()


def test_a_picture_with_much_in_it_is_fine(tmp_path: Path) -> None:
    draw(1).save(tmp_path / "1.png")
    assert told(tmp_path, "1.png") == []


def test_an_even_picture_and_one_with_few_details_are_doubtful(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), "teal").save(tmp_path / "even.png")
    Image.radial_gradient("L").save(tmp_path / "round.png")
    even, few = told(tmp_path, "even.png", "round.png")
    assert "shows too little (structure 0 of 100" in even
    assert "has few details" in few or "shows too little" in few


def test_near_duplicates_name_each_other(tmp_path: Path) -> None:
    draw(1).save(tmp_path / "1.png")
    draw(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((300, 400)).save(tmp_path / "again.jpg")
    (problem,) = told(tmp_path, "1.png", "again.jpg")
    assert "`again.jpg` shows the same as 1.png (m.csv:1.png; mirror)" in problem


def test_a_twin_whose_hash_is_far_is_named_as_an_ad_with_it_would_be_found(tmp_path: Path) -> None:
    draw(1).save(tmp_path / "1.png")
    draw(7).save(tmp_path / "7.png")
    draw(1).crop((100, 150, 600, 800)).save(tmp_path / "cut.png")
    (problem,) = told(tmp_path, "1.png", "7.png", "cut.png")
    assert "`cut.png` shows the same as 1.png (m.csv:1.png; features" in problem


def test_one_picture_under_two_policies_is_no_mistake(tmp_path: Path) -> None:
    draw(1).save(tmp_path / "1.png")
    rows = [row(tmp_path, "1.png"), row(tmp_path, "1.png", id="2", policy="weapons")]
    assert not list(lint_samples(rows, lambda _what, _done: None))


def test_a_hash_that_is_given_twice_or_as_a_picture_too_is_named(tmp_path: Path) -> None:
    draw(1).save(tmp_path / "1.png")
    one, other = hash_of(draw(1)), hash_of(draw(2))
    nearly = f"{one[:-1]}{int(one[-1], 16) ^ 1:x}"
    first, second = told(tmp_path, "1.png", other, one, nearly)
    assert f"`{one}` shows the same as 1.png (m.csv:1.png; as a whole)" in first
    assert f"`{nearly}` shows the same as 1.png" in second
    assert told(tmp_path, other, one) == []
    draw(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "mirrored.png")
    (mirrored,) = told(tmp_path, one, "mirrored.png")
    assert f"`mirrored.png` shows the same as {one}" in mirrored


def test_rows_of_other_policies_are_no_twins(tmp_path: Path) -> None:
    rows = [row(tmp_path, hash_of(draw(1)), id=policy, policy=policy) for policy in ("gambling", "loans")]
    assert list(lint_samples(rows, lambda _what, _done: None)) == []


def test_a_hash_close_to_a_clean_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    draw(1).resize((400, 533)).save(tmp_path / "clean" / "template.jpg")
    (problem,) = told(tmp_path, hash_of(draw(1)), hash_of(draw(2)), clean=tmp_path / "clean")
    assert "matches the clean picture `template.jpg`" in problem


def test_lint_tells_a_wrong_hash_by_row(tmp_path: Path) -> None:
    (problem,) = lint([row(tmp_path, "pdq:12")], a_matrix())
    assert (problem.severity, problem.column) == ("error", "value")
    assert lint([row(tmp_path, hash_of(draw(1)))], a_matrix()) == []


def test_a_picture_close_to_a_clean_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    draw(1).save(tmp_path / "1.png")
    draw(1).resize((400, 533)).save(tmp_path / "clean" / "template.jpg")
    draw(7).save(tmp_path / "clean" / "other.jpg")
    (tmp_path / "clean" / "notes.txt").write_text("no picture")
    (problem,) = told(tmp_path, "1.png", clean=tmp_path / "clean")
    assert "matches the clean picture `template.jpg`" in problem


def test_a_clip_that_cannot_be_read_is_wrong_before_it_is_published(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"\0\0\0\x18ftypmp42 and nothing more")
    (problem,) = lint([row(tmp_path, "clip.mp4", kind=Kind.VIDEO)], a_matrix())
    assert (problem.severity, problem.column) == ("error", "value")


def test_lint_tells_a_missing_sample_once(tmp_path: Path) -> None:
    (problem,) = lint([row(tmp_path, "gone.png")], a_matrix())
    assert (problem.severity, problem.column) == ("error", "value")
