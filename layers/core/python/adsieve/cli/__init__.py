"""The command line: thin verbs over the library, for people first and for scripts with `--json`.

Exit codes: 0 done, 1 found something to refuse, 2 wrong usage or bad input.
"""

import importlib
from typing import override

import click

from adsieve.domain.errors import AdsieveError, InvalidMaterialError
from adsieve.version import __version__

BAD_INPUT = 2

_VERBS = {
    "audit": "adsieve.cli.audit",
    "breaker": "adsieve.cli.breaker",
    "explain": "adsieve.cli.explain",
    "kill": "adsieve.cli.kill",
    "local": "adsieve.cli.local",
    "material": "adsieve.cli.material",
    "package": "adsieve.cli.package",
    "policy": "adsieve.cli.policy",
    "rescan": "adsieve.cli.rescan",
    "scan": "adsieve.cli.scan",
}


class _Verbs(click.Group):
    """Imports a verb when it is called, so that `--help` is instant, and turns our errors into messages."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_VERBS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command: click.Command = importlib.import_module(_VERBS[cmd_name]).command
        return command

    @override
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InvalidMaterialError as error:
            for problem in error.problems:
                click.echo(f"error: {problem}", err=True)
            raise SystemExit(BAD_INPUT) from None
        except AdsieveError as error:
            click.echo(f"error: {error}", err=True)
            raise SystemExit(BAD_INPUT) from None


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="adsieve")
def main() -> None:
    """Decide ads market by market, and keep the risk material that decides them.

    \b
    adsieve scan tests/samples/ads           verdicts for a folder of ads, no AWS needed
    adsieve explain "الكازينو الأول"           step by step: what is read, what matches and why
    adsieve package build layers/material --out build/package
    """
