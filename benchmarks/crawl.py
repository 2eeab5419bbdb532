"""Measures the crawl: pages per second at no delay on loopback, what storing and classifying add, and memory.

    python -m benchmarks.crawl [--smoke]
    python -m benchmarks.crawl --year [NIGHTS]      the simulated year: 365 nights, faults, 40 kills (some minutes);
                                                    the same as `make nights`

Beside each other in one run, each in a process of its own, against the same server (another process): Scrapy with the
same settings that fetches the same pages one after another and throws them away, and the spider that classifies every
page, watches its shape, reads its links and stores it durably (two fsyncs a page). Target: at most 5 times Scrapy's own
time per page of 150 kB, and at most 150 MB whatever the number of pages; exit 1 where it is missed (`--smoke` judges
memory only). Pages of the size of the largest code are measured too: there, compressing alone costs more than 5
transfers over loopback, which the line shows and the target leaves out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
ACT = "K1400000226"
MAX_OVER_SCRAPY = 5.0
MAX_MEMORY_MB = 150


def serve(pages: int, size: int) -> None:
    """A server with one act of `pages` redactions of about `size` bytes; prints its address, serves until killed."""
    from faultserver import SENTENCE, Act, FaultServer, Site, articles

    site = Site()
    count = max(6, size // (len(SENTENCE["rus"].encode()) + 150))
    first = date(2000, 1, 1)
    text = articles("rus", count)
    days = {
        first + timedelta(days=number): text | {"1": SENTENCE["rus"].format(100_000 + number)}
        for number in range(pages)
    }
    site.add(Act(ACT, "rus", days))
    with FaultServer(site) as server:
        print(server.url, flush=True)
        time.sleep(3600)


def fetch_only(url: str, pages: int) -> None:
    """Scrapy alone: the same settings and pages, nothing done with them. Prints seconds and memory."""
    from collections.abc import AsyncIterator

    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    from crawler import settings
    from crawler.plan import Options

    addresses = [f"{url}/rus/docs/{ACT}/{date(2000, 1, 1) + timedelta(days=n):%d.%m.%Y}" for n in range(pages - 1)]

    class Plain(Spider):
        name = "plain"
        seconds = cpu = 0.0

        async def start(self) -> AsyncIterator[Any]:
            assert self.crawler.engine is not None
            began, worked = time.monotonic(), time.process_time()
            for address in addresses:
                answer = await self.crawler.engine.download_async(Request(address))
                assert answer.status == 200
            Plain.seconds, Plain.cpu = time.monotonic() - began, time.process_time() - worked
            return
            yield

    chosen = settings.chosen(Options(Path("unused"), (), delay=0))
    chosen.set("ITEM_PIPELINES", {}, priority="cmdline")
    base = {name: at for name, at in settings.DOWNLOADER_MIDDLEWARES_BASE.items() if "RobotsGate" not in name}
    chosen.set("DOWNLOADER_MIDDLEWARES_BASE", base, priority="cmdline")
    plain = {name.replace("crawler.throttle.Gate", "scrapy.extensions.throttle.Auto"): at
             for name, at in settings.EXTENSIONS_BASE.items()}  # fmt: skip
    chosen.set("EXTENSIONS_BASE", plain, priority="cmdline")
    process = CrawlerProcess(chosen)
    process.crawl(Plain)
    process.start()
    print(json.dumps({"seconds": Plain.seconds, "cpu": Plain.cpu, "pages": len(addresses), "memory_mb": _memory_mb()}))


def crawl(url: str, archive: Path, lanes: str) -> None:
    """The spider. Prints seconds from its first request to its last, processor time of the same, and memory."""
    from contextlib import redirect_stdout
    from io import StringIO

    from crawler.__main__ import options_from, run
    from crawler.spiders.adilet import AdiletSpider

    told = [
        ACT,
        "--lang",
        "ru",
        "--base-url",
        url,
        "--delay",
        "0",
        "--budget",
        "0",
        "--archive",
        str(archive),
        "--json",
        "--concurrency",
        lanes,
    ]
    worked: list[float] = []
    prepare, closed = AdiletSpider._prepare, AdiletSpider.closed
    AdiletSpider._prepare = lambda self: (prepare(self), worked.append(time.process_time()))[0]  # type: ignore[func-returns-value]
    AdiletSpider.closed = lambda self, reason: (worked.append(time.process_time()), closed(self, reason))[1]  # type: ignore[func-returns-value]
    printed = StringIO()
    with redirect_stdout(printed):
        code = run(options_from(told))
    summary = json.loads(printed.getvalue())
    assert code == 0, summary
    from lawdiff.archive import Archive

    moments = [entry.fetched_at for entry in Archive(archive).entries()]
    seconds = (moments[-1] - moments[0]).total_seconds()
    cpu = worked[1] - worked[0]
    print(json.dumps({"seconds": seconds, "cpu": cpu, "pages": len(moments) - 1, "memory_mb": _memory_mb()}))


def _memory_mb() -> int:
    from lawdiff.memory import peak_mb

    return peak_mb()


def _child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crawl", *arguments], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(pages: int, size: int, rounds: int, lanes: int = 1) -> float:
    """One comparison, the quickest of some rounds on each side; prints a line; the ratio of seconds a page.
    lanes: of the spider; Scrapy alone always fetches one page after another.

    The quickest, because anything else on the machine can only add time.
    """
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crawl", "serve", str(pages), str(size)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert server.stdout is not None
        plain, full = [], []
        try:
            url = server.stdout.readline().strip()
            for number in range(rounds):
                plain.append(_child("fetch", url, str(pages)))
                full.append(_child("spider", url, str(Path(folder) / f"archive{number}"), str(lanes)))
        finally:
            server.kill()
            server.wait()
            server.stdout.close()
        stored = sum(path.stat().st_size for path in (Path(folder) / "archive0").rglob("*") if path.is_file())
    speed = [max(run["pages"] / run["seconds"] for run in side) for side in (plain, full)]
    worked = [min(1000 * run["cpu"] / run["pages"] for run in side) for side in (plain, full)]
    memory = [max(run["memory_mb"] for run in side) for side in (plain, full)]
    print(
        f"{pages} pages of {size // 1000} kB: Scrapy alone {speed[0]:.0f} pages/s ({worked[0]:.1f} ms of processor a "
        f"page, {memory[0]} MB); classified and stored {speed[1]:.0f} pages/s ({worked[1]:.1f} ms, {memory[1]} MB): "
        f"{speed[0] / speed[1]:.1f} times Scrapy's own; {stored / 1e6:.1f} MB on the disk"
        + (f"; on {lanes} lanes" if lanes > 1 else ""),
        flush=True,
    )
    if memory[1] > MAX_MEMORY_MB:
        print(f"memory above {MAX_MEMORY_MB} MB")
        return float("inf")
    return speed[0] / speed[1]


def year(nights: int, kills: int, seed: int) -> None:
    """The simulated year; the checks are those of tests/test_crawl_nights.py. Prints one line, fails loudly."""
    from collections import Counter

    from nights import ACTS, BUDGET, Script, live_through
    from stored import dump
    from test_crawl_nights import check_accounts, check_archive, check_history

    from lawdiff.archive import Archive
    from lawdiff.build import build
    from lawdiff.registry import Registry, TrackedAct

    script = Script(seed=seed, nights=nights)
    registry = Registry(tuple(TrackedAct(act_id, act_id, act_id) for act_id in ACTS))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "archive"
        lines, made = live_through(script, folder, kills)
        check_archive(script, archive)
        check_accounts(archive, lines)
        build(archive, folder / "l.db", registry)
        check_history(script, folder / "l.db")
        build(archive, folder / "again.db", registry, from_scratch=True, processes=2)
        assert dump(folder / "again.db") == dump(folder / "l.db"), "the database is a function of the archive"
        per_day = Counter(entry.fetched_at.date() for entry in Archive(archive).entries())
        size = Archive(archive).size()
    assert max(per_day.values()) <= BUDGET
    assert max(line["memory_mb"] for line in lines) <= MAX_MEMORY_MB
    median = sorted(per_day.values())[len(per_day) // 2]
    print(
        f"{nights} nights on 1 to 4 lanes, {len(ACTS)} acts in two languages, {len(script.amendments())} amendments, "
        f"{sum(not line['ok'] for line in lines)} nights of faults, {made} kills: texts, dates and changes are the "
        f"scripted ones, the archive is sound, two builds are alike; requests a night: median {median}, most "
        f"{max(per_day.values())} of {BUDGET}; memory at most {max(line['memory_mb'] for line in lines)} MB; "
        f"archive {size / 1e6:.1f} MB; {time.monotonic() - began:.0f} s"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="small inputs, a few seconds")
    parser.add_argument("--year", nargs="?", type=int, const=365, help="simulate so many nights")
    parser.add_argument("--seed", type=int, default=11, help="of the simulated year")
    parser.add_argument("part", nargs="*", help=argparse.SUPPRESS)
    told = parser.parse_args()
    match told.part:
        case ["serve", pages, size]:
            serve(int(pages), int(size))
        case ["fetch", url, pages]:
            fetch_only(url, int(pages))
        case ["spider", url, archive, lanes]:
            crawl(url, Path(archive), lanes)
        case _ if told.year:
            year(told.year, kills=max(1, told.year // 9), seed=told.seed)
        case _:
            if told.smoke:
                return 0 if measure(30, 150_000, 1) < float("inf") else 1
            ratios = [measure(pages, 150_000, 3) for pages in (100, 600)]
            measure(20, 5_500_000, 1)
            measure(20, 5_500_000, 1, lanes=6)
            return 0 if max(ratios) <= MAX_OVER_SCRAPY else 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(main())
