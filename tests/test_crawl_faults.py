"""Each fault of the table in docs/crawling.md against the real spider over real HTTP.

Every test begins with a whole archive of the miniature, makes the site change and misbehave at once, and asserts that
what may become history is what the site really published: never the fault.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import faultserver as faults
import pytest
from faultserver import Chooser, FaultServer, digests, good, miniature, on, run_spider

from lawdiff.archive import Archive
from lawdiff.archive.verification import verify
from lawdiff.model import Verdict

CURRENT = "/docs/K1400000226"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the miniature with everything held."""
    folder = tmp_path_factory.mktemp("whole") / "archive"
    with FaultServer(miniature()) as server:
        run = run_spider(folder, "--base-url", server.url)
    assert run.code == 0, run.errors
    assert len(digests(folder)) == 6
    return folder


def against(fault: Chooser, whole: Path, tmp_path: Path, *arguments: str) -> tuple[faults.Run, FaultServer, Path]:
    """A run over a copy of the whole archive, on a site that got a new redaction and misbehaves."""
    archive = tmp_path / "archive"
    shutil.copytree(whole, archive)
    site = miniature()
    for lang in faults.LANGS:
        act = site.acts[lang, "K1400000226"]
        act.redactions[date(2026, 2, 1)] = act.redactions[act.newest] | {"3": faults.SENTENCE[lang].format(33)}
    with FaultServer(site, fault) as server:
        run = run_spider(archive, "--base-url", server.url, *arguments)
    return run, server, archive


# fault → verdict of what it sends, attempts at a current page, and words of the reason that is given
REFUSED: dict[str, tuple[Callable[[], Chooser], Verdict, int, str]] = {
    "reset in mid-body": (lambda: on(CURRENT, faults.reset_midway), Verdict.TRUNCATED, 3, "ended before the body"),
    "shorter than its Content-Length": (lambda: on(CURRENT, faults.shorter_than_said), Verdict.TRUNCATED, 3, "ended"),
    "longer than its Content-Length": (lambda: on(CURRENT, faults.longer_than_said), Verdict.TRUNCATED, 3, "ends"),
    "cut in its article": (
        lambda: on(CURRENT, faults.changed(lambda page: page[: page.index(b"</article>") - 400])),
        Verdict.TRUNCATED, 3, "inside its article",
    ),
    "no length, cut": (lambda: on(CURRENT, faults.without_length_cut), Verdict.TRUNCATED, 3, "inside its article"),
    "chunked, cut": (lambda: on(CURRENT, faults.chunked_cut), Verdict.TRUNCATED, 3, "ended before the body"),
    "gzip, cut": (lambda: on(CURRENT, faults.broken_gzip), Verdict.TRUNCATED, 3, "the page ends"),
    "slow drip": (lambda: on(CURRENT, faults.drip(0.3)), Verdict.SERVER_ERROR, 3, "longer than 1"),
    "429 storm": (lambda: on("", faults.status(429)), Verdict.SERVER_ERROR, 3, "HTTP 429"),
    "503 storm": (lambda: on("", faults.status(503)), Verdict.SERVER_ERROR, 3, "HTTP 503"),
    "504 storm": (lambda: on("", faults.status(504)), Verdict.SERVER_ERROR, 3, "HTTP 504"),
    "application shell": (lambda: on("", faults.instead(faults.SHELL)), Verdict.SHELL, 1, "shell"),
    "challenge": (lambda: on("", faults.instead(faults.CHALLENGE)), Verdict.CHALLENGE, 1, "challenge"),
    "login page": (lambda: on("", faults.instead(faults.LOGIN)), Verdict.LOGIN, 1, "login"),
    "redirect to a login": (lambda: on("", faults.redirect("/login?next={path}")), Verdict.LOGIN, 1, "302"),
    "maintenance without text": (
        lambda: on("", faults.instead(faults.MAINTENANCE)), Verdict.MAINTENANCE, 3, "maintenance",
    ),
    "wrong charset": (
        lambda: on(CURRENT, faults.changed(lambda page: page.decode().encode("windows-1251", "replace"))),
        Verdict.UNKNOWN, 1, "not UTF-8",
    ),
    "UTF-8 encoded twice": (
        lambda: on(CURRENT, faults.changed(lambda page: page.decode("latin-1").encode())), Verdict.UNKNOWN, 1, "twice",
    ),
    "gzip bomb": (lambda: on(CURRENT, faults.gzip_bomb(30_000_000)), Verdict.UNKNOWN, 1, "when decompressed"),
    "endless body": (lambda: on(CURRENT, faults.endless), Verdict.UNKNOWN, 1, "larger than the limit"),
    "endless head": (lambda: on(CURRENT, faults.endless_head), Verdict.SERVER_ERROR, 3, "head of the answer is longer"),
    "page of another act": (
        lambda: on(CURRENT, faults.changed(lambda page: page.replace(b"K1400000226", b"K1400000235"))),
        Verdict.OTHER_ACT, 1, "is of K1400000235",
    ),
    "empty article": (
        lambda: on(CURRENT, faults.changed(lambda p: p[: p.index(b"<article>") + 9] + p[p.index(b"</article>") :])),
        Verdict.UNKNOWN, 1, "empty",
    ),
    "redirect to another page": (lambda: on(CURRENT, faults.redirect("/rus")), Verdict.UNKNOWN, 1, "302"),
    "redirect to another host": (
        lambda: on(CURRENT, faults.redirect("http://127.0.0.1:9{path}")), Verdict.UNKNOWN, 1, "302",
    ),
    "redirect in a circle": (lambda: on(CURRENT, faults.redirect("{path}")), Verdict.UNKNOWN, 6, "302"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_fault_changes_nothing_that_is_held_and_is_told(name: str, whole: Path, tmp_path: Path) -> None:
    make, verdict, attempts, words = REFUSED[name]
    timeout = "1" if name in ("slow drip",) else "5"
    run, server, archive = against(
        make(), whole, tmp_path, "--retries", "2", "--timeout", timeout, "--max-size", "2000000"
    )
    assert run.code == 1
    assert digests(archive) == digests(whole)
    for lang, portal in (("ru", "rus"), ("kk", "kaz")):
        account = run.account(lang)
        assert account["outcome"] == "unchecked"
        assert words in account["why"][0], account["why"]
        assert server.counts[f"/{portal}/docs/K1400000226"] == attempts
    kept = [entry for entry in Archive(archive).entries() if entry.verdict is verdict]
    assert len(kept) >= 2, "every refused response is kept as evidence"
    assert not verify(archive)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.gzip_bomb(500_000_000), "larger than the limit of 25165824 bytes"),
        (faults.endless, "larger than the limit of 25165824 bytes"),
        (faults.endless_head, "the head of the answer is longer than 262144 bytes"),
    ],
    ids=["gzip bomb", "endless body", "endless head"],
)
def test_what_never_ends_stays_within_the_memory(fault: faults.Fault, words: str, tmp_path: Path) -> None:
    code = (
        "import sys; from crawler.__main__ import main; from lawdiff.memory import peak_mb; main(sys.argv[1:]);"
        "print('MB', peak_mb())"
    )
    with FaultServer(miniature(), on(CURRENT, fault)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, "K1400000226", "--delay", "0", "--backoff", "0", "--base-url", server.url,
             "--archive", str(tmp_path / "archive")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert words in done.stdout
    assert int(done.stdout.rpartition("MB ")[2]) <= 150


def test_a_page_in_the_other_language_is_refused(whole: Path, tmp_path: Path) -> None:
    site = miniature()

    def swapped(handler: faults.Handler, page: bytes | None) -> None:
        handler.send(site.page("/kaz/docs/K1400000226") or b"")

    run, _, archive = against(on("/rus/docs/K1400000226", swapped), whole, tmp_path)
    assert run.code == 1
    assert "other_lang" in run.account("ru")["why"][0]
    assert run.account("kk")["outcome"] == "changed"
    assert {key: value for key, value in digests(archive).items() if key[1] == "ru"} == {
        key: value for key, value in digests(whole).items() if key[1] == "ru"
    }


def test_kazakh_text_under_a_russian_head_is_refused(whole: Path, tmp_path: Path) -> None:
    site = miniature()

    def mixed(page: bytes) -> bytes:
        kazakh = site.page("/kaz/docs/K1400000226") or b""
        inner = kazakh[kazakh.index(b"<article>") : kazakh.index(b"</article>")]
        return page[: page.index(b"<article>")] + inner + page[page.index(b"</article>") :]

    run, _, archive = against(on("/rus/docs/K1400000226", faults.changed(mixed)), whole, tmp_path)
    assert "written in kk" in run.account("ru")["why"][0]
    assert digests(archive)["K1400000226", "ru", "text", None] == digests(whole)["K1400000226", "ru", "text", None]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda: on("", faults.status(503), first=1), id="one 503 each"),
        pytest.param(lambda: on("", faults.reset_midway, first=2), id="two resets each"),
        pytest.param(lambda: on(CURRENT, faults.drip(0.001)), id="slow but whole"),
        pytest.param(
            lambda: on("", faults.redirect("{path};jsessionid=0A1B2C"), first=1), id="redirect with jsessionid"
        ),
        pytest.param(
            lambda: on(
                "", faults.changed(lambda p: p.replace(b"<!--<p style", b"<p style").replace(b"</p>-->", b"</p>"))
            ),
            id="maintenance banner over whole text",
        ),
    ],
)
def test_a_fault_that_mends_itself_ends_complete(fault: Callable[[], Chooser], whole: Path, tmp_path: Path) -> None:
    run, server, archive = against(fault(), whole, tmp_path)
    assert run.code == 0, run.summary
    assert run.account("ru")["outcome"] == run.account("kk")["outcome"] == "changed"
    assert len(digests(archive)) == 8, "the former current text is now held under its date"
    assert digests(archive)["K1400000226", "ru", "text", None] != digests(whole)["K1400000226", "ru", "text", None]
    assert not [path for path in server.paths() if "jsessionid" in path]


def test_half_of_the_articles_gone_is_held_back_until_a_person_accepts(whole: Path, tmp_path: Path) -> None:
    def halved(page: bytes) -> bytes:
        return page[: page.index(b'<p><b><a name="z4">')] + page[page.index(b"</article>") :]

    fault = on("/rus/docs/K1400000226", faults.changed(halved))
    run, _, archive = against(fault, whole, tmp_path)
    assert run.code == 1
    assert "held back" in run.account("ru")["why"][0]
    assert "articles gone" in run.summary["shape"][0]
    assert "--accept K1400000226" in run.summary["shape"][0]
    assert digests(archive)["K1400000226", "ru", "text", None] == digests(whole)["K1400000226", "ru", "text", None]
    with FaultServer(miniature(), fault) as server:
        accepted = run_spider(archive, "--base-url", server.url, "--accept", "K1400000226", "--lang", "ru")
    assert accepted.account("ru")["outcome"] == "changed"
    assert digests(archive)["K1400000226", "ru", "text", None] != digests(whole)["K1400000226", "ru", "text", None]


def test_the_current_text_under_a_dated_address_is_no_redaction(tmp_path: Path) -> None:
    site = miniature()

    def softly(handler: faults.Handler, page: bytes | None) -> None:
        handler.send(site.page("/rus/docs/K1400000226") or b"")

    with FaultServer(site, on("/rus/docs/K1400000226/07.11.2014", softly)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru")
    assert run.code == 1
    assert "came under a dated address" in run.account()["why"][0]
    assert ("K1400000226", "ru", "text", "2014-11-07") not in digests(tmp_path / "archive")


def test_a_redaction_with_the_text_of_the_current_page_counts(tmp_path: Path) -> None:
    site = miniature()
    act = site.acts["rus", "K1400000226"]
    act.redactions[date(2025, 9, 1)] = act.redactions[act.newest]
    with FaultServer(site) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru")
    assert run.code == 0
    held = digests(tmp_path / "archive")
    assert held["K1400000226", "ru", "text", "2025-09-01"] == held["K1400000226", "ru", "text", None]


def test_a_site_that_changed_its_shape_stops_the_run(whole: Path, tmp_path: Path) -> None:
    def reshaped(page: bytes) -> bytes:
        return page.replace(b"<b>", b"<div>").replace(b"</b>", b"</div>").replace(b"slogan", b"banner")

    run, server, archive = against(on(CURRENT, faults.changed(reshaped)), whole, tmp_path)
    assert run.code == 1
    assert "changed its shape" in run.summary["stopped"]
    assert len(run.summary["shape"]) == 2
    assert digests(archive) == digests(whole)
    assert not [path for path in server.paths() if path.endswith("/history")], "history is not written any more"


def test_one_act_that_lost_half_of_itself_does_not_keep_the_others_from_being_checked(tmp_path: Path) -> None:
    site = miniature()
    for lang in faults.LANGS:
        site.add(faults.Act("Z1300000094", lang, {date(2020, 1, 1): faults.articles(lang, 8)}))
    acts = ("K1400000226", "Z1300000094")
    with FaultServer(site) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, acts=acts)
        for lang in faults.LANGS:
            act = site.acts[lang, "K1400000226"]
            act.redactions[date(2026, 2, 1)] = faults.articles(lang, 3)
        run = run_spider(tmp_path / "archive", "--base-url", server.url, acts=acts)
    assert run.summary["stopped"] is None
    assert run.account("ru")["outcome"] == run.account("kk")["outcome"] == "unchecked"
    assert run.account("ru", "Z1300000094")["outcome"] == run.account("kk", "Z1300000094")["outcome"] == "unchanged"


def test_a_history_with_new_columns_and_repeated_dates_is_read(tmp_path: Path) -> None:
    site = miniature()

    def widened(handler: faults.Handler, page: bytes | None) -> None:
        act = site.acts["rus", "K1400000226"]
        again = (
            '<tr><td>9</td><td><a href="/rus/docs/K1400000226/12.07.2018">Кодекс</a></td><td></td><td></td>'
            "<td>12.07.2018</td><td>Обновленный</td><td>x</td></tr>"
        )
        handler.send(site.history(act, extra=again, head="<th>Новый столбец</th>"))

    with FaultServer(site, on("/rus/docs/K1400000226/history", widened)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url)
    assert run.code == 0, run.summary
    assert run.account("ru")["redactions_listed"] == 3
    assert server.counts["/rus/docs/K1400000226/12.07.2018"] == 1


def test_a_history_whose_rows_cannot_be_read_is_told(tmp_path: Path) -> None:
    def dateless(page: bytes) -> bytes:
        for day in (b"07.11.2014", b"12.07.2018", b"16.09.2025"):
            page = page.replace(day, b"")
        return page

    with FaultServer(miniature(), on("/rus/docs/K1400000226/history", faults.changed(dateless))) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url)
    assert run.code == 1
    assert "rows of the history cannot be read" in run.summary["shape"][0]
    assert run.account("kk")["redactions_held"] == 3


def test_a_history_that_lists_half_as_many_redactions_is_held_back(tmp_path: Path) -> None:
    site = miniature()
    act = site.acts["rus", "K1400000226"]
    for year in range(2019, 2023):
        act.redactions[date(year, 1, 1)] = act.redactions[date(2018, 7, 12)]
    with FaultServer(site) as server:
        first = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru")
        before = good(tmp_path / "archive")["K1400000226", "ru", "history", None].sha256
        newest = act.redactions[act.newest] | {"1": faults.SENTENCE["rus"].format(99)}
        act.redactions = {date(2014, 11, 7): act.redactions[date(2014, 11, 7)], date(2026, 2, 1): newest}
        second = run_spider(tmp_path / "archive", "--base-url", server.url, "--lang", "ru")
    assert first.account()["redactions_held"] == 7
    assert second.account()["outcome"] == "changed"
    assert "no longer listed" in second.account()["why"][0]
    assert good(tmp_path / "archive")["K1400000226", "ru", "history", None].sha256 == before


# The other rows of the table in docs/crawling.md, and the test of each.
TESTED = {
    "one 503, two resets, then whole": "test_a_fault_that_mends_itself_ends_complete",
    "slow but whole": "test_a_fault_that_mends_itself_ends_complete",
    "redirect with jsessionid": "test_a_fault_that_mends_itself_ends_complete",
    "maintenance banner over whole text": "test_a_fault_that_mends_itself_ends_complete",
    "page in the other language": "test_a_page_in_the_other_language_is_refused",
    "Kazakh text under a Russian head": "test_kazakh_text_under_a_russian_head_is_refused",
    "the current text under a dated address": "test_the_current_page_under_a_dated_address_is_refused_in_any_order_of_"
    "arrival",
    "half of the articles gone": "test_half_of_the_articles_gone_is_held_back_until_a_person_accepts",
    "the site changed its shape": "test_a_site_that_changed_its_shape_stops_the_run",
    "notes in other words, or gone": "test_a_site_whose_notes_can_no_longer_be_read_stops_the_history",
    "history with new columns, repeated dates": "test_a_history_with_new_columns_and_repeated_dates_is_read",
    "history whose rows cannot be read": "test_a_history_whose_rows_cannot_be_read_is_told",
    "history that lists half as many redactions": "test_a_history_that_lists_half_as_many_redactions_is_held_back",
    "history that lags behind the text": "test_a_history_that_lags_behind_the_text_is_read_again_and_the_change_"
    "gets_its_own_date",
    "year index that ends early, or has no end": "test_an_index_that_ends_before_its_own_number_of_acts_is_told",
    "robots.txt asks for a pause of hours": "test_a_crawl_delay_of_days_ends_the_run_instead_of_holding_it_for_days",
    "robots.txt closes everything": "test_robots_that_close_everything_end_the_run_politely",
    "robots.txt closes old redactions": "test_robots_that_close_old_redactions_are_obeyed_and_told",
    "robots.txt cannot be read": "test_unreadable_robots_close_the_site",
    "certificate without intermediate": "test_a_missing_intermediate_is_refused_until_it_is_added",
    "certificate expired, of another host, of an unknown root": "test_a_certificate_that_does_not_verify_ends_the_run_"
    "without_a_retry",
    "403 to everything": "test_a_firewall_that_forbids_everything_is_left_alone_soon",
    "server down": "test_a_server_that_is_down_is_told",
    "an act that is held answers 404": "test_a_404_of_an_act_that_is_held_is_asked_once_more",
    "killed at any moment": "test_a_killed_crawl_goes_on_where_it_stopped_and_fetches_nothing_twice",
    "interrupted (Ctrl-C)": "test_an_interrupted_crawl_closes_its_archive_and_says_so",
    "disk full": "test_a_full_disk_ends_the_run_with_nothing_half_kept",
    "another crawl is running": "test_a_second_crawl_of_the_same_archive_waits_for_the_first",
    "the clock is wrong": "test_a_retry_after_that_a_wrong_clock_wrote_is_not_waited_for",
    "the database is locked": "test_a_database_that_another_program_has_locked_does_not_hold_up_the_night",
}


def test_every_row_of_the_table_in_the_docs_is_a_test_and_every_fault_has_its_row() -> None:
    here = Path(__file__).parent
    docs = (here.parent / "docs" / "crawling.md").read_text(encoding="utf-8")
    table = docs.partition("## Faults, and what happens")[2].partition("\n## ")[0]
    rows = {
        cells[1]: (cells[2], cells[3])
        for line in table.splitlines()
        if line.startswith("| ") and len(cells := [cell.strip() for cell in line.split("|")]) == 6
    }
    rows.pop("fault")
    assert set(rows) == set(REFUSED) | set(TESTED)
    for name, (_, verdict, attempts, _) in REFUSED.items():
        assert rows[name][0] == str(verdict), name
        assert (rows[name][1] == "no") is (attempts == 1), name
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (*here.glob("test_crawl_*.py"), here / "test_shape.py")
    )
    for name, test in TESTED.items():
        assert f"def {test}(" in tests, name


def test_robots_that_close_everything_end_the_run_politely(whole: Path, tmp_path: Path) -> None:
    site = miniature()
    site.robots = "User-agent: *\nDisallow: /\n"
    archive = tmp_path / "archive"
    shutil.copytree(whole, archive)
    with FaultServer(site) as server:
        run = run_spider(archive, "--base-url", server.url)
    assert run.code == 1
    assert server.paths() == ["/robots.txt"]
    assert "closed by robots.txt" in run.account("ru")["why"][0]
    assert digests(archive) == digests(whole)


def test_robots_that_close_old_redactions_are_obeyed_and_told(tmp_path: Path) -> None:
    site = miniature()
    site.robots = "User-agent: *\nDisallow: /*/docs/*/*.*\nAllow: /\n"
    with FaultServer(site) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url)
    assert run.code == 0
    assert "old redactions are closed by robots.txt" in run.account("ru")["notes"]
    assert len(run.summary["robots_closed"]) == 4
    assert not [path for path in server.paths() if path.endswith(".2014")]


@pytest.mark.parametrize("fault", [faults.status(503), faults.instead(faults.CHALLENGE), faults.reset_midway])
def test_unreadable_robots_close_the_site(fault: faults.Fault, tmp_path: Path) -> None:
    with FaultServer(miniature(), on("/robots.txt", fault)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--retries", "1")
    assert run.code == 1
    assert set(server.paths()) == {"/robots.txt"}
    assert "robots.txt" in run.summary["stopped"]


def test_absent_robots_close_nothing(tmp_path: Path) -> None:
    with FaultServer(miniature(), on("/robots.txt", faults.status(404))) as server:
        assert run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only").code == 0


def test_a_storm_opens_the_breaker_before_every_act_is_hammered(tmp_path: Path) -> None:
    acts = tuple(f"K14000002{number:02d}" for number in range(10))
    with FaultServer(miniature(), on("", faults.status(503))) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--breaker", "6", acts=acts)
    assert len(server.hits) == 1 + 6
    assert "the server struggles" in run.summary["stopped"]
    assert run.summary["counts"]["unchecked"] == 20
    assert all(act["why"] for act in run.summary["acts"])


def test_a_server_that_is_down_is_told(whole: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(whole, archive)
    run = run_spider(archive, "--base-url", "http://127.0.0.1:9", "--retries", "2")
    assert run.code == 1
    assert "robots.txt" in run.summary["stopped"]
    assert run.summary["requests"] == 3
    assert "refused" in list(Archive(archive).entries())[-1].error.lower()
    assert digests(archive) == digests(whole)


def test_a_firewall_that_forbids_everything_is_left_alone_soon(tmp_path: Path) -> None:
    acts = tuple(f"K14000002{number:02d}" for number in range(10))
    with FaultServer(miniature(), on("", faults.status(403))) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--breaker", "5", acts=acts)
    assert len(server.hits) == 1 + 5
    assert "HTTP 403" in run.why


def test_a_404_of_an_act_that_is_held_is_asked_once_more(whole: Path, tmp_path: Path) -> None:
    run, server, archive = against(on(CURRENT, faults.status(404), first=1), whole, tmp_path)
    assert run.code == 0
    assert len(digests(archive)) == 8
    (tmp_path / "gone").mkdir()
    gone, server, archive = against(on(CURRENT, faults.status(404)), whole, tmp_path / "gone")
    assert gone.code == 1
    assert server.counts["/rus/docs/K1400000226"] == 2
    assert "the portal served it before" in gone.why
    assert digests(archive) == digests(whole)


def test_a_shell_moves_the_run_to_the_next_host(tmp_path: Path) -> None:
    with FaultServer(miniature(), on("", faults.instead(faults.SHELL))) as new, FaultServer(miniature()) as old:
        run = run_spider(tmp_path / "archive", "--base-url", new.url, "--base-url", old.url)
    assert run.code == 0
    assert run.summary["base"] == old.url
    assert new.paths() == ["/robots.txt", "/rus/docs/K1400000226"]
    assert len(digests(tmp_path / "archive")) == 6


def test_a_redirect_to_the_other_known_host_is_followed_under_its_robots(tmp_path: Path) -> None:
    with FaultServer(miniature()) as old, FaultServer(miniature()) as new:
        new.fault = on("", faults.redirect(old.url + "{path};jsessionid=9"))
        run = run_spider(tmp_path / "archive", "--base-url", new.url, "--base-url", old.url, "--current-only")
    assert run.code == 0, run.summary
    assert new.paths() == ["/robots.txt", "/rus/docs/K1400000226"], "then the other host is asked directly"
    assert old.paths() == ["/robots.txt", "/rus/docs/K1400000226", "/kaz/docs/K1400000226"]
    assert set(digests(tmp_path / "archive")) == {("K1400000226", lang, "text", None) for lang in ("ru", "kk")}
