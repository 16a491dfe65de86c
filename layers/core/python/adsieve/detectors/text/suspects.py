"""Spans of a text that look like disguised words, and what they can be read as."""

from typing import NamedTuple

from adsieve.detectors.text.how import Step
from adsieve.detectors.text.layers import Piece

type Span = tuple[int, int]


class Reading(NamedTuple):
    """One way to read a suspect span."""

    pieces: tuple[Piece, ...]
    steps: tuple[Step, ...]


class Suspect(NamedTuple):
    """A span that may be a disguised word, and its readings, most likely first."""

    start: int
    end: int
    readings: tuple[Reading, ...]


def moved(reading: Reading, by: int) -> Reading:
    """The same reading further on in a text."""
    return Reading(tuple((start + by, end + by, out) for start, end, out in reading.pieces), reading.steps)
