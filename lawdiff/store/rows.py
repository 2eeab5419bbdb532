"""Records of one act → rows of the tables, in an order that depends on nothing but the records.

Pure: `rows_of` may run in a worker process; what it returns is tuples of plain values, in the column order of COLUMNS.
Every list is sorted by a key of its own facts, so that two builds of one archive write the same rows in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from lawdiff.divergences import Finding
from lawdiff.identifiers import article_id, official_url
from lawdiff.model import (
    ActHeader,
    AmendingAct,
    Amendment,
    ArticleVersion,
    Change,
    History,
    Issue,
    Lang,
    Line,
    LineKind,
    Note,
    NoteKind,
    NoteLink,
    Op,
    Unit,
    UnitKind,
)
from lawdiff.numbering import sort_key
from lawdiff.registry import Registry
from lawdiff.render import diff_html
from lawdiff.store.words import index_text
from lawdiff.text import sha256_text

Row = tuple[str | int | float | None, ...]

COLUMNS: dict[str, tuple[str, ...]] = {
    "acts": (
        "id", "kind", "number", "adopted_on", "title_ru", "title_kk", "status", "url", "short_ru", "short_kk",
        "tracked",
    ),
    "articles": (
        "id", "act_id", "eid", "kind", "number", "sort_key", "position", "path", "path_kk", "parents", "heading_ru",
        "heading_kk",
    ),
    "article_topics": ("article_id", "topic_id"),
    "redactions": (
        "id", "act_id", "lang", "redaction_date", "date_basis", "is_current", "snapshot_id", "article_count", "source",
    ),
    "article_versions": (
        "id", "article_id", "lang", "version_no", "heading", "text", "notes", "state", "text_sha256", "valid_from",
        "valid_to", "first_seen", "snapshot_id", "lines_json", "html_json", "notes_json", "anchor", "path",
        "predecessor_id",
    ),
    "changes": (
        "id", "article_id", "lang", "redaction_date", "op", "weight", "old_version_id", "new_version_id", "words_added",
        "words_removed", "diff_json", "diff_html", "summary_json", "amending_act_id", "attribution",
        "attribution_detail", "in_force_from", "in_force_text", "first_seen", "moved_from", "snapshot_id", "seq",
    ),
    "change_laws": (
        "change_id", "position", "amending_act_id", "action", "unit", "in_force_text", "in_force_from",
        "in_force_basis", "note",
    ),
    "amendments": (
        "id", "act_id", "article_id", "lang", "action", "unit", "amending_act_id", "in_force_text", "in_force_from",
        "in_force_basis", "note", "note_kind", "first_redaction", "last_redaction", "flags_json",
    ),
    "issues": ("id", "kind", "act_id", "article_id", "lang", "detail", "snapshot_id"),
    "coverage": (
        "act_id", "lang", "last_checked", "last_good", "last_verdict", "last_snapshot_id", "redactions_listed",
        "redactions_held", "newest_redaction", "missing_json",
    ),
}  # fmt: skip

# How much a text counts in search, by the first letter of the act's id (FORMAT §1): codes first, orders last.
_SEARCH_WEIGHT = {"K": 1.0, "Z": 0.4, "U": 0.25, "P": 0.25, "S": 0.25}


@dataclass(frozen=True, slots=True)
class ActRecords:
    """Everything known of one act.

    histories: attributed. laws: the amending acts that they name. order: eids in page order, newest redaction first
    in authority. headers: of the newest redaction per language. date_basis: how each redaction got its date.
    divergences: of the languages, where a worker process has found them already; None: still to be found.
    """

    act_id: str
    histories: Mapping[Lang, History]
    laws: Mapping[str, AmendingAct] = field(default_factory=dict)
    headers: Mapping[Lang, ActHeader] = field(default_factory=dict)
    order: Sequence[str] = ()
    date_basis: Mapping[tuple[Lang, date], str] = field(default_factory=dict)
    issues: Sequence[Issue] = ()
    divergences: Sequence[Finding] | None = None


@dataclass(frozen=True, slots=True)
class SearchDoc:
    version_id: str
    article_id: str
    lang: str
    is_current: int
    weight: float
    heading: str
    body: str


class ActRows:
    """Rows of one act by table, in the column order of COLUMNS, without its coverage, topics and snapshots (they come
    from the journal and the registry). Rows are made as they are asked for: a large act has more text than memory."""

    def __init__(self, records: ActRecords, registry: Registry) -> None:
        self.records = records
        self.act_id = records.act_id
        self._registry = registry
        self._histories = [history for _, history in sorted(records.histories.items())]
        self._versions = [version for history in self._histories for version in history.versions]
        self._articles = _articles(records, self._versions)
        self._weight = _SEARCH_WEIGHT.get(records.act_id[0], 0.2)

    @property
    def laws(self) -> list[AmendingAct]:
        """The amending acts that are known, by id."""
        return [self.records.laws[key] for key in sorted(self.records.laws)]

    @property
    def named_laws(self) -> frozenset[str]:
        """Every amending act that a change or a claim names."""
        named: set[str | None] = set()
        for history in self._histories:
            named.update(claim.amending_act for claim in history.amendments)
            for change in history.changes:
                named.add(change.amending_act)
                named.update(law.amending_act for law in change.laws)
        return frozenset(law for law in named if law)

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of one table; KeyError for a table that does not hold rows of acts."""
        makers: dict[str, Callable[[], Iterable[Row]]] = {
            "acts": lambda: [_act(self.records, self._registry)],
            "articles": lambda: self._articles,
            "article_topics": lambda: _article_topics(self.act_id, self._articles, self._registry),
            "redactions": lambda: _redactions(self.records),
            "article_versions": lambda: (_version(one, _predecessor(one, self._versions)) for one in self._versions),
            "changes": self._changes,
            "change_laws": self._change_laws,
            "amendments": self._amendments,
            "issues": lambda: _issues(self.records),
        }
        return iter(makers[table]())

    def search(self) -> Iterator[SearchDoc]:
        """The versions as the search index takes them."""
        return (_search_doc(version, self._weight) for version in self._versions)

    def summary(self) -> str:
        """What was read, in a line for people."""
        changes = sum(len(history.changes) for history in self._histories)
        redactions = sum(len(history.redactions) for history in self._histories)
        issues = sum(1 for _ in self.rows("issues"))
        return f"{redactions} redactions, {len(self._versions)} versions, {changes} changes, {issues} issues of reading"

    def _changes(self) -> Iterator[Row]:
        for history in self._histories:
            snapshots = {day: snapshot for day, _, snapshot, _ in history.redactions}
            by_key = {version.key: version for version in history.versions}
            for change in history.changes:
                yield _change(change, by_key, snapshots)

    def _change_laws(self) -> Iterator[Row]:
        for history in self._histories:
            units = {version.key: version.unit for version in history.versions}
            for change in history.changes:
                unit = units.get(change.new_version or "")
                yield from _change_laws(change, unit.notes_text if unit else "")

    def _amendments(self) -> Iterator[Row]:
        articles = {row[0] for row in self._articles}
        for history in self._histories:
            yield from _amendments(history.amendments, articles)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def rows_of(records: ActRecords, registry: Registry) -> ActRows:
    """All rows of one act."""
    return ActRows(records, registry)


def page_order(pages: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """One order of all eids from the orders of several pages, the most authoritative first: an eid that only a later
    page of the argument knows goes after the one it follows there."""
    order: list[str] = []
    known: set[str] = set()
    for page in pages:
        if not order:
            order, known = list(dict.fromkeys(page)), set(page)
            continue
        if known.issuperset(page):
            continue
        follows: dict[str | None, list[str]] = {}
        anchor: str | None = None
        for eid in page:
            if eid in known:
                anchor = eid
            elif eid not in (seen := follows.setdefault(anchor, [])):
                seen.append(eid)
        merged = list(follows.get(None, ()))
        for eid in order:
            merged.append(eid)
            merged.extend(follows.get(eid, ()))
        order, known = merged, known.union(page)
    return tuple(order)


def _act(records: ActRecords, registry: Registry) -> Row:
    russian, kazakh = records.headers.get(Lang.RU), records.headers.get(Lang.KK)
    first = russian or kazakh
    tracked = registry.get(records.act_id)
    return (
        records.act_id,
        next((header.kind for header in (russian, kazakh) if header and header.kind), None),
        next((header.number for header in (russian, kazakh) if header and header.number), None),
        iso(next((header.adopted_on for header in (russian, kazakh) if header and header.adopted_on), None)),
        russian.title if russian else None,
        kazakh.title if kazakh else None,
        first.status if first else None,
        official_url(records.act_id, Lang.RU if russian or not kazakh else Lang.KK),
        tracked.short_ru if tracked else None,
        tracked.short_kk if tracked else None,
        int(tracked is not None),
    )


def _articles(records: ActRecords, versions: Sequence[ArticleVersion]) -> list[Row]:
    newest: dict[str, dict[Lang, ArticleVersion]] = {}
    for version in versions:
        per_lang = newest.setdefault(version.eid, {})
        held = per_lang.get(version.lang)
        if held is None or (version.valid_from, version.version_no) > (held.valid_from, held.version_no):
            per_lang[version.lang] = version
    place = {eid: index for index, eid in enumerate(records.order)}
    ordered = sorted(newest, key=lambda eid: (place.get(eid, len(place)), _order_without_page(newest[eid]), eid))
    rows: list[Row] = []
    for position, eid in enumerate(ordered, 1):
        russian, kazakh = newest[eid].get(Lang.RU), newest[eid].get(Lang.KK)
        unit = (russian or kazakh or next(iter(newest[eid].values()))).unit
        rows.append(
            (
                article_id(records.act_id, eid),
                records.act_id,
                eid,
                unit.kind,
                unit.number,
                sort_key(unit.number),
                position,
                _path(russian.unit) if russian else None,
                _path(kazakh.unit) if kazakh else None,
                " ".join(unit.parents) or None,
                russian.unit.heading if russian else None,
                kazakh.unit.heading if kazakh else None,
            )
        )
    return rows


def _order_without_page(per_lang: Mapping[Lang, ArticleVersion]) -> str:
    return sort_key(next(iter(per_lang.values())).unit.number)


def _path(unit: Unit) -> str | None:
    return "\n".join(unit.path) or None


def _article_topics(act_id: str, articles: Sequence[Row], registry: Registry) -> list[Row]:
    tracked = registry.get(act_id)
    if tracked is None:
        return []
    rows: set[Row] = set()
    for topic in registry.topics:
        listed = dict(topic.articles).get(act_id)
        if listed is not None:
            numbers = topic_articles(listed, [(str(row[0]), str(row[4])) for row in articles if row[3] == "article"])
            rows.update((key, topic.id) for key in numbers)
        elif topic.id in tracked.topics and not (topic.articles and act_id.startswith("K")):
            rows.update((row[0], topic.id) for row in articles if row[3] != UnitKind.HEADING)
    return sorted(rows)


def topic_articles(listed: Sequence[str], articles: Sequence[tuple[str, str]]) -> list[str]:
    """Ids of the articles that a topic lists by number (`115-1`) or by range (`205-213`, suffix numbers between
    included). `a-b` names the article of that number where the act has it; else it is a range if b is above a."""
    by_number = {number: key for key, number in articles}
    chosen: list[str] = []
    for entry in listed:
        wide = ".." in entry
        head, dash, tail = entry.partition(".." if wide else "-")
        if entry in by_number:
            chosen.append(by_number[entry])
        elif dash and (wide or head.isdigit()) and tail.strip()[:1].isdigit() and sort_key(head) < sort_key(tail):
            first, last = sort_key(head.strip()), sort_key(tail.strip())
            # «205-213» ends with every 213-N: the suffix numbers were added beside the article they follow.
            places = ((sort_key(number), key) for number, key in by_number.items())
            chosen.extend(key for at, key in places if first <= at <= last or at.startswith(f"{last}-"))
    return chosen


def _redactions(records: ActRecords) -> list[Row]:
    rows: list[Row] = []
    for lang, history in sorted(records.histories.items()):
        for day, is_current, snapshot, count in sorted(history.redactions, key=lambda entry: entry[0]):
            basis = records.date_basis.get((lang, day), "url")
            key = f"{records.act_id}/{lang}/{day.isoformat()}"
            source = "mirror" if basis == "mirror" else "adilet"
            rows.append((key, records.act_id, lang, day.isoformat(), basis, int(is_current), snapshot, count, source))
    return rows


def _predecessor(version: ArticleVersion, versions: Sequence[ArticleVersion]) -> str | None:
    """Key of the version that a renumbered one continues: the last one of its old eid before it."""
    if version.predecessor is None:
        return None
    earlier = [
        other
        for other in versions
        if other.eid == version.predecessor and other.lang is version.lang and other.valid_from <= version.valid_from
    ]
    return max(earlier, key=lambda other: (other.valid_from, other.version_no)).key if earlier else None


def _version(version: ArticleVersion, predecessor: str | None) -> Row:
    unit = version.unit
    return (
        version.key,
        article_id(version.act_id, version.eid),
        version.lang,
        version.version_no,
        unit.heading,
        unit.text,
        unit.notes_text,
        version.state,
        version.text_sha256,
        version.valid_from.isoformat(),
        iso(version.valid_to),
        iso(version.first_seen),
        version.snapshot_id,
        pack_lines(unit.lines),
        pack_html(unit.lines),
        pack_notes(unit.notes),
        unit.anchor,
        _path(unit),
        predecessor,
    )


def _change(change: Change, versions: Mapping[str, ArticleVersion], snapshots: Mapping[date, int | None]) -> Row:
    new = versions.get(change.new_version or "")
    # A silent edit was first seen on the page that shows the new text, not on the first page of that date.
    snapshot = new.snapshot_id if change.op is Op.SILENT_EDIT and new else snapshots.get(change.redaction_date)
    return (
        change.key,
        article_id(change.act_id, change.eid),
        change.lang,
        change.redaction_date.isoformat(),
        change.op,
        change.weight,
        change.old_version,
        change.new_version,
        change.words_added,
        change.words_removed,
        change.diff_json,
        diff_html(change.diff_json, change.lang),
        change.summary_json,
        change.amending_act,
        change.attribution,
        change.attribution_detail,
        iso(change.in_force_from),
        change.in_force_text,
        iso(change.first_seen),
        change.moved_from,
        snapshot,
        change.seq,
    )


def _change_laws(change: Change, notes: str) -> list[Row]:
    """A note that the new version's own notes hold is not stored once more."""
    return [
        (
            change.key,
            position,
            law.amending_act,
            law.action,
            law.unit,
            law.in_force_text,
            iso(law.in_force_from),
            law.in_force_basis,
            law.note if law.note and law.note not in notes else None,
        )
        for position, law in enumerate(change.laws, 1)
    ]


def _amendments(amendments: Iterable[Amendment], articles: Container[object]) -> list[Row]:
    rows: list[Row] = []
    counts: dict[str, int] = {}
    for claim in amendments:
        key = article_id(claim.act_id, claim.eid)
        own = _claim_id(key, claim)
        counts[own] = number = counts.get(own, 0) + 1
        rows.append(
            (
                own if number == 1 else f"{own}~{number}",
                claim.act_id,
                key if key in articles else None,
                claim.lang,
                claim.action,
                claim.unit,
                claim.amending_act,
                claim.in_force_text,
                iso(claim.in_force_from),
                claim.in_force_basis,
                claim.note,
                claim.note_kind,
                claim.first_redaction.isoformat(),
                iso(claim.last_redaction),
                json.dumps(claim.flags, ensure_ascii=False) if claim.flags else None,
            )
        )
    return rows


def _claim_id(key: str, claim: Amendment) -> str:
    """Unit, language and a digest of what is claimed: the same over rebuilds, whatever claims stand beside it."""
    facts = (claim.note_kind, claim.action, claim.unit, claim.amending_act, claim.first_redaction.isoformat())
    return f"{key}/{claim.lang}/{sha256_text(repr([None if fact is None else str(fact) for fact in facts]))[:10]}"


def _issues(records: ActRecords) -> list[Row]:
    found = [*records.issues]
    for _, history in sorted(records.histories.items()):
        found.extend(history.issues)
    unique = {
        (
            issue.kind,
            issue.act_id or records.act_id,
            article_id(records.act_id, issue.eid) if issue.eid else None,
            issue.lang,
            issue.detail,
            issue.snapshot_id,
        )
        for issue in found
    }
    ordered = sorted(unique, key=lambda row: tuple("" if value is None else str(value) for value in row))
    return [(f"{records.act_id}/{sha256_text(repr([str(value) for value in row]))[:10]}", *row) for row in ordered]


def _search_doc(version: ArticleVersion, weight: float) -> SearchDoc:
    unit = version.unit
    return SearchDoc(
        version.key,
        article_id(version.act_id, version.eid),
        version.lang,
        int(version.valid_to is None),
        weight,
        index_text(unit.heading, version.lang),
        index_text(unit.text, version.lang),
    )


# Compact JSON of what the text alone does not tell. A line is its eid («part_1__point_2») where kind and number follow
# from it, else [eid, kind, number]; the text of the line is the line of `article_versions.text` at the same place.


_LINE_KINDS = {kind.value: kind for kind in LineKind}


@lru_cache(maxsize=4096)
def _kind_and_number(eid: str) -> tuple[LineKind, str | None]:
    last = eid.rpartition("__")[2]
    kind, _, number = last.partition("_")
    if kind in ("part", "point"):
        return LineKind(kind), number
    return _LINE_KINDS.get(kind, LineKind.PARA), None


def pack_lines(lines: Sequence[Line]) -> str:
    """`lines_json` of a version."""
    packed = [
        line.eid if _kind_and_number(line.eid) == (line.kind, line.number) else [line.eid, line.kind, line.number]
        for line in lines
    ]
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def pack_html(lines: Sequence[Line]) -> str | None:
    """`html_json` of a version: index of the line → its HTML, where text alone loses something."""
    packed = {str(index): line.html for index, line in enumerate(lines) if line.html is not None}
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":")) if packed else None


def pack_notes(notes: Sequence[Note]) -> str | None:
    """`notes_json` of a version: [kind, target, line, length, [[start, end, href], …]] per note; lengths count the
    characters of each note inside `notes`, where one newline stands between notes."""
    packed = [
        [note.kind, note.target, note.line, len(note.text), [[link.start, link.end, link.href] for link in note.links]]
        for note in notes
    ]
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":")) if packed else None


def unpack_lines(text: str, lines_json: str, html_json: str | None) -> tuple[Line, ...]:
    """The lines of a stored version, the inverse of `pack_lines` and `pack_html`."""
    html: dict[str, str] = json.loads(html_json) if html_json else {}
    packed = json.loads(lines_json)
    lines: list[Line] = []
    for index, (entry, line_text) in enumerate(zip(packed, text.split("\n") if packed else [], strict=True)):
        eid, kind, number = (entry, *_kind_and_number(entry)) if isinstance(entry, str) else entry
        lines.append(Line(eid, LineKind(kind), line_text, number, html.get(str(index))))
    return tuple(lines)


def unpack_notes(notes: str, notes_json: str | None) -> tuple[Note, ...]:
    """The notes of a stored version, the inverse of `pack_notes`."""
    unpacked: list[Note] = []
    start = 0
    for kind, target, line, length, links in json.loads(notes_json) if notes_json else ():
        text = notes[start : start + length]
        unpacked.append(Note(text, NoteKind(kind), target, line, tuple(NoteLink(*link) for link in links)))
        start += length + 1
    return tuple(unpacked)
