"""Tables, buckets and queues for moto, made from template.yaml itself: a schema copied into tests would drift."""

from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short tags as their long form."""


def _tag(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    match node:
        case yaml.ScalarNode():
            return {name: loader.construct_scalar(node)}
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {name: loader.construct_mapping(node, deep=True)}
    raise TypeError(node)


_Loader.add_multi_constructor("!", _tag)


@cache
def load_template() -> dict[str, Any]:
    """The template with tags in their long form; nothing is resolved."""
    template: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_Loader)
    return template


def create_resources(*logical_ids: str) -> dict[str, str]:
    """Create tables, buckets and queues of the template; their names (queues: URLs) by logical id."""
    template, client = load_template(), cache(boto3.client)
    created: dict[str, str] = {}
    for logical_id in logical_ids:
        resource = template["Resources"][logical_id]
        properties = _resolve(resource["Properties"], template)
        name = logical_id.lower()
        match resource["Type"]:
            case "AWS::DynamoDB::Table":
                wanted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
                told = {key: properties[key] for key in wanted if key in properties}
                client("dynamodb").create_table(TableName=name, **told)
                created[logical_id] = name
            case "AWS::S3::Bucket":
                client("s3").create_bucket(Bucket=name)
                created[logical_id] = name
            case "AWS::SQS::Queue":
                timeout = str(properties["VisibilityTimeout"])
                made = client("sqs").create_queue(QueueName=name, Attributes={"VisibilityTimeout": timeout})
                created[logical_id] = made["QueueUrl"]
    return created


def _resolve(value: Any, template: dict[str, Any]) -> Any:
    """Parameters, mappings and conditions by their defaults; other intrinsics stay as they are."""
    if isinstance(value, list):
        return [_resolve(item, template) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"Ref"}:
        return template["Parameters"].get(value["Ref"], {}).get("Default", value)
    if value.keys() == {"Fn::FindInMap"}:
        mapping, first, second = (_resolve(item, template) for item in value["Fn::FindInMap"])
        return template["Mappings"][mapping][str(first)][second]
    if value.keys() == {"Fn::If"}:
        return _resolve(value["Fn::If"][1], template)
    return {key: _resolve(item, template) for key, item in value.items()}
