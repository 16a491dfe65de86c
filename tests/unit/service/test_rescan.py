"""Archive and runs: what is kept, what is behind, and how a run goes on after being stopped."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adsieve.adapters.evidence_files import FolderFiles
from adsieve.adapters.parquet import DuckTables
from adsieve.domain.decision import Effect
from adsieve.domain.errors import UnavailableError
from adsieve.domain.material import Flag, Material
from adsieve.domain.policy import PolicyMatrix
from adsieve.material.change import compare
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.service.extract import fingerprint
from adsieve.service.rescan.archive import Archive
from adsieve.service.rescan.evidence import Evidence
from adsieve.service.rescan.ports import Standing
from adsieve.service.rescan.run import Counts, Run, Runs
from adsieve.service.rescan.shard import Shards
from adsieve.version import __version__
from tests.builders import NOON, TODAY, a_cell, a_material, a_matrix, an_ad

TOMORROW = TODAY + timedelta(1)


def package(*materials: Material, matrix: PolicyMatrix | None = None) -> Package:
    return Package.of(compile_files(materials, matrix or a_matrix()))


def standing(of: Package) -> Standing:
    return Standing(of.ref.sha256, __version__, TODAY)


def evidence(ad_id: str, text: str = "hello", *, minutes: int = 0, **fields: Any) -> Evidence:
    ad = an_ad(ad_id=ad_id, texts={"headline": text}, **fields)
    return Evidence.of(fingerprint(ad, f"{ad_id} {text}".encode(), {}, NOON + timedelta(minutes=minutes)))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(FolderFiles(tmp_path), DuckTables())


class Queue:
    def __init__(self, *, fails_after: int = 1_000) -> None:
        self.sent: list[dict[str, Any]] = []
        self._left = fails_after

    def send(self, jobs: Sequence[dict[str, Any]]) -> None:
        if not self._left:
            raise UnavailableError("queue: down")
        self._left -= 1
        self.sent += jobs

    @property
    def ads(self) -> list[str]:
        return [job["ad_id"] for job in self.sent]


OLD, NEW = package(a_material(id="A", value="casino")), package(a_material(id="B", value="poker"))


def planned(archive: Archive, target: Package = NEW, known: Sequence[Package] = (OLD, NEW)) -> Run | None:
    """What the planner does, with these packages at hand."""
    runs, goal = Runs(archive), standing(target)
    packages = {one.ref.sha256: one for one in known}
    run = runs.start(goal, "2")
    if run is None or run.jobs is not None:
        return run
    for partition in runs.left(run):
        behind = partition.behind(goal)
        old = packages.get(behind.package) if behind else None
        change = compare(old, target, TODAY, TODAY) if old else None
        runs.note(run, partition, Shards(archive, change).scan(partition))
    return runs.order(run)


def fill(archive: Archive, size: int = 50_000) -> None:
    ads = [evidence(f"ad-{n:02}", ("casino", "poker", "garden")[n % 3], markets=["SA"]) for n in range(60)]
    archive.add(ads, standing(OLD), size)


def test_keeping_the_same_ads_twice_is_keeping_them_once(archive: Archive) -> None:
    fill(archive)
    fill(archive)
    (partition,) = archive.partitions()
    assert len(archive.rows(partition)) == 60
    assert partition.standings == (standing(OLD),)


def test_a_row_reads_back_as_it_was_written(archive: Archive) -> None:
    row = evidence("ad-1", "الكازينو c4s1no &amp; more", markets=["SA", "GCC"], advertiser_id="adv-7")
    archive.add([row], None)
    (read,) = archive.rows(archive.partitions()[0])
    assert read._replace(markets=tuple(read.markets), disguises=tuple(read.disguises)) == row
    assert read.decided_from().ad.texts["headline"] == "الكازينو c4s1no &amp; more"


def test_small_partitions_are_put_together_and_replaced_versions_dropped(archive: Archive) -> None:
    archive.add([evidence("ad-1", "old"), evidence("ad-2")], standing(OLD))
    archive.add([evidence("ad-1", "new", minutes=5)], standing(OLD))
    archive.add([evidence("ad-3")], standing(NEW))
    assert archive.compact() == (3, 2)
    texts = {row.ad_id: row.readings for one in archive.partitions() for row in archive.rows(one)}
    assert texts == {"ad-1": "new", "ad-2": "hello", "ad-3": "hello"}


def test_what_is_put_together_or_kept_is_all_there(archive: Archive) -> None:
    rows = [evidence(f"ad-{n}", f"text {n}")._replace(hashes=bytes([n]) * 32) for n in range(4)]
    archive.add(rows[:2], standing(OLD))
    archive.add(rows[1:3], standing(OLD))  # one of them twice
    archive.add(rows[3:], standing(OLD))
    assert archive.compact() == (3, 1)
    archive.forget(lambda row: row.ad_id == "ad-0")
    (partition,) = archive.partitions()
    read = {row.ad_id: (row.hashes, row.fingerprint) for row in archive.rows(partition)}
    assert read == {row.ad_id: (row.hashes, row.fingerprint) for row in rows[1:]}
    assert len(archive.rows(partition)) == 3
    assert partition.standings == (standing(OLD),)


def test_an_archive_may_lie_in_a_folder_of_any_name(tmp_path: Path) -> None:
    archive = Archive(FolderFiles(tmp_path / 'Omar\'s "ads"'), DuckTables())
    archive.add([evidence("ad-1")], None)
    archive.add([evidence("ad-2")], None)
    assert archive.compact() == (2, 1)
    assert {row.ad_id for row in archive.rows(archive.partitions()[0])} == {"ad-1", "ad-2"}


def test_a_partition_has_no_more_rows_or_bytes_than_fit_in_memory(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive, size=25)
    assert sorted(len(archive.rows(one)) for one in archive.partitions()) == [10, 25, 25]
    assert archive.compact(size=34) == (3, 3)
    assert archive.compact(size=35) == (3, 2)
    heavy = evidence("ad-1")
    monkeypatch.setattr("adsieve.service.rescan.archive.PARTITION_BYTES", 3 * len(heavy.fingerprint))
    assert len(archive.add([heavy._replace(ad_id=f"ad-{n}") for n in range(7)], None)) == 3


def test_a_partition_that_comes_while_others_are_listed_is_never_seen_without_its_standing(tmp_path: Path) -> None:
    class Busy(FolderFiles):
        """Another process adds a partition between any two listings."""

        def names(self, prefix: str) -> list[str]:
            found = super().names(prefix)
            if not super().names("evidence/"):
                Archive(FolderFiles(tmp_path), DuckTables()).add([evidence("ad-1")], standing(OLD))
            return found

    archive = Archive(Busy(tmp_path), DuckTables())
    assert archive.partitions() == []
    assert [one.standings for one in archive.partitions()] == [(standing(OLD),)]


def test_ads_can_be_forgotten_for_good(archive: Archive) -> None:
    fill(archive)
    archive.add([evidence("ad-99", advertiser_id="adv-9")], None)
    forgotten = archive.forget(lambda row: row.advertiser_id == "adv-9" or row.ad_id == "ad-01")
    assert sorted(forgotten) == ["ad-01", "ad-99"]
    kept = {row.ad_id for one in archive.partitions() for row in archive.rows(one)}
    assert len(kept) == 59
    assert {"ad-01", "ad-99"}.isdisjoint(kept)
    assert archive.partitions()[0].standings == (standing(OLD),)


def test_only_ads_that_flip_are_queued_each_once_most_seen_first(archive: Archive, tmp_path: Path) -> None:
    fill(archive, size=25)
    source = tmp_path / "inventory.csv"
    source.write_text("ad_id,exposure\nad-04,900\nad-03,5000\n")
    archive.keep_inventory(TODAY, archive.tables.encode_inventory(source)[0])
    run = planned(archive)
    assert run is not None
    queue = Queue()
    assert Runs(archive).send(run, queue).done
    assert queue.ads[:3] == ["ad-03", "ad-04", "ad-00"]
    assert sorted(queue.ads) == [f"ad-{n:02}" for n in range(60) if n % 3 < 2]
    assert queue.sent[0]["exposure"] == 5000
    assert planned(archive) is None


def test_counts_say_how_ads_flip_both_ways(archive: Archive) -> None:
    fill(archive)
    run = planned(archive)
    assert run is not None
    counts = Counts.of(Runs(archive).results(run))
    assert (counts.ads, counts.found, counts.flips) == (60, 40, {"SA PASS REJECT": 20, "SA REJECT PASS": 20})


def test_a_run_goes_on_where_its_budget_or_its_queue_stopped_it(archive: Archive) -> None:
    fill(archive, size=25)
    run = planned(archive)
    assert run is not None
    queue = Queue()
    assert Runs(archive).send(run, queue, most=10).sent == 10
    again = planned(archive)
    assert again is not None
    assert (again.run, again.sent) == (run.run, 10)
    with pytest.raises(UnavailableError):
        Runs(archive).send(again, Queue(fails_after=1))
    last = planned(archive)
    assert last is not None
    assert last.sent == 20
    assert not archive.partitions()[0].stands(standing(NEW))
    rest = Queue()
    Runs(archive).send(last, rest)
    assert len(rest.sent) == 20
    assert set(queue.ads).isdisjoint(rest.ads)


def test_two_planners_at_once_do_the_same_work(archive: Archive) -> None:
    fill(archive)
    first, second = planned(archive), planned(archive)
    assert first == second
    assert first is not None
    one, two = Queue(), Queue()
    Runs(archive).send(first, one)
    Runs(archive).send(first, two)
    assert one.sent == two.sent


def test_a_run_that_a_newer_package_overtakes_is_left_and_the_next_starts_from_where_the_ads_stand(
    archive: Archive,
) -> None:
    fill(archive)
    overtaken = planned(archive)
    assert overtaken is not None
    newest = package(a_material(id="C", value="garden"))
    run = planned(archive, newest, (OLD, NEW, newest))
    assert run is not None
    queue = Queue()
    Runs(archive).send(run, queue)
    assert sorted(queue.ads) == [f"ad-{n:02}" for n in range(60) if n % 3 != 1]


def test_ads_of_which_nobody_knows_what_they_were_decided_with_are_all_decided_again(archive: Archive) -> None:
    fill(archive)
    run = planned(archive, known=(NEW,))
    assert run is not None
    assert run.jobs == 60


def test_a_day_on_which_nothing_begins_or_ends_reads_nothing(archive: Archive) -> None:
    fill(archive)
    change = compare(OLD, OLD, TODAY, TOMORROW)
    assert not change
    assert Shards(archive, change).scan(archive.partitions()[0]).ads == 0


def test_a_crash_between_two_standings_makes_the_partition_behind(archive: Archive) -> None:
    fill(archive)
    (partition,) = archive.partitions()
    archive.files.write(f"standing/{partition.digest}/{standing(NEW)}", b"")
    (partition,) = archive.partitions()
    assert not partition.stands(standing(NEW))
    assert partition.behind(standing(NEW)) == standing(OLD)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({}, {"action": "LIMIT"}, "changed: action"),
        ({}, {"markets": ("SA",), "unless": ("casino royale",)}, "changed: markets unless"),
        ({}, {"flags": frozenset({Flag.PREFIX})}, "changed: flags"),
        ({}, {"expires": TODAY}, "changed: expires"),
        ({"expires": TODAY}, {"expires": TODAY}, "no longer valid"),
        ({"starts": TOMORROW, "note": "a"}, {"starts": TOMORROW, "note": "b"}, "valid now"),
        ({}, {"note": "other", "owner": "them", "case": "7"}, None),
    ],
)
def test_a_row_differs_only_in_what_decides(before: dict[str, Any], after: dict[str, Any], why: str | None) -> None:
    from adsieve.domain.decision import Action

    if "action" in after:
        after = {"action": Action[after["action"]]}
    change = compare(package(a_material(**before)), package(a_material(**after)), TODAY, TOMORROW)
    assert [row.why for row in change.rows.values()] == ([why] if why else [])


def test_a_changed_rule_concerns_the_materials_of_its_policy_that_may_decide_there() -> None:
    rules = a_matrix(a_cell("gambling", "SA", Effect.ALLOW), a_cell("gambling", "US", Effect.ALLOW))
    before = a_matrix(a_cell("gambling", "SA", Effect.PROHIBIT), a_cell("gambling", "US", Effect.ALLOW))
    rows = [a_material(id="A"), a_material(id="B", markets=("GB",)), a_material(id="C", policy="loans")]
    change = compare(package(*rows, matrix=before), package(*rows, matrix=rules), TODAY, TODAY)
    assert {row.id: row.why for row in change.rows.values()} == {"A": "policy: SA"}


def test_a_market_that_joins_the_matrix_concerns_the_ads_that_run_there() -> None:
    joined = PolicyMatrix(a_matrix().cells, {**a_matrix().groups, "QA": ["GCC"]})
    change = compare(package(a_material()), package(a_material(), matrix=joined), TODAY, TODAY)
    assert [change.concerns(markets) for markets in ([], ["GCC"], ["QA"], ["GB"])] == [True, True, True, False]
