"""adsieve: every ad gets an explained verdict, market by market.

>>> package = adsieve.compile_package([{"kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"}])
>>> verdict = adsieve.scan({"ad_id": "ad-1", "markets": ["SA"], "texts": {"headline": "Best casino"}}, package)
>>> str(verdict.decision)
'REJECT'
"""

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
from adsieve.version import __version__

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
