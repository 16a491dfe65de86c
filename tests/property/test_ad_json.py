"""Whatever bytes are uploaded, an ad ends in a fingerprint, and a fingerprint in a verdict."""

import json

from hypothesis import given
from hypothesis import strategies as st

import adsieve
from adsieve.adapters.memory import MemoryUpload
from adsieve.domain.decision import Decision
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause
from adsieve.service.extract import extract
from adsieve.service.scan import scan
from tests.builders import NOON

PACKAGE = adsieve.compile_package([{"kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"}])

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ads = st.fixed_dictionaries(
    {"ad_id": st.just("ad-1") | anything},
    optional={
        "texts": st.dictionaries(st.text(max_size=8), st.text(max_size=60), max_size=3) | anything,
        "landing_url": st.text(max_size=60) | anything,
        "markets": st.lists(st.sampled_from(["SA", "GCC", "BR", "gb"])) | anything,
        "media": st.lists(st.text(max_size=20), max_size=3) | anything,
        "facts": anything,
        "other": anything,
    },
)


def check(data: bytes) -> None:
    fingerprint = extract(MemoryUpload("ad-1", data))
    assert fingerprint is not None
    assert Fingerprint.from_dict(json.loads(json.dumps(fingerprint.to_dict()))) == fingerprint
    verdict = scan(fingerprint, PACKAGE, Cause.UPLOAD, NOON)
    told = json.dumps(verdict.to_dict(), ensure_ascii=False).encode()
    assert json.loads(told)["ad_id"] == "ad-1"
    if fingerprint.failures:
        assert verdict.decision >= Decision.REVIEW


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_verdict(data: bytes) -> None:
    check(data)


@given(ads)
def test_any_json_ends_in_a_verdict(ad: object) -> None:
    check(json.dumps(ad).encode())
