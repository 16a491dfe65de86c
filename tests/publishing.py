"""A publisher, a registry and functions that follow it, all in memory: what the tests of publishing start from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adsieve.adapters.keys import FileSigner, PublicKeys
from adsieve.adapters.memory_materials import MemoryMaterialRegistry
from adsieve.adapters.memory_packages import MemoryPackageStore
from adsieve.domain import lifecycle
from adsieve.domain.audit import Change
from adsieve.domain.decision import State
from adsieve.domain.guards import Evidence
from adsieve.domain.material import Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.material_ports import MaterialRegistry
from adsieve.service.feed import POLL_SECONDS, PackageFeed, Refusal
from adsieve.service.publish import Published, Publisher
from adsieve.service.scan import scan
from tests.builders import NOON, a_fingerprint, a_material, a_matrix

GATES = Evidence(gates="tested", clusters=30, promote=True)
KEY = FileSigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = FileSigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@dataclass
class Clock:
    """A time that moves when it is told to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def monotonic(self) -> float:
        return (self.now - NOON).total_seconds()


@dataclass
class Desk:
    """A registry with a publisher and one function."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    registry: MaterialRegistry = field(default_factory=MemoryMaterialRegistry)
    store: MemoryPackageStore = field(default_factory=MemoryPackageStore)
    matrix: PolicyMatrix = field(default_factory=a_matrix)
    signer: FileSigner = KEY

    def __post_init__(self) -> None:
        self.keys = PublicKeys.parse(KEY.public)
        layer = Package.of(compile_files([], self.matrix, version="layer"))
        self.layer = layer
        self.feed = self.another_function()

    def another_function(self, name: str = "function") -> PackageFeed:
        return PackageFeed(lambda: self.layer, self.store, self.keys, self.folder / name, self.clock.monotonic)

    @property
    def publisher(self) -> Publisher:
        keys = PublicKeys.parse(self.signer.public)
        return Publisher(self.store, self.signer, keys, "publisher", self.clock)

    def seed(self, *materials: Material) -> None:
        """Put many materials into the registry as they would be after all their steps, without the steps."""
        for material in materials:
            added = lifecycle.add(material, "author", self.clock(), "a case")
            head = replace(added.head, material=replace(material, source=""))
            self.registry.append([Change(head, added.entry, None)])

    def activate(self, *materials: Material) -> None:
        """Lead materials to ACTIVE the way people do."""
        for material in materials:
            row = replace(material, examples_hit=(material.value,) * 2, examples_miss=("nothing",) * 2)
            change = lifecycle.add(row, "author", self.clock(), "a case")
            self.registry.append([change])
            self.step(material.id, State.SHADOW)
            for rollout in (1, 10, 50):
                self.step(material.id, State.CANARY, rollout)
            self.step(material.id, State.ACTIVE)

    def step(self, material_id: str, to: State, rollout: int | None = None) -> None:
        head = self.registry.get(material_id)
        assert head
        if to in (State.CANARY, State.ACTIVE) and head.material.state is not to:
            for approver in ("approver", "second approver"):
                approved = lifecycle.approve(head, to, approver, self.clock(), "looked at it")
                self.registry.append([approved])
                head = approved.head
        moved = lifecycle.move(head, to, "author", self.clock(), "next", evidence=GATES, rollout=rollout)
        self.registry.append([moved])

    def publish(self, **how: object) -> Published:
        return self.publisher.publish(self.registry, self.matrix, "a test", **how)  # type: ignore[arg-type] # by name

    def poll(self, feed: PackageFeed | None = None) -> Refusal | None:
        """Let the interval pass and the function look."""
        self.clock.pass_by(seconds=POLL_SECONDS + 1)
        return (feed or self.feed).refresh()

    def decide(self, text: str, feed: PackageFeed | None = None, ad_id: str = "ad-1") -> Verdict:
        serving = feed or self.feed
        return scan(a_fingerprint(text, ad_id=ad_id), serving(), Cause.UPLOAD, self.clock(), serving.off(self.clock()))


def terms(*values: str, prefix: str = "T") -> list[Material]:
    return [a_material(id=f"{prefix}-{number:05}", value=value) for number, value in enumerate(values)]


def words(count: int, prefix: str = "word") -> Iterable[str]:
    """Different made-up words."""
    letters = "abcdefghij"
    return (prefix + "".join(letters[int(digit)] for digit in str(number)) for number in range(count))
