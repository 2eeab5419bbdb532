"""The tables, views and indexes of the published database, and the migrations that make them.

Only this module and `lawdiff.store` know table names in Python. Column meanings are in `lawdiff.datamodel`, from which
`docs/data-model.md` and the Datasette metadata are generated. ISO dates as TEXT, NULL for unknown, JSON in `*_json`.
A released migration is never edited: a change is a new one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database, Migrations

from lawdiff.errors import StoreError

migrations = Migrations("lawdiff")

TABLES = """
CREATE TABLE acts (
  id TEXT PRIMARY KEY, kind TEXT, number TEXT, adopted_on TEXT, title_ru TEXT, title_kk TEXT,
  status TEXT, url TEXT, short_ru TEXT, short_kk TEXT, tracked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE topics (id TEXT PRIMARY KEY, name_ru TEXT NOT NULL, name_kk TEXT NOT NULL, name_en TEXT NOT NULL,
  position INTEGER NOT NULL);
CREATE TABLE act_topics (act_id TEXT NOT NULL REFERENCES acts(id), topic_id TEXT NOT NULL REFERENCES topics(id),
  PRIMARY KEY (act_id, topic_id)) WITHOUT ROWID;
CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL, act_id TEXT, lang TEXT, redaction_date TEXT, page_kind TEXT,
  fetched_at TEXT NOT NULL, http_status INTEGER, sha256 TEXT, size INTEGER, warc_file TEXT, warc_offset INTEGER,
  verdict TEXT NOT NULL, detail TEXT, article_sha256 TEXT
);
CREATE TABLE redactions (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), lang TEXT NOT NULL, redaction_date TEXT NOT NULL,
  date_basis TEXT NOT NULL, is_current INTEGER NOT NULL, snapshot_id INTEGER REFERENCES snapshots(id),
  article_count INTEGER NOT NULL, source TEXT NOT NULL DEFAULT 'adilet'
);
CREATE TABLE coverage (
  act_id TEXT NOT NULL REFERENCES acts(id), lang TEXT NOT NULL, last_checked TEXT, last_good TEXT, last_verdict TEXT,
  last_snapshot_id INTEGER REFERENCES snapshots(id), redactions_listed INTEGER, redactions_held INTEGER NOT NULL,
  newest_redaction TEXT, missing_json TEXT, PRIMARY KEY (act_id, lang)
) WITHOUT ROWID;
CREATE TABLE articles (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), eid TEXT NOT NULL, kind TEXT NOT NULL, number TEXT,
  sort_key TEXT NOT NULL, position INTEGER NOT NULL, path TEXT, path_kk TEXT, parents TEXT,
  heading_ru TEXT, heading_kk TEXT, UNIQUE (act_id, eid)
);
CREATE TABLE article_topics (article_id TEXT NOT NULL REFERENCES articles(id),
  topic_id TEXT NOT NULL REFERENCES topics(id), PRIMARY KEY (article_id, topic_id)) WITHOUT ROWID;
CREATE TABLE article_versions (
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles(id), lang TEXT NOT NULL,
  version_no INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL, notes TEXT NOT NULL, state TEXT NOT NULL,
  text_sha256 TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT, first_seen TEXT,
  snapshot_id INTEGER REFERENCES snapshots(id), lines_json TEXT NOT NULL, html_json TEXT, notes_json TEXT,
  anchor TEXT, path TEXT, predecessor_id TEXT REFERENCES article_versions(id),
  UNIQUE (article_id, lang, version_no)
);
CREATE TABLE amending_acts (
  id TEXT PRIMARY KEY, number TEXT, adopted_on TEXT, published_on TEXT, title TEXT, title_kk TEXT, url TEXT
);
CREATE TABLE changes (
  id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles(id), lang TEXT NOT NULL,
  redaction_date TEXT NOT NULL, op TEXT NOT NULL, weight TEXT NOT NULL,
  old_version_id TEXT REFERENCES article_versions(id), new_version_id TEXT REFERENCES article_versions(id),
  words_added INTEGER NOT NULL, words_removed INTEGER NOT NULL, diff_json TEXT NOT NULL, diff_html TEXT NOT NULL,
  summary_json TEXT NOT NULL, amending_act_id TEXT REFERENCES amending_acts(id), attribution TEXT NOT NULL,
  attribution_detail TEXT, in_force_from TEXT, in_force_text TEXT, first_seen TEXT, moved_from TEXT,
  snapshot_id INTEGER REFERENCES snapshots(id), seq INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE change_laws (
  change_id TEXT NOT NULL REFERENCES changes(id), position INTEGER NOT NULL,
  amending_act_id TEXT NOT NULL REFERENCES amending_acts(id), action TEXT NOT NULL, unit TEXT,
  in_force_text TEXT, in_force_from TEXT, in_force_basis TEXT, note TEXT, PRIMARY KEY (change_id, position)
);
CREATE TABLE amendments (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), article_id TEXT REFERENCES articles(id),
  lang TEXT NOT NULL, action TEXT NOT NULL, unit TEXT, amending_act_id TEXT REFERENCES amending_acts(id),
  in_force_text TEXT, in_force_from TEXT, in_force_basis TEXT, note TEXT NOT NULL, note_kind TEXT NOT NULL,
  first_redaction TEXT NOT NULL, last_redaction TEXT, flags_json TEXT
);
CREATE TABLE issues (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, act_id TEXT, article_id TEXT, lang TEXT, detail TEXT NOT NULL,
  snapshot_id INTEGER REFERENCES snapshots(id)
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE provenance (
  act_id TEXT PRIMARY KEY REFERENCES acts(id), inputs_sha256 TEXT NOT NULL, laws_sha256 TEXT NOT NULL,
  reader TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE technical_records (
  id TEXT PRIMARY KEY, change_id TEXT NOT NULL, act_id TEXT NOT NULL, lang TEXT NOT NULL, redaction_date TEXT NOT NULL,
  what TEXT NOT NULL, reader_before TEXT NOT NULL, reader_now TEXT NOT NULL
);
CREATE TABLE search_docs (
  id INTEGER PRIMARY KEY, version_id TEXT NOT NULL UNIQUE REFERENCES article_versions(id), act_id TEXT NOT NULL,
  article_id TEXT NOT NULL, lang TEXT NOT NULL, is_current INTEGER NOT NULL, weight REAL NOT NULL
);
CREATE VIRTUAL TABLE search_fts USING fts5(
  heading, body, content='', tokenize="unicode61 remove_diacritics 0 tokenchars '-'"
);
CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_fts, row);
CREATE VIRTUAL TABLE search_terms USING fts5(term, detail=none, tokenize="trigram");
CREATE INDEX search_docs_by_act ON search_docs(act_id);
CREATE INDEX search_docs_by_article ON search_docs(article_id, lang);
CREATE INDEX changes_by_new_version ON changes(new_version_id);
CREATE INDEX changes_by_old_version ON changes(old_version_id);
CREATE INDEX technical_records_by_change ON technical_records(change_id);
CREATE INDEX articles_by_act ON articles(act_id, position);
CREATE INDEX changes_by_article ON changes(article_id, lang, redaction_date);
CREATE INDEX changes_by_date ON changes(redaction_date, article_id);
CREATE INDEX changes_by_law ON changes(amending_act_id);
CREATE INDEX changes_by_force ON changes(in_force_from);
CREATE INDEX change_laws_by_law ON change_laws(amending_act_id);
CREATE INDEX amendments_by_article ON amendments(article_id, lang);
CREATE INDEX amendments_by_law ON amendments(amending_act_id);
CREATE INDEX amendments_by_kind ON amendments(note_kind, in_force_from);
CREATE INDEX redactions_by_act ON redactions(act_id, lang, redaction_date);
CREATE INDEX snapshots_by_act ON snapshots(act_id, lang, redaction_date);
CREATE INDEX article_topics_by_topic ON article_topics(topic_id);
CREATE INDEX issues_by_act ON issues(act_id, kind);
"""

VIEWS = """
CREATE VIEW article_current AS
  SELECT v.id, a.act_id, v.article_id, a.eid, a.number, v.lang, v.heading, v.text, v.notes, v.state, v.valid_from,
         v.text_sha256, a.path, a.position
  FROM article_versions v JOIN articles a ON a.id = v.article_id
  WHERE v.valid_to IS NULL;
CREATE VIEW article_history AS
  SELECT v.id, a.act_id, v.article_id, a.eid, v.lang, v.version_no, v.valid_from, v.valid_to, v.state, v.heading,
         v.text, v.text_sha256, c.op, c.weight, c.amending_act_id, c.attribution, c.in_force_from, c.id AS change_id
  FROM article_versions v JOIN articles a ON a.id = v.article_id
  LEFT JOIN changes c ON c.new_version_id = v.id AND (c.old_version_id IS NULL OR c.old_version_id <> v.id);
CREATE VIEW recent_changes AS
  SELECT c.redaction_date, c.id, a.act_id, c.article_id, a.eid, c.lang,
         COALESCE(CASE c.lang WHEN 'kk' THEN a.heading_kk ELSE a.heading_ru END, a.heading_ru, a.heading_kk) AS heading,
         c.op, c.weight, c.words_added, c.words_removed, c.amending_act_id, l.number AS law_number, c.attribution,
         c.in_force_from, c.in_force_text, c.diff_html, c.first_seen
  FROM changes c JOIN articles a ON a.id = c.article_id LEFT JOIN amending_acts l ON l.id = c.amending_act_id;
CREATE VIEW pending_changes AS
  SELECT 'announced' AS basis, m.act_id, m.article_id, m.lang, m.unit, m.action, m.amending_act_id,
         m.in_force_from, m.in_force_text, m.note AS source, m.first_redaction AS since, NULL AS change_id
  FROM amendments m
  WHERE m.note_kind IN ('future', 'deferred', 'suspended') AND m.last_redaction IS NULL
    AND (m.in_force_from IS NULL OR m.in_force_from > date('now'))
  UNION ALL
  SELECT 'adopted', a.act_id, c.article_id, c.lang, a.eid, c.op, c.amending_act_id,
         c.in_force_from, c.in_force_text, c.attribution_detail, c.redaction_date, c.id
  FROM changes c JOIN articles a ON a.id = c.article_id
  WHERE c.in_force_from > date('now');
CREATE VIEW law_impact AS
  SELECT cl.amending_act_id, l.number AS law_number, l.adopted_on, l.published_on, l.title, a.act_id, c.article_id,
         a.eid, c.lang, c.op, cl.action, cl.unit, cl.in_force_from, cl.in_force_text, c.attribution, c.redaction_date,
         c.id AS change_id
  FROM change_laws cl JOIN changes c ON c.id = cl.change_id JOIN articles a ON a.id = c.article_id
  JOIN amending_acts l ON l.id = cl.amending_act_id;
CREATE VIEW article_churn AS
  SELECT a.id AS article_id, a.act_id, a.eid, c.lang, count(*) AS changes,
         sum(c.weight = 'substantive') AS substantive_changes, min(c.redaction_date) AS first_change,
         max(c.redaction_date) AS last_change, sum(c.words_added + c.words_removed) AS words_touched
  FROM articles a JOIN changes c ON c.article_id = a.id
  GROUP BY a.id, c.lang;
"""


@migrations()
def m001_first_schema(db: Database) -> None:
    """Tables, indexes and views of the first release."""
    for statement in statements(TABLES + VIEWS):
        db.conn.execute(statement)


FINDINGS = """
CREATE TABLE sanctions (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), article_id TEXT NOT NULL REFERENCES articles(id),
  version_id TEXT NOT NULL REFERENCES article_versions(id), lang TEXT NOT NULL, position INTEGER NOT NULL, part TEXT,
  case_of TEXT, kind TEXT NOT NULL, role TEXT NOT NULL, minimum INTEGER, maximum INTEGER, unit TEXT, subject TEXT,
  base TEXT, line TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE unread_sanctions (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), article_id TEXT NOT NULL REFERENCES articles(id),
  version_id TEXT NOT NULL REFERENCES article_versions(id), lang TEXT NOT NULL, part TEXT, line TEXT NOT NULL,
  reason TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE sanction_verdicts (
  version_id TEXT PRIMARY KEY REFERENCES article_versions(id), act_id TEXT NOT NULL REFERENCES acts(id),
  article_id TEXT NOT NULL REFERENCES articles(id), lang TEXT NOT NULL,
  previous_version_id TEXT REFERENCES article_versions(id), verdict TEXT NOT NULL, parts_json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE lenient_versions (
  from_version_id TEXT NOT NULL REFERENCES article_versions(id),
  version_id TEXT NOT NULL REFERENCES article_versions(id), act_id TEXT NOT NULL REFERENCES acts(id),
  article_id TEXT NOT NULL REFERENCES articles(id), lang TEXT NOT NULL, verdict TEXT NOT NULL,
  is_mildest INTEGER NOT NULL, PRIMARY KEY (from_version_id, version_id)
) WITHOUT ROWID;
CREATE TABLE divergence_findings (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), article_id TEXT NOT NULL REFERENCES articles(id),
  kind TEXT NOT NULL, place TEXT, only_ru_json TEXT NOT NULL, only_kk_json TEXT NOT NULL, detail TEXT NOT NULL,
  since TEXT NOT NULL, until TEXT, ru_version_id TEXT REFERENCES article_versions(id),
  kk_version_id TEXT REFERENCES article_versions(id)
);
CREATE INDEX sanctions_by_version ON sanctions(version_id, position);
CREATE INDEX sanctions_by_article ON sanctions(article_id, lang);
CREATE INDEX sanctions_by_kind ON sanctions(act_id, kind);
CREATE INDEX unread_sanctions_by_version ON unread_sanctions(version_id);
CREATE INDEX sanction_verdicts_by_article ON sanction_verdicts(article_id, lang);
CREATE INDEX lenient_versions_by_article ON lenient_versions(article_id, lang);
CREATE INDEX divergence_findings_by_article ON divergence_findings(article_id);
CREATE INDEX divergence_findings_by_act ON divergence_findings(act_id, until);
CREATE VIEW sanctions_current AS
  SELECT s.id, s.act_id, s.article_id, a.eid, a.number, s.lang, v.heading, s.part, s.case_of, s.kind, s.role,
         s.minimum, s.maximum, s.unit, s.subject, s.base, s.text, v.valid_from, s.version_id, s.position
  FROM sanctions s JOIN article_versions v ON v.id = s.version_id JOIN articles a ON a.id = s.article_id
  WHERE v.valid_to IS NULL;
CREATE VIEW more_lenient_law AS
  SELECT l.act_id, l.article_id, a.eid, l.lang, f.valid_from AS offence_from, f.valid_to AS offence_until,
         v.valid_from, v.valid_to, v.state, v.heading, l.verdict, l.is_mildest, l.version_id, l.from_version_id
  FROM lenient_versions l JOIN article_versions f ON f.id = l.from_version_id
  JOIN article_versions v ON v.id = l.version_id JOIN articles a ON a.id = l.article_id;
CREATE VIEW divergences AS
  SELECT d.id, d.act_id, d.article_id, a.eid, a.number, a.heading_ru, a.heading_kk, d.kind, d.place, d.detail,
         d.only_ru_json, d.only_kk_json, d.since, d.until,
         CAST(julianday(coalesce(d.until, date('now'))) - julianday(d.since) AS INTEGER) AS days_lasted,
         d.ru_version_id, d.kk_version_id
  FROM divergence_findings d JOIN articles a ON a.id = d.article_id;
"""


@migrations()
def m002_findings(db: Database) -> None:
    """Sanctions read from the texts, which version is the milder, and where the two languages disagree."""
    for statement in statements(FINDINGS):
        db.conn.execute(statement)


CLASSIFICATION = """
CREATE TABLE offence_parts (
  id TEXT PRIMARY KEY, act_id TEXT NOT NULL REFERENCES acts(id), article_id TEXT NOT NULL REFERENCES articles(id),
  version_id TEXT NOT NULL REFERENCES article_versions(id), lang TEXT NOT NULL, position INTEGER NOT NULL, part TEXT,
  chapter TEXT, severity TEXT, severity_basis TEXT, severity_reason TEXT, heaviest TEXT, sanctions TEXT NOT NULL,
  sanctions_json TEXT NOT NULL, unread INTEGER NOT NULL, for_life INTEGER NOT NULL, imprisonment_max_years REAL,
  restriction_max_years REAL, arrest_max_days INTEGER, fine_max_mci INTEGER, fine_max_percent INTEGER,
  fine_max_multiple INTEGER, labour_max_mci INTEGER, service_max_hours INTEGER, shown_since TEXT NOT NULL,
  texts INTEGER NOT NULL, sanctions_since TEXT, direction TEXT
);
CREATE TABLE severity_overrides (
  act_id TEXT NOT NULL, eid TEXT NOT NULL, part TEXT NOT NULL, severity TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (act_id, eid, part)
) WITHOUT ROWID;
CREATE TABLE offence_objects (
  act_id TEXT NOT NULL, chapter TEXT NOT NULL, name_ru TEXT NOT NULL, name_kk TEXT NOT NULL, name_en TEXT NOT NULL,
  PRIMARY KEY (act_id, chapter)
) WITHOUT ROWID;
CREATE TABLE regulators (
  topic_id TEXT NOT NULL, position INTEGER NOT NULL, act_id TEXT NOT NULL, eid TEXT NOT NULL, matter_ru TEXT NOT NULL,
  matter_kk TEXT NOT NULL, matter_en TEXT NOT NULL, body_ru TEXT NOT NULL, body_kk TEXT NOT NULL, body_en TEXT NOT NULL,
  PRIMARY KEY (topic_id, position)
) WITHOUT ROWID;
CREATE INDEX offence_parts_by_article ON offence_parts(article_id, lang);
CREATE INDEX offence_parts_by_version ON offence_parts(version_id, position);
CREATE VIEW topic_offence_versions AS
  SELECT t.topic_id, p.act_id, p.article_id, a.eid, a.number, p.lang, v.heading, p.part, p.chapter AS object,
         coalesce(x.name_ru, h.heading_ru) AS object_ru, coalesce(x.name_kk, h.heading_kk) AS object_kk,
         x.name_en AS object_en, coalesce(o.severity, p.severity) AS severity,
         CASE WHEN o.severity IS NULL THEN p.severity_basis ELSE 'registry' END AS severity_basis,
         coalesce(o.reason, p.severity_reason) AS severity_reason, p.heaviest, p.sanctions, p.sanctions_json, p.unread,
         p.for_life, p.imprisonment_max_years, p.restriction_max_years, p.arrest_max_days, p.fine_max_mci,
         p.fine_max_percent, p.fine_max_multiple, p.labour_max_mci, p.service_max_hours, v.state, p.shown_since,
         p.texts, p.sanctions_since, p.direction, c.redaction_date AS changed_on, c.op AS change_op,
         c.id AS change_id, c.amending_act_id, l.number AS law_number, c.in_force_from, c.in_force_text, v.valid_from,
         v.valid_to, p.version_id, a.position AS article_position, p.position,
         '/' || p.act_id || '/' || a.eid || coalesce('#' || p.part, '') AS path
  FROM article_topics t JOIN offence_parts p ON p.article_id = t.article_id
  JOIN articles a ON a.id = p.article_id JOIN article_versions v ON v.id = p.version_id
  LEFT JOIN articles h ON h.act_id = p.act_id AND h.eid = p.chapter
  LEFT JOIN offence_objects x ON x.act_id = p.act_id AND x.chapter = p.chapter
  LEFT JOIN severity_overrides o ON o.act_id = p.act_id AND o.eid = a.eid AND o.part = coalesce(p.part, '')
    AND p.severity_reason IS NOT 'not_in_force'
  LEFT JOIN changes c ON c.id = (
    SELECT y.id FROM article_versions w JOIN changes y ON y.new_version_id = w.id
    WHERE w.article_id = p.article_id AND w.lang = p.lang AND w.valid_from = p.shown_since
      AND y.old_version_id IS NOT w.id
    ORDER BY y.seq DESC, w.version_no DESC LIMIT 1)
  LEFT JOIN amending_acts l ON l.id = c.amending_act_id;
CREATE VIEW topic_offences AS SELECT * FROM topic_offence_versions WHERE valid_to IS NULL;
"""


@migrations()
def m003_classification(db: Database) -> None:
    """Offences by object and severity, with what was changed last, and who regulates what."""
    for statement in statements(CLASSIFICATION):
        db.conn.execute(statement)


CONTINUATION = """
DROP VIEW topic_offences;
DROP VIEW topic_offence_versions;
ALTER TABLE offence_parts ADD COLUMN continues_id TEXT REFERENCES offence_parts(id);
CREATE VIEW topic_offence_versions AS
  SELECT t.topic_id, p.act_id, p.article_id, a.eid, a.number, p.lang, v.heading, p.part, p.chapter AS object,
         coalesce(x.name_ru, h.heading_ru) AS object_ru, coalesce(x.name_kk, h.heading_kk) AS object_kk,
         x.name_en AS object_en, coalesce(o.severity, p.severity) AS severity,
         CASE WHEN o.severity IS NULL THEN p.severity_basis ELSE 'registry' END AS severity_basis,
         coalesce(o.reason, p.severity_reason) AS severity_reason, p.heaviest, p.sanctions, p.sanctions_json, p.unread,
         p.for_life, p.imprisonment_max_years, p.restriction_max_years, p.arrest_max_days, p.fine_max_mci,
         p.fine_max_percent, p.fine_max_multiple, p.labour_max_mci, p.service_max_hours, v.state, p.shown_since,
         p.texts, p.sanctions_since, p.direction, c.redaction_date AS changed_on, c.op AS change_op,
         c.id AS change_id, c.amending_act_id, l.number AS law_number, c.in_force_from, c.in_force_text, v.valid_from,
         v.valid_to, p.version_id, a.position AS article_position, p.position,
         '/' || p.act_id || '/' || a.eid || coalesce('#' || p.part, '') AS path,
         p.id, p.continues_id
  FROM article_topics t JOIN offence_parts p ON p.article_id = t.article_id
  JOIN articles a ON a.id = p.article_id JOIN article_versions v ON v.id = p.version_id
  LEFT JOIN articles h ON h.act_id = p.act_id AND h.eid = p.chapter
  LEFT JOIN offence_objects x ON x.act_id = p.act_id AND x.chapter = p.chapter
  LEFT JOIN severity_overrides o ON o.act_id = p.act_id AND o.eid = a.eid AND o.part = coalesce(p.part, '')
    AND p.severity_reason IS NOT 'not_in_force'
  LEFT JOIN changes c ON c.id = (
    SELECT y.id FROM article_versions w JOIN changes y ON y.new_version_id = w.id
    WHERE w.article_id = p.article_id AND w.lang = p.lang AND w.valid_from = p.shown_since
      AND y.old_version_id IS NOT w.id
    ORDER BY y.seq DESC, w.version_no DESC LIMIT 1)
  LEFT JOIN amending_acts l ON l.id = c.amending_act_id;
CREATE VIEW topic_offences AS SELECT * FROM topic_offence_versions WHERE valid_to IS NULL;
"""


@migrations()
def m004_continuation(db: Database) -> None:
    """Which offence of the version before each one continues: an inserted part changes the numbers behind it."""
    for statement in statements(CONTINUATION):
        db.conn.execute(statement)


APPLICATION_ID = 0x4C617764  # «Lawd»: `file` and `lawdiff` itself know the format by it


def schema_version() -> int:
    """The version that this program writes, kept in `PRAGMA user_version`: the number of migrations."""
    return len(migrations.pending(Database(memory=True)))


def statements(script: str) -> Iterator[str]:
    """The single statements of an SQL script, so that a migration stays inside its transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""


def prepare(connection: sqlite3.Connection) -> Database:
    """Bring a database, empty or of an earlier release, to the present schema.

    The migration log of sqlite-utils records when each migration ran; that clock is wiped, so that two builds of one
    archive dump alike. Raises StoreError for a file of another program or of a newer lawdiff.
    """
    check_readable(connection, empty_is_fine=True)
    db = Database(connection)
    migrations.apply(db)
    connection.execute("UPDATE _sqlite_migrations SET applied_at = ''")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {schema_version()}")
    connection.commit()
    return db


def check_readable(connection: sqlite3.Connection, *, empty_is_fine: bool = False) -> None:
    """Raise StoreError unless the file is a lawdiff database of a schema that this program knows."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables and empty_is_fine:
        return
    if application != APPLICATION_ID:
        raise StoreError("this file is not a lawdiff database; name another with --db, or run lawdiff build")
    if version > schema_version():
        raise StoreError(
            f"the database has schema {version}, this program knows up to {schema_version()}; "
            "upgrade lawdiff, or build another database with --db"
        )
    if version < schema_version() and not empty_is_fine:
        raise StoreError(
            f"the database has schema {version}, this program reads {schema_version()}; run lawdiff build to migrate it"
        )
