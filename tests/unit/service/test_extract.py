import json
from pathlib import Path
from typing import Any

import pytest

from adsieve.adapters.memory import MemoryUpload
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.errors import UnreadableMediaError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.service.extract import MAX_AD_BYTES, extract

AD = {"ad_id": "ad-1", "texts": {"headline": "كازينو"}, "media": ["a.jpg", "b.jpg"]}


def extracted(data: bytes | dict[str, Any], **fields: Any) -> Fingerprint:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    fingerprint = extract(MemoryUpload("ad-1", raw, **fields))
    assert fingerprint is not None
    return fingerprint


def test_what_is_not_there_yet_is_nothing() -> None:
    assert extract(MemoryUpload("ad-1", None)) is None


def test_words_are_kept_and_media_that_cannot_be_read_say_why() -> None:
    fingerprint = extracted(AD, media={"a.jpg": b"1"})
    assert [(part.name, part.text) for part in fingerprint.parts] == [("texts.headline", "كازينو")]
    assert fingerprint.failures == {
        "media/a.jpg": "failed: no reader for this kind of file",
        "media/b.jpg": "failed: missing file",
    }


def test_the_digest_changes_with_words_and_with_media_and_with_nothing_else() -> None:
    one = extracted(AD, media={"a.jpg": b"1"}).content_sha256
    assert extracted(AD, media={"a.jpg": b"1"}).content_sha256 == one
    assert extracted(AD, media={"a.jpg": b"2"}).content_sha256 != one
    assert extracted(AD | {"texts": {"headline": "x"}}, media={"a.jpg": b"1"}).content_sha256 != one


def test_a_fingerprint_reads_back_equal() -> None:
    fingerprint = extracted(AD | {"facts": {"min_age": 21}, "campaign": "c"}, media={"a.jpg": b"1"})
    assert Fingerprint.from_dict(json.loads(json.dumps(fingerprint.to_dict()))) == fingerprint
    broken = extracted(b"{")
    assert Fingerprint.from_dict(json.loads(json.dumps(broken.to_dict()))) == broken


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        (b"", "ad.json", "not JSON"),
        (b'{"ad_id": "ad-1",}', "ad.json", "line 1 column"),
        (b"\xff\xfe{", "ad.json", "not UTF-8"),
        (b'{"ad_id": "ad-1", "texts": {"h": "x"}, "texts": {}}', "ad.json", "`texts` stands twice"),
        (b'{"ad_id": "ad-1", "facts": {"min_age": NaN}}', "ad.json", "`NaN`"),
        (b'{"ad_id": "ad-1", "facts": {"min_age": 1e999}}', "ad.json", "`1e999` is too large"),
        (b"[" * 100_000, "ad.json", "too deeply"),
        (b'{"ad_id": "ad-2", "texts": {"h": "x"}}', "ad_id", "uploaded as `ad-1`"),
        (b'{"ad_id": "ad-1"}', "ad.json", "nothing to scan"),
        (b" " * (MAX_AD_BYTES + 1), "ad.json", f"at most {MAX_AD_BYTES}"),
    ],
)
def test_a_file_that_is_no_ad_leaves_its_reason(data: bytes, field: str, words: str) -> None:
    fingerprint = extracted(data)
    assert fingerprint.ad.ad_id == "ad-1"
    assert words in fingerprint.failures[field]


def test_a_byte_order_mark_is_forgiven() -> None:
    assert extracted(b"\xef\xbb\xbf" + json.dumps(AD).encode()).ad.texts["headline"] == "كازينو"


def test_bare_text_is_an_ad_with_one_part() -> None:
    fingerprint = extracted("أهلا".encode(), file="promo.txt")
    assert [(part.name, part.text) for part in fingerprint.parts] == [("texts.body", "أهلا")]


def test_a_bare_picture_is_an_ad_with_one_part() -> None:
    assert list(extracted(b"\x89PNG", file="x.png", media={"x.png": b"\x89PNG"}).failures) == ["media/x.png"]


class OneByOne:
    """Reads what begins with `ok`, and says of the rest why not."""

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:
        assert seconds > 0
        if not file.read_bytes().startswith(b"ok"):
            raise UnreadableMediaError("truncated file")
        return [Part(name, PartKind.IMAGE, evidence={"hashes": []}, incomplete="time ran out")]


def test_one_bad_file_takes_none_of_its_neighbours_with_it() -> None:
    fingerprint = extract(MemoryUpload("ad-1", json.dumps(AD).encode(), {"a.jpg": b"bad", "b.jpg": b"ok"}), OneByOne())
    assert fingerprint is not None
    assert [part.name for part in fingerprint.parts] == ["texts.headline", "media/b.jpg"]
    assert fingerprint.failures == {"media/a.jpg": "failed: truncated file"}
    assert Fingerprint.from_dict(json.loads(json.dumps(fingerprint.to_dict()))) == fingerprint


def test_files_after_the_time_ran_out_say_so() -> None:
    upload = MemoryUpload("ad-1", json.dumps(AD).encode(), {"a.jpg": b"ok", "b.jpg": b"ok"})
    fingerprint = extract(upload, OneByOne(), seconds=0)
    assert fingerprint is not None
    assert all("ran out" in cause for cause in fingerprint.failures.values())
    assert len(fingerprint.failures) == 2


def test_a_file_over_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adsieve.service.extract.MAX_MEDIA_BYTES", 3)
    fingerprint = extract(
        MemoryUpload("ad-1", json.dumps(AD).encode(), {"a.jpg": b"okokok", "b.jpg": b"ok"}), OneByOne()
    )
    assert fingerprint is not None
    assert fingerprint.failures == {"media/a.jpg": "failed: is 6 bytes, at most 3 are read"}


def test_a_bare_clip_may_be_larger_than_an_ad_file() -> None:
    media = {"x.mp4": b"ok" * MAX_AD_BYTES}
    fingerprint = extract(MemoryUpload("ad-1", media["x.mp4"], media, file="x.mp4"), OneByOne())
    assert fingerprint is not None
    assert [part.name for part in fingerprint.parts] == ["media/x.mp4"]
