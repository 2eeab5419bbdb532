"""The gate that no request passes against robots.txt.

The spider reads robots.txt itself, as the first page of each host, so that it is kept as evidence like any other; this
middleware is the last line: a request to a host whose rules are not known, or to a closed path, does not leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.spiders.adilet import AdiletSpider

AGENT = "lawdiff"


class Robots:
    """The rules of every host met in a run. A host whose robots.txt could not be read is closed (RFC 9309, 2.3.1.4)."""

    def __init__(self) -> None:
        self._rules: dict[str, Protego | None] = {}

    def knows(self, url: str) -> bool:
        return urlsplit(url).netloc in self._rules

    def learn(self, url: str, rules: str | None) -> tuple[float | None, ...]:
        """rules: text of robots.txt; "" allows all; None: unreachable, closes all. Returns delays that it asks for."""
        host = urlsplit(url).netloc
        if rules is None:
            self._rules[host] = None
            return ()
        parsed = Protego.parse(rules)
        self._rules[host] = parsed
        rate = parsed.request_rate(AGENT)
        return (parsed.crawl_delay(AGENT), rate.seconds / rate.requests if rate and rate.requests else None)

    def allows(self, url: str) -> bool:
        rules = self._rules.get(urlsplit(url).netloc)
        return rules is not None and bool(rules.can_fetch(url, AGENT))

    def unreachable(self, url: str) -> bool:
        return self._rules.get(urlsplit(url).netloc, ...) is None


class RobotsGate:
    """Downloader middleware: refuses what `Robots` does not allow."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsGate:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        spider: AdiletSpider = self.crawler.spider  # type: ignore[assignment]
        if urlsplit(request.url).path == "/robots.txt" or spider.robots.allows(request.url):
            return
        raise IgnoreRequest(f"closed by robots.txt: {request.url}")
