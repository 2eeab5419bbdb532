"""The pages by which one enters: home, topics, search, the state of the tracking, and the bytes behind a text."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from typing import Any

from lawdiff.model import Lang
from lawdiff.registry import Registry
from lawdiff.site import addresses, labels
from lawdiff.site.changing import page_number
from lawdiff.site.reader import Missing, Reader, Row
from lawdiff.store import pages
from lawdiff.store.search import Citation, Hit, Results, resolve_citation, search

Context = dict[str, Any]
HITS = 20
_ANY_NUMBER = re.compile(r"\b\d[\d\s‐‑–-]*")


@cache
def is_sample(connect: Callable[[], sqlite3.Connection]) -> bool:
    """Whether the database is made of the bundled sample; asked once, for the file behind a running site never changes.

    connect: opens a connection to it."""
    with closing(connect()) as conn:
        return pages.holds_sample(conn)


def home(conn: sqlite3.Connection, reader: Reader) -> Context:
    """What is tracked and how fresh, the latest amendments, what takes effect next, topics, what was amended most."""
    coverage = pages.coverage(conn)
    return {
        "totals": pages.totals(conn),
        "acts": pages.acts(conn),
        "unchecked": _unchecked(coverage),
        "latest": pages.latest_laws(conn, limit=8),
        "pending": pages.pending(conn, reader.today, limit=6),
        "topics": pages.topics(conn),
        "amended": pages.most_amended(conn, limit=8),
        "feeds": [
            ("/feeds/changes.atom", reader.t("feeds.changes")),
            ("/feeds/pending.atom", reader.t("feeds.pending")),
        ],
    }


def _unchecked(coverage: list[Row]) -> list[Row]:
    """Act and language pairs whose last try brought no good page, or that lack redactions that the portal lists."""
    return [
        row
        for row in coverage
        if not row["last_good"]
        or (row["last_checked"] or "") > row["last_good"]
        or (row["redactions_listed"] or 0) > row["redactions_held"]
    ]


def topics(conn: sqlite3.Connection) -> Context:
    return {"topics": pages.topics(conn), "feeds": []}


def status(conn: sqlite3.Connection) -> Context:
    """Per act and language: when last read, what came, which redactions are held; and what a person must look at."""
    coverage = pages.coverage(conn)
    return {
        "totals": pages.totals(conn),
        "coverage": coverage,
        "unchecked": _unchecked(coverage),
        "issues": pages.issue_counts(conn),
        "feeds": [],
    }


def feeds(conn: sqlite3.Connection, reader: Reader) -> Context:
    """All feeds that stand by themselves: the stream, what is to come, the calendar, each topic, each act."""
    t = reader.t
    listed = [
        ("/feeds/changes.atom", t("feeds.changes")),
        ("/feeds/pending.atom", t("feeds.pending")),
        ("/feeds/in-force.ics", t("feeds.calendar")),
    ]
    listed += [
        (f"/feeds/topics/{topic['id']}.atom", t("feeds.topic", topic=topic[f"name_{t.lang}"]))
        for topic in pages.topics(conn)
    ]
    listed += [
        (f"/feeds/{act['id']}.atom", t("feeds.act", act=labels.act_label(act, t)))
        for act in pages.acts(conn)
        if act["newest"]
    ]
    return {"feeds": listed}


def _cited(conn: sqlite3.Connection, citation: Citation, acts: dict[str, Row]) -> Row:
    unit = pages.article(conn, citation.article_id) if citation.article_id else None
    url = addresses.article_url(citation.act_id, unit["eid"]) if unit else addresses.act_url(citation.act_id)
    if unit and citation.part:
        url += f"#part_{citation.part}"
    return {"unit": unit, "act": acts.get(citation.act_id) or pages.act(conn, citation.act_id), "url": url}


def snapshot(conn: sqlite3.Connection, snapshot_id: int, *, archived: bool) -> Context:
    """Where the bytes of a page are. `archived`: whether this site can serve them."""
    found = pages.snapshot(conn, snapshot_id)
    if found is None:
        raise Missing("missing.snapshot", id=snapshot_id)
    return {
        "snapshot": found,
        "act": pages.act(conn, found["act_id"]) if found["act_id"] else None,
        "official": addresses.official(found["url"]),
        "archived": archived and bool(found["sha256"]),
        "feeds": [],
    }


def find(conn: sqlite3.Connection, registry: Registry, *, query: Mapping[str, str | None]) -> Context:
    """Search results, and the article that a citation names. An empty question gives the empty form."""
    question = (query.get("q") or "").strip()[:300]
    lang = Lang(query["lang"] or "ru") if query.get("lang") in tuple(Lang) else None
    page = page_number(query)
    found = (
        search(conn, question, lang=lang, registry=registry, limit=HITS, offset=(page - 1) * HITS)
        if question
        else Results(0, ())
    )
    acts = {row["id"]: row for row in pages.act_names(conn)}
    cited = [row for citation in found.citations if (row := _cited(conn, citation, acts))["act"]]
    lacking = not cited and _act_alone(conn, question, registry)
    if lacking:
        cited = [row for row in [_cited(conn, lacking, acts)] if row["act"]]

    def at(number: int) -> str:
        return addresses.with_query("/search", q=question, lang=lang, page=str(number))

    return {
        "question": question,
        "lang": lang,
        "cited": cited,
        "lacking": bool(lacking),
        "laws": pages.laws_named(conn, question),
        "hits": [{"hit": hit, "act": acts[hit.act_id], "url": _hit_url(hit)} for hit in found.hits],
        "total": found.total,
        "more": found.more,
        "partial": found.partial,
        "page": page,
        "older": at(page + 1) if found.total > page * HITS else None,
        "newer": at(page - 1) if page > 1 else None,
        "topics": pages.topics(conn),
        "feeds": [],
    }


def _act_alone(conn: sqlite3.Connection, question: str, registry: Registry) -> Citation | None:
    """The act of a citation whose article is not held («ст. 999 УК»): the reader wanted to be there at least."""
    if not any(letter.isdigit() for letter in question):
        return None
    found = resolve_citation(conn, _ANY_NUMBER.sub(" ", question), registry)
    return found[0] if len(found) == 1 and found[0].article_id is None else None


def _hit_url(hit: Hit) -> str:
    """The text that matched: the current one by its plain address, an old one on the day from which it was shown."""
    day = None if hit.is_current else hit.valid_from.isoformat()
    return addresses.article_url(hit.act_id, hit.eid, day=day, langs=hit.lang)
