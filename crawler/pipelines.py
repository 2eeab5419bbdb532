"""Where items go: every one into the archive, at once and durably.

A page counts only when its receipt is there; a disk that is full ends the run with a clear message, nothing half-kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.items import PageItem
from lawdiff.archive import Archive, CrawlWriter
from lawdiff.errors import LawdiffError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.adilet import AdiletSpider


class ArchivePipeline:
    """Stores each response in the page archive (lawdiff.archive)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.writer: CrawlWriter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivePipeline:
        return cls(crawler)

    @property
    def spider(self) -> AdiletSpider:
        spider = self.crawler.spider
        assert spider is not None
        return spider  # type: ignore[return-value]

    def open_spider(self) -> None:
        options = self.spider.options
        told = {
            "acts": " ".join(act.id for act in options.acts),
            "base": " ".join(options.bases),
            "delay": f"{options.delay:g}",
            "concurrency": str(options.concurrency),
            "langs": " ".join(options.langs),
            "history": str(options.history).lower(),
        }
        try:
            self.writer = Archive(options.archive).writer(self.spider.clock(), settings=told, clock=self.spider.clock)
        except LawdiffError as error:
            self.spider.refuse_to_start(str(error))
            return
        if self.writer.repaired:
            self.spider.say(f"an earlier run was broken off and has been repaired: {self.writer.repaired}")

    def process_item(self, item: PageItem) -> PageItem:
        if item.receipt.cancelled():
            return item
        try:
            if self.writer is None:
                raise LawdiffError("the archive is not open")
            item.receipt.set_result(self.writer.store(item.fetch))
        except (LawdiffError, OSError) as error:
            item.receipt.set_exception(error)
            item.receipt.exception()  # seen: the lane that waited for it may have ended meanwhile, and it was told
        return item

    def close_spider(self) -> None:
        self.spider.conclude()
        if self.writer is not None:
            try:
                self.writer.close(complete=self.spider.complete, summary=self.spider.ledger.for_the_journal())
            except (LawdiffError, OSError) as error:
                self.spider.say(f"the archive could not be closed: {error}; the next run repairs it")
                self.spider.archive_failed = True
