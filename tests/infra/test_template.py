"""What others rely on in template.yaml: names, variables, and who may reach what."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode

ROOT = Path(__file__).parents[2]
TEMPLATE: Mapping[str, Any] = decode(str(ROOT / "template.yaml"))[0]
NESTED: Mapping[str, Any] = decode(str(ROOT / "infra" / "observability.yaml"))[0]
RESOURCES: Mapping[str, Any] = TEMPLATE["Resources"]
SCAN, RESCAN, PUBLISH, BREAKER = "ScanUploadFunction", "RescanFunction", "PublishFunction", "BreakerFunction"
PUBLISHES = {"MATERIALS_TABLE", "EVIDENCE_BUCKET", "PACKAGES_BUCKET", "PUBLIC_KEY", "SIGNING_KEY"}


def properties(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = RESOURCES[name]["Properties"]
    return found


def references(node: object) -> set[str]:
    """Every logical id and parameter that a piece of the template points to."""
    match node:
        case Mapping():
            found: set[str] = set().union(*(references(value) for value in node.values()))
            if isinstance(node.get("Ref"), str):
                found.add(node["Ref"])
            if isinstance(node.get("Fn::GetAtt"), list):
                found.add(node["Fn::GetAtt"][0])
            if isinstance(node.get("Fn::Sub"), str):
                found |= {name for name in RESOURCES if f"${{{name}" in node["Fn::Sub"]}
            return found
        case list():
            return set().union(*(references(value) for value in node))
        case _:
            return set()


def test_outputs_name_everything_that_others_need() -> None:
    assert set(TEMPLATE["Outputs"]) == {
        "UploadsBucketName",
        "EvidenceBucketName",
        "VerdictsTableName",
        "MaterialsTableName",
        "MaterialBucketName",
        "SigningKeyId",
        "ScanQueueUrl",
        "ScanDeadLetterQueueUrl",
        "RescanQueueUrl",
        "RescanDeadLetterQueueUrl",
        "ScanUploadFunctionName",
        "RescanFunctionName",
        "PlanQueueUrl",
        "PlanRescanFunctionName",
        "PublishingArn",
        "PublishFunctionName",
        "BreakerFunctionName",
        "DashboardName",
    }


def test_what_every_function_gets_names_no_data() -> None:
    shared = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]

    assert {name.partition("_")[0] for name in shared} == {"POWERTOOLS", "OPENBLAS"}
    assert references(shared) <= set(TEMPLATE["Parameters"])


@pytest.mark.parametrize(
    ("function", "variables"),
    [
        (SCAN, {"UPLOADS_BUCKET", "EVIDENCE_BUCKET", "VERDICTS_TABLE", "PACKAGE", "PACKAGES_BUCKET", "PUBLIC_KEY"}),
        (RESCAN, {"EVIDENCE_BUCKET", "VERDICTS_TABLE", "PACKAGE", "PACKAGES_BUCKET", "PUBLIC_KEY"}),
        (PUBLISH, PUBLISHES),
        ("ArchiveFunction", {"EVIDENCE_BUCKET", "VERDICTS_TABLE", "PLAN_QUEUE"}),
        (
            "PlanRescanFunction",
            {"EVIDENCE_BUCKET", "RESCAN_QUEUE", "RESCAN_BUDGET", "PACKAGE", "PACKAGES_BUCKET", "PUBLIC_KEY"},
        ),
        ("AnnounceFunction", {"EVENT_BUS"}),
        (BREAKER, PUBLISHES | {"VERDICTS_TABLE", "PACKAGE"}),
    ],
)
def test_a_function_is_told_only_what_it_uses(function: str, variables: set[str]) -> None:
    assert set(properties(function)["Environment"]["Variables"]) == {f"ADSIEVE_{name}" for name in variables}


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        (
            "ScanUploadRole",
            {"UploadsBucket", "EvidenceBucket", "MaterialBucket", "VerdictsTable", "ScanQueue", "ScanUploadLogGroup"},
        ),
        ("RescanRole", {"EvidenceBucket", "MaterialBucket", "VerdictsTable", "RescanQueue", "RescanLogGroup"}),
        ("PublishRole", {"EvidenceBucket", "MaterialBucket", "MaterialsTable", "SigningKey", "PublishLogGroup"}),
        (
            "BreakerRole",
            {"EvidenceBucket", "MaterialBucket", "MaterialsTable", "VerdictsTable", "SigningKey", "BreakerLogGroup"},
        ),
        ("PublishingRole", {"PublishFunction"}),
        ("ArchiveRole", {"EvidenceBucket", "VerdictsTable", "PlanQueue", "ArchiveQueue", "ArchiveLogGroup"}),
        ("PlanRescanRole", {"EvidenceBucket", "MaterialBucket", "RescanQueue", "PlanQueue", "PlanRescanLogGroup"}),
        ("AnnounceRole", {"VerdictsTable", "AnnounceDeadLetterQueue", "AnnounceLogGroup"}),
        ("RescanningRole", {"PlanRescanFunction"}),
    ],
)
def test_a_role_reaches_only_what_its_function_calls(role: str, reached: set[str]) -> None:
    assert references(properties(role)["Policies"]) == reached


@pytest.mark.parametrize("function", [SCAN, RESCAN])
def test_what_decides_ads_cannot_sign_nor_write_packages(function: str) -> None:
    statements = properties(f"{function.removesuffix('Function')}Role")["Policies"][0]["PolicyDocument"]["Statement"]
    writing = [statement for statement in statements if "s3:PutObject" in statement["Action"]]

    assert "SigningKey" not in references(statements)
    assert "MaterialBucket" not in references(writing)


def test_nothing_is_published_by_itself_while_no_key_is_trusted() -> None:
    schedules = [properties("Publishing")["Events"]["EveryFiveMinutes"], properties(BREAKER)["Events"]["EveryMinute"]]

    assert TEMPLATE["Conditions"]["Publishes"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "PublicKey"}, ""]}]}
    assert all(event["Properties"]["State"] == {"Fn::If": ["Publishes", "ENABLED", "DISABLED"]} for event in schedules)


def test_only_the_uploads_bucket_of_this_account_may_fill_the_scan_queue() -> None:
    (statement,) = properties("ScanQueuePolicy")["PolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        "ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${AWS::StackName}-uploadsbucket-*"}},
    }
    assert "BucketName" not in properties("UploadsBucket"), "the policy above expects a generated name"


def test_uploads_of_any_kind_below_ads_are_announced() -> None:
    (announced,) = properties("UploadsBucket")["NotificationConfiguration"]["QueueConfigurations"]

    assert announced["Event"] == "s3:ObjectCreated:*"
    assert announced["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "ads/"}]


def test_whoever_plans_cannot_change_a_verdict_nor_evidence() -> None:
    statements = properties("PlanRescanRole")["Policies"][0]["PolicyDocument"]["Statement"]
    written = [statement["Resource"] for statement in statements if statement["Action"] == "s3:PutObject"]

    assert "VerdictsTable" not in references(statements)
    assert [[line["Fn::Sub"].split("/", 1)[1] for line in lines] for lines in written] == [
        ["archive/runs/*", "archive/standing/*"]
    ]


def test_the_state_machine_for_back_catalogues_is_made_on_request_only() -> None:
    made = {name for name, resource in RESOURCES.items() if resource.get("Condition") == "AtScale"}

    assert made == {"Rescanning", "RescanningRole"}
    assert TEMPLATE["Parameters"]["RescanAtScale"]["Default"] == "false"


def test_a_concurrency_stays_the_number_that_was_chosen() -> None:
    table = TEMPLATE["Mappings"]["Concurrency"]

    assert {key: int(key) for key in table} == {key: row["Functions"] for key, row in table.items()}
    for parameter in ("ScanConcurrency", "RescanConcurrency"):
        assert [str(allowed) for allowed in TEMPLATE["Parameters"][parameter]["AllowedValues"]] == [*table]


def test_every_timeout_has_a_visibility() -> None:
    for parameter in ("ScanTimeout", "RescanTimeout"):
        allowed = TEMPLATE["Parameters"][parameter]["AllowedValues"]
        assert [str(timeout) for timeout in allowed] == [*TEMPLATE["Mappings"]["Visibility"]]


def layers(function: str, media: str) -> list[str]:
    """Layers of a function where the parameter `Media` says so."""
    holds = {"Pictures": media != "none", "Video": media == "video"}
    chosen = []
    for layer in properties(function)["Layers"]:
        condition, yes, _ = layer.get("Fn::If", (None, layer, None))
        if condition is None or holds[condition]:
            chosen.append(yes["Ref"])
    return chosen


TEXT = ["CoreLayer", "DependenciesLayer", "MaterialLayer"]


@pytest.mark.parametrize(
    ("media", "scan", "rescan"),
    [
        ("none", TEXT, TEXT),
        ("pictures", [*TEXT, "MediaLayer"], [*TEXT, "MediaLayer"]),
        ("video", [*TEXT, "MediaLayer", "VideoLayer"], [*TEXT, "MediaLayer"]),
    ],
)
def test_the_parameter_media_chooses_the_layers(media: str, scan: list[str], rescan: list[str]) -> None:
    assert media in TEMPLATE["Parameters"]["Media"]["AllowedValues"]
    assert (layers(SCAN, media), layers(RESCAN, media)) == (scan, rescan)
    assert {name for name in ("MediaLayer", "VideoLayer") if name in scan} == {
        name
        for name, condition in (("MediaLayer", media != "none"), ("VideoLayer", media == "video"))
        if condition and RESOURCES[name]["Condition"]
    }


def test_functions_find_the_package_where_lambda_mounts_the_layer() -> None:
    assert TEMPLATE["Parameters"]["PackagePath"]["Default"] == "/opt/material"
    assert "$(ARTIFACTS_DIR)/material" in (ROOT / "layers" / "material" / "Makefile").read_text()


def test_every_parameter_says_what_it_is_for() -> None:
    assert [name for name, parameter in TEMPLATE["Parameters"].items() if not parameter.get("Description")] == []


def test_the_nested_stack_gets_every_parameter_it_declares() -> None:
    assert set(properties("Observability")["Parameters"]) == set(NESTED["Parameters"])


def test_every_queue_and_function_shows_on_the_dashboard() -> None:
    body = NESTED["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    names = {*NESTED["Parameters"]} - {"Platform", "AlarmTopicArn"}

    assert [name for name in names if f"${{{name}}}" not in body] == []


def test_deployments_override_only_parameters_that_exist() -> None:
    environments = tomllib.loads((ROOT / "samconfig.toml").read_text())
    del environments["version"]

    for environment in environments.values():
        overrides = environment["deploy"]["parameters"].get("parameter_overrides", "").split()
        assert {override.partition("=")[0] for override in overrides} <= set(TEMPLATE["Parameters"])
