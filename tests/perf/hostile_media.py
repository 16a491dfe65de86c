"""Media files made to break readers, each read as the scan function reads it: what it takes, and what is said of it.

    python -m tests.perf.hostile_media [--json]

Every file gets a fresh child process that has its libraries loaded already. Expected result: no file takes more than
2 s of processor time or 500 MB, every one that cannot be shown whole is reviewed with a cause, and nothing is written.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click

import adsieve
from adsieve.adapters.files import FileUpload
from adsieve.adapters.isolated import IsolatedReader
from adsieve.domain.verdict import SCANNED, Cause
from adsieve.material.package import Package
from adsieve.service.extract import extract
from adsieve.service.scan import scan
from tests.clips import write_clip
from tests.hostile_clips import HOSTILE, plain
from tests.hostile_pictures import a_scene, heavy, partly_read, saved, unreadable

MEMORY = 1_179_000_000
"""What a function of the template's default size leaves to a child."""

MAX_SECONDS, MAX_MB = 2.0, 500.0
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What reading one file took, and came to."""

    name: str
    bytes: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    decision: str
    cause: str
    wrote: bool

    @property
    def bad(self) -> bool:
        """Whether a limit was broken, or the file passed though it could not be shown whole."""
        silent = self.decision != "REVIEW" and bool(self.cause)
        return self.cpu_s > MAX_SECONDS or self.peak_mb > MAX_MB or self.wrote or silent


def files(folder: Path) -> Iterator[Path]:
    """Every hostile file, written to a folder under a name that tells what it is."""
    for name, data in dict([*unreadable(), *partly_read(), *heavy()]).items():
        file = folder / f"{name}.jpg"
        file.write_bytes(data)
        yield file
    for name, (suffix, make, _) in HOSTILE.items():
        file = folder / f"{name}.{suffix}"
        make(file)
        yield file


def measured(file: Path, package: Package, warm: tuple[Path, Path]) -> Measured:
    """Read one file in a child of its own, which first read two plain ones."""
    reader = IsolatedReader(MEMORY)
    try:
        for plain_file in warm:
            reader.read("media/warm", plain_file, SECONDS)
        pid = reader.pid
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # its highest memory counts from here
        before, spent, started = _listing(file.parent), _cpu(pid), monotonic()
        fingerprint = extract(FileUpload(file.name, file), reader, SECONDS)
        wall = monotonic() - started
        survived = reader.pid == pid
        cpu, peak = (_cpu(pid) - spent, _peak(pid)) if survived else (wall, MEMORY / 1e6)
    finally:
        reader.close()
    assert fingerprint is not None
    verdict = scan(fingerprint, package, Cause.UPLOAD, datetime.now(UTC))
    causes = [status for status in verdict.completeness.values() if status != SCANNED]
    wrote = _listing(file.parent) != before
    size = file.stat().st_size
    return Measured(file.name, size, cpu, wall, peak, str(verdict.decision), "; ".join(causes), wrote)


def _listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((entry.name, entry.stat().st_mtime_ns) for entry in folder.iterdir())


def _cpu(pid: int | None) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int | None) -> float:
    """Megabytes that a process held at most."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def main(*, as_json: bool) -> None:
    """Exit code 1 when a file broke a limit or passed silently."""
    package = adsieve.compile_package([{"kind": "term", "value": "x1x", "policy": "adult", "action": "LOG"}])
    bad = 0
    with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as folder:
        picture, clip = Path(kept, "plain.png"), Path(kept, "plain.mp4")
        picture.write_bytes(saved(a_scene(), "PNG"))
        write_clip(clip, plain(1))
        for file in files(Path(folder)):
            one = measured(file, package, (picture, clip))
            bad += one.bad
            if as_json:
                click.echo(json.dumps(asdict(one), ensure_ascii=False))
            else:
                mark = "!" if one.bad else " "
                click.echo(
                    f"{mark}{one.name:45.45} {one.bytes:>10,} B  {one.cpu_s:5.2f} s CPU {one.wall_s:6.2f} s  "
                    f"{one.peak_mb:4.0f} MB  {one.decision:6}  {one.cause[:90]}"
                )
            file.unlink()
    raise SystemExit(int(bool(bad)))


if __name__ == "__main__":
    main()
