"""Putting a package in force: build, load it in the real engine, try it, compare it, sign it, store it, point to it."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adsieve.domain.errors import ConflictError, PackageError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.pointer import Pointer, Release
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.switches import Switch
from adsieve.material.archive import MAX_UNPACKED, pack, unpack
from adsieve.material.bounds import check_growth
from adsieve.material.compile import write_package
from adsieve.material.manifest import GROWTH, MANIFEST, MANIFEST_SIGNATURE, POLICIES
from adsieve.material.overlay import overlay
from adsieve.material.package import Package, load_package
from adsieve.material.selftest import broken_examples, check_engine
from adsieve.material.signing import seal, sign_manifest, unseal
from adsieve.material_ports import MaterialRegistry, PackageStore, Signer, Verifier
from adsieve.service.assemble import build, live, locked, plan
from adsieve.service.compare import Comparison, compare
from adsieve.service.feed import read_manifest
from adsieve.service.golden import Golden

ATTEMPTS = 5
"""Tries to change the pointer while others do."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a package is tried on before it is signed.

    Attributes:
        golden: ads with the verdicts that they must get, exactly.
        recent: ads that were decided lately, for the comparison with the package in force.
        limit: most of them, as a share, whose decision may change; above it somebody must have said so.
    """

    golden: Sequence[Golden] = ()
    recent: Sequence[Fingerprint] = ()
    limit: float = 0.02


NO_TRIAL = Trial()


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it; `release` is None where nothing differs from what is in force."""

    release: Release | None
    pointer: Pointer
    materials: int
    delta: bool
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes for one person.

    Attributes:
        store: where packages and the pointer are.
        signer, verifier: the key that publishes, and the keys that functions trust. It must be one of them.
        who: whom the pointer names.
        clock: the time, aware.
    """

    store: PackageStore
    signer: Signer
    verifier: Verifier
    who: str
    clock: Callable[[], datetime]

    def pointer(self) -> tuple[Pointer, str | None]:
        """What is in force, and the tag of the pointer object."""
        stored = self.store.pointer()
        return (unseal(self.verifier, stored.data), stored.tag) if stored else (Pointer(), None)

    def current(self, folder: Path) -> Package | None:
        """The package in force, fetched into a folder."""
        release = self.pointer()[0].release
        return fetch(self.store, self.verifier, release.sha256, folder) if release else None

    def publish(
        self,
        registry: MaterialRegistry,
        matrix: PolicyMatrix,
        why: str,
        *,
        trial: Trial = NO_TRIAL,
        whole: bool = False,
        growth: float = GROWTH,
        force: bool = False,
        dry: bool = False,
        expected: str | None = None,
    ) -> Published:
        """Build what is live in the registry and put it in force.

        Args:
            registry: where material is kept.
            matrix: the policy matrix to ship.
            why: for whoever asks later.
            trial: what to try it on.
            whole: do not lay it over the present base.
            growth: how many times the rows of the package in force it may have.
            force: publish though more decisions change than the trial allows, or nothing has changed.
            dry: stop before anything is signed.
            expected: digest of the package that was tried before; another one is not published.

        Raises:
            PackageError: a step refused it; nothing was changed.
            ConflictError: somebody else published meanwhile, or it is not the expected one; nothing was changed.
        """
        with tempfile.TemporaryDirectory(prefix="adsieve-publish-") as made:
            folder, now = Path(made), self.clock()
            pointer, tag = self.pointer()
            current = fetch(self.store, self.verifier, pointer.release.sha256, folder) if pointer.release else None
            heads = live(registry, now)
            if not (heads or force):
                raise PackageError(
                    "empty", "no material of the registry is live: with this package every ad would pass"
                )
            planned = plan(heads, matrix, current, version=pointer.next_version, whole=whole, growth=growth)
            files = build(planned)
            package = overlay(_loaded(files, folder / "built"), planned.base)
            if expected and package.ref.sha256 != expected:
                raise ConflictError(f"package {expected}")
            check_growth(package.manifest, lambda sha256: read_manifest(self.store, sha256))
            if current and not (whole or force) and _same(package, current):
                return Published(None, pointer, len(package), delta=planned.base is not None)
            comparison = try_out(package, current, trial, now, force=force)
            release = Release(package.ref.version, package.ref.sha256, self.who, why, now)
            if dry:
                return Published(release, pointer, len(package), planned.base is not None, comparison)
            signed = files | {MANIFEST_SIGNATURE: sign_manifest(self.signer, files[MANIFEST])}
            Package.of(signed, self.verifier)
            self.store.put(package.ref.sha256, files[MANIFEST], pack(signed))
            pointed = pointer.releasing(release)
            self._point(pointed, tag)
        return Published(release, pointed, len(package), planned.base is not None, comparison)

    def rollback(self, version: str, why: str) -> Pointer:
        """Put an earlier package in force again; raises InputError where there is none of that name."""
        with tempfile.TemporaryDirectory(prefix="adsieve-publish-") as made:
            pointer, tag = self.pointer()
            release = pointer.find(version)
            check_engine(fetch(self.store, self.verifier, release.sha256, Path(made)))
        pointed = pointer.releasing(Release(release.version, release.sha256, self.who, why, self.clock()))
        self._point(pointed, tag)
        return pointed

    def turn_off(self, switches: Iterable[Switch]) -> Pointer:
        """Turn things off; functions follow within a poll."""
        new = tuple(switches)
        return self._change(lambda pointer: pointer.turning_off(new, self.clock()))

    def turn_on(self, keys: Iterable[str]) -> Pointer:
        """Turn things on again; raises InputError for what is not off."""
        wanted = tuple(keys)
        return self._change(lambda pointer: pointer.turning_on(wanted, self.clock()))

    def _change(self, change: Callable[[Pointer], Pointer]) -> Pointer:
        """Change the pointer as it is now, again where somebody else was quicker: a switch must not get lost."""
        for attempt in range(1, ATTEMPTS + 1):
            pointer, tag = self.pointer()
            changed = change(pointer)
            try:
                self._point(changed, tag)
            except ConflictError:
                if attempt == ATTEMPTS:
                    raise
            else:
                break
        return changed

    def _point(self, pointer: Pointer, tag: str | None) -> None:
        sealed = seal(self.signer, pointer)
        # A key that no function trusts would freeze them all on what they have.
        unseal(self.verifier, sealed)
        self.store.point(sealed, tag)


def fetch(store: PackageStore, verifier: Verifier, sha256: str, folder: Path) -> Package:
    """A published package, over its base, verified, in a folder that must live as long as it."""
    archive = store.archive(sha256, MAX_UNPACKED)
    if archive is None:
        raise PackageError("not_found", f"package {sha256} is not in the store")
    place = folder / sha256
    if not place.exists():
        place.mkdir(parents=True)
        unpack(archive, place)
    package = load_package(place, verifier)
    if package.ref.sha256 != sha256:
        raise PackageError("replayed", f"wanted {sha256}, the store gave {package.ref.sha256}")
    below = package.manifest.base
    return overlay(package, fetch(store, verifier, below, folder) if below else None)


def try_out(
    package: Package, current: Package | None, trial: Trial, now: datetime, *, force: bool = False
) -> Comparison | None:
    """Run the package in the real engine.

    Raises:
        PackageError: an example or a golden ad is not decided as it must be, or more changes than is allowed.
    """
    if broken := broken_examples(package, package.materials()):
        raise PackageError("examples", f"{len(broken)} examples are broken, first: {broken[0]}")
    check_engine(package)
    if wrong := [line for golden in trial.golden for line in golden.differences(package, now)]:
        raise PackageError("golden", f"{len(wrong)} golden verdicts differ, first: {wrong[0]}")
    if current is None or not trial.recent:
        return None
    comparison = compare(current, package, trial.recent, now)
    if comparison.share > trial.limit and not force:
        raise PackageError("differential", f"{comparison}; at most {trial.limit:.2%} may change")
    return comparison


def _loaded(files: dict[str, bytes], folder: Path) -> Package:
    """The package as a function will see it: from disk, mapped."""
    write_package(files, folder)
    return load_package(folder)


def _same(package: Package, current: Package) -> bool:
    """Whether publishing would change nothing: the same versions of the same material, the same rules."""
    return locked(package) == locked(current) and package.beside(POLICIES) == current.beside(POLICIES)
