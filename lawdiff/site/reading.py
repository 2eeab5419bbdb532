"""The pages on which law is read: an act with its structure, an article at a date in one language or two."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from lawdiff.identifiers import article_id, official_url, parse_date, parse_lang
from lawdiff.site import addresses, labels, pictures
from lawdiff.site.disagreeing import told
from lawdiff.site.lines import blocks, note_pieces, paired, text_lines
from lawdiff.site.reader import EVER, Elsewhere, Missing, Reader, Row, change_link, in_reader_order, told_langs
from lawdiff.store import pages

Context = dict[str, Any]


def choose_langs(reader: Reader, wish: str | None, held: set[str]) -> tuple[str, ...]:
    """The languages of a page's texts: the address's, else the reader's own if the text exists in it."""
    if wish:
        return tuple(wish.split("-"))
    first, second = reader.text_langs
    return (first,) if first in held or not held else (second,)


# ---- act


def act(
    conn: sqlite3.Connection,
    reader: Reader,
    act_id: str,
    *,
    day: str | None = None,
    langs: str | None = None,
    query: Mapping[str, str | None],
) -> Context:
    """The act page. Raises Missing for an unknown act or an impossible date, Elsewhere for a form that was sent."""
    found = pages.act(conn, act_id)
    if found is None:
        raise Missing("missing.act", act=act_id)
    _check_day(day)
    if on := addresses.read_day(query.get("on")):
        raise Elsewhere(addresses.act_url(act_id, day=on, langs=langs))
    since, until = addresses.read_day(query.get("from")), addresses.read_day(query.get("to"))
    if since and until:
        raise Elsewhere(addresses.act_diff_url(act_id, min(since, until), max(since, until)))
    t = reader.t
    redactions = pages.redactions(conn, act_id)
    held = {lang for redaction in redactions for lang in redaction["langs"].split(",")}
    lang = choose_langs(reader, langs, held)[0]
    shown = next((row for row in reversed(redactions) if not day or row["redaction_date"] <= day), None)
    units = pages.structure(conn, act_id, lang, day or EVER)
    rows = _outline(units, day, lang)
    bars = [
        (row["redaction_date"], row["changed"], f"{t.day(row['redaction_date'])}: {t.n('n.articles', row['changed'])}")
        for row in redactions
    ]
    return {
        "act": found,
        "title": found[f"title_{lang}"] or labels.act_title(found, t),
        "title_lang": lang if found[f"title_{lang}"] else t.pick_lang(found, "title"),
        "lang": lang,
        "langs": sorted(held, reverse=True),
        "day": day,
        "shown": shown,
        "redactions": redactions,
        "outline": rows,
        "counts": _counts(rows),
        "timeline": pictures.act_timeline(
            bars, today=reader.today, chosen=shown["redaction_date"] if shown and day else None,
            label=t("act.timeline_label", n=len(redactions)),
        ),
        "topics": pages.act_topics(conn, act_id),
        "coverage": pages.coverage(conn, act_id),
        "pending": pages.pending(conn, reader.today, act_id=act_id, limit=8),
        "official": addresses.official(official_url(act_id, parse_lang(lang), parse_date(day) if day else None))
        if not day or (shown and shown["redaction_date"] == day)
        else addresses.official(official_url(act_id, parse_lang(lang))),
        "feeds": [
            (addresses.with_query(f"/feeds/{act_id}.atom"), t("feeds.act", act=labels.act_label(found, t))),
        ],
    }  # fmt: skip


def _check_day(day: str | None) -> None:
    if day and not addresses.read_day(day):
        raise Missing("missing.day", day=day)


def _outline(units: list[Row], day: str | None, lang: str) -> list[Row]:
    """Units with their depth under headings; on a past day, only what the portal showed then."""
    headings = {unit["eid"] for unit in units if unit["kind"] == "heading"}
    rows = []
    for unit in units:
        if day and unit["heading"] is None:
            continue
        parents = [eid for eid in (unit["parents"] or "").split() if eid in headings]
        heading = unit["heading"] or unit[f"heading_{lang}"] or unit["heading_ru"] or unit["heading_kk"]
        rows.append(
            {**unit, "depth": len(parents), "shown_heading": heading, "present": unit["valid_from"] is not None}
        )
    return rows


def _counts(rows: list[Row]) -> Row:
    articles = [row for row in rows if row["kind"] == "article"]
    return {
        "articles": sum(row["present"] and row["state"] != "excluded" for row in articles),
        "excluded": sum(not row["present"] or row["state"] == "excluded" for row in articles),
        "amended": sum((row["versions"] or 0) > 1 for row in articles),
    }


# ---- article


def article(
    conn: sqlite3.Connection,
    reader: Reader,
    act_id: str,
    eid: str,
    *,
    day: str | None = None,
    langs: str | None = None,
    query: Mapping[str, str | None],
) -> Context:
    """The article page. Raises Missing for an unknown unit or impossible date, Elsewhere for a form that was sent."""
    unit = pages.article(conn, article_id(act_id, eid))
    if unit is None:
        raise Missing("missing.unit", unit=eid, act=act_id)
    _check_day(day)
    if on := addresses.read_day(query.get("on")):
        raise Elsewhere(addresses.article_url(act_id, eid, day=on, langs=langs))
    since, until = addresses.read_day(query.get("from")), addresses.read_day(query.get("to"))
    if since and until:
        raise Elsewhere(addresses.diff_url(act_id, eid, min(since, until), max(since, until)))
    versions = pages.versions(conn, unit["id"])
    chosen = choose_langs(reader, langs, {version["lang"] for version in versions})
    texts = [_text(conn, reader, unit, lang, day, versions) for lang in chosen]
    main = texts[0]
    # Side by side, the title of the page is that of the text which the reader reads.
    named = next((text for text in texts if text["lang"] == reader.text_langs[0] and text["version"]), main)
    t = reader.t
    changes = pages.changes_of(conn, unit["id"])
    before, after = pages.neighbours(conn, act_id, unit["position"])
    permanent_day = day or (main["redaction"] or {}).get("redaction_date")
    permanent = addresses.article_url(act_id, eid, day=permanent_day, langs=langs or "-".join(chosen))
    return {
        "unit": unit,
        "act": {**unit, "id": act_id},
        "label": labels.unit_label(unit, t),
        "heading": _heading(unit, named),
        "heading_lang": named["lang"] if named["version"] else t.pick_lang(unit, "heading"),
        "crumbs": pages.headings(conn, act_id, (unit["parents"] or "").split()),
        "contents": pages.children(conn, act_id, eid) if unit["kind"] == "heading" else [],
        "texts": texts,
        "pairs": paired(texts[0]["lines"], texts[1]["lines"]) if len(texts) == 2 else [],
        "langs": langs or "-".join(chosen),
        "held": sorted({version["lang"] for version in versions}, reverse=True),
        "day": day,
        "versions": versions,
        "life": life(conn, reader, changes),
        "first": min((version["valid_from"] for version in versions), default=None),
        "dates": sorted({version["valid_from"] for version in versions}),
        "timeline": _timeline(conn, reader, versions, act_id, day),
        "pending": pages.pending(conn, reader.today, act_id=act_id, article_id=unit["id"]),
        "claims": pages.amendments_of(conn, unit["id"]),
        "divergences": _divergences(conn, reader, unit["id"], day or reader.today),
        "before": before,
        "after": after,
        "permanent": permanent,
        "citation": labels.citation(
            unit, t, redaction=(main["redaction"] or {}).get("redaction_date"), url=reader.site + permanent
        ),
        "feeds": [
            (f"/feeds/{act_id}/{eid}.atom", t("feeds.article", unit=labels.unit_label(unit, t))),
            (f"/feeds/{act_id}.atom", t("feeds.act", act=labels.act_label(unit, t))),
        ],
    }


def _divergences(conn: sqlite3.Connection, reader: Reader, key: str, day: str) -> list[Row]:
    """Where the two official texts disagree on the day: the place and the facts that one side alone has."""
    return [
        {
            "kind": row["kind"],
            "place": labels.place_label(row["place"], reader.t) if row["place"] and row["kind"] != "law" else "",
            "only_ru": [told(row["kind"], fact, reader.t) for fact in json.loads(row["only_ru_json"])],
            "only_kk": [told(row["kind"], fact, reader.t) for fact in json.loads(row["only_kk_json"])],
            "since": row["since"],
        }
        for row in pages.divergences(conn, key, day)
    ]


def _heading(unit: Row, main: Row) -> str:
    version, lang = main["version"], main["lang"]
    return (version or {}).get("heading") or unit[f"heading_{lang}"] or unit["heading_ru"] or unit["heading_kk"] or ""


def _text(conn: sqlite3.Connection, reader: Reader, unit: Row, lang: str, day: str | None, versions: list[Row]) -> Row:
    """One language of an article page: its version at the day, where it comes from, and what is to be said of it."""
    own = [version for version in versions if version["lang"] == lang]
    version = pages.version_at(conn, unit["id"], lang, day or EVER)
    redaction = pages.redaction_snapshot(conn, unit["act_id"], lang, day or EVER)
    lines = text_lines(version) if version else []
    snapshot_id = version["snapshot_id"] if version else None
    return {
        "lang": lang,
        "version": version,
        "lines": lines,
        "blocks": blocks(lines),
        "notes": note_pieces(version) if version else [],
        "redaction": redaction,
        "snapshot_id": snapshot_id,
        "situation": situation(reader, own, version, day, redaction, pages.coverage(conn, unit["act_id"]), lang),
        "official": _official(unit["act_id"], lang, redaction, version),
    }


def _official(act_id: str, lang: str, redaction: Row | None, version: Row | None) -> str | None:
    """The portal's page that shows this text: the redaction's own address, at the unit's anchor."""
    if redaction is None:
        return addresses.official(official_url(act_id, parse_lang(lang)))
    day = None if redaction["is_current"] else parse_date(redaction["redaction_date"])
    anchor = version["anchor"] if version and str(version["anchor"] or "").isalnum() else None
    url = addresses.official(official_url(act_id, parse_lang(lang), day))
    return f"{url}#{anchor}" if url and anchor else url


def situation(
    reader: Reader,
    own: list[Row],
    version: Row | None,
    day: str | None,
    redaction: Row | None,
    coverage: list[Row],
    lang: str,
) -> Row:
    """What a reader must know before citing: a mood (`good`, `past`, `waiting`, `gone`, `unknown`) and plain sentences.

    «Unchanged» and «could not be checked» are different answers: the date of the last good check is always told.
    """
    t = reader.t
    said: list[str] = []
    checked = next((row for row in coverage if row["lang"] == lang), None)
    if version is None:
        mood = _absent(t, own, day, redaction, said, lang)
    elif version["state"] == "excluded":
        mood = "gone"
        said.append(t("situation.excluded", date=t.day(version["valid_from"])))
    elif version["state"] == "deferred":
        mood = "waiting"
        said.append(t("situation.deferred", date=t.day(version["valid_from"])))
    elif version["state"] == "suspended":
        mood = "waiting"
        said.append(t("situation.suspended"))
    elif version["valid_to"]:
        mood = "past"
        said.append(t("situation.past", since=t.day(version["valid_from"]), until=t.day(version["valid_to"])))
    else:
        mood = "good" if version["state"] == "in_force" else "unknown"
        looked = checked["last_good"] if checked else None
        if day and looked and day > looked[:10]:
            mood = "unknown"  # nobody can know it yet: a note may announce a change, or none does
            said.append(t("situation.ahead", day=t.day(day)))
        said.append(
            t(
                "situation.good" if version["state"] == "in_force" else "situation.unsure",
                date=t.day(version["valid_from"]),
            )
        )
        if day is None:
            said.append(t.n("situation.versions", len(own)) if len(own) > 1 else t("situation.original"))
    if version is not None and version["valid_to"] and version["state"] != "in_force":
        said.append(t("situation.until", until=t.day(version["valid_to"])))
    if version is not None and redaction is not None and redaction["date_basis"] == "first_observed":
        said.append(t("situation.undated"))
    if version is not None and redaction is not None and redaction["date_basis"] == "mirror":
        said.append(t("situation.mirror"))
    if not (version is not None and version["valid_to"]) and checked:
        said.append(_freshness(t, checked))
    if checked and (checked["redactions_listed"] or 0) > checked["redactions_held"]:
        said.append(t("situation.holes", held=checked["redactions_held"], listed=checked["redactions_listed"]))
    return {"mood": mood, "said": said}


def _absent(t: Any, own: list[Row], day: str | None, redaction: Row | None, said: list[str], lang: str) -> str:
    if not own:
        said.append(t(f"situation.no_text_{lang}"))
        return "unknown"
    first = own[0]["valid_from"]
    if day and redaction is None:
        said.append(t("situation.before_archive", day=t.day(day)))
        return "unknown"
    if day and day < first:
        said.append(t("situation.not_yet", day=t.day(day), first=t.day(first)))
        return "past"
    last = max(version["valid_to"] or EVER for version in own)
    said.append(t("situation.vanished", date=t.day(last)) if last != EVER else t("situation.gap", day=t.day(day)))
    return "gone"


def _freshness(t: Any, checked: Row) -> str:
    """When the portal was last read, and, if the last try failed, that it did."""
    if not checked["last_good"]:
        return str(t("situation.never_checked"))
    if checked["last_checked"] and checked["last_checked"][:10] > checked["last_good"][:10]:
        return str(t("situation.stale", good=t.day(checked["last_good"]), tried=t.day(checked["last_checked"])))
    return str(t("situation.checked", date=t.day(checked["last_good"])))


def life(conn: sqlite3.Connection, reader: Reader, changes: list[Row]) -> list[Row]:
    """The changes of an article, newest first, one entry per date with what each language says of it."""
    laws = pages.laws_of(conn, [change["id"] for change in changes])
    by_day: dict[str, list[Row]] = {}
    for change in changes:
        by_day.setdefault(change["redaction_date"], []).append(change)
    entries = []
    for day in sorted(by_day, reverse=True):
        ordered = in_reader_order(by_day[day], reader.text_langs)
        main = ordered[0]
        named = {law["amending_act_id"]: law for change in ordered for law in reversed(laws[change["id"]])}
        entries.append(
            {
                "day": day,
                "change": main,
                "changes": ordered,
                "langs": told_langs(ordered),
                "laws": list(reversed(named.values())),
                "url": change_link(main),
                "summary": labels.change_summary(main, reader.t),
            }
        )
    return entries


def _timeline(conn: sqlite3.Connection, reader: Reader, versions: list[Row], act_id: str, day: str | None) -> Any:
    if not versions:
        return ""
    t = reader.t
    lanes = []
    for lang in ("ru", "kk"):
        own = [version for version in versions if version["lang"] == lang]
        if own:
            spans = [
                (
                    version["valid_from"],
                    version["valid_to"],
                    version["state"],
                    t("article.span", since=t.short(version["valid_from"]), until=t.short(version["valid_to"])),
                )
                for version in own
            ]
            lanes.append((lang.upper() if lang == "ru" else "ҚАЗ", spans))
    dates = pages.redaction_dates(conn, act_id, versions[0]["lang"])
    first = min([version["valid_from"] for version in versions] + dates[:1])
    label = t("article.timeline_label", n=len({version["valid_from"] for version in versions}))
    return pictures.article_timeline(lanes, first=first, today=reader.today, label=label, chosen=day)
