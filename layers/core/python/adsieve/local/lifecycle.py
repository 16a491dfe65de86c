"""Up, down and what is there: one command at a time on one folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adsieve.local.build import Build, Report, build
from adsieve.local.deploy import Stack, deploy, find_stack
from adsieve.local.process import alone, uninterrupted
from adsieve.local.server import Address, Server
from adsieve.local.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Local:
    """A local AWS with the platform on it."""

    address: Address
    build: Build
    stack: Stack


@dataclass(frozen=True, slots=True)
class Status:
    """What runs now; nothing where `address` is None."""

    address: Address | None
    stack: Stack | None


def up(workspace: Workspace, report: Report, port: int | None = None, built: Build | None = None) -> Local:
    """Build, start and deploy what is not built, started or deployed yet.

    Args:
        workspace: the local AWS.
        report: told what takes time.
        port: where to listen, see `Server.start`.
        built: what to deploy; by default the sources as they are.

    Raises:
        InputError: a tool is missing, or the port is taken.
        UnavailableError: a step failed. What was started for it was stopped again.
    """
    with _alone(workspace, report), stopped_on_failure(workspace):
        built = built or build(workspace, report)
        server = Server(workspace.folder)
        address = server.address()
        if address is None:
            report("starting the local AWS")
            address = server.start(workspace.tool(workspace.ministack, "ministack"), port)
        return Local(address, built, deploy(workspace, address, built, report))


def down(workspace: Workspace, report: Report, *, forget: bool = False) -> bool:
    """Stop the local AWS, and delete its state where asked; False where it did not run."""
    with _alone(workspace, report):
        server = Server(workspace.folder)
        if server.address():
            report("stopping the local AWS")
        ran = server.stop()
        if forget:
            server.forget()
    return ran


def status(workspace: Workspace) -> Status:
    """What runs now."""
    address = Server(workspace.folder).address()
    return Status(address, find_stack(address.endpoint) if address else None)


@contextmanager
def stopped_on_failure(workspace: Workspace) -> Iterator[None]:
    """Leave nothing running, whatever ends the block early, that was not running before it."""
    server = Server(workspace.folder)
    ran = server.address() is not None
    try:
        yield
    except BaseException:
        if not ran:
            with uninterrupted():
                server.stop()
        raise


@contextmanager
def _alone(workspace: Workspace, report: Report) -> Iterator[None]:
    """Wait until no other command works on the folder."""
    with alone(workspace.folder / "command.lock", lambda: report("waiting for another `adsieve local`")):
        yield
