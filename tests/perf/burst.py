"""Proves on a local AWS that no ad is lost or decided twice: under load, among broken uploads, across crashes.

    python tests/perf/burst.py [--ads 1000] [--json] [burst broken restart kill]

| scenario | what happens |
|---|---|
| burst | every ad at once |
| broken | the same, with 26 uploads among them that are no ads, name missing media or are far too large |
| restart | the local AWS is stopped in the middle of a burst and started again; uploads go on meanwhile |
| kill | processes of the function are killed in the middle of batches |

Expected of each: one verdict and one history row an ad, the right decision, an empty dead-letter queue. Exit code 1
where that does not hold. Times are told, never judged: they say as much about the machine as about the platform.
Run by hand: a crash waits for the queue's visibility timeout, twelve minutes.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.adapters.dynamodb import verdict_of
from adsieve.local import lifecycle
from adsieve.local.cloud import Cloud
from adsieve.local.lifecycle import Local
from adsieve.local.server import free_port
from adsieve.local.workspace import Workspace

UPLOADERS = 8
STALLED_SECONDS = 60.0
KILLS = 5
WORDS = (("casino tonight", "REJECT"), ("fresh bread every morning", "PASS"))


@dataclass
class Upload:
    """An ad to upload and what must come of it: a decision, and for broken ones words of the cause."""

    ad_id: str
    body: bytes
    decision: str
    cause: str = ""
    sent: float = 0.0


@dataclass
class Outcome:
    """What a scenario found."""

    scenario: str
    ads: int
    verdicts: int
    history_rows: int
    wrong: list[str]
    dead_letters: int
    seconds: float
    ms_an_ad: float
    p50_s: float
    p95_s: float
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every ad got its verdict, once."""
        return self.ads == self.verdicts == self.history_rows and not self.wrong and not self.dead_letters


class Bench:
    """A local AWS of its own, and one burst at a time on it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.local: Local = lifecycle.up(workspace, say, free_port())
        self.cloud = Cloud(self.local.stack)

    def run(self, scenario: str, ads: list[Upload], disturb: Callable[[Thread], dict[str, Any]]) -> Outcome:
        """Upload everything at once, disturb, wait until nothing is left to do, and count."""
        say(f"{scenario}: {len(ads)} ads")
        dead_before, started, clock = self.cloud.depth("ScanDeadLetterQueueUrl"), datetime.now(UTC), time.monotonic()
        uploading = Thread(target=self._upload, args=[ads])
        uploading.start()
        notes = disturb(uploading)
        uploading.join()
        self._wait(len(ads), ads[0].ad_id.partition("-")[0])
        seconds = time.monotonic() - clock
        current, rows = self._stored(ads)
        waits = self._waits(ads, started)
        return Outcome(
            scenario=scenario,
            ads=len(ads),
            verdicts=len(current),
            history_rows=sum(rows.values()),
            wrong=[problem for ad in ads for problem in _problems(ad, current, rows)],
            dead_letters=self.cloud.depth("ScanDeadLetterQueueUrl") - dead_before,
            seconds=round(seconds, 1),
            ms_an_ad=round(seconds * 1000 / len(ads), 1),
            p50_s=round(statistics.median(waits), 2),
            p95_s=round(statistics.quantiles(waits, n=20)[-1], 2),
            notes=notes,
        )

    def undisturbed(self, _uploading: Thread) -> dict[str, Any]:
        """Let it run."""
        return {}

    def restart(self, uploading: Thread) -> dict[str, Any]:
        """Stop everything in the middle of the burst, and start it again."""
        time.sleep(2)
        was_uploading, waiting = uploading.is_alive(), self.cloud.depth("ScanQueueUrl")
        lifecycle.down(self.workspace, say)
        lifecycle.up(self.workspace, say, built=self.local.build)
        return {"uploading_when_stopped": was_uploading, "messages_when_stopped": waiting}

    def kill(self, _uploading: Thread) -> dict[str, Any]:
        """Kill processes of the function while they work."""
        killed = 0
        while killed < KILLS:
            time.sleep(0.7)
            for pid in self._workers()[:1]:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        return {"processes_killed": killed}

    def _upload(self, ads: list[Upload]) -> None:
        with ThreadPoolExecutor(UPLOADERS) as pool:
            for _ in pool.map(self._put, ads):
                pass

    def _put(self, ad: Upload) -> None:
        """An advertiser tries until the upload is accepted."""
        while True:
            try:
                self.cloud.put_ad(ad.ad_id, ad.body)
            except (BotoCoreError, ClientError):
                time.sleep(0.2)
            else:
                ad.sent = time.time()
                return

    def _wait(self, ads: int, tag: str) -> None:
        last, best = time.monotonic(), (0, 0)
        # What a killed process had taken comes back when its messages are visible again.
        patience = self.cloud.visibility("ScanQueueUrl") + STALLED_SECONDS
        while time.monotonic() - last < patience:
            seen = (self._count(tag), -self.cloud.depth("ScanQueueUrl"))
            if seen == (ads, 0):
                return
            if seen > best:
                last, best = time.monotonic(), seen
            time.sleep(0.5)

    def _count(self, tag: str) -> int:
        pages = self.cloud.dynamodb.get_paginator("scan").paginate(
            TableName=self.cloud.stack.outputs["VerdictsTableName"],
            FilterExpression="sk = :current AND begins_with(pk, :tag)",
            ExpressionAttributeValues={":current": {"S": "META"}, ":tag": {"S": f"AD#{tag}-"}},
            Select="COUNT",
        )
        return sum(page["Count"] for page in pages)

    def _stored(self, ads: list[Upload]) -> tuple[dict[str, dict[str, Any]], Counter[str]]:
        """Current verdicts and number of history rows, by ad."""
        wanted = {ad.ad_id for ad in ads}
        current: dict[str, dict[str, Any]] = {}
        rows: Counter[str] = Counter()
        table = self.cloud.stack.outputs["VerdictsTableName"]
        for page in self.cloud.dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                ad_id = item["pk"]["S"].removeprefix("AD#")  # the table also counts hits, under other keys
                if ad_id not in wanted:
                    continue
                verdict = verdict_of(item)
                if item["sk"]["S"] == "META":
                    current[ad_id] = verdict
                else:
                    rows[ad_id] += 1
        return current, rows

    def _waits(self, ads: list[Upload], since: datetime) -> list[float]:
        """Seconds from each upload to its verdict, by the functions' own log."""
        decided = dict(_decisions(self.cloud.log_lines(since, ["scan"])))
        return [max(0.0, decided[ad.ad_id] - ad.sent) for ad in ads if ad.ad_id in decided] or [0.0, 0.0]

    def _workers(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_text()
            except OSError:  # it ended while we looked
                continue
            if str(self.workspace.folder) in command and "_worker.py" in command:
                found.append(int(entry.name))
        return found


def whole(tag: str, count: int) -> list[Upload]:
    """Ads that can be read, every other one to be rejected."""
    return [_ad(f"{tag}-{number}", *WORDS[number % len(WORDS)]) for number in range(count)]


def broken(tag: str, count: int) -> list[Upload]:
    """As many ads, with 26 among them that must be reviewed."""
    ads = whole(tag, count)
    bad = [Upload(f"{tag}-malformed-{n}", b'{"ad_id": "x", ', "REVIEW", "not JSON") for n in range(20)]
    bad += [_ad(f"{tag}-missing-{n}", "bread", "REVIEW", ["gone.jpg"], "missing file") for n in range(5)]
    bad += [_ad(f"{tag}-oversized", "x" * 1_100_000, "REVIEW", cause="at most 1000000")]
    for number, upload in enumerate(bad):
        ads[number * len(ads) // len(bad)] = upload
    return ads


def _ad(ad_id: str, words: str, decision: str, media: list[str] | None = None, cause: str = "") -> Upload:
    ad = {"ad_id": ad_id, "markets": ["SA"], "texts": {"headline": f"{words} {ad_id}"}, "media": media or []}
    return Upload(ad_id, json.dumps(ad).encode(), decision, cause)


def _problems(ad: Upload, current: dict[str, dict[str, Any]], rows: Counter[str]) -> Iterator[str]:
    verdict = current.get(ad.ad_id)
    if verdict is None:
        yield f"{ad.ad_id}: no verdict"
        return
    if verdict["decision"] != ad.decision:
        yield f"{ad.ad_id}: {verdict['decision']}, want {ad.decision}"
    if ad.cause not in str(verdict["completeness"]):
        yield f"{ad.ad_id}: cause {verdict['completeness']}, want `{ad.cause}`"
    if rows[ad.ad_id] != 1:
        yield f"{ad.ad_id}: {rows[ad.ad_id]} rows of history"


def _decisions(lines: Iterator[str]) -> Iterator[tuple[str, float]]:
    """Ad and time of every decision in the log."""
    for line in lines:
        if '"message":"decided"' in line:
            told = json.loads(line)
            yield told["ad_id"], datetime.strptime(told["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z").timestamp()


def say(step: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"{step} …\n")


def main() -> int:
    """Run the scenarios; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", default=["burst", "broken", "restart", "kill"])
    parser.add_argument("--ads", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="adsieve-burst-") as folder:
        workspace = Workspace.find(Path(folder))
        try:
            bench = Bench(workspace)
            disturb = {"restart": bench.restart, "kill": bench.kill}
            for name in options.scenarios:
                ads = (broken if name == "broken" else whole)(name, options.ads)
                outcomes.append(bench.run(name, ads, disturb.get(name, bench.undisturbed)))
        finally:
            lifecycle.down(workspace, say)
    for outcome in outcomes:
        told = asdict(outcome) | {"holds": outcome.holds}
        print(
            json.dumps(told) if options.json else "\n".join(f"{key:<14}{value}" for key, value in told.items()) + "\n"
        )
    return int(not all(outcome.holds for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
