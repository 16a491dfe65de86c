"""The filter of first words forgets none, and lets few others through."""

import pytest

from adsieve.detectors.text.hashed import HashFilter, filtered


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_a_filter_holds_every_word_of_its_set_and_few_others(count: int) -> None:
    held = HashFilter(memoryview(filtered(f"word {number}" for number in range(count))))
    assert all(held.may_hold(f"word {number}") for number in range(count))
    others = sum(held.may_hold(f"كلمة {number}") for number in range(10_000))
    assert others < 1_000


def test_the_same_words_make_the_same_filter() -> None:
    assert filtered(["a", "b", "a"]) == filtered(["b", "a"])
