"""`lawdiff update`: crawl, build, alert; what a timer runs every night.

Each step is a process of its own, so that a step that dies takes nothing with it. A failed crawl does not stop the
build: what was checked is built and alerted, what could not be checked is said, and the exit code tells the monitor.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from lawdiff.cli.crawl import crawl_options, passing_signals, registry_option, spider_arguments
from lawdiff.cli.options import ActId, archive_option, db_option, say
from lawdiff.errors import LawdiffError
from lawdiff.runlock import RunLock

_MOST_NEW = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One step's outcome. report: its own summary where it prints one as JSON. interrupted: by a signal to us."""

    name: str
    exit_code: int
    seconds: float
    report: Any = None
    interrupted: bool = False

    @property
    def ok(self) -> bool:
        return self.exit_code == 0 and not self.interrupted


def run_step(name: str, command: Sequence[str]) -> Step:
    """Run a step; its stderr goes through, its stdout is read as the step's JSON summary."""
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE)
    with passing_signals(child) as came:
        output, _ = child.communicate()
    text = output.decode("utf-8", "replace").strip()
    report: Any = None
    if text:
        try:
            report = json.loads(text)
        except ValueError:
            report = text
    return Step(name, child.returncode, round(time.monotonic() - began, 1), report, bool(came))


def heartbeat(url: str, ok: bool) -> str | None:
    """Tell a monitor that the run ended: GET `url`, or `url`/fail. Returns what went wrong, None when it was told."""
    if urlsplit(url).scheme not in ("http", "https"):
        return f"{url!r} is not an address: --heartbeat takes http or https"
    target = url if ok else f"{url.rstrip('/')}/fail"
    try:
        with urllib.request.urlopen(target, timeout=10) as answer:  # noqa: S310  the scheme is checked above
            answer.read(100)
    except (urllib.error.URLError, OSError) as error:
        return f"the heartbeat {target} was not received: {error}; check --heartbeat"
    return None


def _say_crawl(step: Step) -> None:
    report = step.report
    if not isinstance(report, dict):
        say(f"update: the crawl gave no account (exit code {step.exit_code}); run `lawdiff crawl` to see why")
        return
    counts = ", ".join(f"{number} {name}" for name, number in report["counts"].items() if number)
    say(f"update: crawl: {counts or 'nothing'}; {report['requests']} requests")
    for act in report["acts"]:
        for why in act["why"]:
            say(f"update: could not be checked: {act['act_id']} {act['lang']}: {why}")
    new = [act for act in report["discovered"] if act["new"]]
    for act in new[:_MOST_NEW]:
        say(f"update: not tracked, new in the year index: {act['act_id']} {act['title']}")
    if len(new) > _MOST_NEW:
        say(f"update: and {len(new) - _MOST_NEW} more that are new (--json lists them)")
    for line in [*report["shape"], *report["problems"], *report["remarks"]]:
        say(f"update: {line}")


@click.command()
@click.argument("acts", nargs=-1, type=ActId(), metavar="[ACT]...")
@db_option
@archive_option
@registry_option
@crawl_options
@click.option("--no-alerts", is_flag=True, help="Crawl and build only.")
@click.option(
    "--rules",
    envvar="LAWDIFF_RULES",
    default=Path("alerts.toml"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Rules of the alerts; without the file no alerts are run.",
)
@click.option(
    "--heartbeat",
    "heartbeat_url",
    envvar="LAWDIFF_HEARTBEAT",
    default=None,
    help="Address to ask after the run: itself when all went well, with /fail when not.",
)
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on stdout, for a monitor.")
def update(
    acts: tuple[str, ...],
    db: Path,
    archive: Path,
    registry: Path | None,
    no_alerts: bool,
    rules: Path,
    heartbeat_url: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Crawl, build, alert. Two updates never overlap. Exit code 1 if any step failed or anything was not checked."""
    accept = tuple(settings.get("accept", ()))
    acts_file = ["--acts", str(registry)] if registry else []
    try:
        lock = RunLock(db.parent / f".{db.name}.update.lock").__enter__()
    except LawdiffError as error:
        _finish([], str(error), heartbeat_url, as_json)
        return
    try:
        steps = [run_step("crawl", ["crawler", *spider_arguments(acts, archive, registry, settings), "--json"])]
        _say_crawl(steps[0])
        if steps[0].interrupted:
            _finish(steps, "interrupted; run it again, it goes on where it stopped", heartbeat_url, as_json)
            return
        if steps[0].exit_code == 2:
            _finish(steps, "the crawl's settings are not allowed (see above)", heartbeat_url, as_json)
            return
        accepted = [part for act in accept for part in ("--accept", act)]
        build = ["lawdiff", "build", "--db", str(db), "--archive", str(archive), *acts_file, *accepted, "--json"]
        steps.append(run_step("build", build))
        if isinstance(steps[-1].report, dict) and not no_alerts:
            if rules.is_file():
                alert = ["lawdiff", "alert", "run", "--db", str(db), "--rules", str(rules), "--json"]
                steps.append(run_step("alert", alert))
            else:
                say(f"update: no rules in {rules}: no alerts were run; see docs/alerts.md, or give --no-alerts")
        _finish(steps, None, heartbeat_url, as_json)
    finally:
        lock.__exit__(None, None, None)


def _finish(steps: list[Step], refused: str | None, heartbeat_url: str | None, as_json: bool) -> None:
    """Say how it went, tell the monitor, leave with the exit code."""
    ok = refused is None and all(step.ok for step in steps)
    untold = heartbeat(heartbeat_url, ok) if heartbeat_url else None
    for line in filter(None, (refused, untold)):
        say(f"update: {line}")
    summary = {
        "ok": ok and untold is None,
        "refused": refused,
        "heartbeat": untold,
        "steps": {
            step.name: {"exit_code": step.exit_code, "seconds": step.seconds, "report": step.report} for step in steps
        },
    }
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
    else:
        for step in steps:
            say(
                f"update: {step.name}: {'done' if step.ok else f'failed, exit code {step.exit_code}'}, {step.seconds} s"
            )
    sys.exit(0 if summary["ok"] else 1)
