"""Runs the spider once for every line on stdin (the arguments of `python -m crawler`, as a JSON list); see faultserver.

Each run is what `crawler.__main__` does: the same options, settings and spider, in one reactor. Answers with a line of
exit code, summary and the error about settings. `--clock MOMENT` is this host's own: the run is dated so.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import datetime
from typing import Any

for name in [name for name in os.environ if name.startswith("LAWDIFF_") and name != "LAWDIFF_SHARED"]:
    del os.environ[name]


async def answer(line: str) -> dict[str, Any]:
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler import settings
    from crawler.__main__ import options_from
    from crawler.spiders.adilet import AdiletSpider
    from lawdiff.errors import LawdiffError

    told = json.loads(line)
    dated = {}
    if "--clock" in told:
        at = told.index("--clock")
        moment = datetime.fromisoformat(told[at + 1])
        dated["clock"] = lambda: moment
        del told[at : at + 2]
    try:
        options = options_from(told)
    except LawdiffError as error:
        return {"code": 2, "summary": {}, "errors": str(error)}
    runner = AsyncCrawlerRunner(settings.chosen(options))
    crawler = runner.create_crawler(AdiletSpider)
    await runner.crawl(crawler, options=options, **dated)
    spider = crawler.spider
    assert isinstance(spider, AdiletSpider)
    return {"code": spider.exit_code, "summary": spider.ledger.summary(), "errors": ""}


async def serve() -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await answer(line), ensure_ascii=True), flush=True)


def main() -> None:
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet.task import react

    react(lambda _reactor: deferred_from_coro(serve()))


if __name__ == "__main__":
    main()
