"""Runs inside a peer's environment: `python workers.py PEER` reads JSON lines of terms and texts, writes verdicts.

Each line in is `{"terms": [...], "texts": [...]}`; each line out is a list with, for each text, either a truth value
or a list of spans. Only the standard library and the peer itself can be imported here.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

type Look = Callable[[str], bool | list[list[int]]]


def ahocorasick_rs(terms: list[str]) -> Look:
    """The Rust automaton over lower-cased text, with a check of both word ends."""
    automaton = import_module("ahocorasick_rs").AhoCorasick([term.lower() for term in terms])

    def look(text: str) -> list[list[int]]:
        lowered = f" {text.lower()} "
        spans = [(start, end) for _, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True)]
        return [
            [start - 1, end - 1] for start, end in spans if not (lowered[start - 1].isalnum() or lowered[end].isalnum())
        ]

    return look


def better_profanity(terms: list[str]) -> Look:
    """better-profanity with the terms as its word list; it spells out common substitutions itself."""
    profanity = import_module("better_profanity").profanity
    profanity.load_censor_words(terms)

    def look(text: str) -> bool:
        return bool(profanity.contains_profanity(text))

    return look


def threatexchange(terms: list[str]) -> Look:
    """python-threatexchange's keyword rules (trend queries), one rule with all terms as alternatives."""
    query = import_module("threatexchange.signal_type.trend_query").TrendQuery
    rule = query({"and": [{"or": terms}], "not": []})

    def look(text: str) -> bool:
        return bool(rule.matches(text))

    return look


def main() -> None:
    """Answer every line of standard input."""
    build: Any = {peer.__name__: peer for peer in (ahocorasick_rs, better_profanity, threatexchange)}[sys.argv[1]]
    for line in sys.stdin:
        job = json.loads(line)
        look = build(job["terms"])
        print(json.dumps([look(text) for text in job["texts"]]))


if __name__ == "__main__":
    main()
