"""Named checks of a database: each one query whose rows are what is wrong (where, detail).

`run_checks` yields a `Finding` per check, rules first. Checks that need Python (digests, replay of diffs) stream.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from lawdiff.checks import Check, Finding, broken_diff, broken_digest

_RULES: tuple[tuple[str, str, str], ...] = (
    ("foreign_keys", "a reference that points nowhere",
     'SELECT "table", \'row \' || rowid || \' refers to \' || parent FROM pragma_foreign_key_check'),
    ("versions_overlap", "two versions of one unit and language are shown at the same time",
     """SELECT a.id, 'and ' || b.id FROM article_versions a JOIN article_versions b
        ON b.article_id = a.article_id AND b.lang = a.lang AND b.version_no > a.version_no
        WHERE (a.valid_to IS NULL OR a.valid_from < a.valid_to) AND b.valid_from < coalesce(a.valid_to, '9999')
          AND (b.valid_to IS NULL OR b.valid_to > b.valid_from)"""),
    ("version_ends_before_it_begins", "valid_to is before valid_from",
     "SELECT id, valid_from || ' .. ' || valid_to FROM article_versions WHERE valid_to < valid_from"),
    ("version_numbers", "version numbers are not 1, 2, …",
     """SELECT article_id || ' ' || lang, max(version_no) || ' is the last of ' || count(*) FROM article_versions
        GROUP BY article_id, lang HAVING max(version_no) <> count(*) OR min(version_no) <> 1"""),
    ("version_without_redaction", "a version begins on a day that is no redaction of its act",
     """SELECT v.id, v.valid_from FROM article_versions v JOIN articles a ON a.id = v.article_id
        WHERE NOT EXISTS (SELECT 1 FROM redactions r WHERE r.act_id = a.act_id AND r.lang = v.lang
                          AND r.redaction_date = v.valid_from)"""),
    ("change_without_redaction", "a change on a day that is no redaction of its act",
     """SELECT c.id, c.redaction_date FROM changes c JOIN articles a ON a.id = c.article_id
        WHERE NOT EXISTS (SELECT 1 FROM redactions r WHERE r.act_id = a.act_id AND r.lang = c.lang
                          AND r.redaction_date = c.redaction_date)"""),
    ("change_between_other_articles", "a change whose new version is of another unit or language",
     """SELECT c.id, v.id FROM changes c JOIN article_versions v ON v.id = c.new_version_id
        WHERE v.article_id <> c.article_id OR v.lang <> c.lang"""),
    ("change_without_version", "a change with neither an old nor a new version",
     "SELECT id, op FROM changes WHERE old_version_id IS NULL AND new_version_id IS NULL"),
    ("unexplained_version", "a later version that no change brought",
     """SELECT v.id, v.valid_from FROM article_versions v WHERE v.version_no > 1 AND v.state <> 'unknown'
        AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.new_version_id = v.id)"""),
    ("two_current_redactions", "an act has two current redactions in one language",
     """SELECT act_id || ' ' || lang, count(*) FROM redactions WHERE is_current GROUP BY act_id, lang, source
        HAVING count(*) > 1"""),
    ("first_law", "the law of a change is not the first of its laws",
     """SELECT c.id, coalesce(c.amending_act_id, 'none') || ' but ' || coalesce(l.amending_act_id, 'none')
        FROM changes c LEFT JOIN change_laws l ON l.change_id = c.id AND l.position = 1
        WHERE c.amending_act_id IS NOT l.amending_act_id"""),
    ("unsearchable", "a version that is not in the search index",
     "SELECT id, lang FROM article_versions WHERE id NOT IN (SELECT version_id FROM search_docs)"),
    ("coverage_count", "coverage counts other redactions than are held and issues explain",
     """SELECT k.act_id || ' ' || k.lang, k.redactions_held || ' but ' || (SELECT count(*) FROM redactions r
          WHERE r.act_id = k.act_id AND r.lang = k.lang)
        FROM coverage k WHERE k.redactions_held > (SELECT count(*) FROM redactions r WHERE r.act_id = k.act_id
          AND r.lang = k.lang) + (SELECT count(*) FROM issues i WHERE i.act_id = k.act_id AND i.lang = k.lang)"""),
    ("in_force_without_phrase", "a day in force without the phrase that it was read from",
     """SELECT change_id || ' ' || amending_act_id, in_force_from FROM change_laws
        WHERE in_force_from IS NOT NULL AND in_force_text IS NULL"""),
    ("sanction_without_offence", "a part has sanctions and is no offence",
     """SELECT DISTINCT s.version_id, coalesce(s.part, 'the whole article') FROM sanctions s WHERE NOT EXISTS (
          SELECT 1 FROM offence_parts p WHERE p.version_id = s.version_id AND p.part IS s.part)"""),
    ("severity_without_reason", "an offence has a category without a basis, or neither a category nor a reason",
     """SELECT id, coalesce(severity, 'no category') FROM offence_parts
        WHERE (severity IS NULL) = (severity_reason IS NULL) OR (severity IS NULL) <> (severity_basis IS NULL)"""),
)  # fmt: skip

_ANOMALIES: tuple[tuple[str, str, str], ...] = (
    ("page_refused", "a page that was fetched whole and could not be read as a redaction",
     "SELECT coalesce(act_id, '?'), detail FROM issues WHERE kind = 'page_refused'"),
    ("not_held", "a redaction that the history lists and the archive does not hold",
     "SELECT c.act_id || ' ' || c.lang, j.value FROM coverage c, json_each(c.missing_json) j"),
    ("disputed", "Russian and Kazakh name different laws for one change",
     "SELECT id, attribution_detail FROM changes WHERE attribution = 'disputed'"),
    ("silent", "words changed and no note says by which law",
     """SELECT id, op FROM changes WHERE attribution = 'diff_without_note' AND weight = 'substantive'"""),
    ("silent_edit", "a text changed under an unchanged redaction date",
     "SELECT id, first_seen FROM changes WHERE op = 'silent_edit'"),
    ("vanished", "a unit is gone and no note says why",
     "SELECT id, valid_from FROM article_versions WHERE state = 'unknown'"),
    ("one_language_only", "an article is held in one language only, though both are held of its act",
     """SELECT a.id, CASE WHEN a.heading_ru IS NULL THEN 'kk' ELSE 'ru' END FROM articles a WHERE a.kind = 'article'
        AND (a.heading_ru IS NULL) <> (a.heading_kk IS NULL)
        AND (SELECT count(DISTINCT lang) FROM redactions r WHERE r.act_id = a.act_id) = 2"""),
    ("number_differs_from_heading", "the heading does not print the number of the article",
     """SELECT id, heading_ru FROM articles WHERE kind = 'article' AND number IS NOT NULL AND heading_ru IS NOT NULL
        AND instr(replace(replace(heading_ru, ' ', ''), '–', '-'), number) = 0"""),
    ("empty_in_force", "an article in force has no text",
     "SELECT id, heading FROM article_versions WHERE state = 'in_force' AND text = '' AND article_id LIKE '%/art_%'"),
    ("short_after_long", "a text lost nine tenths of its words and is still in force",
     """SELECT c.id, length(o.text) || ' to ' || length(n.text) || ' characters' FROM changes c
        JOIN article_versions o ON o.id = c.old_version_id JOIN article_versions n ON n.id = c.new_version_id
        WHERE n.state = 'in_force' AND length(o.text) > 500 AND length(n.text) * 10 < length(o.text)"""),
    ("law_younger_than_redaction", "a note names a law that was adopted after the redaction",
     """SELECT m.id, l.id || ' of ' || l.adopted_on || ' in ' || m.first_redaction FROM amendments m
        JOIN amending_acts l ON l.id = m.amending_act_id WHERE l.adopted_on > m.first_redaction"""),
    ("in_force_before_adoption", "a law takes effect before it was adopted",
     """SELECT x.change_id, l.id || ' of ' || l.adopted_on || ' from ' || x.in_force_from FROM change_laws x
        JOIN amending_acts l ON l.id = x.amending_act_id WHERE x.in_force_from < l.adopted_on"""),
    ("unpublished_law", "a law counts from its publication, and its publication is not known",
     """SELECT DISTINCT x.amending_act_id, x.in_force_text FROM change_laws x
        JOIN amending_acts l ON l.id = x.amending_act_id
        WHERE x.in_force_from IS NULL AND x.in_force_text IS NOT NULL AND l.published_on IS NULL"""),
    ("flagged_claim", "a note with an oddity that its reading reports",
     "SELECT id, flags_json FROM amendments WHERE flags_json IS NOT NULL"),
    ("unread_note", "a note that was not understood",
     "SELECT id, note FROM amendments WHERE note_kind = 'unread'"),
    ("unread_sanction", "a sanction of a text that is shown now could not be read in full",
     """SELECT u.version_id || ' ' || coalesce(u.part, ''), u.reason || ': ' || u.text FROM unread_sanctions u
        JOIN article_versions v ON v.id = u.version_id WHERE v.valid_to IS NULL"""),
    ("severity_unknown", "the category of an offence of today is not known",
     """SELECT version_id || ' ' || coalesce(part, ''), severity_reason FROM topic_offences
        WHERE severity IS NULL AND severity_reason <> 'not_in_force' GROUP BY version_id, part"""),
    ("override_of_nothing", "the registry states the category of an offence that no text of the act has",
     """SELECT o.act_id || '/' || o.eid, o.part || ' ' || o.severity FROM severity_overrides o
        WHERE EXISTS (SELECT 1 FROM redactions r WHERE r.act_id = o.act_id) AND NOT EXISTS (
          SELECT 1 FROM offence_parts p
          WHERE p.article_id = o.act_id || '/' || o.eid AND coalesce(p.part, '') = o.part)"""),
    ("regulator_of_nothing", "the registry names a body by an article that the act does not have",
     """SELECT r.act_id || '/' || r.eid, r.body_en FROM regulators r
        WHERE EXISTS (SELECT 1 FROM redactions d WHERE d.act_id = r.act_id)
          AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = r.act_id || '/' || r.eid)"""),
    ("first_observed", "a redaction dated by the day of the first fetch, because the portal gives no date",
     "SELECT id, redaction_date FROM redactions WHERE date_basis = 'first_observed'"),
    ("page_not_fetched", "a page whose last fetch brought something else",
     "SELECT coalesce(act_id, '?'), kind || ': ' || detail FROM issues WHERE kind LIKE 'fetch_%'"),
)  # fmt: skip

_DIGESTS = Check("text_digest", "text_sha256 is not the digest of the text", True)
_DIFFS = Check("diff_replays", "a stored diff does not lead from the old text to the new one", True)
_LINES = Check("lines", "lines_json does not hold one entry per line of the text", True)
_INTEGRITY = Check("integrity", "SQLite finds the file damaged", True)


def checks() -> tuple[Check, ...]:
    """Every check in the order in which they run."""
    return (
        _INTEGRITY,
        *(Check(name, meaning, True) for name, meaning, _ in _RULES),
        _DIGESTS,
        _LINES,
        _DIFFS,
        *(Check(name, meaning, False) for name, meaning, _ in _ANOMALIES),
    )


def run_checks(conn: sqlite3.Connection, *, examples: int = 5) -> Iterator[Finding]:
    """Every check in order, with what it found."""
    yield _finding(
        _INTEGRITY,
        (("file", row[0]) for row in conn.execute("PRAGMA integrity_check(100)") if row[0] != "ok"),
        examples,
    )
    for name, meaning, sql in _RULES:
        yield _finding(Check(name, meaning, True), conn.execute(sql), examples)
    yield _finding(_DIGESTS, _bad_digests(conn), examples)
    yield _finding(_LINES, _bad_lines(conn), examples)
    yield _finding(_DIFFS, _bad_diffs(conn), examples)
    for name, meaning, sql in _ANOMALIES:
        yield _finding(Check(name, meaning, False), conn.execute(sql), examples)


def _finding(check: Check, rows: Iterable[tuple[object, object] | sqlite3.Row], examples: int) -> Finding:
    count = 0
    kept: list[tuple[str, str]] = []
    for row in rows:
        count += 1
        if len(kept) < examples:
            kept.append((str(row[0]), str(row[1])))
    return Finding(check, count, tuple(kept))


def _bad_digests(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for key, text, digest in conn.execute("SELECT id, text, text_sha256 FROM article_versions"):
        wrong = broken_digest(text, digest)
        if wrong:
            yield key, wrong


def _bad_lines(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    rows = conn.execute("SELECT id, text, json_array_length(lines_json) FROM article_versions")
    for key, text, lines in rows:
        if lines != (text.count("\n") + 1 if text or lines == 1 else 0):
            yield key, f"{lines} entries for {text.count(chr(10)) + 1} lines"


def _bad_diffs(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    rows = conn.execute(
        "SELECT c.id, coalesce(o.heading, ''), coalesce(o.text, ''), coalesce(n.heading, ''), coalesce(n.text, ''),"
        " c.diff_json FROM changes c LEFT JOIN article_versions o ON o.id = c.old_version_id"
        " LEFT JOIN article_versions n ON n.id = c.new_version_id ORDER BY c.id"
    )
    for key, old_heading, old_text, new_heading, new_text, diff_json in rows:
        wrong = broken_diff((old_heading, old_text), (new_heading, new_text), diff_json)
        if wrong:
            yield key, wrong
