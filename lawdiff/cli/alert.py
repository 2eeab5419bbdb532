"""`lawdiff alert run|send|test|backtest|status|dead`: change alerts on the command line."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from lawdiff.cli.options import Day, db_option, say

_PATH = click.Path(path_type=Path)
_RULES = click.option(
    "--rules", envvar="LAWDIFF_RULES", default=Path("alerts.toml"), show_default=True, type=_PATH, help="Rules file."
)
_STATE = click.option(
    "--state", envvar="LAWDIFF_ALERT_STATE", default=None, type=_PATH,
    help="The alerts' own database (default: alerts.db beside the database).",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
_TODAY = click.option("--today", type=Day(), default=None, help="The day to act as (default: today in Kazakhstan).")
_PATIENCE = click.option(
    "--patience", type=click.FloatRange(0, 3600), default=0.0, show_default=True,
    help="Seconds to wait for retries that fall due during this run.",
)  # fmt: skip


def _beside(db: Path, state: Path | None) -> Path:
    return state or db.parent / "alerts.db"


@click.group()
def alert() -> None:
    """Tell people of changes: rules and channels are in alerts.toml (docs/alerts.md)."""


@alert.command("run")
@db_option
@_RULES
@_STATE
@click.option("--since", type=Day(), default=None, help="Send also what was missed from this day on.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; record and send nothing.")
@_TODAY
@_PATIENCE
@_JSON
def run_command(
    db: Path, rules: Path, state: Path | None, since: date | None, dry_run: bool, today: date | None, patience: float,
    as_json: bool,
) -> None:  # fmt: skip
    """Find what is new and send it. Exit 0: all sent; 1: something waits for a retry, is dead, or a channel is not
    usable."""
    from lawdiff.alerts.rounds import run

    report = run(
        db, rules, _beside(db, state), since=since, dry_run=dry_run, today=today, patience=patience,
        stdout=sys.stderr if as_json else None,
    )  # fmt: skip
    _tell(report, as_json, dry_run)


@alert.command("send")
@db_option
@_RULES
@_STATE
@_PATIENCE
@_JSON
def send_command(db: Path, rules: Path, state: Path | None, patience: float, as_json: bool) -> None:
    """Send what waits in the outbox and is due: cheap, needs no database; for a timer that runs every few minutes.

    Does nothing, and says so, while a run is under way: that run sends by itself.
    """
    from lawdiff.alerts.rounds import run
    from lawdiff.alerts.state import StateBusy

    try:
        report = run(
            db, rules, _beside(db, state), only_send=True, patience=patience, stdout=sys.stderr if as_json else None
        )
    except StateBusy as busy:
        say(f"alerts: {busy}; nothing to do")
        return
    _tell(report, as_json, False)


def _tell(report: Any, as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, sort_keys=True))
    elif dry_run:
        for item in report.items:
            click.echo(_line(item))
    for line in (*report.warnings, *report.errors):
        say(f"lawdiff: {line}")
    say(f"alerts: {report.summary()}" + (" (dry run)" if dry_run else ""))
    if not report.ok:
        sys.exit(1)


def _line(item: dict[str, Any]) -> str:
    laws = ", ".join(law["number"] or law["id"] for law in item["laws"] if law["number"] or law["id"])
    ops = ", ".join(dict.fromkeys(text["op"] for text in item["texts"]))
    force = f" in force {item['in_force_from']}" if item["in_force_from"] else ""
    return (
        f"{item['told_on']}  {item['rule']}  {item['act']['id']}/{item['eid'] or '-'}@{item['redaction_date']}  "
        f"{'+'.join(item['phases'])}  {ops}{f'  law {laws}' if laws else ''}{force}"
    )


@alert.command("test")
@click.argument("channel")
@_RULES
def test_command(channel: str, rules: Path) -> None:
    """Send one message to CHANNEL, to every target that it has. Exit 1 and the reason when it does not go out."""
    from lawdiff.alerts.trial import send_test

    for target in send_test(rules, channel, os.environ):
        say(f"sent to {channel}{f' ({target})' if target else ''}")


@alert.command("backtest")
@click.argument("rule")
@click.option("--since", type=Day(), required=True, help="First day of the test.")
@click.option("--until", type=Day(), default=None, help="Last day (default: today).")
@db_option
@_RULES
@_JSON
def backtest_command(rule: str, since: date, until: date | None, db: Path, rules: Path, as_json: bool) -> None:
    """List what RULE would have sent, day by day, had it been watching since that day."""
    from lawdiff.alerts.trial import backtest

    days = backtest(db, rules, rule, since=since, until=until)
    if as_json:
        click.echo(json.dumps([day.to_json() for day in days], ensure_ascii=False))
        return
    for day in days:
        for item in day.items:
            click.echo(_line({"rule": rule, **item}))
    items = sum(len(day.items) for day in days)
    say(f"{rule}: {items} alerts in {len(days)} digests since {since.isoformat()}")


def _existing(db: Path, state: Path | None) -> Path:
    """Where the state is; StoreError where there is none: a wrong path must not look like an empty outbox."""
    from lawdiff.errors import StoreError

    path = _beside(db, state)
    if not path.is_file():
        raise StoreError(f"there is no state {path}; run lawdiff alert run first, or name it with --state")
    return path


@alert.command("status")
@db_option
@_STATE
@_JSON
def status_command(db: Path, state: Path | None, as_json: bool) -> None:
    """Numbers of the outbox, and what waits. Exit 1 when there are dead letters."""
    from lawdiff.alerts.state import State

    with State(_existing(db, state)) as kept:
        counts = kept.counts()
        waiting = [_delivery(each) for each in kept.open_deliveries()]
        rules = {
            name: {"watched_since": row.first_day.isoformat(), "last_run": row.last_day.isoformat()}
            for name, row in kept.rules().items()
        }
    if as_json:
        click.echo(json.dumps({"counts": counts, "open": waiting, "rules": rules}, ensure_ascii=False, sort_keys=True))
    else:
        for name, number in counts.items():
            click.echo(f"{name}\t{number}")
        for each in waiting:
            click.echo(
                f"open\t{each['id']}\t{each['channel']}\t{each['status']}\tattempts {each['attempts']}\t"
                f"next {each['next_try'] or 'now'}\t{each['error'] or ''}"
            )
    if counts.get("deliveries_dead"):
        sys.exit(1)


@alert.command("dead")
@db_option
@_STATE
@click.option("--retry", "ids", multiple=True, type=int, help="Put this dead letter back into the outbox (repeatable).")
@click.option("--retry-all", is_flag=True, help="Put all of them back.")
@_JSON
def dead_command(db: Path, state: Path | None, ids: tuple[int, ...], retry_all: bool, as_json: bool) -> None:
    """List what could not be delivered, or put it back."""
    from lawdiff.alerts.state import State, locked

    path = _existing(db, state)
    with locked(path), State(path) as kept:
        dead = kept.dead()
        if ids or retry_all:
            wanted = [each.id for each in dead] if retry_all else list(ids)
            say(f"{kept.revive(wanted)} put back; they go out with the next lawdiff alert run or send")
            return
    if as_json:
        click.echo(json.dumps([_delivery(each) for each in dead], ensure_ascii=False))
        return
    for each in map(_delivery, dead):
        click.echo(
            f"{each['id']}\t{each['rule']}\t{each['channel']}\t{each['target']}\t{each['created_at']}\t{each['error']}"
        )


def _delivery(each: Any) -> dict[str, Any]:
    return {
        "id": each.id, "digest": each.digest_id, "rule": each.rule, "channel": each.channel, "target": each.target,
        "status": each.status.value, "attempts": each.attempts, "created_at": each.created_at.isoformat(),
        "next_try": each.next_try.isoformat() if each.next_try else None, "error": each.error,
    }  # fmt: skip
