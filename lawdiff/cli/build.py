"""`lawdiff build`: archive → database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lawdiff.build import build as build_database
from lawdiff.cli.options import Acceptance, Progress, acts_option, archive_option, db_option, say
from lawdiff.registry import load_registry


@click.command()
@archive_option
@db_option
@acts_option
@click.option("--from-scratch", is_flag=True, help="Read every act again instead of only those with new pages.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Read side by side.")
@click.option(
    "--accept",
    multiple=True,
    type=Acceptance(),
    metavar="ACT[/LANG/DATE]",
    help="Believe a page that lost most of its articles, after you looked at it; remembered in the archive.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def build(
    *,
    archive: Path,
    db: Path,
    acts: Path | None,
    from_scratch: bool,
    processes: int,
    accept: tuple[str, ...],
    as_json: bool,
) -> None:
    """Build the database from the archive: parse, fold, attribute, store.

    Idempotent and safe to kill: readers see the earlier database until the new one is whole.
    """
    progress = Progress("build", every=100)
    report = build_database(
        archive,
        db,
        load_registry(acts),
        from_scratch=from_scratch,
        processes=processes,
        progress=say,
        on_page=progress.step,
        accept=frozenset(accept),
    )
    rows = report.rows
    what = f"{len(report.built)} acts read" if report.swapped else "nothing new, the database is as it was"
    progress.done(
        f"{what}, {len(report.unchanged)} unchanged; {rows['redactions']} redactions, {rows['article_versions']} "
        f"versions, {rows['changes']} changes, {rows['issues']} issues of reading and fetching (see table issues) "
        f"in {db}; peak memory {report.peak_memory_mb} MB"
    )
    if report.technical:
        progress.done(f"{report.technical} changes read differently since this program was upgraded: no alert is sent")
    if as_json:
        click.echo(report.to_json())
    sys.exit(0 if report.ok else 1)
