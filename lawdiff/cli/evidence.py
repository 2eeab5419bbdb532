"""`lawdiff evidence`: what an article said, with the pages and the proof that they were not altered."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import click

from lawdiff.archive import Archive
from lawdiff.cli.options import ActId, Day, archive_option, db_option, say
from lawdiff.evidence import files, gather, write
from lawdiff.store.connection import open_database


@click.command()
@click.argument("act", type=ActId())
@click.argument("article")
@click.option("--from", "since", type=Day(), metavar="DATE", help="First day; default: from the first text held.")
@click.option("--to", "until", type=Day(), metavar="DATE", help="Last day; default: up to the newest text held.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder, or a file ending in .zip; default: a folder here."
)
@db_option
@archive_option
def evidence(
    act: str, article: str, since: date | None, until: date | None, *, out: Path | None, db: Path, archive: Path
) -> None:
    """Write an evidence bundle for ARTICLE (number or eid) of ACT.

    It holds the pages as WARC records, the chain proof up to the newest run root, the texts in both languages, the
    redline, and a description of how to check it without this program. Prints where it is.
    """
    store = Archive(archive).require()
    with closing(open_database(db)) as conn:
        case = gather(conn, store, act, article, since, until)
    target = out or Path(case.name)
    write(files(case, store), target)
    say(f"{len(case.versions)} texts, {len(case.changes)} changes, {len(case.proof.entries)} pages")
    say(f"run root {case.proof.run_root.hash}: publish it, or compare it with what was published")
    for warning in case.warnings:
        say(f"look: {warning}")
    click.echo(str(target))
