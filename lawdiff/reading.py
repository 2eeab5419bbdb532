"""Pages of one act in one language → its folded history. What a worker process of the build runs.

Redactions stream through the fold one at a time. A page that is refused becomes an issue; the others go on without it.
A page with less than half of the articles that the redaction before it had is refused too (FORMAT §8, re-fetch guard)
until a person accepts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lawdiff.archive import Archive
from lawdiff.errors import PageRefused
from lawdiff.history import Folder
from lawdiff.journal import PageSource
from lawdiff.model import ActHeader, History, Issue, Lang, Redaction
from lawdiff.parse import ChunkCache, parse_page

_LEAST_SHARE = 2  # 1/2
_NO_LIMIT = 10**6


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
    """What was read. header: of the newest redaction. orders: eids of the pages, newest first, repetitions left out."""

    history: History
    header: ActHeader | None
    orders: tuple[tuple[str, ...], ...]
    issues: tuple[Issue, ...]


class _Reader:
    def __init__(self, work: LangWork) -> None:
        self.work = work
        self.archive = Archive(work.archive)
        self.issues: list[Issue] = []
        self.orders: list[tuple[str, ...]] = []
        self.newest: tuple[date, int, ActHeader] | None = None

    def redactions(self) -> Iterator[Redaction]:
        cache = ChunkCache()
        expected: int | None = None
        for page in self.work.pages:
            redaction = self._parse(page, expected, cache)
            if redaction is None:
                continue
            expected = redaction.article_count
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
                self.archive.body(entry),
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


def read_language(work: LangWork) -> LangRead:
    """Parse and fold one act in one language. Raises ArchiveDamaged where a body is not what was stored."""
    reader = _Reader(work)
    folder = Folder(work.act_id, work.lang, accept=work.accepted_redactions)
    held = [folder.step(redaction) for redaction in reader.redactions()]
    # Every page was refused: the issues say why.
    history = folder.finish() if held else History(work.act_id, work.lang, (), (), ())
    header = reader.newest[2] if reader.newest else None
    return LangRead(history, header, tuple(reversed(reader.orders)), tuple(reader.issues))
