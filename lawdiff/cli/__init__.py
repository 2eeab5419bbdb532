"""The command line: `lawdiff COMMAND`. Data goes to stdout, progress and log to stderr.

Exit codes: 0 done, 1 failed or found something wrong, 2 usage. Commands are loaded when they are called, so that
`lawdiff show` does not pay for what `lawdiff alert` imports.
"""

from __future__ import annotations

import importlib
import sys

import click

from lawdiff import __version__
from lawdiff.errors import LawdiffError

# command name → module inside lawdiff.cli and its click command
COMMANDS = {
    "alert": "alert:alert",
    "build": "build:build",
    "check": "check:check",
    "crawl": "crawl:crawl",
    "demo": "demo:demo",
    "diff": "show:diff",
    "evidence": "evidence:evidence",
    "export": "export:export",
    "import-git": "import_git:import_git",
    "log": "show:log",
    "serve": "serve:serve",
    "show": "show:show",
    "status": "status:status",
    "update": "update:update",
    "verify": "verify:verify",
}


class LazyGroup(click.Group):
    """A group whose commands are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command = getattr(importlib.import_module(f"lawdiff.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lawdiff")
def cli() -> None:
    """The amendment history of the law of Kazakhstan: crawl, build, read, compare, be told."""


def main() -> None:
    """Entry point: runs `cli`; an expected error becomes one line on stderr and exit code 1."""
    try:
        cli()
    except LawdiffError as error:
        click.echo(f"lawdiff: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
