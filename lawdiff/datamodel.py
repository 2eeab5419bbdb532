"""The data model as a contract: what each table, view and column of the published database means.

`docs/data-model.md` and the descriptions on Datasette's pages are made from it, and a test holds it against the
schema: a column that is not described here, or described and not there, fails. `python -m lawdiff.datamodel` prints
the document.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from lawdiff.examples import example_of

# Types as a reader needs them; SQLite stores dates, timestamps, JSON and HTML as TEXT, booleans as 0 and 1.
TYPES = {
    "text": "text",
    "integer": "whole number",
    "real": "number",
    "date": "ISO date, `2025-09-16`",
    "timestamp": "ISO time in UTC",
    "json": "JSON",
    "html": "HTML, escaped and safe to show",
    "boolean": "0 or 1",
}
SQLITE_TYPE = {"integer": "INTEGER", "boolean": "INTEGER", "real": "REAL"}


@dataclass(frozen=True, slots=True)
class Column:
    """null: what NULL means, or "" where there is none. unit: of a number, or "". values: the closed list, if any."""

    name: str
    meaning: str
    type: str = "text"
    null: str = ""
    example: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """row: what one row is. stable: part of the contract; other tables serve the program itself and may change."""

    name: str
    row: str
    columns: tuple[Column, ...]
    is_view: bool = False
    stable: bool = True


def _c(
    name: str, meaning: str, kind: str = "text", null: str = "", example: str = "", **more: str | tuple[str, ...]
) -> Column:
    return Column(name, meaning, kind, null, example, str(more.get("unit", "")), tuple(more.get("values", ())))


_STATES = ("in_force", "excluded", "deferred", "suspended", "unknown")
_OPS = (
    "added", "amended", "excluded", "restored", "renumbered", "deferred", "took_effect", "note_only", "typographic",
    "silent_edit",
)  # fmt: skip
_ATTRIBUTIONS = ("corroborated", "note_without_diff", "diff_without_note", "text_wide", "disputed", "unparsed")
_KINDS = ("article", "point", "preamble", "annex", "heading")
_ACTIONS = (
    "added", "amended", "restated", "excluded", "replaced_words", "suspended", "deferred", "enters_into_force",
    "repealed", "none", "unknown", "expired", "constitutional_review",
)  # fmt: skip
_NOTE_KINDS = (
    "amendment", "excluded_unit", "future", "deferred", "suspended", "reference", "text_wide", "service", "unread",
)  # fmt: skip
_VERDICTS = (
    "text", "history", "info", "rss", "robots", "shell", "challenge", "login", "maintenance", "not_found",
    "server_error", "truncated", "other_act", "other_lang", "unknown",
)  # fmt: skip

ACT_ID = _c("act_id", "the act; id of `acts`", example="K1400000226")
ARTICLE_ID = _c("article_id", "the unit; id of `articles`", example="K1400000226/art_115-1")
EID = _c("eid", "language-free id of the unit inside its act, in Akoma Ntoso style", example="art_115-1")
LANG = _c("lang", "language of the text", example="ru", values=("ru", "kk"))
NUMBER = _c("number", "number of the unit, normalised", null="the unit has no number", example="115-1")
HEADING = _c("heading", "the printed heading line; empty where there is none", example="Статья 115-1. Сталкинг")
TEXT = _c("text", "law text: paragraphs joined by newlines, table cells by tabs, without heading and notes")
NOTES = _c("notes", "editorial notes of the newest redaction that shows this version, joined by newlines")
STATE = _c("state", "state of the text", example="in_force", values=_STATES)
TEXT_SHA256 = _c("text_sha256", "SHA-256 of `text` in UTF-8, hex", example="da1b6f81b19c…")
VALID_FROM = _c("valid_from", "date of the first redaction that shows this text", "date", example="2025-09-16")
VALID_TO = _c("valid_to", "date of the first redaction that no longer does", "date", "it is still shown", "2025-09-16")
SNAPSHOT_ID = _c(
    "snapshot_id", "the fetch that it was read from; id of `snapshots`", "integer", "not from one page", "12"
)
PATH = _c(
    "path", "printed headings above it, outermost first, one per line, in Russian", null="none, or no Russian text"
)
FIRST_SEEN = _c("first_seen", "the day on which this tracker first fetched it", "date", "not known", "2026-11-21")
OP = _c("op", "what happened", example="amended", values=_OPS)
WEIGHT = _c("weight", "whether words of the law changed", example="substantive", values=("substantive", "editorial"))
WORDS_ADDED = _c("words_added", "words that came", "integer", example="7", unit="words")
WORDS_REMOVED = _c("words_removed", "words that went", "integer", example="23", unit="words")
AMENDING = _c(
    "amending_act_id", "the amending act; id of `amending_acts`", null="the source names none", example="Z2500000210"
)
LAW_NUMBER = _c("law_number", "number of the amending act", null="not known", example="210-VIII")
IN_FORCE_FROM = _c(
    "in_force_from", "first day in force: stated by the source, or counted from the publication by its rule", "date",
    "the source does not say, or only under a condition (see `in_force_text`)", "2025-09-16",
)  # fmt: skip
IN_FORCE_TEXT = _c(
    "in_force_text", "the source's phrase on entry into force", null="the source has none",
    example="вводится в действие по истечении десяти календарных дней после дня его первого официального опубликования",
)  # fmt: skip
IN_FORCE_BASIS = _c(
    "in_force_basis", "how `in_force_from` is known", null="it is not known", example="computed",
    values=("stated", "computed"),
)  # fmt: skip
ATTRIBUTION = _c(
    "attribution", "how the observed change and the source's notes agree", example="corroborated", values=_ATTRIBUTIONS
)
REDACTION_DATE = _c("redaction_date", "the portal's date of the redaction", "date", example="2025-09-16")
CHANGE_ID = _c("change_id", "the change; id of `changes`", example="K1400000226/art_115-1/ru/2025-09-16")
ACTION = _c("action", "what the source says was done", example="added", values=_ACTIONS)
UNIT = _c("unit", "eid of what the source says was touched", null="the note names no unit", example="art_205__part_2")
DIFF_HTML = _c("diff_html", "the change as a redline with inline styles; long unchanged stretches folded", "html")
TITLE = _c("title", "title in Russian", null="no information card was fetched")
ADOPTED_ON = _c("adopted_on", "date of adoption", "date", "not known", "2025-07-16")
PUBLISHED_ON = _c("published_on", "first official publication", "date", "no information card tells it", "2025-07-17")


VERSION_ID = _c("version_id", "the version; id of `article_versions`", example="K1400000226/art_115-1/ru/1")
PART = _c("part", "eid of the part inside the article", null="the article has no parts", example="part_1")
VERDICT = _c(
    "verdict", "how it compares, by the rule of docs/sanctions.md", example="milder",
    values=("tougher", "milder", "mixed", "new", "same", "unknown"),
)  # fmt: skip
IS_MILDEST = _c("is_mildest", "no other version of the choice is milder in any respect", "boolean", example="1")
_SANCTION = (
    PART,
    _c("case_of", "eid of the point for whose case alone it is", null="for the whole part", example="part_3__point_2"),
    _c("kind", "the punishment", example="fine", values=(
        "warning", "fine", "correctional_labour", "community_service", "restriction", "arrest", "imprisonment",
        "life_imprisonment", "death_penalty", "confiscation", "deprivation_of_right", "deprivation_of_rank",
        "deprivation_of_citizenship", "deportation", "suspension", "revocation", "prohibition", "demolition",
    )),
    _c("role", "to choose from, goes with it, may go with it", values=("alternative", "additional", "optional")),
    _c("minimum", "lower bound", "integer", "the law states none", "1000"),
    _c("maximum", "upper bound", "integer", "the law states none", "200"),
    _c("unit", "what the bounds count (mci: monthly calculation indices)", null="no bounds", example="mci",
       values=("mci", "hours", "days", "months", "years", "life", "percent", "multiple")),
    _c("subject", "who is punished so, where the law tells them apart", null="anyone", example="official"),
)  # fmt: skip
_DIVERGENCE = (
    _c("kind", "what disagrees", example="number", values=(
        "missing_unit", "number", "sanction", "reference", "term", "date", "law", "lag",
    )),
    _c("place", "eid inside the unit, `heading` or `notes`", null="the whole unit", example="part_3"),
    _c("only_ru_json", "facts of the Russian text alone", "json", example='["3 years"]'),
    _c("only_kk_json", "facts of the Kazakh text alone", "json", example="[]"),
    _c("detail", "both in a line", example="ru: 3 years; kk: 5 years"),
    _c("since", "first redaction date of both languages that shows it", "date"),
    _c("until", "first that no longer does", "date", "it lasts"),
    _c("ru_version_id", "newest Russian version that shows it; id of `article_versions`", null="no Russian text"),
    _c("kk_version_id", "newest Kazakh version that shows it; id of `article_versions`", null="no Kazakh text"),
)  # fmt: skip
_SEVERITIES = ("administrative", "misdemeanour", "minor", "medium", "grave", "especially_grave")
SEVERITY = _c(
    "severity", "category of the offence by the rule of docs/sanctions.md", null="not known, see `severity_reason`",
    example="medium", values=_SEVERITIES,
)  # fmt: skip
_REASONS = (
    "not_in_force", "no_sanction", "unread_sanction", "carelessness_named", "crime_or_misdemeanour", "term_unknown",
    "rule_not_stated",
)  # fmt: skip
_LIMITS = (
    _c("heaviest", "heaviest punishment to choose from", null="none could be read", example="imprisonment", values=(
        "warning", "fine", "correctional_labour", "community_service", "restriction", "arrest", "imprisonment",
        "life_imprisonment", "death_penalty",
    )),
    _c("sanctions", "the sanction as the text words it; empty where the article has no text"),
    _c("sanctions_json", "the punishments: kind, role, minimum, maximum, unit, subject, case, base; absent is not said",
       "json", example='[{"kind": "fine", "role": "alternative", "maximum": 200, "unit": "mci"}]'),
    _c("unread", "stretches of the sanction that could not be read: the limits may then be higher", "integer",
       example="0"),
    _c("for_life", "whether it threatens imprisonment for life", "boolean", example="0"),
    _c("imprisonment_max_years", "longest imprisonment", "real", "none, or none with an upper bound", "3.0",
       unit="years"),
    _c("restriction_max_years", "longest restriction of liberty", "real", "none", "2.0", unit="years"),
    _c("arrest_max_days", "longest arrest", "integer", "none", "50", unit="days"),
    _c("fine_max_mci", "highest fine for whoever pays most", "integer", "no fine in indices", "200",
       unit="monthly calculation indices"),
    _c("fine_max_percent", "highest fine of a sum", "integer", "no such fine", "80", unit="percent"),
    _c("fine_max_multiple", "highest fine as times of a sum", "integer", "no such fine", "20", unit="times"),
    _c("labour_max_mci", "highest correctional labour", "integer", "none", "200", unit="monthly calculation indices"),
    _c("service_max_hours", "longest community service", "integer", "none", "200", unit="hours"),
)  # fmt: skip
_PAST = (
    _c("shown_since", "first redaction that shows these words of the part", "date", example="2025-09-16"),
    _c("texts", "wordings that the part has had up to this one", "integer", example="4", unit="wordings"),
    _c("sanctions_since", "redaction at which its sanctions last changed", "date", "not since the first text held"),
    _c("direction", "what that change did", null="as `sanctions_since`", example="milder",
       values=("tougher", "milder", "mixed", "new", "unknown")),
)  # fmt: skip
_CONTINUES = _c(
    "continues_id", "the part of the version before that it continues, under whatever number; id of `offence_parts`",
    null="it is new, or nothing was before it", example="K1400000226/art_208/ru/4/offence/3",
)  # fmt: skip
_OFFENCE = (
    _c("topic_id", "the topic; id of `topics`", example="cyber"), ACT_ID, ARTICLE_ID, EID, NUMBER, LANG, HEADING,
    replace(PART, null="the article has no parts, or no text"),
    _c("object", "eid of the chapter that the offence stands in: its object", null="no heading", example="chp_7"),
    _c("object_ru", "the object in Russian: by the registry, else the chapter's heading", null="no Russian text"),
    _c("object_kk", "the object in Kazakh", null="no Kazakh text"),
    _c("object_en", "the object in English", null="the registry does not name it"),
    SEVERITY,
    _c("severity_basis", "what it rests on: the act, the sanction, the sanction with intent (no carelessness is "
       "named), or the registry", null="as `severity`", values=("act", "sanction", "intended", "registry")),
    _c("severity_reason", "why it is not known; a person's reason where the registry states it",
       null="the sanction told it"),
    *_LIMITS, STATE, *_PAST,
    _c("changed_on", "redaction whose change of the article brought this wording", "date", "the first text held"),
    replace(_c("change_op", "what happened to the article", example="amended", values=_OPS), null="as `changed_on`"),
    replace(CHANGE_ID, null="as `changed_on`"),
    replace(AMENDING, meaning="the first law named for that change; all are in `change_laws`"),
    LAW_NUMBER, IN_FORCE_FROM, IN_FORCE_TEXT, VALID_FROM, VALID_TO, VERSION_ID,
    _c("article_position", "order of the article on the page", "integer"),
    _c("position", "order of the part in the article", "integer"),
    _c("path", "address on the site", example="/K1400000226/art_206#part_2-1"),
    _c("id", "id of `offence_parts`", example="K1400000226/art_206/ru/5/offence/3"), _CONTINUES,
)  # fmt: skip
_DESCRIBED: tuple[Table, ...] = (
    Table("acts", "an act of law, free of language", (
        _c("id", "the portal's id, 11 characters", example="K1400000226"),
        _c("kind", "form of the act, from its requisites", null="not told", example="code"),
        _c("number", "official number", null="the act has none or it is not told", example="226-V ЗРК"),
        ADOPTED_ON,
        _c("title_ru", "title in Russian, newest redaction", null="no Russian text is held"),
        _c("title_kk", "title in Kazakh, newest redaction", null="no Kazakh text is held"),
        _c("status", "the portal's status class: new, upd (amended), yts (repealed), stp (suspended)", null="not told",
           example="upd"),
        _c("url", "official page", null="the portal has none", example="https://adilet.zan.kz/rus/docs/K1400000226"),
        _c("short_ru", "how people cite it in Russian", null="the registry does not list the act", example="УК РК"),
        _c("short_kk", "how people cite it in Kazakh", null="the registry does not list the act", example="ҚР ҚК"),
        _c("tracked", "whether the registry lists it", "boolean", example="1"),
    )),
    Table("topics", "a subject that readers follow, from the registry", (
        _c("id", "short name", example="cyber"),
        _c("name_ru", "name in Russian"), _c("name_kk", "name in Kazakh"), _c("name_en", "name in English"),
        _c("position", "order in the registry, from 1", "integer", example="1"),
    )),
    Table("act_topics", "an act in a topic", (
        ACT_ID, _c("topic_id", "the topic; id of `topics`", example="cyber"),
    )),
    Table("article_topics", "a unit in a topic: all units of an act, or those that the registry lists", (
        ARTICLE_ID, _c("topic_id", "the topic; id of `topics`", example="cyber"),
    )),
    Table("snapshots", "a fetch: what one request brought, as the archive's journal holds it", (
        _c("id", "line of the journal (`seq`); journal lines that are no fetch leave gaps", "integer", example="12"),
        _c("url", "address asked for"),
        replace(ACT_ID, null="the address names none", meaning="the act asked for"),
        replace(LANG, null="the page has no language", meaning="language asked for"),
        _c("redaction_date", "date in the address", "date", "the address has none (current page, history, card)",
           "2023-03-07"),
        _c("page_kind", "kind of page asked for", null="not told", example="text"),
        _c("fetched_at", "when the response came", "timestamp", example="2026-11-21T17:36:52+00:00"),
        _c("http_status", "status code", "integer", "no response came", "200"),
        _c("sha256", "SHA-256 of the body, hex", null="no body came"),
        _c("size", "size of the body", "integer", "no body came", "81422", unit="bytes"),
        _c("warc_file", "WARC file in the archive", null="not from a WARC",
           example="warc/crawl-20261121T173652Z-00000001.warc.gz"),
        _c("warc_offset", "where its record begins in that file", "integer", "not from a WARC", "1024", unit="bytes"),
        _c("verdict", "what the response turned out to be", example="text", values=_VERDICTS),
        _c("detail", "why, for people", null="nothing to add"),
        _c("article_sha256", "SHA-256 of the bytes of `<article>`: the rest of a page changes daily",
           null="none in it"),
    )),
    Table("redactions", "the text of an act in one language under one date of the portal, as read", (
        _c("id", "act, language and date", example="K1400000226/ru/2025-09-16"),
        ACT_ID, LANG,
        _c("redaction_date", "the portal's date: not the day on which a text took effect", "date",
           example="2025-09-16"),
        _c("date_basis", "where the date comes from: the page's address, the history page, the information card, "
           "the mirror, or the day of the first fetch where none gives one", example="url",
           values=("url", "history", "info", "mirror", "first_observed")),
        _c("is_current", "whether it is the current page", "boolean", example="0"),
        SNAPSHOT_ID,
        _c("article_count", "articles on the page", "integer", example="48"),
        _c("source", "where it comes from", example="adilet", values=("adilet", "mirror")),
    )),
    Table("coverage", "how well one act in one language is known", (
        ACT_ID, LANG,
        _c("last_checked", "last time that a text page was asked for", "timestamp", "never"),
        _c("last_good", "last time that a whole text page came", "timestamp", "never"),
        _c("last_verdict", "what came the last time", null="never asked", example="text", values=_VERDICTS),
        _c("last_snapshot_id", "that fetch; id of `snapshots`", "integer", "never asked"),
        _c("redactions_listed", "redactions that the history page lists", "integer", "no history page is held", "13"),
        _c("redactions_held", "redactions whose whole text is held", "integer", example="13"),
        _c("newest_redaction", "date of the newest one held", "date", "none is held", "2025-09-16"),
        _c("missing_json", "dates that are listed and not held", "json", "no history page is held", "[]"),
    )),
    Table("articles", "a unit whose text is versioned, free of language", (
        _c("id", "act and eid", example="K1400000226/art_115-1"),
        ACT_ID, EID,
        _c("kind", "kind of unit; points are versioned where an act or annex has no articles", example="article",
           values=_KINDS),
        NUMBER,
        _c("sort_key", "sorts as people count: 115, 115-1, 116", example="00115-00001"),
        _c("position", "order on the page, from 1, units that are gone included", "integer", example="3"),
        PATH,
        replace(PATH, name="path_kk", meaning="the same in Kazakh", null="none, or no Kazakh text"),
        _c("parents", "eids of the headings above it, outermost first, separated by spaces", null="none",
           example="chp_1"),
        _c("heading_ru", "newest heading in Russian", null="no Russian text", example="Статья 115-1. Сталкинг"),
        _c("heading_kk", "newest heading in Kazakh", null="no Kazakh text", example="115-1-бап. Сталкинг"),
    )),
    Table("article_versions", "one text of one unit in one language; a new one opens when text or heading changes", (
        _c("id", "unit, language and number of the version", example="K1400000226/art_115-1/ru/1"),
        ARTICLE_ID, LANG,
        _c("version_no", "1, 2, … in the order of time", "integer", example="1"),
        HEADING, TEXT, NOTES, STATE, TEXT_SHA256, VALID_FROM, VALID_TO, FIRST_SEEN, SNAPSHOT_ID,
        _c("lines_json", "eid of each line of `text` (its kind and number follow from it), else [eid, kind, number]",
           "json", example='["para_1"]'),
        _c("html_json", "HTML of the lines for which text is not enough, by index", "json", "text is enough"),
        _c("notes_json", "[kind, target, line before which it stands, length in `notes`, [[start, end, href], …]] per "
           "note", "json", "no notes"),
        _c("anchor", "anchor on the portal's page; not stable", null="none", example="z6"),
        replace(PATH, meaning="printed headings above it, in its own language", null="none"),
        _c("predecessor_id", "version under another number that it continues; id of `article_versions`",
           null="it was not renumbered"),
    )),
    Table("amending_acts", "an act that amended others, from its information card and from notes", (
        _c("id", "the portal's id, else number@date", example="Z2500000210"),
        _c("number", "number with convocation", null="not known", example="210-VIII"),
        ADOPTED_ON, PUBLISHED_ON, TITLE,
        _c("title_kk", "title in Kazakh", null="not known"),
        _c("url", "official page", null="the portal's id is not known"),
    )),
    Table("changes", "what was observed between two texts of a unit, or between two notes of one text: our fact", (
        _c("id", "unit, language, date; `~2` and so on for later ones under one date",
           example="K1400000226/art_115-1/ru/2025-09-16"),
        ARTICLE_ID, LANG,
        replace(REDACTION_DATE, meaning="date of the redaction that shows it first"),
        OP, WEIGHT,
        _c("old_version_id", "version before; id of `article_versions`", null="there was none"),
        _c("new_version_id", "version after (the same for a change of notes or state)", null="there is none"),
        WORDS_ADDED, WORDS_REMOVED,
        _c("diff_json", "ops that replay on the old text (docs/diff-format.md)", "json"),
        DIFF_HTML,
        _c("summary_json", "facts for a sentence: which parts and points were touched, how", "json"),
        replace(AMENDING, meaning="the first of the amending acts named for it; all are in `change_laws`"),
        ATTRIBUTION,
        _c("attribution_detail", "why, for people", null="nothing to add"),
        IN_FORCE_FROM, IN_FORCE_TEXT, FIRST_SEEN,
        _c("moved_from", "printed headings above it before it moved", null="it did not move"),
        SNAPSHOT_ID,
        _c("seq", "0, 1, … among the changes of one unit under one date", "integer", example="0"),
    )),
    Table("change_laws", "an amending act named for a change", (
        CHANGE_ID,
        _c("position", "1, 2, … as the note names them", "integer", example="1"),
        replace(AMENDING, null=""), ACTION, UNIT, IN_FORCE_TEXT, IN_FORCE_FROM, IN_FORCE_BASIS,
        _c("note", "the note that says so", null="the notes of the new version hold it, or no note says so"),
    )),
    Table("amendments", "a claim of the source: one law and unit in one note, over the time that notes make it", (
        _c("id", "unit, language and a digest of what is claimed", example="K1400000226/art_205/ru/1f0c9a2b7d"),
        ACT_ID,
        replace(ARTICLE_ID, null="the note is on the whole act"),
        LANG, ACTION, UNIT, AMENDING, IN_FORCE_TEXT, IN_FORCE_FROM, IN_FORCE_BASIS,
        _c("note", "the note"),
        _c("note_kind", "what kind of note", example="amendment", values=_NOTE_KINDS),
        _c("first_redaction", "first redaction whose notes make the claim", "date", example="2025-09-16"),
        _c("last_redaction", "first redaction whose notes no longer do", "date", "they still do"),
        _c("flags_json", "doubts and anomalies of the source, snake_case", "json", "none"),
    )),
    Table("issues", "something that a person must look at", (
        _c("id", "act and a digest of what it says, or snapshot/fetch", example="K1400000226/77d0b2c1ae"),
        _c("kind", "snake_case name of the kind", example="page_refused"),
        replace(ACT_ID, null="no act"), replace(ARTICLE_ID, null="not about one unit"),
        replace(LANG, null="no language"),
        _c("detail", "what it is, for people"),
        replace(SNAPSHOT_ID, null="not about one fetch"),
    )),
    Table("technical_records", "a change that reads differently only because this program was upgraded: no alert", (
        _c("id", "change and program"),
        replace(CHANGE_ID, meaning="the change, which may be gone"),
        ACT_ID, LANG, REDACTION_DATE,
        _c("what", "the change came, went, is another event, or is the same event in other words", example="reworded",
           values=("new", "gone", "different", "reworded")),
        _c("reader_before", "digest of the code that read it before"),
        _c("reader_now", "digest of the code that reads it now"),
    ), stable=False),
    Table("meta", "what the file was made from", (
        _c("key", "journal_seq, journal_hash: last fetch of the archive; reader: digest of the code; registry_sha256"),
        _c("value", "its value"),
    ), stable=False),
    Table("provenance", "what decides whether an act is read again", (
        ACT_ID,
        _c("inputs_sha256", "digest of its pages, their dates and its registry entry"),
        _c("laws_sha256", "digest of the information cards of the laws that it names"),
        _c("reader", "digest of the code that read it"),
    ), stable=False),
    Table("search_docs", "a version in the search index", (
        _c("id", "row of the index", "integer"),
        _c("version_id", "the version; id of `article_versions`"),
        ACT_ID, ARTICLE_ID, LANG,
        _c("is_current", "whether the text is still shown", "boolean"),
        _c("weight", "how much the act counts: codes 1, laws 0.4, others less", "real"),
    ), stable=False),
    Table("search_fts", "stems of a version (contentless FTS5); ask it through `lawdiff.store.search`", (
        _c("heading", "stems of the heading"), _c("body", "stems of the text"),
    ), stable=False),
    Table("search_vocabulary", "a stem of the index (fts5vocab)", (
        _c("term", "the stem"), _c("doc", "versions that hold it", "integer"), _c("cnt", "places", "integer"),
    ), stable=False),
    Table("search_terms", "a stem, indexed by its trigrams for search inside words", (
        _c("term", "the stem"),
    ), stable=False),
    Table("sanctions", "one punishment that a part of an article provides, read from one version", (
        _c("id", "version, then a number in text order", example="K1400000226/art_115-1/ru/1/sanction/1"),
        ACT_ID, ARTICLE_ID, VERSION_ID, LANG, _c("position", "order in the text", "integer"), *_SANCTION,
        _c("base", "what a multiple or percentage is of, as printed", null="neither", example="похищенного имущества"),
        _c("line", "eid of the line inside the unit", example="part_1__para_1"),
        _c("text", "the words that were read"),
    )),
    Table("unread_sanctions", "a sanction, or a part of one, that could not be read: nothing is guessed", (
        _c("id", "version, then a number in text order"), ACT_ID, ARTICLE_ID, VERSION_ID, LANG, PART,
        _c("line", "eid of the line inside the unit", example="part_2__para_1"),
        _c("reason", "why it could not be read", example="amount_unread", values=(
            "amount_unread", "unit_unread", "subject_unread", "case_unread", "same_as_nothing", "punishment_unknown",
            "no_punishment_known",
        )),
        _c("text", "the words that were not read"),
    )),
    Table("sanction_verdicts", "a version's sanctions against those of the version before it", (
        VERSION_ID, ACT_ID, ARTICLE_ID, LANG,
        _c("previous_version_id", "the version before; id of `article_versions`", null="it is the first"),
        VERDICT,
        _c("parts_json", "the verdict on every part, by its eid; `-part_2`: the former part of that number", "json",
           example='{"part_1": "milder"}'),
    )),
    Table("lenient_versions", "a version that was shown on the day of an offence, and one shown then or since", (
        _c("from_version_id", "the version of that day; id of `article_versions`"), VERSION_ID, ACT_ID, ARTICLE_ID,
        LANG,
        VERDICT, IS_MILDEST,
    )),
    Table("divergence_findings", "a disagreement of the Russian and the Kazakh text of a unit, over time", (
        _c("id", "unit, kind, first day and a digest of the facts"), ACT_ID, ARTICLE_ID, *_DIVERGENCE,
    )),
    Table("offence_parts", "one part of one version of an article that threatens punishment, or its loss of text", (
        _c("id", "version, then a number in text order", example="K1400000226/art_206/ru/5/offence/3"),
        ACT_ID, ARTICLE_ID, VERSION_ID, LANG, _c("position", "order of the part in the article", "integer"),
        replace(PART, null="the article has no parts, or no text"),
        _c("chapter", "eid of the chapter above it", null="no heading above", example="chp_7"),
        replace(SEVERITY, meaning="category by its sanctions alone (docs/sanctions.md)"),
        _c("severity_basis", "what it rests on: the act, the sanction, or the sanction with intent, as no "
           "carelessness is named", null="as `severity`", values=("act", "sanction", "intended")),
        _c("severity_reason", "why it is not known", null="it is known", values=_REASONS),
        *_LIMITS, *_PAST, _CONTINUES,
    )),
    Table("severity_overrides", "a category that a person read, from the registry", (
        ACT_ID, EID, _c("part", "eid of the part; empty for an article without parts", example="part_1"),
        replace(SEVERITY, null=""), _c("reason", "why, in a sentence"),
    )),
    Table("offence_objects", "the object of the offences of a chapter, from the registry", (
        ACT_ID, _c("chapter", "eid of the chapter", example="chp_7"),
        _c("name_ru", "name in Russian"), _c("name_kk", "name in Kazakh"), _c("name_en", "name in English"),
    )),
    Table("regulators", "who regulates what, from the registry, with the article that says so", (
        _c("topic_id", "the topic; id of `topics`", example="cyber"),
        _c("position", "order in the registry", "integer"),
        replace(ACT_ID, meaning="the act that says so; it need not be held"),
        replace(EID, meaning="the article that says so", example="art_7-1"),
        _c("matter_ru", "what is regulated, in Russian"), _c("matter_kk", "the same in Kazakh"),
        _c("matter_en", "the same in English"), _c("body_ru", "who regulates it, in the words of the act, in Russian"),
        _c("body_kk", "the same in Kazakh"), _c("body_en", "the same in English"),
    )),
    Table("article_current", "a version that is shown now", (
        _c("id", "id of `article_versions`"), ACT_ID, ARTICLE_ID, EID, NUMBER, LANG, HEADING, TEXT, NOTES, STATE,
        VALID_FROM, TEXT_SHA256, PATH, _c("position", "order on the page", "integer"),
    ), is_view=True),
    Table("article_history", "a version with the change that brought it", (
        _c("id", "id of `article_versions`"), ACT_ID, ARTICLE_ID, EID, LANG,
        _c("version_no", "1, 2, … in the order of time", "integer"),
        VALID_FROM, VALID_TO, STATE, HEADING, TEXT, TEXT_SHA256,
        replace(OP, null="the version of the first redaction held: nothing was observed"),
        replace(WEIGHT, null="as `op`"), AMENDING, replace(ATTRIBUTION, null="as `op`"), IN_FORCE_FROM,
        replace(CHANGE_ID, null="as `op`"),
    ), is_view=True),
    Table("recent_changes", "a change with the heading of its unit and the number of its law", (
        REDACTION_DATE, _c("id", "id of `changes`"), ACT_ID, ARTICLE_ID, EID, LANG, HEADING, OP, WEIGHT, WORDS_ADDED,
        WORDS_REMOVED, AMENDING, LAW_NUMBER, ATTRIBUTION, IN_FORCE_FROM, IN_FORCE_TEXT, DIFF_HTML, FIRST_SEEN,
    ), is_view=True),
    Table("pending_changes", "something announced, or shown already, that is not in force today", (
        _c("basis", "announced: a note says that it will come; adopted: the text shows it already",
           values=("announced", "adopted")),
        ACT_ID, replace(ARTICLE_ID, null="on the whole act"), LANG, UNIT,
        _c("action", "what will be done (announced), or the op (adopted)"),
        AMENDING, IN_FORCE_FROM, IN_FORCE_TEXT,
        _c("source", "the note, or the detail of the attribution", null="nothing to add"),
        _c("since", "first redaction that tells it", "date"),
        replace(CHANGE_ID, null="it is announced only"),
    ), is_view=True),
    Table("law_impact", "one thing that an amending act changed", (
        replace(AMENDING, null=""), LAW_NUMBER, ADOPTED_ON, PUBLISHED_ON, TITLE, ACT_ID, ARTICLE_ID, EID, LANG, OP,
        ACTION, UNIT, IN_FORCE_FROM, IN_FORCE_TEXT, ATTRIBUTION, REDACTION_DATE, CHANGE_ID,
    ), is_view=True),
    Table("article_churn", "how often a unit changed in one language", (
        ARTICLE_ID, ACT_ID, EID, LANG,
        _c("changes", "all changes", "integer", example="4", unit="changes"),
        _c("substantive_changes", "changes of words of the law", "integer", example="3", unit="changes"),
        _c("first_change", "date of the first", "date"),
        _c("last_change", "date of the last", "date"),
        _c("words_touched", "words that came and words that went", "integer", example="121", unit="words"),
    ), is_view=True),
    Table("sanctions_current", "a sanction of a version that is shown now", (
        _c("id", "id of `sanctions`"), ACT_ID, ARTICLE_ID, EID, NUMBER, LANG, HEADING, *_SANCTION,
        _c("base", "what a multiple or a percentage is of, as printed", null="neither"),
        _c("text", "the words that were read"), VALID_FROM, VERSION_ID, _c("position", "order in the text", "integer"),
    ), is_view=True),
    Table("more_lenient_law", "for offences of a period, a version that was shown then or since", (
        ACT_ID, ARTICLE_ID, EID, LANG,
        _c("offence_from", "first day of the period: redaction date of the text of that day", "date"),
        _c("offence_until", "first day after it", "date", "the period lasts"),
        VALID_FROM, VALID_TO, STATE, HEADING, VERDICT, IS_MILDEST, VERSION_ID,
        _c("from_version_id", "the version of the day of the offence; id of `article_versions`"),
    ), is_view=True),
    Table("topic_offences", "an offence of a topic as it stands now: one part of one article in one language", _OFFENCE,
          is_view=True),
    Table("topic_offence_versions", "the same for every version, also of the past", _OFFENCE, is_view=True),
    Table("divergences", "a disagreement of the Russian and the Kazakh text, with the unit's headings", (
        _c("id", "id of `divergence_findings`"), ACT_ID, ARTICLE_ID, EID, NUMBER,
        _c("heading_ru", "newest Russian heading", null="no Russian text"),
        _c("heading_kk", "newest Kazakh heading", null="no Kazakh text"),
        *(_DIVERGENCE[place] for place in (0, 1, 4, 2, 3, 5, 6)),
        _c("days_lasted", "how long it has lasted, or lasted", "integer", example="431", unit="days"),
        *_DIVERGENCE[7:],
    ), is_view=True),
)  # fmt: skip


def _with_examples(one: Table) -> Table:
    columns = (
        column if column.example else replace(column, example=example_of(one.name, column.name))
        for column in one.columns
    )
    return replace(one, columns=tuple(columns))


TABLES: tuple[Table, ...] = tuple(_with_examples(one) for one in _DESCRIBED)


def table(name: str) -> Table:
    """The description of a table or view; KeyError where there is none."""
    return {one.name: one for one in TABLES}[name]


def markdown() -> str:
    """The document `docs/data-model.md`."""
    parts = [_INTRODUCTION]
    for title, chosen in (
        ("Tables", [one for one in TABLES if not one.is_view and one.stable]),
        ("Views", [one for one in TABLES if one.is_view]),
        ("Tables of the program itself", [one for one in TABLES if not one.stable]),
    ):
        parts.append(f"## {title}\n")
        parts.extend(_section(one) for one in chosen)
    return "\n".join(parts)


def _section(one: Table) -> str:
    lines = [f"### `{one.name}`\n", f"A row is {one.row}.\n", "| column | type | meaning | NULL means | example |",
             "|---|---|---|---|---|"]  # fmt: skip
    for column in one.columns:
        kind = TYPES[column.type].partition(",")[0] + (f", {column.unit}" if column.unit else "")
        meaning = column.meaning + (f" ({', '.join(column.values)})" if column.values else "")
        example = f"`{column.example}`" if column.example else ""
        cells = (f"`{column.name}`", kind, meaning, column.null or "never NULL", example)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


_INTRODUCTION = """\
# Data model

<!-- made by `python -m lawdiff.datamodel`; do not edit -->

The database is one SQLite file. Dates are ISO texts (`2025-09-16`), unknown is NULL, JSON is in columns named `*_json`.
`PRAGMA application_id` is 0x4C617764, `PRAGMA user_version` the version of the schema; `lawdiff build` brings an older
file to the present schema. Two dates never mix: a *redaction date* is the portal's date of a text, `in_force_from` the
day on which a change takes effect. An id is made of facts and stays the same over rebuilds.

Tables under «Tables» and «Views» keep their names and meaning; columns may be added. Those of the program itself may
change with any release.
"""

if __name__ == "__main__":
    sys.stdout.write(markdown())
