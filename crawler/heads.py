"""Heads of answers that end: Scrapy bounds the body of an answer, nobody bounds what comes before it.

A server that sends header lines without end filled 600 MB in four seconds on loopback (measured); the time limit alone
does not help. Such an answer is given up at 256 kB and kept as the error that it is. With a release of Scrapy or
Twisted that cannot be bounded so (crawler.bounded), the run says so and goes on without the bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.adilet import AdiletSpider

OTHER_RELEASE = "this release of Scrapy or Twisted is not the one that lawdiff was tried with (see requirements.lock)"


def remark(crawler: Crawler, text: str) -> None:
    """Have the run tell what it has to do without."""
    spider: AdiletSpider | None = crawler.spider  # type: ignore[assignment]
    if spider is not None:
        spider.remark(text)


def _bounded_factory() -> Any:
    """What makes bounded connections; None where this release of Scrapy and Twisted has no place for it."""
    try:
        from crawler.bounded import BoundedFactory
    except (ImportError, AttributeError):
        return None
    return BoundedFactory


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler with bounded heads."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        factory, pool = _bounded_factory(), vars(self).get("_pool")
        if factory is None or "_factory" not in vars(pool or object):
            remark(crawler, f"header lines without end are bounded by the time limit alone: {OTHER_RELEASE}")
            return
        self._pool._factory = factory
