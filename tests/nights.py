"""Nights of a tracker beside a site that changes and misbehaves by a script: `python tests/nights.py ARCHIVE …`.

What is real: the spider, its settings, HTTP on loopback, the archive on the disk, the kill. What is simulated: the
clock (a night a day from 2026-01-01), the pauses (delay and back-off are zero), and that many nights run in one
process, because a reactor cannot be started twice and 365 processes would cost minutes; a kill starts a new one. The
script is a function of the seed and the night, so a process that starts in the middle of the year sees the same site.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import faultserver as faults
from faultserver import LANGS, NOTE, SENTENCE, Act, Chooser, Fault, FaultServer, Site, articles

from lawdiff.memory import peak_mb
from lawdiff.portal import article_sha256

FIRST = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
ACTS = ("K1400000226", "K1400000235", "Z1300000094")
BUDGET = 60
PORTAL = {"rus": "ru", "kaz": "kk"}


def _halved(page: bytes) -> bytes:
    """Half of the articles gone, the page otherwise whole."""
    if b'<p><b><a name="z4">' not in page:
        return page
    return page[: page.index(b'<p><b><a name="z4">')] + page[page.index(b"</article>") :]


def _reworded(page: bytes) -> bytes:
    """The notes in words that the reader does not know; nothing else is changed."""
    text = page.decode()
    for lang in LANGS:
        for number in range(1, 10):
            text = text.replace(NOTE[lang].format(number), f"Ред. {number}: 210-VIII; 2025-07-16.")
    return text.encode()


def _cut(page: bytes) -> bytes:
    return page[: page.index(b"</article>")] if b"</article>" in page else page


FAULTS: tuple[Callable[[], Chooser], ...] = (
    lambda: faults.on("", faults.status(503)),
    lambda: faults.on("", faults.status(503), first=1),
    lambda: faults.on("", faults.status(429, Retry_After="0"), first=2),
    lambda: faults.on("", faults.instead(faults.SHELL)),
    lambda: faults.on("", faults.instead(faults.CHALLENGE)),
    lambda: faults.on("/history", faults.instead(faults.LOGIN)),
    lambda: faults.on("", faults.instead(faults.MAINTENANCE)),
    lambda: faults.on("", faults.reset_midway, first=1),
    lambda: faults.on("", faults.shorter_than_said),
    lambda: faults.on("", faults.changed(_cut)),
    lambda: faults.on("", faults.changed(_halved)),
    lambda: faults.on("", faults.changed(lambda page: page.replace(b"lang_rus", b"lang_kaz"))),
    lambda: faults.on("", faults.changed(lambda page: page.replace(b"K1400000226", b"K1400000377"))),
    lambda: faults.on("/robots.txt", faults.status(503)),
    lambda: faults.on("", faults.changed(_reworded)),
    lambda: faults.on("", faults.endless_head),
    lambda: faults.on("", faults.status(404), first=1),
)


@dataclass(frozen=True)
class Amendment:
    """On a night an act shows a new redaction; in Kazakh `lag` nights later."""

    night: int
    act_id: str
    article: str
    lag: int


@dataclass(frozen=True)
class Script:
    """A year by a seed: which night brings which amendment and which fault. The last two nights are calm."""

    seed: int
    nights: int

    def amendments(self) -> list[Amendment]:
        chance = random.Random(self.seed)
        found = []
        for night in range(2, self.nights - 2):
            if chance.random() < 0.15:
                lag = chance.choice((0, 0, 0, 1, 4))
                article = chance.choice(("1", "2", "3", "7", "2-1", "115-1"))
                found.append(Amendment(night, chance.choice(ACTS), article, min(lag, self.nights - 3 - night)))
        return [self._before_the_next(amendment, found) for amendment in found]

    @staticmethod
    def _before_the_next(amendment: Amendment, all_of_them: list[Amendment]) -> Amendment:
        """With a lag that ends before the act changes again: no redaction is altered after it was shown."""
        later = [a.night for a in all_of_them if a.act_id == amendment.act_id and a.night > amendment.night]
        return replace(amendment, lag=min(amendment.lag, min(later, default=10_000) - amendment.night - 1))

    def fault(self, night: int) -> Chooser:
        chance = random.Random(self.seed * 1000 + night)
        calm = night == 0 or night >= self.nights - 2 or chance.random() > 0.3
        if calm:
            return lambda path, n: None
        if self.histories_are_late(night):
            return self._late_history(night)
        return chance.choice(FAULTS)()

    def histories_are_late(self, night: int) -> bool:
        """On some nights with an amendment the texts show it and the histories do not list it yet."""
        amended = any(amendment.night == night for amendment in self.amendments())
        return amended and random.Random(self.seed * 7000 + night).random() < 0.5

    def _late_history(self, night: int) -> Chooser:
        """The histories of the night before: they do not list yet what the texts show."""
        before = self.site(night - 1)

        def choose(path: str, n: int) -> Fault | None:
            return faults.instead(before.page(path) or b"") if path.endswith("/history") else None

        return choose

    def site(self, night: int) -> Site:
        """The site as it is on a night, all redactions so far included."""
        site = Site()
        for act_id in ACTS:
            for lang in LANGS:
                days = {date(2014, 7, 3): articles(lang, 8), date(2020, 1, 1): articles(lang, 9)}
                site.add(Act(act_id, lang, days, notes=9))
        for number, amendment in enumerate(self.amendments()):
            for lang in LANGS:
                lag = amendment.lag if lang == "kaz" else 0
                if amendment.night + lag <= night:
                    act = site.acts[lang, amendment.act_id]
                    day = (FIRST + timedelta(days=amendment.night)).date()
                    text = act.redactions[max(before for before in act.redactions if before <= day)]
                    act.redactions[day] = text | {amendment.article: SENTENCE[lang].format(1000 + number)}
        return site

    def published(self, night: int) -> dict[tuple[str, str, str | None], str | None]:
        """Digest of every text that the site serves on a night: by act, language and date (None: current)."""
        site = self.site(night)
        return {
            (act.act_id, PORTAL[lang], None if day == act.newest else day.isoformat()): article_sha256(
                site.text(act, day)
            )
            for (lang, _), act in site.acts.items()
            for day in act.redactions
        }


def run(script: Script, archive: Path, first: int, report: Path) -> None:
    """Run the nights from `first` on; each writes a line to `report` when it is over."""
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet.task import react

    from crawler import settings
    from crawler.plan import Options
    from crawler.spiders.adilet import AdiletSpider
    from lawdiff.registry import TrackedAct

    acts = tuple(TrackedAct(act_id, act_id, act_id) for act_id in ACTS)

    async def nights() -> None:
        with FaultServer(Site()) as server:
            for night in range(first, script.nights):
                server.site, server.fault = script.site(night), script.fault(night)
                server.counts.clear()
                server.hits.clear()
                options = Options(
                    archive, acts, bases=(server.url,), delay=0, backoff=0, retries=2, budget=BUDGET, timeout=10,
                    concurrency=1 + night % 4,
                )  # fmt: skip
                runner = AsyncCrawlerRunner(settings.chosen(options))
                crawler = runner.create_crawler(AdiletSpider)
                began = time.monotonic()

                def clock(night: int = night, began: float = began) -> datetime:
                    return FIRST + timedelta(days=night, seconds=time.monotonic() - began)

                await runner.crawl(crawler, options=options, clock=clock)
                spider = crawler.spider
                assert isinstance(spider, AdiletSpider)
                line: dict[str, Any] = {
                    "night": night,
                    "requests": len(server.hits),
                    "ok": not spider.ledger.failed,
                    "stopped": spider.ledger.stopped,
                    "counts": spider.ledger.counts(),
                    "memory_mb": peak_mb(),
                }
                with report.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(line) + "\n")

    react(lambda _reactor: deferred_from_coro(nights()))


def live_through(script: Script, folder: Path, kills: int) -> tuple[list[dict[str, Any]], int]:
    """All nights of the script in `folder`, the process killed at random moments; the nights' lines and the kills made.

    A killed night is gone through again by the next process, as a timer would on the next day.
    """
    chance = random.Random(script.seed)
    report, archive = folder / "report.jsonl", folder / "archive"
    made = 0
    while True:
        lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
        if len(lines) >= script.nights:
            return lines, made
        command = [sys.executable, str(Path(__file__).resolve()), str(archive), str(report), "--first", str(len(lines))]
        child = subprocess.Popen(
            [*command, "--nights", str(script.nights), "--seed", str(script.seed)],
            stderr=subprocess.DEVNULL,
        )
        nights_between = script.nights / (kills + 1)
        try:
            if made >= kills:
                child.wait(timeout=600)
                assert child.returncode == 0
                continue
            goal = len(lines) + chance.randint(1, max(1, round(nights_between)))
            while child.poll() is None and (not report.exists() or report.read_text().count("\n") < goal):
                time.sleep(0.01)
            time.sleep(chance.random() * 0.25)
        finally:
            if child.poll() is None:
                child.kill()
                made += 1
            child.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    run(Script(told.seed, told.nights), told.archive, told.first, told.report)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
