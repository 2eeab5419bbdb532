"""`lawdiff crawl`: fetch pages of acts into the archive. The spider runs in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from lawdiff.cli.options import ActId, Language, archive_option

Command = TypeVar("Command", bound=Callable[..., Any])

# What is handed on to the spider as it is: option → help. Their defaults and environment names are the spider's own
# (`python -m crawler --help`), so that there is one place for each.
_NUMBERS: dict[str, tuple[type, str]] = {
    "--delay": (float, "Seconds between an answer and the next question [LAWDIFF_DELAY; 1]; less on loopback only."),
    "--concurrency": (int, "Requests at a time, 1 to 6, all within the same pace [LAWDIFF_CONCURRENCY; 1]."),
    "--retries": (int, "Further attempts at a page that fails [LAWDIFF_RETRIES; 4]."),
    "--backoff": (float, "First pause before a retry, doubled each time [LAWDIFF_BACKOFF; 5]."),
    "--max-wait": (float, "Longest pause; a longer Retry-After ends the run [LAWDIFF_MAX_WAIT; 600]."),
    "--timeout": (float, "Seconds for one answer [LAWDIFF_TIMEOUT; 180]."),
    "--max-size": (int, "Bytes of one answer, after decompression [LAWDIFF_MAX_SIZE; 25165824]."),
    "--breaker": (int, "Failed requests in a row that end the run [LAWDIFF_BREAKER; 10]."),
    "--budget": (int, "Requests a day, 0: no limit [LAWDIFF_BUDGET; 5000]."),
    "--recheck": (int, "Held redactions to fetch again, to find silent edits [LAWDIFF_RECHECK; 0]."),
    "--window": (str, "Part of the day, time of Kazakhstan, e.g. 22:00-06:00 [LAWDIFF_WINDOW]."),
    "--contact": (str, "Whom the portal can write to, in the user agent [LAWDIFF_CONTACT]."),
    "--ca-bundle": (str, "PEM file of further certificates, for a missing intermediate [LAWDIFF_CA_BUNDLE]."),
}


def crawl_options(command: Command) -> Command:
    """The options of a crawl, for every command that runs one."""
    for name, (kind, text) in reversed(_NUMBERS.items()):
        command = click.option(name, type=kind, default=None, help=text)(command)
    for option in (
        click.option("--accept", multiple=True, type=ActId(), help="Act whose odd shape a person has looked at."),
        click.option(
            "--base-url", multiple=True,
            help="Address of the site; several: the next when one answers with a shell [LAWDIFF_BASE_URL].",
        ),
        click.option("--history/--current-only", default=True, help="Also dated redactions and cards, or not."),
        click.option("--lang", "langs", multiple=True, type=Language(), help="ru or kk; default: both."),
        click.option("--by-index", is_flag=True, help="With --discover: skip acts that the index shows as before."),
        click.option("--index-filter", help="Narrow the year index at the portal: va=ЗАК [LAWDIFF_INDEX_FILTER]."),
        click.option("--kinds", help="First letters of the ids that --discover lists [KZ]."),
        click.option(
            "--discover", metavar="YEAR",
            help="Read the year index: list acts that are not tracked; now: this year's [LAWDIFF_DISCOVER].",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


@contextmanager
def passing_signals(child: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """While a child runs: Ctrl-C reaches it by itself, SIGTERM is handed on, and this process waits for its account.

    Yields the signals that came.
    """
    came: list[int] = []

    def note(number: int, _frame: object) -> None:
        came.append(number)
        if number == signal.SIGTERM and child.poll() is None:
            child.send_signal(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def registry_option(command: Command) -> Command:
    """`--acts` / LAWDIFF_ACTS as `registry`, for commands whose argument is already called acts."""
    return click.option(
        "--acts", "registry", envvar="LAWDIFF_ACTS", default=None, type=click.Path(path_type=Path),
        help="Registry of tracked acts (acts.toml).",
    )(command)  # fmt: skip


def spider_arguments(
    acts: tuple[str, ...], archive: Path, registry: Path | None, settings: dict[str, Any]
) -> list[str]:
    """The spider's command line. settings: the values of `crawl_options` by name."""
    told = [*acts, "--archive", str(archive)]
    if registry is not None:
        told += ["--acts", str(registry)]
    told += [part for lang in settings.pop("langs", ()) for part in ("--lang", str(lang))]
    told += [part for base in settings.pop("base_url", ()) for part in ("--base-url", base)]
    told += [part for act in settings.pop("accept", ()) for part in ("--accept", act)]
    if not settings.pop("history", True):
        told.append("--current-only")
    for name, value in settings.items():
        if value is not None and value is not False:
            told += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return told


@click.command()
@click.argument("acts", nargs=-1, type=ActId(), metavar="[ACT]...")
@archive_option
@registry_option
@crawl_options
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on stdout.")
@click.option("--verbose", is_flag=True, help="Also Scrapy's own log.")
def crawl(acts: tuple[str, ...], archive: Path, registry: Path | None, as_json: bool, **settings: Any) -> None:
    """Fetch acts into the archive: current text, history, missing redactions, information cards.

    Without ACT: every tracked act. Exit code 1 if anything could not be checked; the summary says what and why.
    """
    arguments = spider_arguments(acts, archive, registry, settings | {"json": as_json})
    child = subprocess.Popen([sys.executable, "-m", "crawler", *arguments])
    with passing_signals(child):
        code = child.wait()
    sys.exit(code if code >= 0 else 1)
