"""Options that several commands share, each with its environment fallback, and progress for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from lawdiff.identifiers import check_acceptance, check_act_id, parse_date, parse_lang

Command = TypeVar("Command", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)


def db_option(command: Command) -> Command:
    """`--db` / LAWDIFF_DB: the published database."""
    return click.option(
        "--db", envvar="LAWDIFF_DB", default=Path("data/lawdiff.db"), show_default=True, type=_PATH, help="Database."
    )(command)


def archive_option(command: Command) -> Command:
    """`--archive` / LAWDIFF_ARCHIVE: the folder of fetched pages."""
    return click.option(
        "--archive", envvar="LAWDIFF_ARCHIVE", default=Path("data/archive"), show_default=True, type=_PATH,
        help="Folder of the page archive.",
    )(command)  # fmt: skip


def acts_option(command: Command) -> Command:
    """`--acts` / LAWDIFF_ACTS: the registry of tracked acts; default: the one that ships."""
    return click.option(
        "--acts", envvar="LAWDIFF_ACTS", default=None, type=_PATH, help="Registry of tracked acts (acts.toml)."
    )(command)


class ActId(click.ParamType[str]):
    """An act id of the portal."""

    name = "act"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return check_act_id(str(value))
        except Exception as error:
            self.fail(str(error), param, ctx)


class Acceptance(click.ParamType[str]):
    """An act id, or one redaction of an act: K1400000226/ru/2025-09-16."""

    name = "act"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return check_acceptance(str(value))
        except Exception as error:
            self.fail(str(error), param, ctx)


class Day(click.ParamType[Any]):
    """A date, 2025-09-16 or 16.09.2025."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return parse_date(value)
        except Exception as error:
            self.fail(str(error), param, ctx)


class Language(click.ParamType[Any]):
    """ru or kk."""

    name = "lang"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return parse_lang(str(value))
        except Exception as error:
            self.fail(str(error), param, ctx)


def say(message: str) -> None:
    """One line for people, on stderr."""
    click.echo(message, err=True)


class Progress:
    """Progress of long work on stderr: one rewritten line on a terminal, a plain line every `every` steps elsewhere."""

    def __init__(self, what: str, every: int = 50) -> None:
        self.what = what
        self.every = every
        self.steps = 0
        self.terminal = sys.stderr.isatty()

    def step(self, detail: str) -> None:
        self.steps += 1
        if self.terminal:
            sys.stderr.write(f"\r\x1b[K{self.what}: {self.steps}  {detail}")
            sys.stderr.flush()
        elif self.steps % self.every == 0:
            say(f"{self.what}: {self.steps}  {detail}")

    def done(self, summary: str) -> None:
        if self.terminal:
            sys.stderr.write("\r\x1b[K")
        say(f"{self.what}: {summary}")
