"""Ads and packages made up from a seed: sentences of two dozen languages, prices, links, and some risk terms, some hidden."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from adsieve.domain.ad import Ad
from adsieve.domain.decision import Action
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Kind, Material
from adsieve.material.compile import check
from adsieve.service.extract import fingerprint
from tests.perf.evaluation.vocabulary import vocabularies
from tests.perf.terms import make_terms, words

_UPLOADED = datetime(2026, 11, 1, tzinfo=UTC)
_WEIGHTS = {"en": 40, "ar": 25}
_EXTRA = {
    "ar": (
        "خصم 50%",
        "اتصل 0551234567",
        "توصيل مجاني",
        "تسوق الان من www.shop.example",
        "iPhone 15",
        "عرض لمدة 24 ساعة",
    ),
    "": (
        *("50% off today!", "Free shipping 24/7", "Call 0800-123-456", "Visit www.shop.example/deals", "Wi-Fi & AT&T"),
        *("Don't miss it!!!", "#1 brand", "from $9.99", "e-book + PDF", "2nd item free", "rated 4.8/5"),
    ),
}
_MARKETS = ((), ("SA", "AE"), ("GB",), ("US", "GB"), ("GCC",), ("EG",), ("DE", "FR"))
_LEET = str.maketrans({"a": "4", "i": "1", "o": "0", "e": "3", "s": "5"})


class Advertisers:
    """An endless supply of ads; the same seed gives the same ads.

    Args:
        seed: of everything.
        risky: share of ads that have a risk term.
        hidden: share of those that hide it.
    """

    def __init__(self, seed: int, risky: float = 0.04, hidden: float = 0.2) -> None:
        self._random = random.Random(seed)
        self._risky, self._hidden = risky, hidden
        self._brands = {"ar": words("ar", 4_000, self._random), "": words("en", 4_000, self._random)}
        self._languages = {language: _WEIGHTS.get(language, 2) for language in vocabularies()}
        self.terms = sorted({term for known in vocabularies().values() for term in known.terms})

    def ads(self, first: int, count: int) -> Iterator[Fingerprint]:
        """Fingerprints of this many ads."""
        for number in range(first, first + count):
            ad = Ad(
                f"ad-{number}",
                f"adv-{number % 1_000}",
                self._random.choice(_MARKETS),
                texts=dict(zip(("headline", "body"), self._texts(), strict=False)),
                landing_url=f"https://shop{number % 5_000}.example/offers/{number}",
            )
            yield fingerprint(ad, f"{number}".encode(), {}, _UPLOADED)

    def _texts(self) -> tuple[str, str]:
        pick = self._random
        language = pick.choices(list(self._languages), list(self._languages.values()))[0]
        known = vocabularies()[language]
        parts = pick.choices(known.clean, k=pick.randint(2, 4))
        parts.append(pick.choice(self._brands["ar" if language in ("ar", "fa", "ur") else ""]).title())
        if pick.random() < 0.5:
            parts.append(pick.choice(_EXTRA.get(language, _EXTRA[""])))
        if pick.random() < self._risky:
            term = pick.choice(known.terms)
            parts.append(pick.choice(known.frames).format(self._hide(term) if pick.random() < self._hidden else term))
        pick.shuffle(parts)
        return parts[0], " ".join(parts[1:])

    def _hide(self, term: str) -> str:
        ways = [term.translate(_LEET), ".".join(term), term[:1] + "*" + term[2:], term.upper(), term + "777"]
        return self._random.choice(ways)


def make_materials(count: int, advertisers: Advertisers, seed: int) -> list[Material]:
    """The terms that ads hide, and as many made-up ones as it takes."""
    random_ = random.Random(seed)
    made_up = new_terms("M", max(0, count - len(advertisers.terms)), random_)
    return [*(a_term(f"T-{number}", value, random_) for number, value in enumerate(advertisers.terms)), *made_up][
        :count
    ]


def new_terms(prefix: str, count: int, random_: random.Random) -> list[Material]:
    """Made-up terms; a few more are made, since no package takes a stop word."""
    values = make_terms(count + count // 50 + 10, random_)
    rows = (a_term(f"{prefix}-{number}", value, random_) for number, value in enumerate(values))
    return [row for row in rows if not any(problem.severity == "error" for problem in check(row))][:count]


def a_term(name: str, value: str, random_: random.Random) -> Material:
    """A term of any policy, action and scope."""
    policy = random_.choice(["gambling", "alcohol", "loans", "tobacco", "crypto"])
    action = random_.choice([Action.REJECT, Action.REJECT, Action.REVIEW, Action.LIMIT, Action.LOG])
    return Material(name, Kind.TERM, value, policy, action, markets=random_.choice([(), (), ("GCC",), ("GB", "US")]))
