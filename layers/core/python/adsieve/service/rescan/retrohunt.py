"""What drafts would do to the stored ads, told draft by draft: what an operator looks at before they exist anywhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from adsieve.service.rescan.shard import ShardResult


@dataclass(frozen=True, slots=True)
class Hunted:
    """What one draft would do.

    Attributes:
        ads: stored ads that were looked through.
        hits: of them, those that it has a part in; it need not change what is decided of them.
        markets: `SA` → `PASS → REJECT` → how many of those ads change so there, with all drafts of the question in force.
        examples: the first of those ads, each with where the draft is in it.
    """

    ads: int
    hits: int
    markets: Mapping[str, Mapping[str, int]]
    examples: Sequence[Mapping[str, str]]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def hunted(results: Iterable[ShardResult], drafts: Sequence[str], examples: int) -> dict[str, Hunted]:
    """For each of these drafts, by id, what re-scanning with them found."""
    ads, hits = 0, Counter[str]()
    markets: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    shown: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for result in results:
        ads += result.ads
        for one in result.found:
            for draft in one.get("materials", ()):
                hits[draft] += 1
                for market, (was, now) in one["flips"].items():
                    markets[draft][market][f"{was} → {now}"] += 1
                if len(shown[draft]) < examples:
                    shown[draft].append(_example(one, draft))
    return {
        draft: Hunted(
            ads, hits[draft], {name: dict(told) for name, told in sorted(markets[draft].items())}, shown[draft]
        )
        for draft in drafts
    }


def _example(one: Mapping[str, Any], draft: str) -> dict[str, str]:
    """An ad, and where the draft is in it; a finding that others crowded out is not told."""
    where: Mapping[str, str] = next((hit for hit in one["hits"] if hit["material_id"] == draft), {})
    return {"ad_id": one["ad_id"], "part": where.get("part", ""), "text": where.get("text", "")}
