"""A row that names a hash matches as a row of a picture with that hash does, where only hashes are looked at."""

import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsieve.detectors import images
from adsieve.detectors.images import ImageDetector
from adsieve.detectors.media.pdq import TURNS
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.finding import Match
from adsieve.domain.material import PDQ, Kind, Material
from tests.builders import a_material

SEEN = {"view": "whole", "quality": 100, "box": [0, 0, 40, 30], "turned": ""}
NOTHING: dict[str, Any] = {"features": {"places": "", "bits": "", "mirrored": ""}, "thumbnail": ""}


@pytest.fixture(scope="module", autouse=True)
def blank_samples() -> Iterator[None]:
    """Samples of which the hash in their name is all that is read."""

    def evidence(material: Material) -> dict[str, Any]:
        seen = SEEN | {"pdq": material.value}
        return {"sha256": material.value, "size": [40, 30], "hashes": [seen], "looks": [NOTHING]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "sample_evidence", evidence)
        patch.setattr("adsieve.detectors.media.second_look._smaller", lambda jpeg: jpeg)
        yield


def even_hash(chance: random.Random) -> bytes:
    """With half of its bits set, as PDQ's are."""
    return sum(1 << bit for bit in chance.sample(range(256), 128)).to_bytes(32)


def off(bits: bytes, count: int, chance: random.Random) -> bytes:
    return (int.from_bytes(bits) ^ sum(1 << bit for bit in chance.sample(range(256), count))).to_bytes(32)


def query(known: list[bytes], chance: random.Random) -> list[dict[str, Any]]:
    """Views that show some of the known, a few bits off, in any of the eight ways or as a negative."""
    told = []
    for view in ("whole", "trim", "centre90")[: chance.randint(1, 3)]:
        ways = [even_hash(chance) for _ in TURNS]
        shown = off(chance.choice(known), chance.choice([0, 15, 20, 31, 32, 47, 48, 56, 60]), chance)
        ways[chance.randrange(len(ways))] = shown if chance.random() < 0.7 else off(shown, 256, chance)
        turned = b64encode(b"".join(ways[1:])).decode()
        told.append(SEEN | {"view": view, "pdq": ways[0].hex(), "turned": turned, "quality": chance.choice([100, 49])})
    return told


def of_rows(detector: ImageDetector, part: Part, remainder: int) -> list[Match]:
    return [replace(match, row=match.row // 2) for match in detector.detect(part) if match.row % 2 == remainder]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_a_hash_is_found_where_the_picture_would_be(seed: int, count: int) -> None:
    chance = random.Random(seed)
    known = [even_hash(chance) for _ in range(count)]
    rows = []
    for number, bits in enumerate(known):
        radius = chance.choice([None, None, 0, 20, 60, 128])
        sampled = a_material(id=f"{2 * number}", kind=Kind.IMAGE, value=bits.hex(), radius=radius)
        rows += [(2 * number, sampled), (2 * number + 1, replace(sampled, value=PDQ + bits.hex()))]
    files = ImageDetector.compile(rows)
    detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
    hashes = query(known, chance)
    shown = {"sha256": "", "size": [40, 30], "hashes": hashes, "looks": []}
    frames = {"frames": [{"t": 0.0, "spans": [[0.0, 2.0]], "hashes": hashes}], "duration": 2.0}
    for part in (Part("x.jpg", PartKind.IMAGE, evidence=shown), Part("x.mp4", PartKind.VIDEO, evidence=frames)):
        assert of_rows(detector, part, 1) == of_rows(detector, part, 0)


def test_the_queries_are_found_and_not_found() -> None:
    """The property above says something: of its queries some are sure, some near and some nothing."""
    told = set[str]()
    for seed in range(60):
        chance = random.Random(seed)
        known = [even_hash(chance)]
        files = ImageDetector.compile([(1, a_material(kind=Kind.IMAGE, value=PDQ + known[0].hex()))])
        detector = ImageDetector.open({name: memoryview(data) for name, data in files.items()})
        evidence = {"sha256": "", "size": [40, 30], "hashes": query(known, chance), "looks": []}
        matches = list(detector.detect(Part("x.jpg", PartKind.IMAGE, evidence=evidence)))
        told |= {"nothing"} if not matches else {"near" if "near" in match.how else "sure" for match in matches}
        told |= {step for match in matches for step in match.how if step in ("negative", "mirror")}
    assert told == {"nothing", "near", "sure", "negative", "mirror"}


def test_rows_are_read_in_place() -> None:
    """However many there are, opening makes no object of any."""
    chance = random.Random(1)
    rows = [(n, a_material(kind=Kind.IMAGE, value=PDQ + even_hash(chance).hex())) for n in range(300)]
    files = {name: memoryview(data) for name, data in ImageDetector.compile(rows).items()}
    bank = ImageDetector.open(files).bank
    assert [bank.rows[n] for n in (0, 299)] == [0, 299]
    assert bank.rows.obj is files["images.rows"].obj
    assert np.frombuffer(bank.radius, np.uint8).tolist() == [31] * 300
