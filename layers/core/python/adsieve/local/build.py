"""Builds the template once for each state of its sources."""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adsieve.local.process import alone, run
from adsieve.local.workspace import HOST, Workspace, architecture

type Report = Callable[[str], None]
"""Told what is being done, in a few words."""

KEPT = 3
"""Finished builds: a running stack reads its package from its own build."""


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build.

    Attributes:
        folder: what `sam build` made.
        digest: names everything that went into it.
        architecture: the processor it is for.
    """

    folder: Path
    digest: str
    architecture: str

    @property
    def template(self) -> Path:
        """The template that refers to what was built."""
        return self.folder / "template.yaml"

    @property
    def package(self) -> Path:
        """The package of the material layer, which Lambda would mount at /opt/material."""
        return self.folder / "MaterialLayer" / "material"


def build(workspace: Workspace, report: Report) -> Build:
    """The build of the sources as they are; made only if there is none yet.

    Raises:
        InputError: SAM is not installed.
        UnavailableError: the build failed.
    """
    processor = architecture()
    digest = sources_digest(workspace.root, processor)
    done = Build(workspace.builds / digest, digest, processor)
    with alone(workspace.builds.with_suffix(".lock"), lambda: report("waiting for another build")):
        if not done.template.is_file():
            report("building functions and layers")
            # Never built where it will be looked for: what is there is whole, even if we are killed half-way.
            partial = workspace.builds / f".{digest}"
            try:
                _sam_build(workspace, processor, partial / "build")
                shutil.rmtree(done.folder, ignore_errors=True)
                (partial / "build").rename(done.folder)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
        _prune(workspace.builds, done.folder)
    return done


def sources_digest(root: Path, processor: str) -> str:
    """Names the content of everything that a build reads."""
    digest = hashlib.sha256(processor.encode())
    for file in _sources(root):
        digest.update(f"\0{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _sources(root: Path) -> Iterator[Path]:
    yield root / "template.yaml"
    for folder in ("functions", "infra", "layers"):
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _sam_build(workspace: Workspace, processor: str, out: Path) -> None:
    sam = workspace.tool(workspace.sam, "sam")
    command: list[str | Path] = [sam, "build", "--config-env", "local", "--no-cached", "--build-dir", out]
    command += ["--parameter-overrides", f"Architecture={processor}"]
    # SAM's own cache knows a layer's folder only; the material layer is compiled by the library beside it.
    env = sam_environment(workspace) | {"ADSIEVE_ARCHITECTURE": processor}
    run(command, cwd=workspace.root, env=env, log=workspace.folder / "build.log")


def sam_environment(workspace: Workspace) -> dict[str, str]:
    """Variables that SAM runs with: no account of the caller's, no telemetry, no look for a newer SAM."""
    settings = workspace.folder / "sam"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "metadata.json").write_text(f'{{"telemetryEnabled": false, "lastVersionCheck": {time.time():.0f}}}')
    nowhere = str(settings / "none")
    direct = ",".join(filter(None, [HOST, os.environ.get("NO_PROXY")]))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_CLI_"))}
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": direct,
        "no_proxy": direct,
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.1",
        "__SAM_CLI_APP_DIR": str(settings),
    }


def _prune(builds: Path, used: Path) -> None:
    used.touch()
    finished = sorted(builds.glob("[!.]*/"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in finished[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
