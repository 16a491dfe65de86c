"""`adsieve kill`: turn things off at once, without a new package."""

from datetime import timedelta

import click

from adsieve.cli.output import print_json, print_table, readable
from adsieve.cli.place import find_place
from adsieve.cli.steps import acting
from adsieve.cli.works import open_works
from adsieve.domain.pointer import Pointer
from adsieve.domain.switches import Switch
from adsieve.service.publish import Publisher


@click.group()
def command() -> None:
    """Turn a material, policy, market or package off at once; functions follow within 15 seconds.

    \b
    material:ID       its findings are recorded and decide nothing
    policy:NAME       its findings lead to REVIEW at most
    market:CODE       people decide every ad of that market
    package:VERSION   people decide every ad, while that package is in force
    """


@command.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--hours", type=float, help="Turned on again by itself after that.  [default: never]")
@acting
def off(
    what: tuple[str, ...], named: str | None, reason: str, *, hours: float | None, dry: bool, as_json: bool
) -> None:
    """Turn things off: `adsieve kill off material:T-12 --reason ...`."""
    publisher = open_works().publisher(named)
    now = publisher.clock()
    expires = None if hours is None else now + timedelta(hours=hours)
    switches = [Switch.off(named_thing, publisher.who, reason, now, expires) for named_thing in what]
    if dry:
        _print(Pointer().turning_off(switches, now), as_json=as_json)
        return
    _print(publisher.turn_off(switches), as_json=as_json)


@command.command()
@click.argument("what", nargs=-1, required=True)
@acting
def on(what: tuple[str, ...], named: str | None, reason: str, *, dry: bool, as_json: bool) -> None:
    """Turn things on again."""
    del reason  # asked for like everywhere; what is on needs no explanation in the pointer
    publisher = open_works().publisher(named)
    pointer = publisher.pointer()[0].turning_on(what, publisher.clock()) if dry else publisher.turn_on(what)
    _print(pointer, as_json=as_json)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """Show what is off, since when, by whom and why."""
    works = open_works()
    _print(Publisher(works.store, works.signer(), works.verifier, "", find_place().clock).pointer()[0], as_json=as_json)


def _print(pointer: Pointer, *, as_json: bool) -> None:
    now = find_place().clock()
    switches = [switch for switch in pointer.switches if switch.in_force(now)]
    if as_json:
        print_json([switch.to_dict() for switch in switches])
        return
    rows = [
        (
            readable(switch.key),
            str(switch.most),
            f"{switch.at:%Y-%m-%d %H:%M:%S}",
            f"{switch.expires:%Y-%m-%d %H:%M}" if switch.expires else "",
            readable(switch.by),
            readable(switch.why),
        )
        for switch in switches
    ]
    if rows:
        print_table(("off", "leads to at most", "since (UTC)", "until", "by", "why"), rows)
    click.echo(f"{len(rows)} switches off")
