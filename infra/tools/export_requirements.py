"""Print the pins that go to Lambda: the closure of one of pyproject's groups, cut out of requirements.lock.

    python infra/tools/export_requirements.py lambda > layers/dependencies/requirements.txt
    python infra/tools/export_requirements.py lambda-media > layers/media/requirements.txt
    python infra/tools/export_requirements.py lambda-video > layers/video/requirements.txt
    python infra/tools/export_requirements.py analytics > layers/analytics/requirements.txt

The lock says beside each pin who wants it (`# via`), so the closure needs neither a resolver nor a network, and can
only ever name versions and hashes that the rest of the project was tested with.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
REQUIREMENT = re.compile(r"^[A-Za-z0-9._-]+")


def pins(lock: str) -> dict[str, str]:
    """Name of each locked distribution → its lines: pin, hashes and the comment that says who wants it."""
    starts = [*PIN.finditer(lock)]
    ends = [*(start.start() for start in starts[1:]), len(lock)]
    return {start[1]: lock[start.start() : end] for start, end in zip(starts, ends, strict=True)}


def wanted_by(block: str) -> set[str]:
    """Names in the `# via` comment of one pin."""
    _, _, via = block.partition("# via")
    return set(re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*", via))


def closure(names: set[str], blocks: dict[str, str]) -> set[str]:
    """Those distributions and everything that they, in turn, want."""
    found = set(names)
    while more := {name for name, block in blocks.items() if name not in found and wanted_by(block) & found}:
        found |= more
    return found


def export(root: Path = ROOT, group: str = "lambda") -> str:
    """The text of a layer's requirements.txt; raises KeyError where the lock misses a name."""
    wanted = tomllib.loads((root / "pyproject.toml").read_text())["dependency-groups"][group]
    blocks = pins((root / "requirements.lock").read_text())
    names = {REQUIREMENT.match(line)[0] for line in wanted}  # type: ignore[index] # a requirement starts with its name
    kept = sorted(closure(names, blocks))
    lines = [re.sub(r"\n    # .*", "", blocks[name]).rstrip() for name in kept]
    return "\n".join(["# Cut out of requirements.lock by infra/tools/export_requirements.py; do not edit.", *lines, ""])


if __name__ == "__main__":
    sys.stdout.write(export(group=sys.argv[1]))
