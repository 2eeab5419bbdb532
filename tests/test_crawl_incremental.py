"""What a run asks for and what it leaves: few requests, nothing twice, resumption, gentle limits, the account."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import faultserver as faults
import pytest
from faultserver import QUICK, Act, FaultServer, Site, articles, digests, good, miniature, on, run_spider
from fetches import fetch

from crawler import settings
from crawler.__main__ import options_from
from crawler.held import Absence, Held, HeldAct
from crawler.pace import Pace, not_before_note, read_not_before, retry_after
from crawler.plan import Options, Window
from lawdiff.archive import Archive, CrawlSummary, Summary, verify
from lawdiff.build import build
from lawdiff.errors import LawdiffError
from lawdiff.model import Lang, Verdict
from lawdiff.portal import article_sha256
from lawdiff.registry import Registry, TrackedAct

ACT = "K1400000226"
NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


def test_a_first_crawl_holds_everything_and_a_second_asks_for_the_current_pages_alone(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(miniature()) as server:
        first = run_spider(archive, "--base-url", server.url)
        assert first.code == 0, first.errors
        assert len(server.hits) == 1 + 2 * (1 + 1 + 2) + 2
        assert first.account()["outcome"] == "new"
        assert (first.account()["redactions_held"], first.account()["redactions_listed"]) == (3, 3)
        assert {key[:3:2] for key in good(archive)} >= {(ACT, "text"), (ACT, "history"), ("Z2500000210", "info")}
        server.hits.clear()
        second = run_spider(archive, "--base-url", server.url)
    assert second.code == 0
    assert server.paths() == ["/robots.txt", f"/rus/docs/{ACT}", f"/kaz/docs/{ACT}"]
    assert second.summary["counts"] == {"new": 0, "changed": 0, "unchanged": 2, "unchecked": 0}
    assert second.account()["redactions_held"] == 3


def test_a_change_costs_the_history_and_the_new_redaction(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = miniature()
    with FaultServer(site) as server:
        run_spider(archive, "--base-url", server.url, "--lang", "ru")
        act = site.acts["rus", ACT]
        act.redactions[date(2026, 2, 1)] = act.redactions[act.newest] | {"5": faults.SENTENCE["rus"].format(55)}
        act.laws = (*act.laws, "Z2600000001")
        site.cards["Z2600000001"] = {"Дата принятия акта": "01.01.2026"}
        server.hits.clear()
        run = run_spider(archive, "--base-url", server.url, "--lang", "ru")
    assert run.account()["outcome"] == "changed"
    assert server.paths()[1:] == [
        f"/rus/docs/{ACT}", f"/rus/docs/{ACT}/history", f"/rus/docs/{ACT}/16.09.2025", f"/rus/docs/{ACT}/info",
        "/rus/docs/Z2600000001/info",
    ]  # fmt: skip
    assert digests(archive)[ACT, "ru", "text", None] != digests(archive)[ACT, "ru", "text", "2025-09-16"]


def test_an_old_redaction_that_the_portal_altered_is_found_by_a_recheck(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = miniature()
    with FaultServer(site) as server:
        run_spider(archive, "--base-url", server.url, "--lang", "ru")
        before = digests(archive)
        server.hits.clear()
        calm = run_spider(archive, "--base-url", server.url, "--lang", "ru", "--recheck", "1")
        assert server.paths() == ["/robots.txt", f"/rus/docs/{ACT}", f"/rus/docs/{ACT}/12.07.2018"]
        assert (calm.code, calm.summary["altered"]) == (0, [])
        old = site.acts["rus", ACT].redactions
        old[date(2014, 11, 7)] = old[date(2014, 11, 7)] | {"4": "Текст, исправленный без следа."}
        found = run_spider(archive, "--base-url", server.url, "--lang", "ru", "--recheck", "1")
        assert server.paths()[-1] == f"/rus/docs/{ACT}/07.11.2014", "the one seen longest ago"
    assert found.summary["altered"] == [f"{ACT} ru 07.11.2014"]
    assert digests(archive)[ACT, "ru", "text", "2014-11-07"] != before[ACT, "ru", "text", "2014-11-07"]


def test_an_act_without_history_is_its_current_page_alone(tmp_path: Path) -> None:
    site = miniature()
    for act in site.acts.values():
        act.has_history = False
    with FaultServer(site) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url)
        again = run_spider(tmp_path / "archive", "--base-url", server.url)
    assert (run.code, again.code) == (0, 0)
    assert "no history page: current text alone" in run.account()["notes"]
    assert server.counts[f"/rus/docs/{ACT}/history"] == 1, "asked again after a day, not in the same night"
    assert len(digests(tmp_path / "archive")) == 2


def test_a_listed_redaction_that_is_not_served_is_told_and_not_asked_every_time(tmp_path: Path) -> None:
    with FaultServer(miniature(), on("12.07.2018", faults.status(404))) as server:
        runs = [run_spider(tmp_path / "archive", "--base-url", server.url) for _ in range(2)]
    assert [run.code for run in runs] == [0, 0]
    for run in runs:
        assert "12.07.2018 is listed but not served by the portal" in run.account()["notes"]
        assert (run.account()["redactions_held"], run.account()["redactions_listed"]) == (2, 3)
    assert server.counts[f"/rus/docs/{ACT}/12.07.2018"] == 1


def test_a_redaction_that_is_only_served_at_its_older_address_is_found(tmp_path: Path) -> None:
    site = miniature()
    site.robots = "User-agent: *\nAllow: /\n"

    def older(path: str, n: int) -> faults.Fault | None:
        if path.endswith("/history"):
            return faults.changed(lambda page: page.replace(b"/docs/K1400000226/12", b"/archive/docs/K1400000226/12"))
        if path == f"/rus/docs/{ACT}/12.07.2018":
            return faults.status(404)
        if path == f"/rus/archive/docs/{ACT}/12.07.2018":
            return faults.instead(site.page(f"/rus/docs/{ACT}/12.07.2018") or b"")
        return None

    with FaultServer(site, older) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru")
    assert run.code == 0
    assert run.account()["redactions_held"] == 3


@pytest.mark.parametrize(
    ("act", "code", "words"),
    [
        ("K1499999999", 1, "the portal has no act K1499999999 in ru (HTTP 404"),
        ("K14000002", 2, "is not an act id"),
        ("k1400000226", 2, "is not an act id"),
    ],
)
def test_a_wrong_id_gets_a_clear_error(act: str, code: int, words: str, tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, acts=(act,))
    assert run.code == code
    assert words in (run.why if run.summary else run.errors)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--base-url", "https://adilet.example", "--delay", "0.5"), "loopback only"),
        (("--base-url", "ftp://x"), "not a base address"),
        (("--window", "25:00-06:00"), "not a part of the day"),
        (("--window", "22:00-22:00"), "is empty"),
        (("--discover", "26"), "no year"),
        (("--by-index",), "name its year with --discover"),
        (("--index-filter", "va=ЗАК/x"), "no filter of the year index"),
        (("--ca-bundle", "/nowhere.pem"), "no file"),
        (("--lang", "en"), "not a language"),
        (("--retries", "-1"), "must not be negative"),
        (("--concurrency", "0"), "1 to 6 requests at a time"),
        (("--concurrency", "7"), "1 to 6 requests at a time"),
    ],
)
def test_settings_that_are_not_allowed_are_refused_before_any_request(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    run = run_spider(tmp_path / "archive", "--base-url", "http://127.0.0.1:9", *arguments)
    assert run.code == 2
    assert words in run.errors
    assert not (tmp_path / "archive").exists()


def test_one_language_and_current_pages_alone_can_be_asked_for(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "kk", "--current-only")
    assert server.paths() == ["/robots.txt", f"/kaz/docs/{ACT}"]


def test_the_budget_of_a_day_is_kept_over_several_runs_and_the_rest_is_told(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        runs = [run_spider(tmp_path / "archive", "--base-url", server.url, "--budget", "7") for _ in range(2)]
    assert len(server.hits) == 7
    assert [run.code for run in runs] == [1, 1]
    assert "budget of 7 requests a day is spent" in runs[0].summary["stopped"]
    assert "redactions not fetched" in runs[0].why
    assert runs[1].summary["requests"] == 0


def test_outside_its_window_a_run_asks_nothing(tmp_path: Path) -> None:
    now = datetime.now(UTC) + timedelta(hours=5)
    closed = f"{(now + timedelta(hours=2)):%H:%M}-{(now + timedelta(hours=3)):%H:%M}"
    opened = f"{(now - timedelta(hours=1)):%H:%M}-{(now + timedelta(hours=1)):%H:%M}"
    with FaultServer(miniature()) as server:
        refused = run_spider(tmp_path / "archive", "--base-url", server.url, "--window", closed)
        assert (refused.code, server.paths()) == (1, [])
        assert "outside the window" in refused.summary["stopped"]
        assert run_spider(tmp_path / "archive", "--base-url", server.url, "--window", opened).code == 0


def test_a_killed_crawl_goes_on_where_it_stopped_and_fetches_nothing_twice(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = Site()
    days = {date(2015 + number, 1, 1): articles("rus", 8, a2=f"Слово {number}.") for number in range(10)}
    site.add(Act(ACT, "rus", days))
    with FaultServer(site) as server:
        command = [sys.executable, "-m", "crawler", ACT, *QUICK, "--archive", str(archive), "--lang", "ru"]
        for wanted in (4, 8):
            child = subprocess.Popen([*command, "--base-url", server.url], stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            while len(server.hits) < wanted and time.monotonic() < deadline:
                time.sleep(0.002)
            child.send_signal(signal.SIGKILL)
            child.wait()
            assert len(good(archive)) < 12
        run = run_spider(archive, "--base-url", server.url, "--lang", "ru")
    assert run.code == 0, run.summary
    assert len(digests(archive)) == 10
    assert not verify(archive)
    stored = [entry.redaction_date for entry in Archive(archive).entries() if entry.redaction_date]
    assert len(stored) == len(set(stored)) == 9


def test_an_interrupted_crawl_closes_its_archive_and_says_so(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(miniature(), on("/history", faults.drip(0.5))) as server:
        child = subprocess.Popen(
            [sys.executable, "-m", "crawler", ACT, *QUICK, "--timeout", "60", "--base-url", server.url,
             "--archive", str(archive)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while f"/rus/docs/{ACT}/history" not in server.paths() and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        output, _ = child.communicate(timeout=30)
    assert child.returncode == 1
    assert "interrupted" in output
    assert not verify(archive)


def test_what_was_held_back_is_told_by_a_run_that_was_interrupted_too(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = miniature()
    with FaultServer(site) as server:
        assert run_spider(archive, "--base-url", server.url).code == 0
        for lang in faults.LANGS:
            act = site.acts[lang, ACT]
            act.redactions[date(2026, 2, 1)] = articles(lang, 3) if lang == "rus" else articles(lang, 9)
        server.hits.clear()
        server.fault = on("/history", faults.drip(0.5))
        child = subprocess.Popen(
            [sys.executable, "-m", "crawler", ACT, *QUICK, "--timeout", "60", "--base-url", server.url,
             "--archive", str(archive), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while f"/kaz/docs/{ACT}/history" not in server.paths() and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        output, _ = child.communicate(timeout=30)
    assert "articles gone" in json.loads(output)["shape"][0]
    assert "articles gone" in summaries(archive)[-1].shape[0]


def summaries(archive: Path) -> list[Summary]:
    return [line.told for line in Archive(archive).lines() if isinstance(line, CrawlSummary)]


def test_what_a_run_prints_is_kept_in_the_journal_for_every_act_and_language(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(miniature()) as server:
        runs = [run_spider(archive, "--base-url", server.url)]
        server.fault = on(f"/kaz/docs/{ACT}", faults.instead(faults.CHALLENGE))
        runs.append(run_spider(archive, "--base-url", server.url))
        runs.append(run_spider(archive, "--base-url", server.url, "--budget", "1"))
    assert [run.code for run in runs] == [0, 1, 1]
    for run, kept in zip(runs, summaries(archive), strict=True):
        told = run.summary
        assert (kept.ok, kept.requests, kept.base) == (told["ok"], told["requests"], told["base"])
        assert (kept.stopped, list(kept.problems)) == (told["stopped"], told["problems"])
        assert kept.finished_at.isoformat() == told["finished_at"]
        assert [(act.act_id, act.lang, act.outcome, list(act.why), list(act.notes)) for act in kept.acts] == [
            (act["act_id"], act["lang"], act["outcome"], act["why"], act["notes"]) for act in told["acts"]
        ]
        assert [(act.requests, act.redactions_new, act.cards_new) for act in kept.acts] == [
            (act["requests"], act["redactions_new"], act["cards_new"]) for act in told["acts"]
        ]
    first, second, third = summaries(archive)
    assert [act.outcome for act in first.acts] == ["new", "new"]
    assert [act.outcome for act in second.acts] == ["unchanged", "unchecked"]
    assert "challenge" in second.acts[1].why[0]
    assert third.requests == 0 and "is spent" in (third.stopped or "")
    assert not verify(archive)


def test_a_killed_run_keeps_no_account_and_an_interrupted_one_says_that_it_was(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(miniature(), on("/history", faults.drip(0.2))) as server:
        for number, kind in enumerate((signal.SIGKILL, signal.SIGTERM)):
            child = subprocess.Popen(
                [sys.executable, "-m", "crawler", ACT, *QUICK, "--timeout", "60", "--base-url", server.url,
                 "--archive", str(archive)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            deadline = time.monotonic() + 20
            while server.paths().count(f"/rus/docs/{ACT}/history") <= number and time.monotonic() < deadline:
                time.sleep(0.01)
            child.send_signal(kind)
            child.wait()
    (told,) = summaries(archive)
    assert "interrupted" in (told.stopped or "") and not told.ok
    assert [close.complete for _, close in Archive(archive).crawls() if close] == [False, False]
    assert not verify(archive)


def test_a_second_crawl_of_the_same_archive_waits_for_the_first(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(miniature()) as server, Archive(archive).writer(datetime.now(UTC)):
        run = run_spider(archive, "--base-url", server.url)
    assert run.code == 1
    assert f"another crawl (process {os.getpid()})" in run.summary["problems"][0]
    assert server.paths() == []


def test_a_history_that_lags_behind_the_text_is_read_again_and_the_change_gets_its_own_date(tmp_path: Path) -> None:
    """The text is shown before the history lists its redaction: it is no silent edit of the redaction before it."""
    archive = tmp_path / "archive"
    site = miniature()
    act = site.acts["rus", ACT]
    today = datetime.now(UTC)
    nights = iter(today - timedelta(days=10 - night) for night in range(10))

    def a_night() -> faults.Run:
        """A run whose requests are dated on the next of ten days."""
        moment = next(nights)
        return run_spider(archive, "--base-url", server.url, "--lang", "ru", "--clock", moment.isoformat())

    def amended(day: date, number: int) -> None:
        act.redactions[day] = act.redactions[act.newest] | {"5": faults.SENTENCE["rus"].format(number)}

    def late() -> faults.Chooser:
        """The history as it was before the next amendment."""
        then = Site()
        then.add(replace(act, redactions=dict(act.redactions)))
        return on("/history", faults.changed(lambda page: then.page(f"/rus/docs/{ACT}/history") or page))

    with FaultServer(site) as server:
        assert a_night().account()["outcome"] == "new"
        server.fault = late()
        amended(date(2026, 2, 1), 55)
        assert a_night().account()["outcome"] == "changed"
        server.fault = lambda path, n: None
        server.hits.clear()
        assert a_night().account()["redactions_new"] == 1
        assert server.paths()[1:] == [f"/rus/docs/{ACT}", f"/rus/docs/{ACT}/history", f"/rus/docs/{ACT}/16.09.2025"]
        server.hits.clear()
        a_night()
        assert server.paths()[1:] == [f"/rus/docs/{ACT}"], "now it knows of the change"
        server.fault = late()
        amended(date(2026, 3, 1), 66)
        a_night()
        server.fault = lambda path, n: None
        amended(date(2026, 4, 1), 77)  # before the history of the last change could be read again
        assert a_night().account()["redactions_new"] == 2
    build(archive, tmp_path / "l.db", Registry((TrackedAct(ACT, "УК", "ҚК"),)))
    with closing(sqlite3.connect(tmp_path / "l.db")) as connection:
        dated = connection.execute("SELECT redaction_date FROM redactions WHERE is_current").fetchall()
        changes = connection.execute(
            "SELECT c.redaction_date, c.op FROM changes c JOIN articles a ON a.id = c.article_id WHERE a.number = '5' "
            "ORDER BY c.redaction_date"
        ).fetchall()
    assert dated == [("2026-04-01",)]
    assert changes == [("2026-02-01", "amended"), ("2026-03-01", "amended"), ("2026-04-01", "amended")]


def test_a_history_that_never_knows_of_a_silent_edit_is_asked_ever_less_often(tmp_path: Path) -> None:
    with Archive(tmp_path).writer(NOW, clock=lambda: NOW, sync=False) as writer:
        page = writer.store(fetch(1, at=NOW, page_kind="history", verdict=Verdict.HISTORY))
    edited = HeldAct(history=page, changed_at=NOW)
    asked = []
    for day in range(200):
        now = NOW + timedelta(days=day)
        if edited.due_again(now):
            asked.append(day)
            edited.history = replace(page, fetched_at=now)
    assert asked == [1, 2, 4, 8, 16, 32, 62, 92, 122, 152, 182]


INDEX = "/rus/index/docs/dt=2025-&rss=true&page={}"


def index_of(acts: dict[str, str], total: int) -> str:
    """A page of the year index: the acts with the days of their last amendments."""
    items = "".join(
        f"<item><title>О {act}</title><link>http://h/rus/docs/{act}</link><pubDate>{day}</pubDate></item>"
        for act, day in acts.items()
    )
    return f"<rss><channel><description>Найдено {total} документа</description>{items}</channel></rss>"


def in_the_index(day: str) -> dict[str, str]:
    return {INDEX.format(1): index_of({ACT: f"Tue, {day} 00:00:00 +0600"}, 1)}


BY_INDEX = ("--discover", "2025", "--by-index")


def test_the_year_index_reports_acts_that_are_not_tracked(tmp_path: Path) -> None:
    site = miniature()
    site.feeds = {
        INDEX.format(1): index_of({"Z2500000777": "Tue, 16 Sep 2025 00:00:00 +0600", "V2500000001": ""}, 3),
        INDEX.format(2): index_of({ACT: "Tue, 16 Sep 2025 00:00:00 +0600"}, 3),
    }
    archive = tmp_path / "archive"
    with FaultServer(site) as server:
        first = run_spider(archive, "--base-url", server.url, *BY_INDEX)
        assert first.account()["outcome"] == "new"
        server.hits.clear()
        run = run_spider(archive, "--base-url", server.url, *BY_INDEX)
    assert run.code == 0, run.summary
    assert run.summary["discovered"] == [
        {"act_id": "Z2500000777", "title": "О Z2500000777", "changed_on": "2025-09-16", "new": False}
    ]
    assert first.summary["discovered"][0]["new"] is True
    assert len(server.hits) == 3, "the act that did not change was not asked for"
    assert run.account()["notes"] == ["by the year index: last amended on 2025-09-16"]
    assert (run.account()["redactions_held"], run.account()["redactions_listed"]) == (3, 3)


def test_an_accepted_act_is_asked_for_whatever_the_index_shows(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = miniature()
    site.feeds = in_the_index("16 Sep 2025")
    with FaultServer(site) as server:
        assert run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru").code == 0
        server.hits.clear()
        run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru", "--accept", ACT)
    assert f"/rus/docs/{ACT}" in server.paths()


def test_the_index_is_narrowed_by_the_filter_that_the_user_gives(tmp_path: Path) -> None:
    site = miniature()
    site.feeds = {"/rus/index/docs/va=ЗАК|КЗАК&dt=2025-&rss=true&page=1": index_of({"Z2500000777": ""}, 1)}
    with FaultServer(site) as server:
        run = run_spider(
            tmp_path / "archive", "--base-url", server.url, "--discover", "2025", "--index-filter", "va=ЗАК|КЗАК"
        )
    assert run.code == 0, run.summary
    assert [found["act_id"] for found in run.summary["discovered"]] == ["Z2500000777"]


def test_an_index_without_end_is_left_after_two_hundred_pages_and_told(tmp_path: Path) -> None:
    pages = (index_of({f"Z25{number:08d}": ""}, 10_000).encode() for number in range(1000))

    def endless(path: str, n: int) -> faults.Fault | None:
        return faults.instead(next(pages)) if "/index/" in path else None

    with FaultServer(miniature(), endless) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--discover", "2025", "--current-only")
    assert run.code == 1
    assert "--index-filter" in run.summary["problems"][0]
    assert len(run.summary["discovered"]) == 200
    assert run.summary["counts"]["new"] == 2


def test_an_index_that_ends_before_its_own_number_of_acts_is_told(tmp_path: Path) -> None:
    site = miniature()
    site.feeds = {INDEX.format(1): index_of({ACT: ""}, 3), INDEX.format(2): index_of({}, 3)}
    with FaultServer(site) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--discover", "2025")
    assert run.code == 1
    assert "only 1 of 3 acts of the year index" in run.summary["problems"][0]
    assert run.summary["counts"]["new"] == 2


def test_an_amendment_that_the_portal_shows_late_is_not_missed_by_the_index(tmp_path: Path) -> None:
    """Dated before our last look, shown after it: the index and the page may both be late, and not together."""
    archive = tmp_path / "archive"
    site = miniature()
    site.feeds = in_the_index("16 Sep 2025")
    with FaultServer(site) as server:
        assert run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru").code == 0
        site.feeds = in_the_index("10 Nov 2025")  # long before today; the page is still the old one
        for _ in range(2):
            server.hits.clear()
            late = run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru")
            assert late.account()["outcome"] == "unchanged"
            assert f"/rus/docs/{ACT}" in server.paths(), "unchanged is said of a page that came"
        act = site.acts["rus", ACT]
        act.redactions[date(2025, 11, 10)] = act.redactions[act.newest] | {"5": faults.SENTENCE["rus"].format(55)}
        assert (
            run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru").account()["outcome"] == "changed"
        )
        server.hits.clear()
        calm = run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru")
    assert server.paths() == ["/robots.txt", INDEX.format(1)]
    assert calm.account()["notes"] == ["by the year index: last amended on 2025-11-10"]


def test_an_index_that_no_earlier_run_read_spares_nothing(tmp_path: Path) -> None:
    site = miniature()
    with FaultServer(site) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url)
        site.feeds = in_the_index("16 Sep 2025")
        run_spider(tmp_path / "archive", "--base-url", server.url, *BY_INDEX)
    assert server.counts[f"/rus/docs/{ACT}"] == 2


def test_a_run_by_the_index_goes_on_with_what_an_earlier_one_left(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    site = miniature()
    site.feeds = in_the_index("16 Sep 2025")
    with FaultServer(site) as server:
        first = run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru", "--budget", "5")
        assert "1 redactions not fetched" in first.why
        server.hits.clear()
        second = run_spider(archive, "--base-url", server.url, *BY_INDEX, "--lang", "ru")
    assert server.paths()[2:] == [f"/rus/docs/{ACT}/07.11.2014", f"/rus/docs/{ACT}/info", "/rus/docs/Z2500000210/info"]
    assert second.code == 0, second.summary
    assert second.account()["redactions_held"] == 3


@pytest.mark.parametrize("how", ["budget", "kill"])
def test_laws_that_old_redactions_alone_name_get_their_cards_after_an_interruption(how: str, tmp_path: Path) -> None:
    """The redactions are held, and are not fetched again: what they link to is read from the archive."""
    archive = tmp_path / "archive"
    site = miniature()
    site.cards["Z1400000001"] = {"Дата принятия акта": "07.11.2014"}

    def older(page: bytes) -> bytes:
        return page.replace(b"Z2500000210", b"Z1400000001")

    fault = on("/07.11.2014", faults.changed(older))
    with FaultServer(site, fault) as server:
        wanted = 1 + 4  # robots.txt, the current page, its history, two redactions
        if how == "budget":
            assert run_spider(archive, "--base-url", server.url, "--lang", "ru", "--budget", str(wanted)).code == 1
        else:
            command = [sys.executable, "-m", "crawler", ACT, *QUICK, "--archive", str(archive), "--lang", "ru"]
            server.fault = lambda path, n: faults.drip(0.3) if path.endswith("/info") else fault(path, n)
            child = subprocess.Popen([*command, "--base-url", server.url], stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            while len(server.hits) <= wanted and time.monotonic() < deadline:
                time.sleep(0.002)
            child.kill()
            child.wait()
            server.fault = fault
        assert len(digests(archive)) == 3
        assert run_spider(archive, "--base-url", server.url, "--lang", "ru", "--current-only").code == 0
        assert ("Z1400000001", "ru", "info", None) not in good(archive)
        run = run_spider(archive, "--base-url", server.url, "--lang", "ru")
        assert run.code == 0, run.summary
        assert ("Z1400000001", "ru", "info", None) in good(archive)
        assert server.counts[f"/rus/docs/{ACT}/07.11.2014"] == 1
    again = Held(Archive(archive).lines())
    assert not again.act(ACT, Lang.RU).unlinked, "a run that came to its end leaves nothing to be read again"


def test_an_index_that_robots_close_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    site = miniature()
    site.robots = "User-agent: *\nDisallow: /rus/index/\n"
    with FaultServer(site) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--discover", "2025")
    assert run.code == 1
    assert "closed by robots.txt" in run.summary["problems"][0]
    assert run.summary["counts"]["new"] == 2


def test_a_full_disk_ends_the_run_with_nothing_half_kept(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with FaultServer(miniature()) as server:
        run_spider(archive, "--base-url", server.url, "--current-only")
        before = digests(archive)
        code = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000));"
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "from crawler.__main__ import main; sys.exit(main(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, ACT, *QUICK, "--archive", str(archive), "--base-url", server.url],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "could not be written" in done.stdout + done.stderr
    assert digests(archive) == before
    with FaultServer(miniature()) as server:
        assert run_spider(archive, "--base-url", server.url).code == 0
    assert not verify(archive)


# -- pure parts ----


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("Sun, 01 Mar 2026 20:01:00 GMT", 60.0), ("Sun, 01 Mar 2020 20:01:00 GMT", 0.0), ("soon", None),
     (None, None)],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


def test_a_retry_after_survives_in_the_journal() -> None:
    note = not_before_note(90, NOW)
    assert read_not_before(note) == NOW + timedelta(seconds=91)
    assert read_not_before("the connection ended") is None


@pytest.mark.parametrize(
    ("window", "moment", "inside"),
    [("22:00-06:00", "23:10", True), ("22:00-06:00", "05:59", True), ("22:00-06:00", "06:00", False),
     ("01:00-05:00", "00:59", False), ("01:00-05:00", "01:00", True)],
)  # fmt: skip
def test_a_window_may_go_over_midnight(window: str, moment: str, inside: bool) -> None:
    assert Window.parse(window).holds(datetime.strptime(moment, "%H:%M").time()) is inside


def test_the_budget_starts_anew_with_the_day() -> None:
    pace = Pace(Options(Path("a"), (), budget=2))
    pace.asked(NOW)
    pace.asked(NOW)
    assert "is spent" in (pace.refusal(NOW) or "")
    fresh = Pace(Options(Path("a"), (), budget=2), spent_today=1)
    fresh.asked(NOW)
    tomorrow = NOW + timedelta(hours=5)
    assert fresh.refusal(tomorrow) is None


def test_back_off_doubles_up_to_its_limit_and_never_undercuts_retry_after() -> None:
    pace = Pace(Options(Path("a"), (), backoff=5, max_wait=30))
    assert [pace.wait_before_retry(attempt, None) for attempt in (1, 2, 3, 4, 5)] == [5, 10, 20, 30, 30]
    assert pace.wait_before_retry(1, 17) == 17


def test_the_breaker_counts_failures_in_a_row_only() -> None:
    pace = Pace(Options(Path("a"), (), breaker=3))
    for verdict in (Verdict.SERVER_ERROR, Verdict.TRUNCATED, Verdict.TEXT, Verdict.SHELL, Verdict.LOGIN):
        pace.answered(verdict)
    assert pace.stopped is None
    pace.answered(Verdict.CHALLENGE)
    assert "3 requests in a row failed" in (pace.stopped or "")


def test_what_is_absent_is_asked_for_ever_less_often() -> None:
    rests = [Absence(times, NOW) for times in (1, 2, 3, 4, 5, 6, 7, 20)]
    assert [next(day for day in range(40) if rest.due(NOW + timedelta(days=day))) for rest in rests] == [
        1, 2, 4, 8, 16, 30, 30, 30,
    ]  # fmt: skip


def test_a_clock_that_was_wrong_keeps_nothing_away_for_long() -> None:
    assert Absence(9, NOW + timedelta(days=400)).due(NOW)
    assert retry_after("99999999999999999999", NOW) == retry_after("Fri, 01 Mar 2099 20:01:00 GMT", NOW) == 7 * 86400


def test_a_retry_after_that_a_wrong_clock_wrote_is_not_waited_for(tmp_path: Path) -> None:
    host = "http://127.0.0.1:1"
    for ahead, kept in ((timedelta(days=6), True), (timedelta(days=400), False)):
        note = not_before_note(60, NOW + ahead)
        archive = tmp_path / f"{ahead.days}"
        with Archive(archive).writer(NOW, sync=False) as writer:
            writer.store(fetch(1, url=f"{host}/x", status=503, verdict=Verdict.SERVER_ERROR, error=note))
        held = Held(Archive(archive).entries())
        assert (held.not_before([host], NOW) is not None) is kept


def test_an_act_that_was_checked_in_the_future_is_asked_for_whatever_the_year_index_says(tmp_path: Path) -> None:
    """A night with a wrong clock must not make every later amendment look old."""
    archive = tmp_path / "archive"
    site = miniature()
    site.feeds = {
        "/rus/index/docs/dt=2025-&rss=true&page=1": "<rss><channel><description>Найдено 1 документ</description>"
        f"<item><title>О коде</title><link>http://h/rus/docs/{ACT}</link>"
        "<pubDate>Tue, 16 Sep 2014 00:00:00 +0600</pubDate></item></channel></rss>"
    }
    ahead = datetime.now(UTC) + timedelta(days=400)
    with Archive(archive).writer(ahead, clock=lambda: ahead, sync=False) as writer:
        for lang, portal in ((Lang.RU, "rus"), (Lang.KK, "kaz")):
            body = site.page(f"/{portal}/docs/{ACT}") or b""
            one = fetch(1, at=ahead, lang=lang, url=f"http://h/{portal}/docs/{ACT}", body=body)
            writer.store(replace(one, article_sha256=article_sha256(body)))
    with FaultServer(site) as server:
        run = run_spider(archive, "--base-url", server.url, "--discover", "2025", "--by-index", "--current-only")
    assert run.code == 0, run.summary
    assert f"/rus/docs/{ACT}" in server.paths()


def test_an_empty_archive_holds_nothing() -> None:
    assert list(Held()) == []


def test_the_settings_are_those_of_a_polite_guest() -> None:
    made = settings.chosen(options_from([]))
    assert made.getbool("ROBOTSTXT_OBEY")
    assert made.getint("CONCURRENT_REQUESTS") == made.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    four = settings.chosen(options_from(["--concurrency", "4"]))
    assert four.getint("CONCURRENT_REQUESTS") == four.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 4
    assert made.getfloat("DOWNLOAD_DELAY") >= 1
    assert made.getfloat("DOWNLOAD_DELAY_JITTER") == 0
    assert made.getbool("AUTOTHROTTLE_ENABLED")
    assert made.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert not made.getbool("TELNETCONSOLE_ENABLED")
    assert not [name for name in made["EXTENSIONS_BASE"] if "telnet" in name or "remote" in name]
    assert 0 < made.getint("DOWNLOAD_MAXSIZE") <= 32 * 1024 * 1024


def test_the_default_is_the_public_site_then_the_host_of_the_older_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAWDIFF_BASE_URL", raising=False)
    assert options_from([]).bases == ("https://adilet.zan.kz", "https://old.adilet.zan.kz")
    assert len(options_from([]).acts) > 20
    assert options_from([]).concurrency == 1
    monkeypatch.setenv("LAWDIFF_CONCURRENCY", "3")
    assert options_from([]).concurrency == 3
    monkeypatch.setenv("LAWDIFF_BASE_URL", "http://127.0.0.1:1, http://127.0.0.1:2/")
    assert options_from(["--delay", "0"]).bases == ("http://127.0.0.1:1", "http://127.0.0.1:2")


def test_progress_is_one_rewritten_line_on_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with FaultServer(miniature()) as server:
        done = subprocess.run(
            [sys.executable, "-m", "crawler", ACT, *QUICK, "--archive", str(tmp_path / "a"), "--base-url", server.url],
            stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=False,
        )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert f"\r\x1b[Kcrawl: 1 requests, {ACT} kk text" in shown or "requests, K1400000226 kk text" in shown
    assert "\n" not in shown


def test_a_public_host_needs_a_second_between_requests() -> None:
    with pytest.raises(LawdiffError, match="loopback only"):
        Options(Path("a"), (), delay=0.99).check()
    assert Options(Path("a"), (), bases=("http://127.0.0.1:1", "http://[::1]:2", "http://localhost"), delay=0).check()
