"""Several requests at a time as the server sees them, and as the history does: one pace for the run, the same rows."""

from __future__ import annotations

import asyncio
import gc
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import faultserver as faults
import pytest
from faultserver import (
    LANGS,
    QUICK,
    SENTENCE,
    Act,
    FaultServer,
    Hit,
    Site,
    articles,
    digests,
    miniature,
    on,
    run_spider,
)
from fetches import fetch
from stored import dump

from crawler.items import PageItem
from crawler.lanes import NOT_WANTED, Gate, Unit, work
from crawler.pace import Pace
from crawler.pipelines import ArchivePipeline
from crawler.plan import Options, Window
from lawdiff.archive import Archive, verify
from lawdiff.build import build
from lawdiff.model import Verdict
from lawdiff.registry import Registry, TrackedAct

ACT = "K1400000226"
LAW = "Z1300000094"
ACTS = (ACT, LAW, "K1500000375")
FOUR = ("--concurrency", "4")
# When the other lanes surely know of an answer that failed.
A_MOMENT = 0.1


def site_of(redactions: int, acts: tuple[str, ...] = (ACT,), langs: tuple[str, ...] = ("rus", "kaz")) -> Site:
    """Acts with so many redactions each; all name the same two amending laws."""
    site = Site()
    for act_id in acts:
        for lang in langs:
            days = {
                date(2015 + number // 12, number % 12 + 1, 1): articles(
                    lang, 8, a2=SENTENCE[lang].format(1000 + number)
                )
                for number in range(redactions)
            }
            site.add(Act(act_id, lang, days, ("Z2500000210", "Z2500000211")))
    for law in ("Z2500000210", "Z2500000211"):
        site.cards[law] = {"Дата принятия акта": "16.07.2025", "Официальная публикация": '"Газета" от 17.07.2025 г.'}
    return site


def slow(seconds: float, then: faults.Fault | None = None) -> faults.Fault:
    """The ordinary answer, or another fault, after a while."""

    def fault(handler: faults.Handler, page: bytes | None) -> None:
        time.sleep(seconds)
        if then is not None:
            then(handler, page)
        elif page is None:
            handler.send(b"", status=404)
        else:
            handler.send(page)

    return fault


def slowly(seconds: float) -> faults.Chooser:
    return lambda path, n: slow(seconds)


def at_once(hits: list[Hit]) -> int:
    """The most requests that were under way together."""
    moments = sorted([(hit.began, 1) for hit in hits] + [(hit.answered or hit.ended, -1) for hit in hits])
    under_way = most = 0
    for _, step in moments:
        under_way += step
        most = max(most, under_way)
    return most


def assert_nothing_starts_for(seconds: float, refused: Hit, hits: list[Hit]) -> None:
    """After an answer with Retry-After; what the other lanes sent before they could have read it does not count."""
    later = [hit.began - refused.ended for hit in hits if hit.began > refused.ended]
    crossed = [moment for moment in later if moment < seconds]
    assert len(crossed) <= 3 and max(crossed, default=0) < seconds / 2
    assert len(later) > len(crossed)


def assert_rate(delay: float, hits: list[Hit], archive: Path) -> None:
    """Starts are a delay apart: to the millisecond where they were sent; where they arrive, one may be late, but no
    stretch of the server's log holds more than it may and one."""
    sent = [entry.fetched_at for entry in Archive(archive).entries()]
    assert min((later - earlier).total_seconds() for earlier, later in pairwise(sorted(sent)[1:])) >= delay - 0.005
    began = sorted(hit.began for hit in hits)
    for first, start in enumerate(began):
        for last in range(first + 1, len(began)):
            assert began[last] - start >= delay * (last - first - 1), (first, last)


@pytest.mark.parametrize("lanes", [2, 4])
def test_no_more_requests_are_under_way_than_the_setting_says(lanes: int, tmp_path: Path) -> None:
    with FaultServer(site_of(8), slowly(0.15)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--concurrency", str(lanes))
    assert run.code == 0, run.summary
    assert at_once(server.hits) == lanes, "and all of them are used"
    assert len(digests(tmp_path / "archive")) == 16
    assert not verify(tmp_path / "archive")


def test_the_rate_of_the_whole_run_is_the_set_one_however_slow_the_server(tmp_path: Path) -> None:
    with FaultServer(site_of(6), slowly(0.5)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, *FOUR, "--delay", "0.12", "--lang", "ru")
    assert run.code == 0
    assert_rate(0.12, server.hits, tmp_path / "archive")
    assert at_once(server.hits) > 1, "the slow answers did overlap"


def test_a_crawl_delay_of_robots_is_kept_by_all_lanes(tmp_path: Path) -> None:
    site = site_of(4)
    site.robots = "User-agent: *\nCrawl-delay: 0.2\n"
    with FaultServer(site, lambda path, n: None if path == "/robots.txt" else slow(0.4)) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, *FOUR, "--lang", "ru")
    assert_rate(0.2, server.hits, tmp_path / "archive")


def test_a_retry_after_holds_all_lanes(tmp_path: Path) -> None:
    def busy(path: str, n: int) -> faults.Fault:
        unwell = path == f"/rus/docs/{ACT}/01.05.2015" and n == 1
        return slow(0.05, faults.status(503, Retry_After="1") if unwell else None)

    with FaultServer(site_of(12), busy) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, *FOUR)
    assert run.code == 0, run.summary
    (refused,) = [hit for hit in server.hits if hit.status == 503]
    assert_nothing_starts_for(1.0, refused, server.hits)
    assert at_once([hit for hit in server.hits if hit.ended < refused.began]) >= 2, "the lanes were open before"


def test_a_retry_after_of_the_last_attempt_at_a_page_holds_the_run_too(tmp_path: Path) -> None:
    with FaultServer(site_of(3), on("01.02.2015", faults.status(429, Retry_After="1"), first=2)) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, "--retries", "0", "--lang", "ru")
    (refused,) = [hit for hit in server.hits if hit.status == 429]
    assert_nothing_starts_for(1.0, refused, server.hits)


def test_a_long_retry_after_ends_the_run_on_all_lanes(tmp_path: Path) -> None:
    def busy(path: str, n: int) -> faults.Fault:
        return slow(0.1, faults.status(503, Retry_After="7200") if path.endswith("01.11.2015") else None)

    with FaultServer(site_of(12), busy) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, *FOUR)
        asked = len(server.hits)
        again = run_spider(tmp_path / "archive", "--base-url", server.url, *FOUR)
    assert run.code == again.code == 1
    (refused, *_) = [hit for hit in server.hits if hit.status == 503]
    assert len([hit for hit in server.hits if hit.began > refused.ended]) <= 3, "what had left already"
    assert asked < 1 + 2 * 12
    assert len(server.hits) == asked, "the next run asks nothing before that time"


def test_the_breaker_ends_all_lanes_and_a_failure_leaves_one_of_them(tmp_path: Path) -> None:
    def dated(path: str, n: int) -> faults.Fault:
        return slow(0.05, faults.status(503) if path.endswith(".2015") else None)

    with FaultServer(site_of(12), dated) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, *FOUR, "--breaker", "6")
    failed = sorted((hit for hit in server.hits if hit.status == 503), key=lambda hit: hit.began)
    assert "the server struggles" in run.summary["stopped"]
    assert 6 <= len(failed) <= 6 + 3, "what was under way when it opened, and nothing after"
    known = min(hit.ended for hit in failed) + A_MOMENT
    assert at_once([hit for hit in failed if hit.began > known]) <= 1, "one at a time after the first failure"


@pytest.mark.parametrize(
    "fault",
    [faults.status(503), faults.status(429), faults.reset_midway, faults.changed(lambda page: page[: len(page) // 2])],
    ids=["503", "429", "reset", "cut"],
)
def test_six_lanes_make_no_storm(fault: faults.Fault, tmp_path: Path) -> None:
    with FaultServer(site_of(3, ACTS), on("", fault)) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, "--concurrency", "6", "--breaker", "10", acts=ACTS)
    assert len(server.hits) == 1 + 10, "with no good answer there is never more than one lane"
    assert max(server.counts.values()) <= 5


@pytest.mark.parametrize("lanes", ["1", "4", "6"])
def test_the_budget_is_kept_to_the_request_on_any_number_of_lanes(lanes: str, tmp_path: Path) -> None:
    with FaultServer(site_of(10), slowly(0.02)) as server:
        told = ("--base-url", server.url, "--concurrency", lanes, "--budget", "13")
        runs = [run_spider(tmp_path / "archive", *told) for _ in range(2)]
    assert len(server.hits) == 13
    assert len(list(Archive(tmp_path / "archive").entries())) == 13, "what was under way is kept"
    assert "is spent" in runs[0].summary["stopped"]
    assert runs[1].summary["requests"] == 0


def test_a_shell_costs_one_request_before_the_run_moves_on_and_robots_one_a_host(tmp_path: Path) -> None:
    with (
        FaultServer(miniature(), on("", faults.instead(faults.SHELL))) as new,
        FaultServer(site_of(6), slowly(0.02)) as old,
    ):
        told = ("--base-url", new.url, "--base-url", old.url, "--concurrency", "6")
        run = run_spider(tmp_path / "archive", *told)
    assert run.code == 0, run.summary
    assert len(new.hits) == 2
    assert new.counts["/robots.txt"] == old.counts["/robots.txt"] == 1
    assert run.summary["base"] == old.url


def test_a_host_that_becomes_a_shell_under_four_lanes_is_left_by_all(tmp_path: Path) -> None:
    def becomes(path: str, n: int) -> faults.Fault | None:
        return slow(0.03, faults.instead(faults.SHELL) if path.endswith(".2015") else None)

    with FaultServer(site_of(8), becomes) as new, FaultServer(site_of(8), slowly(0.01)) as old:
        run = run_spider(tmp_path / "archive", "--base-url", new.url, "--base-url", old.url, *FOUR)
    assert run.code == 0, run.summary
    assert len([path for path in new.paths() if path.endswith(".2015")]) <= 4
    assert len(digests(tmp_path / "archive")) == 16


def test_a_killed_crawl_of_four_lanes_goes_on_and_stores_nothing_twice(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(site_of(24), slowly(0.03)) as server:
        command = [sys.executable, "-m", "crawler", ACT, *QUICK, *FOUR, "--archive", str(archive)]
        for wanted in (9, 25, 40):
            child = subprocess.Popen([*command, "--base-url", server.url], stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            while len(server.hits) < wanted and time.monotonic() < deadline:
                time.sleep(0.002)
            child.send_signal(signal.SIGKILL)
            child.wait()
        run = run_spider(archive, "--base-url", server.url, *FOUR)
    assert run.code == 0, run.summary
    assert len(digests(archive)) == 48
    assert not verify(archive)
    stored = Counter((entry.lang, entry.redaction_date) for entry in Archive(archive).entries() if entry.redaction_date)
    assert set(stored.values()) == {1}
    asked_twice = [path for path, n in server.counts.items() if path.count("/") == 4 and n > 1]
    assert len(asked_twice) <= 3 * 4, "only what was under way at a kill"


def test_an_interrupted_crawl_of_four_lanes_closes_its_archive(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(site_of(24), slowly(0.2)) as server:
        child = subprocess.Popen(
            [sys.executable, "-m", "crawler", ACT, *QUICK, *FOUR, "--base-url", server.url, "--archive", str(archive)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while len(server.hits) < 12 and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        asked = len(server.hits)
        output, errors = child.communicate(timeout=30)
    assert child.returncode == 1
    assert "interrupted" in output
    assert "Traceback" not in errors
    assert len(server.hits) <= asked + 4, "what had left already"
    assert not verify(archive)


def test_a_full_disk_ends_all_lanes_with_nothing_half_kept(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from crawler.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    with FaultServer(site_of(24), slowly(0.02)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, ACT, *QUICK, *FOUR, "--archive", str(archive), "--base-url", server.url],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        asked = len(server.hits)
        assert done.returncode == 1
        assert "could not be written" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert asked < 40
        assert run_spider(archive, "--base-url", server.url, *FOUR).code == 0
    assert len(digests(archive)) == 48
    assert not verify(archive)


def test_a_page_that_could_not_be_kept_is_told_once_and_not_by_the_lanes_that_ended_meanwhile() -> None:
    complaints: list[object] = []

    async def store() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        item = PageItem(fetch(1), asyncio.get_running_loop().create_future())
        ArchivePipeline(None).process_item(item)  # type: ignore[arg-type]  # no archive is open
        assert "not open" in str(item.receipt.exception())
        other = PageItem(fetch(2), asyncio.get_running_loop().create_future())
        ArchivePipeline(None).process_item(other)  # type: ignore[arg-type]
        del other  # nobody waits for it
        gc.collect()

    asyncio.run(store())
    assert complaints == []


# -- the same history --------------------------------------------------------------------------------------------------


def weather(seed: int) -> faults.Chooser:
    """Every request takes another time; some pages fail once or twice first."""

    def choose(path: str, n: int) -> faults.Fault | None:
        chance = random.Random(f"{seed} {path}")
        fails = chance.choice((0, 0, 0, 0, 1, 2)) if path != "/robots.txt" else 0
        wait = random.Random(f"{seed} {path} {n}").random() * 0.02
        if n <= fails:
            return slow(wait, chance.choice((faults.status(503), faults.reset_midway)))
        return slow(wait)

    return choose


def crawl_and_build(folder: Path, lanes: int, seed: int) -> tuple[Counter[str], Path]:
    """Two nights beside a site that changes, with `lanes` lanes; the questions asked, and the database."""
    site = site_of(7, ACTS)
    with FaultServer(site, weather(seed)) as server:
        told = ("--base-url", server.url, "--concurrency", str(lanes), "--breaker", "100")
        assert run_spider(folder / "archive", *told, acts=ACTS).code == 0
        for lang in LANGS:
            for number, act_id in enumerate(ACTS[:2]):
                act = site.acts[lang, act_id]
                act.redactions[date(2026, 2, 1 + number)] = act.redactions[act.newest] | {
                    "3": SENTENCE[lang].format(33)
                }
        server.counts.clear()
        server.fault = weather(seed + 1)
        assert run_spider(folder / "archive", *told, acts=ACTS).code == 0
        asked = Counter(server.counts)
    acts = tuple(TrackedAct(act_id, act_id, act_id) for act_id in ACTS)
    assert build(folder / "archive", folder / "lawdiff.db", Registry(acts)).ok
    return asked, folder / "lawdiff.db"


def rows_without_arrival(db: Path) -> list[str]:
    """The rows of a database, with a fetch named by what was asked for instead of by its number in the journal."""
    with closing(sqlite3.connect(db)) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%' AND "
                "name NOT LIKE 'sqlite_%' AND name NOT LIKE '%sqlite_migrations' AND name NOT IN ('snapshots', 'meta')"
            )
        ]
        asked = {row[0]: "/".join(row[1].split("/")[3:]) for row in connection.execute("SELECT id, url FROM snapshots")}
        found = []
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                cells = {name: value for name, value in zip(names, row, strict=True) if name not in ARRIVAL}
                for name in ("snapshot_id", "last_snapshot_id", "twin_snapshot_id"):
                    if name in cells:
                        cells[name] = asked.get(cells[name])
                found.append(f"{table} {sorted(cells.items())}")
    return sorted(found)


# What says when something was fetched, or is a digest over the numbers of fetches.
ARRIVAL = {"fetched_at", "last_checked", "last_good", "inputs_sha256", "built_at"}


def test_the_history_of_four_lanes_is_that_of_one(tmp_path: Path) -> None:
    asked, database = crawl_and_build(tmp_path / "one", 1, seed=1)
    asked_by_four, database_of_four = crawl_and_build(tmp_path / "four", 4, seed=1)
    assert asked_by_four == asked, "the same questions"
    one, four = rows_without_arrival(database), rows_without_arrival(database_of_four)
    assert len(one) > 200
    assert four == one
    assert digests(tmp_path / "four" / "archive") == digests(tmp_path / "one" / "archive")
    build(tmp_path / "four" / "archive", tmp_path / "again.db", _registry(), from_scratch=True, processes=2)
    assert dump(tmp_path / "again.db") == dump(database_of_four)


def _registry() -> Registry:
    return Registry(tuple(TrackedAct(act_id, act_id, act_id) for act_id in ACTS))


# -- pages that only the others can judge ------------------------------------------------------------------------------


def unmarked(site: Site) -> Callable[[str, int], faults.Fault | None]:
    """The site without the mark of dated redactions, as the portal may be."""
    return lambda path, n: faults.changed(lambda page: page.replace(b" text_arc", b"")) if "/docs/" in path else None


@pytest.mark.parametrize("lanes", ["1", "4"])
def test_an_unmarked_redaction_with_the_text_of_the_current_page_is_taken_at_the_second_asking(
    lanes: str, tmp_path: Path
) -> None:
    site = site_of(5, langs=("rus",))
    act = site.acts["rus", ACT]
    act.redactions[date(2020, 1, 1)] = act.redactions[act.newest]
    with FaultServer(site, unmarked(site)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru", "--concurrency", lanes)
    assert run.code == 0, run.summary
    held = digests(tmp_path / "archive")
    assert held[ACT, "ru", "text", "2015-05-01"] == held[ACT, "ru", "text", None]
    assert server.counts[f"/rus/docs/{ACT}/01.05.2015"] == 2
    assert max(n for path, n in server.counts.items() if not path.endswith("01.05.2015")) == 1


@pytest.mark.parametrize("lanes", ["1", "4"])
@pytest.mark.parametrize("which", ["01.01.2015", "01.05.2015"])
def test_the_current_page_under_a_dated_address_is_refused_in_any_order_of_arrival(
    which: str, lanes: str, tmp_path: Path
) -> None:
    site = site_of(6, langs=("rus",))

    def softly(path: str, n: int) -> faults.Fault | None:
        if path.endswith(which):
            return lambda handler, page: handler.send(site.page(f"/rus/docs/{ACT}") or b"")
        return slow(0.05 if path.endswith(".2015") else 0)

    with FaultServer(site, softly) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru", "--concurrency", lanes)
    assert run.code == 1
    assert "came under a dated address, without the mark" in run.account()["why"][0]
    assert len(run.account()["why"]) == 1
    assert len(digests(tmp_path / "archive")) == 5
    assert not [key for key in digests(tmp_path / "archive") if key[3] == f"{which[6:]}-{which[3:5]}-{which[:2]}"]


def test_an_old_redaction_without_mark_that_has_the_current_text_after_another_text_is_refused(tmp_path: Path) -> None:
    site = site_of(6, langs=("rus",))

    def softly(path: str, n: int) -> faults.Fault | None:
        if path.endswith("01.02.2015"):
            return lambda handler, page: handler.send(site.page(f"/rus/docs/{ACT}") or b"")
        return unmarked(site)(path, n)

    with FaultServer(site, softly) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru")
    assert "though a later redaction has another" in run.account()["why"][0]
    assert len(digests(tmp_path / "archive")) == 5


def test_a_portal_that_answers_every_dated_address_with_the_current_text_gives_no_redactions(tmp_path: Path) -> None:
    site = site_of(6, (ACT, LAW), langs=("rus",))

    def softly(path: str, n: int) -> faults.Fault | None:
        if ACT in path and path.endswith(".2015"):
            return lambda handler, page: handler.send(site.page(f"/rus/docs/{ACT}") or b"")
        return None

    with FaultServer(site, softly) as server:
        told = ("--base-url", server.url, "--lang", "ru", "--breaker", "4")
        run = run_spider(tmp_path / "archive", *told, acts=(ACT, LAW))
    assert run.code == 1
    assert run.summary["stopped"] is None
    assert len(digests(tmp_path / "archive")) == 1 + 6
    assert "every dated address brings the text of the current page" in run.summary["shape"][0]


# -- the gate itself ---------------------------------------------------------------------------------------------------


def through(pace: Pace, times: list[datetime], lanes: int = 2) -> list[str | None]:
    """What the gate says at each of these times; what was let out ends with a good answer at once."""
    now = times[0]

    async def ask() -> list[str | None]:
        nonlocal now
        gate = Gate(pace, lanes, lambda: now)
        said = []
        for moment in times:
            now = moment
            said.append(await gate.enter())
            if said[-1] is None:
                pace.answered(Verdict.TEXT)
                gate.leave()
        return said

    return asyncio.run(ask())


def test_a_window_that_closes_in_mid_run_and_a_day_that_ends_are_noticed_at_the_next_request() -> None:
    evening = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # one o'clock in Kazakhstan
    options = Options(Path("a"), (), delay=0, window=Window.parse("22:00-06:00"))
    said = through(Pace(options), [evening, evening + timedelta(hours=4, minutes=59), evening + timedelta(hours=5)])
    assert said[:2] == [None, None]
    assert "outside the window" in str(said[2])
    two_a_day = Pace(Options(Path("a"), (), delay=0, budget=2))
    said = through(two_a_day, [evening, evening, evening + timedelta(hours=4), evening + timedelta(hours=4)])
    assert said == [None] * 4, "a new day, a new budget"
    assert "is spent" in str(through(two_a_day, [evening + timedelta(hours=4)])[0])


def test_nothing_leaves_the_gate_once_the_run_is_being_shut_down_or_no_longer_wanted() -> None:
    async def ask() -> tuple[str | None, str | None, int]:
        pace = Pace(Options(Path("a"), (), delay=0))
        unwanted = await Gate(pace, 2, lambda: datetime.now(UTC)).enter(lambda: False)
        closing = await Gate(pace, 2, lambda: datetime.now(UTC), running=lambda: False).enter()
        return unwanted, closing, pace.requests

    unwanted, closing, requests = asyncio.run(ask())
    assert unwanted == NOT_WANTED
    assert "interrupted" in str(closing)
    assert requests == 0


# -- the work itself ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lanes", [1, 2, 3, 7])
def test_work_is_done_once_with_batches_in_order_and_never_on_more_lanes(lanes: int) -> None:
    done: list[tuple[int, int, int]] = []
    under_way = most = 0

    async def unit(job: int, batch: int, number: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(random.Random(job * 100 + number).randrange(4)):
            await asyncio.sleep(0)
        done.append((job, batch, number))
        under_way -= 1

    def job(name: int) -> Iterator[list[Unit]]:
        for batch in range(3):
            before = {(name, earlier, n) for earlier in range(batch) for n in range(name % 4)}
            assert before <= set(done), "a batch is asked for when the last is done"
            yield [partial(unit, name, batch, number) for number in range(name % 4)]

    asyncio.run(work((job(name) for name in range(9)), lanes))
    assert len(done) == len(set(done)) == sum(3 * (name % 4) for name in range(9))
    assert most <= lanes
    if lanes == 1:
        assert done == sorted(done)


def test_an_error_on_one_lane_ends_the_others() -> None:
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("endless")

    async def broken() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(work([iter([[endless, broken, endless]])], 2))
    assert ended == ["endless"]
