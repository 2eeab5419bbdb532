"""The spider: one run over the tracked acts, one request at a time, or as many as `--concurrency` allows.

First every act's current page (the answer that a night owes), with its history where the text changed or none is held;
then what is missing of the past: dated redactions, newest first, and the information cards of the act and of the laws
that its notes name. Every response goes to the archive; only whole pages of the right act and language count.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Spider

from crawler.held import Held
from crawler.items import PageItem
from crawler.lanes import Gate, Unit, work
from crawler.ledger import Account, Ledger, Outcome
from crawler.middlewares import Robots
from crawler.pace import INTERRUPTED, Pace
from crawler.plan import Options, Page, history_page, index_page, info_page, text_page
from crawler.visit import Answer, Visitor
from crawler.watch import ShapeWatch
from lawdiff.archive import Archive, Entry, Fetch
from lawdiff.errors import LawdiffError
from lawdiff.model import Lang, Verdict
from lawdiff.portal import HistoryRow, linked_acts, read_feed, read_history_table

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Rulings of the Constitutional Court: notes refer to them, but they amend nothing (FORMAT §5.5).
_NOT_AMENDING = "S"
_MOST_INDEX_PAGES = 200
# Of the lane that asks: each lane is a task, and has a context of its own.
_ON_BEHALF_OF: ContextVar[Account | None] = ContextVar("account", default=None)


class AdiletSpider(Spider):
    """`options` tells everything; `ledger` holds the account of the run afterwards."""

    name = "adilet"

    def __init__(
        self, options: Options, clock: Callable[[], datetime] = lambda: datetime.now(UTC), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.options = options
        self.clock = clock
        self.ledger = Ledger(clock())
        self.robots = Robots()
        self.held = Held()
        self.complete = False
        self.archive_failed = False
        self._refused = False
        self._archive = Archive(options.archive)
        self._listings: dict[tuple[str, Lang], tuple[HistoryRow, ...]] = {}
        self._laws: dict[tuple[str, Lang], dict[str, None]] = {}
        self._card_turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._cards_absent: Counter[tuple[str, Lang]] = Counter()
        self._changed_on: dict[str, date] = {}
        self._changed_on_then: dict[int, dict[str, date]] = {}
        self._outbox: asyncio.Queue[PageItem | None] = asyncio.Queue()
        self._work: asyncio.Task[None] | None = None
        self.pace = Pace(options)
        self._visitor: Visitor
        self._watch: ShapeWatch

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> AdiletSpider:
        return super().from_crawler(crawler, *args, **kwargs)

    # -- what the run tells ----------------------------------------------------------------------------------------

    def say(self, message: str) -> None:
        """One line for people, on stderr."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
        sys.stderr.write(f"crawl: {message}\n")
        sys.stderr.flush()

    def remark(self, text: str) -> None:
        """Something that the run has to do without: told once, here and at its end."""
        if text not in self.ledger.remarks:
            self.ledger.remarks.append(text)
            self.say(text)

    def _progress(self, page: Page) -> None:
        """A rewritten line on a terminal, a line every 50 requests elsewhere."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[Kcrawl: {self.ledger.requests} requests, {page.name}")
            sys.stderr.flush()
        elif self.ledger.requests % 50 == 0 and self.ledger.requests:
            self.say(f"{self.ledger.requests} requests, at {page.name}")

    def refuse_to_start(self, reason: str) -> None:
        self._refused = True
        self.ledger.problems.append(reason)

    def conclude(self) -> None:
        """Nothing more will come: the account is made up. A second call does nothing."""
        if self.ledger.finished_at is not None:
            return
        if self._work is not None:
            self._work.cancel()
        self.ledger.finished_at = self.clock()
        self.ledger.stopped = self.pace.stopped
        if hasattr(self, "_visitor"):
            self.ledger.base = self._visitor.base
        if self.ledger.stopped is None and not self.complete and not self._refused and not self.ledger.problems:
            self.ledger.stopped = INTERRUPTED
        for account in self.ledger.accounts.values():
            if account.outcome is Outcome.UNCHECKED and not account.why:
                account.why.append(self.ledger.stopped or "the run ended before this act was reached; run it again")

    def closed(self, reason: str) -> None:
        self.conclude()

    @property
    def exit_code(self) -> int:
        """0: everything was checked; 1: something could not be, or could not be kept."""
        return 1 if self.ledger.failed or self.archive_failed else 0

    # -- the run -----------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[PageItem]:
        """Every response as an item, in the order in which they came: that is the order of the journal."""
        for act in self.options.acts:
            for lang in self._langs(act.langs):
                self.ledger.account(act.id, lang)
        if self._refused:
            return
        self._work = asyncio.ensure_future(self._run_to_its_end())
        try:
            while (item := await self._outbox.get()) is not None:
                yield item
        finally:
            self._work.cancel()
        await self._work
        # Scrapy looks whether it may end right after this; with the last item still in the pipeline it would look again
        # only after five seconds.
        await asyncio.sleep(0.02)

    async def _run_to_its_end(self) -> None:
        try:
            self._prepare()
            await self._run()
            self.complete = self.pace.stopped is None
        except LawdiffError as error:
            self.ledger.problems.append(str(error))
        except Exception as error:
            self.ledger.problems.append(f"{type(error).__name__}: {error}; this is a fault of lawdiff, report it")
            raise
        finally:
            self._outbox.put_nowait(None)

    def _langs(self, act_langs: tuple[Lang, ...]) -> tuple[Lang, ...]:
        """The asked languages in which the act is tracked; all asked ones where the user named the act."""
        tracked = tuple(lang for lang in self.options.langs if lang in act_langs)
        return tracked or (self.options.langs if self.options.named else ())

    def _prepare(self) -> None:
        now = self.clock()
        self.held = Held(self._archive.lines() if self._archive.exists else (), today=now.date())
        self.pace.spent_today = self.held.requests_today
        self.pace.not_before = self.held.not_before(self.options.bases, now)
        self._watch = ShapeWatch(self.options, self.held, self._archive, self.pace)
        self.ledger.shape = self._watch.broken  # the same list: told too where the run does not come to its end
        engine = self.crawler.engine
        assert engine is not None
        gate = Gate(self.pace, self.options.concurrency, self.clock, running=lambda: engine.running)
        self._visitor = Visitor(
            self.options, gate, self.robots, engine.download_async,
            keep=self._keep, judge=self._watch.judge, clock=self.clock, remark=self.remark,
        )  # fmt: skip

    async def _run(self) -> None:
        if self.options.discover is not None:
            await self._read_index(self.options.discover)
        accounts = list(self.ledger.accounts.values())
        if not self.options.named:
            longest_ago = datetime.min.replace(tzinfo=UTC)
            accounts.sort(key=lambda account: self.held.act(account.act_id, account.lang).checked or longest_ago)
        lanes = self.options.concurrency
        await work((iter([[partial(self._check_current, account)]]) for account in accounts), lanes)
        if self.options.history:
            await work((self._complete(account) for account in accounts), lanes)
            await work([iter([self._recheck(accounts)])], lanes)
        for account in accounts:
            self._watch.pair(account)

    async def _visit(self, page: Page, account: Account | None) -> Answer:
        """A visit whose every response is counted."""
        self._progress(page)
        _ON_BEHALF_OF.set(account)
        answer = await self._visitor.visit(page)
        if answer.refused == "robots":
            self.ledger.robots_closed.add(answer.url)
        return answer

    async def _keep(self, page: Page, fetch: Fetch) -> Entry:
        """Hand a response to the pipeline; its line of the journal once it is on the disk."""
        item = PageItem(fetch, asyncio.get_running_loop().create_future())
        self._outbox.put_nowait(item)
        try:
            entry = await asyncio.shield(item.receipt)
        except (LawdiffError, OSError) as error:
            self.archive_failed = True
            self.pace.stop(f"the archive could not be written: {error}")
            raise LawdiffError(f"the archive could not be written: {error}; free the space, then run again") from error
        self.held.add(entry)
        self.ledger.count(entry.verdict)
        account = _ON_BEHALF_OF.get()
        if account is not None:
            account.requests += 1
        if entry.verdict.value != entry.page_kind and entry.verdict is not Verdict.NOT_FOUND:
            self.say(f"{page.name}: {entry.verdict} ({entry.error or entry.detail}) at {entry.url}")
        return entry

    # -- current text ----------------------------------------------------------------------------------------------

    async def _check_current(self, account: Account) -> None:
        held = self.held.act(account.act_id, account.lang)
        known = held.current.article_sha256 if held.current else None
        if self._by_index(account):
            self._take_up(account)
            return
        answer = await self._visit(text_page(account.act_id, account.lang), account)
        if known is not None and answer.verdict is Verdict.NOT_FOUND and self.pace.stopped is None:
            # A 404 that went away is reported (FORMAT §2); an act that was there deserves a second question.
            await asyncio.sleep(self.options.backoff)
            answer = await self._visit(text_page(account.act_id, account.lang), account)
        if not answer.good or answer.entry is None:
            account.why.append(self._why_no_text(answer, account, known is not None))
            return
        if known is None:
            account.outcome = Outcome.NEW
        else:
            account.outcome = Outcome.UNCHANGED if answer.entry.article_sha256 == known else Outcome.CHANGED
        self._note_laws(account, answer.body)
        if self.options.history and (held.history_is_stale or self._history_lags(account)):
            await self._read_history(account)
        elif self.options.history and held.history is not None:
            self._list(account, self._archive.body(held.history), held.history.url)

    def _why_no_text(self, answer: Answer, account: Account, was_held: bool) -> str:
        if answer.verdict is Verdict.NOT_FOUND:
            if was_held:
                return f"{answer.why}: the portal served it before; look at {answer.url}"
            return (
                f"the portal has no act {account.act_id} in {account.lang} ({answer.detail}); "
                "copy the id from the act's address, or leave the language out of the act's langs in the registry"
            )
        return answer.why

    async def _read_laws(self, account: Account, entry: Entry) -> None:
        """The laws that a redaction names which an earlier run fetched, ending before it came to their cards."""
        self._note_laws(account, self._archive.body(entry))

    def _note_laws(self, account: Account, body: bytes) -> None:
        laws = self._laws.setdefault((account.act_id, account.lang), {})
        for law in linked_acts(body):
            if law != account.act_id and not law.startswith(_NOT_AMENDING):
                laws.setdefault(law)

    # -- history -----------------------------------------------------------------------------------------------------

    def _rows(self, entry: Entry) -> tuple[HistoryRow, ...]:
        return read_history_table(self._archive.body(entry), entry.url).rows

    def _history_lags(self, account: Account) -> bool:
        """Whether the history was read after a change, does not know of it, and may be asked again: the portal may show
        a text before it lists its redaction."""
        held = self.held.act(account.act_id, account.lang)
        if held.history is None or held.history_before is None or not held.due_again(self.clock()):
            return False
        return _newest(self._rows(held.history)) <= _newest(self._rows(held.history_before))

    async def _read_history(self, account: Account) -> None:
        page = history_page(account.act_id, account.lang)
        if self.held.waiting(page, self.clock()):
            account.notes.append("no history page lately: current text alone")
            return
        answer = await self._visit(page, account)
        if answer.good:
            self._list(account, answer.body, answer.url)
        elif answer.verdict is Verdict.NOT_FOUND:
            account.notes.append("no history page: current text alone")
        elif answer.refused == "robots":
            account.notes.append("history closed by robots.txt: current text alone")
        else:
            account.why.append(answer.why)

    def _list(self, account: Account, body: bytes, url: str) -> None:
        table = read_history_table(body, url)
        if table.unread:
            account.why.append(f"{len(table.unread)} rows of the history could not be read: {table.unread[0][:100]}")
        if not table.rows:
            account.notes.append("the history lists nothing: current text alone")
        self._listings[account.act_id, account.lang] = table.rows

    # -- the past and the cards --------------------------------------------------------------------------------------

    def _complete(self, account: Account) -> Iterator[list[Unit]]:
        """What is missing of one act and language: redactions, those in doubt once more, then the cards."""
        if account.outcome is Outcome.UNCHECKED:
            return
        rows = self._listings.get((account.act_id, account.lang), ())
        held = self.held.act(account.act_id, account.lang)
        dated = {row.redaction_date: row for row in rows if not row.is_current}
        fetch = partial(self._fetch_redaction, account)
        unlinked = list(held.unlinked)
        missing = [day for day in sorted(dated, reverse=True) if day not in held.dated]
        self._watch.canary(account.act_id, account.lang, missing)
        yield [partial(fetch, day, dated[day]) for day in missing]
        yield [partial(fetch, day, dated[day]) for day in self._watch.doubtful(account.act_id, account.lang)]
        account.redactions_listed = len(dated) + 1 if rows else None
        account.redactions_held = len(dated.keys() & held.dated.keys()) + 1
        left = len(dated.keys() - held.dated.keys())
        if self.pace.stopped and left:
            account.why.append(f"{left} redactions not fetched: {self.pace.stopped}")
        yield [partial(self._read_laws, account, entry) for entry in unlinked]
        yield [partial(self._fetch_card, account, act_id) for act_id in self._wanted_cards(account)]
        absent = self._cards_absent[account.act_id, account.lang]
        if absent:
            account.notes.append(f"{absent} information cards are not served by the portal")

    async def _fetch_redaction(self, account: Account, day: date, row: HistoryRow) -> None:
        """A dated redaction: at its usual address, else at the one that the history gives (FORMAT §1)."""
        if self.pace.stopped:
            return
        pages = [text_page(account.act_id, account.lang, day)]
        listed_path = urlsplit(row.url).path
        if listed_path != pages[0].path:
            pages.append(Page(pages[0].kind, listed_path, account.act_id, account.lang, day))
        now = self.clock()
        if all(self.held.waiting(page, now) for page in pages):
            account.notes.append(f"{day:%d.%m.%Y} is listed but not served by the portal")
            return
        for page in pages:
            answer = await self._visit(page, account)
            if answer.good:
                account.redactions_new += 1
                self._note_laws(account, answer.body)
                return
            if answer.verdict is not Verdict.NOT_FOUND and answer.refused != "robots":
                break
        if answer.refused == "robots":
            self._note_once(account, "old redactions are closed by robots.txt")
        elif answer.verdict is Verdict.NOT_FOUND:
            account.notes.append(f"{day:%d.%m.%Y} is listed but not served by the portal")
        elif answer.refused != "stopped" and not self._watch.doubts(account.act_id, account.lang, day):
            account.why.append(answer.why)

    def _recheck(self, accounts: list[Account]) -> list[Unit]:
        """Held redactions seen longest ago, to be fetched again: a text that differs is kept beside the first."""
        seen = [
            (entry.fetched_at, account, day, entry.article_sha256)
            for account in accounts
            for day, entry in self.held.act(account.act_id, account.lang).dated.items()
            if entry.fetched_at < self.ledger.started_at
        ]
        oldest = sorted(seen, key=lambda found: found[0])[: self.options.recheck]
        return [partial(self._fetch_again, account, day, known) for _, account, day, known in oldest]

    async def _fetch_again(self, account: Account, day: date, known: str | None) -> None:
        if self.pace.stopped:
            return
        page = text_page(account.act_id, account.lang, day)
        answer = await self._visit(page, account)
        if answer.good and answer.entry and answer.entry.article_sha256 != known:
            self.ledger.altered.append(page.name)

    def _wanted_cards(self, account: Account) -> list[str]:
        """The act whose information card is older than its text, and the laws in its notes that have none."""
        own = self.held.card(account.act_id)
        held = self.held.act(account.act_id, account.lang)
        wanted = [account.act_id] if own is None or own.seq < held.since else []
        laws = self._laws.get((account.act_id, account.lang), {})
        return wanted + [law for law in laws if self.held.card(law) is None]

    async def _fetch_card(self, account: Account, act_id: str) -> None:
        page = info_page(act_id, Lang.RU if Lang.RU in self.options.langs else account.lang)
        async with self._card_turns[act_id]:  # both languages of an act, and other acts, may want the same card
            held = self.held.act(account.act_id, account.lang)
            card = self.held.card(act_id)
            if self.pace.stopped or (card is not None and (act_id != account.act_id or card.seq > held.since)):
                return
            if self.held.waiting(page, self.clock()):
                self._cards_absent[account.act_id, account.lang] += 1
                return
            answer = await self._visit(page, account)
        if answer.good:
            account.cards_new += 1
        elif answer.refused == "robots":
            self._note_once(account, "information cards are closed by robots.txt")
        elif answer.verdict is Verdict.NOT_FOUND:
            self._cards_absent[account.act_id, account.lang] += 1
        elif answer.refused != "stopped":
            account.why.append(answer.why)

    @staticmethod
    def _note_once(account: Account, note: str) -> None:
        if note not in account.notes:
            account.notes.append(note)

    # -- year index --------------------------------------------------------------------------------------------------

    async def _read_index(self, year: int) -> None:
        """The acts of a year: those of the asked kinds that are not tracked are reported, the rest is remembered."""
        tracked = {act.id for act in self.options.acts}
        seen: set[str] = set()
        for number in range(1, _MOST_INDEX_PAGES + 1):
            page = index_page(year, self.options.langs[0], number, self.options.index_filter)
            answer = await self._visit(page, None)
            if not answer.good:
                self.ledger.problems.append(f"the year index could not be read: {answer.why}")
                return
            feed = read_feed(answer.body)
            fresh = [item for item in feed.items if item.act_id not in seen]
            for found in fresh:
                seen.add(found.act_id)
                if found.changed_on is not None:
                    self._changed_on[found.act_id] = found.changed_on
                if found.act_id not in tracked and found.act_id[0] in self.options.kinds:
                    self.ledger.discovered.append(
                        {
                            "act_id": found.act_id,
                            "title": found.title,
                            "changed_on": found.changed_on.isoformat() if found.changed_on else None,
                            "new": found.act_id not in self.held.told_of,
                        }
                    )
            if feed.total is not None and len(seen) >= feed.total:
                return
            if not fresh:
                if feed.total is not None:
                    self.ledger.problems.append(
                        f"only {len(seen)} of {feed.total} acts of the year index came: there may be new ones among "
                        f"the others; look at {answer.url}"
                    )
                return
        self.ledger.problems.append(
            f"the year index goes on after {_MOST_INDEX_PAGES} pages: what follows was not read; narrow it with "
            "--index-filter"
        )

    def _by_index(self, account: Account) -> bool:
        """Whether the year index shows an act as it showed it before its text was last seen whole.

        The dates alone would not do: the portal shows a redaction days after its date, so that an amendment dated
        before our last look may have come after it.
        """
        changed_on = self._changed_on.get(account.act_id)
        held = self.held.act(account.act_id, account.lang)
        if not self.options.by_index or changed_on is None or held.current is None:
            return False
        if account.act_id in self.options.accept:
            return False  # a page that was held back is to be fetched again
        if held.current.fetched_at > self.clock():
            return False  # a clock that was wrong: nobody knows when that was
        if self._said_then(held.current).get(account.act_id) != changed_on:
            return False
        if self.options.history and not self._history_agrees(account, changed_on):
            return False
        account.outcome = Outcome.UNCHANGED
        account.notes.append(f"by the year index: last amended on {changed_on.isoformat()}")
        return True

    def _said_then(self, page: Entry) -> dict[str, date]:
        """What the year index said in the run that brought this page: act, date of its last amendment."""
        if page.crawl not in self._changed_on_then:
            self._changed_on_then[page.crawl] = {
                item.act_id: item.changed_on
                for entry in self.held.index_before(page)
                for item in read_feed(self._archive.body(entry)).items
                if item.changed_on is not None
            }
        return self._changed_on_then[page.crawl]

    def _history_agrees(self, account: Account, changed_on: date) -> bool:
        """Whether the history held is one of the text held, and knows of the amendment that the index names."""
        held = self.held.act(account.act_id, account.lang)
        if held.history_is_stale:
            return self.held.waiting(history_page(account.act_id, account.lang), self.clock())
        assert held.history is not None
        return _newest(self._rows(held.history)) >= changed_on

    def _take_up(self, account: Account) -> None:
        """Go on from what is held where the current page is not asked for: redactions and cards may be missing."""
        held = self.held.act(account.act_id, account.lang)
        if held.current is not None:
            self._note_laws(account, self._archive.body(held.current))
        if self.options.history and held.history is not None:
            self._list(account, self._archive.body(held.history), held.history.url)


def _newest(rows: tuple[HistoryRow, ...]) -> date:
    return max((row.redaction_date for row in rows), default=date.min)
