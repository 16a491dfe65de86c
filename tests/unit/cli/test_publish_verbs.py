"""`package publish|rollback|status|key|sign`, `kill`, `breaker` and `material test`, over stores in memory."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from adsieve.adapters.keys import FileSigner
from adsieve.adapters.memory import MemoryFingerprintStore, MemoryVerdictStore
from adsieve.adapters.memory_hits import MemoryHitLog
from adsieve.adapters.memory_materials import MemorySampleStore
from adsieve.cli import main
from adsieve.cli.place import Place
from adsieve.ports import Hit
from adsieve.service.publish import Publisher
from tests.builders import NOON, a_fingerprint, a_material
from tests.publishing import KEY, Desk


@dataclass
class MemoryWorks:
    """What `Works` is, in memory."""

    desk: Desk
    fingerprints: MemoryFingerprintStore
    verdicts: MemoryVerdictStore
    hits: MemoryHitLog

    store = property(lambda self: self.desk.store)
    verifier = property(lambda self: self.desk.keys)

    def signer(self) -> FileSigner:
        return KEY

    def publisher(self, named: str | None) -> Publisher:
        return Publisher(self.desk.store, KEY, self.desk.keys, named or "", self.desk.clock)

    def stores(self) -> tuple[MemoryFingerprintStore, MemoryVerdictStore, MemoryHitLog]:
        return self.fingerprints, self.verdicts, self.hits


class Terminal:
    """Somebody at a command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk = Desk(folder)
        self.works = MemoryWorks(self.desk, MemoryFingerprintStore(), MemoryVerdictStore(), MemoryHitLog())
        self.place = Place(self.desk.registry, MemorySampleStore(), None, self.desk.clock)
        for module in ("publish", "kill", "breaker"):
            monkeypatch.setattr(f"adsieve.cli.{module}.open_works", lambda: self.works)
            monkeypatch.setattr(f"adsieve.cli.{module}.find_place", lambda: self.place)
        monkeypatch.setattr("adsieve.cli.breaker.kept_projection", lambda *_: 0.0)

    def run(self, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def told(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


ME = ("--as", "rana", "--reason", "a test")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(tmp_path, monkeypatch)


def test_publish_status_and_rollback(terminal: Terminal) -> None:
    assert "nothing is published" in terminal.run("package", "status").output
    terminal.desk.activate(a_material())
    assert "would be in force" in terminal.run("package", "publish", *ME, "--dry-run").output
    assert len(terminal.desk.store) == 0
    first = terminal.told("package", "publish", *ME)
    assert (first["materials"], first["delta"], first["release"]["by"]) == (1, False, "rana")
    assert "nothing has changed" in terminal.run("package", "publish", *ME).output
    terminal.desk.activate(a_material(id="T-2", value="poker"))
    terminal.run("package", "publish", *ME)
    assert terminal.told("package", "rollback", "1", *ME, "--dry-run")["version"] == "1"
    assert "package 1 is in force again" in terminal.run("package", "rollback", "1", *ME).output
    status = terminal.told("package", "status")
    assert (status["generation"], status["release"]["version"]) == (3, "1")
    assert "in force" in terminal.run("package", "status").output


def test_a_publication_that_is_refused_says_why_and_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    golden = tmp_path / "golden"
    (golden / "ads" / "ad-1").mkdir(parents=True)
    ad = {"ad_id": "ad-1", "markets": ["US"], "texts": {"t": "our bakery"}}
    (golden / "ads" / "ad-1" / "ad.json").write_text(json.dumps(ad))
    expected = {"ad_id": "ad-1", "decision": "PASS", "markets": {"US": "PASS"}, "materials": []}
    (golden / "expected.jsonl").write_text(json.dumps(expected))
    terminal.desk.activate(a_material(value="bakery"))
    refused = terminal.told("package", "publish", *ME, "--golden", str(golden), code=1)
    assert refused["refused"] == "golden"
    assert "golden verdicts differ" in terminal.run("package", "publish", *ME, "--golden", str(golden), code=2).stderr
    assert len(terminal.desk.store) == 0


def test_kill_off_list_on(terminal: Terminal) -> None:
    assert "0 switches off" in terminal.run("kill", "list").output
    assert [switch["name"] for switch in terminal.told("kill", "off", "material:T-1", *ME, "--dry-run")] == ["T-1"]
    assert terminal.told("kill", "list") == []
    terminal.run("kill", "off", "material:T-1", "policy:gambling", *ME, "--hours", "1")
    assert "material:T-1" in terminal.run("kill", "list").output
    terminal.run("kill", "on", "material:T-1", *ME)
    assert [switch["name"] for switch in terminal.told("kill", "list")] == ["gambling"]
    terminal.desk.clock.pass_by(hours=2)
    assert terminal.told("kill", "list") == []


@pytest.mark.parametrize("what", ["T-1", "colour:red", "material:", "material: "])
def test_a_switch_of_nothing_is_refused(terminal: Terminal, what: str) -> None:
    assert "want material:NAME" in terminal.run("kill", "off", what, *ME, code=2).stderr


def test_what_is_not_off_cannot_be_turned_on(terminal: Terminal) -> None:
    assert "is not off" in terminal.run("kill", "on", "material:T-1", *ME, code=2).stderr


def test_the_breaker_stops_lists_and_restores(terminal: Terminal) -> None:
    desk, works = terminal.desk, terminal.works
    assert "nothing hits more" in terminal.run("breaker", "check").output
    desk.activate(a_material(value="hello"))
    desk.publish()
    desk.poll()
    for number in range(25):
        decide(works, desk.clock(), f"ad-{number}")
    assert terminal.told("breaker", "list") == [{"material_id": "T-1", "advertisers": 25, "limit": 20}]
    assert "too many" in terminal.run("breaker", "list").output
    assert "25 rejects moved to review" in terminal.run("breaker", "check", code=1).output
    assert len(terminal.told("breaker", "restore", "T-1", *ME, "--dry-run")["ads"]) == 25
    assert "25 ads were decided again" in terminal.run("breaker", "restore", "T-1", *ME).output
    assert [list(works.verdicts.history("ad-1"))[n]["decision"] for n in range(3)] == ["REJECT", "REVIEW", "PASS"]


def decide(works: MemoryWorks, now: datetime, ad_id: str) -> None:
    works.fingerprints.put(a_fingerprint("hello", ad_id=ad_id))
    works.verdicts.record(works.desk.decide("hello", ad_id=ad_id), NOON)
    works.hits.note([Hit("T-1", ad_id, ad_id, now)])
    works.desk.clock.now = now + timedelta(milliseconds=1)


def test_material_test_prints_the_card_before_anything_is_saved(terminal: Terminal, tmp_path: Path) -> None:
    row = {"id": "T-1", "kind": "term", "value": "bet", "policy": "gambling", "action": "REJECT", "match": "substring"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    ads = [{"ad_id": f"ad-{n}", "markets": ["SA"], "texts": {"t": "a better kettle"}} for n in range(4)]
    (tmp_path / "ads.jsonl").write_text("".join(json.dumps(ad) + "\n" for ad in ads))
    rows, recent = str(tmp_path / "rows.jsonl"), str(tmp_path / "ads.jsonl")
    command = ("material", "test", rows, "--recent", recent, "--live", rows)
    shown = terminal.run(*command, code=1).output
    assert "ad-0" in shown
    (told,) = terminal.told(*command, code=1)
    failed = {gate["gate"] for gate in told["gates"] if gate["outcome"] == "fail"}
    assert {"clean", "blast"} <= failed
    assert told["markets"]["SA"] == {"ads": 4, "hits": 4, "decisions": {"REJECT": 4}}
    assert all({"number", "limit"} <= gate.keys() for gate in told["gates"])


def test_a_key_is_made_once_and_signs_a_package(terminal: Terminal, tmp_path: Path) -> None:
    key, out = str(tmp_path / "key.pem"), str(tmp_path / "package")
    public = terminal.run("package", "key", key).output.strip()
    assert terminal.run("package", "key", key).output.strip() == public
    terminal.run("package", "build", "layers/material", "--out", out)
    assert "signature: none" in terminal.run("package", "verify", out).output
    assert terminal.told("package", "verify", out, "--key", public, code=1)["reason"] == "unsigned"
    terminal.run("package", "sign", out, "--key", key)
    assert "signature: verified" in terminal.run("package", "verify", out, "--key", public).output
    assert "not checked" in terminal.run("package", "verify", out).output
    assert terminal.told("package", "verify", out, "--key", KEY.public, code=1)["reason"] == "bad_signature"
