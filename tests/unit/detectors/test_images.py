import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from adsieve.detectors.images import ImageDetector
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Action, Decision
from adsieve.domain.errors import InvalidMaterialError, PackageError
from adsieve.domain.finding import Finding, Match
from adsieve.domain.material import PDQ, Kind, Material
from adsieve.material.compile import compile_files, write_package
from tests.builders import a_material, a_matrix
from tests.perf.images.attacks import ATTACKS, attacked
from tests.perf.images.drawn import draw
from tests.perf.images.innocents import MAKERS

KNOWN = (1, 2, 3)
BY_NAME = {attack.name: attack for attack in ATTACKS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("material")
    for seed in KNOWN:
        draw(seed).save(folder / f"{seed}.png")
    Image.new("RGB", (200, 200), "teal").save(folder / "flat.png")
    return folder


def row(folder: Path, value: str, **fields: object) -> Material:
    return a_material(id=value, kind=Kind.IMAGE, value=value, folder=str(folder), source="m.csv:2", **fields)


def by_hash(folder: Path, name: str, **fields: object) -> Material:
    """The row of a picture of which only the hash was given."""
    return row(folder, PDQ + evidence_of(folder / name).evidence["hashes"][0]["pdq"], **fields)


@pytest.fixture(scope="module")
def detector(folder: Path) -> ImageDetector:
    rows = [(10 + seed, row(folder, f"{seed}.png")) for seed in KNOWN] + [(20, row(folder, "flat.png"))]
    return opened(ImageDetector.compile(rows))


def evidence_of(file: Path) -> Part:
    (part,) = read_picture("media/x.png", file, Deadline.after(60))
    return part


def opened(files: dict[str, bytes]) -> ImageDetector:
    return ImageDetector.open({name: memoryview(data) for name, data in files.items()})


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Image.Image], Part]:
    def read(image: Image.Image) -> Part:
        image.save(tmp_path / "query.jpg", quality=88)
        return evidence_of(tmp_path / "query.jpg")

    return read


def test_the_very_file_is_found_at_distance_0(detector: ImageDetector, folder: Path) -> None:
    part = evidence_of(folder / "2.png")
    first, *others = detector.detect(part)
    assert (first.row, first.how, first.distance) == (12, (), 0)
    assert others == []


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("jpeg 30", None),
        ("grey", None),
        ("mirror", "mirror"),
        ("quarter", "rotate90"),
        ("negative", "negative"),
        ("off-centre 20", "features"),
        ("rotated 10", "features"),
        ("perspective", "features"),
        ("phone", None),
        ("censor bars", "features"),
        ("story", None),
    ],
)
def test_a_changed_picture_is_found_and_says_how(
    name: str, step: str | None, detector: ImageDetector, read: Callable[[Image.Image], Part]
) -> None:
    (match,) = detector.detect(read(attacked(draw(1), BY_NAME[name], 1)))
    assert match.row == 11
    assert match.distance is not None
    assert match.threshold is not None
    assert match.distance <= match.threshold
    assert step is None or step in match.how


def test_the_box_tells_where(detector: ImageDetector, read: Callable[[Image.Image], Part]) -> None:
    page = Image.new("RGB", (1000, 1000), "white")
    page.paste(draw(2).resize((540, 405)), (300, 200))
    (match,) = detector.detect(read(page))
    left, top, width, height = match.where["box"]
    assert abs(left - 300) < 40
    assert abs(top - 200) < 40
    assert abs(width - 540) < 60
    assert abs(height - 405) < 60


@pytest.mark.parametrize("seed", range(300, 310))
def test_other_pictures_are_left_alone(seed: int, detector: ImageDetector, read: Callable[[Image.Image], Part]) -> None:
    assert [match.row for match in detector.detect(read(draw(seed)))] == []


@pytest.mark.parametrize("maker", ["template", "page", "badge", "slope", "chart", "grid"])
def test_what_shares_a_template_with_a_material_is_left_alone(
    maker: str, tmp_path: Path, read: Callable[[Image.Image], Part]
) -> None:
    MAKERS[maker](0, 0).save(tmp_path / "known.png")
    known = opened(ImageDetector.compile([(0, row(tmp_path, "known.png"))]))
    assert [match.row for match in known.detect(read(MAKERS[maker](0, 0)))] == [0]
    assert [match.row for match in known.detect(read(MAKERS[maker](0, 2)))] == []


def test_an_even_picture_is_known_by_its_file_alone(
    detector: ImageDetector, folder: Path, read: Callable[[Image.Image], Part]
) -> None:
    (exact,) = detector.detect(evidence_of(folder / "flat.png"))
    assert exact.row == 20
    assert list(detector.detect(read(Image.new("RGB", (300, 200), "teal")))) == []


def test_a_row_may_ask_for_a_closer_match(folder: Path, read: Callable[[Image.Image], Part]) -> None:
    part = read(attacked(draw(1), BY_NAME["brighter"], 1))
    (usual,) = opened(ImageDetector.compile([(0, row(folder, "1.png"))])).detect(part)
    strict = opened(ImageDetector.compile([(0, row(folder, "1.png", radius=0))]))
    assert usual.threshold == 31
    assert all(match.threshold != 31 for match in strict.detect(part))


def test_a_doubtful_match_leads_to_review_at_most() -> None:
    near = Match(0, 0, 0, "", ("near",), 40, 47)
    assert Finding(a_material(kind=Kind.IMAGE), "media/x.jpg", near).action is Action.REVIEW
    assert Decision(Action.REVIEW) is Decision.REVIEW


def test_a_picture_shown_in_a_clip_is_found(detector: ImageDetector, read: Callable[[Image.Image], Part]) -> None:
    seen, other = read(draw(3)).evidence["hashes"], read(draw(300)).evidence["hashes"]
    around = {"t": 0.0, "spans": [[0.0, 1.0], [4.0, 9.0]], "hashes": other}

    def shown(*spans: list[float]) -> Part:
        frames = [around, {"t": spans[0][0], "spans": [*spans], "hashes": seen}]
        return Part("media/x.mp4", PartKind.VIDEO, evidence={"frames": frames, "duration": 9.0})

    (match,) = detector.detect(shown([1.0, 2.0], [3.0, 4.0]))
    assert (match.row, match.where["from_s"], match.where["to_s"]) == (13, 1.0, 4.0)
    assert "near" not in match.how
    (glimpse,) = detector.detect(shown([1.0, 2.0]))
    assert "near" in glimpse.how


def test_evidence_is_json_and_says_the_same_again(detector: ImageDetector, read: Callable[[Image.Image], Part]) -> None:
    part = read(attacked(draw(1), BY_NAME["rotated 5"], 1))
    stored = Part(part.name, part.kind, evidence=json.loads(json.dumps(part.evidence)))
    assert list(detector.detect(stored)) == list(detector.detect(part))


def test_equal_rows_give_equal_bytes(folder: Path) -> None:
    rows = [(n, row(folder, f"{seed}.png")) for n, seed in enumerate(KNOWN)]
    assert ImageDetector.compile(rows) == ImageDetector.compile(rows)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("missing.png", "there is no file"),
        ("../secret.png", "leaves the folder"),
        ("/etc/passwd", "leaves the folder"),
        ("link.png", "link out of the folder"),
        ("notes.txt", "no picture of a known format"),
    ],
)
def test_a_sample_that_cannot_be_used_is_refused_by_row(value: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "link.png").symlink_to("/etc/hostname")
    with pytest.raises(InvalidMaterialError, match=rf"m\.csv:2: `value`.*{words}"):
        ImageDetector.compile([(0, row(tmp_path, value))])


def test_thumbnails_of_materials_are_kept_for_people(detector: ImageDetector) -> None:
    assert (detector.thumbnail(11) or b"").startswith(b"\xff\xd8")
    assert detector.thumbnail(5) is None


REASONS = {
    "images.rows": "bad_index",
    "images.owners": "bad_index",
    "images.sizes": "bad_index",
    "images.files": "bad_index",
    "images.radius": "bad_image_index",
    "images.sha256": "bad_image_index",
    "images.pdq.json": "bad_hash_index",
    "images.pdq.hashes": "bad_hash_index",
    "images.bare.hashes": "bad_hash_index",
    "images.thumbnails.ends": "bad_thumbnails",
    "images.features.json": "bad_feature_index",
}


@pytest.mark.parametrize(("name", "reason"), REASONS.items())
def test_files_that_are_missing_or_cut_are_refused(
    name: str, reason: str, folder: Path, read: Callable[[Image.Image], Part]
) -> None:
    files = ImageDetector.compile([(0, row(folder, "1.png")), (1, by_hash(folder, "2.png"))])
    seen = read(draw(300))
    for spoilt in ({key: data for key, data in files.items() if key != name}, files | {name: files[name][:-1]}):
        with pytest.raises(PackageError, match=reason):
            list(opened(spoilt).detect(seen))


@pytest.mark.parametrize("name", ["rows", "owners", "sizes", "files", "radius", "sha256"])
def test_columns_that_do_not_fit_each_other_are_refused(
    name: str, folder: Path, read: Callable[[Image.Image], Part]
) -> None:
    files = ImageDetector.compile([(0, row(folder, "1.png")), (1, by_hash(folder, "2.png"))])
    seen = read(draw(300))
    for spoilt in (files[f"images.{name}"] + b"\1\0\0\0", b""):
        with pytest.raises(PackageError, match="bad_image_index"):
            list(opened(files | {f"images.{name}": spoilt}).detect(seen))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("jpeg 30", ()),
        ("grey", ()),
        ("mirror", ("mirror",)),
        ("quarter", ("rotate90",)),
        ("negative", ("negative",)),
    ],
)
def test_a_hash_finds_the_picture_that_nobody_has(
    name: str, how: tuple[str, ...], folder: Path, read: Callable[[Image.Image], Part]
) -> None:
    known = opened(ImageDetector.compile([(3, by_hash(folder, "1.png"))]))
    (match,) = known.detect(read(attacked(draw(1), BY_NAME[name], 1)))
    assert (match.row, match.threshold, match.how) == (3, 31, how)
    assert list(known.detect(read(attacked(draw(2), BY_NAME[name], 1)))) == []


def test_a_hash_has_no_second_look_and_nothing_to_show(folder: Path, read: Callable[[Image.Image], Part]) -> None:
    rows = [(0, by_hash(folder, "1.png")), (1, row(folder, "2.png")), (2, by_hash(folder, "3.png"))]
    known = opened(ImageDetector.compile(rows))
    assert list(known.detect(read(attacked(draw(1), BY_NAME["rotated 10"], 1)))) == []
    assert [match.row for match in known.detect(read(attacked(draw(2), BY_NAME["rotated 10"], 1)))] == [1]
    assert [match.row for match in known.detect(read(draw(3)))] == [2]
    assert known.thumbnail(0) is None
    assert (known.thumbnail(1) or b"").startswith(b"\xff\xd8")
    assert known.thumbnail(2) is None


def test_a_hash_a_little_too_far_leads_to_review(folder: Path, read: Callable[[Image.Image], Part]) -> None:
    part = read(draw(1))
    seen = int(part.evidence["hashes"][0]["pdq"], 16)
    for swapped, threshold in ((15, 31), (16, 47), (23, 47), (24, None)):
        ones = [bit for bit in range(256) if seen >> bit & 1][:swapped]
        zeros = [bit for bit in range(256) if not seen >> bit & 1][:swapped]
        value = f"{PDQ}{seen ^ sum(1 << bit for bit in (*ones, *zeros)):064x}"
        known = opened(ImageDetector.compile([(0, row(folder, value)), (1, row(folder, "3.png"))]))
        found = [(match.row, match.distance, match.threshold, match.how) for match in known.detect(part)]
        how = () if threshold == 31 else ("near",)
        assert found == ([] if threshold is None else [(0, 2 * swapped, threshold, how)])


def test_a_picture_given_by_file_and_by_hash_is_found_as_both(folder: Path) -> None:
    known = opened(ImageDetector.compile([(0, by_hash(folder, "1.png")), (1, row(folder, "1.png"))]))
    found = [(match.row, match.threshold) for match in known.detect(evidence_of(folder / "1.png"))]
    assert found == [(1, 0), (0, 31)]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("pdq:", "is no PDQ hash"),
        ("pdq:" + "0f" * 31, "is no PDQ hash"),
        ("pdq:" + "0f" * 33, "is no PDQ hash"),
        ("pdq: " + "0f" * 32, "is no PDQ hash"),
        ("pdq:" + "0g" * 32, "is no PDQ hash"),
        ("pdq:" + "0F" * 32, "is no PDQ hash"),  # rows are read in lower case
        ("pdq:" + "00" * 32, "has 0 of 256 bits set"),
        ("pdq:" + "ff" * 20 + "00" * 12, "has 160 of 256 bits set"),
    ],
)
def test_what_is_no_hash_of_a_picture_is_refused_by_row(value: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidMaterialError, match=rf"m\.csv:2: `value`.*{words}"):
        compile_files([row(tmp_path, value)], a_matrix())


def test_a_hash_a_little_off_balance_is_taken(tmp_path: Path) -> None:
    assert list(ImageDetector.check(row(tmp_path, "pdq:" + "ff" * 19 + "7f" + "00" * 12))) == []


SCAN_WORDS = """
import sys, adsieve
package = adsieve.load_package(sys.argv[1])
verdict = adsieve.scan({"ad_id": "ad-1", "texts": {"headline": "Fresh tea"}}, package)
print(verdict.decision, *sorted({"numpy", "PIL", "av", "tesserocr", "zxingcpp"} & set(sys.modules)))
"""


def test_an_ad_of_words_alone_imports_no_media_library(folder: Path, tmp_path: Path) -> None:
    write_package(compile_files([row(folder, "1.png")], a_matrix()), tmp_path / "package")
    command = [sys.executable, "-c", SCAN_WORDS, str(tmp_path / "package")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["PASS"]
