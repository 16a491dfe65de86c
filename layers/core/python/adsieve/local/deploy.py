"""Deploys a build to a running local AWS, with the same `sam deploy` that any other account gets."""

import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adsieve.adapters.keys import FileSigner
from adsieve.adapters.kms import KmsSigner
from adsieve.domain.errors import UnavailableError
from adsieve.local.build import Build, Report, sam_environment
from adsieve.local.process import run
from adsieve.local.server import Address
from adsieve.local.workspace import ACCESS_KEY, REGION, Workspace, client_environment

STACK = "adsieve"
DEPLOYED_TAG = "adsieve:deployed"
SETTLE_SECONDS = 20.0

_DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_UPDATABLE = _DONE | {"UPDATE_ROLLBACK_COMPLETE"}


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack.

    Attributes:
        endpoint: of the local AWS that it runs on.
        status: CloudFormation's word.
        outputs: of the template.
        deployed: digest of the build.
        parameters: as deployed.
    """

    endpoint: str
    status: str
    outputs: Mapping[str, str]
    deployed: str
    parameters: Mapping[str, str]

    def holds(self, build: Build, parameters: Mapping[str, str]) -> bool:
        """Whether it was deployed from that build with those parameters."""
        return self.deployed == build.digest and parameters.items() <= self.parameters.items()


def deploy(workspace: Workspace, address: Address, build: Build, report: Report) -> Stack:
    """The stack of this build; deployed only where it is not that already.

    Args:
        workspace: the local AWS.
        address: where it runs.
        build: what to deploy.
        report: told what takes time.

    Raises:
        InputError: SAM is not installed.
        UnavailableError: the deployment failed.
    """
    present = _settled(address.endpoint)
    chosen = parameters(workspace, build, present)
    if present and present.status in _DONE and present.holds(build, chosen):
        return present
    report("deploying the template")
    present = _deploy(workspace, address, build, chosen, present)
    # A new stack makes the key in KMS whose public half its functions must be told.
    told = parameters(workspace, build, present)
    if told != chosen:
        report("telling functions which key signs")
        present = _deploy(workspace, address, build, told, present)
    return present


def _deploy(
    workspace: Workspace, address: Address, build: Build, chosen: Mapping[str, str], present: Stack | None
) -> Stack:
    if present and present.status not in _UPDATABLE:
        _delete(address.endpoint)
    sam = workspace.tool(workspace.sam, "sam")
    command: list[str | Path] = [
        sam,
        "deploy",
        "--config-env",
        "local",
        "--config-file",
        workspace.root / "samconfig.toml",
    ]
    command += ["--template-file", build.template, "--no-progressbar", "--tags", f"{DEPLOYED_TAG}={build.digest}"]
    command += ["--parameter-overrides", *(f'{name}="{value}"' for name, value in chosen.items())]
    env = sam_environment(workspace) | client_environment(address.endpoint)
    run(command, cwd=workspace.root, env=env, log=workspace.folder / "deploy.log")
    deployed = find_stack(address.endpoint)
    if deployed is None:
        raise UnavailableError(f"no stack `{STACK}` after deploying it, see {workspace.folder / 'deploy.log'}")
    return deployed


def parameters(workspace: Workspace, build: Build, present: Stack | None = None) -> dict[str, str]:
    """What samconfig.toml overrides locally, and what depends on this machine and on the stack that is there."""
    config = tomllib.loads((workspace.root / "samconfig.toml").read_text())["local"]["deploy"]["parameters"]
    named = dict(pair.split("=", 1) for pair in config["parameter_overrides"].split())
    return named | {
        "Architecture": build.architecture,
        "PackagePath": str(build.package),
        "PublicKey": " ".join([publishing_key(workspace).public, *_signing_keys(present)]),
    }


def _signing_keys(present: Stack | None) -> list[str]:
    """Public half of the key that the stack's own functions sign with, once there is a stack."""
    if present is None or "SigningKeyId" not in present.outputs:
        return []
    return [KmsSigner(client("kms", present.endpoint), present.outputs["SigningKeyId"]).public]


def publishing_key(workspace: Workspace) -> FileSigner:
    """The key with which people publish to this local AWS, made on first use."""
    path = workspace.folder / "publishing-key.pem"
    return FileSigner.load(path) if path.exists() else FileSigner.create(path)


def client(service: str, endpoint: str) -> Any:
    """A boto3 client with the made-up credentials, past any proxy, whatever the caller's environment says."""
    import boto3
    from botocore.config import Config

    made_up = boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=REGION)
    direct = Config(proxies={})
    return made_up.client(service, endpoint_url=endpoint, config=direct)  # type: ignore[call-overload] # by name


def find_stack(endpoint: str) -> Stack | None:
    """The stack as it stands; None where there is none."""
    from botocore.exceptions import ClientError

    with answering(endpoint):
        try:
            found = client("cloudformation", endpoint).describe_stacks(StackName=STACK)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
    return Stack(
        endpoint=endpoint,
        status=found["StackStatus"],
        outputs={output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
        deployed=tags.get(DEPLOYED_TAG, ""),
        parameters={given["ParameterKey"]: given["ParameterValue"] for given in found.get("Parameters", [])},
    )


@contextmanager
def answering(endpoint: str) -> Iterator[None]:
    """What boto3 raises, as ours: somebody else may stop the local AWS at any time."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError(f"the local AWS at {endpoint}: {error}") from error


def _settled(endpoint: str) -> Stack | None:
    """The stack once nothing is being done to it: an interrupted deployment goes on without SAM."""
    deadline = time.monotonic() + SETTLE_SECONDS
    found = find_stack(endpoint)
    while found and found.status.endswith("_IN_PROGRESS") and time.monotonic() < deadline:
        time.sleep(0.2)
        found = find_stack(endpoint)
    return found


def _delete(endpoint: str) -> None:
    cloudformation = client("cloudformation", endpoint)
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
