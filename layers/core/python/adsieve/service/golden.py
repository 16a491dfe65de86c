"""Golden ads: verdicts that must come out exactly, whatever else changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adsieve.domain.errors import InputError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause
from adsieve.material.package import Package
from adsieve.ports import Upload
from adsieve.service.extract import extract
from adsieve.service.scan import scan

FIELDS = ("decision", "markets", "materials")


@dataclass(frozen=True, slots=True)
class Golden:
    """An ad and what must be decided of it, in the form of tests/samples/expected.jsonl."""

    fingerprint: Fingerprint
    expected: Mapping[str, Any]

    def differences(self, package: Package, now: datetime) -> Iterator[str]:
        """What the package decides otherwise, worded for people."""
        told = scan(self.fingerprint, package, Cause.RESCAN, now).to_dict()
        got = summary(told)
        for field in FIELDS:
            if got[field] != self.expected[field]:
                yield f"{self.expected['ad_id']}: `{field}` is {got[field]}, want {self.expected[field]}"


def summary(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """What an expected line tells, of a verdict."""
    return {
        "decision": verdict["decision"],
        "markets": {market: decided["decision"] for market, decided in verdict["markets"].items()},
        "materials": sorted({finding["material_id"] for finding in verdict["findings"]}),
    }


def golden_set(uploads: Iterable[Upload], expected: Iterable[Mapping[str, Any]]) -> list[Golden]:
    """Ads with their expected lines; raises InputError where one is without the other."""
    lines = {str(line["ad_id"]): line for line in expected}
    found = {upload.ad_id: fingerprint for upload in uploads if (fingerprint := extract(upload))}
    if lonely := sorted(lines.keys() ^ found.keys()):
        raise InputError(f"golden ad `{lonely[0]}` has {'no ad' if lonely[0] in lines else 'no expected line'}")
    return [Golden(found[ad_id], line) for ad_id, line in lines.items()]
