"""Errors travel between processes as they are."""

import pickle

import pytest

from adsieve.domain.errors import (
    AdsieveError,
    ConflictError,
    DamagedRecordError,
    InvalidAdError,
    InvalidMaterialError,
    InvalidMessageError,
    PackageError,
    Problem,
    TransitionError,
    UnavailableError,
    UnreadableMediaError,
)

ERRORS = [
    InvalidAdError("texts.body", "must be a text"),
    InvalidMessageError("no message of ours"),
    TransitionError("T-1", "four_eyes", "is not approved", "ask somebody else"),
    UnreadableMediaError("is cut short"),
    InvalidMaterialError([Problem("a.csv:2", "value", "is empty", "write one"), Problem("a.csv:3", "", "is doubled")]),
    ConflictError("T-1"),
    DamagedRecordError("T-1/3", "its digest is another"),
    PackageError("digest_mismatch", "terms.trie"),
    UnavailableError("the table did not answer"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_the_way_out_of_a_process(error: AdsieveError) -> None:
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_every_error_is_among_them() -> None:
    def below(kind: type[AdsieveError]) -> set[type[AdsieveError]]:
        return {kind}.union(*map(below, kind.__subclasses__())) if kind.__subclasses__() else {kind}

    ours = {kind for kind in below(AdsieveError) if kind.__module__ == AdsieveError.__module__}
    assert {type(error) for error in ERRORS} == {kind for kind in ours if not kind.__subclasses__()}
