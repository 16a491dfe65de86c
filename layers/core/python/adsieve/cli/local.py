"""`adsieve local`: the platform on a local AWS, and its demonstration."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.text import Text

from adsieve.cli.output import print_json, print_table, readable
from adsieve.cli.verdicts import COLUMNS, row, summary
from adsieve.domain.errors import InputError
from adsieve.local import lifecycle
from adsieve.local.cloud import FUNCTIONS, Cloud
from adsieve.local.demo import Demonstration, demonstrate
from adsieve.local.deploy import Stack, answering
from adsieve.local.lifecycle import Local, Status
from adsieve.local.metrics import Metric
from adsieve.local.workspace import Workspace, client_environment
from adsieve.material.package import load_package

_port = click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="Where to listen.  [default: that of last time, 4566, or a free one]",
)

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to keep state.  [default: .local/aws]"
)
@click.pass_context
def command(context: click.Context, folder: Path | None) -> None:
    """The real template on a local AWS, with IAM enforced: no account, no Docker, loopback addresses only."""
    context.with_resource(_ending_as_ctrl_c())
    context.obj = Workspace.find(folder)


@command.command()
@_port
@_json
@click.pass_obj
def up(workspace: Workspace, port: int | None, *, as_json: bool) -> None:
    """Build, start and deploy what has changed since last time; a second `up` changes nothing."""
    with _steps() as report:
        local = lifecycle.up(workspace, report, port)
    if as_json:
        print_json(_told(Status(local.address, local.stack)))
    else:
        _print_stack(local.stack)


@command.command()
@click.option("--forget", is_flag=True, help="Delete ads, verdicts and everything else that it keeps.")
@click.pass_obj
def down(workspace: Workspace, *, forget: bool) -> None:
    """Stop the local AWS. What it keeps is there again after the next `up`."""
    with _steps() as report:
        ran = lifecycle.down(workspace, report, forget=forget)
    click.echo(("stopped" if ran else "was not running") + (", its state is deleted" if forget else ""))


@command.command()
@_json
@click.pass_obj
def status(workspace: Workspace, *, as_json: bool) -> None:
    """What runs, where, and how to reach it. Exit code 1 when it is down."""
    found = lifecycle.status(workspace)
    if as_json:
        print_json(_told(found))
    elif found.stack:
        _print_stack(found.stack)
    else:
        click.echo("up, nothing deployed: `adsieve local up` deploys" if found.address else "down: `adsieve local up`")
    raise SystemExit(int(found.address is None))


@command.command()
@_port
@_json
@click.pass_obj
def demo(workspace: Workspace, port: int | None, *, as_json: bool) -> None:
    """Upload the sample ads, show their verdicts and compare them with what is expected.

    Exit code 1 when a verdict differs.
    """
    with lifecycle.stopped_on_failure(workspace), _steps() as report:
        local = lifecycle.up(workspace, report, port)
        package = load_package(local.build.package)
        shown = demonstrate(Cloud(local.stack), package.ref.sha256, workspace.root / "tests" / "samples", report)
    if as_json:
        print_json(asdict(shown))
    else:
        _print_demonstration(shown)
        _print_next_steps(local)
    raise SystemExit(int(bool(shown.differences)))


@command.command()
@click.option("--since", type=click.IntRange(min=1), default=10, show_default=True, help="Minutes to look back.")
@click.option("--function", "functions", type=click.Choice([*FUNCTIONS]), multiple=True, help="Of one function only.")
@click.pass_obj
def logs(workspace: Workspace, since: int, functions: tuple[str, ...]) -> None:
    """Print what the functions logged, a line each: JSON, and Lambda's own START, END and REPORT."""
    found = lifecycle.status(workspace)
    if found.stack is None:
        raise InputError("nothing is deployed, `adsieve local up` does it")
    earliest = datetime.now(UTC) - timedelta(minutes=since)
    with answering(found.stack.endpoint):
        for line in Cloud(found.stack).log_lines(earliest, functions or FUNCTIONS):
            click.echo(line.rstrip("\n"))


@contextmanager
def _ending_as_ctrl_c() -> Iterator[None]:
    """Whoever ends us, nothing is left behind."""

    def interrupt(_signal: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = {ending: signal.signal(ending, interrupt) for ending in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """Shows what is being done on standard error: a spinner for people, a line a step for logs."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status("") as shown:
            yield lambda step: shown.update(Text(step))
        return
    said: set[str] = set()

    def say(step: str) -> None:
        what, _, _ = step.partition(":")
        if what not in said:
            said.add(what)
            click.echo(f"{what} …", err=True)

    yield say


def _print_stack(stack: Stack) -> None:
    for name, value in (("status", f"{stack.status}, IAM enforced"), *stack.outputs.items()):
        click.echo(f"{name:<26}{value}")
    click.echo("\nfor the aws command line and boto3:")
    for name, value in client_environment(stack.endpoint).items():
        click.echo(f"  export {name}={value}")
    click.echo("\nlook:  adsieve local status | logs | demo\nstop:  adsieve local down   (--forget deletes its state)")


def _print_demonstration(shown: Demonstration) -> None:
    print_table(COLUMNS, [row(verdict) for verdict in shown.verdicts])
    click.echo(f"\n{summary(verdict['decision'] for verdict in shown.verdicts)}, in {shown.seconds:.1f} s")
    differing = {difference.ad_id for difference in shown.differences}
    click.echo(f"{len(shown.verdicts) - len(differing)} of {len(shown.verdicts)} verdicts are as expected")
    if differing:
        cells = (
            (each.ad_id, each.field, readable(str(each.expected)), readable(str(each.got)))
            for each in shown.differences
        )
        print_table(("ad", "field", "expected", "got"), cells)
        click.echo(
            "verdicts about unchanged ads and material are kept: `adsieve local down --forget` starts from nothing"
        )
    click.echo()
    rows = [(metric.name, _dimensions(metric), *_values(metric)) for metric in shown.metrics]
    print_table(("metric", "of", "value", ""), rows, title="what the functions measured")


def _print_next_steps(local: Local) -> None:
    outputs, bucket = local.stack.outputs, local.stack.outputs["UploadsBucketName"]
    key = '\'{"pk": {"S": "AD#ar-clitics"}, "sk": {"S": "META"}}\''
    click.echo("\nlook further (with the variables of `adsieve local status`):")
    click.echo(f"  aws s3 cp --recursive my-ad s3://{bucket}/ads/my-ad/      then ad.json alone, last")
    click.echo(f"  aws dynamodb get-item --table-name {outputs['VerdictsTableName']} --key {key}")
    click.echo("  adsieve local logs --since 5 --function scan")
    click.echo("  adsieve scan tests/samples/ads      the same verdicts without AWS")
    click.echo("stop:\n  adsieve local down")


def _dimensions(metric: Metric) -> str:
    return ", ".join(f"{name} {value}" for name, value in metric.dimensions)


def _values(metric: Metric) -> tuple[str, str]:
    if metric.unit == "Count":
        return f"{sum(metric.values):.0f}", ""
    ordered = sorted(metric.values)
    return (
        f"{ordered[len(ordered) // 2]:.2f} {metric.unit.lower()}",
        f"median of {len(ordered)}, most {ordered[-1]:.2f}",
    )


def _told(found: Status) -> dict[str, Any]:
    if found.address is None:
        return {"running": False}
    told: dict[str, Any] = {"running": True, "pid": found.address.pid, "endpoint": found.address.endpoint}
    told["environment"] = client_environment(found.address.endpoint)
    if found.stack:
        told |= {"stack": found.stack.status, "outputs": dict(found.stack.outputs)}
    return told
