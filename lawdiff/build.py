"""archive → database: parse, fold, attribute, store.

The new database is made beside the old one and swapped in whole: readers keep the file that they opened, and never see
a half-built act. Each act is one transaction; an act that fails keeps the rows it had. Only acts with new pages, new
facts about their laws, another registry entry or another reader (the code that reads) are read again.
Guarantees: the rows depend only on the archive, the registry and the code; `from_scratch`, the number of processes and
the order in which acts were crawled change nothing; a second build changes nothing, not even the file; a kill at any
moment leaves the old database and at most a temporary file that the next build removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from lawdiff.archive import Archive, Entry
from lawdiff.attribution import attribute
from lawdiff.collecting import seldom
from lawdiff.errors import LawdiffError, StoreError
from lawdiff.journal import (
    ActSources,
    Holdings,
    PageSource,
    coverage_row,
    fault_issues,
    inputs_sha256,
    law_of,
    pages_of,
)
from lawdiff.memory import peak_mb
from lawdiff.model import AmendingAct, Lang
from lawdiff.portal import HistoryRow
from lawdiff.reading import ActRead, LangRead, LangWork, defect, read_acts
from lawdiff.registry import Registry
from lawdiff.store.before import Before, carry_over, read_before, record_differences
from lawdiff.store.connection import translated
from lawdiff.store.findings import add_findings
from lawdiff.store.rows import ActRecords, Row, page_order, rows_of
from lawdiff.store.write import Writer, counts

Say = Callable[[str], None]

# Findings about an act that are stored with it, in its transaction, after its own rows: (connection, records).
AFTER_ACT: tuple[Callable[[sqlite3.Connection, ActRecords], None], ...] = (add_findings,)

_EXAMPLES = 5
ACCEPTED = "accepted.txt"  # in the archive: what `accept` named, one per line, so that a rebuild reads alike
# Code that never decides what is in a row; everything else in the package is the «reader», whose change reads again.
_NOT_READING = frozenset(
    {
        "__main__.py", "alerts", "archive", "checks.py", "cli", "datamodel.py", "demo.py", "evidence", "evidence.py",
        "exports", "export", "resources.py", "runlock.py", "site", "status.py", "store/__init__.py",
        "store/alert_facts.py", "store/anomalies.py", "store/before.py", "store/citations.py", "store/connection.py",
        "store/extracts.py", "store/pages", "store/read.py", "store/search.py",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    built, unchanged: act ids; failed: act ids with the message. swapped: a new file was put in place.
    technical: changes that read differently only because the program did. rows: how many rows each table holds.
    """

    built: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    swapped: bool
    technical: int
    rows: dict[str, int]
    size: int
    peak_memory_mb: int

    @property
    def ok(self) -> bool:
        return not self.failed

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


@dataclass(frozen=True, slots=True)
class ActPlan:
    """What is to be read of one act. inputs: digest of everything that decides what comes out, the code aside."""

    sources: ActSources
    pages: dict[Lang, list[PageSource]]
    listed: dict[Lang, list[HistoryRow]]
    inputs: str


@dataclass(slots=True)
class _Run:
    """One build under way."""

    source: Archive
    db: Path
    registry: Registry
    reader: str
    accepted: frozenset[str]
    say: Say
    on_page: Say | None = None
    holdings: Holdings = field(default_factory=Holdings)
    laws: dict[str, AmendingAct] = field(default_factory=dict)
    plans: dict[str, ActPlan] = field(default_factory=dict)
    built: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    technical: int = 0


def build(
    archive: Path,
    db: Path,
    registry: Registry,
    *,
    from_scratch: bool = False,
    processes: int = 1,
    progress: Say | None = None,
    on_page: Say | None = None,
    accept: frozenset[str] = frozenset(),
) -> BuildReport:
    """Bring the database `db` to what the archive holds.

    accept: acts (`K1400000226`) or redactions (`K1400000226/ru/2025-09-16`) whose mass loss of articles a person has
    looked at; they are remembered in the archive. progress: called with a line per act; on_page: with one per page
    (with one process only).
    Raises StoreError (locked, full, read-only, newer schema), ArchiveDamaged, LawdiffError (no archive).
    """
    source = Archive(archive).require()
    say = progress or (lambda _line: None)
    with translated(db):
        db.parent.mkdir(parents=True, exist_ok=True)
        with _only_build(db):
            _remove_leftovers(db)
            run = _Run(source, db, registry, reader_version(), _accepted(archive, accept), say, on_page)
            with seldom():
                return _build(run, from_scratch, max(1, processes))


def reader_version() -> str:
    """Digest of the code that turns pages into rows: another reader reads every act again."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        if not _NOT_READING & {name, name.partition("/")[0], name.rpartition("/")[0]} and not name.startswith("_"):
            digest.update(name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _build(run: _Run, from_scratch: bool, processes: int) -> BuildReport:
    before = read_before(run.db)
    same_journal = _take_stock(run, before)
    base = before if same_journal and not from_scratch else None
    dirty = [act_id for act_id, plan in run.plans.items() if base is None or _must_read(run, base, act_id, plan)]
    meta = {
        "journal_seq": str(run.holdings.last_seq),
        "journal_hash": run.holdings.last_hash,
        "reader": run.reader,
        "registry_sha256": _registry_digest(run.registry),
    }
    unchanged = tuple(act_id for act_id in run.plans if act_id not in set(dirty))
    if base is None or dirty or base.meta != meta:
        fresh = run.db.with_name(f".{run.db.name}.building-{os.getpid()}")
        try:
            _write(run, fresh, before=before, base=base, dirty=dirty, meta=meta, processes=processes)
            _swap(fresh, run.db)
        finally:
            fresh.unlink(missing_ok=True)
        swapped = True
    else:
        swapped = False
    return BuildReport(
        tuple(run.built), unchanged, tuple(run.failed), swapped, run.technical, counts(run.db),
        run.db.stat().st_size, peak_memory_mb(),
    )  # fmt: skip


def _registry_digest(registry: Registry) -> str:
    """Of what the registry says; in which order it lists the acts says nothing."""
    ordered = replace(registry, acts=tuple(sorted(registry.acts, key=lambda act: act.id)))
    return hashlib.sha256(repr(ordered).encode()).hexdigest()


def _take_stock(run: _Run, before: Before) -> bool:
    """Read the journal into `run`; whether the database before was made from an earlier state of this same journal."""
    same = False
    for entry in run.source.entries():
        run.holdings.add(entry)
        same = same or (entry.seq == before.journal_seq and entry.hash == before.journal_hash)
    body = run.source.body
    for act_id, act in sorted(run.holdings.acts.items()):
        law = law_of(act_id, act.infos, body)
        if law is not None:
            run.laws[act_id] = law
        if act.has_text:
            run.plans[act_id] = _plan(run, act)
    return same


def _plan(run: _Run, act: ActSources) -> ActPlan:
    pages: dict[Lang, list[PageSource]] = {}
    listed: dict[Lang, list[HistoryRow]] = {}
    for lang in sorted(act.langs):
        pages[lang], listed[lang] = pages_of(act, lang, run.source.body)
    tracked = run.registry.get(act.act_id)
    topics = [
        (topic.id, dict(topic.articles).get(act.act_id), bool(topic.articles))
        for topic in run.registry.topics
        if tracked
    ]
    accepted = sorted(entry for entry in run.accepted if entry.startswith(act.act_id))
    flat = [(lang, page) for lang in sorted(pages) for page in pages[lang]]
    return ActPlan(act, pages, listed, inputs_sha256(flat, [repr(tracked), topics, accepted]))


def _must_read(run: _Run, base: Before, act_id: str, plan: ActPlan) -> bool:
    held = base.provenance.get(act_id)
    return held is None or (held.inputs_sha256, held.laws_sha256, held.reader) != (
        plan.inputs,
        _laws_sha256(base.used_laws.get(act_id, frozenset()), run.laws),
        run.reader,
    )


def _laws_sha256(used: Iterable[str], laws: Mapping[str, AmendingAct]) -> str:
    """Digest of what the information cards say of the laws that an act's notes name."""
    return hashlib.sha256(repr([(key, laws.get(key)) for key in sorted(used)]).encode()).hexdigest()


def _write(
    run: _Run,
    fresh: Path,
    *,
    before: Before,
    base: Before | None,
    dirty: Sequence[str],
    meta: Mapping[str, str],
    processes: int,
) -> None:
    """Make the new database in `fresh`: a copy of the old one with the acts to be read replaced, or all anew."""
    if base is not None:
        shutil.copyfile(run.db, fresh)
    with Writer(fresh) as writer:
        with writer.transaction():
            writer.write_snapshots(_snapshot_rows(run.source, base.journal_seq if base else 0))
            carry_over(writer.connection, before.technical)
            if base is not None and base.meta.get("reader") != run.reader:
                writer.empty_search()
        for act in read_acts(_works(run, dirty), processes, run.on_page):
            error = act.error or _attempt(run, writer, before, act)
            if error is not None:
                run.failed.append((act.act_id, str(error)))
                run.say(f"{act.act_id}: not built, its earlier rows stay: {error}")
        with writer.transaction():
            writer.write_registry(run.registry)
            writer.mention_acts(run.plans, run.registry)
            writer.write_coverage(_coverage(run.plans))
            writer.write_snapshot_issues(_fault_rows(run.holdings))
            writer.write_failures(run.failed)
            writer.write_meta(meta)
        writer.finish()


def _works(run: _Run, dirty: Sequence[str]) -> dict[str, list[LangWork]]:
    """What is to be read, by act in the order given."""
    return {
        act_id: [
            LangWork(run.source.folder, act_id, lang, tuple(pages), run.accepted)
            for lang, pages in sorted(run.plans[act_id].pages.items())
            if pages
        ]
        for act_id in dirty
    }


def _attempt(run: _Run, writer: Writer, before: Before, act: ActRead) -> LawdiffError | None:
    """Write one act; a defect of the program that this act brings out must not keep the others from being built."""
    try:
        _write_act(run, writer, before, act)
    except (StoreError, sqlite3.Error, OSError):
        raise  # no act can be written
    except LawdiffError as error:
        return error
    except Exception as error:
        return defect(error)
    return None


def _write_act(run: _Run, writer: Writer, before: Before, act: ActRead) -> None:
    act_id = act.act_id
    records = _attributed(act_id, act.reads, run.plans[act_id], run.laws)
    rows = rows_of(records, run.registry)
    marks = before.marks(act_id, run.reader)
    with writer.transaction() as connection:
        writer.replace_act(rows, (run.plans[act_id].inputs, _laws_sha256(rows.named_laws, run.laws), run.reader))
        records = replace(records, divergences=act.divergences())
        for add_more in AFTER_ACT:
            add_more(connection, records)
        differences = record_differences(connection, act_id, marks, run.reader)
    run.technical += len(differences)
    run.built.append(act_id)
    run.say(f"{act_id}: {rows.summary()}")
    if differences:
        more = ", …" if len(differences) > _EXAMPLES else ""
        run.say(
            f"{act_id}: {len(differences)} changes read differently than by the program before (technical_records): "
            f"{', '.join(differences[:_EXAMPLES])}{more}"
        )


def _attributed(
    act_id: str, reads: Mapping[Lang, LangRead], plan: ActPlan, laws: Mapping[str, AmendingAct]
) -> ActRecords:
    notes = [note for read in reads.values() for note in read.notes]
    attributed = attribute({lang: read.history for lang, read in reads.items()}, laws, notes)
    return ActRecords(
        act_id,
        attributed.histories,
        attributed.laws,
        {lang: read.header for lang, read in reads.items() if read.header},
        # Russian pages are the authority for the order of units, where there are any.
        page_order(order for lang in sorted(reads, reverse=True) for order in reads[lang].orders),
        {(lang, page.redaction_date): page.date_basis for lang, pages in plan.pages.items() for page in pages},
        [issue for read in reads.values() for issue in read.issues],
    )


# Rows from the journal


def _snapshot_rows(source: Archive, after: int) -> Iterator[Row]:
    return (_snapshot_row(entry) for entry in source.entries() if entry.seq > after)


def _snapshot_row(entry: Entry) -> Row:
    return (
        entry.seq,
        entry.url,
        entry.act_id,
        entry.lang,
        entry.redaction_date.isoformat() if entry.redaction_date else None,
        entry.page_kind,
        entry.fetched_at.isoformat(),
        entry.http_status,
        entry.sha256,
        entry.size,
        entry.warc_file,
        entry.warc_offset,
        entry.verdict,
        entry.detail or entry.error,
        entry.article_sha256,
    )


def _coverage(plans: Mapping[str, ActPlan]) -> Iterator[Row]:
    for act_id, plan in plans.items():
        for lang, held in sorted(plan.sources.langs.items()):
            yield coverage_row(act_id, lang, held, plan.pages[lang], plan.listed[lang])


def _fault_rows(holdings: Holdings) -> Iterator[Row]:
    for issue in fault_issues(holdings):
        yield (
            f"snapshot/{issue.snapshot_id}",
            issue.kind,
            issue.act_id,
            None,
            issue.lang,
            issue.detail,
            issue.snapshot_id,
        )


# Files


def _accepted(archive: Path, accept: frozenset[str]) -> frozenset[str]:
    """What was ever accepted, with `accept` added to the archive's list."""
    path = archive / ACCEPTED
    held = frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
    if accept - held:
        path.write_text("".join(f"{entry}\n" for entry in sorted(held | accept)), encoding="utf-8")
    return held | accept


@contextmanager
def _only_build(db: Path) -> Iterator[None]:
    """Hold the one build lock of `db`. The kernel drops it when the process ends, however it ends."""
    with db.with_name(f".{db.name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"another build of {db} is running; wait for it to end and try again") from None
        yield


def _remove_leftovers(db: Path) -> None:
    """Temporary files of builds that were killed (the lock says that none is running)."""
    for leftover in db.parent.glob(f".{db.name}.building-*"):
        leftover.unlink()


def _swap(fresh: Path, db: Path) -> None:
    """Put the finished file in place: on disk before its name is, so that a power cut leaves the old or the new."""
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
    fresh.replace(db)
    folder = os.open(db.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def peak_memory_mb() -> int:
    """Peak memory of this process and its largest worker so far, in MiB (Linux counts KiB, macOS bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return peak_mb() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit // (1024 * 1024)
