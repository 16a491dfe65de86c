"""One build for each state of the sources, with a SAM that only writes down how it was called."""

import os
from pathlib import Path

import pytest

from adsieve.domain.errors import UnavailableError
from adsieve.local.build import KEPT, build, sam_environment, sources_digest
from adsieve.local.workspace import Workspace, architecture

SAM = """#!/bin/sh
echo "$@" >> calls
while [ "$1" != --build-dir ]; do shift; done
mkdir -p "$2" && touch "$2/template.yaml"
[ ! -e broken ]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "checkout"
    for file in ("template.yaml", "functions/f/handler.py", "infra/nested.yaml", "layers/core/Makefile"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(file)
    sam = tmp_path / "sam" / "bin" / "sam"
    sam.parent.mkdir(parents=True)
    sam.write_text(SAM)
    sam.chmod(0o755)
    return Workspace(root, tmp_path / "aws", tmp_path / "builds", tmp_path / "sam", tmp_path / "ministack")


def calls(workspace: Workspace) -> list[str]:
    written = workspace.root / "calls"
    return written.read_text().splitlines() if written.is_file() else []


def test_unchanged_sources_are_built_once(workspace: Workspace) -> None:
    steps: list[str] = []
    assert build(workspace, steps.append) == build(workspace, steps.append)
    assert len(calls(workspace)) == 1
    assert steps == ["building functions and layers"]
    assert f"Architecture={architecture()}" in calls(workspace)[0]


@pytest.mark.parametrize("file", ["template.yaml", "functions/f/handler.py", "infra/nested.yaml", "layers/new.py"])
def test_any_changed_or_new_source_makes_another_build(workspace: Workspace, file: str) -> None:
    first = build(workspace, lambda _: None)
    (workspace.root / file).write_text("changed")
    second = build(workspace, lambda _: None)
    assert first.folder != second.folder
    assert first.template.is_file()
    assert second.template.is_file()


def test_bytecode_is_no_source(workspace: Workspace) -> None:
    before = sources_digest(workspace.root, "arm64")
    (workspace.root / "layers" / "__pycache__").mkdir()
    (workspace.root / "layers" / "__pycache__" / "m.pyc").write_bytes(b"\0")
    assert sources_digest(workspace.root, "arm64") == before
    assert sources_digest(workspace.root, "x86_64") != before


def test_a_failed_build_leaves_nothing_and_is_tried_again(workspace: Workspace) -> None:
    (workspace.root / "broken").touch()
    with pytest.raises(UnavailableError, match="sam failed"):
        build(workspace, lambda _: None)
    assert [*workspace.builds.iterdir()] == []
    (workspace.root / "broken").unlink()
    assert build(workspace, lambda _: None).template.is_file()


def test_only_the_newest_builds_are_kept(workspace: Workspace) -> None:
    for number in range(KEPT + 2):
        (workspace.root / "template.yaml").write_text(str(number))
        newest = build(workspace, lambda _: None)
        os.utime(newest.folder, (number, number))
    assert len([*workspace.builds.iterdir()]) == KEPT
    assert newest.folder.is_dir()


def test_sam_sees_no_account_of_the_callers_and_calls_nobody(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("NO_PROXY", "example.test")
    env = sam_environment(workspace)
    assert "AWS_PROFILE" not in env
    assert env["SAM_CLI_TELEMETRY"] == "0"
    assert env["NO_PROXY"] == "127.0.0.1,example.test"
    assert not Path(env["AWS_SHARED_CREDENTIALS_FILE"]).exists()
