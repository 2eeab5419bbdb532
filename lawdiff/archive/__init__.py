"""The archive: every response as it came, provably unaltered.

    journal.jsonl   one line per event, chained by hash (`records`): `crawl` opens a run,
                    `fetch` is one response, `summary` what the run told, `close` holds the run root
    warc/           one WARC 1.1 file per crawl, one gzip member per record; a body that
                    is held already becomes a `revisit` record
    roots.txt       the run roots, one line per closed crawl: what can be published
    torn/           bytes that an interrupted write left, set aside when the archive was next opened for writing
    lock            held (flock) by the one process that writes

The whole specification is docs/archive.md.
"""

from __future__ import annotations

from lawdiff.archive.reader import Archive, Index, PageKey
from lawdiff.archive.records import (
    GOOD,
    ActOutcome,
    CrawlClose,
    CrawlOpen,
    CrawlSummary,
    Entry,
    Fetch,
    Headers,
    Line,
    Summary,
)
from lawdiff.archive.verification import Finding, Report, check, verify
from lawdiff.archive.warc import Stored
from lawdiff.archive.writer import CrawlWriter

__all__ = [
    "GOOD",
    "ActOutcome",
    "Archive",
    "CrawlClose",
    "CrawlOpen",
    "CrawlSummary",
    "CrawlWriter",
    "Entry",
    "Fetch",
    "Finding",
    "Headers",
    "Index",
    "Line",
    "PageKey",
    "Report",
    "Stored",
    "Summary",
    "check",
    "verify",
]
