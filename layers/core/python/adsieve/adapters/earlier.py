"""Packages that are no longer in force: what ads were decided with before."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from adsieve.domain.errors import PackageError
from adsieve.material.package import Package
from adsieve.material_ports import PackageStore, Verifier
from adsieve.service.publish import fetch


@dataclass
class EarlierPackages:
    """See `Packages`.

    Attributes:
        layer: opens the package that came with the deployment.
        store, verifier: where packages are published, and the keys that may; None where none are.
    """

    layer: Callable[[], Package]
    store: PackageStore | None
    verifier: Verifier | None
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="adsieve-earlier-")))

    def get(self, sha256: str) -> Package | None:
        """See `Packages.get`. One that cannot be trusted or opened is as good as gone: its ads are decided again."""
        try:
            layer = self.layer()
            if layer.ref.sha256 == sha256:
                return layer
        except PackageError:
            pass  # the store may have it
        if self.store is None or self.verifier is None:
            return None
        try:
            return fetch(self.store, self.verifier, sha256, self._folder)
        except PackageError:
            return None
