"""Facts for alerts, read from the published tables: changes, live announcements, coverage, and their texts.

Everything is read light first (no diffs); `texts_of` brings the words of the facts that a rule asks for. Rows come in a
fixed order, so that two builds of one archive give the same facts in the same order.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from lawdiff.alerts.advice import Held
from lawdiff.alerts.facts import ActInfo, Evidence, Fact, FactKind, FactLaw, Texts
from lawdiff.model import Lang
from lawdiff.numbering import fold_convocation
from lawdiff.text import fold_key

_CHANGES = """
SELECT c.id, c.article_id, c.lang, c.redaction_date, c.op, c.weight, c.words_added, c.words_removed, c.summary_json,
       c.attribution, c.attribution_detail, c.in_force_from, c.in_force_text, c.first_seen, c.moved_from, c.seq,
       c.amending_act_id, a.act_id, a.eid, a.number, a.kind, a.sort_key, a.position, a.parents,
       COALESCE(n.heading, o.heading, '') AS heading, CASE c.lang WHEN 'kk' THEN a.path_kk ELSE a.path END AS path,
       COALESCE(n.anchor, o.anchor) AS anchor, o.valid_from AS old_from, COALESCE(o.text_sha256, '') AS old_sha,
       COALESCE(n.text_sha256, '') AS new_sha,
       EXISTS (SELECT 1 FROM technical_records t WHERE t.change_id = c.id AND t.what <> 'reworded') AS technical
FROM changes c JOIN articles a ON a.id = c.article_id
LEFT JOIN article_versions n ON n.id = c.new_version_id LEFT JOIN article_versions o ON o.id = c.old_version_id
WHERE :act IS NULL OR a.act_id = :act
ORDER BY c.redaction_date, a.act_id, a.position, c.lang DESC, c.seq
"""
_CHANGE_LAWS = """
SELECT x.change_id, x.in_force_from, x.in_force_text, l.id, l.number, l.adopted_on, l.title, l.title_kk, l.url
FROM change_laws x JOIN amending_acts l ON l.id = x.amending_act_id ORDER BY x.change_id, x.position
"""
_LAWS = "SELECT id, number, adopted_on, title, title_kk, url FROM amending_acts"
_CLAIMS = """
SELECT article_id, lang, amending_act_id, min(in_force_from) AS day, min(in_force_text) AS phrase FROM amendments
WHERE last_redaction IS NULL AND note_kind = 'amendment' AND article_id IS NOT NULL AND amending_act_id IS NOT NULL
  AND in_force_from IS NOT NULL
GROUP BY article_id, lang, amending_act_id HAVING count(DISTINCT in_force_from) = 1
"""
_ANNOUNCEMENTS = """
SELECT m.id, m.act_id, m.article_id, m.lang, m.action, m.unit, m.note, m.note_kind, m.first_redaction, m.last_redaction,
       m.in_force_from, m.in_force_text, m.amending_act_id, COALESCE(a.eid, '') AS eid, a.number, a.kind, a.sort_key,
       a.position, a.parents, CASE m.lang WHEN 'kk' THEN a.heading_kk ELSE a.heading_ru END AS heading,
       CASE m.lang WHEN 'kk' THEN a.path_kk ELSE a.path END AS path
FROM amendments m LEFT JOIN articles a ON a.id = m.article_id
WHERE m.note_kind IN ('future', 'deferred', 'suspended') AND (:act IS NULL OR m.act_id = :act)
ORDER BY m.first_redaction, m.act_id, a.position, m.lang DESC, m.id
"""
_COVERAGE = """
SELECT k.act_id, k.lang, k.last_checked, k.last_good, k.last_verdict FROM coverage k
WHERE k.last_checked IS NOT NULL AND (:act IS NULL OR k.act_id = :act) ORDER BY k.act_id, k.lang DESC
"""
_EVIDENCE = """
SELECT act_id, lang, max(CASE WHEN date_basis <> 'first_observed' THEN redaction_date END) AS newest
FROM redactions GROUP BY act_id, lang ORDER BY act_id, lang
"""
# One probe of the index each, however many nights lie behind: the newest page under the plain address, else any.
_NEWEST_PAGE = """
SELECT COALESCE(article_sha256, sha256, '') FROM snapshots
WHERE act_id = :act AND lang = :lang AND verdict = 'text' AND (:dated OR redaction_date IS NULL) ORDER BY id DESC
LIMIT 1
"""
_NEWEST_FETCH = "SELECT max(fetched_at) FROM snapshots WHERE act_id = :act AND lang = :lang AND verdict = 'text'"
_TEXTS = """
SELECT c.id, c.diff_html, COALESCE(o.heading || char(10) || o.text, '') AS old_text,
       COALESCE(n.heading || char(10) || n.text, '') AS new_text
FROM changes c LEFT JOIN article_versions o ON o.id = c.old_version_id
LEFT JOIN article_versions n ON n.id = c.new_version_id WHERE c.id IN ({})
"""
_MARKED = re.compile(r"<(ins|del)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_BATCH = 400


def _rows(conn: sqlite3.Connection, sql: str, values: object = ()) -> Iterator[sqlite3.Row]:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    return iter(cursor.execute(sql, values))  # type: ignore[arg-type]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def act_infos(conn: sqlite3.Connection) -> dict[str, ActInfo]:
    """Every act that the database names, by id."""
    return {
        row["id"]: ActInfo(row["id"], row["title_ru"], row["title_kk"], row["short_ru"], row["short_kk"], row["url"])
        for row in _rows(conn, "SELECT id, title_ru, title_kk, short_ru, short_kk, url FROM acts ORDER BY id")
    }


def held(conn: sqlite3.Connection) -> Held:
    """What rules can select: the units of each act, the numbers of its articles, and the laws that changes name."""
    units: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in _rows(conn, "SELECT act_id, eid, kind, sort_key, parents FROM articles ORDER BY act_id, position"):
        units[row["act_id"]].update((row["eid"], *(row["parents"] or "").split()))
        if row["kind"] == "article":
            numbers[row["act_id"]].add(row["sort_key"])
    laws: set[str] = set()
    for row in _rows(conn, _LAWS):
        laws.update((row["id"], fold_convocation(row["number"] or "")))
    return Held(
        {act: frozenset(found) for act, found in units.items()},
        {act: frozenset(numbers[act]) for act in units},
        frozenset(laws),
    )


def topic_ids(conn: sqlite3.Connection) -> frozenset[str]:
    return frozenset(row["id"] for row in _rows(conn, "SELECT id FROM topics"))


def evidence(conn: sqlite3.Connection) -> dict[tuple[str, Lang], Evidence]:
    """How far each act and language is known. The fingerprint is that of the page fetched last under the act's plain
    address (the current text), or of the last dated page where that one was never fetched."""
    found: dict[tuple[str, Lang], Evidence] = {}
    for row in _rows(conn, _EVIDENCE):
        lang = Lang(row["lang"])
        where = {"act": row["act_id"], "lang": row["lang"], "dated": False}
        page = (
            conn.execute(_NEWEST_PAGE, where).fetchone()
            or conn.execute(_NEWEST_PAGE, where | {"dated": True}).fetchone()
        )
        (fetched,) = conn.execute(_NEWEST_FETCH, where).fetchone()
        found[row["act_id"], lang] = Evidence(
            row["act_id"], lang, _day(row["newest"]), page[0] if page else "", _day(fetched)
        )
    return found


def changes(conn: sqlite3.Connection, act_id: str | None = None) -> Iterator[Fact]:
    """Every change as a fact, oldest first; the laws' days of effect are those of the newest live claim."""
    laws = _laws_by_change(conn)
    named = {row["id"]: row for row in _rows(conn, _LAWS)}
    claims = {
        (row["article_id"], row["lang"], row["amending_act_id"]): (_day(row["day"]), row["phrase"])
        for row in _rows(conn, _CLAIMS)
    }
    aliases = _aliases(conn)
    topics, _ = _topics(conn)
    newest = {
        (row["act_id"], row["lang"]): row["day"]
        for row in _rows(conn, "SELECT act_id, lang, max(redaction_date) AS day FROM redactions GROUP BY act_id, lang")
    }
    for row in _rows(conn, _CHANGES, {"act": act_id}):
        found = laws.get(row["id"], ())
        if not found and row["amending_act_id"] in named:
            found = (_law(named[row["amending_act_id"]], row["in_force_from"], row["in_force_text"]),)
        elif not found and row["in_force_from"]:
            found = (FactLaw("", None, None, None, None, None, _day(row["in_force_from"]), row["in_force_text"]),)
        current = tuple(_as_claimed(law, claims.get((row["article_id"], row["lang"], law.id))) for law in found)
        day = date.fromisoformat(row["redaction_date"])
        first_seen = _day(row["first_seen"])
        yield Fact(
            FactKind.CHANGE, row["act_id"], row["eid"], Lang(row["lang"]), day, row["op"], row["weight"], row["id"],
            discriminator=(first_seen or day).isoformat() if row["op"] == "silent_edit" else "",
            number=row["number"], unit_kind=row["kind"], sort_key=row["sort_key"], position=row["position"],
            parents=tuple((row["parents"] or "").split()), aliases=aliases.get(row["article_id"], ()),
            topics=topics.get(row["article_id"]) or topics.get(row["act_id"], frozenset()),
            heading=row["heading"], path=row["path"] or "", attribution=row["attribution"],
            detail=row["attribution_detail"] or "", laws=current, words_added=row["words_added"],
            words_removed=row["words_removed"], summary_json=row["summary_json"], moved_from=row["moved_from"],
            first_seen=first_seen, old_from=_day(row["old_from"]), old_sha=row["old_sha"], new_sha=row["new_sha"],
            anchor=row["anchor"], current=newest.get((row["act_id"], row["lang"])) == row["redaction_date"],
            live=not row["technical"],
        )  # fmt: skip


def announcements(conn: sqlite3.Connection, act_id: str | None = None) -> Iterator[Fact]:
    """Every note that says what will change or is not yet in force; `live` while the newest redaction still says so."""
    named = {row["id"]: row for row in _rows(conn, _LAWS)}
    aliases = _aliases(conn)
    topics, act_topics = _topics(conn)
    rows = list(_rows(conn, _ANNOUNCEMENTS, {"act": act_id}))
    days: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        days[_claim(row)].add(row["in_force_from"] or "")
    for row in rows:
        law = named.get(row["amending_act_id"])
        if law is not None:
            laws: tuple[FactLaw, ...] = (_law(law, row["in_force_from"], row["in_force_text"]),)
        elif row["in_force_from"]:
            laws = (FactLaw("", None, None, None, None, None, _day(row["in_force_from"]), row["in_force_text"]),)
        else:
            laws = ()
        # A law is the same in both languages; a note without one is known by its words alone. A law that announces
        # several days for one unit counts them by date.
        discriminator = laws[0].key if law is not None else _digest(row["note"])
        at = sorted(days[_claim(row)]).index(row["in_force_from"] or "")
        discriminator += f"#{at + 1}" if at else ""
        yield Fact(
            FactKind.ANNOUNCEMENT, row["act_id"], row["eid"], Lang(row["lang"]),
            date.fromisoformat(row["first_redaction"]), row["note_kind"], "substantive", row["id"],
            discriminator=f"{row['note_kind']}:{discriminator}", number=row["number"], unit_kind=row["kind"] or "act",
            sort_key=row["sort_key"] or "", position=row["position"] or 0,
            parents=tuple((row["parents"] or "").split()), aliases=aliases.get(row["article_id"] or "", ()),
            topics=topics.get(row["article_id"]) or topics.get(row["act_id"], frozenset())
            if row["article_id"]
            else act_topics.get(row["act_id"], frozenset()),
            heading=row["heading"] or "", path=row["path"] or "", attribution="", detail=row["note"], laws=laws,
            live=row["last_redaction"] is None,
        )  # fmt: skip


def troubles(conn: sqlite3.Connection, today: date, act_id: str | None = None) -> Iterator[Fact]:
    """Acts whose last good check is older than today: `day` is the day after it, `words_added` the days since."""
    _, act_topics = _topics(conn)
    for row in _rows(conn, _COVERAGE, {"act": act_id}):
        good = _day(row["last_good"])
        checked = _day(row["last_checked"]) or today
        day = good + timedelta(days=1) if good else checked
        yield Fact(
            FactKind.TROUBLE, row["act_id"], "", Lang(row["lang"]), day, "source_trouble", "substantive",
            f"{row['act_id']}/{row['lang']}/{day.isoformat()}", discriminator=row["lang"], unit_kind="act",
            topics=act_topics.get(row["act_id"], frozenset()), detail=row["last_verdict"] or "", first_seen=good,
            words_added=(today - (good or checked)).days,
        )  # fmt: skip


def texts_of(conn: sqlite3.Connection, change_ids: Iterable[str]) -> dict[str, Texts]:
    """The words of changes by id; ids that are no change are left out."""
    wanted = list(change_ids)
    found: dict[str, Texts] = {}
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        for row in _rows(conn, _TEXTS.format(",".join("?" * len(batch))), batch):
            marked = "\n".join(_TAG.sub("", match[2]) for match in _MARKED.finditer(row["diff_html"]))
            found[row["id"]] = Texts(marked, f"{row['old_text']}\n{row['new_text']}", row["diff_html"])
    return found


def _claim(row: sqlite3.Row) -> tuple[str, ...]:
    return tuple(row[name] or "" for name in ("act_id", "eid", "lang", "note_kind", "amending_act_id"))


def _laws_by_change(conn: sqlite3.Connection) -> dict[str, tuple[FactLaw, ...]]:
    found: dict[str, list[FactLaw]] = defaultdict(list)
    for row in _rows(conn, _CHANGE_LAWS):
        found[row["change_id"]].append(_law(row, row["in_force_from"], row["in_force_text"]))
    return {change: tuple(laws) for change, laws in found.items()}


def _law(row: sqlite3.Row, in_force_from: str | None, in_force_text: str | None) -> FactLaw:
    return FactLaw(
        row["id"], row["number"], _day(row["adopted_on"]), row["title"], row["title_kk"], row["url"],
        _day(in_force_from), in_force_text,
    )  # fmt: skip


def _as_claimed(law: FactLaw, claim: tuple[date | None, str | None] | None) -> FactLaw:
    if claim is None or claim[0] is None or claim[0] == law.in_force_from:
        return law
    return FactLaw(law.id, law.number, law.adopted_on, law.title, law.title_kk, law.url, claim[0], claim[1])


def _aliases(conn: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Article id → eids under which it stood before, nearest first, over any number of renumberings."""
    before: dict[str, set[str]] = defaultdict(set)
    for row in _rows(
        conn,
        "SELECT DISTINCT v.article_id AS now_id, p.article_id AS then_id FROM article_versions v "
        "JOIN article_versions p ON p.id = v.predecessor_id WHERE v.article_id <> p.article_id",
    ):
        before[row["now_id"]].add(row["then_id"])
    found: dict[str, tuple[str, ...]] = {}
    for now, nearest in before.items():
        chain: list[str] = []
        todo = sorted(nearest)
        while todo:
            then = todo.pop(0)
            if then != now and then not in chain:
                chain.append(then)
                todo.extend(sorted(before.get(then, ())))
        found[now] = tuple(then.partition("/")[2] for then in chain)
    return found


def _topics(conn: sqlite3.Connection) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Topics of units, and every topic that touches an act.

    The first is keyed by article id, and by act id for topics that list no articles of that act (they mean all of it).
    """
    by_article: dict[str, set[str]] = defaultdict(set)
    listed: set[tuple[str, str]] = set()
    for row in _rows(conn, "SELECT article_id, topic_id FROM article_topics"):
        by_article[row["article_id"]].add(row["topic_id"])
        listed.add((row["article_id"].partition("/")[0], row["topic_id"]))
    whole: dict[str, set[str]] = defaultdict(set)
    for row in _rows(conn, "SELECT act_id, topic_id FROM act_topics"):
        if (row["act_id"], row["topic_id"]) not in listed:
            whole[row["act_id"]].add(row["topic_id"])
    found = {act: frozenset(topics) for act, topics in whole.items()}
    for article, topics in by_article.items():
        found[article] = frozenset(topics | whole.get(article.partition("/")[0], set()))
    touching: dict[str, set[str]] = {act: set(topics) for act, topics in whole.items()}
    for act, topic in listed:
        touching.setdefault(act, set()).add(topic)
    return found, {act: frozenset(topics) for act, topics in touching.items()}


def _digest(note: str) -> str:
    return hashlib.sha256(fold_key(note).encode()).hexdigest()[:12]
