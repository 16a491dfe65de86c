"""Material on its way into functions that run with the template's own roles: published, followed, turned off, taken back."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adsieve.adapters.dynamodb_materials import DynamoMaterialRegistry
from adsieve.adapters.keys import PublicKeys
from adsieve.adapters.s3_samples import S3SampleStore
from adsieve.domain.decision import Action, State
from adsieve.domain.guards import SYSTEM, Evidence
from adsieve.domain.pointer import Release
from adsieve.domain.switches import Switch
from adsieve.local import lifecycle
from adsieve.local.build import Build
from adsieve.local.cloud import Cloud
from adsieve.local.deploy import publishing_key
from adsieve.local.server import free_port
from adsieve.local.workspace import Workspace
from adsieve.material.policies import default_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.service.desk import Desk
from adsieve.service.publish import Publisher
from adsieve.service.seed import seed
from tests.builders import a_material
from tests.e2e.conftest import quiet, verdict_of
from tests.e2e.stored import StoredAds
from tests.waiting import eventually

pytestmark = pytest.mark.e2e


def now() -> datetime:
    return datetime.now(UTC)


class Team:
    """People with the registry and the keys of a stack of their own, where publishing disturbs nobody."""

    def __init__(self, workspace: Workspace, cloud: Cloud) -> None:
        outputs, dynamodb = cloud.stack.outputs, cloud.dynamodb
        self.cloud = cloud
        self.registry = DynamoMaterialRegistry(dynamodb, outputs["MaterialsTableName"])
        samples = S3SampleStore(cloud.s3, outputs["MaterialBucketName"])
        tested = Evidence(gates="tested", clusters=30, promote=True)
        self.amal = Desk(self.registry, samples, "amal", lambda _head, _to: tested, now)
        keys = PublicKeys.parse(cloud.stack.parameters["PublicKey"])
        self.omar = Publisher(cloud.packages, publishing_key(workspace), keys, "omar", now, samples)

    def follow(self) -> dict[str, Any]:
        """Run the state machine now, instead of within five minutes."""
        machine = self.cloud.client("stepfunctions")
        started = machine.start_execution(stateMachineArn=self.cloud.stack.outputs["PublishingArn"])
        done = eventually(
            lambda: _finished(machine.describe_execution(executionArn=started["executionArn"])), "the state machine"
        )
        assert done["status"] == "SUCCEEDED", done
        told: dict[str, Any] = json.loads(done["output"])
        return told

    def in_force(self) -> Release:
        """The package that functions follow."""
        release = self.omar.pointer()[0].release
        assert release is not None
        return release

    def decided(self, text: str) -> tuple[str, str]:
        """Decision and package version of an ad with this text, as it is decided now."""
        ad_id = f"ad-{time.time_ns()}"
        ad = {"ad_id": ad_id, "advertiser_id": "adv-1", "markets": ["SA"], "texts": {"headline": text}}
        self.cloud.put_ad(ad_id, ad)
        told = verdict_of(self.cloud, ad_id)
        return str(told["decision"]), str(told["package"]["version"])


def _finished(execution: dict[str, Any]) -> dict[str, Any] | None:
    return None if execution["status"] == "RUNNING" else execution


@pytest.fixture(scope="module")
def team(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    workspace = Workspace.find(Path(tmp_path_factory.mktemp("publishing")))
    try:
        own = lifecycle.up(workspace, quiet, free_port(), built)
        yield Team(workspace, Cloud(own.stack))
    finally:
        lifecycle.down(workspace, quiet)


def test_from_an_empty_registry_to_a_package_and_back(team: Team) -> None:
    seed(team.amal, load_materials([material_folder()]), "day one")
    assert team.follow()["why"] == "a person publishes the first package"
    team.omar.publish(team.registry, default_matrix(), "day one")
    assert eventually(lambda: _is(team.decided("play casino now"), ("REJECT", "1")), "the first package")

    row = a_material(id="W-1", value="golden wheel", action=Action.REVIEW, markets=("SA",), note="preventive",
                     examples_hit=("a golden wheel", "golden wheel"), examples_miss=("gold", "wheel"))  # fmt: skip
    team.amal.add(row, "a case")
    team.amal.move("W-1", State.ACTIVE, "a case", hours=1)
    assert team.follow()["version"] == "2"
    assert team.in_force().by == SYSTEM
    assert eventually(lambda: _is(team.decided("the golden wheel"), ("REVIEW", "2")), "the second package")

    team.omar.turn_off([Switch.off("material:W-1", "omar", "a complaint", now())])
    assert eventually(lambda: _is(team.decided("the golden wheel"), ("PASS", "2")), "the switch")

    stored_ads_follow(team)

    team.omar.rollback("1", "practice")
    assert eventually(lambda: _is(team.decided("the golden wheel"), ("PASS", "1")), "the roll-back")
    assert "rolled back" in str(team.follow()["why"])


def stored_ads_follow(team: Team) -> None:
    """Nobody asks for it: the planner starts by itself, for a material that comes and for one that goes."""
    harbours = {f"stored-harbour-{n}": f"stay at the silver harbour, house {n}" for n in range(3)}
    others = {f"stored-soap-{n}": f"soap {n} for silver and harbours" for n in range(6)}
    stored = StoredAds(team.cloud, harbours | others)
    passed = ("PASS", "2", "upload")
    row = a_material(id="W-2", value="silver harbour", action=Action.REVIEW, markets=("SA",), note="preventive",
                     examples_hit=("a silver harbour", "silver harbour"), examples_miss=("silver", "harbour"))  # fmt: skip
    team.amal.add(row, "a case")
    team.amal.move("W-2", State.ACTIVE, "a case", hours=1)
    team.omar.publish(team.registry, default_matrix(), "a third of these few ads is meant", force=True)
    stored.settle(team.in_force().sha256)
    held = ("REVIEW", "3", "rescan")
    assert stored.decided(harbours) == dict.fromkeys(harbours, (passed, held))

    team.amal.move("W-2", State.RETIRED, "the case is closed")
    team.omar.publish(team.registry, default_matrix(), "the case is closed", force=True)
    stored.settle(team.in_force().sha256)
    assert stored.decided(harbours) == dict.fromkeys(harbours, (passed, held, ("PASS", "4", "rescan")))
    assert stored.decided(others) == dict.fromkeys(others, (passed,)), "ads that no change concerns"


def test_the_breaker_runs_with_its_own_role(team: Team) -> None:
    answer = team.cloud.client("lambda").invoke(
        FunctionName=team.cloud.stack.outputs["BreakerFunctionName"], Payload=b"{}"
    )
    assert json.loads(answer["Payload"].read()) == []
    states = {schedule["State"] for schedule in team.cloud.client("scheduler").list_schedules()["Schedules"]}
    assert states == {"ENABLED"}


def _is(found: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return found == wanted
