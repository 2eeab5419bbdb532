"""`lawdiff export FORMAT`: the database as JSON, CSV, Akoma Ntoso, Atom, or a git repository of Markdown."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import IO, Any

import click

from lawdiff import __version__
from lawdiff.cli.options import ActId, Day, Language, Progress, db_option, say
from lawdiff.errors import LawdiffError
from lawdiff.exports import akn, gitrepo, tables
from lawdiff.model import Lang
from lawdiff.site import feeds
from lawdiff.site.catalogue import Interface
from lawdiff.site.reader import Reader
from lawdiff.store.connection import open_database
from lawdiff.store.export_rows import act_facts, act_ids, file_changes, law_names, table_rows
from lawdiff.store.pages import Filters
from lawdiff.store.read import act_at, changes

_ACTS = click.argument("acts", nargs=-1, type=ActId())
_FILE = click.option("--out", type=click.File("wb"), default="-", help="File to write; standard output by default.")
README = """# Amendment history of the law of Kazakhstan

Made by lawdiff from pages of adilet.zan.kz. This is not the official text: the official texts are on the portal.
One file per article, one commit per redaction and amending law: `git blame FILE` tells which law wrote a line,
`git log FILE` its history. Authors are laws, not people; their addresses are no mailboxes.
Texts of official acts are outside copyright.
"""


@click.group()
def export() -> None:
    """Write the database in other forms. The same database gives the same bytes."""


def _rows(conn: sqlite3.Connection, acts: tuple[str, ...], progress: Progress) -> tables.Rows:
    held = act_ids(conn, acts) if acts else None

    def rows(table: str, columns: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
        for row in table_rows(conn, table, columns, held):
            progress.step(table)
            yield row

    return rows


def _write(out: IO[bytes], chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        out.write(chunk)
    out.flush()


def _table_command(name: str, help_text: str, make: Callable[[tables.Rows], Iterable[bytes]]) -> None:
    @export.command(name, help=help_text)
    @_ACTS
    @db_option
    @_FILE
    def command(acts: tuple[str, ...], db: Path, out: IO[bytes]) -> None:
        progress = Progress("export", every=50_000)
        _write(out, make(_rows(open_database(db), acts, progress)))
        progress.done(f"{progress.steps} rows")


_table_command("ndjson", "Newline-delimited JSON, a row a line; its schema: lawdiff export schema.", tables.ndjson)
_table_command("json", "One JSON document with a list per table.", tables.one_json)


@export.command()
@_FILE
def schema(out: IO[bytes]) -> None:
    """JSON Schema of a line of `lawdiff export ndjson`."""
    _write(out, [json.dumps(tables.json_schema(), ensure_ascii=False, indent=2).encode() + b"\n"])


@export.command("csv")
@_ACTS
@db_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
def csv_command(acts: tuple[str, ...], db: Path, out: Path) -> None:
    """CSV files with a Frictionless datapackage.json."""
    progress = Progress("export", every=50_000)
    rows = _rows(open_database(db), acts, progress)
    out.mkdir(parents=True, exist_ok=True)
    for file in tables.csv_files(rows):
        with (out / file.name).open("wb") as target:
            _write(target, file.chunks)
    package = json.dumps(tables.data_package(__version__), ensure_ascii=False, indent=2)
    (out / "datapackage.json").write_text(package + "\n", encoding="utf-8")
    progress.done(f"{progress.steps} rows in {out}")


@export.command("akn")
@_ACTS
@db_option
@click.option("--lang", "langs", multiple=True, type=Language(), help="ru, kk; both by default.")
@click.option("--on", type=Day(), default=None, help="The redaction of that day; the newest by default.")
@click.option("--all", "every", is_flag=True, help="Every redaction held, one file each.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
def akn_command(
    acts: tuple[str, ...], db: Path, langs: tuple[Lang, ...], on: date | None, every: bool, out: Path
) -> None:
    """Akoma Ntoso 3.0 XML, a file per act, language and redaction: K1400000226/ru@2025-09-16.xml."""
    conn = open_database(db)
    progress = Progress("export", every=50)
    for act_id in act_ids(conn, acts):
        for lang in langs or tuple(Lang):
            newest = act_facts(conn, act_id, lang, on)
            days: tuple[date, ...] = () if newest is None else newest.redactions if every else (newest.on,)
            for day in days:
                _write_akn(conn, act_id, lang, day, out)
                progress.step(f"{act_id} {lang} {day.isoformat()}")
    if not progress.steps:
        raise LawdiffError("there is no redaction on that day; lawdiff log ACT shows the dates")
    progress.done(f"{progress.steps} documents in {out}")


def _write_akn(conn: sqlite3.Connection, act_id: str, lang: Lang, day: date, out: Path) -> None:
    facts = act_facts(conn, act_id, lang, day)
    assert facts is not None
    seen = changes(conn, act_id=act_id, lang=lang, until=day)
    target = out / act_id / f"{lang}@{day.isoformat()}.xml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(akn.serialise(akn.document(facts, act_at(conn, act_id, lang, day), seen)))


@export.command("atom")
@click.option("--act", type=ActId(), default=None, help="Changes of one act; of all by default.")
@click.option("--law", default=None, help="Changes that one law made: Z2500000210.")
@click.option("--since", type=Day(), default=None, help="Redactions from that day on.")
@click.option("--until", type=Day(), default=None, help="Redactions until that day.")
@click.option("--all-weights", is_flag=True, help="Also editorial changes.")
@click.option(
    "--ui", type=click.Choice(["ru", "kk", "en"]), default="ru", show_default=True, help="Language of titles."
)
@click.option("--site", default="", help="Address of your site, for links: https://law.example.org.")
@click.option("--authority", default=feeds.AUTHORITY, show_default=True, help="Your domain, for the ids (RFC 4151).")
@db_option
@_FILE
def atom_command(
    act: str | None, law: str | None, since: date | None, until: date | None, all_weights: bool, ui: str, site: str,
    authority: str, db: Path, out: IO[bytes],
) -> None:  # fmt: skip
    """Every change as one Atom document, newest first, with its redline."""
    conn = open_database(db)
    if act is not None:
        act_ids(conn, (act,))
    wishes = Filters(
        act=act, law=law, weight=None if all_weights else "substantive",
        since=since.isoformat() if since else None, until=until.isoformat() if until else None,
    )  # fmt: skip
    progress = Progress("export", every=5000)

    def counted() -> Iterable[bytes]:
        # `today` stands in no entry: the same database gives the same bytes on any day
        for chunk in feeds.whole(conn, Reader(Interface(ui), "", site.rstrip("/")), wishes, authority):
            progress.step("atom")
            yield chunk

    _write(out, counted())
    progress.done(f"{max(0, progress.steps - 2)} changes")


@export.command("git")
@_ACTS
@db_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="New folder.")
def git_command(acts: tuple[str, ...], db: Path, out: Path) -> None:
    """A git repository of Markdown: git blame tells which law wrote a line."""
    conn = open_database(db)
    progress = Progress("export", every=5000)

    def counted() -> Iterable[Any]:
        for change in file_changes(conn, act_ids(conn, acts)):
            progress.step(change.day.isoformat())
            yield change

    gitrepo.write_repository(out, gitrepo.stream(counted(), law_names(conn), README))
    progress.done(f"{progress.steps} versions in {out}")
    say(f"Next: git -C {out} log --stat")
