"""What is to be proven: the texts of one article between two days, their changes, and the pages that show them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lawdiff.archive import Archive, CrawlClose, Entry
from lawdiff.errors import LawdiffError
from lawdiff.evidence.proof import Proof, by_seq, prove
from lawdiff.model import Lang, Verdict
from lawdiff.store import pages, read
from lawdiff.store.read import Article, ChangeRow, Comparison, Version

LANGS = (Lang.RU, Lang.KK)
_LAST = "last observation of the current page"


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what answers it.

    since, until: the days asked for, None: from the first, to the newest. versions: texts shown within them, by
    language, oldest first. changes: after `since`, up to `until`. comparisons: the text of `since` against that of
    `until`, where both days were given. roles: why each fetch is there. warnings: what a reader must know besides.
    """

    article: Article
    title: str
    since: date | None
    until: date | None
    versions: tuple[Version, ...]
    changes: tuple[ChangeRow, ...]
    comparisons: tuple[Comparison, ...]
    roles: tuple[tuple[int, tuple[str, ...]], ...]
    proof: Proof
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`evidence-K1400000226-art_115-1`, with the days where they were given."""
        days = "".join(f"-{day.isoformat()}" for day in (self.since, self.until) if day)
        return f"evidence-{self.article.act_id}-{self.article.eid}{days}"

    def entry(self, seq: int) -> Entry:
        return next(entry for entry in self.proof.entries if entry.seq == seq)


def gather(
    conn: sqlite3.Connection, archive: Archive, act_id: str, number: str, since: date | None, until: date | None
) -> Case:
    """Collect a case. Raises StoreError (no such act or article), LawdiffError (no text then, other archive)."""
    if since and until and since > until:
        raise LawdiffError(f"--from {since} is after --to {until}: give the earlier day as --from")
    article = read.find_article(conn, act_id, number)
    versions = tuple(version for lang in LANGS for version in _versions(conn, article, lang, since, until))
    if not versions:
        raise LawdiffError(f"{article.id} has no text in that time; lawdiff log {act_id} {number} tells when it has")
    changes = tuple(
        change
        for lang in LANGS
        for change in read.changes(conn, key=article.id, lang=lang, until=until)
        if since is None or change.redaction_date > since
    )
    comparisons: tuple[Comparison, ...] = ()
    if since and until:
        comparisons = tuple(read.compare(conn, article, lang, since, until) for lang in LANGS)
    roles = _roles(conn, archive, article, versions, changes, since, until)
    case = Case(
        article, _title(conn, act_id), since, until, versions, changes, comparisons,
        tuple(sorted((seq, tuple(why)) for seq, why in roles.items())), prove(archive.require(), by_seq(roles)),
    )  # fmt: skip
    _same_archive(conn, case)
    return replace(case, warnings=tuple(_newer_pages(conn, case)))


def _versions(
    conn: sqlite3.Connection, article: Article, lang: Lang, since: date | None, until: date | None
) -> Iterator[Version]:
    for version in read.versions_of(conn, article.id, lang):
        begun = until is None or version.valid_from <= until
        gone = since is not None and version.valid_to is not None and version.valid_to <= since
        if begun and not gone:
            yield version


def _roles(
    conn: sqlite3.Connection,
    archive: Archive,
    article: Article,
    versions: tuple[Version, ...],
    changes: tuple[ChangeRow, ...],
    since: date | None,
    until: date | None,
) -> dict[int, list[str]]:
    """Which fetches are needed, and what for: where a text first stands, and the page before each change."""
    roles: dict[int, list[str]] = {}

    def add(seq: int | None, role: str) -> None:
        if seq is not None and role not in roles.setdefault(seq, []):
            roles[seq].append(role)

    for version in versions:
        add(version.snapshot_id, f"first page that shows {version.id}")
    for change in changes:
        add(change.snapshot_id, f"page of the change {change.id}")
        before = _page(conn, article, change.lang, change.redaction_date - timedelta(days=1))
        add(before, f"last page before the change {change.id}")
    for lang in LANGS:
        for day, what in ((since, "from"), (until or date.max, "to")):
            if day is not None:
                shown = day.isoformat() if day != date.max else "the newest"
                add(_page(conn, article, lang, day), f"page of the day “{what}” ({lang}, {shown})")
    laws = {law for change in changes for law, *_ in change.laws}
    for seq, role in _context(archive, article.act_id, laws, newest=until is None):
        add(seq, role)
    return roles


def _page(conn: sqlite3.Connection, article: Article, lang: Lang, day: date) -> int | None:
    row = pages.redaction_snapshot(conn, article.act_id, lang, day.isoformat())
    return int(row["id"]) if row and row["id"] is not None else None


def _context(archive: Archive, act_id: str, laws: set[str], *, newest: bool) -> Iterator[tuple[int, str]]:
    """The newest history page per language, the newest information card of each law named, and, if `newest`, the last
    observation of the current page; of crawls that are closed."""
    found: dict[tuple[str, Lang | None], Entry] = {}
    of_this_run: dict[tuple[str, Lang | None], Entry] = {}
    for line in archive.lines():
        if isinstance(line, CrawlClose):
            found.update(of_this_run)
            of_this_run.clear()
        elif isinstance(line, Entry):
            role = _context_role(line, act_id, laws, newest=newest)
            if role:
                of_this_run[role, line.lang] = line
    for (role, lang), entry in found.items():
        yield entry.seq, f"{role} ({lang})"


def _context_role(entry: Entry, act_id: str, laws: set[str], *, newest: bool) -> str | None:
    if entry.verdict is Verdict.INFO and entry.act_id in laws:
        return f"information card of the law {entry.act_id}"
    if entry.act_id != act_id:
        return None
    if entry.verdict is Verdict.HISTORY:
        return "list of the redactions"
    if newest and entry.verdict is Verdict.TEXT and entry.redaction_date is None:
        return _LAST
    return None


def _newer_pages(conn: sqlite3.Connection, case: Case) -> Iterator[str]:
    """Where the archive's last observation of the current page is not what the database reads as the newest."""
    for lang in LANGS:
        last = next((case.entry(seq) for seq, why in case.roles if f"{_LAST} ({lang})" in why), None)
        newest = _page(conn, case.article, lang, date.max)
        if last is None or newest is None or last.article_sha256 == case.entry(newest).article_sha256:
            continue
        yield (
            f"the page fetched on {last.fetched_at.date()} (entry {last.seq}, {lang}) differs from the newest text in "
            "the database: run lawdiff build; if that does not help, lawdiff check says why the page was not taken"
        )


def _title(conn: sqlite3.Connection, act_id: str) -> str:
    row = pages.act(conn, act_id)
    titles = [str(row[name]) for name in ("title_ru", "title_kk") if row and row.get(name)]
    return " / ".join(titles) or act_id


def _same_archive(conn: sqlite3.Connection, case: Case) -> None:
    """The database must be made from this very archive: then a snapshot's id is the number of its journal line."""
    held = {entry.seq: entry for entry in case.proof.entries}
    for seq, _ in case.roles:
        row = pages.snapshot(conn, seq)
        entry = held.get(seq)
        if entry is None or (row is not None and (row["sha256"], row["url"]) != (entry.sha256, entry.url)):
            raise LawdiffError(
                f"the database was made from another archive (fetch {seq} differs); run lawdiff build --from-scratch, "
                "or name the right --db and --archive"
            )
