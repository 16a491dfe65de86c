"""A re-scan end to end on the local AWS: publish, supersede, kill, retire; who is decided again, and how soon.

    python -m tests.perf.rescan.live [--ads 5000] [--matching 200] [--folder .local/live]

| step | expected |
|---|---|
| upload | every ad has a verdict, and its evidence is kept |
| publish a term that `matching` ads have | those, and no others, carry a new verdict within two minutes |
| start the planner twice, send every job twice | no verdict more |
| publish a second term while workers are killed in the middle | each of its ads decided once |
| publish a third and at once a fourth package | every ad as a full scan with the last package says |
| retire the first term | its ads are released |

Exit code 1 where that does not hold. Seconds are of the clock, and say as much about the machine as about the platform.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from adsieve.adapters.evidence_files import S3Files
from adsieve.adapters.keys import PublicKeys
from adsieve.adapters.memory_materials import MemoryMaterialRegistry
from adsieve.adapters.parquet import DuckTables
from adsieve.adapters.s3_packages import S3PackageStore
from adsieve.domain import lifecycle as steps
from adsieve.domain.audit import Change
from adsieve.domain.decision import Action, State
from adsieve.domain.material import Kind, Material
from adsieve.domain.verdict import Cause, said
from adsieve.local import lifecycle
from adsieve.local.cloud import Cloud
from adsieve.local.deploy import publishing_key
from adsieve.local.lifecycle import Local
from adsieve.local.workspace import Workspace
from adsieve.material.package import Package
from adsieve.material.policies import default_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.service.publish import Publisher, fetch
from adsieve.service.rescan.archive import Archive
from adsieve.service.scan import scan
from tests.waiting import processes_in

WORDS = {"moonberry": 0, "sunplum": 1, "starfig": 2, "cloudpear": 3}
"""Made-up terms: the ads whose number leaves this rest have it, as far as the number of matching ads goes."""
WAIT = 900.0


class Live:
    """The local AWS, its ads, and the material that is in force."""

    def __init__(self, local: Local, workspace: Workspace, ads: int, matching: int) -> None:
        self.local, self.workspace = local, workspace
        self.cloud = Cloud(local.stack)
        self.ads = [f"live-{number:05}" for number in range(ads)]
        self._matching = matching
        outputs = local.stack.outputs
        self.archive = Archive(S3Files(self.cloud.s3, outputs["EvidenceBucketName"]), DuckTables())
        self._store = S3PackageStore(self.cloud.s3, outputs["MaterialBucketName"])
        self._base = load_materials((material_folder(),))

    def matching(self, word: str) -> set[str]:
        """Ads that have the word."""
        step = len(WORDS)
        return {f"live-{number * step + WORDS[word]:05}" for number in range(self._matching)}

    def upload(self) -> None:
        """Upload every ad that is not there yet, wait for its verdict and its evidence, and put small partitions together.

        The local AWS waits for no batch, so that partitions would have an ad or two each, where AWS gathers a thousand:
        evidence is gathered once all ads are decided.
        """
        known = self.verdicts().keys()
        having = {ad_id: word for word in WORDS for ad_id in self.matching(word)}

        def put(ad_id: str) -> None:
            text = f"{having.get(ad_id, 'garden')} offers of {ad_id}"
            self.cloud.put_ad(ad_id, {"ad_id": ad_id, "markets": ["SA", "GB"], "texts": {"body": text}})

        self._gather(enabled=False)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(put, (ad_id for ad_id in self.ads if ad_id not in known)))
        self.wait("verdicts", lambda: len(self.verdicts()) == len(self.ads), most=len(self.ads))
        self._gather(enabled=True)
        self.wait("evidence", lambda: self.kept() >= len(self.ads))
        self.archive.compact()

    def _gather(self, *, enabled: bool) -> None:
        """Whether evidence is gathered into partitions, or waits."""
        functions = self.cloud.client("lambda")
        (mapping,) = (
            known
            for known in functions.list_event_source_mappings()["EventSourceMappings"]
            if "ArchiveQueue" in known["EventSourceArn"]
        )
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)

    def kept(self) -> int:
        """Ads whose evidence is kept."""
        rows = (row.ad_id for one in self.archive.partitions() for row in self.archive.rows(one, whole=False))
        return len(set(rows))

    def verdicts(self) -> dict[str, list[dict[str, Any]]]:
        """Every verdict of every ad, read in one sweep."""
        found: dict[str, list[dict[str, Any]]] = {}
        pages = self.cloud.dynamodb.get_paginator("scan").paginate(TableName=self.cloud.verdicts.table)
        from adsieve.adapters.dynamodb import verdict_of

        for page in pages:
            for item in page["Items"]:
                if item["sk"]["S"].startswith("DEC#") and item["pk"]["S"].startswith("AD#live-"):
                    told = verdict_of(item)
                    found.setdefault(str(told["ad_id"]), []).append(told)
        return found

    def publish(self, *words: str) -> Package:
        """Put the material in force that has these words besides the sample material."""
        registry = MemoryMaterialRegistry()
        extra = [Material(f"W-{word}", Kind.TERM, word, "gambling", Action.REJECT) for word in words]
        for material in (*self._base, *extra):
            added = steps.add(material, "author", datetime.now(UTC), "a measurement")
            # As it would be after all its steps: added material is a draft.
            head = replace(added.head, material=replace(material, source="", state=State.ACTIVE))
            registry.append([Change(head, added.entry, None)])
        signer = publishing_key(self.workspace)
        keys = PublicKeys.parse(signer.public)
        publisher = Publisher(self._store, signer, keys, "publisher", lambda: datetime.now(UTC))
        release = publisher.publish(registry, default_matrix(), ", ".join(words) or "none").release
        assert release is not None
        return fetch(self._store, keys, release.sha256, Path(self.workspace.folder) / "fetched")

    def flipped(self, before: dict[str, int]) -> set[str]:
        """Ads with more verdicts than before."""
        return {ad_id for ad_id, told in self.verdicts().items() if len(told) > before.get(ad_id, 0)}

    def counts(self) -> dict[str, int]:
        """Verdicts of each ad."""
        return {ad_id: len(told) for ad_id, told in self.verdicts().items()}

    def ask(self) -> None:
        """Start the planner by hand."""
        queue = self.local.stack.outputs["PlanQueueUrl"]
        self.cloud.sqs.send_message(QueueUrl=queue, MessageBody='{"schema": 1, "reason": "a person"}')

    def send_jobs_again(self) -> int:
        """Every job of every run, once more."""
        names = [name for name in self.archive.files.names("runs/") if name.endswith("jobs.jsonl")]
        jobs = [line for name in names for line in (self.archive.files.read(name) or b"").decode().split("\n") if line]
        for job in jobs:
            self.cloud.sqs.send_message(QueueUrl=self.local.stack.outputs["RescanQueueUrl"], MessageBody=job)
        return len(jobs)

    def idle(self) -> bool:
        """Whether nothing waits in the queues of re-scans."""
        for queue in ("PlanQueueUrl", "RescanQueueUrl"):
            url = self.local.stack.outputs[queue]
            told = self.cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            if int(told["ApproximateNumberOfMessages"]) or int(told["ApproximateNumberOfMessagesNotVisible"]):
                return False
        return True

    def wait(self, what: str, done: Callable[[], bool], most: float = WAIT) -> None:
        """Wait until it is so; gives up loudly after so many seconds. Looking takes a third of the time at most."""
        started = looked = time.monotonic()
        while not done():
            if time.monotonic() - started > most:
                raise SystemExit(f"no {what} after {most:.0f} s")
            time.sleep(max(1.0, 2 * (time.monotonic() - looked)))
            looked = time.monotonic()

    def wait_for_flips(self, before: dict[str, int], count: int) -> float:
        """Wait until so many ads have more verdicts than before; seconds from now to the last of these verdicts."""
        asked = datetime.now(UTC)
        self.wait("flips", lambda: len(self.flipped(before)) >= count)
        last = max(str(one["scanned_at"]) for told in self.verdicts().values() for one in told)
        return round((datetime.fromisoformat(last) - asked).total_seconds(), 1)

    def settled(self) -> None:
        """Wait until all is done, twice in a row."""
        self.wait("rest", self.idle)
        time.sleep(3)
        self.wait("rest", self.idle)

    def wrong(self, package: Package) -> list[str]:
        """Ads whose current verdict says anything but what a full scan with the package says."""
        told = {ad_id: max(some, key=lambda one: one["scanned_at"]) for ad_id, some in self.verdicts().items()}
        rows = {row.ad_id: row for one in self.archive.partitions() for row in self.archive.rows(one)}
        now = datetime.now(UTC)
        return [
            ad_id
            for ad_id, row in rows.items()
            if said(told[ad_id]) != said(scan(row.decided_from(), package, Cause.RESCAN, now).to_dict())
        ]


def kill_workers(workspace: Workspace, function: str) -> int:
    """Kill the processes of one function; how many there were.

    Whose name has the other function's in it, as PlanRescanFunction has, is spared: what a killed planner had taken comes
    back after an hour and a half only, though the next one, a minute later, does its work.
    """
    killed = 0
    for process in processes_in(workspace.folder):
        command = Path(f"/proc/{process}/environ")
        try:
            if function.encode() in command.read_bytes():
                os.kill(process, signal.SIGKILL)
                killed += 1
        except OSError:
            continue
    return killed


@click.command()
@click.option("--ads", default=5_000, show_default=True)
@click.option("--matching", default=200, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--keep", is_flag=True, help="Leave the local AWS up; the next run with as many ads uploads none.")
def main(ads: int, matching: int, folder: Path, keep: bool) -> None:
    """See the module."""
    workspace = Workspace.find(folder)
    local = lifecycle.up(workspace, lambda step: click.echo(step, err=True))
    try:
        report, held = _measured(Live(local, workspace, ads, matching))
    finally:
        if not keep:
            lifecycle.down(workspace, lambda _: None)
    click.echo(json.dumps(report))
    sys.exit(0 if all(held) else 1)


def _measured(live: Live) -> tuple[dict[str, Any], list[bool]]:
    told: dict[str, Any] = {"ads": len(live.ads)}
    held: list[bool] = []

    def expect(name: str, found: Iterable[str] | int, wanted: Iterable[str] | int) -> None:
        held.append(found == wanted)
        told[name] = "as expected" if held[-1] else f"{_short(found)} instead of {_short(wanted)}"
        click.echo(f"{name}: {told[name]}", err=True)

    started = time.monotonic()
    live.upload()
    told |= {"upload_s": round(time.monotonic() - started, 1), "partitions": len(live.archive.partitions())}
    live.publish()  # the sample material, now published: it decides as the layer's does
    live.settled()
    before = live.counts()
    expect("a package that says the same decides nothing again", sum(before.values()), len(live.ads))

    live.publish("moonberry")
    wanted = live.matching("moonberry")
    told["publish_to_last_flip_s"] = live.wait_for_flips(before, len(wanted))
    live.settled()
    expect("those that match, and no others", live.flipped(before), wanted)

    live.ask()
    live.ask()
    told["jobs_sent_again"] = live.send_jobs_again()
    live.settled()
    expect("planner and jobs twice: one verdict more each", sum(live.counts().values()), len(live.ads) + len(wanted))

    before = live.counts()
    live.publish("moonberry", "sunplum")
    half = len(wanted) // 4
    live.wait("some flips", lambda: len(live.flipped(before)) >= half)
    told["workers_killed"] = kill_workers(live.workspace, "-RescanFunction-")
    live.wait("flips after the kill", lambda: len(live.flipped(before)) >= len(wanted))
    live.settled()
    after = live.counts()
    once = {ad_id for ad_id in after if after[ad_id] - before[ad_id] == 1}
    expect("killed half-way: each once", once, live.matching("sunplum"))

    live.publish("moonberry", "starfig")
    live.wait("the planner", lambda: not live.idle())
    last = live.publish("moonberry", "cloudpear")
    live.settled()
    live.wait("the last package everywhere", lambda: all(_stands(live, last)))
    live.settled()
    expect("superseded while it runs: as a full scan with the last", live.wrong(last), [])

    before = live.counts()
    last = live.publish("cloudpear")
    told["retire_to_last_release_s"] = live.wait_for_flips(before, len(wanted))
    live.settled()
    expect("retired: released, and no others", live.flipped(before), wanted)
    expect("and every verdict as a full scan says", live.wrong(last), [])
    return told, held


def _stands(live: Live, package: Package) -> list[bool]:
    return [any(one.package == package.ref.sha256 for one in known.standings) for known in live.archive.partitions()]


def _short(found: object) -> str:
    return f"{len(found)} ads" if isinstance(found, set | list) else str(found)


if __name__ == "__main__":
    main()
