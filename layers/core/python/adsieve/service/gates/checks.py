"""Tests that need the row, the corpus and the other rows, but no ads."""

from collections import Counter
from statistics import quantiles
from time import thread_time_ns

from adsieve.domain.decision import Action, Effect
from adsieve.domain.material import Kind, Material
from adsieve.material.compile import compile_files
from adsieve.material.lint import lint
from adsieve.material.package import Package
from adsieve.material.selftest import found
from adsieve.service.gates.ads import alone
from adsieve.service.gates.ground import WANTED, Candidate, Ground, text_part
from adsieve.service.gates.report import Gate, Outcome
from adsieve.service.gates.statistics import most_hits, upper_bound

SHOWN = 5
TIMED = 300
PER_LANGUAGE = 2
"""Hits in one language above which it is told: of 10,000 sentences, three prove nothing below 8 in 10,000."""

_PROBE = Material("probe", Kind.TERM, "qzxvkjqzxw", "", Action.LOG)


def row(material: Material, ground: Ground) -> Gate:
    """The row itself: cells, what its detector says, its own examples."""
    problems = [
        str(problem) for problem in lint([ground.local(material)], ground.matrix) if problem.severity == "error"
    ]
    outcome = Outcome.FAIL if problems else Outcome.PASS
    return Gate("row", outcome, len(problems), 0, "problems", "; ".join(problems[:SHOWN]))


def clean(candidate: Candidate, ground: Ground, slack: float) -> Gate:
    """Hits among innocent sentences: their rate must be low, and known to be."""
    corpus, material = ground.corpus, candidate.material
    rate = ground.limits.clean.get(material.action)
    if rate is None:
        return Gate("clean", Outcome.PASS, detail=f"{material.action} stops no innocent ad")
    if not corpus:
        return Gate("clean", Outcome.NOT_RUN, detail="no clean corpus was given")
    hit = [sentence for sentence in corpus if candidate.matches(text_part(sentence.text))]
    most = max(most_hits(len(corpus), rate * slack), 0)
    languages = Counter(sentence.language for sentence in hit)
    shown = tuple(sentence.text for sentence in hit[:SHOWN])
    told = (
        f"{len(hit)} of {len(corpus):,} innocent sentences, so at most {upper_bound(len(hit), len(corpus)):.1e} of them"
    )
    if len(hit) > most:
        where = ", ".join(f"{count} in {language or '?'}" for language, count in languages.most_common(SHOWN))
        return Gate("clean", Outcome.FAIL, len(hit), most, "hits", f"{told} ({where})", shown)
    if len(corpus) < WANTED:
        told += f"; {WANTED:,} are wanted to show that it is below {rate:g}"
        return Gate("clean", Outcome.WARN, len(hit), most, "hits", told, shown)
    thin = any(count > PER_LANGUAGE for count in languages.values())
    return Gate("clean", Outcome.WARN if thin else Outcome.PASS, len(hit), most, "hits", told, shown)


def cost(candidate: Candidate, ground: Ground, slack: float) -> Gate:
    """Time that it adds to a text, at the 99th percentile."""
    texts = [sentence.text for sentence in ground.corpus[:TIMED]]
    texts += [part.text for ad in ground.recent[:TIMED] for part in ad.parts if part.text]
    if not texts:
        return Gate("cost", Outcome.NOT_RUN, detail="neither corpus nor ads were given")
    bare = Package.of(compile_files([_PROBE], ground.matrix))
    added = [max(_best(candidate.package, text) - _best(bare, text), 0) / 1_000 for text in texts[:TIMED]]
    p99 = quantiles(added, n=100)[-1] if len(added) > 1 else added[0]
    limit = ground.limits.cost * slack
    return Gate("cost", Outcome.FAIL if p99 > limit else Outcome.PASS, round(p99, 1), limit, "µs a text at p99")


def _best(package: Package, text: str) -> int:
    """The least of three processor times, in nanoseconds: what else the machine does is not the material's fault."""
    (part,), times = text_part(text), []
    reading = [detector for detector in package.detectors if part.kind in detector.looks_at]
    for _ in range(3):
        begin = thread_time_ns()
        for detector in reading:
            for _match in detector.detect(part):
                pass
        times.append(thread_time_ns() - begin)
    return min(times)


def conflict(candidate: Candidate, ground: Ground) -> Gate:
    """Contradictions with ALLOW rows and the policy matrix; the same row twice is shown."""
    material = candidate.material
    if material.action is Action.ALLOW:
        return _excuses(candidate, ground)
    markets = [market for market in ground.matrix.markets if ground.matrix.covers(material.markets, market)]
    cells = [ground.matrix.resolve(material.policy, market, ground.now.date()) for market in markets]
    if not markets:
        return Gate("conflict", Outcome.FAIL, detail=f"no market of the matrix is in `{' '.join(material.markets)}`")
    if all(cell is not None and cell.effect is Effect.ALLOW for cell in cells):
        return Gate("conflict", Outcome.FAIL, detail=f"`{material.policy}` is allowed in all of its markets")
    texts = material.examples_hit or (material.value,)
    excused = [text for text in texts if _excused(candidate, ground, text)]
    if len(excused) == len(texts):
        return Gate(
            "conflict", Outcome.FAIL, detail="ALLOW rows excuse everything that it is for", examples=texts[:SHOWN]
        )
    same = [other.id for other in ground.live if _same(other, material)]
    if same or excused:
        told = [f"says the same as {', '.join(same[:SHOWN])}"] if same else []
        told += [f"ALLOW rows excuse {len(excused)} of its examples"] if excused else []
        return Gate("conflict", Outcome.WARN, len(same), detail="; ".join(told), examples=tuple(excused[:SHOWN]))
    return Gate("conflict", Outcome.PASS, 0, unit="duplicates")


def _excuses(candidate: Candidate, ground: Ground) -> Gate:
    """An ALLOW row must not excuse what other rows were written for."""
    lost = [
        f"{other.id}: {text}"
        for other in ground.live
        if other.action is not Action.ALLOW
        for text in other.examples_hit
        if candidate.matches(text_part(text)) and other.value.casefold() in candidate.material.value.casefold()
    ]
    if lost:
        detail = f"would excuse {len(lost)} examples that other rows must find"
        return Gate("conflict", Outcome.FAIL, len(lost), 0, "examples", detail, tuple(lost[:SHOWN]))
    return Gate("conflict", Outcome.PASS, 0, 0, "examples")


def _excused(candidate: Candidate, ground: Ground, text: str) -> bool:
    return candidate.material.id in found(candidate.package, text) and candidate.verdict(alone(text, ground)) is None


def _same(other: Material, material: Material) -> bool:
    logic = (other.kind, other.value.casefold(), other.flags, other.radius, other.policy)
    mine = (material.kind, material.value.casefold(), material.flags, material.radius, material.policy)
    overlapping = not other.markets or not material.markets or not set(other.markets).isdisjoint(material.markets)
    return other.id != material.id and logic == mine and overlapping
