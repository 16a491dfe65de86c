"""The Python API: compile, load and scan with plain data, no AWS."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from adsieve.domain.ad import Ad, parse_ad
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.material.policies import default_matrix
from adsieve.material.rows import parse_rows
from adsieve.service import extract
from adsieve.service.scan import scan as scan_fingerprint


def compile_package(
    materials: Iterable[Mapping[str, Any] | Material], *, matrix: PolicyMatrix | None = None, version: str | None = None
) -> Package:
    """Compile materials in memory.

    Args:
        materials: rows of the material contract as dicts, or Material objects.
        matrix: the policy matrix; by default the demonstration matrix that comes with adsieve.
        version: name of the package; by default derived from its content.

    Raises:
        InvalidMaterialError: with every problem, naming `row N` and the column.
    """
    rows = list(materials)
    parsed = iter(parse_rows((f"row {n}", row) for n, row in enumerate(rows, 1) if not isinstance(row, Material)))
    whole = [row if isinstance(row, Material) else next(parsed) for row in rows]
    return Package.of(compile_files(whole, matrix or default_matrix(), version=version))


def scan(ad: Mapping[str, Any] | Ad, package: Package, *, now: datetime | None = None) -> Verdict:
    """Decide one ad, given as the dict of the ad contract.

    Media that the ad names cannot be read here, so it counts as not scanned; `adsieve scan` reads folders.

    Args:
        ad: the ad.
        package: from `compile_package` or `load_package`.
        now: time of the decision, aware; by default the present.

    Raises:
        InvalidAdError: the dict does not follow the contract.
    """
    parsed = ad if isinstance(ad, Ad) else parse_ad(ad)
    moment = now or datetime.now(UTC)
    data = json.dumps(ad if not isinstance(ad, Ad) else parsed.to_dict(), sort_keys=True, default=str).encode()
    fingerprint = extract.fingerprint(parsed, data, dict.fromkeys(parsed.media), moment)
    return scan_fingerprint(fingerprint, package, Cause.UPLOAD, moment)
