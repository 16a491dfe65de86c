"""On AWS nobody says who they are: the credentials do."""

import json
from collections.abc import Iterator

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from adsieve.cli import main
from tests.component.template_resources import create_resources

ADD = ("material", "add", "term", "casino", "--policy", "gambling", "--action", "REVIEW", "--id", "T-1", "-m", "a case")
EXAMPLES = ("--hit", "a casino", "--hit", "casino b", "--miss", "x", "--miss", "y")


@pytest.fixture
def _table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("ADSIEVE_OPERATOR", raising=False)
    with mock_aws():
        monkeypatch.setenv("ADSIEVE_MATERIALS_TABLE", create_resources("MaterialsTable")["MaterialsTable"])
        yield


@pytest.fixture
def _bucket(_table: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIEVE_MATERIALS_BUCKET", create_resources("MaterialBucket")["MaterialBucket"])


def become(user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    boto3.setup_default_session()


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result


@pytest.mark.usefixtures("_bucket")
def test_the_credentials_are_the_author_and_cannot_approve_under_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADSIEVE_MATERIALS_BUCKET", create_resources("MaterialBucket")["MaterialBucket"])
    become("amal", monkeypatch)
    assert "here the AWS credentials say who you are" in run(*ADD, "--as", "somebody", code=2).stderr
    run(*ADD, *EXAMPLES)
    run("material", "shadow", "T-1", "-m", "tested")
    approve = ("material", "approve", "T-1", "--for", "CANARY", "-m", "right")
    monkeypatch.setenv("ADSIEVE_OPERATOR", "badr")
    assert "may not approve it" in run(*approve, code=1).stdout
    become("badr", monkeypatch)
    run(*approve)
    history = json.loads(run("material", "history", "T-1", "--json").stdout)
    assert [entry["by"].rpartition("/")[2] for entry in history] == ["amal", "amal", "badr"]
    boto3.setup_default_session()


@pytest.mark.usefixtures("_table")
def test_without_a_bucket_samples_are_refused_by_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("in")
    (folder / "m.csv").write_text(f"kind,value,policy,action\nimage,media/{'0' * 64}.png,gambling,LOG\n")
    assert "ADSIEVE_MATERIALS_BUCKET" in run("material", "import", str(folder / "m.csv"), code=2).stderr


@pytest.mark.usefixtures("_table")
def test_a_name_is_taken_on_trust_only_where_the_table_itself_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.us-east-1.amazonaws.com")
    assert "here the AWS credentials say who you are" in run(*ADD, "--as", "somebody", code=2).stderr
