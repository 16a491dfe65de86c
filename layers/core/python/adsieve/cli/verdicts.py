"""Verdicts as rows of a table, the same wherever they come from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from adsieve.cli.output import readable, styled
from adsieve.domain.decision import Decision
from adsieve.domain.verdict import SCANNED

COLUMNS = ("ad", "decision", "markets", "found", "why")


def row(verdict: Mapping[str, Any]) -> tuple[str | Text, ...]:
    """A verdict of the contract's JSON: ad, decision, markets by decision, matched words and how, reasons."""
    by_decision: dict[str, list[str]] = {}
    strictest = sorted(verdict["markets"].items(), key=lambda item: -Decision.parse(item[1]["decision"]))
    for market, decided in strictest:
        by_decision.setdefault(decided["decision"], []).append(market)
    markets = "; ".join(f"{decision} {' '.join(names)}" for decision, names in by_decision.items())
    found = {
        f"{readable(finding['text'])} ({'+'.join(finding['how']) or 'exact'}, {finding['material_id']})": None
        for finding in verdict["findings"]
    }
    reasons = {reason: None for _, decided in strictest for reason in decided.get("reasons", ())}
    unscanned = [f"{part}: {status}" for part, status in verdict["completeness"].items() if status != SCANNED]
    why = [reason for reason in reasons if not reason.startswith("not scanned")] + unscanned
    decision = styled(verdict["decision"])
    return verdict["ad_id"], decision, markets, "; ".join(found), "; ".join(readable(reason) for reason in why)


def summary(decisions: Iterable[str]) -> str:
    """How many ads got which decision."""
    counts = Counter(decisions)
    told = ", ".join(f"{counts[name]} {name}" for name in Decision.__members__ if name in counts)
    return f"{counts.total()} ads: {told}"
