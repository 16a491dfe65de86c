"""Golden ads for a publication: `python -m tests.samples.golden DIR` writes `ads/` and `expected.jsonl` for `--golden DIR`.

| from | expected |
|---|---|
| the sample ads | what stands beside them, written by hand |
| every example of the material of `layers/material` that must match | that row alone, and in each market what the row and the policy files say: worked out here, not asked of the engine |

Examples that are written in a disguise are left out, because what they lead to depends on how they are read; so are
samples with media, which a publication does not read, and that of a material whose time is over, which packages no longer hold.
"""

import csv
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from adsieve.material.policies import material_folder

SAMPLES = Path(__file__).parent
ORDER = ("PASS", "LIMIT", "REVIEW", "REJECT")
OVER = "expired-material"
LIVE_ON = date(2026, 11, 22)

type Line = tuple[dict[str, Any], dict[str, Any]]
"""An ad, and what must be decided of it."""


class Rules:
    """The policy files, read as people read them: the most specific line counts, of several the strictest."""

    def __init__(self, folder: Path) -> None:
        self.groups = {row["market"]: row["groups"].split() for row in _rows(folder / "markets.csv")}
        self._lines = [row for row in _rows(folder / "policies.csv") if _in_force(row)]

    def covers(self, scope: list[str], market: str) -> bool:
        return not scope or not {market, *self.groups[market]}.isdisjoint(scope)

    def most(self, policy: str, market: str) -> str:
        """The strictest decision that a finding of the policy may lead to, of an ad that tells no facts."""
        for places in ({market}, {*self.groups[market]}, {"*"}):
            found = [line for line in self._lines if line["policy"] == policy and line["market"] in places]
            if found:
                return max((_effect(line) for line in found), key=ORDER.index)
        return "REVIEW"


def examples() -> Iterator[Line]:
    """Golden ads of the material's own examples."""
    folder = material_folder()
    rules = Rules(folder)
    for file in sorted((folder / "materials").glob("*.csv")):
        for row in _rows(file):
            yield from _examples(row, rules)


def write(folder: Path) -> int:
    """Write the golden folder; how many ads it holds."""
    shutil.copytree(SAMPLES / "ads", folder / "ads", dirs_exist_ok=True)
    made = list(examples())
    samples = (SAMPLES / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [line for line in samples if _in_words(json.loads(line)["ad_id"])]
    for ad in folder.glob("ads/*/"):
        if not _in_words(ad.name):
            shutil.rmtree(ad)
    expected += [json.dumps(line, ensure_ascii=False) for _, line in made]
    _write(folder / "ads" / "golden.jsonl", [json.dumps(ad, ensure_ascii=False) for ad, _ in made])
    _write(folder / "expected.jsonl", expected)
    return len(expected)


def _in_words(ad_id: str) -> bool:
    """Whether texts alone decide the sample, with material that is still in use."""
    told = json.loads((SAMPLES / "ads" / ad_id / "ad.json").read_text(encoding="utf-8-sig"))
    return ad_id != OVER and not told.get("media")


def _examples(row: Mapping[str, str], rules: Rules) -> Iterator[Line]:
    if row["state"] not in ("", "ACTIVE") or row["action"] == "ALLOW" or not _in_force(row, "starts", "expires"):
        return
    scope = row["markets"].split()
    markets = {
        market: min(row["action"].replace("LOG", "PASS"), rules.most(row["policy"], market), key=ORDER.index)
        if rules.covers(scope, market)
        else "PASS"
        for market in rules.groups
    }
    for number, text in enumerate(row["examples_hit"].split("|"), 1):
        plain = row["kind"] != "term" or row["value"].casefold() in text.casefold()
        if text.strip() and plain:
            yield _line(f"golden-{row['id']}-{number}", text.strip(), markets, [row["id"]])


def _line(ad_id: str, text: str, markets: Mapping[str, str], materials: list[str]) -> Line:
    ad = {"ad_id": ad_id, "markets": [*markets], "texts": {"body": text}}
    decision = max(markets.values(), key=ORDER.index)
    return ad, {"ad_id": ad_id, "decision": decision, "markets": dict(markets), "materials": materials}


def _effect(line: Mapping[str, str]) -> str:
    if line["effect"] == "RESTRICT":
        return "REVIEW" if line["min_age"] or line["requires"] else "LIMIT"
    return {"PROHIBIT": "REJECT", "ALLOW": "PASS"}[line["effect"]]


def _in_force(row: Mapping[str, str], first: str = "effective_from", last: str = "effective_to") -> bool:
    begin, end = row.get(first) or "0001-01-01", row.get(last) or "9999-12-31"
    return begin <= LIVE_ON.isoformat() <= end


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [{name: (cell or "").strip() for name, cell in row.items()} for row in csv.DictReader(opened)]


def _write(file: Path, texts: list[str]) -> None:
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    print(f"{write(target)} golden ads in {target}")
