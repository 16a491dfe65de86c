"""What is remembered of words, and what a word shows."""

from adsieve.detectors.text.evidence import EVIDENCE, IN_PARTS, ODD, SINGLE
from adsieve.detectors.text.memo import Memo


class _Counted:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, word: str) -> str:
        self.asked.append(word)
        return word.upper()


def test_a_word_is_worked_out_once() -> None:
    work = _Counted()
    memo = Memo(work)
    assert [memo["casino"], memo["casino"]] == ["CASINO", "CASINO"]
    assert work.asked == ["casino"]


def test_memory_is_bounded_and_words_in_use_stay() -> None:
    work = _Counted()
    memo = Memo(work, most=10)
    for number in range(200):
        assert memo["often"] == "OFTEN"
        assert memo[str(number)] == str(number)
        assert len(memo) <= 10
    assert work.asked.count("often") == 1


def test_long_words_are_not_kept() -> None:
    memo = Memo(len)
    assert memo["a" * 1000] == 1000
    assert not memo


def test_plain_words_and_everyday_punctuation_are_no_evidence() -> None:
    for token in ("casino", "casino,", "don't", "كازينو", "والكازينو؟", "казино.", "50%", "2026", "coffee"):
        assert not EVIDENCE[token] & (ODD | SINGLE | IN_PARTS), token


def test_odd_tokens_are_evidence() -> None:
    for token in ("c4sino", "ca*ino", "caaasino", "ccaassiinnoo", "saıinо", "ka3ino", "sa_le", "vvin", "كا*ينو", "aб"):
        assert EVIDENCE[token] & ODD, token
    assert EVIDENCE["c.a.s.i"] & IN_PARTS
    assert EVIDENCE["a"] & SINGLE
