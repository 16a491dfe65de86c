"""Whether a re-scan that looks only at what changed flips the ads that a scan of everything flips, and no others.

    python -m tests.perf.rescan.exactness [--ads 100000] [--changes 50] [--first 0] [--seconds 240]

Ads and a chain of packages are made up from a seed: each package differs from the one before in one row in a hundred
(added, removed, edited, turned into ALLOW, moved to another market, state or day), half of them terms that ads have, every
fifth in a rule of the policy matrix too, three of seven are deltas laid over the last whole one. Every ad is decided with every package; whatever two
neighbouring verdicts say differently is compared with what the sieve found. Expected result: the same ads, every time.
A busy machine takes `--seconds` at a time and goes on at `--first`, the `next` of the line before.
"""

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import click

from adsieve.domain.decision import Action, Effect, State
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Flag, Kind, Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.domain.verdict import Cause, Verdict
from adsieve.material.change import PackageChange, compare
from adsieve.material.compile import compile_files
from adsieve.material.overlay import HIDDEN, Overlay
from adsieve.material.package import Package
from adsieve.material.policies import default_matrix
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.flips import flip
from adsieve.service.rescan.sieve import Sieve
from adsieve.service.scan import scan
from tests.perf.rescan.ads import Advertisers, a_term, make_materials

SEED = 11
FIRST = datetime(2026, 11, 22, 12, tzinfo=UTC)
TERMS = 2_000
AT_ONCE = 500
"""Ads that a process compares before the clock is looked at."""

SHARE = 100
"""One row in so many differs from one package to the next."""

LAID_OVER = (3, 4, 5)
"""Changes of seven after which the package is a delta: from whole to delta, delta to delta and back. More rows than
three changes make may not be in one."""


class Chain:
    """Packages, each a little different from the one before."""

    def __init__(self, advertisers: Advertisers) -> None:
        self._random = random.Random(SEED)
        self._advertisers = advertisers
        self._rows = {row.id: row for row in self._first()}
        self._matrix = default_matrix()
        self._made = 0

    def packages(self, count: int) -> Iterator[tuple[Package, datetime]]:
        """(package, time of its decisions): the first, and as many changes."""
        base = Package.of(compile_files(self._rows.values(), self._matrix))
        yield base, FIRST
        for number in range(1, count + 1):
            self._change()
            if number % 5 == 0:
                self._change_rule()
            rows = list(self._rows.values())
            if number % 7 in LAID_OVER:
                package = self._laid_over(base, rows)
            else:
                package = base = Package.of(compile_files(rows, self._matrix))
            yield package, FIRST + timedelta(days=number // 10)

    def _first(self) -> Iterator[Material]:
        yield from make_materials(TERMS, self._advertisers, SEED)
        for number, (kind, value) in enumerate(
            [
                (Kind.COMBO, '"free" AND ("casino" OR "poker")'),
                (Kind.COMBO, '"loan" NEAR/6 "today"'),
                (Kind.PATTERN, r"call \d{4}"),
                (Kind.URL, "shop7.example"),
            ]
        ):
            yield Material(f"O-{number}", kind, value, "gambling", Action.REVIEW)

    def _change(self) -> None:
        count = max(2, len(self._rows) // SHARE)
        met = [row.id for row in self._rows.values() if row.value in self._advertisers.terms]
        for material_id in dict.fromkeys(
            [*self._random.sample(met, count // 2), *self._random.sample(sorted(self._rows), count // 2)]
        ):
            if self._random.random() < 0.3:
                del self._rows[material_id]
            else:
                self._rows[material_id] = self._edited(self._rows[material_id])
            if self._random.random() < 0.3:
                self._made += 1
                value = self._random.choice(self._advertisers.terms)
                self._rows[f"N-{self._made}"] = a_term(f"N-{self._made}", value, self._random)

    def _edited(self, row: Material) -> Material:
        day = FIRST.date() + timedelta(days=self._random.randint(0, 6))
        flags = frozenset(self._random.sample([Flag.PREFIX, Flag.SUBSTRING, Flag.PLAIN, Flag.CASE], 1))
        action = self._random.choice([Action.LOG, Action.LIMIT, Action.REVIEW, Action.REJECT])
        edits: list[dict[str, Any]] = [
            {"action": action},
            {"markets": self._random.choice([(), ("SA",), ("GCC",)])},
            {"state": self._random.choice([State.SHADOW, State.ACTIVE, State.CANARY]), "rollout": 50},
            {"starts": day},
            {"expires": day},
            {"policy": self._random.choice(["gambling", "alcohol", "dating"])},
            {"note": "seen again"},
        ]
        if row.kind is Kind.TERM:
            value = self._random.choice(self._advertisers.terms)
            edits += [{"flags": flags}, {"value": value}, {"unless": (f"{row.value} {value}",)}]
        if row.kind is Kind.TERM and row.action is not Action.ALLOW:
            edits.append({"action": Action.ALLOW})
        return replace(row, **self._random.choice(edits))

    def _change_rule(self) -> None:
        cells = list(self._matrix.cells)
        at = self._random.randrange(len(cells))
        cells[at] = replace(cells[at], effect=self._random.choice(list(Effect)))
        self._matrix = PolicyMatrix(cells, self._matrix.groups)

    def _laid_over(self, base: Package, rows: list[Material]) -> Package:
        wanted, known = {row.id: row.to_row() for row in rows}, base.materials()
        hidden = [row for row, material in enumerate(known) if wanted.get(material.id) != material.to_row()]
        kept = {material.id for row, material in enumerate(known) if row not in set(hidden)}
        own = [row for row in rows if row.id not in kept]
        beside = {HIDDEN: json.dumps(hidden).encode()}
        upper = Package.of(compile_files(own, self._matrix, base=base.ref.sha256, beside=beside))
        return Overlay(base, upper)


def _digest(verdict: Verdict) -> int:
    """What a verdict says, as `said` tells it, at a tenth of the price."""
    markets = tuple((name, one.decision, one.policies, one.reasons) for name, one in verdict.markets.items())
    findings = sorted(
        (one.material.id, one.material.policy, one.material.action, one.material.state, one.part, one.match.start,
         one.match.end, one.match.how)
        for one in verdict.findings
    )  # fmt: skip
    return hash((markets, tuple(findings), tuple(sorted(verdict.completeness.items()))))


@cache
def _chain(changes: int) -> tuple[Package, list[tuple[datetime, PackageChange, Sieve]]]:
    """The first package; then each time of decisions, what changed until then, and the sieve for it. Once a process."""
    packages = list(Chain(Advertisers(SEED)).packages(changes))
    compared = [(now, compare(old, new, was.date(), now.date())) for (old, was), (new, now) in pairwise(packages)]
    return packages[0][0], [(now, change, Sieve(change)) for now, change in compared]


def compared(first: int, count: int, changes: int) -> dict[str, float]:
    """Both ways on some of the ads; CPU seconds of each."""
    advertisers = Advertisers(SEED + first, risky=0.3, hidden=0.3)
    prints = list(advertisers.ads(first, count))
    rows = [Evidence.of(one) for one in prints]
    told: dict[str, float] = dict.fromkeys(
        ("ads", "differ", "flips", "missed", "extra", "candidates", "full_s", "sieve_s"), 0
    )
    first_package, steps = _chain(changes)
    before = _all_decided(prints, first_package, FIRST)
    for now, change, sieve in steps:
        started = time.process_time()
        after = _all_decided(prints, change.new, now)
        told["full_s"] += time.process_time() - started
        started = time.process_time()
        candidates = sieve.candidates(rows)
        found = {at for at in candidates if flip(prints[at], change)}
        told["sieve_s"] += time.process_time() - started
        differ = {at for at in range(count) if before[at][0] != after[at][0]}
        told["ads"] += count
        told["differ"] += len(differ)
        told["flips"] += sum(before[at][1] != after[at][1] for at in differ)
        told["missed"] += len(differ - found)
        told["extra"] += len(found - differ)
        told["candidates"] += len(candidates)
        before = after
    return told


def _all_decided(prints: list[Fingerprint], package: Package, now: datetime) -> list[tuple[int, str]]:
    """What each verdict says, as a digest, and its decisions."""
    verdicts = (scan(one, package, Cause.RESCAN, now) for one in prints)
    return [(_digest(verdict), _decided(verdict)) for verdict in verdicts]


def _decided(verdict: Verdict) -> str:
    return " ".join(f"{market}={decided.decision}" for market, decided in sorted(verdict.markets.items()))


@click.command()
@click.option("--ads", default=100_000, show_default=True)
@click.option("--changes", default=50, show_default=True)
@click.option("--first", default=0, show_default=True, help="Number of the first ad.")
@click.option("--seconds", default=240.0, show_default=True, help="Begin nothing new after that.")
def main(ads: int, changes: int, first: int, seconds: float) -> None:
    """See the module."""
    started = time.monotonic()
    parts: list[dict[str, float]] = []
    with ProcessPoolExecutor(2) as pool:
        while first < ads and time.monotonic() - started < seconds:
            sizes = [(at, min(AT_ONCE, ads - at), changes) for at in (first, first + AT_ONCE) if at < ads]
            parts += pool.map(compared, *zip(*sizes, strict=True))
            first += sum(size for _, size, _ in sizes)
    total: dict[str, float] = {name: round(sum(part[name] for part in parts), 2) for name in parts[0]}
    total["fewer_times_decided"] = round(total["ads"] / max(1, total["differ"]), 1)
    total["fewer_times_matched"] = round(total["ads"] / max(1, total["candidates"]), 1)
    click.echo(json.dumps({"next": first, "changes": changes, **total}))
    assert total["missed"] == total["extra"] == 0
    assert total["flips"] > 0


if __name__ == "__main__":
    main()
