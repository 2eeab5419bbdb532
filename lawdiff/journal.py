"""What the archive holds, seen as acts: which fetch is which redaction, and what was listed but is not held.

Turns the journal's entries, in order, into one `ActSources` per act. Guarantees: the result depends only on the entries
and bodies; several fetches of a redaction whose `<article>` bytes are equal are one page; nothing bad is ever a page.

Date of a page (`date_basis`): `url` for a dated redaction; for the current page `history` (the current row of the
history page fetched with it), else `info` («Дата изменения» of the information card), else `first_observed`: the day on
which this text was first fetched. A redaction that only the mirror (`lawdiff.importgit`) holds has the date that the
mirror states: `mirror`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lawdiff.archive import Entry
from lawdiff.identifiers import official_url
from lawdiff.model import AmendingAct, Issue, Lang, Verdict
from lawdiff.portal import ActInfo, HistoryRow, read_history, read_info

Body = Callable[[Entry], bytes]


@dataclass(frozen=True, slots=True)
class PageSource:
    """One fetch that is to be read as a redaction."""

    entry: Entry
    redaction_date: date
    date_basis: str
    is_current: bool
    twin: Entry | None = None  # the same redaction as the mirror has it, to be compared

    @property
    def mirrored(self) -> bool:
        """Whether the text comes from the mirror, because the portal's page of this redaction is not held."""
        return self.date_basis == "mirror"

    @property
    def observed_on(self) -> date:
        return self.entry.fetched_at.date()


@dataclass(slots=True)
class LangSources:
    """What is held of one act in one language.

    texts: good fetches in journal order, repetitions left out; of a run of equal current pages the first and the last
    are kept, because a new redaction date can come without a new byte (FORMAT §0).
    """

    texts: list[Entry] = field(default_factory=list)
    histories: list[Entry] = field(default_factory=list)
    mirror: dict[date, Entry] = field(default_factory=dict)  # newest import of each redaction
    last: Entry | None = None  # the last fetch of a text page, good or not
    last_good: Entry | None = None
    _digests: dict[date | None, str | None] = field(default_factory=dict)
    _repeated: bool = False  # the last current page in `texts` repeats the one before it

    def add_text(self, entry: Entry) -> None:
        self.last = entry
        if entry.verdict is not Verdict.TEXT:
            return
        self.last_good = entry
        digest = entry.article_sha256 or entry.sha256
        if self._digests.get(entry.redaction_date) != digest:
            self._digests[entry.redaction_date] = digest
            self.texts.append(entry)
            self._repeated = self._repeated and entry.redaction_date is not None
        elif entry.redaction_date is None:
            if self._repeated:
                self.texts.remove(next(held for held in reversed(self.texts) if held.redaction_date is None))
            self.texts.append(entry)
            self._repeated = True


@dataclass(slots=True)
class ActSources:
    """What is held of one act. infos: good information cards, in journal order."""

    act_id: str
    langs: dict[Lang, LangSources] = field(default_factory=dict)
    infos: list[Entry] = field(default_factory=list)

    def lang(self, lang: Lang) -> LangSources:
        return self.langs.setdefault(lang, LangSources())

    @property
    def has_text(self) -> bool:
        return any(held.texts or held.mirror for held in self.langs.values())


@dataclass(slots=True)
class Holdings:
    """One pass over the journal. faults: the last fetch of each page that no later good fetch has made good."""

    acts: dict[str, ActSources] = field(default_factory=dict)
    faults: dict[tuple[str | None, Lang | None, str, date | None, str], Entry] = field(default_factory=dict)
    entries: int = 0
    last_seq: int = 0
    last_hash: str = ""

    def add(self, entry: Entry) -> None:
        self.entries += 1
        self.last_seq, self.last_hash = entry.seq, entry.hash
        self._add_fault(entry)
        if entry.act_id is None:
            return
        act = self.acts.setdefault(entry.act_id, ActSources(entry.act_id))
        if entry.page_kind == "text" and entry.lang is not None:
            act.lang(entry.lang).add_text(entry)
        elif entry.page_kind == "mirror_text" and entry.lang is not None and entry.redaction_date is not None:
            act.lang(entry.lang).mirror[entry.redaction_date] = entry
        elif entry.page_kind == "history" and entry.verdict is Verdict.HISTORY and entry.lang is not None:
            act.lang(entry.lang).histories.append(entry)
        elif entry.page_kind == "info" and entry.verdict is Verdict.INFO:
            act.infos.append(entry)

    def _add_fault(self, entry: Entry) -> None:
        # A page without act (a wrong address) is told apart by its URL; the others by what they should have been.
        key = (entry.act_id, entry.lang, entry.page_kind, entry.redaction_date, "" if entry.act_id else entry.url)
        if entry.good or entry.verdict is Verdict.ROBOTS:
            self.faults.pop(key, None)
        else:
            self.faults[key] = entry


def fault_issues(holdings: Holdings) -> Iterator[Issue]:
    """One issue per page whose last fetch was refused, in journal order."""
    for entry in sorted(holdings.faults.values(), key=lambda fault: fault.seq):
        detail = f"{entry.url}: {entry.detail or entry.error or entry.verdict}"
        yield Issue(f"fetch_{entry.verdict}", detail, entry.act_id, None, entry.lang, entry.seq)


def law_of(act_id: str, infos: Sequence[Entry], body: Body) -> AmendingAct | None:
    """An act as an amending law, from its newest information card."""
    if not infos:
        return None
    entry = infos[-1]
    info = read_info(body(entry))
    url = official_url(act_id, entry.lang or Lang.RU)
    return AmendingAct(act_id, info.number, info.adopted_on, info.published_on, info.title, url)


def pages_of(act: ActSources, lang: Lang, body: Body) -> tuple[list[PageSource], list[HistoryRow]]:
    """The pages of one language with their redaction dates, oldest date first, and the rows of the newest history."""
    held = act.lang(lang)
    histories = [(entry, read_history(body(entry), entry.url)) for entry in held.histories]
    infos = [(entry, read_info(body(entry))) for entry in act.infos] if not histories else []
    pages: list[PageSource] = []
    observed: tuple[str | None, date] | None = None
    for entry in held.texts:
        if entry.redaction_date is not None:
            pages.append(PageSource(entry, entry.redaction_date, "url", False))
            continue
        near, behind = _of_same_text(entry, held.texts, histories)
        found = (_from_twin(entry, held.texts, behind) if behind else None) or _from_history(entry, near)
        found = found or _from_info(entry, infos)
        if found is None:
            digest = entry.article_sha256 or entry.sha256
            if observed is None or observed[0] != digest:
                observed = (digest, entry.fetched_at.date())
            found = (observed[1], "first_observed")
        pages.append(PageSource(entry, found[0], found[1], True))
    ordered = _with_mirror(_one_current(pages), held.mirror)
    return ordered, list(histories[-1][1]) if histories else []


def _with_mirror(pages: list[PageSource], mirror: dict[date, Entry]) -> list[PageSource]:
    """The portal's pages, each with its twin of the mirror, and the mirror's redactions that the portal's lack."""
    last = {page.redaction_date: index for index, page in enumerate(pages)}
    twins = {index: mirror[day] for day, index in last.items() if day in mirror}
    paired = [replace(page, twin=twins.get(index)) for index, page in enumerate(pages)]
    newest = None if pages else max(mirror, default=None)
    extra = [PageSource(entry, day, "mirror", day == newest) for day, entry in mirror.items() if day not in last]
    return sorted(paired + extra, key=lambda page: (page.redaction_date, page.entry.seq))


def _one_current(pages: list[PageSource]) -> list[PageSource]:
    """The pages by date, then by fetch; only the last observation of the current page is current. A dated page whose
    bytes equal those of the page before it under the same date is dropped."""
    newest = max((page for page in pages if page.is_current), key=lambda page: page.entry.seq, default=None)
    ordered: list[PageSource] = []
    for page in sorted(pages, key=lambda one: (one.redaction_date, one.entry.seq)):
        current = newest is not None and page.redaction_date == newest.redaction_date
        before = ordered[-1] if ordered else None
        if (
            before is not None
            and before.redaction_date == page.redaction_date
            and before.entry.article_sha256 is not None
            and before.entry.article_sha256 == page.entry.article_sha256
        ):
            continue
        ordered.append(PageSource(page.entry, page.redaction_date, page.date_basis, current))
    return ordered


def _of_same_text(
    entry: Entry, texts: Sequence[Entry], histories: Sequence[tuple[Entry, list[HistoryRow] | tuple[HistoryRow, ...]]]
) -> tuple[Sequence[tuple[Entry, Sequence[HistoryRow]]], date | None]:
    """The histories that were fetched while the current page showed the text of `entry`; and, where none of them lists
    anything newer than those before that text did, the newest date that those had listed.

    A history that came before this text, or after the next one, says the date of another text: the portal may show a
    redaction days after its date, so that no comparison of dates would tell. Where the current page never changed,
    every history is of this text; so is one of the same crawl, whatever came first in it. Of those that came with this
    text, one that lists nothing newer than those before it lagged behind, if another one does.
    """
    current = sorted((text for text in texts if text.redaction_date is None), key=lambda text: text.seq)
    starts = [
        text.seq
        for before, text in zip([None, *current], current, strict=False)
        if before is None or (before.article_sha256 or before.sha256) != (text.article_sha256 or text.sha256)
    ]
    if len(starts) == 1:
        return histories, None
    start = max(seq for seq in starts if seq <= entry.seq)
    end = min((seq for seq in starts if seq > entry.seq), default=None)
    during = [pair for pair in histories if start < pair[0].seq and (end is None or pair[0].seq < end)]
    known = max((_newest(rows) for page, rows in histories if page.seq < start), default=date.min)
    if not during:
        return [pair for pair in histories if pair[0].crawl == entry.crawl], None
    fresh = [pair for pair in during if _newest(pair[1]) > known]
    return (fresh, None) if fresh else (during, known)


def _from_twin(entry: Entry, texts: Sequence[Entry], behind: date) -> tuple[date, str] | None:
    """Date of a current page whose histories lagged behind until it changed again: that of the redaction, younger than
    what they listed, that has the very same article."""
    days = [
        text.redaction_date
        for text in texts
        if text.redaction_date is not None and text.redaction_date > behind and text.article_sha256 is not None
        if text.article_sha256 == entry.article_sha256
    ]
    return (min(days), "url") if days else None


def _newest(rows: Sequence[HistoryRow]) -> date:
    return max((row.redaction_date for row in rows), default=date.min)


def _from_history(entry: Entry, histories: Sequence[tuple[Entry, Sequence[HistoryRow]]]) -> tuple[date, str] | None:
    """Date of the current page by the history fetched nearest to it. From another crawl, a row that is younger than the
    page cannot be its date: then the newest row that is not."""
    if not histories:
        return None
    nearest, rows = min(histories, key=lambda pair: (pair[0].crawl != entry.crawl, abs(pair[0].seq - entry.seq)))
    current = next((row for row in rows if row.is_current), None)
    fetched = entry.fetched_at.date()
    if current and (nearest.crawl == entry.crawl or current.redaction_date <= fetched):
        return current.redaction_date, "history"
    earlier = [row.redaction_date for row in rows if row.redaction_date <= fetched]
    return (max(earlier), "history") if earlier else None


def _from_info(entry: Entry, infos: Sequence[tuple[Entry, ActInfo]]) -> tuple[date, str] | None:
    """Date of the current page by the information card fetched nearest to it, not younger than the page."""
    dated = [(card, info.changed_on or info.adopted_on) for card, info in infos]
    near = sorted(dated, key=lambda pair: (pair[0].crawl != entry.crawl, abs(pair[0].seq - entry.seq)))
    for card, day in near:
        if day is not None and (card.crawl == entry.crawl or day <= entry.fetched_at.date()):
            return day, "info"
    return None


def inputs_sha256(pages: Iterable[tuple[Lang, PageSource]], rest: Sequence[object]) -> str:
    """Digest of everything that decides what is read of an act: its pages, their dates, and `rest` (strings)."""
    digest = hashlib.sha256()
    for lang, page in pages:
        entry = page.entry
        digest.update(
            f"{lang}|{entry.seq}|{entry.sha256}|{page.redaction_date}|{page.date_basis}|{page.is_current}"
            f"|{page.twin.sha256 if page.twin else ''}\n".encode()
        )
    digest.update(json.dumps(rest, ensure_ascii=False, default=str).encode())
    return digest.hexdigest()


def coverage_row(
    act_id: str, lang: Lang, held: LangSources, pages: Sequence[PageSource], rows: Sequence[HistoryRow]
) -> tuple[str | int | None, ...]:
    """One row of `coverage`: when an act was last asked for, the answer, which redactions are listed and held."""
    dates = sorted({page.redaction_date for page in pages})
    listed = sorted({row.redaction_date for row in rows})
    missing = [day.isoformat() for day in listed if day not in set(dates)]
    last, good = held.last, held.last_good
    return (
        act_id,
        lang,
        last.fetched_at.isoformat() if last else None,
        good.fetched_at.isoformat() if good else None,
        str(last.verdict) if last else None,
        last.seq if last else None,
        len(listed) if rows else None,
        len(dates),
        max(dates).isoformat() if dates else None,
        json.dumps(missing) if rows else None,
    )
