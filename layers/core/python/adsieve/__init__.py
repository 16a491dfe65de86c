"""adsieve: every ad gets an explained verdict, market by market.

>>> package = compile_package([{"kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"}])
>>> verdict = scan({"ad_id": "ad-1", "markets": ["SA"], "texts": {"headline": "Best casino"}}, package)
>>> str(verdict.decision)
'REJECT'

Names are imported when they are first used: a Lambda that only decides must not pay for the compiler at every cold start.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from adsieve.version import __version__

if TYPE_CHECKING:
    from adsieve.api import compile_package, scan
    from adsieve.domain.ad import Ad
    from adsieve.domain.errors import (
        AdsieveError,
        InputError,
        InvalidAdError,
        InvalidMaterialError,
        InvalidMessageError,
        PackageError,
        UnavailableError,
    )
    from adsieve.domain.finding import Finding
    from adsieve.domain.material import Material
    from adsieve.domain.policy import PolicyMatrix
    from adsieve.domain.verdict import Verdict
    from adsieve.material.package import Package, load_package

_HOMES = {
    "adsieve.api": ("compile_package", "scan"),
    "adsieve.domain.ad": ("Ad",),
    "adsieve.domain.errors": (
        "AdsieveError",
        "InputError",
        "InvalidAdError",
        "InvalidMaterialError",
        "InvalidMessageError",
        "PackageError",
        "UnavailableError",
    ),
    "adsieve.domain.finding": ("Finding",),
    "adsieve.domain.material": ("Material",),
    "adsieve.domain.policy": ("PolicyMatrix",),
    "adsieve.domain.verdict": ("Verdict",),
    "adsieve.material.package": ("Package", "load_package"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Ad",
    "AdsieveError",
    "Finding",
    "InputError",
    "InvalidAdError",
    "InvalidMaterialError",
    "InvalidMessageError",
    "Material",
    "Package",
    "PackageError",
    "PolicyMatrix",
    "UnavailableError",
    "Verdict",
    "__version__",
    "compile_package",
    "load_package",
    "scan",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module `adsieve` has no `{name}`")
    return getattr(import_module(_HOME[name]), name)
