"""Where the local AWS keeps its things, and which tools it runs."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from adsieve.domain.errors import InputError

HOST = "127.0.0.1"
REGION = "us-east-1"
ACCESS_KEY = "test"
"""Both halves of the made-up credentials; the local AWS knows them as the account's root."""

_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Workspace:
    """One local AWS of one checkout.

    Attributes:
        root: the checkout.
        folder: what this local AWS keeps: state, logs, its process.
        builds: finished builds, by digest; shared by every local AWS of the checkout.
        sam, ministack: the environments of the tools.
    """

    root: Path
    folder: Path
    builds: Path
    sam: Path
    ministack: Path

    @classmethod
    def find(cls, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Self:
        """The workspace of the checkout that this library runs from.

        Args:
            folder: where to keep state; by default `.local/aws` of the checkout.
            environ: may name the tools' environments in ADSIEVE_SAM and ADSIEVE_MINISTACK.

        Raises:
            InputError: this is an installed wheel, not a checkout.
        """
        root = Path(__file__).parents[5]
        if not (root / "template.yaml").is_file():
            raise InputError(f"`adsieve local` runs from a checkout of the repository, {root} holds no template.yaml")
        named = os.environ if environ is None else environ
        return cls(
            root=root,
            folder=(folder or root / ".local" / "aws").absolute(),
            builds=root / ".local" / "builds",
            sam=Path(named.get("ADSIEVE_SAM") or root / ".venv-sam").absolute(),
            ministack=Path(named.get("ADSIEVE_MINISTACK") or root / ".venv-ministack").absolute(),
        )

    def tool(self, environment: Path, name: str) -> Path:
        """A program of one of the environments; raises InputError telling how to set it up."""
        program = environment / "bin" / name
        if not program.is_file():
            raise InputError(f"{program}: not there, run `make setup` (or `make demo`, which does it)")
        return program


def architecture() -> str:
    """What Lambda calls this machine's processor.

    Raises:
        InputError: functions cannot run here. Their dependencies are built for Lambda, which is Linux.
    """
    if sys.platform != "linux":
        raise InputError(f"the local AWS runs functions as built for Lambda, on Linux; this is {sys.platform}")
    try:
        return _ARCHITECTURES[platform.machine().lower()]
    except KeyError:
        raise InputError(f"Lambda has no processor `{platform.machine()}`, want x86_64 or arm64") from None


def client_environment(endpoint: str) -> dict[str, str]:
    """Variables that point the aws command line, boto3 and SAM at a local AWS."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
    }
