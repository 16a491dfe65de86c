"""A re-scan of pictures and clips that looks only at what changed decides every ad as a scan of everything would."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adsieve.detectors import images, videos
from adsieve.detectors.media.change import HASH_BYTES, near
from adsieve.detectors.media.clips import clip_part
from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pdq import luma, pdq
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain.ad import Part
from adsieve.domain.decision import Action, State
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import PDQ, Kind, Material
from adsieve.material.change import compare
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.flips import flip
from adsieve.service.rescan.sieve import Sieve
from tests.builders import NOON, TODAY, a_material, a_matrix, an_ad
from tests.clips import FPS, footage, write_clip
from tests.perf.images.attacks import ATTACKS, attacked
from tests.perf.images.drawn import draw
from tests.property.test_rescan import make_package

PICTURES = [f"{seed}.png" for seed in range(9)]
CLIPS = ["0.mp4", "1.mp4"]
HASHES = [PDQ + pdq(luma(np.asarray(draw(seed).resize((320, 240)).convert("RGB")))).bits.hex() for seed in range(3)]
"""Of pictures that are there too: turned and inverted copies are found by them."""

SMALL = (320, 180)
ATTACKED = ["mirror", "quarter", "negative", "off-centre 20", "rotated 10", "perspective", "story", "censor bars"]
"""Turned, inverted, and those that only features see through."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The samples. Each is read once: packages of the same few are compiled hundreds of times."""
    folder = tmp_path_factory.mktemp("samples")
    for seed, name in enumerate(PICTURES):
        draw(seed).resize((320, 240)).save(folder / name)
    for seed, name in enumerate(CLIPS):
        write_clip(folder / name, footage(seed, 6, SMALL))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "sample_evidence", _once(images.sample_evidence))
        patch.setattr(videos, "_sample", _once(videos._sample))
        yield folder


def _once[T](read: Callable[[Material], T]) -> Callable[[Material], T]:
    by_value: dict[str, T] = {}

    def once(material: Material) -> T:
        if material.value not in by_value:
            by_value[material.value] = read(material)
        return by_value[material.value]

    return once


@pytest.fixture(scope="module")
def ads(folder: Path) -> list[Evidence]:
    """Copies of the samples, and what has nothing to do with them."""
    return [Evidence.of(_ad(number, parts)) for number, parts in enumerate(_parts(folder))]


def _parts(folder: Path) -> Iterator[tuple[Part, ...]]:
    by_name = {attack.name: attack for attack in ATTACKS}
    for seed, name in enumerate(ATTACKED):
        yield _picture(folder / "query.png", attacked(draw(seed).resize((320, 240)), by_name[name], seed))
    for seed in range(100, 104):
        yield _picture(folder / "query.png", draw(seed).resize((320, 240)))
    yield _picture(folder / PICTURES[8], None)
    yield _picture(folder / "query.png", Image.new("RGB", (200, 200), "teal"))
    shown, other = footage(0, 6, SMALL), footage(9, 6, SMALL)
    still = [np.asarray(draw(1).resize(SMALL).convert("RGB"))] * (2 * FPS)
    for frames in (shown, [np.fliplr(one) for one in shown], [*other, *shown[: 2 * FPS]], [*other, *still], other):
        yield (clip_part("media/x.mp4", write_clip(folder / "query.mp4", frames), Deadline.after(60))[0],)
    yield ()


def _picture(file: Path, image: Image.Image | None) -> tuple[Part, ...]:
    if image:
        image.save(file)
    return tuple(read_picture("media/x.png", file, Deadline.after(60)))


def _ad(number: int, parts: tuple[Part, ...]) -> Fingerprint:
    ad = an_ad(ad_id=f"ad-{number}", markets=["SA", "GB"], texts={"headline": "soap"})
    return Fingerprint(ad, parts, {}, f"{number}", NOON)


def _material(name: str, folder: Path, chance: random.Random) -> Material:
    kind = Kind.VIDEO if name in CLIPS else Kind.IMAGE
    state, action = (
        chance.choice([State.SHADOW, State.ACTIVE]),
        chance.choice([Action.LOG, Action.REVIEW, Action.REJECT]),
    )
    radius = chance.choice([None, None, 0, 20, 60, 128])
    # Its id says nothing of its place: rows come and go before and behind those that stay.
    return a_material(
        id=f"M-{name}", kind=kind, value=name, folder=str(folder), state=state, action=action, radius=radius
    )


def _changed(rows: list[Material], folder: Path, chance: random.Random) -> list[Material]:
    """Some taken away, some made new under their own id, some with another sample, some added."""
    known = {row.id: row for row in rows}
    for name in chance.sample(PICTURES + CLIPS + HASHES, chance.choice([1, 1, 2, 4])):
        row = _material(name, folder, chance)
        if row.id not in known or chance.random() < 0.3:
            known[row.id] = row
        elif chance.random() < 0.5:
            del known[row.id]
        else:
            others = CLIPS if name in CLIPS else PICTURES + HASHES
            known[row.id] = replace(known[row.id], value=chance.choice(others))
    return list(known.values())


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_ad_whose_verdict_differs_is_left_out(seed: int, ads: list[Evidence], folder: Path) -> None:
    chance = random.Random(seed)
    names = chance.sample(PICTURES + CLIPS + HASHES, chance.randint(0, len(PICTURES)))
    rows = [_material(name, folder, chance) for name in names]
    base = make_package(_changed(rows, folder, chance), a_matrix(), None)
    old = make_package(rows, a_matrix(), chance.choice([None, base]))
    new = make_package(_changed(rows, folder, chance), a_matrix(), chance.choice([None, base]))
    change = compare(old, new, TODAY, TODAY)
    differing = {at for at, ad in enumerate(ads) if flip(ad.decided_from(), change)}
    candidates = Sieve(change).candidates(ads)
    assert differing <= candidates, [ads[at].ad_id for at in differing - candidates]


def test_what_a_changed_sample_is_not_in_is_left_alone(ads: list[Evidence], folder: Path) -> None:
    stays = [_material(name, folder, random.Random(2)) for name in PICTURES[1:]]
    come = a_material(id="M-0", kind=Kind.IMAGE, value=PICTURES[0], folder=str(folder))
    clip = a_material(id="M-9", kind=Kind.VIDEO, value=CLIPS[0], folder=str(folder))
    bare = a_material(id="M-8", kind=Kind.IMAGE, value=HASHES[0])
    old = make_package(stays, a_matrix(), None)
    for row, wanted in ((come, {0}), (bare, {0}), (clip, {14, 15, 16})):
        new = make_package([*stays, row], a_matrix(), None)
        assert Sieve(compare(old, new, TODAY, TODAY)).candidates(ads) == wanted
        assert Sieve(compare(new, old, TODAY, TODAY)).candidates(ads) == wanted


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=5), st.integers(0, 128), st.integers(0, 2**32))
def test_near_is_what_counting_bits_says(wanted: list[bytes], reach: int, seed: int) -> None:
    chance = random.Random(seed)
    stored = [chance.randbytes(32) for _ in range(4)]
    for one in wanted:  # some at every distance from it, 256 included
        mask = sum(
            1 << bit
            for bit in chance.sample(range(256), chance.choice([0, reach, min(256, reach + 1), 256 - reach, 256]))
        )
        stored.append((int.from_bytes(one) ^ mask).to_bytes(32))
    words = np.frombuffer(b"".join(wanted), dtype="<u8").reshape(-1, HASH_BYTES // 8)
    found = set(near(b"".join(stored), [(words, np.full(len(wanted), reach, dtype=np.uint8))]))
    assert found == {at for at, one in enumerate(stored) if any(_either(one, other) <= reach for other in wanted)}


def _either(one: bytes, other: bytes) -> int:
    distance = (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
    return min(distance, 256 - distance)
