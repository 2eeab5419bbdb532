"""Feeds: Atom (RFC 4287) with paging links (RFC 5005), and a calendar of entry-into-force dates (RFC 5545).

    /feeds/changes.atom (with the stream's filters)   /feeds/{act}.atom   /feeds/{act}/{eid}.atom
    /feeds/laws/{id}.atom   /feeds/topics/{topic}.atom   /feeds/pending.atom
    /feeds/in-force.ics   /feeds/{act}/in-force.ics

Ids are tag URIs (RFC 4151) made of the change's own key, so they outlive the host that serves them and a rebuild of the
database. `updated` is the day on which the change was first seen, or its redaction's day if that is later: neither
moves when the database is built again. The redline inside is the stored `diff_html`,
escaped by the writer as RFC 4287 asks.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote
from xml.etree import ElementTree as ET

from lawdiff.identifiers import ACT_ID, article_id
from lawdiff.numbering import sort_key
from lawdiff.site import addresses, labels
from lawdiff.site.catalogue import Interface
from lawdiff.site.changing import by_law, page_number, read_filters
from lawdiff.site.reader import Missing, Reader, Row, change_link
from lawdiff.store import pages
from lawdiff.store.pages import Filters

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
AUTHORITY = "lawdiff.localhost"  # of the tag URIs; a public site names its own domain by LAWDIFF_TAG_AUTHORITY
MINTED = "2025"
PAGE = 50
BATCH = 500  # rows of a whole feed held at once
EPOCH = "2014-01-01"  # `updated` of a feed that has no entries; before any redaction in it

ET.register_namespace("", ATOM)

_NAME = re.compile(
    rf"""
    (?P<all>changes)\.atom | (?P<pending>pending)\.atom | laws/(?P<law>[^/]+)\.atom | topics/(?P<topic>[\w-]+)\.atom
    | (?P<act>{ACT_ID.pattern})\.atom | (?P<of>{ACT_ID.pattern})/(?P<eid>[a-z]+(?:_{{1,2}}[0-9A-Za-z.-]+)*?)\.atom
    | (?:(?P<calendar_act>{ACT_ID.pattern})/)?(?P<calendar>in-force)\.ics
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Feed:
    """What is sent: bytes and their type."""

    body: bytes
    content_type: str


@dataclass(frozen=True)
class Head:
    """What a feed says of itself. path: the page it follows."""

    tag: str
    title: str
    path: str


def answer(
    conn: sqlite3.Connection,
    reader: Reader,
    name: str,
    *,
    address: str,
    query: Mapping[str, str | None],
    authority: str = AUTHORITY,
) -> Feed:
    """The feed called `name` (`K1400000226/art_205.atom`). address: its own path with its query. Raises Missing."""
    match = _NAME.fullmatch(name)
    if not match:
        raise Missing("missing.feed", name=name)
    if match["calendar"]:
        act = match["calendar_act"]
        if act and pages.act(conn, act) is None:
            raise Missing("missing.act", act=act)
        return calendar(conn, reader, act, authority)
    if match["pending"]:
        return _pending(conn, reader, address, query, authority)
    head, filters = _scope(conn, reader, match, query, authority)
    page = page_number(query)
    rows = pages.feed_changes(conn, filters, limit=PAGE + 1, offset=(page - 1) * PAGE)
    root = _feed(reader, head, address, [_updated(row) for row in rows[:PAGE]])
    _paging(root, reader, address, page, more=len(rows) > PAGE)
    for row in rows[:PAGE]:
        root.append(_entry(reader, row, authority))
    return Feed(_written(root), "application/atom+xml; charset=utf-8")


def _tag(authority: str, key: str) -> str:
    return f"tag:{authority},{MINTED}:{quote(key, safe='/:@~._-')}"


def _scope(
    conn: sqlite3.Connection, reader: Reader, match: re.Match[str], query: Mapping[str, str | None], authority: str
) -> tuple[Head, Filters]:
    t, filters = reader.t, read_filters(by_law(conn, query))
    if match["all"]:
        key = "feeds/changes" + "".join(f"/{name}={value}" for name, value in sorted(filters.chosen().items()))
        return Head(_tag(authority, key), t("feeds.changes"), addresses.changes_url(**_wishes(filters))), filters
    if match["law"]:
        law = pages.law(conn, match["law"])
        if law is None:
            raise Missing("missing.law", law=match["law"])
        title = f"{t('feeds.changes')}: {labels.law_label(law, t)}"
        head = Head(_tag(authority, f"feeds/laws/{law['id']}"), title, addresses.law_url(law["id"]))
        return head, replace(filters, law=law["id"])
    if match["topic"]:
        topic = pages.topic(conn, match["topic"])
        if topic is None:
            raise Missing("missing.topic", topic=match["topic"])
        title = t("feeds.topic", topic=topic[f"name_{t.lang}"])
        head = Head(_tag(authority, f"feeds/topics/{topic['id']}"), title, addresses.topic_url(topic["id"]))
        return head, replace(filters, topic=topic["id"])
    if match["act"]:
        act = pages.act(conn, match["act"])
        if act is None:
            raise Missing("missing.act", act=match["act"])
        head = Head(
            _tag(authority, f"feeds/{act['id']}"),
            t("feeds.act", act=labels.act_label(act, t)),
            addresses.act_url(act["id"]),
        )
        return head, replace(filters, act=act["id"])
    unit = pages.article(conn, article_id(match["of"], match["eid"]))
    if unit is None:
        raise Missing("missing.unit", unit=match["eid"], act=match["of"])
    title = t("feeds.article", unit=f"{labels.unit_label(unit, t)}, {labels.act_label(unit, t)}")
    head = Head(_tag(authority, f"feeds/{unit['id']}"), title, addresses.article_url(unit["act_id"], unit["eid"]))
    if unit["kind"] == "heading":  # of a chapter one follows what stands under it
        return head, replace(filters, act=unit["act_id"], chapter=unit["eid"])
    return head, replace(filters, act=unit["act_id"], article=unit["eid"])


def _wishes(filters: Filters) -> dict[str, str]:
    return {name: value for name, value in filters.chosen().items() if (name, value) != ("weight", "substantive")}


def _feed(reader: Reader, head: Head, address: str, updated: list[str]) -> ET.Element:
    root = ET.Element(f"{{{ATOM}}}feed", {XML_LANG: reader.t.lang})
    _add(root, "id", head.tag)
    _add(root, "title", head.title)
    _add(root, "updated", max(updated, default=f"{EPOCH}T00:00:00Z"))
    _add(root, "subtitle", reader.t("site.unofficial") + " adilet.zan.kz")
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", "lawdiff")
    _add(root, "generator", "lawdiff")
    _add(root, "link", rel="self", type="application/atom+xml", href=reader.site + address)
    _add(root, "link", rel="alternate", type="text/html", href=reader.site + head.path)
    return root


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = clean(text) if text is not None else None
    return element


def clean(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""
    return re.sub(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _paging(root: ET.Element, reader: Reader, address: str, page: int, *, more: bool) -> None:
    """RFC 5005 §3: first, previous, next."""
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("page=")]

    def at(number: int) -> str:
        wishes = [*kept, f"page={number}"] if number > 1 else kept
        return reader.site + path + (f"?{'&'.join(wishes)}" if wishes else "")

    _add(root, "link", rel="first", href=at(1))
    if page > 1:
        _add(root, "link", rel="previous", href=at(page - 1))
    if more:
        _add(root, "link", rel="next", href=at(page + 1))


def _updated(row: Row) -> str:
    return f"{max(row['redaction_date'], (row['first_seen'] or '')[:10])}T00:00:00Z"


def _entry(reader: Reader, row: Row, authority: str) -> ET.Element:
    t = reader.t
    entry = ET.Element(f"{{{ATOM}}}entry", {XML_LANG: row["lang"]})
    label = f"{labels.unit_label(row, t)}, {labels.act_label(row, t)}"
    law = labels.law_label(row, t) if row["amending_act_id"] else t("law.unknown")
    _add(entry, "id", _tag(authority, row["id"]))
    _add(entry, "title", f"{label} ({t('lang.short_' + row['lang'])}): {t.word('op', row['op'])}")
    _add(entry, "updated", _updated(row))
    _add(entry, "published", f"{row['redaction_date']}T00:00:00Z")
    _add(entry, "link", rel="alternate", type="text/html", href=reader.site + change_link(row))
    article = addresses.article_url(row["act_id"], row["eid"], day=row["redaction_date"], langs=row["lang"])
    _add(entry, "link", rel="related", type="text/html", href=reader.site + article)
    if row["amending_act_id"]:
        _add(entry, "link", rel="via", type="text/html", href=reader.site + addresses.law_url(row["amending_act_id"]))
    _add(entry, "category", term=row["op"], label=t.word("op", row["op"]))
    _add(entry, "category", term=row["act_id"], label=labels.act_label(row, t))
    summary = [labels.change_summary(row, t), law, t("change.redaction", date=t.day(row["redaction_date"]))]
    summary.append(
        t("change.in_force", date=t.day(row["in_force_from"])) if row["in_force_from"] else t("change.in_force_unknown")
    )
    _add(entry, "summary", ". ".join(part.rstrip(".") for part in summary if part) + ".", type="text")
    _add(entry, "content", row["diff_html"], type="html")
    return entry


def _pending(
    conn: sqlite3.Connection, reader: Reader, address: str, query: Mapping[str, str | None], authority: str
) -> Feed:
    """What is to come, one entry per unit, law and date. Its id is made of these, so a new date is a new entry."""
    t = reader.t
    page = page_number(query)
    found = pages.pending(conn, reader.today, limit=PAGE + 1, offset=(page - 1) * PAGE)
    rows = found[:PAGE]
    head = Head(_tag(authority, "feeds/pending"), t("feeds.pending"), "/pending")
    root = _feed(reader, head, address, [f"{row['since']}T00:00:00Z" for row in rows])
    _paging(root, reader, address, page, more=len(found) > PAGE)
    for row in rows:
        unit = row["article_id"] or row["act_id"]
        label = labels.act_label(row, t)
        if row["article_id"]:
            label = f"{labels.unit_label(row, t)}, {label}"
        day = row["in_force_from"] or "undated"
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, "id", _tag(authority, f"pending/{row['basis']}/{unit}/{row['law_id'] or row['action']}/{day}"))
        when = t("change.in_force", date=t.day(row["in_force_from"])) if row["in_force_from"] else t("pending.undated")
        _add(entry, "title", f"{label}: {when}")
        _add(entry, "updated", f"{row['since']}T00:00:00Z")
        about = (
            addresses.article_url(row["act_id"], row["eid"]) if row["article_id"] else addresses.act_url(row["act_id"])
        )
        _add(entry, "link", rel="alternate", type="text/html", href=reader.site + about)
        law = labels.law_label(row, t) if row["law_id"] else ""
        said = [t("pending." + row["basis"]), law, row["source"] or row["in_force_text"] or ""]
        _add(entry, "summary", ". ".join(part.rstrip(".") for part in said if part) + ".", type="text")
    return Feed(_written(root), "application/atom+xml; charset=utf-8")


def _written(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


# ---- calendar


def calendar(conn: sqlite3.Connection, reader: Reader, act_id: str | None, authority: str = AUTHORITY) -> Feed:
    """Days on which amendments enter into force, past and to come, announced ones too: an all-day event per act, law
    and day."""
    t = reader.t
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{authority}//lawdiff//{t.lang.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(_calendar_name(conn, reader, act_id))}",
    ]
    for row in pages.force_dates(conn, act_id=act_id):
        eids = row["eids"].split(",") if row["eids"] else []
        law = labels.law_label(row, t) if row["law_id"] else t("law.unknown")
        page = addresses.law_url(row["law_id"]) if row["law_id"] else addresses.act_url(row["act_id"])
        key = f"{row['in_force_from']}-{row['act_id']}-{row['law_id'] or 'unknown'}"
        act = labels.act_label(row, t)
        summary = (
            t("feeds.event", act=act, articles=t.n("n.articles", len(eids))) if eids else t("feeds.event_act", act=act)
        )
        day = row["in_force_from"].replace("-", "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{quote(key, safe='-_.')}@{authority}",
            f"DTSTAMP:{row['seen'][:10].replace('-', '')}T000000Z",
            f"DTSTART;VALUE=DATE:{day}",
            f"SUMMARY:{_escaped(summary)}",
            f"DESCRIPTION:{_escaped(': '.join(part for part in (law, _units(eids, t)) if part))}",
            f"URL:{reader.site}{page}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return Feed("".join(_folded(line) for line in lines).encode("utf-8"), "text/calendar; charset=utf-8")


def _units(eids: list[str], t: Interface) -> str:
    """«ст. 99, 115-1; Глава 3»: articles by their numbers in their order, whatever else by its name."""
    numbers = sorted((eid.removeprefix("art_") for eid in eids if eid.startswith("art_")), key=sort_key)
    others = sorted(labels.place_label(eid, t) for eid in eids if not eid.startswith("art_"))
    listed = [t("feeds.event_articles", list=", ".join(numbers))] if numbers else []
    return "; ".join([*listed, *others])


def _calendar_name(conn: sqlite3.Connection, reader: Reader, act_id: str | None) -> str:
    act = pages.act(conn, act_id) if act_id else None
    name = reader.t("feeds.calendar")
    return f"{name}: {labels.act_label(act, reader.t)}" if act else name


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", " ".join(text.split()))


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never inside a character (RFC 5545 §3.1)."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode("utf-8"))
        if size + width > 74:
            pieces.append(piece)
            piece, size = "", 0
        piece += letter
        size += width
    pieces.append(piece)
    return "\r\n ".join(pieces) + "\r\n"


# ---- a whole feed, for a file


def whole(conn: sqlite3.Connection, reader: Reader, filters: Filters, authority: str = AUTHORITY) -> Iterator[bytes]:
    """Every change that `filters` ask for as one Atom document, newest first, a batch at a time.

    The same database gives the same bytes. Ids are those of the site's feeds: a reader that knows an entry from there
    knows it here.
    """
    key = "feeds/changes" + "".join(f"/{name}={value}" for name, value in sorted(filters.chosen().items()))
    title = reader.t("feeds.changes")
    head = Head(_tag(authority, f"{key}/whole"), title, addresses.changes_url(**_wishes(filters)))
    newest = max((_updated(row) for rows in _batches(conn, filters) for row in rows), default=f"{EPOCH}T00:00:00Z")
    root = _feed(reader, head, head.path, [newest])
    for link in root.findall(f"{{{ATOM}}}link[@rel='self']"):
        root.remove(link)  # a file does not know where it will lie
    opening, _, closing = _written(root).rpartition(b"</feed>")
    yield opening + b"\n"
    for rows in _batches(conn, filters):
        for row in rows:
            yield ET.tostring(_entry(reader, row, authority), encoding="utf-8") + b"\n"
    yield b"</feed>" + closing + b"\n"


def _batches(conn: sqlite3.Connection, filters: Filters) -> Iterator[list[Row]]:
    offset = 0
    while rows := pages.feed_changes(conn, filters, limit=BATCH, offset=offset):
        yield rows
        offset += BATCH
