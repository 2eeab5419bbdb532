"""What the archive already holds, so that a run asks only for what is new and resumes where the last one stopped.

One pass over the journal; memory by the number of acts and redactions, not of fetches. Nothing is kept elsewhere:
what a run needs to know of earlier runs (failures, the day's requests, a Retry-After) is in the journal's entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from crawler.pace import LONGEST_ABSENCE, read_not_before
from crawler.plan import Page
from lawdiff.archive import CrawlOpen, CrawlSummary, Entry, Line, Summary
from lawdiff.model import Lang, Verdict
from lawdiff.pages import PageKind

_LONGEST_REST = timedelta(days=30)
_A_NIGHT = timedelta(hours=20)  # from one night to the next, which may begin a little earlier


@dataclass(slots=True)
class HeldAct:
    """One act in one language.

    current: newest whole text without a date; since, changed_at: line and time of the first fetch that brought that
    same article. history: newest whole history page; history_before: the newest one when that article first came.
    dated: the newest fetch of each redaction held. checked: when the current page was last seen whole. unlinked:
    redactions that came in a run which did not get as far as the cards of the laws that they name.
    """

    current: Entry | None = None
    since: int = 0
    history: Entry | None = None
    history_before: Entry | None = None
    changed_at: datetime | None = None
    dated: dict[date, Entry] = field(default_factory=dict)
    checked: datetime | None = None
    unlinked: list[Entry] = field(default_factory=list)

    @property
    def history_is_stale(self) -> bool:
        """Whether the text changed after the history was last read (or it never was)."""
        return self.history is None or self.history.seq < self.since

    def due_again(self, now: datetime) -> bool:
        """Whether a history that does not know of the change is to be read once more: in the next night, then after
        ever longer rests. (A change without a new redaction is a silent edit: the history will never know of it.)"""
        if self.history is None or self.changed_at is None:
            return False
        rest = min(max(_A_NIGHT, self.history.fetched_at - self.changed_at), _LONGEST_REST)
        return now >= self.history.fetched_at + rest or now < self.history.fetched_at


@dataclass(slots=True)
class Absence:
    """A page that the portal said it does not have: how often in a row, and when last."""

    times: int
    last: datetime

    def due(self, now: datetime) -> bool:
        """Asked again after 1, 2, 4 … days, at most 30: what is listed but never served costs next to nothing.

        A last time that lies ahead comes from a clock that was wrong: due.
        """
        rest = min(timedelta(days=2 ** min(self.times - 1, 6)), _LONGEST_REST)
        return now >= self.last + rest or now < self.last


class Held:
    """The holdings. Built from the journal's lines; `add` keeps it true during a run."""

    def __init__(self, lines: Iterable[Line] = (), *, today: date | None = None) -> None:
        self.acts: dict[tuple[str, Lang], HeldAct] = {}
        self.cards: dict[str, Entry] = {}
        self.absent: dict[str, Absence] = {}
        self._not_before: dict[str, datetime] = {}
        self.today = today
        self.requests_today = 0
        self.told_of: set[str] = set()  # acts of the year index that earlier runs told of as not tracked
        self._index: dict[int, list[Entry]] = {}
        past, told = True, None
        for line in lines:
            if isinstance(line, Entry):
                self.add(line)
            elif isinstance(line, CrawlOpen):
                past, told = dict(line.settings).get("history") != "false", None
            elif isinstance(line, CrawlSummary):
                told = line.told
                self.told_of.update(told.discovered)
            elif line.complete and told is not None and past:
                self._linked(told)

    def act(self, act_id: str, lang: Lang) -> HeldAct:
        return self.acts.setdefault((act_id, lang), HeldAct())

    def card(self, act_id: str) -> Entry | None:
        """The newest information card of an act, in whatever language."""
        return self.cards.get(act_id)

    def waiting(self, page: Page, now: datetime) -> bool:
        """Whether the portal lately said that it does not have this page."""
        absence = self.absent.get(page.path)
        return absence is not None and not absence.due(now)

    def not_before(self, bases: Iterable[str], now: datetime) -> datetime | None:
        """The latest time before which one of these hosts asked not to be asked.

        One that lies further ahead than any such wish may was written by a clock that was wrong: it would keep the
        tracker away for years.
        """
        asked = [self._not_before.get(urlsplit(base).netloc) for base in bases]
        latest = now + timedelta(seconds=LONGEST_ABSENCE + 60)
        return max((when for when in asked if when is not None and when <= latest), default=None)

    def index_before(self, page: Entry) -> list[Entry]:
        """The pages of the year index that the run which brought this page had read before it; none: it read none."""
        return [entry for entry in self._index.get(page.crawl, ()) if entry.seq < page.seq]

    def _linked(self, told: Summary) -> None:
        """What a run told that came to its end: of the acts that it went through, nothing is left over."""
        for act in told.acts:
            if act.outcome != "unchecked" and not act.why:
                self.act(act.act_id, act.lang).unlinked.clear()

    def _add_index(self, entry: Entry) -> None:
        """Kept of the runs that brought a current page which is still the newest, and of this one."""
        if entry.crawl not in self._index:
            needed = {held.current.crawl for held in self.acts.values() if held.current is not None}
            self._index = {crawl: pages for crawl, pages in self._index.items() if crawl in needed}
        self._index.setdefault(entry.crawl, []).append(entry)

    def add(self, entry: Entry) -> None:
        if entry.fetched_at.astimezone(UTC).date() == self.today:
            self.requests_today += 1
        not_before = read_not_before(entry.error)
        if not_before is not None:
            self._not_before[urlsplit(entry.url).netloc] = not_before
        path = _path(entry.url)
        if entry.verdict is Verdict.NOT_FOUND:
            known = self.absent.get(path)
            self.absent[path] = Absence(known.times + 1 if known else 1, entry.fetched_at)
        elif entry.good or entry.verdict is Verdict.HISTORY:
            self.absent.pop(path, None)
        if entry.page_kind == PageKind.RSS and entry.good:
            self._add_index(entry)
        if entry.act_id is None or not entry.good:
            return
        if entry.page_kind == PageKind.INFO:
            self.cards[entry.act_id] = entry
        elif entry.lang is not None:
            self._add_good(self.act(entry.act_id, entry.lang), entry)

    @staticmethod
    def _add_good(held: HeldAct, entry: Entry) -> None:
        if entry.page_kind == PageKind.HISTORY:
            held.history = entry
        elif entry.redaction_date is not None:
            held.dated[entry.redaction_date] = entry
            held.unlinked.append(entry)
        else:
            if held.current is None or held.current.article_sha256 != entry.article_sha256:
                held.since = entry.seq
                held.changed_at = entry.fetched_at
                held.history_before = held.history
            held.current = entry
            held.checked = entry.fetched_at

    def __iter__(self) -> Iterator[tuple[tuple[str, Lang], HeldAct]]:
        return iter(self.acts.items())


def _path(url: str) -> str:
    """The part after the host: the same page may have come from either host."""
    rest = url.split("://", 1)[-1]
    return "/" + rest.split("/", 1)[1] if "/" in rest else "/"
