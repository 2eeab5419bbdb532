"""What a run is told, and the pages that it may ask for.

`Options` is everything that the command line and the environment settle, checked once; nothing else in the crawler
reads either. Times of the night window are those of Kazakhstan (UTC+5), where the portal stands.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta, timezone
from pathlib import Path
from urllib.parse import quote, urlsplit

from lawdiff.errors import LawdiffError
from lawdiff.identifiers import PORTAL_LANG, act_path
from lawdiff.model import Lang
from lawdiff.pages import PageKind
from lawdiff.registry import TrackedAct

# The public site, then the host where the server-rendered pages live on since autumn 2026 (FORMAT §0).
DEFAULT_BASES = ("https://adilet.zan.kz", "https://old.adilet.zan.kz")
KAZAKHSTAN = timezone(timedelta(hours=5))
POLITE_DELAY = 1.0
# As many as a browser opens to one host. Six pages of the largest codes at once stay below 150 MB (measured).
MOST_LANES = 6


@dataclass(frozen=True, slots=True)
class Page:
    """One page to ask for. path: on whichever host serves it; day: of a dated redaction."""

    kind: PageKind
    path: str
    act_id: str | None = None
    lang: Lang | None = None
    day: date | None = None

    @property
    def name(self) -> str:
        """For messages: `K1400000226 ru 16.09.2025`, `K1400000226 ru history`."""
        what = self.day.strftime("%d.%m.%Y") if self.day else str(self.kind)
        return " ".join(filter(None, (self.act_id, self.lang, what)))


def text_page(act_id: str, lang: Lang, day: date | None = None) -> Page:
    return Page(PageKind.TEXT, act_path(act_id, lang, day), act_id, lang, day)


def history_page(act_id: str, lang: Lang) -> Page:
    return Page(PageKind.HISTORY, act_path(act_id, lang) + "/history", act_id, lang)


def info_page(act_id: str, lang: Lang) -> Page:
    return Page(PageKind.INFO, act_path(act_id, lang) + "/info", act_id, lang)


def index_page(year: int, lang: Lang, number: int, narrowed: str = "") -> Page:
    """A page of the year index as a feed (FORMAT §1, RSS). narrowed: further filters of the index, `va=ЗАК`."""
    filters = "&".join(filter(None, (narrowed, f"dt={year}-")))
    path = f"/{PORTAL_LANG[lang]}/index/docs/{quote(filters, safe='=&,-')}&rss=true&page={number}"
    return Page(PageKind.RSS, path, None, lang)


def robots_page() -> Page:
    return Page(PageKind.ROBOTS, "/robots.txt")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the day, in Kazakhstan's time; it may go over midnight."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Window:
        """`22:00-06:00`. Raises LawdiffError."""
        match = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", text.strip())
        try:
            if match:
                return cls(time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4])))
        except ValueError:
            pass
        raise LawdiffError(f"{text!r} is not a part of the day: write 22:00-06:00")

    def holds(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Options:
    """One run.

    acts: to visit, in the registry's or the user's order; named: whether the user named them. bases: hosts to try, the
    next one when a host answers with the shell of its application. delay: seconds between an answer and the next
    question. concurrency: requests under way at a time, at most. backoff: first pause before a retry, doubled each time
    up to max_wait; a longer Retry-After ends the run. breaker: failed attempts in a row that end the run. budget:
    requests a day (UTC), None: no limit. kinds: letters of act ids that --discover reports; index_filter: what narrows
    the year index at the portal. recheck: held redactions to fetch again, those seen longest ago first. accept: acts
    whose odd shape a person has looked at.
    """

    archive: Path
    acts: tuple[TrackedAct, ...]
    langs: tuple[Lang, ...] = (Lang.RU, Lang.KK)
    named: bool = False
    history: bool = True
    bases: tuple[str, ...] = DEFAULT_BASES
    delay: float = POLITE_DELAY
    concurrency: int = 1
    retries: int = 4
    backoff: float = 5.0
    max_wait: float = 600.0
    timeout: float = 180.0
    max_size: int = 24 * 1024 * 1024
    breaker: int = 10
    budget: int | None = 5000
    window: Window | None = None
    contact: str = ""
    ca_bundle: Path | None = None
    discover: int | None = None
    kinds: str = "KZ"
    index_filter: str = ""
    by_index: bool = False
    recheck: int = 0
    accept: frozenset[str] = field(default_factory=frozenset)
    json: bool = False
    verbose: bool = False

    def check(self) -> Options:
        """Itself, or LawdiffError naming the setting that is not allowed."""
        for base in self.bases:
            parts = urlsplit(base)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise LawdiffError(f"{base!r} is not a base address: write https://old.adilet.zan.kz")
        if self.delay < POLITE_DELAY and not all(map(is_loopback, self.bases)):
            raise LawdiffError(
                f"a delay of {self.delay:g} s is allowed on loopback only: the portal is one public server; "
                f"use --delay {POLITE_DELAY:g} or more"
            )
        if not 1 <= self.concurrency <= MOST_LANES:
            raise LawdiffError(
                f"--concurrency {self.concurrency} is not allowed: 1 to {MOST_LANES} requests at a time; "
                "the portal is one public server"
            )
        if self.ca_bundle is not None and not self.ca_bundle.is_file():
            raise LawdiffError(f"no file {self.ca_bundle}: --ca-bundle names a PEM file with further certificates")
        if self.window is not None and self.window.start == self.window.end:
            raise LawdiffError(f"the window {self.window} is empty: leave --window out to ask at any time of the day")
        if self.by_index and self.discover is None:
            raise LawdiffError("--by-index goes by the year index: name its year with --discover, or --discover now")
        if re.search(r"[/?#\s]", self.index_filter):
            raise LawdiffError(f"--index-filter {self.index_filter!r} is no filter of the year index: write va=ЗАК")
        for name, value in (("--retries", self.retries), ("--backoff", self.backoff), ("--budget", self.budget or 0)):
            if value < 0:
                raise LawdiffError(f"{name} must not be negative")
        if self.breaker < 1 or self.timeout <= 0 or self.max_size < 1:
            raise LawdiffError("--breaker, --timeout and --max-size must be above zero")
        return self


def is_loopback(base: str) -> bool:
    """Whether an address leads to this machine."""
    host = urlsplit(base).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
