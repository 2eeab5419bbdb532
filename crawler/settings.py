"""Scrapy's settings for one public server that is slow and asks to be treated gently.

Back-off, redirects and robots.txt are the spider's own (crawler.visit, crawler.middlewares): every attempt, every hop
and every robots.txt is kept as evidence, which Scrapy's middlewares would swallow. So is the pace (crawler.lanes);
Scrapy's own limits, the same numbers again, stand behind it and never hold a request that has left the gate.
"""

from __future__ import annotations

from typing import Any

from scrapy.settings import Settings

from crawler.plan import Options
from lawdiff import __version__

BOT_NAME = "lawdiff"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
# The rate must never be above the set one: no random shortening of the delay.
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0

# Only what this spider uses is loaded: retries, redirects, cookies, feeds and consoles are absent, not switched off.
# (The _BASE settings are replaced because a component set to None in the ordinary ones is imported all the same, and
# these imports were a quarter of a night's process.)
DOWNLOADER_MIDDLEWARES_BASE = {
    "crawler.middlewares.RobotsGate": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "crawler.throttle.GateThrottle": 0,
}
ITEM_PIPELINES = {"crawler.pipelines.ArchivePipeline": 100}
DOWNLOAD_HANDLERS = {
    "http": "crawler.heads.BoundedHandler",
    "https": "crawler.tls.VerifyingHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
# A body that ends early comes back marked, so that its bytes can be kept as evidence.
DOWNLOAD_FAIL_ON_DATALOSS = False

RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
REFERER_ENABLED = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml;q=0.9,*/*;q=0.1",
    "Accept-Language": "ru,kk;q=0.9",
}


def user_agent(contact: str) -> str:
    """Who asks, and whom to write to."""
    return f"lawdiff/{__version__} (amendment tracker; {contact or 'contact not set'})"


def chosen(options: Options) -> Settings:
    """All settings of one run."""
    made = Settings()
    made.setmodule(__name__, priority="project")
    made.setdict(for_run(options), priority="cmdline")
    return made


def for_run(options: Options) -> dict[str, Any]:
    """The settings that one run changes."""
    return {
        "USER_AGENT": user_agent(options.contact),
        "CONCURRENT_REQUESTS": options.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.concurrency,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(options.concurrency),
        "DOWNLOAD_DELAY": options.delay,
        "AUTOTHROTTLE_START_DELAY": options.delay,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": options.max_size,
        "DOWNLOAD_WARNSIZE": 0,
        "LAWDIFF_CA_BUNDLE": str(options.ca_bundle) if options.ca_bundle else None,
        "LOG_LEVEL": "INFO" if options.verbose else "ERROR",
        "LOG_ENABLED": True,
    }
