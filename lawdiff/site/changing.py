"""The pages on which change is read: one change, two dates of an act, the stream, a law, what is to come."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from lawdiff.diff import ArticleDiff, diff_lines
from lawdiff.identifiers import article_id
from lawdiff.model import Attribution, Line, Op, Weight
from lawdiff.render import summary_sentence
from lawdiff.site import addresses, labels
from lawdiff.site.reader import Missing, Reader, Row, change_link, day_after, in_reader_order, told_langs
from lawdiff.site.redline import redline
from lawdiff.store import pages
from lawdiff.store.pages import Filters
from lawdiff.store.rows import unpack_lines

Context = dict[str, Any]
PAGE = 50  # articles and dates per page of the stream
OPS = tuple(Op)


# ---- one change, or any two dates of an article


def diff(
    conn: sqlite3.Connection,
    reader: Reader,
    act_id: str,
    eid: str,
    since: str,
    until: str,
    *,
    query: Mapping[str, str | None],
) -> Context:
    """An article between two dates, in each language. Raises Missing for an unknown unit or dates that are none."""
    unit = pages.article(conn, article_id(act_id, eid))
    if unit is None:
        raise Missing("missing.unit", unit=eid, act=act_id)
    if not addresses.read_day(since) or not addresses.read_day(until) or since > until:
        raise Missing("missing.period", since=since, until=until)
    t = reader.t
    wished = query.get("lang")
    langs = (wished,) if wished in ("ru", "kk") else reader.text_langs
    number = query.get("n")
    seq = int(number) - 1 if number and number.isdigit() and number != "0" else None
    everything = pages.changes_of(conn, unit["id"])
    held_since = pages.held_since(conn, act_id)
    sides = [
        side
        for lang in langs
        if lang in held_since
        and (side := _side(conn, reader, unit, lang, (since, until, held_since[lang]), everything, seq)) is not None
    ]
    if not sides:
        raise Missing("missing.comparison", unit=labels.unit_label(unit, t), since=t.day(since), until=t.day(until))
    earlier, later = _around(reader, everything, since, until)
    return {
        "unit": unit,
        "act": {**unit, "id": act_id},
        "label": labels.unit_label(unit, t),
        "heading": t.pick(unit, "heading") or "",
        "heading_lang": t.pick_lang(unit, "heading"),
        "crumbs": pages.headings(conn, act_id, (unit["parents"] or "").split()),
        "since": since,
        "until": until,
        "sides": sides,
        "view": "side" if query.get("view") == "side" else "inline",
        "wished": wished,
        "offered": _offered(conn, unit, since, until, held_since),
        "number": number,
        "earlier": earlier,
        "later": later,
        "dates": sorted({version["valid_from"] for version in pages.versions(conn, unit["id"])}),
        "permanent": addresses.diff_url(act_id, eid, since, until, n=number),
        "citation": labels.citation(
            unit,
            t,
            redaction=_shown_by(conn, act_id, sides[0]["lang"], until),
            url=reader.site + addresses.diff_url(act_id, eid, since, until, n=number),
        ),
        "feeds": [(f"/feeds/{act_id}/{eid}.atom", t("feeds.article", unit=labels.unit_label(unit, t)))],
    }


def _offered(conn: sqlite3.Connection, unit: Row, since: str, until: str, held_since: dict[str, str]) -> list[str]:
    """Languages that have a text of the unit at one end of the period: there is no page for another."""
    return [
        lang
        for lang in ("ru", "kk")
        if lang in held_since
        and held_since[lang] <= until
        and any(pages.version_at(conn, unit["id"], lang, day) for day in (until, max(since, held_since[lang])))
    ]


def _side(
    conn: sqlite3.Connection,
    reader: Reader,
    unit: Row,
    lang: str,
    days: tuple[str, str, str],
    everything: list[Row],
    seq: int | None,
) -> Row | None:
    """One language of a comparison: the stored diff where the period holds exactly one change, else a fresh one.

    days: from, to, and that of the first redaction held: what was before it is not known, so that a period that begins
    earlier is compared from that redaction on, and the page says so.
    """
    asked, until, held_since = days
    since = max(asked, held_since)
    if until < since:
        return None
    steps = [change for change in everything if change["lang"] == lang and since < change["redaction_date"] <= until]
    if seq is not None:
        steps = [change for change in steps if change["redaction_date"] == until and change["seq"] == seq]
    only = pages.change(conn, steps[0]["id"]) if len(steps) == 1 else None
    if only is not None:
        old, new = pages.version(conn, only["old_version_id"]), pages.version(conn, only["new_version_id"])
        red = redline(only["diff_json"], old["text"] if old else "", words=(only["words_added"], only["words_removed"]))
        summary = summary_sentence(only["summary_json"], reader.t.lang)
    else:
        old = pages.version_at(conn, unit["id"], lang, since)
        new = pages.version_at(conn, unit["id"], lang, until)
        if old is None and new is None:
            return None
        fresh = _fresh(old, new)
        red = redline(fresh.to_json(), old["text"] if old else "", words=(fresh.words_added, fresh.words_removed))
        summary = ""
    laws = pages.laws_of(conn, [change["id"] for change in steps])
    return {
        "lang": lang,
        "since": since,
        "held_since": held_since if asked < held_since else None,
        "change": only,
        "steps": [] if only else [{**step, "laws": laws[step["id"]], "url": change_link(step)} for step in steps],
        "laws": laws[only["id"]] if only else [],
        "law_names": _law_names(conn, reader, only) if only else {},
        "sanctions": _sanctions(conn, reader, old, new),
        "old": old,
        "new": new,
        "redline": red,
        "notes": new["notes"] if new and not new["text"] else "",
        "summary": summary,
    }


def _shown_by(conn: sqlite3.Connection, act_id: str, lang: str, day: str) -> str | None:
    """Date of the redaction that shows the text of `day`: any day may be asked for, a redaction has its own."""
    found = pages.redaction_snapshot(conn, act_id, lang, day)
    return str(found["redaction_date"]) if found else None


def _law_names(conn: sqlite3.Connection, reader: Reader, change: Row) -> dict[str, str]:
    """Names of the laws that the remarks on a change's attribution tell of."""
    found = [pages.law(conn, law) for law in labels.laws_remarked(change)]
    return {law["id"]: labels.law_label(law, reader.t) for law in found if law}


def _sanctions(conn: sqlite3.Connection, reader: Reader, old: Row | None, new: Row | None) -> Row | None:
    """Whether the punishments became milder or tougher, where that could be read and differs; with the parts."""
    found = pages.sanction_verdict(conn, old["id"], new["id"]) if old and new else None
    if found is None or found["verdict"] not in ("milder", "tougher", "mixed"):
        return None
    parts = [
        (labels.line_label(eid, reader.t), verdict)
        for eid, verdict in json.loads(found["parts_json"]).items()
        if eid and verdict != "same"
    ]
    return {"verdict": found["verdict"], "parts": parts}


def _fresh(old: Row | None, new: Row | None) -> ArticleDiff:
    """The difference between any two versions, made now."""
    return diff_lines(
        _lines(old),
        _lines(new),
        old_heading=old["heading"] if old else "",
        new_heading=new["heading"] if new else "",
    )


def _lines(version: Row | None) -> tuple[Line, ...]:
    return unpack_lines(version["text"], version["lines_json"], version["html_json"]) if version else ()


def _around(reader: Reader, everything: list[Row], since: str, until: str) -> tuple[Row | None, Row | None]:
    """The change before and the change after a period, each with its address."""
    ordered = in_reader_order(everything, reader.text_langs)
    before = [change for change in ordered if change["redaction_date"] <= since]
    after = [change for change in ordered if change["redaction_date"] > until]
    earlier = max(before, key=_day, default=None)
    later = min(after, key=_day, default=None)
    return tuple(  # type: ignore[return-value]
        {"day": change["redaction_date"], "url": change_link(change)} if change else None for change in (earlier, later)
    )


def _day(change: Row) -> str:
    return str(change["redaction_date"])


# ---- two dates of an act


def act_diff(conn: sqlite3.Connection, reader: Reader, act_id: str, since: str, until: str) -> Context:
    """Which units of an act changed between two dates, and how often."""
    found = pages.act(conn, act_id)
    if found is None:
        raise Missing("missing.act", act=act_id)
    if not addresses.read_day(since) or not addresses.read_day(until) or since > until:
        raise Missing("missing.period", since=since, until=until)
    following = day_after(since)
    found_changes = entries(
        conn, reader, pages.stream(conn, Filters(act=act_id, since=following, until=until), limit=10_000)
    )
    units: dict[str, Row] = {}
    for entry in found_changes:
        known = units.setdefault(entry["change"]["eid"], {**entry, "count": 0, "ops": [], "laws": [], "amended": False})
        known["count"] += 1
        known["amended"] |= any(change["weight"] == Weight.SUBSTANTIVE for change in entry["changes"])
        known["laws"] = [*entry["laws"], *known["laws"]]  # of all its changes, oldest first
        if entry["change"]["op"] not in known["ops"]:
            known["ops"].insert(0, entry["change"]["op"])
    ordered = sorted(units.values(), key=lambda entry: entry["change"]["position"])
    return {
        "act": found,
        "since": since,
        "until": until,
        "units": ordered,
        "amended": sum(entry["amended"] for entry in ordered),
        "held_since": min(pages.held_since(conn, act_id).values(), default=None),
        "redactions": pages.redactions(conn, act_id),
        "feeds": [(f"/feeds/{act_id}.atom", reader.t("feeds.act", act=labels.act_label(found, reader.t)))],
    }


# ---- the stream


def read_filters(query: Mapping[str, str | None], *, weight: str | None = "substantive") -> Filters:
    """Filters from a query: act, chapter, article, topic, law, op, weight (`all` for both), lang, from, to.

    A value that is none of its kind (an unknown op, a date that is no date) is no wish.
    """
    op, asked, lang = query.get("op"), query.get("weight"), query.get("lang")
    attribution = query.get("attribution")
    if asked == "all":
        weight = None
    elif asked in set(Weight):
        weight = asked
    elif op in {Op.NOTE_ONLY, Op.TYPOGRAPHIC}:
        weight = None  # whoever asks for these means editorial ones
    return Filters(
        act=query.get("act") or None,
        chapter=query.get("chapter") or None,
        article=query.get("article") or None,
        topic=query.get("topic") or None,
        law=query.get("law") or None,
        op=op if op in set(Op) else None,
        weight=weight,
        lang=lang if lang in ("ru", "kk") else None,
        attribution=attribution if attribution in set(Attribution) else None,
        since=addresses.read_day(query.get("from")),
        until=addresses.read_day(query.get("to")),
    )


def by_law(conn: sqlite3.Connection, query: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """The query with the law that a reader names by its number («210-VIII») as the law's id."""
    wish = (query.get("law") or "").strip()
    found = pages.laws_named(conn, wish) if wish else []
    return {**query, "law": found[0]["id"]} if len(found) == 1 else query


def page_number(query: Mapping[str, str | None]) -> int:
    text = query.get("page") or ""
    return min(max(int(text), 1), 100_000) if text.isdigit() and len(text) < 7 else 1


def wishes(query: Mapping[str, str | None]) -> dict[str, str]:
    """The filters of a query as they came, to carry them from page to page."""
    names = ("act", "chapter", "article", "topic", "law", "op", "weight", "lang", "attribution", "from", "to")
    return {name: value for name in names if (value := query.get(name))}


def changes(conn: sqlite3.Connection, reader: Reader, *, query: Mapping[str, str | None]) -> Context:
    """The stream of changes under the reader's filters, grouped by date, act and law."""
    query = by_law(conn, query)
    filters, page = read_filters(query), page_number(query)
    count = pages.stream_count(conn, filters)
    found = entries(conn, reader, pages.stream(conn, filters, limit=PAGE, offset=(page - 1) * PAGE))
    carried = wishes(query)
    act = pages.act(conn, filters.act) if filters.act else None
    return {
        "groups": grouped(found),
        "filters": filters,
        "carried": carried,
        "count": count,
        "many": pages.MANY,
        "page": page,
        "last": max(1, -(-min(count, pages.MANY) // PAGE)) if count <= pages.MANY else None,
        "newer": addresses.with_query("/changes", **carried, page=str(page - 1)) if page > 1 else None,
        "older": addresses.with_query("/changes", **carried, page=str(page + 1)) if count > page * PAGE else None,
        "acts": pages.act_names(conn),
        "chapters": pages.chapters(conn, filters.act) if filters.act else [],
        "act": act,
        "law": pages.law(conn, filters.law) if filters.law else None,
        "topics": pages.topics(conn),
        "ops": OPS,
        "years": _years(conn, reader, filters, carried),
        "feeds": [(addresses.with_query("/feeds/changes.atom", **carried), reader.t("feeds.changes"))],
        "csv": addresses.with_query("/changes.csv", **carried),
        "json": addresses.with_query("/changes.json", **carried),
    }


def _years(
    conn: sqlite3.Connection, reader: Reader, filters: Filters, carried: dict[str, str]
) -> list[tuple[str, str]]:
    """Years since which the stream can be asked, newest first, each with the address that asks it."""
    first = pages.first_change(conn, filters.act)
    if first is None:
        return []
    return [
        (str(year), addresses.with_query("/changes", **{**carried, "from": f"{year}-01-01"}))
        for year in range(int(reader.today[:4]), int(first[:4]) - 1, -1)
    ]


def entries(conn: sqlite3.Connection, reader: Reader, rows: list[Row]) -> list[Row]:
    """One entry per article and date from one row per change, with its laws and address."""
    laws = pages.laws_of(conn, [row["id"] for row in rows])
    gathered: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        gathered.setdefault((row["redaction_date"], row["article_id"]), []).append(row)
    listed = []
    for changes_ in gathered.values():
        ordered = in_reader_order(changes_, reader.text_langs)
        main = ordered[0]
        named = {law["amending_act_id"]: law for change in ordered for law in laws[change["id"]]}
        listed.append(
            {
                "change": main,
                "changes": ordered,
                "langs": told_langs(ordered),
                "laws": list(named.values()),
                "url": change_link(main),
                "summary": labels.change_summary(main, reader.t),
            }
        )
    return listed


def grouped(gathered: list[Row]) -> list[Row]:
    """Entries under their date, act and law, in the order in which they come."""
    groups: dict[tuple[str, str, str], Row] = {}
    for entry in gathered:
        change = entry["change"]
        key = (change["redaction_date"], change["act_id"], change["amending_act_id"] or "")
        group = groups.setdefault(key, {"day": key[0], "act": change, "law": change, "entries": [], "forces": []})
        group["entries"].append(entry)
        if change["in_force_from"] and change["in_force_from"] not in group["forces"]:
            group["forces"].append(change["in_force_from"])
    return list(groups.values())


EXPORTED = (
    "redaction_date", "act_id", "eid", "heading", "lang", "op", "weight", "words_added", "words_removed",
    "amending_act_id", "law_number", "law_adopted_on", "attribution", "in_force_from", "in_force_text", "first_seen",
    "id", "url",
)  # fmt: skip


def export_rows(conn: sqlite3.Connection, reader: Reader, *, query: Mapping[str, str | None]) -> list[Row]:
    """The stream as flat rows for JSON and CSV: one per change, at most a thousand a page (`page=2` goes on)."""
    filters, page = read_filters(by_law(conn, query)), page_number(query)
    rows = pages.feed_changes(conn, filters, limit=1000, offset=(page - 1) * 1000)
    for row in rows:
        row["heading"] = row["new_heading"] or row["old_heading"]
        row["url"] = reader.site + change_link(row)
    return [{name: row[name] for name in EXPORTED} for row in rows]


# ---- laws


def law(conn: sqlite3.Connection, reader: Reader, law_id: str) -> Context:
    """Everything that an amending law changed, by act and article. Raises Missing for a law that no note names."""
    found = pages.law(conn, law_id)
    if found is None:
        raise Missing("missing.law", law=law_id)
    t = reader.t
    gathered: dict[tuple[str, str, str], list[Row]] = {}
    for row in pages.law_changes(conn, law_id):
        gathered.setdefault((row["act_id"], row["article_id"], row["redaction_date"]), []).append(row)
    acts: dict[str, Row] = {}
    for (act_id, _, _), rows in gathered.items():
        ordered = in_reader_order(rows, reader.text_langs)
        main = ordered[0]
        act_entry = acts.setdefault(act_id, {"act": main, "entries": []})
        act_entry["entries"].append(
            {
                "change": main,
                "langs": told_langs(ordered),
                "url": change_link(main),
                "summary": labels.change_summary(main, t),
                "forces": sorted({row["law_in_force_from"] for row in rows if row["law_in_force_from"]}),
                "force_text": main["law_in_force_text"],
            }
        )
    forces = sorted({day for entry in acts.values() for item in entry["entries"] for day in item["forces"]})
    days = {(item["change"]["redaction_date"], *item["forces"]) for entry in acts.values() for item in entry["entries"]}
    return {
        "law": found,
        "label": labels.law_label(found, t),
        "title": found["title_kk"] if t.lang == "kk" and found["title_kk"] else found["title"],
        "title_lang": "kk" if t.lang == "kk" and found["title_kk"] else "ru",
        "acts": list(acts.values()),
        "articles": len({key[:2] for key in gathered}),
        "forces": forces,
        "uniform": len(days) == 1 and len(forces) == 1,
        "claims": pages.law_claims(conn, law_id),
        "official": addresses.official(found["url"]),
        "feeds": [(f"{addresses.law_url(law_id).replace('/laws/', '/feeds/laws/', 1)}.atom", t("feeds.law"))],
    }


def laws(conn: sqlite3.Connection) -> Context:
    """All amending laws by year of adoption."""
    years: dict[str, list[Row]] = {}
    for row in pages.laws(conn, limit=2000):
        years.setdefault((row["adopted_on"] or row["redaction_date"] or "—")[:4], []).append(row)
    return {"years": years, "feeds": []}


# ---- what is to come


def pending(conn: sqlite3.Connection, reader: Reader, *, query: Mapping[str, str | None]) -> Context:
    """What is adopted or announced and not yet in force, by month; what has no known date at the end."""
    page = page_number(query)
    rows = pages.pending(conn, reader.today, act_id=query.get("act") or None, limit=201, offset=(page - 1) * 200)
    months: dict[str, list[Row]] = {}
    for row in rows[:200]:
        months.setdefault((row["in_force_from"] or "")[:7], []).append(row)
    return {
        "months": months,
        "page": page,
        "older": addresses.with_query("/pending", act=query.get("act"), page=str(page + 1))
        if len(rows) > 200
        else None,
        "newer": addresses.with_query("/pending", act=query.get("act"), page=str(page - 1)) if page > 1 else None,
        "feeds": [
            ("/feeds/pending.atom", reader.t("feeds.pending")),
            ("/feeds/in-force.ics", reader.t("feeds.calendar")),
        ],
    }
