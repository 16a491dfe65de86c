"""The command line as people and scripts use it: output, errors and exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from adsieve.cli import main
from adsieve.material.manifest import MANIFEST

HEADER = "id,kind,value,policy,action,markets,examples_hit,examples_miss"
AD = {"ad_id": "ad-1", "markets": ["SA"], "texts": {"headline": "Best casino"}}


@pytest.fixture
def materials(tmp_path: Path) -> Path:
    (tmp_path / "m.csv").write_text(f"{HEADER}\nT-1,term,casino,gambling,REJECT,,Best Casino,casinova\n")
    return tmp_path / "m.csv"


@pytest.fixture
def ads(tmp_path: Path) -> Path:
    for number, text in enumerate(["Best casino", "hello", "casino أهلا"], 1):
        folder = tmp_path / "ads" / f"ad-{number}"
        folder.mkdir(parents=True)
        ad = AD | {"ad_id": f"ad-{number}", "texts": {"headline": text}}
        (folder / "ad.json").write_text(json.dumps(ad))
    return tmp_path / "ads"


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_scan_gives_one_verdict_a_line_and_exit_code_1_for_a_reject(ads: Path, materials: Path) -> None:
    result = run("scan", ads, "--materials", materials, "--format", "jsonl")
    assert [(told["ad_id"], told["decision"]) for told in lines(result)] == [
        ("ad-1", "REJECT"),
        ("ad-2", "PASS"),
        ("ad-3", "REJECT"),
    ]
    assert result.exit_code == 1
    assert run("scan", ads / "ad-2", "--materials", materials).exit_code == 0


def test_scan_reads_jsonl_text_and_single_files(ads: Path, materials: Path, tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(json.dumps(AD) + "\n\n" + '{"ad_id": "ad-9"}\n{\n')
    (tmp_path / "note.txt").write_text("كازينو casino")
    result = run(
        "scan", ads / "ad-1" / "ad.json", tmp_path / "many.jsonl", tmp_path / "note.txt",
        "--materials", materials, "--format", "jsonl",
    )  # fmt: skip
    assert [(told["ad_id"], told["decision"]) for told in lines(result)] == [
        ("ad-1", "REJECT"),
        ("ad-1", "REJECT"),
        ("ad-9", "REVIEW"),
        ("many:4", "REVIEW"),
        ("note.txt", "REJECT"),
    ]


def test_scan_shows_people_what_matched_and_why(ads: Path, materials: Path) -> None:
    result = run("scan", ads, "--materials", materials)
    assert "casino (exact, T-1)" in result.stdout
    assert "gambling: prohibited" in result.stdout
    assert "3 ads: 1 PASS, 2 REJECT" in result.stdout


def test_media_outside_the_ads_folder_count_as_missing(tmp_path: Path, materials: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    folder = tmp_path / "ad-1"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "ad.json").write_text(json.dumps(AD | {"media": ["link.jpg"]}))
    (told,) = lines(run("scan", folder, "--materials", materials, "--format", "jsonl"))
    assert told["completeness"]["media/link.jpg"] == "failed: missing file"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scan", "/nowhere"], "does not exist"),
        (["scan", "."], "holds no ad"),
        (["scan", ".", "--package", "/nowhere"], "not_found: /nowhere is no folder"),
        (["scan", ".", "--package", "x", "--materials", "."], "not both"),
        (["package", "info", "/nowhere"], "not_found"),
        (["package", "build", ".", "--out", "p"], "holds no material file"),
        (["policy", "show", "nonsense"], "no policy `nonsense` in the matrix"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_usage_and_bad_input_are_2_with_a_reason(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not result.stdout


def test_a_package_is_built_shown_and_verified(materials: Path, tmp_path: Path) -> None:
    out = tmp_path / "package"
    built = json.loads(run("package", "build", materials, "--out", out, "--version", "7", "--json").stdout)
    assert (built["version"], built["counts"]["term"]) == ("7", 1)
    assert "package 7" in run("package", "info", out).stdout
    assert json.loads(run("package", "verify", out, "--json").stdout)["sha256"] == built["sha256"]
    manifest = out / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b'"7"', b'"8"'))
    refused = run("package", "verify", out)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "refused: digest_mismatch" in refused.stderr


def test_two_builds_are_byte_identical(materials: Path, tmp_path: Path) -> None:
    for name in "ab":
        run("package", "build", materials, "--out", tmp_path / name)
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()
    }


def test_a_diff_names_rows_and_columns(materials: Path, tmp_path: Path) -> None:
    run("package", "build", materials, "--out", tmp_path / "old")
    materials.write_text(
        f"{HEADER}\nT-1,term,casino,gambling,REVIEW,GCC,,\nT-2,term,كازينو,gambling,REJECT,,,\n", encoding="utf-8"
    )
    run("package", "build", materials, "--out", tmp_path / "new")
    told = json.loads(run("package", "diff", tmp_path / "old", tmp_path / "new", "--json").stdout)
    assert told["added"] == {"T-2": "كازينو"}
    assert {change["column"] for change in told["changed"]["T-1"]} >= {"action", "markets"}
    assert (
        "1 added, 0 removed, 1 changed, 0 policy" in run("package", "diff", tmp_path / "old", tmp_path / "new").stdout
    )


def test_a_refused_row_stops_the_build_and_leaves_nothing(materials: Path, tmp_path: Path) -> None:
    materials.write_text(f"{HEADER}\nT-1,term,casino,gambling,BLOCK,,,\n")
    result = run("package", "build", materials, "--out", tmp_path / "package")
    assert result.exit_code == 2
    assert "m.csv:2: `action`: `BLOCK`" in result.stderr
    assert not (tmp_path / "package").exists()


def test_lint_runs_the_rows_own_examples(materials: Path) -> None:
    assert run("material", "lint", materials).exit_code == 0
    materials.write_text(f"{HEADER}\nT-1,term,casino,gambling,REJECT,,no such word,the casino\n")
    result = run("material", "lint", materials, "--json")
    problems = json.loads(result.stdout)["problems"]
    assert {problem["column"] for problem in problems if problem["severity"] == "error"} == {
        "examples_hit",
        "examples_miss",
    }
    assert result.exit_code == 1


def test_the_matrix_is_shown_whole_by_policy_and_as_data() -> None:
    assert "gambling" in run("policy", "show").stdout
    assert "age 18" in run("policy", "show", "gambling", "gb").stdout
    (cell,) = json.loads(run("policy", "show", "gambling", "GB", "--json").stdout)
    assert (cell["effect"], cell["in"]) == ("RESTRICT", "GB")


def test_a_matrix_with_a_hole_or_an_overdue_source_is_told() -> None:
    assert run("policy", "check").exit_code == 0
    late = run("policy", "check", "--on", "2040-01-01")
    assert "review_by has passed" in late.stdout


@pytest.mark.parametrize("verb", ["explain", "material", "package", "policy", "scan", "local"])
def test_every_verb_has_help(verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_lint_of_a_file_without_rows_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEADER, encoding="utf-8")
    refused = run("material", "lint", tmp_path / "m.csv")
    assert (refused.exit_code, "holds no row" in refused.stdout) == (1, True)


def test_lint_reads_rows_against_clean_sentences_and_says_which(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(f"{HEADER}\nT-1,term,kettle,gambling,REJECT,,,\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("A kettle for two.\nMy kettle sings.\nTea for two.\n", encoding="utf-8")
    refused = run("material", "lint", tmp_path / "m.csv", "--clean", tmp_path / "en.txt")
    assert refused.exit_code == 1
    assert "read against 3 sentences of" in refused.stdout
    told = json.loads(run("material", "lint", tmp_path / "m.csv", "--clean", tmp_path / "en.txt", "--json").stdout)
    assert [(problem["severity"], problem["column"]) for problem in told["problems"]] == [("error", "value")]
    assert "3 sentences" in told["clean_corpus"]


def test_explain_shows_how_a_clitic_tashkeel_and_tatweel_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(f"{HEADER}\nT-1,term,كازينو,gambling,REJECT,,,\n", encoding="utf-8")
    shown = run("explain", "وَالكــازينو الآن", "--materials", tmp_path / "m.csv").stdout
    assert "U+064E ARABIC FATHA ×1" in shown
    assert "U+0640 ARABIC TATWEEL ×2" in shown
    assert "\u2068آ\u2069 → \u2068ا\u2069" in shown
    assert "how   fold, clitic" in shown
    assert "clitic: an Arabic or Hebrew prefix" in shown
    assert "REJECT  SA" in shown


def test_explain_reads_files_and_gives_data(ads: Path, materials: Path) -> None:
    told = json.loads(run("explain", ads / "ad-1" / "ad.json", "--materials", materials, "--json").stdout)
    assert (told["ad_id"], told["decision"]) == ("ad-1", "REJECT")
    assert told["readings"]["texts.headline"]["text"] == "best casino"
    assert told["findings"][0]["meanings"] == {}


def test_explain_gives_the_meaning_of_each_step_as_data(materials: Path) -> None:
    told = json.loads(run("explain", "c@sino", "--materials", materials, "--json").stdout)
    assert told["findings"][0]["meanings"] == {
        "skeleton": "look-alike letters, digits and symbols were read as the letters they imitate"
    }


@pytest.mark.parametrize(
    ("cells", "text", "because"),
    [
        ({}, "megacasinos", "it stands inside a longer word"),
        ({"match": "case"}, "CASINO", "`case` asks for the same capitals"),
        ({"match": "plain"}, "c@sino", "`plain` reads no evasion"),
        ({"unless": "casino film"}, "the casino film", "one of its `unless` phrases stands around it"),
    ],
)
def test_explain_says_which_rule_kept_a_material_from_matching(
    tmp_path: Path, cells: dict[str, str], text: str, because: str
) -> None:
    row = {"id": "T-1", "kind": "term", "value": "casino", "policy": "gambling", "action": "REJECT"} | cells
    (tmp_path / "m.jsonl").write_text(json.dumps(row))
    told = json.loads(run("explain", text, "--materials", tmp_path / "m.jsonl", "--json").stdout)
    assert [(near["material_id"], near["because"]) for near in told["near_misses"]] == [("T-1", because)]


def test_explain_answers_for_a_material_that_is_not_there(materials: Path) -> None:
    assert (
        "its words are not in the text" in run("explain", "hello", "--materials", materials, "--material", "T-1").stdout
    )
    refused = run("explain", "hello", "--materials", materials, "--material", "T-9")
    assert (refused.exit_code, "no material `T-9`" in refused.stderr) == (2, True)


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_explaining_nothing_is_refused(text: str, materials: Path) -> None:
    assert run("explain", text, "--materials", materials).exit_code == 2


@pytest.mark.parametrize("text", ["x" * 5000, "\x00", "/", "a\ud800b"])
def test_explain_takes_any_text(text: str, materials: Path) -> None:
    assert run("explain", text, "--materials", materials).exit_code == 0
