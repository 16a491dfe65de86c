"""Recall and wrong hits from what was found in each attacked picture."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.perf.images.attacks import ATTACKS, Attack
from tests.perf.images.unseen import UNSEEN

type Lines = list[dict[str, Any]]

WEAK = 0.9


def report(parts: dict[str, Lines], materials: int, twins: dict[str, list[str]]) -> tuple[dict[str, Any], bool]:
    """Everything told of a run, and whether it is as good as expected.

    Args:
        parts: `development`, `held_out`, `clean`, `alike` → one line a picture, see `robustness`.
        materials: how many pictures each was compared with.
        twins: photos that were left out of them, since they show what another one does → that one and how it was seen.
    """
    told: dict[str, Any] = {
        "materials": materials,
        "twins left out": len(twins),
        "twins": [_named(one, *other) for one, other in twins.items()],
    }
    good = True
    for part, lines in parts.items():
        wrong = [(line["picture"], attack, *hit) for line, attack, found in _each(lines) for hit in found["wrong"]]
        looked = sum(len(line["found"]) for line in lines)
        told[part] = {"pictures": len(lines), "looked at": looked, "pairs": looked * materials, "wrong": len(wrong)}
        if part in ("development", "held_out"):
            told[part] |= {"known kinds": _recall(lines, ATTACKS), "unseen kinds": _recall(lines, UNSEEN)}
            known, unseen = told[part]["known kinds"], told[part]["unseen kinds"]
            good &= known["recall"] >= 0.90 and known["mild"] >= 0.98 and unseen["recall"] >= 0.85
        told[part]["wrong hits"] = [_named(*hit) for hit in wrong[:20]]
    plain = [told[part] for part in parts if part != "alike"]
    pairs, wrong_hits = (sum(part[name] for part in plain) for name in ("pairs", "wrong"))
    told["all but look-alikes"] = {"pairs": pairs, "wrong": wrong_hits}
    return told, good and wrong_hits <= max(1, pairs / 1_000_000)


def _named(*words: str) -> str:
    """Pictures by the name of their file: where a folder lies is nobody's business."""
    return " ".join(word.rpartition("/")[2] for word in words)


def _recall(lines: Lines, attacks: Iterable[Attack]) -> dict[str, Any]:
    by_name = {attack.name: attack for attack in attacks}
    known: dict[str, list[bool]] = {}
    sure = []
    for _, attack, found in _each(lines):
        if attack in by_name:
            known.setdefault(attack, []).append(found["known"])
            sure.append(found["sure"])
    every = [one for seen in known.values() for one in seen]
    mild = [one for attack, seen in known.items() if by_name[attack].severity == "mild" for one in seen]
    families: dict[str, list[bool]] = {}
    for attack, seen in known.items():
        families.setdefault(by_name[attack].family, []).extend(seen)
    peers: dict[str, list[list[int]]] = {}
    for _, attack, found in _each(lines):
        for peer, theirs in found.get("peers", {}).items() if attack in by_name else ():
            peers.setdefault(peer, []).append(theirs)
    return {
        "attacks": len(known),
        "recall": _share(every),
        **({"mild": _share(mild)} if mild else {}),
        "block-grade": _share(sure),
        "families": {family: _share(seen) for family, seen in families.items()},
        "peers": {
            peer: {"recall": _share([bool(known) for known, _ in seen]), "wrong": sum(wrong for _, wrong in seen)}
            for peer, seen in peers.items()
        },
        "weak": {attack: _share(seen) for attack, seen in known.items() if _share(seen) < WEAK},
    }


def _each(lines: Lines) -> Iterator[tuple[dict[str, Any], str, dict[str, Any]]]:
    for line in lines:
        for attack, found in line["found"].items():
            yield line, attack, found


def _share(seen: list[bool]) -> float:
    return round(sum(seen) / max(1, len(seen)), 4)
