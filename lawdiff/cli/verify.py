"""`lawdiff verify`: does the archive still hold what was stored? Offline."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from lawdiff.archive import check
from lawdiff.archive.verified import remember
from lawdiff.cli.options import Progress, archive_option, say


@click.command()
@archive_option
@click.option("--root", "roots", multiple=True, metavar="HASH", help="A run root published elsewhere: it must occur.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def verify(archive: Path, roots: tuple[str, ...], as_json: bool) -> None:
    """Check the archive's hash chain, digests and files, offline.

    Finds a flipped bit, a removed, reordered, inserted or rewritten entry, a truncated, missing or added file, and
    names entry, file and byte offset. Exit 1 when something was found.
    """
    progress = Progress("verify", every=1000)
    report = check(archive, roots=roots, step=progress.step)
    remember(archive, report, datetime.now(UTC))
    progress.done(f"{report.fetches} fetches, {report.crawls} crawls, {report.records} records")
    if as_json:
        click.echo(json.dumps({**asdict(report), "ok": not report.findings}, ensure_ascii=False, indent=2))
    else:
        for finding in report.findings:
            click.echo(str(finding))
        if not report.findings:
            click.echo(f"sound: run root {report.last_root}" if report.last_root else "sound: no crawl was closed yet")
    if not report.findings:
        return
    if all(finding.unfinished for finding in report.findings):
        say("left by an interrupted crawl: the next lawdiff crawl repairs it")
    else:
        say("put the named files back from a backup (docs/archive.md, Back-up), then run lawdiff verify again")
    sys.exit(1)
