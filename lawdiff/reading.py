"""Pages of one act in one language → its folded history, in this process or in several side by side.

Redactions stream through the fold one at a time. A page that is refused becomes an issue; the others go on without it.
A page with less than half of the articles that the redaction before it had is refused too (FORMAT §8, re-fetch guard)
until a person accepts it.
"""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from lawdiff.archive import Archive, Entry
from lawdiff.claims import NoteRead, read_notes
from lawdiff.collecting import look_seldom, set_aside
from lawdiff.divergences import Finding, compare_histories, in_order
from lawdiff.errors import LawdiffError, PageRefused, StoreError
from lawdiff.gitmarkdown import bundle_page, to_portal_page
from lawdiff.history import Folder
from lawdiff.journal import PageSource
from lawdiff.model import ActHeader, History, Issue, Lang, Redaction, UnitKind
from lawdiff.parse import ChunkCache, parse_page
from lawdiff.text import fold_key

_Answer = TypeVar("_Answer")
_LEAST_SHARE = 2  # 1/2
_NO_LIMIT = 10**6


def _nothing_found() -> None:
    return None


@dataclass(frozen=True, slots=True)
class LangWork:
    """One act in one language, to be read. accepted: acts or redactions whose loss of articles a person looked at."""

    archive: Path
    act_id: str
    lang: Lang
    pages: tuple[PageSource, ...]
    accepted: frozenset[str] = frozenset()

    @property
    def accepted_redactions(self) -> frozenset[str]:
        """Keys (`K1400000226/ru/2025-09-16`) of the redactions that are accepted by name or with their whole act."""
        keys = frozenset(f"{self.act_id}/{self.lang}/{page.redaction_date.isoformat()}" for page in self.pages)
        return keys if self.act_id in self.accepted else keys & self.accepted


@dataclass(frozen=True, slots=True)
class LangRead:
    """What was read. header: of the newest redaction. orders: eids of the pages, newest first, repetitions left out.
    notes: those of the history with their readings, where a worker process read them; else they are read later."""

    history: History
    header: ActHeader | None
    orders: tuple[tuple[str, ...], ...]
    issues: tuple[Issue, ...]
    notes: tuple[NoteRead, ...] = ()


class _Reader:
    def __init__(self, work: LangWork, on_page: Callable[[str], None] | None = None) -> None:
        self.work = work
        self.on_page = on_page
        self.archive = Archive(work.archive)
        self.issues: list[Issue] = []
        self.orders: list[tuple[str, ...]] = []
        self.newest: tuple[date, int, ActHeader] | None = None

    def redactions(self) -> Iterator[Redaction]:
        cache = ChunkCache()
        expected: int | None = None
        for page in self.work.pages:
            if self.on_page:
                self.on_page(f"{self.work.act_id} {self.work.lang} {page.redaction_date.isoformat()}")
            redaction = self._parse(page, expected, cache)
            if redaction is None:
                continue
            expected = redaction.article_count
            if page.twin is not None:
                self.issues.extend(self._differences(redaction, page, page.twin, cache))
            at = (page.redaction_date, page.entry.seq)
            if self.newest is None or at > self.newest[:2]:
                self.newest = (*at, redaction.header)
            order = tuple(unit.eid for unit in redaction.units)
            if not self.orders or self.orders[-1] != order:
                self.orders.append(order)
            yield redaction

    def _parse(self, page: PageSource, expected: int | None, cache: ChunkCache) -> Redaction | None:
        work, entry = self.work, page.entry
        key = f"{work.act_id}/{work.lang}/{page.redaction_date.isoformat()}"
        guarded = expected is not None and key not in work.accepted_redactions
        try:
            return parse_page(
                self._page_bytes(page),
                act_id=work.act_id,
                lang=work.lang,
                redaction_date=page.redaction_date,
                is_current=page.is_current,
                url=entry.url,
                snapshot_id=entry.seq,
                observed_on=page.observed_on,
                expected_articles=((expected or 0) // _LEAST_SHARE, _NO_LIMIT) if guarded else None,
                cache=cache,
            )
        except PageRefused as refusal:
            hint = f"; if the loss is real: lawdiff build --accept {key}" if guarded else ""
            detail = f"{page.redaction_date.isoformat()}: {refusal.reason}: {refusal}{hint}"
            self.issues.append(Issue("page_refused", detail, work.act_id, None, work.lang, entry.seq))
            return None

    def _page_bytes(self, page: PageSource) -> bytes:
        body = self.archive.body(page.entry)
        return _mirror_page(body, self.work.act_id) if page.mirrored else body

    def _differences(self, portal: Redaction, page: PageSource, twin: Entry, cache: ChunkCache) -> Iterator[Issue]:
        """Where the mirror's text of the same redaction is another law than the portal's: listed, never merged."""
        day = page.redaction_date
        try:
            mirror = parse_page(
                _mirror_page(self.archive.body(twin), self.work.act_id), act_id=self.work.act_id, lang=self.work.lang,
                redaction_date=day, is_current=False, url=twin.url, snapshot_id=twin.seq, cache=cache,
            )  # fmt: skip
        except PageRefused as refusal:
            detail = f"{day.isoformat()}: the mirror's text is not readable: {refusal}"
            yield Issue("source_difference", detail, self.work.act_id, None, self.work.lang, twin.seq)
            return
        for eid, how in source_differences(portal, mirror):
            detail = f"{day.isoformat()}: {how}"
            yield Issue("source_difference", detail, self.work.act_id, eid, self.work.lang, twin.seq)


def _mirror_page(bundle: bytes, act_id: str) -> bytes:
    meta, texts = bundle_page(bundle)
    return to_portal_page(texts, meta, act_id)


def source_differences(portal: Redaction, mirror: Redaction) -> Iterator[tuple[str, str]]:
    """(eid, how) for each article that two sources of one redaction read differently, in the order of the portal.

    Style (white space, dashes, quotes, look-alike letters) is no difference. Only articles are compared: the mirror's
    headings of chapters are cut and numbered its own way.
    """
    ours = {unit.eid: unit for unit in portal.units if unit.kind is UnitKind.ARTICLE}
    theirs = {unit.eid: unit for unit in mirror.units if unit.kind is UnitKind.ARTICLE}
    for eid in [*ours, *(eid for eid in theirs if eid not in ours)]:
        if eid not in theirs:
            yield eid, f"{eid} is not in the mirror"
        elif eid not in ours:
            yield eid, f"{eid} is only in the mirror"
        elif fold_key(ours[eid].text) != fold_key(theirs[eid].text):
            pairs = zip_longest(ours[eid].lines, theirs[eid].lines)
            same = (bool(a and b and fold_key(a.text) == fold_key(b.text)) for a, b in pairs)
            line = next((number for number, equal in enumerate(same, 1) if not equal), 0)
            yield eid, f"the text of {eid} differs, first in paragraph {line}"


def read_language(work: LangWork, on_page: Callable[[str], None] | None = None) -> LangRead:
    """Parse and fold one act in one language. on_page: told of each page before it is read.

    Raises ArchiveDamaged where a body is not what was stored.
    """
    reader = _Reader(work, on_page)
    folder = Folder(work.act_id, work.lang, accept=work.accepted_redactions)
    held = []
    for redaction in reader.redactions():
        held.append(folder.step(redaction))
        set_aside()
    # Every page was refused: the issues say why.
    history = folder.finish() if held else History(work.act_id, work.lang, (), (), ())
    header = reader.newest[2] if reader.newest else None
    return LangRead(history, header, tuple(reversed(reader.orders)), tuple(reader.issues))


# Acts side by side


@dataclass(frozen=True, slots=True)
class ActRead:
    """One act, read in all its languages, or the error that prevented it.

    divergences: what the languages disagree in, found by the worker processes meanwhile; None: still to be found.
    """

    act_id: str
    reads: dict[Lang, LangRead]
    error: LawdiffError | None = None
    divergences: Callable[[], tuple[Finding, ...] | None] = _nothing_found


def read_acts(
    works: Mapping[str, Sequence[LangWork]], processes: int, on_page: Callable[[str], None] | None = None
) -> Iterator[ActRead]:
    """The acts in the order given, each read whole.

    With several processes, languages and acts are read side by side, a few acts ahead of the one that is taken, so that
    memory stays bounded; the languages of an act are then compared while the caller goes on with it. The records are
    the same. Raises StoreError where a worker process was ended from outside.
    """
    if processes == 1:
        for act_id, parts in works.items():
            try:
                act = ActRead(act_id, {work.lang: read_language(work, on_page) for work in parts})
            except LawdiffError as error:
                act = ActRead(act_id, {}, error)
            except Exception as error:
                act = ActRead(act_id, {}, defect(error))
            yield act
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=look_seldom) as pool:
        queue = iter(works.items())
        ahead: list[tuple[str, dict[Lang, Future[bytes]]]] = []
        while True:
            while len(ahead) < processes and (following := next(queue, None)) is not None:
                act_id, parts = following
                ahead.append((act_id, {work.lang: pool.submit(read_packed, work) for work in parts}))
            if not ahead:
                return
            yield _taken(pool, processes, *ahead.pop(0))


def read_packed(work: LangWork) -> bytes:
    """`read_language` with the notes read too, in a worker process; packed once for the caller and for the workers that
    compare the languages."""
    read = read_language(work)
    return pickle.dumps(replace(read, notes=read_notes(read.history)), pickle.HIGHEST_PROTOCOL)


def _taken(pool: ProcessPoolExecutor, processes: int, act_id: str, futures: Mapping[Lang, Future[bytes]]) -> ActRead:
    try:
        packed = {lang: _result(future) for lang, future in futures.items()}
    except LawdiffError as error:
        if isinstance(error, StoreError):
            raise
        return ActRead(act_id, {}, error)
    except Exception as error:
        return ActRead(act_id, {}, defect(error))
    found: list[Future[tuple[Finding, ...]]] | None = None
    if {Lang.RU, Lang.KK} <= packed.keys():
        found = [
            pool.submit(compare_packed, packed[Lang.RU], packed[Lang.KK], part, processes) for part in range(processes)
        ]
    reads = {lang: _unpacked(one) for lang, one in packed.items()}
    set_aside()
    if found is None:
        return ActRead(act_id, reads)
    return ActRead(act_id, reads, None, lambda: in_order([one for part in found for one in _result(part)]))


def _unpacked(packed: bytes) -> LangRead:
    read = pickle.loads(packed)  # noqa: S301  # by a worker of this very run
    assert isinstance(read, LangRead)
    return read


def compare_packed(ru: bytes, kk: bytes, part: int, count: int) -> tuple[Finding, ...]:
    """In a worker process: where the languages disagree in one of `count` parts of an act."""
    halves = comparable_parts(_unpacked(ru).history, _unpacked(kk).history, count)
    return compare_histories(*halves[part])


def comparable_parts(ru: History, kk: History, count: int) -> list[tuple[History, History]]:
    """An act's histories cut into `count` parts by units, with nothing but what the comparison reads."""
    eids = sorted({version.eid for history in (ru, kk) for version in history.versions})
    parts: list[tuple[History, History]] = []
    for start in range(count):
        chosen = set(eids[start::count])
        ours, theirs = (
            History(
                whole.act_id,
                whole.lang,
                tuple(version for version in whole.versions if version.eid in chosen),
                (),
                whole.redactions,
            )
            for whole in (ru, kk)
        )
        parts.append((ours, theirs))
    return parts


def defect(error: Exception) -> LawdiffError:
    """An error that nobody expected, as one line that a person can pass on."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return LawdiffError(
        f"{type(error).__name__}{where}: {error}; this is a defect of the program: report it with the id of the act"
    )


def _result(future: Future[_Answer]) -> _Answer:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise StoreError("a worker process was ended from outside; run again, or with --processes 1") from error
