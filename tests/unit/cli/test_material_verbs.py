"""The life of material as operators lead it at a terminal: verbs, names, exit codes."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from adsieve.adapters.memory_materials import MemoryMaterialRegistry, MemorySampleStore
from adsieve.cli import main
from adsieve.cli.place import Place
from adsieve.domain.decision import State
from adsieve.domain.registered import Registered
from adsieve.material.policies import default_matrix
from tests.builders import NOON
from tests.gates import lint_gates

ARABIC = ("add", "term", "الكازينو", "--policy", "gambling", "--action", "REVIEW", "--id", "T-1", "--language", "ar")
EXAMPLES = ("--hit", "الكازينو الأول", "--hit", "الكازينو", "--miss", "مرحبا", "--miss", "hello")


@dataclass
class Terminal:
    """A registry in memory, a clock that the test moves, and somebody typing."""

    registry: MemoryMaterialRegistry = field(default_factory=MemoryMaterialRegistry)
    now: datetime = NOON

    def run(self, *arguments: Any, who: str | None = "amal", code: int = 0) -> Result:
        place = Place(self.registry, MemorySampleStore(), None, lambda: self.now, lint_gates(default_matrix()))
        environment = {"ADSIEVE_OPERATOR": who} if who else {}
        result = CliRunner(env=environment).invoke(main, [str(argument) for argument in arguments], obj=place)
        assert result.exit_code == code, result.output
        return result

    def material(self, verb: str, *arguments: Any, **how: Any) -> Result:
        reasoned = verb in ("list", "show", "history", "diff", "import", "export", "sweep")
        reason = () if reasoned else ("--reason", "because")
        return self.run("material", verb, *arguments, *reason, **how)

    @property
    def head(self) -> Registered:
        head = self.registry.get("T-1")
        assert head is not None
        return head

    @property
    def state(self) -> State:
        return self.head.material.state


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def drafted(terminal: Terminal) -> Terminal:
    terminal.material(*ARABIC, *EXAMPLES)
    return terminal


def test_from_draft_to_active_takes_two_people_and_patience(drafted: Terminal) -> None:
    drafted.material("shadow", "T-1")
    assert "was in shadow for 0 h" in drafted.material("canary", "T-1", code=1).stdout
    drafted.now += timedelta(hours=25)
    assert "0 of 1 approvals for CANARY" in drafted.material("canary", "T-1", code=1).stdout
    refused = drafted.material("approve", "T-1", "--for", "canary", code=1)
    assert "amal wrote it and may not approve it" in refused.stdout
    assert drafted.state is State.SHADOW
    assert "approved for CANARY" in drafted.material("approve", "T-1", "--for", "canary", who="badr").stdout
    drafted.material("canary", "T-1")
    assert (drafted.state, drafted.head.material.rollout) == (State.CANARY, 1)
    drafted.material("canary", "T-1", "--percent", "50", code=1)
    drafted.material("canary", "T-1", "--percent", "10")
    drafted.material("canary", "T-1", "--percent", "50")
    drafted.material("approve", "T-1", "--for", "active", who="badr")
    assert "too few labels" in drafted.material("activate", "T-1", code=1).stdout
    assert "1 of 2 approvals" in drafted.material("activate", "T-1", "--override", code=1).stdout
    drafted.material("approve", "T-1", "--for", "active", who="Badr ", code=1)
    drafted.material("approve", "T-1", "--for", "active", who="chen")
    told = json.loads(drafted.material("activate", "T-1", "--override", "--json").stdout)
    assert (told["materials"][0]["state"], told["materials"][0]["overridden"]) == ("ACTIVE", ["proven"])
    drafted.material("pause", "T-1", who="badr")
    drafted.material("retire", "T-1")
    assert "cannot go from RETIRED" in drafted.material("shadow", "T-1", code=1).stdout


def test_panic_is_short_narrow_and_needs_a_second_person_within_the_hour(terminal: Terminal) -> None:
    terminal.material(*ARABIC, *EXAMPLES)
    assert "markets are `all`" in terminal.material("panic", "T-1", "--hours", 3, code=1).stdout
    terminal.material(*(("T-2" if word == "T-1" else word) for word in ARABIC), *EXAMPLES, "--markets", "SA AE")
    assert "25 hours" in terminal.material("panic", "T-2", "--hours", 25, code=1).stdout
    terminal.material("panic", "T-2", "--hours", 24, who="badr")
    head = terminal.registry.get("T-2")
    assert head is not None
    assert head.panic_until == NOON + timedelta(hours=24)
    assert "panic until 2026-11-23 12:00 UTC" in terminal.material("list").stdout
    terminal.material("approve", "T-2", "--for", "active", who="badr", code=1)
    terminal.now += timedelta(minutes=61)
    assert "ACTIVE → PAUSED" in terminal.material("sweep", "--dry-run").stdout
    terminal.material("sweep")
    terminal.material("approve", "T-2", "--for", "active", who="chen")
    terminal.material("activate", "T-2")
    terminal.now += timedelta(hours=23)
    told = json.loads(terminal.material("sweep", "--json").stdout)["materials"]
    assert [(line["state"], line["by"]) for line in told] == [("EXPIRED", "system")]


def test_a_draft_without_examples_or_with_wrong_ones_stays_a_draft(terminal: Terminal) -> None:
    terminal.material(*ARABIC)
    assert "has 0 examples" in terminal.material("shadow", "T-1", code=1).stdout
    wrong = (*EXAMPLES[:-1], "كازينو الكازينو")
    terminal.material(*(("T-2" if word == "T-1" else word) for word in ARABIC), *wrong)
    assert "tests failed" in terminal.material("shadow", "T-2", code=1).stdout


def test_one_refused_material_does_not_stop_the_others(drafted: Terminal) -> None:
    drafted.material(*(("T-2" if word == "T-1" else word) for word in ARABIC))
    result = drafted.material("shadow", "T-1", "T-2", "--json", code=1)
    told = json.loads(result.stdout)["materials"]
    assert [line.get("state") or line["refused"] for line in told] == ["SHADOW", "exemplified"]


def test_whoever_imports_an_edit_wrote_it_and_cannot_approve_it(drafted: Terminal, tmp_path: Path) -> None:
    drafted.material("export", tmp_path / "m.csv")
    sheet = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").replace("مرحبا", "أهلا")
    (tmp_path / "m.csv").write_text(sheet, encoding="utf-8")
    drafted.material("import", tmp_path / "m.csv", who="badr")
    drafted.material("shadow", "T-1")
    for name in ("amal", "badr"):
        drafted.material("approve", "T-1", "--for", "canary", who=name, code=1)
    drafted.material("approve", "T-1", "--for", "canary", who="chen")
    assert "approved for CANARY" in drafted.material("history", "T-1").stdout


def test_dry_runs_write_nothing(terminal: Terminal) -> None:
    terminal.material(*ARABIC, *EXAMPLES, "--dry-run")
    assert len(terminal.registry) == 0
    terminal.material(*ARABIC, *EXAMPLES)
    assert "1 would be done" in terminal.material("shadow", "T-1", "--dry-run").stdout
    assert terminal.state is State.DRAFT


@pytest.mark.parametrize("who", [None, "", "system", "a\u200bb", "x" * 300])
def test_who_acts_must_have_a_name(terminal: Terminal, who: str | None) -> None:
    result = terminal.material(*ARABIC, who=who, code=2)
    assert "say who you are" in result.stderr or "is no name of a person" in result.stderr


def test_as_wins_over_the_environment(terminal: Terminal) -> None:
    terminal.material(*ARABIC, "--as", "Dina")
    assert terminal.head.author == "dina"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["material", "show", "T-9"], "no such material"),
        (["material", "export", "x.pdf"], "use one of"),
        (["material", "diff", "T-1", "--to", "7"], "has no version 7"),
        (["material", "shadow", "T-1"], "--reason"),
        (["material", "shadow", "T-9", "-m", "x"], "no such material"),
        ([*("material", *ARABIC), "--reason", " "], "say why"),
        ([*("material", *ARABIC), "--reason", "again"], "is in the registry already"),
        (["material", "add", "image", "a.png", "--policy", "x", "--action", "LOG", "-m", "x"], "samples come with"),
        (["material", "add", "video", "pdq:0f", "--policy", "x", "--action", "LOG", "-m", "x"], "not of a clip"),
    ],
)
def test_wrong_usage_is_2_with_a_reason(drafted: Terminal, arguments: list[str], words: str) -> None:
    if "say why" in words:
        drafted = Terminal()
    assert words in drafted.run(*arguments, code=2).stderr


def test_a_hash_is_added_as_it_stands(terminal: Terminal) -> None:
    value = "pdq:" + "0f" * 32
    terminal.run(
        "material", "add", "image", value.upper(), "--policy", "gambling", "--action", "REVIEW", "-m", "a list"
    )
    (head,) = (record.head for record in terminal.registry.records())
    assert head is not None
    assert head.material.value == value


def test_without_a_registry_the_way_to_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adsieve.cli.place._local_place", _nothing)
    monkeypatch.delenv("ADSIEVE_MATERIALS_TABLE", raising=False)
    result = CliRunner().invoke(main, ["material", "list"])
    assert (result.exit_code, "adsieve local up" in result.stderr) == (2, True)


def _nothing() -> Place:
    from adsieve.domain.errors import InputError

    raise InputError("no registry: `adsieve local up` starts one")


def test_history_and_diff_tell_who_changed_what(drafted: Terminal, tmp_path: Path) -> None:
    drafted.material("export", tmp_path / "m.jsonl")
    row = json.loads((tmp_path / "m.jsonl").read_text()) | {"note": "seen in Riyadh"}
    (tmp_path / "m.jsonl").write_text(json.dumps(row))
    drafted.material("import", tmp_path / "m.jsonl", "--reason", "case 7", who="badr")
    told = json.loads(drafted.material("history", "T-1", "--json").stdout)
    assert [(entry["by"], entry["event"], entry["why"]) for entry in told] == [
        ("amal", "added", "because"),
        ("badr", "edited", "case 7"),
    ]
    assert told[1]["previous"] == told[0]["sha256"]
    changed = json.loads(drafted.material("diff", "T-1", "--json").stdout)["columns"]
    assert changed == {"note": {"old": "", "new": "seen in Riyadh"}}
    for verb in ("history", "show", "diff"):
        assert "T-1" in drafted.material(verb, "T-1").stdout or verb != "show"
    assert "count from version 1" in drafted.material("show", "T-1").stdout


def test_arabic_is_isolated_in_tables_and_whole_in_json(drafted: Terminal) -> None:
    assert "\u2068الكازينو\u2069" in drafted.material("list").stdout
    assert json.loads(drafted.material("list", "--json").stdout)[0]["material"]["value"] == "الكازينو"
    assert "1 materials" in drafted.material("list", "--state", "draft").stdout
    assert "0 materials" in drafted.material("list", "--state", "active").stdout


def test_an_import_shows_its_plan_and_refuses_as_a_whole(terminal: Terminal, tmp_path: Path) -> None:
    sheet = tmp_path / "m.csv"
    sheet.write_text("id,kind,value,policy,action\nT-1,term,كازينو,gambling,REVIEW\nT-2,term,b,gambling,BLOCK\n")
    refused = terminal.material("import", sheet, code=1).stdout
    assert "m.csv:3" in refused
    assert "nothing was written: mend the rows" in refused
    assert len(terminal.registry) == 0
    sheet.write_text("id,kind,value,policy,action\nT-1,term,كازينو,gambling,REVIEW\nT-2,term,bb,gambling,LOG\n")
    assert "nothing was written: dry run" in terminal.material("import", sheet, "--dry-run").stdout
    assert len(terminal.registry) == 0
    assert "2 add, 0 change" in terminal.material("import", sheet).stdout
    assert json.loads(terminal.material("import", sheet, "--json").stdout)["counts"]["unchanged"] == 2


def test_a_template_needs_no_registry_and_exports_select_rows(drafted: Terminal, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["material", "export", str(tmp_path / "t.xlsx"), "--template"])
    assert (result.exit_code, (tmp_path / "t.xlsx").is_file()) == (0, True)
    told = json.loads(drafted.material("export", tmp_path / "m.csv", "--language", "ar", "--json").stdout)
    assert told["materials"] == 1
    assert "0 materials written" in drafted.material("export", tmp_path / "m.csv", "--policy", "loans").stdout
    assert "no such material" in drafted.material("export", tmp_path / "m.csv", "T-9", code=2).stderr


def test_an_import_that_was_cut_off_is_told(drafted: Terminal, tmp_path: Path) -> None:
    from adsieve.domain.audit import Batch

    drafted.registry.note(Batch("b-1", "big.xlsx", "amal", NOON, 10_000))
    sheet = tmp_path / "m.csv"
    sheet.write_text("id,kind,value,policy,action\nT-7,term,bb,gambling,LOG\n")
    assert "import b-1 of big.xlsx by amal" in drafted.material("import", sheet).stderr


def test_the_trail_is_verified(drafted: Terminal) -> None:
    told = json.loads(drafted.run("audit", "verify", "--json").stdout)
    assert (told["ok"], told["materials"], told["entries"]) == (True, 1, 1)
    drafted.run("audit", "verify", "--root", told["root"])
    drafted.run("audit", "verify", "--root", "0" * 64, code=1)
    drafted.registry._trails["T-1"].clear()
    assert "damaged: T-1" in drafted.run("audit", "verify", code=1).stderr
