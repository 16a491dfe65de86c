from typing import Any

import pytest

from adsieve.domain.ad import MAX_MEDIA, PartKind, parse_ad
from adsieve.domain.errors import InvalidAdError
from tests.builders import an_ad


def test_parts_come_in_the_order_of_the_ad_with_contract_names() -> None:
    ad = an_ad(texts={"headline": "h", "body": "b"}, landing_url="https://x.test", media=["a.jpg"])
    assert [(part.name, part.kind) for part in ad.parts()] == [
        ("texts.headline", PartKind.TEXT),
        ("texts.body", PartKind.TEXT),
        ("landing_url", PartKind.URL),
        ("media/a.jpg", PartKind.MEDIA),
    ]


def test_unknown_fields_are_kept() -> None:
    assert an_ad(campaign={"id": 7}).to_dict()["campaign"] == {"id": 7}


def test_what_is_written_reads_back_equal() -> None:
    ad = an_ad(markets=["sa", "GCC"], facts={"min_age": 21}, media=["x/y.png"], campaign="c")
    assert parse_ad(ad.to_dict()) == ad


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "ad.json"),
        ({"texts": {"headline": "x"}}, "ad_id"),
        ({"ad_id": "a b", "texts": {"headline": "x"}}, "ad_id"),
        ({"ad_id": 7, "texts": {"headline": "x"}}, "ad_id"),
        ({"ad_id": "a"}, "ad.json"),
        ({"ad_id": "a", "texts": {"headline": ""}}, "ad.json"),
        ({"ad_id": "a", "texts": "x"}, "texts"),
        ({"ad_id": "a", "texts": {"headline": 1}}, "texts.headline"),
        ({"ad_id": "a", "texts": {"h": "x"}, "markets": "SA"}, "markets"),
        ({"ad_id": "a", "texts": {"h": "x"}, "facts": []}, "facts"),
        ({"ad_id": "a", "media": ["/etc/passwd"]}, "media"),
        ({"ad_id": "a", "media": ["../other/ad.json"]}, "media"),
        ({"ad_id": "a", "media": ["s3://elsewhere/x.jpg"]}, "media"),
        ({"ad_id": "a", "media": ["..\\x.jpg"]}, "media"),
        ({"ad_id": "a", "media": [str(n) for n in range(MAX_MEDIA + 1)]}, "media"),
    ],
)
def test_a_wrong_field_is_named(data: Any, field: str) -> None:
    with pytest.raises(InvalidAdError) as caught:
        parse_ad(data)
    assert caught.value.field == field


def test_half_a_surrogate_pair_is_replaced_and_offsets_stay() -> None:
    assert an_ad(texts={"headline": "a\ud83dcasino"}).texts["headline"] == "a\N{REPLACEMENT CHARACTER}casino"
