"""An ad as the advertiser uploaded it, and the parts of it that can be scanned."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from adsieve.domain.errors import InvalidAdError

AD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_KNOWN = frozenset({"ad_id", "advertiser_id", "markets", "language", "texts", "landing_url", "media", "facts"})
MAX_NAME = 200
MAX_TEXTS = 200
MAX_MEDIA = 50


class PartKind(StrEnum):
    """What a part holds, and so which detectors look at it."""

    TEXT = "text"
    URL = "url"
    MEDIA = "media"
    """A media file that was not read (yet)."""
    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Part:
    """One scannable piece of an ad.

    Attributes:
        name: `texts.headline`, `landing_url`, `media/clip.mp4`.
        kind: what it holds.
        text: the words or the link, exactly as uploaded; empty for media.
        evidence: what was extracted from media, JSON-ready; see `detectors.media.reader`.
        incomplete: why the part was read only in part, empty where it was read whole. What was read is scanned; the
            part counts as not scanned all the same.
    """

    name: str
    kind: PartKind
    text: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    incomplete: str = ""


@dataclass(frozen=True, slots=True)
class Ad:
    """What an advertiser uploads. Unknown fields of the JSON live on in `extra`.

    Attributes:
        ad_id: the advertiser's own name for the ad, safe as a file and key name.
        markets: ISO codes or group names; empty means every market of the policy matrix.
        texts: field name → words.
        media: paths relative to the file that holds the ad.
        facts: what the advertiser is known to be allowed, e.g. `{"min_age": 21, "licences": ["GB:gambling"]}`.
    """

    ad_id: str
    advertiser_id: str = ""
    markets: tuple[str, ...] = ()
    language: str = ""
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    landing_url: str = ""
    media: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def parts(self) -> Iterator[Part]:
        """Every scannable part, texts first, in the order of the ad."""
        for name, text in self.texts.items():
            yield Part(f"texts.{name}", PartKind.TEXT, text)
        if self.landing_url:
            yield Part("landing_url", PartKind.URL, self.landing_url)
        for path in self.media:
            yield Part(f"media/{path}", PartKind.MEDIA)

    def to_dict(self) -> dict[str, Any]:
        """The ad contract, JSON-ready; `parse_ad` reads it back."""
        return {
            **self.extra,
            "ad_id": self.ad_id,
            "advertiser_id": self.advertiser_id,
            "markets": list(self.markets),
            "language": self.language,
            "texts": dict(self.texts),
            "landing_url": self.landing_url,
            "media": list(self.media),
            "facts": dict(self.facts),
        }


def parse_ad(data: object) -> Ad:
    """Read the ad contract from decoded JSON.

    Raises:
        InvalidAdError: the first field that is wrong; an ad without a scannable part is wrong too.
    """
    if not isinstance(data, Mapping):
        raise InvalidAdError("ad.json", f"holds {_kind(data)}, want an object with `ad_id`")
    ad_id = _string(data, "ad_id")
    if not AD_ID.fullmatch(ad_id):
        raise InvalidAdError(
            "ad_id", "want 1 to 128 letters, digits, `.`, `_`, `:` or `-`, starting with a letter or digit"
        )
    ad = Ad(
        ad_id=ad_id,
        advertiser_id=_string(data, "advertiser_id"),
        markets=tuple(dict.fromkeys(code.strip().upper() for code in _strings(data, "markets"))),
        language=_string(data, "language"),
        texts=_texts(data),
        landing_url=_string(data, "landing_url"),
        media=tuple(dict.fromkeys(_media_path(path) for path in _strings(data, "media", MAX_MEDIA))),
        facts=_mapping(data, "facts"),
        extra={key: value for key, value in data.items() if key not in _KNOWN},
    )
    if next(ad.parts(), None) is None:
        raise InvalidAdError("ad.json", "has nothing to scan, want at least one of `texts`, `landing_url`, `media`")
    return ad


def _media_path(path: str) -> str:
    """Only plain paths below the ad's own folder: a link or `..` could make adsieve read what it must not."""
    path = _clean(path)
    pure = PurePosixPath(path)
    if len(path) > MAX_NAME:
        raise InvalidAdError("media", f"has a path of {len(path)} characters, at most {MAX_NAME}")
    if not path or "://" in path or "\\" in path or "\0" in path:
        raise InvalidAdError("media", f"`{path}` is not a path relative to the ad")
    if pure.is_absolute() or ".." in pure.parts or path.startswith("~"):
        raise InvalidAdError("media", f"`{path}` leaves the ad's folder, want a path relative to the ad")
    return str(pure)


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    texts = _mapping(data, "texts")
    if len(texts) > MAX_TEXTS:
        raise InvalidAdError("texts", f"has {len(texts)} fields, at most {MAX_TEXTS} are scanned")
    for name, text in texts.items():
        if len(name) > MAX_NAME:
            raise InvalidAdError(
                f"texts.{name[:MAX_NAME]}…", f"is a name of {len(name)} characters, at most {MAX_NAME}"
            )
        if not isinstance(text, str):
            raise InvalidAdError(f"texts.{name}", f"holds {_kind(text)}, want a string")
    return {_clean(name): _clean(text) for name, text in texts.items() if text}


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidAdError(name, f"holds {_kind(value)}, want a string")
    return _clean(value)


def _strings(data: Mapping[str, Any], name: str, most: int = 500) -> list[str]:
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise InvalidAdError(name, f"holds {_kind(value)}, want a list of strings")
    if len(value) > most:
        raise InvalidAdError(name, f"has {len(value)} entries, at most {most} are taken")
    return list(value)


def _mapping(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidAdError(name, f"holds {_kind(value)}, want an object")
    return dict(value)


def _clean(text: str) -> str:
    """Half surrogate pairs cannot be stored or sent anywhere; a replacement of the same length keeps offsets true."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _kind(value: object) -> str:
    names = {
        type(None): "null",
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), type(value).__name__)
