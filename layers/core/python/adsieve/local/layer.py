"""Fill a layer with other people's modules: its requirements.txt, for Lambda's processor, without what functions never read.

    python -m adsieve.local.layer FOLDER [UNUSED ...]

Layers have 250 MB together. Makefiles in layers/ call this from a copy of their folder, where they can call nothing else
of the checkout. `sam build` does not say for which processor: ADSIEVE_ARCHITECTURE does. Wheels only, so one machine
builds for the other.
"""

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

from adsieve.local.slim import slim

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
"""What wheels call Lambda's processors."""

GLIBCS = ("manylinux_2_28", "manylinux2014")
"""2_28 is the newest that Amazon Linux 2023 (2.34) and wheels share."""

UNUSED = ("bin", "**/tests", "**/*.pyi", "**/*.pxd", "**/*.pyx")
"""What no function of ours reads in anybody's modules."""


def install(requirements: Path, target: Path, machine: str) -> None:
    """Unpack the wheels that are pinned; raises CalledProcessError where pip cannot."""
    wanted = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp", "--python-version=3.13"]
    wanted += [f"--platform={glibc}_{machine}" for glibc in GLIBCS]
    said = ["--quiet", "--disable-pip-version-check"]
    put = ["--no-compile", "--target", str(target), "--requirement", str(requirements)]
    subprocess.run([sys.executable, "-m", "pip", "install", *said, *wanted, *put], check=True)  # noqa: S603 - our own interpreter and arguments


def trim(target: Path, unused: Sequence[str]) -> None:
    """Delete what is unused, and the symbols of shared libraries."""
    for pattern in (*UNUSED, *unused):
        for found in sorted(target.glob(pattern)):
            if found.is_dir():
                shutil.rmtree(found)
            else:
                found.unlink(missing_ok=True)
    for library in target.rglob("*.so*"):
        if library.is_file() and not library.is_symlink():
            slim(library)


def compile_alone(target: Path) -> None:
    """Replace sources with what Python reads: Lambda's disk is read-only, so what is not compiled is so at every cold start."""
    compileall.compile_dir(
        target,
        quiet=1,
        legacy=True,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,  # nobody edits sources over there
        stripdir=str(target.parent),
        prependdir="/opt",
    )
    for source in target.rglob("*.py"):
        source.unlink()


def main(folder: Path, unused: Sequence[str]) -> str | None:
    """Fill a layer's folder; returns what is wrong with the call."""
    architecture = os.environ.get("ADSIEVE_ARCHITECTURE", "arm64")
    if architecture not in MACHINES:
        return f"ADSIEVE_ARCHITECTURE is `{architecture}`, want {' or '.join(MACHINES)}"
    target = folder / "python"
    install(Path("requirements.txt"), target, MACHINES[architecture])
    trim(target, unused)
    compile_alone(target)
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
