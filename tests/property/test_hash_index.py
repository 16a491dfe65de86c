"""The hash index gives the answers of brute force, whatever its layout."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adsieve.detectors.media.index import HashIndex
from adsieve.domain.errors import PackageError


def index(hashes: np.ndarray, tables_from: int) -> HashIndex:
    files = HashIndex.build(hashes, "x", "a", tables_from)
    return HashIndex.open({name: memoryview(data) for name, data in files.items()}, "x", "a")


def brute(hashes: np.ndarray, query: bytes, radius: int) -> list[tuple[int, int]]:
    wanted = int.from_bytes(query)
    far = [(int.from_bytes(row.tobytes()) ^ wanted).bit_count() for row in hashes]
    return [(number, distance) for number, distance in enumerate(far) if distance <= radius]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 300),
    st.lists(st.integers(0, 255), max_size=70, unique=True),
    st.sampled_from([0, 15, 31, 32, 47, 72]),
    st.sampled_from([1, 10**6]),
)
def test_every_layout_answers_as_brute_force(
    seed: int, count: int, flips: list[int], radius: int, tables_from: int
) -> None:
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 256, (count + 1, 32), dtype=np.uint8)
    planted = int.from_bytes(hashes[count // 2].tobytes())
    for bit in flips:
        planted ^= 1 << bit
    query = planted.to_bytes(32)
    found, distances = index(hashes, tables_from).search(query, radius)
    assert list(zip(found.tolist(), distances.tolist(), strict=True)) == brute(hashes, query, radius)
    complement = bytes(255 - byte for byte in query)
    assert sorted(index(hashes, tables_from).search_either(complement, radius)) == sorted(
        [(*near, True) for near in brute(hashes, query, radius)]
        + [(*near, False) for near in brute(hashes, complement, radius)]
    )


@pytest.mark.parametrize("tables_from", [0, 1])
def test_an_empty_index_finds_nothing(tables_from: int) -> None:
    found, _ = index(np.zeros((0, 32), dtype=np.uint8), tables_from).search(bytes(32), 31)
    assert len(found) == 0


def test_hashes_of_another_algorithm_are_refused() -> None:
    files = {k: memoryview(v) for k, v in HashIndex.build(np.zeros((1, 32), dtype=np.uint8), "x", "a").items()}
    with pytest.raises(PackageError, match="hash_algorithm"):
        HashIndex.open(files, "x", "b")


@pytest.mark.parametrize("name", ["x.json", "x.hashes", "x.starts", "x.ids"])
def test_a_missing_or_cut_file_is_refused(name: str) -> None:
    files = HashIndex.build(np.zeros((5, 32), dtype=np.uint8), "x", "a", 1)
    for spoilt in (files | {name: files[name][:-4]}, {key: data for key, data in files.items() if key != name}):
        with pytest.raises(PackageError, match="bad_hash_index"):
            HashIndex.open({key: memoryview(data) for key, data in spoilt.items()}, "x", "a")
