"""The breaker: a material that hits far more than its tests said is turned off, and what it rejected can be brought back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adsieve.domain import lifecycle
from adsieve.domain.decision import Action, Decision, State
from adsieve.domain.errors import ConflictError, InputError, TransitionError
from adsieve.domain.guards import SYSTEM
from adsieve.domain.registered import Registered
from adsieve.domain.switches import Scope, Switch, Switches
from adsieve.material_ports import MaterialRegistry
from adsieve.ports import Hit, HitLog, Outcome
from adsieve.service.decide import Decider
from adsieve.service.publish import Publisher

WINDOW = timedelta(hours=1)
FLOOR = 20
"""Advertisers an hour up to which no material is stopped: so few are looked at by people soon enough."""

FACTOR = 5.0
"""How many times its projection a material may hit."""

SHARE = 0.04
"""Of a market's ads in the hour: twice what the tests of a material allow it (`Limits.market`)."""

SHARED_BY, OUT_OF = 5, 100
"""Fewest advertisers and fewest ads in the market for a share to mean anything."""

RESTORED = timedelta(days=2)
"""How far back ads are brought back: hits are kept a little longer."""

type Expected = Callable[[Registered], float | None]
"""Hits an hour that the tests of a material projected; 0 where they projected none, None where none were asked for."""


@dataclass(frozen=True, slots=True)
class Count:
    """A material in the last hour.

    Attributes:
        advertisers: distinct ones whose ads it had a part in deciding: one who uploads again and again counts once.
        limit: most that is believed.
        market, share: where it has a part in the most decisions, and in how many of the ads there.
    """

    material_id: str
    advertisers: int
    limit: float
    market: str = ""
    share: float = 0.0

    @property
    def why(self) -> str:
        """What it is stopped for."""
        if self.advertisers > self.limit:
            return f"{self.advertisers} advertisers in an hour, {self.limit:.0f} were believed"
        return f"{self.share:.0%} of the ads in {self.market} in an hour, {SHARE:.0%} at most are believed"

    @property
    def tripped(self) -> bool:
        """Whether it hits more than can be right."""
        return self.advertisers > self.limit or (self.advertisers >= SHARED_BY and self.share > SHARE)


@dataclass(frozen=True, slots=True)
class Trip:
    """What the breaker did about one material.

    Attributes:
        paused: whether the registry was told too; False where the material is in no state that can be paused.
        held: ads whose reject of the last hour became a review.
    """

    count: Count
    paused: bool
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breaker:
    """Watches what materials hit.

    Attributes:
        publisher: turns materials off, in the breaker's own name or that of the person who calls it.
        decider: decides ads again; its `off` is not asked.
        expected: what tests projected.
    """

    registry: MaterialRegistry
    hits: HitLog
    publisher: Publisher
    decider: Decider
    expected: Expected
    clock: Callable[[], datetime]

    def counts(self) -> list[Count]:
        """Every material that was hit more than a little in the last hour, most first.

        Only what somebody projected can surprise: rows of the deployed layer, and those that a registry was seeded with,
        decided before there was a registry, and hit as much as they always did.
        """
        since = self.clock() - WINDOW
        busy = [material_id for material_id, noted in self.hits.busy(since).items() if noted > FLOOR]
        heads, ads = self.registry.get_many(busy), self.hits.counted(since)
        expected = {name: self.expected(head) for name, head in heads.items()}
        counted = (self._count(name, hits, since, ads) for name, hits in expected.items() if hits is not None)
        return sorted(counted, key=lambda count: -count.advertisers)

    def check(self) -> list[Trip]:
        """Stop what hits more than can be right."""
        off = Switches(self.publisher.pointer()[0].switches, self.clock())
        return [
            self.trip(count)
            for count in self.counts()
            if count.tripped and not off.of(Scope.MATERIAL, count.material_id)
        ]

    def trip(self, count: Count) -> Trip:
        """Turn a material off, pause it, and move what it rejected in the last hour to review.

        In this order: functions stop first, so nothing is rejected behind the back of what is brought back.
        """
        material_id, now = count.material_id, self.clock()
        why = f"breaker: {count.why}"
        self.publisher.turn_off([Switch.off(f"{Scope.MATERIAL}:{material_id}", SYSTEM, why, now)])
        paused = self._pause(material_id, why)
        held = self._decide_again(material_id, now - WINDOW, Action.REVIEW, {Decision.REJECT})
        return Trip(count, paused, tuple(held))

    def affected(self, material_id: str) -> list[Hit]:
        """Ads that a material had a part in deciding, as far back as they are brought back."""
        return list({hit.ad_id: hit for hit in self.hits.hits(material_id, self.clock() - RESTORED)}.values())

    def restore(self, material_id: str) -> list[str]:
        """Decide the ads that a material hit again, as if it only recorded; gives those whose decision changed.

        Raises:
            InputError: the material is not off: they would only be rejected again.
        """
        off = Switches(self.publisher.pointer()[0].switches, self.clock())
        if not off.of(Scope.MATERIAL, material_id):
            raise InputError(f"material `{material_id}` is not off, `adsieve kill off material:{material_id}` first")
        above_pass = {decision for decision in Decision if decision > Decision.PASS}
        return list(self._decide_again(material_id, self.clock() - RESTORED, Action.LOG, above_pass))

    def _count(self, material_id: str, expected: float, since: datetime, ads: Mapping[str, int]) -> Count:
        hits = {hit.ad_id: hit for hit in self.hits.hits(material_id, since)}.values()
        advertisers = {hit.advertiser_id for hit in hits}
        hit = Counter(market for each in hits for market in each.markets)
        shares = [(hit[market] / ads[market], market) for market in hit if ads.get(market, 0) >= OUT_OF]
        share, market = max(shares, default=(0.0, ""))
        return Count(material_id, len(advertisers), max(FLOOR, FACTOR * expected), market, share)

    def _pause(self, material_id: str, why: str) -> bool:
        """Pause it in the registry too, so that the next package does not bring it back. Again where others write it."""
        for _ in range(3):
            head = self.registry.get(material_id)
            if head is None:
                return False
            try:
                self.registry.append([lifecycle.move(head, State.PAUSED, SYSTEM, self.clock(), why)])
            except ConflictError:
                continue
            except TransitionError:
                return False
            return True
        return False

    def _decide_again(
        self, material_id: str, since: datetime, most: Action, present: Iterable[Decision]
    ) -> Iterator[str]:
        """Ads that came out differently once the material may lead to `most` only; others are not touched."""
        capped = Switch(Scope.MATERIAL, material_id, SYSTEM, "breaker", self.clock(), None, most)
        wanted = frozenset(str(decision) for decision in present)

        def off(now: datetime) -> Switches:
            others = (switch for switch in self.publisher.pointer()[0].switches if switch.key != capped.key)
            return Switches((*others, capped), now)

        decider = replace(self.decider, off=off)
        for ad_id in dict.fromkeys(hit.ad_id for hit in self.hits.hits(material_id, since)):
            before = _current(decider, ad_id)
            if before not in wanted:
                continue
            decided = decider.again(ad_id)
            if decided.outcome is Outcome.RECORDED and str(decided.verdict.decision) != before:
                yield ad_id


def _current(decider: Decider, ad_id: str) -> str | None:
    told = [str(verdict["decision"]) for verdict in decider.verdicts.history(ad_id)]
    return told[-1] if told else None
