"""`lawdiff status`: coverage, freshness, what could not be checked, the archive's size and health."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from lawdiff.archive import Archive
from lawdiff.cli.options import acts_option, archive_option
from lawdiff.registry import load_registry
from lawdiff.status import ActStatus, Freshness, RunStatus, Status, next_run, read_status, utc_now

_MARK = {Freshness.FRESH: "ok", Freshness.STALE: "STALE", Freshness.UNCHECKED: "UNCHECKED"}


@click.command()
@archive_option
@acts_option
@click.option(
    "--max-age", envvar="LAWDIFF_MAX_AGE", type=click.FloatRange(min=0), default=7, show_default=True, metavar="DAYS",
    help="An act not checked for longer is a problem.",
)  # fmt: skip
@click.option(
    "--timer", envvar="LAWDIFF_TIMER", default=None, metavar="UNIT|HH:MM",
    help="The systemd timer that runs lawdiff update, or the time of day at which cron does.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same for a machine.")
def status(archive: Path, acts: Path | None, max_age: float, timer: str | None, as_json: bool) -> None:
    """Coverage per act and language, freshness, faults by kind, the archive's size and last verification.

    Exit 1 when there is a problem: an act that was asked for and not checked for longer than --max-age, no crawl for
    that long, a killed crawl, or an archive in which lawdiff verify found something.
    """
    found = read_status(
        Archive(archive), load_registry(acts), utc_now(), max_age=timedelta(days=max_age), next_run=next_run(timer)
    )
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(text(found))
    sys.exit(0 if found.ok else 1)


def text(found: Status) -> str:
    """For people."""
    lines = [_act_line(act) for act in found.acts if act.freshness is not Freshness.NEVER]
    never = dict.fromkeys(act.act_id for act in found.acts if act.freshness is Freshness.NEVER)
    if never:
        lines.append(f"never asked for, although tracked: {', '.join(never)}")
    if found.faults:
        lines += ["", "answers that were no good: kind, pages still so, in the last 30 days, last"]
        lines += [
            f"  {fault.verdict:<13} {fault.standing:>5} {fault.recent:>6}  {_time(fault.last_at)}  {fault.last_url}"
            for fault in found.faults
        ]
    archive = found.archive
    size = f", {_size(archive.bytes)}" if archive.bytes is not None else ""
    lines += [
        "",
        f"archive: {archive.fetches} fetches in {archive.crawls} crawls{size}; "
        f"{_size(archive.a_year)} in the last year",
    ]
    if archive.last_crawl:
        crawl = archive.last_crawl
        how = {True: "complete", False: "broken off", None: "running" if archive.running else "killed"}[crawl.complete]
        lines.append(f"last crawl: {_time(crawl.started_at)}, {crawl.fetches} fetches, {how}")
    if found.run:
        lines += _run_lines(found.run)
    lines.append(f"run root: {archive.last_root or 'none yet'}")
    if found.verified is None:
        lines.append("verified: never; run lawdiff verify")
    else:
        result = "sound" if found.verified.ok else f"{found.verified.findings} faults"
        lines.append(f"verified: {_time(found.verified.verified_at)}, {result}")
    lines.append(
        f"next run: {_time(found.next_run) if found.next_run else 'not known (name timer or time of day with --timer)'}"
    )
    if found.problems:
        lines += ["", "to look at:", *(f"  {problem}" for problem in found.problems)]
    return "\n".join(lines)


def _run_lines(run: RunStatus) -> list[str]:
    """What the last run told: how many acts had which outcome, and each that could not be checked."""
    told = run.told
    counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(run.counts.items())) or "no act"
    lines = [f"last account: {_time(told.finished_at)}, {counts}; {told.requests} requests"]
    if told.stopped:
        lines.append(f"  stopped: {told.stopped}")
    lines += [f"  {act.act_id} {act.lang} {act.outcome}: {'; '.join(act.why)}" for act in told.acts if act.why]
    lines += [f"  {line}" for line in told.problems]
    lines += [f"  altered by the portal since it was fetched: {page}" for page in told.altered]
    return lines


def _act_line(act: ActStatus) -> str:
    redactions = f"{act.held} of {act.listed}" if act.listed is not None else f"{act.held}"
    checked = _time(act.checked_at) if act.checked_at else "-"
    by_index = " (index)" if act.checked_by == "index" else ""
    missing = f"; missing {', '.join(day.isoformat() for day in act.missing[:3])}" if act.missing else ""
    more = " …" if len(act.missing) > 3 else ""
    return (
        f"{act.act_id} {act.lang} {_MARK[act.freshness]:<9} checked {checked}{by_index}, redactions {redactions}, "
        f"newest {act.newest or '-'}{missing}{more}  {act.name}"
    )


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def _size(count: int) -> str:
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError
