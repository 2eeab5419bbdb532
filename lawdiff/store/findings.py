"""Findings about an act, beside its texts: sanctions, which version is the milder, and where the languages disagree.

`add_findings` is called by the build in the transaction that writes the act, after its versions; it replaces whatever
was found before. Everything is derived from the act's histories alone: two builds of one archive write the same rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lawdiff.divergences import Finding, compare_histories
from lawdiff.identifiers import article_id
from lawdiff.model import ArticleVersion, History, Lang, State, UnitKind
from lawdiff.sanctions import (
    PUNISHING_ACTS,
    SanctionReading,
    Verdict,
    compare_parts,
    compare_sanctions,
    read_sanctions,
)
from lawdiff.sanctions.following import PunishingText, follow, lineages, names_along, renumbered
from lawdiff.store.offences import offence_rows
from lawdiff.store.rows import ActRecords, Row
from lawdiff.text import sha256_text

_TABLES = (
    "offence_parts",
    "lenient_versions",
    "sanction_verdicts",
    "unread_sanctions",
    "sanctions",
    "divergence_findings",
)
# An empty text of another state («deferred», «unknown») says nothing about punishment.
_COMPARED = frozenset({State.IN_FORCE, State.EXCLUDED, State.SUSPENDED})
_NO_WORSE = frozenset({Verdict.MILDER, Verdict.SAME})


@dataclass(frozen=True, slots=True)
class LenientVersion:
    """A version in force on the day of an offence or since. verdict: against the text of that day."""

    version_id: str
    valid_from: str
    valid_to: str | None
    state: str
    heading: str
    verdict: str
    is_mildest: bool


def add_findings(connection: sqlite3.Connection, records: ActRecords) -> None:
    """Replace the findings about one act. Call inside the transaction that wrote its versions."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE act_id = ?", (records.act_id,))  # noqa: S608
    if records.act_id in PUNISHING_ACTS:
        for _, history in sorted(records.histories.items()):
            _add_sanctions(connection, history)
    ru, kk = records.histories.get(Lang.RU), records.histories.get(Lang.KK)
    if ru is not None and kk is not None:
        found = compare_histories(ru, kk) if records.divergences is None else records.divergences
        _insert(connection, "divergence_findings", _divergence_rows(found))


# ---- writing ---------------------------------------------------------------------------------------------------------


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        marks = ",".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608


def _add_sanctions(connection: sqlite3.Connection, history: History) -> None:
    by_eid: dict[str, list[ArticleVersion]] = {}
    first = min((day for day, *_ in history.redactions), default=date.max).isoformat()
    for version in history.versions:
        if version.unit.kind is UnitKind.ARTICLE:
            by_eid.setdefault(version.eid, []).append(version)
    for versions in by_eid.values():
        readings = [(version, read_sanctions(version.unit.lines, version.lang)) for version in versions]
        if not any(reading.sanctions or reading.unread for _, reading in readings):
            continue
        _insert(connection, "offence_parts", offence_rows(readings, first, _COMPARED))
        for version, reading in readings:
            _insert(connection, "sanctions", _sanction_rows(version, reading))
            _insert(connection, "unread_sanctions", _unread_rows(version, reading))
        compared = [(version, reading) for version, reading in readings if version.state in _COMPARED]
        _insert(connection, "sanction_verdicts", _verdict_rows(compared))
        _insert(connection, "lenient_versions", _lenient_rows(compared))


def _place(version: ArticleVersion) -> tuple[str, str, str, str]:
    return version.act_id, article_id(version.act_id, version.eid), version.key, version.lang


def _sanction_rows(version: ArticleVersion, reading: SanctionReading) -> Iterator[Row]:
    act, article, key, lang = _place(version)
    texts = {line.eid: line.text for line in version.unit.lines}
    for position, one in enumerate(reading.sanctions, 1):
        yield (
            f"{key}/sanction/{position}", act, article, key, lang, position, one.part, one.case, one.kind, one.role,
            one.minimum, one.maximum, one.unit, one.subject, one.base, one.line,
            " ".join(texts[one.line][one.start : one.end].split()),
        )  # fmt: skip


def _unread_rows(version: ArticleVersion, reading: SanctionReading) -> Iterator[Row]:
    act, article, key, lang = _place(version)
    for position, one in enumerate(reading.unread, 1):
        yield f"{key}/unread/{position}", act, article, key, lang, one.part, one.line, one.reason, one.text


def _verdict_rows(compared: Sequence[tuple[ArticleVersion, SanctionReading]]) -> Iterator[Row]:
    """Every version against the one before it; the first one against nothing."""
    before: tuple[ArticleVersion, SanctionReading] | None = None
    for version, reading in compared:
        act, article, key, lang = _place(version)
        old = follow(_text(*before), _text(version, reading)) if before else SanctionReading()
        parts = {part or "": verdict for part, verdict in compare_parts(old, reading).items()}
        verdict = compare_sanctions(old, reading)
        yield key, act, article, lang, before[0].key if before else None, verdict, json.dumps(parts)
        before = version, reading


def _text(version: ArticleVersion, reading: SanctionReading) -> PunishingText:
    return PunishingText(version.unit.lines, reading)


def _lenient_rows(compared: Sequence[tuple[ArticleVersion, SanctionReading]]) -> Iterator[Row]:
    """For every version taken as the law of the day of an offence: it and all later ones, the mildest marked.

    A version is the mildest where it is milder than every other or the same; where two are each milder in another
    respect, or one could not be read, none is marked: that is for a lawyer.
    """
    verdicts = _verdicts([_text(version, reading) for version, reading in compared])
    for at, (first, _) in enumerate(compared):
        later = range(at, len(compared))
        for place in later:
            act, article, key, lang = _place(compared[place][0])
            mildest = all(verdicts[other, place] in _NO_WORSE for other in later)
            yield first.key, key, act, article, lang, verdicts[at, place], int(mildest)


def _verdicts(texts: Sequence[PunishingText]) -> dict[tuple[int, int], Verdict]:
    """Every text (first) against every other (second), each part against the one that it continues or is continued by.
    Most versions of an article provide the same: these are compared once."""
    lines = lineages(texts)
    kinds: dict[tuple[object, ...], int] = {}
    of = []
    for place, text in enumerate(texts):
        facts = tuple(one.facts for one in text.reading.sanctions)
        of.append(kinds.setdefault((facts, bool(text.reading.unread), tuple(lines[place].items())), place))
    distinct = sorted(set(of))
    known = {
        (old, new): compare_sanctions(
            renumbered(texts[old].reading, names_along(lines[old], lines[new])), texts[new].reading
        )
        for old in distinct
        for new in distinct
    }
    return {(old, new): known[of[old], of[new]] for old in range(len(of)) for new in range(len(of))}


def _divergence_rows(findings: Iterable[Finding]) -> Iterator[Row]:
    for one in findings:
        found = one.divergence
        article = article_id(one.act_id, one.eid)
        facts = sha256_text(f"{found.place}\n{found.detail}")[:12]
        yield (
            f"{article}/{found.kind}/{one.since.isoformat()}/{facts}", one.act_id, article, found.kind,
            found.place or None, json.dumps(found.only_ru, ensure_ascii=False),
            json.dumps(found.only_kk, ensure_ascii=False), found.detail,
            one.since.isoformat(), one.until.isoformat() if one.until else None, one.ru_version, one.kk_version,
        )  # fmt: skip


# ---- reading ---------------------------------------------------------------------------------------------------------


def sanctions_of(connection: sqlite3.Connection, version_id: str) -> list[dict[str, str | int | None]]:
    """The sanctions of one version in text order, as dictionaries of the table's columns."""
    rows = connection.execute(
        "SELECT part, case_of, kind, role, minimum, maximum, unit, subject, base, line, text"
        " FROM sanctions WHERE version_id = ? ORDER BY position",
        (version_id,),
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def unread_sanctions_of(connection: sqlite3.Connection, version_id: str) -> list[tuple[str, str]]:
    """(reason, text) of what could not be read of one version."""
    return [
        (row[0], row[1])
        for row in connection.execute(
            "SELECT reason, text FROM unread_sanctions WHERE version_id = ? ORDER BY id", (version_id,)
        )
    ]


def lenient_since(connection: sqlite3.Connection, article: str, lang: Lang, day: date) -> list[LenientVersion]:
    """Versions of an article shown on a day and since, oldest first, the mildest marked; none shown: empty."""
    rows = connection.execute(
        "SELECT version_id, valid_from, valid_to, state, heading, verdict, is_mildest FROM more_lenient_law"
        " WHERE article_id = ? AND lang = ? AND offence_from <= ? AND (offence_until IS NULL OR offence_until > ?)"
        " ORDER BY valid_from",
        (article, lang, day.isoformat(), day.isoformat()),
    )
    return [
        LenientVersion(version, start, end, state, heading, verdict, bool(mildest))
        for version, start, end, state, heading, verdict, mildest in rows
    ]


def divergences_of(
    connection: sqlite3.Connection, *, act_id: str | None = None, article: str | None = None, current: bool = True
) -> list[dict[str, str | int | None]]:
    """Disagreements of an act or an article, as dictionaries of the view's columns; current ones only by default."""
    where, values = ["1"], []
    if act_id is not None:
        where.append("act_id = ?")
        values.append(act_id)
    if article is not None:
        where.append("article_id = ?")
        values.append(article)
    if current:
        where.append("until IS NULL")
    rows = connection.execute(
        f"SELECT * FROM divergences WHERE {' AND '.join(where)} ORDER BY article_id, since, id",  # noqa: S608
        values,
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows]
