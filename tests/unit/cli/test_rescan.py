"""`adsieve rescan` on a laptop: count first, then queue, then stand."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from adsieve.cli import main
from adsieve.cli.shards import Task, open_archive, sieve_all
from adsieve.material.compile import compile_files, write_package
from adsieve.material.package import load_package
from tests.builders import TODAY, a_material

HEAD = "id,kind,value,policy,action\n"


def adsieve(*arguments: str | Path) -> str:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def place(tmp_path: Path) -> Path:
    lines = [
        {"ad_id": f"ad-{n}", "advertiser_id": f"adv-{n % 2}", "markets": ["SA"], "texts": {"body": text}}
        for n, text in enumerate(["casino night", "poker night", "garden", "c4sino", "better"] * 2)
    ]
    (tmp_path / "ads.jsonl").write_text("\n".join(map(json.dumps, lines)))
    for name, rows in {"v1": "A,term,casino,gambling,REJECT", "v2": "B,term,poker,gambling,REJECT"}.items():
        (tmp_path / f"{name}.csv").write_text(HEAD + rows)
        adsieve("package", "build", tmp_path / f"{name}.csv", "--out", tmp_path / name)
    adsieve("rescan", "archive", tmp_path / "ads.jsonl", "--archive", tmp_path / "store", "--package", tmp_path / "v1")
    return tmp_path


def upgrade(place: Path) -> list[str | Path]:
    return ["--archive", place / "store", "--from", place / "v1", "--package", place / "v2"]


def told(*arguments: str | Path) -> Any:
    return json.loads(adsieve(*arguments, "--json"))


def test_a_plan_counts_and_writes_nothing(place: Path) -> None:
    plan = told("rescan", "plan", *upgrade(place))
    assert plan["counts"]["flips"] == {"SA PASS REJECT": 2, "SA REJECT PASS": 4}
    assert "SA PASS → REJECT (B poker in texts.body)" in adsieve("rescan", "plan", *upgrade(place))
    assert not (place / "store" / "runs").exists()


def test_drafts_show_what_they_would_hit(place: Path) -> None:
    (place / "draft.csv").write_text(HEAD + "D,term,bet,gambling,REJECT\nE,term,garden,gambling,REVIEW")
    options: list[str | Path] = [
        "--archive",
        place / "store",
        "--package",
        place / "v1",
        "--material",
        place / "draft.csv",
    ]
    plan = told("rescan", "plan", *options)
    assert plan["counts"]["flips"] == {"SA PASS REVIEW": 2}
    assert {hit["material_id"] for one in plan["examples"] for hit in one["hits"]} == {"E"}


def test_a_draft_replaces_the_row_of_its_name(place: Path) -> None:
    (place / "draft.csv").write_text(HEAD + "A,term,garden,gambling,REVIEW")
    options: list[str | Path] = ["--archive", place / "store", "--package", place / "v1"]
    plan = told("rescan", "plan", *options, "--material", place / "draft.csv")
    assert plan["counts"]["flips"] == {"SA PASS REVIEW": 2, "SA REJECT PASS": 4}


def test_drafts_are_laid_over_what_the_package_in_force_is_laid_over(place: Path) -> None:
    base = load_package(place / "v1")
    beside = {"hidden.json": b"[]"}
    rows = [a_material(id="B", value="poker")]
    write_package(compile_files(rows, base.matrix, base=base.ref.sha256, beside=beside), place / "delta")
    (place / "draft.csv").write_text(HEAD + "A,term,garden,gambling,REVIEW")
    options: list[str | Path] = ["--archive", place / "store", "--package", place / "delta", "--from", place / "v1"]
    plan = told("rescan", "plan", *options, "--material", place / "draft.csv")
    assert plan["counts"]["flips"] == {"SA PASS REVIEW": 2, "SA REJECT PASS": 4}


def test_the_card_of_a_draft_shows_the_stored_ads_that_it_is_in(place: Path) -> None:
    (place / "draft.csv").write_text(HEAD + "D,term,bet,gambling,REJECT\nE,term,garden,gambling,REVIEW")
    command = ["material", "test", place / "draft.csv", "--archive", place / "store", "--package", place / "v1"]
    result = CliRunner().invoke(main, [*map(str, command), "--json"])
    cards = {card["material_id"]: card["stored"] for card in json.loads(result.stdout)}
    assert cards["D"] == {"ads": 10, "hits": 0, "markets": {}, "examples": []}
    assert (cards["E"]["ads"], cards["E"]["hits"], cards["E"]["markets"]) == (10, 2, {"SA": {"PASS → REVIEW": 2}})
    assert cards["E"]["examples"][0] == {"ad_id": "ad-2", "part": "texts.body", "text": "garden"}
    shown = CliRunner().invoke(main, [*map(str, command)]).output
    assert "stored ads: in 2 of 10" in shown
    assert "ad-2: garden in texts.body" in shown


def test_a_run_is_queued_in_instalments_and_then_done(place: Path) -> None:
    jobs = place / "jobs.jsonl"
    assert told("rescan", "run", *upgrade(place), "--dry-run")["found"] == 6
    first = told("rescan", "run", *upgrade(place), "--jobs", jobs, "--cap", "4", "--rate", "1000")
    assert (first["sent"], first["jobs"], first["done"]) == (4, 6, False)
    assert "4 of 6 jobs queued, run again for the rest" in adsieve("rescan", "status", "--archive", place / "store")
    assert told("rescan", "run", *upgrade(place), "--jobs", jobs)["done"]
    assert len({json.loads(line)["ad_id"] for line in jobs.read_text().splitlines()}) == 6
    assert "nothing is behind" in adsieve("rescan", "run", *upgrade(place), "--jobs", jobs)
    assert told("rescan", "status", "--archive", place / "store")["runs"][0]["done"]


def test_since_leaves_older_ads_out_and_so_only_counts(place: Path) -> None:
    assert told("rescan", "run", *upgrade(place), "--since", "2099-01-01", "--dry-run")["found"] == 0
    refused = CliRunner().invoke(
        main, [*map(str, ["rescan", "run", *upgrade(place), "--since", "2026-01-01", "--jobs", place / "j"])]
    )
    assert refused.exit_code == 2
    assert "use it with --dry-run" in refused.output


def test_evidence_is_forgotten_compacted_and_given_an_inventory(place: Path) -> None:
    store = place / "store"
    assert "5 versions of ads forgotten" in adsieve("rescan", "forget", "--archive", store, "--advertiser", "adv-1")
    assert "1 partitions → 1" in adsieve("rescan", "compact", "--archive", store)
    (place / "running.csv").write_text("ad_id,exposure\nad-2,5\nad-4,7\n")
    assert "2 ads run" in adsieve("rescan", "inventory", place / "running.csv", "--archive", store)
    (place / "running.csv").write_text("id\n1\n")
    refused = CliRunner().invoke(main, ["rescan", "inventory", str(place / "running.csv"), "--archive", str(store)])
    assert (refused.exit_code, "running.csv" in refused.output) == (2, True)


def test_processes_find_what_one_finds(place: Path) -> None:
    archive = open_archive(str(place / "store"))
    archive.add(archive.rows(archive.partitions()[0])[:4], archive.partitions()[0].standings[0])
    task = Task(str(place / "store"), place / "v1", place / "v2", (TODAY, TODAY))
    alone = {result.partition: result.found for _, result in sieve_all(task, archive.partitions(), 1)}
    together = {result.partition: result.found for _, result in sieve_all(task, archive.partitions(), 2)}
    assert alone == together
    assert sum(map(len, alone.values())) > 6
