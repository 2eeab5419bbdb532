"""Offences as rows: what each part of an article threatens, how grave that is, and when it last changed.

`offence_rows` makes the rows of `offence_parts` from the versions of one article and their sanctions; the build writes
them beside the sanctions. The rest are the questions of the topic page and its exports, answered with plain dicts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lawdiff.identifiers import article_id
from lawdiff.model import ArticleVersion, State
from lawdiff.sanctions import Sanction, SanctionKind, SanctionReading, Verdict, compare_parts
from lawdiff.sanctions.compare import heaviest
from lawdiff.sanctions.following import Part, PunishingText, renamed_parts, renumbered
from lawdiff.sanctions.records import AmountUnit
from lawdiff.sanctions.severity import Severity, classify, longest_term
from lawdiff.store.rows import Row

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Past:
    """How one part came to be as a version shows it. texts: how many wordings it has had, this one included.

    continues: id of the row of the version before that it continues, under whatever number.
    """

    shown_since: str
    texts: int
    sanctions_since: str | None
    direction: str | None
    continues: str | None


# ---- writing ---------------------------------------------------------------------------------------------------------

_Read = tuple[ArticleVersion, SanctionReading]


def offence_rows(readings: Sequence[_Read], first_redaction: str, comparable: frozenset[State]) -> Iterator[Row]:
    """The rows of every version of one article and language, oldest version first.

    A version without text has one row without a part that says so. first_redaction: day of the oldest text held, before
    which nothing was seen: what stands in it is not called new. comparable: states whose texts count as a step.
    """
    steps = _steps(readings, first_redaction, comparable)
    shown: dict[Part, tuple[str, str, int]] = {}  # part → its words, first day of them, wordings so far
    changed: dict[Part, tuple[str, str]] = {}  # part → day and verdict of the last change of its sanctions
    for version, reading in readings:
        day = version.valid_from.isoformat()
        step = steps.get(version.key, _Step())
        shown = {step.names.get(part, part): past for part, past in shown.items()}
        changed = {step.names.get(part, part): past for part, past in changed.items()}
        for part, verdict in step.verdicts.items():
            changed[part] = (day, verdict)
        for part in dict.fromkeys([*shown, *reading.parts]):
            words = _text(version, part) if part in reading.parts else ""
            before = shown.get(part, ("", "", 0))
            if words != before[0]:
                shown[part] = (words, day, before[2] + bool(words))
        if not (reading.sanctions or reading.unread):
            if version.state is not State.IN_FORCE or not version.unit.lines:
                past = _Past(day, 1, None, None, None)
                yield _row(version, SanctionReading(), None, 1, Severity(None, reason="not_in_force"), past)
            continue
        for position, part in enumerate(reading.parts, 1):
            own = reading.of_part(part)
            text = f"{version.unit.heading}\n{shown[part][0]}"
            severity = classify(version.act_id, own.sanctions, own.unread, text, version.lang)
            _, since, texts = shown[part]
            changed_on, direction = changed.get(part, (None, None))
            past = _Past(since, texts, changed_on, direction, step.continues.get(part))
            yield _row(version, own, part, position, severity, past)


@dataclass(frozen=True, slots=True)
class _Step:
    """What one version did to the parts of the one before it: new names, new sanctions, whose row each continues."""

    names: Mapping[Part, Part] = field(default_factory=dict)
    verdicts: Mapping[Part, str] = field(default_factory=dict)
    continues: Mapping[Part, str] = field(default_factory=dict)


def _steps(readings: Sequence[_Read], first_redaction: str, comparable: frozenset[State]) -> dict[str, _Step]:
    """The step to each version, by its key."""
    found: dict[str, _Step] = {}
    before: _Read | None = None
    for version, reading in readings:
        if version.state not in comparable:
            continue
        if before is not None:
            names = renamed_parts(
                PunishingText(before[0].unit.lines, before[1]), PunishingText(version.unit.lines, reading)
            )
            verdicts = compare_parts(renumbered(before[1], names), reading)
            rows = {names.get(part, part): _row_id(before[0], at) for at, part in enumerate(before[1].parts, 1)}
        else:
            names, rows = {}, {}
            verdicts = compare_parts(SanctionReading(), reading)
        if before is None and version.valid_from.isoformat() == first_redaction:
            verdicts = {}
        told = {part: one.value for part, one in verdicts.items() if one is not Verdict.SAME}
        found[version.key] = _Step(names, told, rows)
        before = version, reading
    return found


def _row_id(version: ArticleVersion, position: int) -> str:
    return f"{version.key}/offence/{position}"


def _text(version: ArticleVersion, part: str | None) -> str:
    return "\n".join(
        line.text for line in version.unit.lines if part is None or line.eid == part or line.eid.startswith(f"{part}__")
    )


def _row(
    version: ArticleVersion,
    own: SanctionReading,
    part: str | None,
    position: int,
    severity: Severity,
    past: _Past,
) -> Row:
    sanctions = own.sanctions
    top = heaviest(sanctions)
    return (
        _row_id(version, position), version.act_id, article_id(version.act_id, version.eid), version.key,
        version.lang, position, part, _chapter(version.unit.parents), severity.category, severity.basis,
        severity.reason, top, _words(version, own), json.dumps([_facts(one) for one in sanctions]), len(own.unread),
        int(any(one.kind is SanctionKind.LIFE_IMPRISONMENT for one in sanctions)),
        _in_years(sanctions, SanctionKind.IMPRISONMENT), _in_years(sanctions, SanctionKind.RESTRICTION),
        _most(sanctions, SanctionKind.ARREST, AmountUnit.DAYS), _most(sanctions, SanctionKind.FINE, AmountUnit.MCI),
        _most(sanctions, SanctionKind.FINE, AmountUnit.PERCENT),
        _most(sanctions, SanctionKind.FINE, AmountUnit.MULTIPLE),
        _most(sanctions, SanctionKind.CORRECTIONAL_LABOUR, AmountUnit.MCI),
        _most(sanctions, SanctionKind.COMMUNITY_SERVICE, AmountUnit.HOURS), past.shown_since, past.texts,
        past.sanctions_since, past.direction, past.continues,
    )  # fmt: skip


def _chapter(parents: Iterable[str]) -> str | None:
    """The innermost chapter above an article, else the innermost heading: that is how the code orders its offences."""
    above = list(parents)
    return next(
        (eid for eid in reversed(above) if eid.rpartition("__")[2].startswith("chp_")), above[-1] if above else None
    )


def _words(version: ArticleVersion, own: SanctionReading) -> str:
    """The sanction as the law words it: from the first punishment to the last, line by line; what is unread, too."""
    texts = {line.eid: line.text for line in version.unit.lines}
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in own.sanctions:
        spans.setdefault(one.line, []).append((one.start, one.end))
    pieces: list[str] = []
    for eid, places in spans.items():
        start, end = min(begin for begin, _ in places), max(stop for _, stop in places)
        pieces.append(texts[eid][start:end])
    joined = " ".join(" ".join(pieces).split())
    return "; ".join(
        [piece for piece in (joined, *(one.text for one in own.unread if one.text not in joined)) if piece]
    )


def _facts(one: Sanction) -> dict[str, str | int | None]:
    facts = {
        "kind": one.kind.value, "role": one.role.value, "minimum": one.minimum, "maximum": one.maximum,
        "unit": one.unit.value if one.unit else None, "subject": one.subject.value if one.subject else None,
        "case": one.case, "base": one.base,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}


def _in_years(sanctions: Sequence[Sanction], kind: SanctionKind) -> float | None:
    months = longest_term(sanctions, kind)
    return None if months is None else months / 12


def _most(sanctions: Sequence[Sanction], kind: SanctionKind, unit: AmountUnit) -> int | None:
    amounts = [one.maximum for one in sanctions if one.kind is kind and one.unit is unit and one.maximum is not None]
    return max(amounts, default=None)


# ---- reading ---------------------------------------------------------------------------------------------------------


def _rows(conn: sqlite3.Connection, sql: str, values: Mapping[str, Any]) -> list[Facts]:
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def offences(conn: sqlite3.Connection, topic_id: str, lang: str, day: str | None = None) -> list[Facts]:
    """The offences of a topic in one language in page order: of today, or of the texts that were shown on `day`."""
    when = "valid_to IS NULL" if day is None else "valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)"
    return _rows(
        conn,
        f"""
        SELECT * FROM topic_offence_versions WHERE topic_id = :topic AND lang = :lang AND {when}
        ORDER BY act_id, article_position, position
        """,  # noqa: S608 - constants
        {"topic": topic_id, "lang": lang, "day": day},
    )


def topic_langs(conn: sqlite3.Connection, topic_id: str) -> list[str]:
    """Languages in which offences of a topic are held."""
    found = conn.execute(
        "SELECT DISTINCT p.lang FROM article_topics t JOIN offence_parts p ON p.article_id = t.article_id"
        " WHERE t.topic_id = ? ORDER BY p.lang DESC",
        [topic_id],
    )
    return [row[0] for row in found]


def history(conn: sqlite3.Connection, topic_id: str, lang: str) -> list[Facts]:
    """Every change of the texts of the topic's offences, oldest first, with its law and what it did to the sanctions.

    `before` is the day of the redaction before it, as the address of the redline needs it.
    """
    return _rows(
        conn,
        """
        SELECT c.id, c.article_id, a.act_id, a.eid, c.redaction_date, c.op, c.weight, c.seq, c.lang,
          c.amending_act_id, l.number AS law_number, l.adopted_on AS law_adopted_on, c.in_force_from, c.in_force_text,
          x.verdict, x.parts_json, o.valid_from AS old_from,
          (SELECT max(r.redaction_date) FROM redactions r
           WHERE r.act_id = a.act_id AND r.lang = c.lang AND r.redaction_date < c.redaction_date) AS before
        FROM changes c JOIN articles a ON a.id = c.article_id
        LEFT JOIN amending_acts l ON l.id = c.amending_act_id
        LEFT JOIN article_versions o ON o.id = c.old_version_id
        LEFT JOIN sanction_verdicts x ON x.version_id = c.new_version_id AND x.previous_version_id IS c.old_version_id
        WHERE c.lang = :lang AND c.weight = 'substantive'
          AND c.article_id IN (SELECT article_id FROM article_topics WHERE topic_id = :topic)
          AND c.article_id IN (SELECT article_id FROM offence_parts)
        ORDER BY c.redaction_date, a.act_id, a.position, c.seq
        """,
        {"topic": topic_id, "lang": lang},
    )


def lives(conn: sqlite3.Connection, topic_id: str, lang: str) -> list[Facts]:
    """When each text of the topic's offences was shown, oldest first: (article, from, to, state)."""
    return _rows(
        conn,
        """
        SELECT v.article_id, v.valid_from, v.valid_to, v.state FROM article_versions v
        WHERE v.lang = :lang AND v.article_id IN (SELECT article_id FROM article_topics WHERE topic_id = :topic)
          AND v.article_id IN (SELECT article_id FROM offence_parts)
        ORDER BY v.article_id, v.version_no
        """,
        {"topic": topic_id, "lang": lang},
    )


def first_day(conn: sqlite3.Connection, topic_id: str) -> str | None:
    """The first day on which a text of one of the topic's offences is known."""
    found = conn.execute(
        "SELECT min(v.valid_from) FROM article_versions v JOIN article_topics t ON t.article_id = v.article_id"
        " JOIN offence_parts p ON p.version_id = v.id WHERE t.topic_id = ?",
        [topic_id],
    ).fetchone()
    return str(found[0]) if found[0] else None


def regulators(conn: sqlite3.Connection, topic_id: str) -> list[Facts]:
    """Who regulates what in a topic, in the registry's order, with the act and article that say so, where held."""
    return _rows(
        conn,
        """
        SELECT r.*, a.short_ru, a.short_kk, a.title_ru, a.title_kk, u.kind, u.number, u.heading_ru, u.heading_kk,
          u.id AS article_id
        FROM regulators r LEFT JOIN acts a ON a.id = r.act_id
        LEFT JOIN articles u ON u.act_id = r.act_id AND u.eid = r.eid
        WHERE r.topic_id = :topic ORDER BY r.position
        """,
        {"topic": topic_id},
    )


def text_lang(conn: sqlite3.Connection, topic_id: str, wanted: Sequence[str]) -> str | None:
    """The first of the wanted languages in which offences of the topic are held."""
    held = topic_langs(conn, topic_id)
    return next((lang for lang in wanted if lang in held), None)
