"""The package in force inside a function: polled, fetched, verified, swapped; whatever goes wrong, the last good one serves."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from adsieve.domain.errors import PackageError, UnavailableError
from adsieve.domain.pointer import Pointer
from adsieve.domain.switches import Switches
from adsieve.material.archive import MAX_UNPACKED, unpack
from adsieve.material.bounds import MAX_MANIFEST, check_growth
from adsieve.material.manifest import Manifest, digest
from adsieve.material.overlay import overlay
from adsieve.material.package import Package, load_package
from adsieve.material.selftest import check_engine
from adsieve.material.signing import unseal
from adsieve.material_ports import Generations, PackageStore, Verifier

POLL_SECONDS = 15.0
"""Most that a change stays unseen. A poll of what did not change is one request of S3 without a body."""


class Refusal(NamedTuple):
    """Why a poll changed nothing: a stable word for the metric, and the facts for the log."""

    reason: str
    detail: str


class PackageFeed:
    """Gives the package in force and what is turned off.

    Args:
        layer: opens the package that came with the deployment; raises PackageError where that cannot be opened.
        store: where packages are published.
        verifier: knows the keys that may publish.
        folder: for what is fetched; emptied of what is no longer used.
        monotonic: seconds, for the interval of polls.
        generations: what all functions have seen, so that one which starts cold is not told yesterday's pointer.
    """

    def __init__(
        self,
        layer: Callable[[], Package],
        store: PackageStore,
        verifier: Verifier,
        folder: Path,
        monotonic: Callable[[], float] = time.monotonic,
        generations: Generations | None = None,
    ) -> None:
        self._layer = layer
        self._store = store
        self._verifier = verifier
        self._folder = folder
        self._monotonic = monotonic
        self._generations = generations
        self._polling = threading.Lock()
        self._next = float("-inf")
        self._tag: str | None = None
        self._pointer = Pointer()
        self._serving: Package | None = None
        self._base: Package | None = None
        self._refused: dict[str, PackageError] = {}

    def __call__(self) -> Package:
        """The package in force; raises PackageError where nothing, not even the layer's, can be opened."""
        return self._serving or self._layer()

    def off(self, now: datetime) -> Switches:
        """What is turned off."""
        return Switches(self._pointer.switches, now)

    def refresh(self) -> Refusal | None:
        """Look for a newer package where it is time to; called between invocations. Never raises.

        What is turned off counts at once, also where the package beside it is refused.
        """
        if self._monotonic() < self._next or not self._polling.acquire(blocking=False):
            return None
        try:
            self._poll()
        except PackageError as error:
            return Refusal(error.reason, error.detail)
        except UnavailableError as error:
            return Refusal("unavailable", str(error))
        except Exception as error:  # noqa: BLE001 - no package, however odd, may stop verdicts; it is told and counted
            return Refusal("unexpected", f"{type(error).__name__}: {error}")
        finally:
            self._next = self._monotonic() + POLL_SECONDS
            self._polling.release()
        return None

    def catch_up(self, sha256: str) -> None:
        """Look at once where another package is in use than the one that a job speaks of, or none.

        Raises:
            UnavailableError: the package in force cannot be used yet; with an older one the job would be wasted.
        """
        if self._serving and self._serving.ref.sha256 == sha256:
            return
        self._next = float("-inf")
        refused = self.refresh()
        release = self._pointer.release
        if release and (self._serving is None or self._serving.ref.sha256 != release.sha256):
            raise UnavailableError(f"package {release.sha256}: {refused.detail if refused else 'being fetched'}")

    def _poll(self) -> None:
        stored = self._store.pointer(self._tag)
        if stored is None:
            return
        self._tag = None
        pointer = unseal(self._verifier, stored.data)
        seen = self._generations.advance(pointer.generation) if self._generations else self._pointer.generation
        if pointer.generation < max(seen, self._pointer.generation):
            raise PackageError("stale", f"generation {pointer.generation} after {seen}")
        self._pointer = pointer
        wanted = pointer.release.sha256 if pointer.release else None
        if wanted is None:
            self._serving = None
        elif self._serving is None or self._serving.ref.sha256 != wanted:
            self._serving = self._open(wanted)
            self._clean()
        # Only now: as long as the package is not in use, the pointer is read again.
        self._tag = stored.tag

    def _open(self, sha256: str) -> Package:
        """The package of a digest, over its base where it has one. What was refused once is not fetched again."""
        if sha256 in self._refused:
            raise self._refused[sha256]
        try:
            upper = self._have(sha256) or self._fetch(sha256)
            base = None
            if upper.manifest.base is not None:
                base = self._have(upper.manifest.base) or self._fetch(upper.manifest.base)
            opened = overlay(upper, base)
            check_engine(opened)
        except PackageError as error:
            self._refused[sha256] = error
            raise
        except UnavailableError:
            raise
        except Exception as error:
            self._refused[sha256] = PackageError("unexpected", f"{type(error).__name__}: {error}")
            raise self._refused[sha256] from error
        self._base = base or opened
        return opened

    def _have(self, sha256: str) -> Package | None:
        """A package that is open already, the layer's included."""
        for package in (self._base, self._opened_layer()):
            if package is not None and package.ref.sha256 == sha256:
                return package
        return None

    def _opened_layer(self) -> Package | None:
        try:
            return self._layer()
        except PackageError:
            return None  # told where it is needed: here any other package will do

    def _fetch(self, sha256: str) -> Package:
        archive = self._store.archive(sha256, MAX_UNPACKED)
        if archive is None:
            raise UnavailableError(f"package {sha256} is not in the store")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=f"{sha256}.", dir=self._folder))
            try:
                unpack(archive, fresh)
                package = load_package(fresh, self._verifier)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
        except OSError as error:
            raise UnavailableError(f"{self._folder}: {error}") from error
        if package.ref.sha256 != sha256:
            raise PackageError("replayed", f"wanted {sha256}, the store gave {package.ref.sha256}")
        layer = self._opened_layer()
        check_growth(package.manifest, self._manifest, layer.manifest if layer else None)
        return package

    def _manifest(self, sha256: str) -> Manifest:
        return read_manifest(self._store, sha256)

    def _clean(self) -> None:
        """Remove what is no longer used; what is mapped stays readable until it is closed."""
        used = {package.ref.sha256 for package in (self._serving, self._base) if package}
        for folder in self._folder.glob("*"):
            if folder.name.partition(".")[0] not in used:
                shutil.rmtree(folder, ignore_errors=True)


def read_manifest(store: PackageStore, sha256: str) -> Manifest:
    """The manifest of a published package.

    Raises:
        PackageError: it is not there, or is not the one of that digest.
    """
    data = store.manifest(sha256, MAX_MANIFEST)
    if data is None or digest(data) != sha256:
        raise PackageError("broken_chain", f"manifest {sha256} is {'missing' if data is None else 'another'}")
    return Manifest.from_json(data)
