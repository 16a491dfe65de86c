"""How long a change takes to reach ads: against the local AWS, with the real functions, store, queue and table.

`python -m tests.perf.freshness [--runs 20] [--folder DIR]`, after `adsieve local up`. Every run, under steady uploads:

| change | measured until | limit, seconds |
|---|---|---|
| activate | the first ad is rejected | 60 (p95) |
| kill | the first ad passes again | 30 |
| rollback | the first ad is decided by the earlier package | 60 |
| panic | the first ad goes to review | 60 |

Times begin before the registry is changed, so that building, testing, signing and storing the package count. Exit code 1
when a limit is not kept.
"""

import argparse
import json
import math
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adsieve.adapters.ads import stored_ads
from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
from adsieve.adapters.keys import PublicKeys
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.adapters.s3_samples import S3SampleStore
from adsieve.domain import lifecycle as steps
from adsieve.domain.decision import Action, State
from adsieve.domain.errors import ConflictError
from adsieve.domain.guards import Evidence
from adsieve.domain.material import Kind, Material
from adsieve.domain.switches import Switch
from adsieve.local import lifecycle
from adsieve.local.cloud import Cloud
from adsieve.local.deploy import publishing_key
from adsieve.local.workspace import Workspace
from adsieve.material.corpus import default_corpus, read_corpus
from adsieve.material.policies import default_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.material_ports import MaterialRegistry
from adsieve.service.desk import Desk
from adsieve.service.gates.ground import Ground
from adsieve.service.gates.run import desk_gates
from adsieve.service.publish import Publisher
from adsieve.service.seed import seed

LIMITS = {"activate": 60.0, "kill": 30.0, "rollback": 60.0, "panic": 60.0}
GIVE_UP = 120.0
EVERY = 0.4
"""Seconds between uploads: functions look for packages when they are invoked."""

RECENT = 300
"""Ads that panic material is tested on."""

PASSED = Evidence(gates="tested before", clusters=30, promote=True)


def now() -> datetime:
    return datetime.now(UTC)


class Bench:
    """The local stack, and the people who change what it decides."""

    def __init__(self, folder: Path | None) -> None:
        workspace = Workspace.find(folder)
        stack = lifecycle.status(workspace).stack
        if stack is None:
            raise SystemExit("nothing is deployed: `adsieve local up`")
        self.cloud = Cloud(stack)
        self.matrix = default_matrix()
        signer = publishing_key(workspace)
        store = S3PackageStore(self.cloud.s3, stack.outputs["MaterialBucketName"])
        self.publisher = Publisher(store, signer, PublicKeys.parse(stack.parameters["PublicKey"]), "publisher", now)
        self.registry: MaterialRegistry = DynamoMaterialRegistry(
            self.cloud.dynamodb, stack.outputs["MaterialsTableName"]
        )
        self.samples = S3SampleStore(self.cloud.s3, stack.outputs["MaterialBucketName"])
        corpus = read_corpus(default_corpus())
        evidence = stack.outputs["EvidenceBucketName"]
        self.tested = desk_gates(
            lambda: Ground(self.matrix, now(), corpus=corpus, recent=stored_ads(self.cloud.s3, evidence, RECENT)),
            lambda _name, _report: None,
        )

    def seed(self) -> None:
        """The material of the layer, as on any first day; functions refuse a package that lost it."""
        if self.publisher.pointer()[0].release is None:
            desk = Desk(self.registry, self.samples, "author", self.tested, now)
            seed(desk, load_materials([material_folder()]), "a measurement")
            self.publish()

    def traffic(self, stop: threading.Event) -> None:
        """Harmless ads, steadily: a function that was idle would look at once, and flatter the times."""
        while not stop.wait(EVERY):
            self.put("harmless")

    def put(self, text: str) -> str:
        """Upload an ad; all of one advertiser, or the breaker would rightly stop the material."""
        ad_id = f"fresh-{time.time_ns()}"
        self.cloud.put_ad(
            ad_id, {"ad_id": ad_id, "advertiser_id": "bench", "markets": ["SA"], "texts": {"headline": text}}
        )
        return ad_id

    def ready(self, material: Material) -> None:
        """Lead a material to the last step before ACTIVE."""
        added = steps.add(material, "author", now(), "a measurement")
        self.registry.append([added])
        head = added.head
        for to, rollout in ((State.SHADOW, None), *((State.CANARY, percent) for percent in (1, 10, 50))):
            if to is State.CANARY and head.material.state is not to:
                head = self._write(steps.approve(head, to, "approver", now(), "looked at it"))
            head = self._write(steps.move(head, to, "author", now(), "next", evidence=PASSED, rollout=rollout))
        self._write(steps.approve(head, State.ACTIVE, "approver", now(), "looked at it"))

    def _write(self, change: Any) -> Any:
        self.registry.append([change])
        return change.head

    def activate(self, material: Material) -> None:
        head = self.registry.get(material.id)
        assert head
        self._write(steps.move(head, State.ACTIVE, "author", now(), "go", evidence=PASSED))
        self.publish()

    def panic(self, material: Material) -> None:
        """As a person on call does it: the row, its tests with the real engine, the step, the publication."""
        desk = Desk(self.registry, self.samples, "on-call", self.tested, now)
        desk.add(material, "an outbreak")
        desk.move(material.id, State.ACTIVE, "an outbreak", hours=1)
        self.publish()

    def publish(self) -> None:
        """Again where the state machine, which follows the registry too, was quicker."""
        for _ in range(3):
            with suppress(ConflictError):
                self.publisher.publish(self.registry, self.matrix, "a measurement")
                return

    def until(self, text: str, wanted: Callable[[dict[str, Any]], bool], began: float) -> float:
        """Upload ads with this text until one's verdict is as wanted; seconds since it began."""
        waiting: list[str] = []
        while time.monotonic() - began < GIVE_UP:
            waiting.append(self.put(text))
            pause = time.monotonic() + EVERY
            while time.monotonic() < pause:
                for known in tuple(waiting):
                    told = list(self.cloud.verdicts.history(known))
                    if told and wanted(dict(told[-1])):
                        return time.monotonic() - began
                    if told:
                        waiting.remove(known)
                time.sleep(0.05)
        return math.inf


def measure(bench: Bench, run: int) -> dict[str, float]:
    """One run of all four changes."""
    word = "qux" + "".join(chr(97 + int(digit)) for digit in str(time.time_ns()))
    material = Material(
        f"F-{run}-{word[-6:]}", Kind.TERM, word, "gambling", Action.REJECT,
        examples_hit=(f"a {word}", word), examples_miss=("a word", "another"),
    )  # fmt: skip
    bench.ready(material)
    taken = {}
    began = time.monotonic()
    bench.activate(material)
    taken["activate"] = bench.until(f"play {word} now", lambda told: told["decision"] == "REJECT", began)

    began = time.monotonic()
    off = Switch.off(f"material:{material.id}", "on-call", "a measurement", now())
    bench.publisher.turn_off([off])
    taken["kill"] = bench.until(f"play {word} now", lambda told: told["decision"] == "PASS", began)
    bench.publisher.turn_on([off.key])

    before = bench.publisher.pointer()[0].earlier
    if before:
        began = time.monotonic()
        bench.publisher.rollback(before[0].version, "a measurement")
        version = before[0].version
        taken["rollback"] = bench.until("harmless", lambda told: told["package"]["version"] == version, began)

    panic = replace(
        material, id=f"P-{material.id}", value=f"{word}x", action=Action.REVIEW, markets=("SA",), note="preventive",
        examples_hit=(f"a {word}x", f"{word}x"),
    )  # fmt: skip
    began = time.monotonic()
    bench.panic(panic)
    taken["panic"] = bench.until(f"play {word}x now", lambda told: told["decision"] == "REVIEW", began)
    return taken


def p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(math.ceil(0.95 * len(ordered)), len(ordered)) - 1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="of the local AWS")
    given = parser.parse_args()
    bench, taken = Bench(given.folder), {change: list[float]() for change in LIMITS}
    bench.seed()
    stop = threading.Event()
    traffic = threading.Thread(target=bench.traffic, args=(stop,))
    traffic.start()
    try:
        for run in range(given.runs):
            for change, seconds in measure(bench, run).items():
                taken[change].append(seconds)
            shown = ", ".join(f"{name} {times[-1]:.1f}" for name, times in taken.items() if times)
            print(f"run {run + 1}: {shown}", flush=True)
    finally:
        stop.set()
        traffic.join()
    summary = {
        change: {
            "runs": len(times),
            "p50": round(statistics.median(times), 1),
            "p95": round(p95(times), 1),
            "max": round(max(times), 1),
            "limit": LIMITS[change],
            "kept": p95(times) <= LIMITS[change] if change == "activate" else max(times) <= LIMITS[change],
        }
        for change, times in taken.items()
        if times
    }
    print(json.dumps(summary, indent=1))
    return int(not all(told["kept"] for told in summary.values()))


if __name__ == "__main__":
    sys.exit(main())
