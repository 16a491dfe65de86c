"""What material finds in honest text: hits by material and language, and by the view that saw them."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import adsieve
from tests.perf.evaluation.corpus.build import Sentence

MATERIAL = Path(__file__).parents[4] / "layers" / "material" / "materials"
TEXT_KINDS = {"term", "pattern", "combo"}
EXAMPLES = 5
TOO_MANY = 2 / 10_000


@dataclass(slots=True)
class Hits:
    """Hits of one material in one language.

    Attributes:
        steps: how they were seen → how often; `literal` where no step was needed.
        examples: (found text, sentence), a few for each way of seeing.
    """

    material: str
    value: str
    language: str
    count: int = 0
    rate: float = 0.0
    steps: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        told = {"material": self.material, "value": self.value, "language": self.language, "hits": self.count}
        return told | {"rate": round(self.rate, 6), "steps": dict(self.steps), "examples": dict(self.examples)}


@dataclass(slots=True)
class Measured:
    """What a run gave.

    Attributes:
        sentences: language → how many were scanned.
        hits: (material, language) → hits; a sentence counts once for a material.
    """

    sentences: Counter[str]
    hits: dict[tuple[str, str], Hits]

    @property
    def too_many(self) -> list[Hits]:
        """Materials that hit more honest sentences of a language than they should, worst first."""
        return sorted((hits for hits in self.hits.values() if hits.rate > TOO_MANY), key=lambda hits: -hits.rate)

    @property
    def views(self) -> Counter[str]:
        """Hits by the steps they needed."""
        total: Counter[str] = Counter()
        for hits in self.hits.values():
            total.update(hits.steps)
        return total

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        ordered = sorted(self.hits.values(), key=lambda hits: -hits.count)
        return self.summary() | {"hits": [hits.to_dict() for hits in ordered]}

    def summary(self) -> dict[str, Any]:
        """What may be committed: numbers only, nobody's sentences."""
        shown = [{k: v for k, v in hits.to_dict().items() if k != "examples"} for hits in self.too_many]
        return {"sentences": dict(self.sentences), "views": dict(self.views.most_common()), "above_2_in_10000": shown}


def sample_material(folder: Path = MATERIAL) -> list[dict[str, str]]:
    """The rows of the sample material that look at text, ALLOW rows among them."""
    rows: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += [row for row in csv.DictReader(file) if row["kind"] in TEXT_KINDS]
    return rows


def measure(rows: Sequence[Mapping[str, str]], sentences: Iterable[Sentence]) -> Measured:
    """Scan every sentence as an ad of its own, all markets."""
    package = adsieve.compile_package(rows)
    measured = Measured(Counter(), {})
    for sentence in sentences:
        measured.sentences[sentence.language] += 1
        verdict = adsieve.scan({"ad_id": "corpus", "markets": ["SA"], "texts": {"body": sentence.text}}, package)
        told = set()
        for finding in verdict.findings:
            if "SA" in finding.cancelled_in or finding.material.id in told:
                continue
            told.add(finding.material.id)
            _count(measured, finding.material.id, finding.material.value, sentence, finding.match)
    for hits in measured.hits.values():
        hits.rate = hits.count / measured.sentences[hits.language]
    return measured


def _count(measured: Measured, material: str, value: str, sentence: Sentence, match: Any) -> None:
    key = (material, sentence.language)
    hits = measured.hits.setdefault(key, Hits(material, value, sentence.language))
    how = "+".join(match.how) or "literal"
    hits.count += 1
    hits.steps[how] += 1
    if len(hits.examples[how]) < EXAMPLES:
        hits.examples[how].append((match.text, sentence.text[:160]))


def write(told: Mapping[str, Any], path: Path) -> None:
    """Write a measurement or its summary as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
