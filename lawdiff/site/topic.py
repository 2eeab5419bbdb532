"""The page of a topic: its offences by object and severity with their sanctions, their history, and who regulates what.

Sanctions, severity and history come from the database (`lawdiff.store.offences`); here they are put into the reader's
words and order. Nothing is shown for today that a reader asked for another day.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from lawdiff.registry import SEVERITIES
from lawdiff.site import addresses, labels, pictures
from lawdiff.site.changing import entries, grouped
from lawdiff.site.punishments import choices
from lawdiff.site.reader import Elsewhere, Missing, Reader, Row, change_link
from lawdiff.store import offences as store
from lawdiff.store import pages
from lawdiff.store.pages import Filters

Context = dict[str, Any]
GONE = "not_in_force"
GRAVEST_FIRST = (*reversed(SEVERITIES), None, GONE)
EXPORTED = (
    "topic_id", "act_id", "article_id", "eid", "number", "lang", "heading", "part", "object", "object_ru", "object_kk",
    "object_en", "severity", "severity_basis", "severity_reason", "heaviest", "sanctions", "sanctions_json", "unread",
    "for_life", "imprisonment_max_years", "restriction_max_years", "arrest_max_days", "fine_max_mci",
    "fine_max_percent", "fine_max_multiple", "labour_max_mci", "service_max_hours", "state", "shown_since", "texts",
    "sanctions_since", "direction", "changed_on", "change_op", "change_id", "amending_act_id", "law_number",
    "in_force_from", "in_force_text", "valid_from", "valid_to", "version_id", "url",
)  # fmt: skip


def topic(
    conn: sqlite3.Connection, reader: Reader, topic_id: str, *, day: str | None = None, query: Mapping[str, str | None]
) -> Context:
    """The page. Raises Missing for an unknown topic or an impossible date, Elsewhere for a date that a form sent."""
    found = pages.topic(conn, topic_id)
    if found is None:
        raise Missing("missing.topic", topic=topic_id)
    if day and not addresses.read_day(day):
        raise Missing("missing.day", day=day)
    by = "article" if query.get("by") == "article" else "severity"
    if on := addresses.read_day(query.get("on") or query.get("date")):
        raise Elsewhere(addresses.topic_url(topic_id, day=on, by=None if by == "severity" else by))
    t = reader.t
    acts = {act["id"]: act for act in pages.acts(conn)}
    lang = store.text_lang(conn, topic_id, reader.text_langs)
    rows = _offences(conn, reader, topic_id, lang, day) if lang else []
    listed = {row["article_id"] for row in rows}
    name = found[f"name_{t.lang}"]
    changes = pages.stream(conn, Filters(topic=topic_id, weight="substantive"), limit=12)
    return {
        "topic": found,
        "name": name,
        "day": day,
        "by": by,
        "lang": lang,
        "offences": [row for row in rows if _rank(row) != GONE],
        "listed": listed,
        "objects": _by_object(rows, acts, t, by),
        "table": _matrix(rows, t),
        "first": store.first_day(conn, topic_id),
        "lives": _lives(conn, reader, topic_id, lang, day) if lang else [],
        "regulators": store.regulators(conn, topic_id),
        "unregulated": _unregulated(conn, topic_id),
        "acts": pages.topic_acts(conn, topic_id),
        "articles": _other_articles(conn, topic_id, acts, listed),
        "groups": grouped(entries(conn, reader, changes)),
        "feeds": [(f"/feeds/topics/{topic_id}.atom", t("feeds.topic", topic=name))],
    }


def export_rows(conn: sqlite3.Connection, reader: Reader, topic_id: str, *, day: str | None = None) -> list[Row]:
    """The offences of a topic in both languages as flat rows for JSON and CSV. Raises Missing as `topic` does."""
    if pages.topic(conn, topic_id) is None:
        raise Missing("missing.topic", topic=topic_id)
    if day and not addresses.read_day(day):
        raise Missing("missing.day", day=day)
    rows = [row for lang in ("ru", "kk") for row in store.offences(conn, topic_id, lang, day)]
    for row in rows:
        row["url"] = reader.site + _offence_url(row, day)
    return [{name: row[name] for name in EXPORTED} for row in rows]


# ---- offences --------------------------------------------------------------------------------------------------------


def _offence_url(row: Row, day: str | None, langs: str | None = None) -> str:
    return addresses.article_url(row["act_id"], row["eid"], day=day, langs=langs) + (
        f"#{row['part']}" if row["part"] else ""
    )


def _offences(conn: sqlite3.Connection, reader: Reader, topic_id: str, lang: str, day: str | None) -> list[Row]:
    """The offences with their words for the page; `differs` where the other language's sanction reads otherwise."""
    t = reader.t
    other = {
        (row["article_id"], row["part"]): _comparable(row)
        for row in store.offences(conn, topic_id, "kk" if lang == "ru" else "ru", day)
    }
    rows = store.offences(conn, topic_id, lang, day)
    for row in rows:
        row["kind"] = "article"
        row["url"] = _offence_url(row, day)
        row["both_url"] = _offence_url(row, day, "ru-kk")
        row["name"] = labels.strip_number(row["heading"])
        row["label"] = labels.unit_label(row, t)
        row["part_label"] = labels.line_label(row["part"], t) if row["part"] else ""
        row["choices"] = choices(json.loads(row["sanctions_json"]), t)
        twin = other.get((row["article_id"], row["part"]))
        row["differs"] = twin is not None and twin != _comparable(row)
        row["redline"] = _redline(conn, row["change_id"]) if row["change_id"] else None
    return rows


def _comparable(row: Row) -> list[str] | None:
    """What the two languages must agree on; None where one was not read in full: silence is not disagreement."""
    if row["unread"]:
        return None
    facts = json.loads(row["sanctions_json"])
    return sorted(
        json.dumps({key: value for key, value in one.items() if key != "base"}, sort_keys=True) for one in facts
    )


def _redline(conn: sqlite3.Connection, change_id: str) -> str | None:
    change = pages.change(conn, change_id)
    return change_link(change) if change and change["old_version_id"] else None


def _by_object(rows: list[Row], acts: Mapping[str, Row], t: Any, by: str) -> list[Row]:
    """The offences by object, in the order of the acts; within one by severity, gravest first, or as they come."""
    found: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row["act_id"], row["object"]), []).append(row)
    groups = []
    for (act_id, eid), own in found.items():
        first = own[0]
        ranked = sorted(own, key=lambda row: GRAVEST_FIRST.index(_rank(row))) if by == "severity" else own
        kinds = dict.fromkeys(_rank(row) for row in ranked) if by == "severity" else [None]
        groups.append(
            {
                "id": f"{act_id}-{eid or 'none'}",
                "act_id": act_id,
                "eid": eid,
                "name": _object_name(first, t),
                "lang": _object_lang(first, t),
                "act": acts[act_id],
                "count": sum(_rank(row) != GONE for row in own),
                "bodies": [(kind, [row for row in ranked if by == "article" or _rank(row) == kind]) for kind in kinds],
            }
        )
    return groups


def _rank(row: Row) -> str | None:
    """The group of a row: its category, None where that is not known, `GONE` where it has no text in force."""
    return GONE if row["severity_reason"] == GONE and not row["severity"] else row["severity"]


def _object_name(row: Row, t: Any) -> str:
    return str(row[f"object_{t.lang}"] or row["object_ru"] or row["object_kk"] or t("topic.no_object"))


def _object_lang(row: Row, t: Any) -> str:
    if row[f"object_{t.lang}"] or not (row["object_ru"] or row["object_kk"]):
        return str(t.lang)
    return "ru" if row["object_ru"] else "kk"


def _matrix(rows: list[Row], t: Any) -> Row:
    """Objects down, severities across, offences counted: only those columns that hold any."""
    shown = [row for row in rows if _rank(row) != GONE]
    columns = [kind for kind in (*SEVERITIES, None) if any(row["severity"] == kind for row in shown)]
    lines: dict[tuple[str, str | None], Row] = {}
    for row in shown:
        key = (row["act_id"], row["object"])
        line = lines.setdefault(
            key,
            {
                "id": f"{row['act_id']}-{row['object'] or 'none'}",
                "name": _object_name(row, t),
                "lang": _object_lang(row, t),
                "counts": [0] * len(columns),
            },
        )
        line["counts"][columns.index(row["severity"])] += 1
    return {
        "columns": columns,
        "lines": list(lines.values()),
        "totals": [sum(line["counts"][place] for line in lines.values()) for place in range(len(columns))],
    }


# ---- history ---------------------------------------------------------------------------------------------------------


def _lives(conn: sqlite3.Connection, reader: Reader, topic_id: str, lang: str, day: str | None) -> list[Row]:
    """Each article of the offences with its texts over time, its changes and what they did to the sanctions."""
    t = reader.t
    spans: dict[str, list[Row]] = {}
    for row in store.lives(conn, topic_id, lang):
        spans.setdefault(row["article_id"], []).append(row)
    changes: dict[str, list[Row]] = {}
    for row in store.history(conn, topic_id, lang):
        row["url"] = change_link(row) if row["old_from"] else None
        row["verdict"] = _direction(row)
        row["parts"] = [
            (labels.line_label(eid, t), verdict)
            for eid, verdict in json.loads(row["parts_json"] or "{}").items()
            if eid and verdict != "same"
        ]
        changes.setdefault(row["article_id"], []).append(row)
    first = min((own[0]["valid_from"] for own in spans.values()), default=reader.today)
    found = []
    for article_id, own in spans.items():
        unit = pages.article(conn, article_id)
        assert unit is not None
        steps = changes.get(article_id, [])
        label = labels.unit_label(unit, t)
        found.append(
            {
                **unit,
                "label": label,
                "name": labels.unit_name(unit, t),
                "steps": list(reversed(steps)),
                "from": own[0]["valid_from"],
                "strip": _strip(own, steps, first, label, reader, day),
            }
        )
    return sorted(found, key=lambda row: (row["act_id"], row["position"]))


def _direction(row: Row) -> str | None:
    """What a change did to the sanctions: tougher, milder, mixed, unknown; None where it left them as they were."""
    if row["op"] in ("added", "excluded"):
        return None
    return row["verdict"] if row["verdict"] in ("tougher", "milder", "mixed", "unknown", "new") else None


def _strip(own: list[Row], steps: list[Row], first: str, label: str, reader: Reader, day: str | None) -> Markup:
    t = reader.t
    summary = t("topic.strip", name=label, texts=t.n("n.versions", len(own)), changes=t.n("n.changes", len(steps)))
    marks = [
        (
            row["redaction_date"],
            row["verdict"] or ("added" if row["op"] == "added" else "gone" if row["op"] == "excluded" else "same"),
            f"{t.day(row['redaction_date'])}: {t.word('op', row['op'])}"
            + (f", {t.word('sanction', row['verdict'])}" if row["verdict"] else ""),
        )
        for row in steps
    ]
    return pictures.offence_strip(
        [(row["valid_from"], row["valid_to"], row["state"]) for row in own],
        marks, first=first, today=reader.today, label=summary, chosen=day,
    )  # fmt: skip


# ---- what else -------------------------------------------------------------------------------------------------------


def _unregulated(conn: sqlite3.Connection, topic_id: str) -> list[Row]:
    """Acts of the topic of which the registry names no regulator."""
    named = {row["act_id"] for row in store.regulators(conn, topic_id)}
    return [act for act in pages.topic_acts(conn, topic_id) if act["id"] not in named]


def _other_articles(
    conn: sqlite3.Connection, topic_id: str, acts: Mapping[str, Row], listed: set[str]
) -> list[tuple[Row, list[Row]]]:
    """Articles singled out by the topic that are no offences; of an act that is wholly in the topic none are listed."""
    found: dict[str, list[Row]] = {}
    for row in pages.topic_articles(conn, topic_id):
        if row["kind"] == "article":
            found.setdefault(row["act_id"], []).append(row)
    return [
        (acts[act_id], left)
        for act_id, rows in found.items()
        if len(rows) <= 60 and (left := [row for row in rows if row["id"] not in listed])
    ]
