"""How things stand: what is held of each act, how fresh it is, what could not be checked, what the archive weighs.

Turns the journal's lines, the registry and a moment (`now`) into a `Status`; of bodies, those of history pages are
read. Coverage is counted by `lawdiff.journal`, so that this and the database agree.

An act counts as checked when its current page came whole, or when a later run told at its end that by the year index it
was not amended since (`lawdiff crawl --by-index`). It is a problem when the last check is older than `max_age` although
a crawl asked for it; an act that no crawl was ever asked for is listed as `never` and is no problem.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from lawdiff.archive import ActOutcome, Archive, CrawlClose, CrawlOpen, CrawlSummary, Entry, Line, Summary
from lawdiff.archive.journal import JOURNAL
from lawdiff.archive.verified import VERIFIED, LastVerified, last_verified
from lawdiff.errors import LawdiffError
from lawdiff.journal import Holdings, pages_of
from lawdiff.model import Lang, Verdict
from lawdiff.registry import Registry

MAX_AGE = timedelta(days=7)
RECENT = timedelta(days=30)
AHEAD = timedelta(hours=1)
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

Body = Callable[[Entry], bytes]


class Freshness(StrEnum):
    """fresh: checked within max_age. stale: longer ago. unchecked: asked for, never whole. never: never asked for."""

    FRESH = "fresh"
    STALE = "stale"
    UNCHECKED = "unchecked"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ActStatus:
    """One act in one language.

    asked_at: last attempt at its current page; verdict, detail: of that attempt. checked_at: when it was last known to
    be as held; checked_by: `page` or `index`. listed: redactions in the newest history, None without one; missing:
    those of them that are not held. newest: date of the newest redaction held. outcome, why: of the last run that told
    of it at its end (new, changed, unchanged, unchecked), told_at; None where no run did.
    """

    act_id: str
    lang: Lang
    name: str
    tracked: bool
    freshness: Freshness
    asked_at: datetime | None
    verdict: Verdict | None
    detail: str
    checked_at: datetime | None
    checked_by: str | None
    listed: int | None
    held: int
    missing: tuple[date, ...]
    newest: date | None
    outcome: str | None = None
    told_at: datetime | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Answers that were no good, by kind. standing: pages whose last answer was this; recent: answers in 30 days."""

    verdict: Verdict
    standing: int
    recent: int
    last_at: datetime
    last_url: str


@dataclass(frozen=True, slots=True)
class CrawlStatus:
    """One run. complete: None while it runs, or when it was killed and no crawl has repaired it yet."""

    started_at: datetime
    closed_at: datetime | None
    fetches: int
    complete: bool | None


@dataclass(frozen=True, slots=True)
class RunStatus:
    """The last run that came to its end and told of it. counts: of acts and languages, by outcome."""

    started_at: datetime
    counts: dict[str, int]
    told: Summary

    def to_json(self) -> dict[str, Any]:
        """One flat object."""
        return {"started_at": self.started_at.isoformat(), "counts": self.counts, **_plain(asdict(self.told))}


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """bytes: of all files, None where not measured; a_year: WARC bytes of the runs closed in the last 365 days."""

    crawls: int
    fetches: int
    bytes: int | None
    a_year: int
    last_root: str | None
    last_crawl: CrawlStatus | None
    running: bool


@dataclass(frozen=True, slots=True)
class Status:
    """problems: one line each, of what a person must look at; empty when all is well."""

    now: datetime
    max_age: timedelta
    acts: tuple[ActStatus, ...]
    faults: tuple[Fault, ...]
    archive: ArchiveStatus
    verified: LastVerified | None
    next_run: datetime | None
    problems: tuple[str, ...]
    run: RunStatus | None = None

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """For a machine: dates in ISO form, `max_age` in days."""
        plain = _plain(asdict(self))
        plain["max_age_days"] = plain.pop("max_age")
        if self.verified is not None:
            plain["verified"]["ok"] = self.verified.ok
        plain["run"] = self.run.to_json() if self.run else None
        return {"ok": self.ok, **plain}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return value.isoformat() if isinstance(value, date) else value


@dataclass(slots=True)
class _Tally:
    """What one pass over the journal gathers; memory by the number of pages."""

    now: datetime
    holdings: Holdings = field(default_factory=Holdings)
    asked: dict[tuple[str, Lang], Entry] = field(default_factory=dict)
    checked: dict[tuple[str, Lang], Entry] = field(default_factory=dict)
    by_index: dict[tuple[str, Lang], datetime] = field(default_factory=dict)  # unchanged, and no page was asked for
    recent: Counter[Verdict] = field(default_factory=Counter)
    last_fault: dict[Verdict, Entry] = field(default_factory=dict)
    crawls: int = 0
    fetches: int = 0
    a_year: int = 0
    last_root: str | None = None
    opened: CrawlOpen | None = None
    closed: CrawlClose | None = None
    run_fetches: int = 0
    run: RunStatus | None = None
    outcomes: dict[tuple[str, Lang], tuple[datetime, ActOutcome]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        if isinstance(line, CrawlOpen):
            self.crawls += 1
            self.opened, self.closed, self.run_fetches = line, None, 0
        elif isinstance(line, CrawlClose):
            self.closed, self.last_root = line, line.hash
            if line.closed_at > self.now - timedelta(days=365):
                self.a_year += line.warc_size
        elif isinstance(line, CrawlSummary):
            self._summary(line.told)
        else:
            self._entry(line)

    def _summary(self, told: Summary) -> None:
        if self.opened is not None:
            self.run = RunStatus(self.opened.started_at, told.counts(), told)
        for act in told.acts:
            self.outcomes[act.act_id, act.lang] = (told.finished_at, act)
            if act.outcome == "unchanged" and (self.opened is None or not self._seen_in(self.opened, act)):
                self.by_index[act.act_id, act.lang] = told.finished_at

    def _seen_in(self, run: CrawlOpen, act: ActOutcome) -> bool:
        """Whether the run has the current page itself, whole."""
        page = self.checked.get((act.act_id, act.lang))
        return page is not None and page.crawl == run.seq

    def _entry(self, entry: Entry) -> None:
        self.fetches += 1
        self.run_fetches += 1
        self.holdings.add(entry)
        if not entry.good and entry.verdict is not Verdict.ROBOTS:
            self.last_fault[entry.verdict] = entry
            if entry.fetched_at > self.now - RECENT:
                self.recent[entry.verdict] += 1
        if entry.act_id is None or entry.lang is None or entry.page_kind != "text" or entry.redaction_date is not None:
            return
        self.asked[entry.act_id, entry.lang] = entry
        if entry.verdict is Verdict.TEXT:
            self.checked[entry.act_id, entry.lang] = entry


def compute(
    lines: Iterable[Line],
    registry: Registry,
    now: datetime,
    *,
    body: Body,
    max_age: timedelta = MAX_AGE,
    size: int | None = None,
    running: bool = False,
    verified: LastVerified | None = None,
    next_run: datetime | None = None,
) -> Status:
    """The status at `now`. body: reads the body of an entry. running: whether a crawl is writing now."""
    tally = _Tally(now)
    for line in lines:
        tally.add(line)
    acts = tuple(
        _act(tally, registry, act_id, lang, body=body, max_age=max_age) for act_id, lang in _wanted(tally, registry)
    )
    archive = ArchiveStatus(
        tally.crawls, tally.fetches, size, tally.a_year, tally.last_root, _last_crawl(tally), running
    )
    shape = tally.run.told.shape if tally.run else ()
    problems = (
        *_act_problems(acts, now),
        *(f"the site has changed its shape: {line}" for line in shape),
        *_archive_problems(archive, verified, now, max_age),
    )
    return Status(now, max_age, acts, _faults(tally), archive, verified, next_run, problems, tally.run)


def read_status(
    archive: Archive,
    registry: Registry,
    now: datetime,
    *,
    max_age: timedelta = MAX_AGE,
    next_run: datetime | None = None,
) -> Status:
    """The status of the archive in a folder. Raises LawdiffError if there is none, ArchiveDamaged on a broken chain."""
    archive.require()
    return compute(
        archive.lines(),
        registry,
        now,
        body=archive.body,
        max_age=max_age,
        size=archive.size(),
        running=archive.locked,
        verified=last_verified(archive.folder),
        next_run=next_run,
    )


def _wanted(tally: _Tally, registry: Registry) -> list[tuple[str, Lang]]:
    """Tracked acts in the registry's order, then the others whose text was ever asked for."""
    tracked = [(act.id, lang) for act in registry.acts for lang in act.langs]
    others = [
        (act_id, lang)
        for act_id, act in sorted(tally.holdings.acts.items())
        for lang in sorted(act.langs, reverse=True)
        if (act_id, lang) not in set(tracked)
    ]
    return tracked + others


def _act(
    tally: _Tally,
    registry: Registry,
    act_id: str,
    lang: Lang,
    *,
    body: Body,
    max_age: timedelta,
) -> ActStatus:
    tracked = registry.get(act_id)
    asked, good = tally.asked.get((act_id, lang)), tally.checked.get((act_id, lang))
    checked_at, checked_by = (good.fetched_at, "page") if good else (None, None)
    said_at = tally.by_index.get((act_id, lang))
    if good is not None and said_at is not None and said_at > good.fetched_at:
        checked_at, checked_by = said_at, "index"
    held: set[date] = set()
    listed: set[date] | None = None
    act = tally.holdings.acts.get(act_id)
    if act is not None and lang in act.langs:
        pages, rows = pages_of(act, lang, body)
        held = {page.redaction_date for page in pages}
        listed = {row.redaction_date for row in rows} if rows else None
    if asked is None:
        freshness = Freshness.NEVER
    elif checked_at is None:
        freshness = Freshness.UNCHECKED
    else:
        freshness = Freshness.FRESH if tally.now - checked_at <= max_age else Freshness.STALE
    told_at, outcome = tally.outcomes.get((act_id, lang), (None, None))
    return ActStatus(
        act_id=act_id,
        lang=lang,
        name=(tracked.short_kk if lang is Lang.KK else tracked.short_ru) if tracked else act_id,
        tracked=tracked is not None,
        freshness=freshness,
        asked_at=asked.fetched_at if asked else None,
        verdict=asked.verdict if asked else None,
        detail=(asked.error or asked.detail) if asked else "",
        checked_at=checked_at,
        checked_by=checked_by,
        listed=len(listed) if listed is not None else None,
        held=len(held),
        missing=tuple(sorted((listed or set()) - held)),
        newest=max(held, default=None),
        outcome=outcome.outcome if outcome else None,
        told_at=told_at,
        why=outcome.why if outcome else (),
    )


def _faults(tally: _Tally) -> tuple[Fault, ...]:
    standing = Counter(entry.verdict for entry in tally.holdings.faults.values())
    return tuple(
        Fault(verdict, standing[verdict], tally.recent[verdict], last.fetched_at, last.url)
        for verdict, last in sorted(tally.last_fault.items())
    )


def _last_crawl(tally: _Tally) -> CrawlStatus | None:
    if tally.opened is None:
        return None
    closed = tally.closed
    return CrawlStatus(
        tally.opened.started_at,
        closed.closed_at if closed else None,
        tally.run_fetches,
        closed.complete if closed else None,
    )


def _act_problems(acts: Iterable[ActStatus], now: datetime) -> Iterable[str]:
    for act in acts:
        where = f"{act.act_id} {act.lang}"
        why = f"the last answer was {act.verdict}" + (f" ({act.detail})" if act.detail else "")
        if act.freshness is Freshness.STALE and act.checked_at is not None:
            days = (now - act.checked_at).days
            failed = act.asked_at is not None and act.asked_at > act.checked_at
            yield f"{where}: not checked for {days} days; {why if failed else 'no crawl asked since'}"
        elif act.freshness is Freshness.UNCHECKED:
            yield f"{where}: never checked; {why}"


def _archive_problems(
    archive: ArchiveStatus, verified: LastVerified | None, now: datetime, max_age: timedelta
) -> Iterable[str]:
    crawl = archive.last_crawl
    if crawl is None:
        yield "no crawl was ever made; run lawdiff crawl"
    elif now - crawl.started_at > max_age:
        yield f"no crawl for {(now - crawl.started_at).days} days; look at the timer, or run lawdiff update"
    if crawl is not None and crawl.closed_at is None and not archive.running:
        yield f"the crawl of {crawl.started_at:%Y-%m-%d %H:%M} was killed; the next lawdiff crawl repairs what it left"
    if crawl is not None and crawl.started_at > now + AHEAD:
        yield f"the last crawl is dated {crawl.started_at:%Y-%m-%d %H:%M}, which lies ahead: look at the clock"
    if verified is not None and not verified.ok:
        yield f"lawdiff verify found {verified.findings} faults on {verified.verified_at:%Y-%m-%d}: {verified.first}"


def standing(archive: Archive, registry: Registry, now: datetime, *, timer: str | None = None) -> Status:
    """`read_status` for a site that is asked often: remembered for ten minutes while the journal stays the same.

    Never raises: an archive that is missing or whose chain breaks is a status with that problem.
    """
    tick = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    stamps = tuple(_stamp(archive.folder / name) for name in (JOURNAL, VERIFIED))
    key = (archive.folder, registry, tick, stamps, archive.locked, timer)
    found = _REMEMBERED.get(archive.folder)
    if found is None or found[0] != key:
        found = (key, _whatever_is_there(archive, registry, now, next_run(timer)))
        _REMEMBERED[archive.folder] = found
    return found[1]


def _whatever_is_there(archive: Archive, registry: Registry, now: datetime, following: datetime | None) -> Status:
    try:
        return read_status(archive, registry, now, next_run=following)
    except LawdiffError as error:
        nothing = ArchiveStatus(0, 0, None, 0, None, None, running=False)
        return Status(now, MAX_AGE, (), (), nothing, last_verified(archive.folder), following, (error.message,))


_REMEMBERED: dict[Path, tuple[object, Status]] = {}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns


def next_run(timer: str | None, now: datetime | None = None) -> datetime | None:
    """When the next run begins: of a systemd timer, or of a time of the day, `22:30`, in this machine's time (cron).

    None where neither is named, or systemd does not say.
    """
    if not timer:
        return None
    daily = _TIME_OF_DAY.fullmatch(timer)
    if daily:
        here = (now or utc_now()).astimezone()
        today = here.replace(hour=int(daily[1]), minute=int(daily[2]), second=0, microsecond=0)
        return (today if today > here else today + timedelta(days=1)).astimezone(UTC)
    asked = ["systemctl", "show", timer, "--property=NextElapseUSecRealtime", "--value", "--timestamp=unix"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False).stdout.strip()
        return datetime.fromtimestamp(int(answer.removeprefix("@")), UTC)
    except (OSError, ValueError, OverflowError, subprocess.TimeoutExpired):
        return None


def utc_now() -> datetime:
    """For the edges: the commands and the site."""
    return datetime.now(UTC)
