"""Material that must never decide anything is stopped before CANARY, by the right test; what is good gets through."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adsieve.detectors.media.deadline import Deadline
from adsieve.detectors.media.pictures import read_picture
from adsieve.domain import lifecycle
from adsieve.domain.decision import Action, State
from adsieve.domain.errors import InvalidMaterialError, TransitionError
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import PDQ, Kind, Material
from adsieve.material.corpus import default_corpus, read_corpus
from adsieve.material.policies import default_matrix
from adsieve.material.rows import parse_rows
from adsieve.service.gates.ground import Ground
from adsieve.service.gates.report import Outcome, Report
from adsieve.service.gates.run import NAMES, run
from tests.builders import NOON, a_fingerprint, a_material
from tests.pictures import scene

SAMPLES = Path(__file__).parents[1] / "samples" / "gates"
GOODS = ("shoes", "coffee", "kettles", "carpets", "bicycles", "teapots", "jackets", "lamps", "puzzles", "tents")
MARKETS = (["SA", "AE"], ["EG"], ["US", "GB"], ["DE", "FR"], ["SG", "ID", "JP", "KR"])
ADS = 1_000


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


GOOD, BAD = read("good.jsonl"), read("bad.jsonl")


def recent() -> Iterator[Fingerprint]:
    """A thousand harmless ads of forty advertisers, some with made-up brands; and of each good row three ads that it is for."""
    for number in range(ADS):
        brand = "Lumora " if number % 50 == 0 else "Kivaro " if number % 125 == 0 else ""
        brand = "Halmira " if number == 7 else "Pruvela " if 10 < number < 16 else brand
        text = f"{brand}{GOODS[number % 10]} number {number} for the whole family"
        markets = ["KW"] if brand == "Kivaro " else MARKETS[number % 5]
        advertiser = "adv-protected" if brand == "Halmira " else f"adv-{number % 40}"
        yield an_ad(f"ad-{number}", text, advertiser, markets, NOON - timedelta(minutes=number))
    for row in GOOD:
        for number in range(4):
            text = f"{GOODS[number]} and {row['value']} at home" if row["kind"] == "term" else f"see {row['value']} now"
            yield an_ad(f"{row['id']}-{number}", text, f"adv-bad-{number}", MARKETS[number], NOON)


def an_ad(ad_id: str, text: str, advertiser: str, markets: list[str], modified: Any) -> Fingerprint:
    made = a_fingerprint(text, ad_id=ad_id, advertiser_id=advertiser, markets=markets)
    return Fingerprint(made.ad, made.parts, {}, made.content_sha256, modified)


@pytest.fixture(scope="module")
def ground() -> Ground:
    excuse = a_material(id="A-1", value="wedding hall vorelle", action=Action.ALLOW)
    return Ground(
        default_matrix(),
        NOON,
        corpus=read_corpus(default_corpus()),
        recent=list(recent()),
        live=[excuse],
        protected=frozenset({"adv-protected"}),
        ads_a_day=100_000,
    )


def material_of(row: Mapping[str, Any]) -> Material:
    cells = {name: cell for name, cell in row.items() if name != "gate"}
    (material,) = parse_rows([("row 1", cells)])
    return material


def stopped_by(row: Mapping[str, Any], ground: Ground) -> set[str]:
    """Gates that fail; a row that cannot even be read fails as `row`."""
    try:
        material = material_of(row)
    except InvalidMaterialError:
        return {"row"}
    report = run(material, ground)
    assert bool(report.failed(State.CANARY)) is not report.ok
    return {gate.name for gate in report.gates if gate.outcome is Outcome.FAIL}


def test_there_are_forty_of_each() -> None:
    assert (len(BAD), len(GOOD)) == (40, 40)
    assert {name for row in BAD for name in row["gate"].split("|")} == set(NAMES) - {"cost"}


@pytest.mark.parametrize("row", BAD, ids=[f"{row['id']}-{row['gate']}" for row in BAD])
def test_bad_material_is_stopped_by_the_right_test(row: dict[str, Any], ground: Ground) -> None:
    assert not stopped_by(row, ground).isdisjoint(row["gate"].split("|"))


def test_nine_of_ten_good_materials_get_through(ground: Ground) -> None:
    stopped = {row["value"]: found for row in GOOD if (found := stopped_by(row, ground))}
    assert len(stopped) <= 4, stopped


def test_a_step_to_canary_fails_with_the_name_of_the_test(ground: Ground) -> None:
    row = a_material(value="bet", flags=frozenset({"substring"}), examples_hit=("a bet",) * 2, examples_miss=("x",) * 2)
    head = lifecycle.add(row, "author", NOON, "a case").head
    report = run(row, ground)
    shadow = lifecycle.move(head, State.SHADOW, "author", NOON, "see", evidence=report.evidence(State.SHADOW)).head
    later = NOON + timedelta(days=2)
    with pytest.raises(TransitionError, match="its tests failed: clean: fail") as refused:
        lifecycle.move(shadow, State.CANARY, "author", later, "go", evidence=report.evidence(State.CANARY))
    assert refused.value.guard == "tested"


def test_the_card_shows_each_market_with_examples(ground: Ground) -> None:
    report = run(a_material(value="kivaro", action=Action.REVIEW), ground)
    assert report.markets["KW"].hits == report.markets["KW"].ads == 4
    assert dict(report.markets["KW"].decisions) == {"REVIEW": 4}
    assert "Kivaro" in report.gate("blast").examples[0]


def test_what_was_not_run_stops_a_canary_but_not_a_shadow(ground: Ground) -> None:
    bare = Ground(ground.matrix, NOON, corpus=ground.corpus)
    report = run(a_material(value="online casino"), bare)
    assert report.failed(State.SHADOW) == ()
    assert len(report.failed(State.CANARY)) == 3


def test_panic_limits_are_five_times_as_wide_and_never_left_out(ground: Ground) -> None:
    lumora = a_material(value="lumora", action=Action.REVIEW, note="preventive")
    wide = run(lumora, ground, slack=5.0)
    assert wide.gate("blast").outcome is Outcome.PASS
    assert [gate.name for gate in wide.gates] == list(NAMES)
    assert not run(a_material(value="lamps", action=Action.REVIEW), ground, slack=5.0).ok


def test_a_hash_is_tried_on_the_pictures_of_recent_ads(ground: Ground, tmp_path: Path) -> None:
    scene(3).save(tmp_path / "x.png")
    (shown,) = read_picture("media/x.png", tmp_path / "x.png", Deadline.after(60))
    first, *others = ground.recent
    pictured = replace(ground, recent=[replace(first, parts=(*first.parts, shown)), *others])
    row = a_material(kind=Kind.IMAGE, value=PDQ + shown.evidence["hashes"][0]["pdq"], action=Action.REVIEW)
    report = run(row, pictured)
    assert [gate.name for gate in report.gates if gate.outcome is Outcome.FAIL] == ["gain"]  # one ad is few
    assert sum(market.hits for market in report.markets.values()) == len(first.ad.markets)
    wrong = run(replace(row, value="pdq:12"), pictured)
    assert wrong.gate("row").outcome is Outcome.FAIL


def test_a_row_twice_is_shown(ground: Ground) -> None:
    live = [a_material(id="T-0", value="Online Casino")]
    twice = Ground(ground.matrix, NOON, corpus=ground.corpus, recent=ground.recent, live=live)
    report: Report = run(a_material(value="online casino"), twice)
    assert report.gate("conflict").outcome is Outcome.WARN
    assert report.gate("gain").outcome is Outcome.FAIL


def test_an_allow_row_that_excuses_what_others_must_find_is_stopped(ground: Ground) -> None:
    live = [a_material(id="T-0", value="casino", examples_hit=("best casino in town",))]
    excusing = Ground(ground.matrix, NOON, corpus=ground.corpus, recent=ground.recent, live=live)
    report = run(a_material(value="best casino", action=Action.ALLOW), excusing)
    assert report.gate("conflict").outcome is Outcome.FAIL
