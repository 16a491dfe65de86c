"""What a detector saw, and what it means once the material is known."""

from dataclasses import dataclass, field
from typing import Any

from adsieve.domain.decision import Action
from adsieve.domain.material import Material

DOUBTFUL_STEPS = frozenset({"arabizi", "translit"})
"""Steps that guess: a match that needed one may lead to REVIEW at most."""


@dataclass(frozen=True, slots=True)
class Match:
    """One material matched in one part, as a detector reports it.

    Attributes:
        row: the material's row in the package.
        start, end: half-open span in code points of the *original* text; 0, 0 where there is no text.
        text: the original text of the span.
        how: every step that was needed to see the match, in the order applied, e.g. `("fold", "clitic")`;
            empty for a literal match.
        distance, threshold: for hash matches, Hamming distance found and the largest that counts.
        where: kind-specific place, JSON-ready: `{"box": [x, y, w, h]}` in pixels, `{"from_s": 1.0, "to_s": 3.5}`.
    """

    row: int
    start: int
    end: int
    text: str
    how: tuple[str, ...] = ()
    distance: int | None = None
    threshold: int | None = None
    where: dict[str, Any] = field(default_factory=dict)

    def contains(self, other: "Match") -> bool:
        """Whether the other span lies inside this one; equal spans count."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Finding:
    """A match with its material: the evidence of a verdict.

    Attributes:
        material: the row that matched.
        part: name of the part it matched in.
        match: where and how.
        cancelled_in: markets in which an ALLOW row cancels it.
        most: what it may lead to while a switch is off; None: everything.
    """

    material: Material
    part: str
    match: Match
    cancelled_in: frozenset[str] = frozenset()
    most: Action | None = None

    @property
    def action(self) -> Action:
        """The most this finding may lead to."""
        action = self.material.action if self.most is None else min(self.material.action, self.most)
        return action if DOUBTFUL_STEPS.isdisjoint(self.match.how) else min(action, Action.REVIEW)

    def to_dict(self) -> dict[str, Any]:
        """The finding of the verdict contract, JSON-ready."""
        return {
            "material_id": self.material.id,
            "kind": str(self.material.kind),
            "policy": self.material.policy,
            "action": str(self.material.action),
            "state": str(self.material.state),
            "part": self.part,
            "start": self.match.start,
            "end": self.match.end,
            "text": self.match.text,
            "how": list(self.match.how),
            "distance": self.match.distance,
            "threshold": self.match.threshold,
            **self.match.where,
        }
