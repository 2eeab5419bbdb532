"""AutoThrottle, whose delay goes to the run's one gate instead of Scrapy's queue behind it.

A request that has left the gate must start at once: in a queue of its own it could leave during a Retry-After.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from scrapy.extensions.throttle import AutoThrottle

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.http import Response

    from crawler.spiders.adilet import AdiletSpider


class GateThrottle(AutoThrottle):
    """`Pace.throttle` follows the latency of the server by AutoThrottle's own rule."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        spider: AdiletSpider = self.crawler.spider  # type: ignore[assignment]
        told = SimpleNamespace(delay=spider.pace.throttle)
        super()._adjust_delay(told, latency, response)  # type: ignore[arg-type]
        spider.pace.throttle = told.delay
