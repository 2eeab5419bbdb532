"""`python -m crawler ACT…`: one run of the spider, as `lawdiff crawl` starts it.

Exit codes: 0 everything was checked, 1 something could not be (the summary says what), 2 usage. The summary goes to
stdout (`--json`: for a machine), progress and complaints to stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crawler.plan import DEFAULT_BASES, KAZAKHSTAN, Options, Window, is_loopback
from lawdiff.errors import BadIdentifier, LawdiffError
from lawdiff.identifiers import check_act_id, parse_lang
from lawdiff.registry import Registry, TrackedAct, load_registry


def parser() -> argparse.ArgumentParser:
    env = os.environ.get
    made = argparse.ArgumentParser(prog="crawler", description="Fetch pages of acts politely into the archive.")
    add = made.add_argument
    add("acts", nargs="*", metavar="ACT", help="act ids; default: all tracked acts")
    add("--archive", type=Path, default=Path(env("LAWDIFF_ARCHIVE", "data/archive")))
    add("--acts", dest="registry", type=Path, default=Path(env("LAWDIFF_ACTS", "")) if env("LAWDIFF_ACTS") else None)
    add("--lang", action="append", default=[])
    add("--history", action=argparse.BooleanOptionalAction, default=True)
    add("--current-only", dest="history", action="store_false")
    add("--base-url", action="append", default=[])
    add("--delay", type=float, default=env("LAWDIFF_DELAY", "1"))
    add("--concurrency", type=int, metavar="N", default=env("LAWDIFF_CONCURRENCY", "1"))
    add("--retries", type=int, default=env("LAWDIFF_RETRIES", "4"))
    add("--backoff", type=float, default=env("LAWDIFF_BACKOFF", "5"))
    add("--max-wait", type=float, default=env("LAWDIFF_MAX_WAIT", "600"))
    add("--timeout", type=float, default=env("LAWDIFF_TIMEOUT", "180"))
    add("--max-size", type=int, default=env("LAWDIFF_MAX_SIZE", str(24 * 1024 * 1024)))
    add("--breaker", type=int, default=env("LAWDIFF_BREAKER", "10"))
    add("--budget", type=int, default=env("LAWDIFF_BUDGET", "5000"), help="requests a day, 0: no limit")
    add("--window", default=env("LAWDIFF_WINDOW", ""))
    add("--contact", default=env("LAWDIFF_CONTACT", ""))
    add("--ca-bundle", type=Path, default=Path(env("LAWDIFF_CA_BUNDLE", "")) if env("LAWDIFF_CA_BUNDLE") else None)
    add("--discover", metavar="YEAR", default=env("LAWDIFF_DISCOVER") or None)
    add("--kinds", default="KZ")
    add("--index-filter", metavar="FILTER", default=env("LAWDIFF_INDEX_FILTER", ""))
    add("--by-index", action="store_true")
    add("--recheck", type=int, metavar="N", default=env("LAWDIFF_RECHECK", "0"))
    add("--accept", action="append", default=[], metavar="ACT")
    add("--json", action="store_true")
    add("--verbose", action="store_true")
    return made


def options_from(argv: Sequence[str]) -> Options:
    """The run that the command line describes. Raises BadIdentifier (usage) or LawdiffError."""
    told = parser().parse_args(argv)
    registry = load_registry(told.registry)
    bases = told.base_url or os.environ.get("LAWDIFF_BASE_URL", "").replace(",", " ").split() or list(DEFAULT_BASES)
    langs = tuple(dict.fromkeys(parse_lang(lang) for lang in told.lang or ["ru", "kk"]))
    return Options(
        archive=told.archive,
        acts=_acts(told.acts, registry),
        langs=langs,
        named=bool(told.acts),
        history=told.history,
        bases=tuple(base.rstrip("/") for base in bases),
        delay=told.delay,
        concurrency=told.concurrency,
        retries=told.retries,
        backoff=told.backoff,
        max_wait=told.max_wait,
        timeout=told.timeout,
        max_size=told.max_size,
        breaker=told.breaker,
        budget=told.budget or None,
        window=Window.parse(told.window) if told.window else None,
        contact=told.contact,
        ca_bundle=told.ca_bundle,
        discover=_year(told.discover),
        kinds=told.kinds.upper(),
        index_filter=told.index_filter.strip("&"),
        by_index=told.by_index,
        recheck=told.recheck,
        accept=frozenset(check_act_id(act) for act in told.accept),
        json=told.json,
        verbose=told.verbose,
    ).check()


def _year(told: str | None) -> int | None:
    """2026, or `now`: the year that it is in Kazakhstan, for a job that runs for years. Raises LawdiffError."""
    if told == "now":
        return datetime.now(KAZAKHSTAN).year
    if told is not None and not re.fullmatch(r"(19|20)\d\d", told):
        raise LawdiffError(f"--discover {told} is no year: write 2026, or now for the year that it is")
    return int(told) if told else None


def _acts(named: Sequence[str], registry: Registry) -> tuple[TrackedAct, ...]:
    if not named:
        return registry.acts
    ids = dict.fromkeys(check_act_id(act) for act in named)
    return tuple(registry.get(act_id) or TrackedAct(act_id, act_id, act_id) for act_id in ids)


def run(options: Options) -> int:
    """One crawl in this process (a reactor runs once). Prints the summary; returns the exit code."""
    from scrapy.crawler import CrawlerProcess

    from crawler import settings
    from crawler.spiders.adilet import AdiletSpider

    process = CrawlerProcess(settings.chosen(options))
    crawler = process.create_crawler(AdiletSpider)
    process.crawl(crawler, options=options)
    process.start()
    if not isinstance(crawler.spider, AdiletSpider):
        sys.stderr.write("crawl: the spider did not start; run with --verbose to see why\n")
        return 1
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    ledger = crawler.spider.ledger
    print(json.dumps(ledger.summary(), ensure_ascii=False) if options.json else ledger.text())  # noqa: T201
    return crawler.spider.exit_code


def main(argv: Sequence[str] | None = None) -> int:
    try:
        options = options_from(sys.argv[1:] if argv is None else argv)
    except BadIdentifier as error:
        sys.stderr.write(f"crawl: {error}\n")
        return 2
    except LawdiffError as error:
        sys.stderr.write(f"crawl: {error}\n")
        return 2
    if not options.contact and not all(map(is_loopback, options.bases)):
        sys.stderr.write("crawl: set LAWDIFF_CONTACT to an address that the portal can write to\n")
    try:
        return run(options)
    except LawdiffError as error:
        sys.stderr.write(f"crawl: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
