"""`lawdiff show`, `log`, `diff`: one article or a whole act, from the database, on the terminal or as JSON."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from lawdiff.cli.options import ActId, Day, Language, db_option, say
from lawdiff.errors import StoreError
from lawdiff.identifiers import official_url
from lawdiff.model import Lang, State
from lawdiff.render import diff_html, diff_text
from lawdiff.store import read, reading

_ACT = click.argument("act", type=ActId())
_LANG = click.option("--lang", type=Language(), default=Lang.RU, show_default="ru", help="ru or kk.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_STATES = {
    State.EXCLUDED: "excluded",
    State.DEFERRED: "not yet in force",
    State.SUSPENDED: "suspended",
    State.UNKNOWN: "no longer on the page, and no note says why",
}


@click.command()
@_ACT
@click.argument("article")
@click.option("--on", "day", type=Day(), default=None, help="Text on this day; default: the newest redaction.")
@_LANG
@db_option
@_JSON
def show(*, act: str, article: str, day: date | None, lang: Lang, db: Path, as_json: bool) -> None:
    """Print an ARTICLE (115-1 or art_115-1) of an ACT, as the redaction of a day shows it."""
    with reading(db) as conn:
        found = read.find_article(conn, act, article)
        version = read.article_at(conn, found.id, lang, day)
        if version is None:
            raise _absent(conn, found, lang, day)
        if as_json:
            click.echo(_json(version))
            return
        click.echo(version.heading or f"[{found.eid}]")
        if version.text:
            click.echo(f"\n{version.text}")
        if version.notes:
            click.echo(f"\n{version.notes}")
        looked = read.last_look(conn, act, lang)
        last = f"the last look on {looked}" if looked else "now"
        until = f"before {version.valid_to}" if version.valid_to else last
        state = f"; {_STATES[version.state]}" if version.state in _STATES else ""
        page = official_url(act, lang, None if version.valid_to is None else version.valid_from, version.anchor)
        say(f"{act} {found.eid} ({lang}): redactions from {version.valid_from} until {until}{state}; {page}")
        _say_what_is_not_known(conn, act, lang, day)


def _say_what_is_not_known(conn: sqlite3.Connection, act: str, lang: Lang, day: date | None) -> None:
    """A day that no page of the portal tells of yet: the last known text is an answer only with that said."""
    looked = read.last_look(conn, act, lang)
    if day is not None and looked is not None and day > looked:
        say(
            f"{act} ({lang}) was last read on {looked}: of {day} nothing is known yet, and this is the last known "
            "text; the view pending_changes lists what is announced"
        )


def _absent(conn: sqlite3.Connection, found: read.Article, lang: Lang, day: date | None) -> StoreError:
    """Why an article has no text on a day, in one sentence."""
    seen = read.presence(conn, found, lang)
    name = f"{found.act_id} {found.eid} ({lang})"
    if seen.earliest_redaction is None:
        return StoreError(f"no redaction of {found.act_id} in {lang} is held; run lawdiff crawl with --lang {lang}")
    if seen.first is None:
        return StoreError(f"{name} is in no redaction held in this language; try the other --lang")
    if day is not None and day < seen.earliest_redaction:
        return StoreError(f"{name}: the earliest redaction held is of {seen.earliest_redaction}; ask for a later day")
    if day is not None and day < seen.first:
        return StoreError(f"{name} did not exist yet on {day}: it is there since the redaction of {seen.first}")
    return StoreError(f"{name} is no longer there since the redaction of {seen.last_gone}; ask for an earlier --on")


@click.command()
@_ACT
@click.argument("article", required=False)
@click.option("--lang", type=Language(), default=None, help="ru or kk; default: both.")
@click.option("--since", type=Day(), default=None, help="From this redaction date on.")
@click.option("--until", type=Day(), default=None, help="Up to this redaction date.")
@db_option
@_JSON
def log(
    *, act: str, article: str | None, lang: Lang | None, since: date | None, until: date | None, db: Path, as_json: bool
) -> None:
    """List the changes of an ACT, or of one ARTICLE, newest last."""
    with reading(db) as conn:
        key = read.find_article(conn, act, article).id if article else None
        if key is None:
            read.require_act(conn, act)
        rows = read.changes(conn, act_id=act, key=key, lang=lang, since=since, until=until)
        if as_json:
            click.echo(_json(rows))
            return
        for row in rows:
            click.echo(_log_line(row))
        say(f"{len(rows)} changes" if rows else "no change in the redactions held")


def _log_line(row: read.ChangeRow) -> str:
    laws = ", ".join(dict.fromkeys(number or law for law, number, _, _ in row.laws)) or "no law named"
    force = f", in force {row.in_force_from}" if row.in_force_from else ""
    words = f"+{row.words_added} -{row.words_removed}"
    return (
        f"{row.redaction_date} {row.lang} {row.eid:<12} {row.op:<12} {words:>12}  {laws}{force}"
        f" [{row.attribution}]  {row.heading}"
    )


@click.command()
@_ACT
@click.argument("article", required=False)
@click.option("--from", "since", type=Day(), default=None, help="Earlier day; default: the first redaction.")
@click.option("--to", "until", type=Day(), default=None, help="Later day; default: the newest redaction.")
@_LANG
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
@db_option
def diff(
    *, act: str, article: str | None, since: date | None, until: date | None, lang: Lang, form: str, db: Path
) -> None:
    """Compare any two days of an ARTICLE, or of a whole ACT, word by word."""
    with reading(db) as conn:
        found = read.find_article(conn, act, article) if article else None
        read.require_act(conn, act)
        dates = read.redaction_dates(conn, act, lang)
        if not dates:
            raise StoreError(f"no redaction of {act} in {lang} is held; run lawdiff crawl {act} --lang {lang}")
        first, last = since or dates[0], until or dates[-1]
        if first > last:
            raise click.UsageError(f"--from {first} is after --to {last}")
        if first < dates[0]:
            # All of the act would be shown as if it had come since: what came before is not known.
            raise StoreError(
                f"the earliest redaction of {act} ({lang}) held is of {dates[0]}, and nothing is known of {first}; "
                f"ask for --from {dates[0]} or later"
            )
        _say_what_is_not_known(conn, act, lang, until)
        compared = (
            [read.compare(conn, found, lang, first, last)]
            if found
            else list(read.compare_act(conn, act, lang, first, last))
        )
        _print_comparisons(compared, act, lang, first=first, last=last, form=form)


def _print_comparisons(
    compared: list[read.Comparison], act: str, lang: Lang, *, first: date, last: date, form: str
) -> None:
    if form == "json":
        record = {
            "act_id": act,
            "lang": lang,
            "from": first,
            "to": last,
            "articles": [_record(one) for one in compared],
        }
        click.echo(_json(record))
        return
    changed = [one for one in compared if one.changed]
    for one in changed:
        stored = one.diff.to_json()
        if form == "html":
            click.echo(f'<section id="{one.article.eid}" lang="{lang}">\n{diff_html(stored, lang)}\n</section>')
        else:
            click.echo(f"{one.article.heading(lang)}  [{_verdict(one)}]")
            click.echo(diff_text(stored) + "\n")
    added = sum(one.old is None for one in changed)
    gone = sum(one.new is None for one in changed)
    say(
        f"{act} ({lang}) {first} .. {last}: {len(changed)} units differ, {added} came, {gone} went, "
        f"+{sum(one.diff.words_added for one in changed)} -{sum(one.diff.words_removed for one in changed)} words"
    )


def _verdict(one: read.Comparison) -> str:
    if one.old is None:
        return "came"
    if one.new is None:
        return "went"
    if one.new.state is State.EXCLUDED and one.old.state is not State.EXCLUDED:
        return "excluded"
    return "changed"


def _record(one: read.Comparison) -> dict[str, Any]:
    return {
        "article_id": one.article.id,
        "heading": one.article.heading(one.lang),
        "old_version_id": one.old.id if one.old else None,
        "new_version_id": one.new.id if one.new else None,
        "changed": one.changed,
        "words_added": one.diff.words_added,
        "words_removed": one.diff.words_removed,
        "diff": json.loads(one.diff.to_json()),
    }


def _json(record: object) -> str:
    return json.dumps(_plain(record), ensure_ascii=False, indent=2)


def _plain(record: object) -> Any:
    """Records as JSON objects, dates as ISO strings."""
    if is_dataclass(record) and not isinstance(record, type):
        return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    if isinstance(record, dict):
        return {key: _plain(value) for key, value in record.items()}
    if isinstance(record, list | tuple):
        return [_plain(value) for value in record]
    return record.isoformat() if isinstance(record, date) else record
