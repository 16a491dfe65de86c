import struct
from pathlib import Path

import pytest

from adsieve.material import catalogues
from adsieve.material.catalogues import catalogue_sentences, messages

MESSAGES = {
    "": "Content-Type: text/plain; charset=UTF-8\n",
    "Please choose a stronger password.": "الرجاء اختيار كلمة مرور أقوى.",
    "Save": "حفظ",
    "Same in both languages, so never translated.": "Same in both languages, so never translated.",
}


def compiled(told: dict[str, str]) -> bytes:
    """A catalogue as `msgfmt` writes it."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(told.items())]
    data, tables = b"", [b"", b""]
    at = 28 + 16 * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), at + len(data))
            data += pair[column] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0) + b"".join(tables) + data


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "app" / "locale" / "ar_EG" / "LC_MESSAGES" / "app.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(compiled(MESSAGES))
    return path


def silent(what: str, done: int) -> None:
    """Progress that nobody watches."""


def test_translations_and_their_originals_become_sentences_and_labels_do_not(catalogue: Path) -> None:
    assert sorted(catalogue_sentences([catalogue], silent)) == [
        ("Please choose a stronger password.", "en"),
        ("الرجاء اختيار كلمة مرور أقوى.", "ar"),
    ]


def test_sentences_are_kept_until_a_catalogue_changes(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = catalogue_sentences([catalogue], silent)
    with monkeypatch.context() as patched:
        patched.setattr(catalogues, "messages", lambda *_: pytest.fail("read again"))
        assert catalogue_sentences([catalogue], silent) == first
    catalogue.write_bytes(compiled(MESSAGES | {"A second sentence for everybody.": "جملة ثانية لكل الناس هنا."}))
    assert len(catalogue_sentences([catalogue], silent)) == len(first) + 2


def test_a_cache_that_cannot_be_written_is_told_and_does_no_harm(tmp_path: Path, catalogue: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    told: list[str] = []
    assert len(catalogue_sentences([catalogue], lambda what, _: told.append(what))) == 2
    assert any("not kept" in line for line in told)


@pytest.mark.parametrize("data", [b"", b"\xde\x12\x04\x95", b"\0" * 64, compiled({"a": "b"})[:-3]])
def test_a_damaged_catalogue_gives_nothing(data: bytes) -> None:
    assert list(messages(data, "ar")) == []


def test_catalogues_of_this_environment_are_found_by_language() -> None:
    assert all(path.suffix == ".mo" for path in catalogues.installed())
