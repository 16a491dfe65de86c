"""The sample ads, decided by the sample material without any AWS, are what stands beside them."""

import json
from pathlib import Path
from typing import Any

import pytest

from adsieve.adapters.files import FileUpload
from adsieve.detectors.media.reader import Reader
from adsieve.domain.decision import Decision
from adsieve.domain.verdict import Cause
from adsieve.material.compile import compile_files
from adsieve.material.package import Package
from adsieve.material.policies import load_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.service.extract import extract
from adsieve.service.scan import scan
from tests.builders import NOON

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = [json.loads(line) for line in (SAMPLES / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
HOSTILE = [json.loads(line) for line in (SAMPLES / "hostile.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def package() -> Package:
    folder = material_folder()
    return Package.of(compile_files(load_materials([folder]), load_matrix(folder)))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["ad_id"])
def test_a_sample_ad_gets_the_verdict_that_stands_beside_it(expected: dict[str, Any], package: Package) -> None:
    fingerprint = extract(FileUpload(expected["ad_id"], SAMPLES / "ads" / expected["ad_id"] / "ad.json"), Reader())
    assert fingerprint is not None
    verdict = scan(fingerprint, package, Cause.UPLOAD, NOON)
    assert str(verdict.decision) == expected["decision"]
    assert {market: str(told.decision) for market, told in verdict.markets.items()} == expected["markets"]
    assert sorted({finding.material.id for finding in verdict.findings}) == expected["materials"]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile["ad_id"])
def test_a_hostile_file_is_reviewed_for_its_cause(hostile: dict[str, Any], package: Package) -> None:
    fingerprint = extract(FileUpload(hostile["ad_id"], SAMPLES / "hostile" / hostile["ad_id"] / "ad.json"))
    assert fingerprint is not None
    assert hostile["cause_contains"] in fingerprint.failures[hostile["part"]]
    assert scan(fingerprint, package, Cause.UPLOAD, NOON).decision is Decision.REVIEW
