"""`lawdiff crawl` and `lawdiff update` as a person or a timer runs them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import faultserver as faults
import pytest
from faultserver import QUICK, FaultServer, miniature, on

from lawdiff.errors import LawdiffError
from lawdiff.runlock import RunLock

ACT = "K1400000226"


def lawdiff(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("LAWDIFF_")}
    return subprocess.run(
        [sys.executable, "-m", "lawdiff", *arguments],
        capture_output=True, text=True, timeout=120, cwd=cwd, env=env, check=False,
    )  # fmt: skip


@contextmanager
def monitor() -> Iterator[tuple[str, list[str]]]:
    """A monitor on loopback that notes what it was told."""
    told: list[str] = []

    class Told(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ping", told
    finally:
        server.shutdown()
        server.server_close()


def test_crawl_hands_its_options_on_and_prints_an_account(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        done = lawdiff("crawl", ACT, "--base-url", server.url, *QUICK, "--lang", "kk", "--current-only", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert f"{ACT} kk: new" in done.stdout
        assert server.paths() == ["/robots.txt", f"/kaz/docs/{ACT}"]
        assert (tmp_path / "data" / "archive" / "journal.jsonl").is_file()
        done = lawdiff("crawl", ACT, "--base-url", server.url, *QUICK, "--json", cwd=tmp_path)
    summary = json.loads(done.stdout)
    assert summary["ok"] is True
    assert [(act["lang"], act["outcome"]) for act in summary["acts"]] == [("ru", "new"), ("kk", "unchanged")]


def test_crawl_of_a_malformed_id_is_a_usage_error(tmp_path: Path) -> None:
    done = lawdiff("crawl", "K14", cwd=tmp_path)
    assert done.returncode == 2
    assert "copy it from the act's address" in done.stderr


def test_crawl_without_acts_visits_the_registry(tmp_path: Path) -> None:
    registry = tmp_path / "acts.toml"
    registry.write_text(f'[[acts]]\nid = "{ACT}"\nshort_ru = "П"\nshort_kk = "П"\nlangs = ["kk"]\n', encoding="utf-8")
    with FaultServer(miniature()) as server:
        done = lawdiff("crawl", "--acts", str(registry), "--base-url", server.url, *QUICK, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"/kaz/docs/{ACT}" in server.paths()
    assert f"/rus/docs/{ACT}" not in server.paths(), "the registry tracks it in Kazakh only"


def test_update_crawls_builds_and_tells_the_monitor(tmp_path: Path) -> None:
    site = miniature()
    with FaultServer(site) as server, monitor() as (address, told):
        command = ("update", ACT, "--base-url", server.url, *QUICK, "--heartbeat", address, "--json")
        first = lawdiff(*command, cwd=tmp_path)
        assert first.returncode == 0, first.stderr
        for lang in faults.LANGS:
            act = site.acts[lang, ACT]
            act.redactions[date(2026, 2, 1)] = act.redactions[act.newest] | {"3": faults.SENTENCE[lang].format(33)}
        second = lawdiff(*command, cwd=tmp_path)
        shown = lawdiff("show", ACT, "3", cwd=tmp_path)
        server.fault = on("", faults.status(503))
        third = lawdiff(*command, "--retries", "0", cwd=tmp_path)
    summary = json.loads(second.stdout)
    assert summary["ok"] is True
    assert set(summary["steps"]) == {"crawl", "build"}
    assert summary["steps"]["crawl"]["report"]["counts"]["changed"] == 2
    assert "номер 33" in shown.stdout
    assert third.returncode == 1
    assert json.loads(third.stdout)["steps"]["build"]["exit_code"] == 0, "what is held stays built"
    assert "could not be checked" in third.stderr
    assert told == ["/ping", "/ping", "/ping/fail"]


def test_acts_that_are_new_in_the_index_of_this_year_are_told_once_to_people(tmp_path: Path) -> None:
    site = miniature()
    year = datetime.now(timezone(timedelta(hours=5))).year
    item = "<item><title>О новом {0}</title><link>http://h/rus/docs/Z{0:010d}</link></item>"
    items = "".join(item.format(2600000000 + number) for number in range(22))
    feed = f"<rss><channel><description>Найдено 22</description>{items}</channel></rss>"
    site.feeds = {f"/rus/index/docs/dt={each}-&rss=true&page=1": feed for each in (year, year + 1)}
    with FaultServer(site) as server:
        command = (ACT, "--base-url", server.url, *QUICK, "--current-only", "--discover", "now")
        first = lawdiff("update", *command, cwd=tmp_path)
        second = lawdiff("update", *command, cwd=tmp_path)
        third = lawdiff("crawl", *command, cwd=tmp_path)
        shutil.rmtree(tmp_path / "data" / "archive")
        fresh = lawdiff("crawl", *command, cwd=tmp_path)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    told = "not tracked, new in the year index: Z2600000000 О новом 2600000000"
    assert told in first.stderr and "and 2 more that are new" in first.stderr
    assert "not tracked, new" not in second.stderr
    assert "not tracked, told before: 22 acts of the year index" in third.stdout
    assert told in fresh.stdout and "and 2 more that are new" in fresh.stdout


def test_a_database_that_another_program_has_locked_does_not_hold_up_the_night(tmp_path: Path) -> None:
    site = miniature()
    with FaultServer(site) as server:
        command = ("update", ACT, "--base-url", server.url, *QUICK, "--json")
        assert lawdiff(*command, cwd=tmp_path).returncode == 0
        amended = {lang: site.acts[lang, ACT] for lang in faults.LANGS}
        for lang, act in amended.items():
            act.redactions[date(2026, 2, 1)] = act.redactions[act.newest] | {"3": faults.SENTENCE[lang].format(33)}
        with closing(sqlite3.connect(tmp_path / "data" / "lawdiff.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            done = lawdiff(*command, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            shown = lawdiff("show", ACT, "3", cwd=tmp_path)
    assert "номер 33" in shown.stdout


def test_two_updates_never_overlap(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server, RunLock(tmp_path / "data" / ".lawdiff.db.update.lock"):
        done = lawdiff("update", ACT, "--base-url", server.url, *QUICK, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert f"another update (process {os.getpid()})" in json.loads(done.stdout)["refused"]
    assert server.paths() == []


def test_a_lock_is_free_again_after_its_holder_died(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = "import os, sys; from pathlib import Path; from lawdiff.runlock import RunLock\n"
    code += "RunLock(Path(sys.argv[1])).__enter__(); print('held', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(LawdiffError, match=f"process {child.pid}"), RunLock(path):
        pass
    child.kill()
    child.wait()
    with RunLock(path):
        pass


def test_a_heartbeat_that_nobody_hears_is_told(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        command = ("update", ACT, "--base-url", server.url, *QUICK, "--current-only", "--json")
        done = lawdiff(*command, "--heartbeat", "http://127.0.0.1:9/x", cwd=tmp_path)
    assert done.returncode == 1
    assert "was not received" in json.loads(done.stdout)["heartbeat"]


@pytest.mark.parametrize("command", ["crawl", "update"])
def test_an_interrupt_reaches_the_spider_and_its_account_is_still_told(command: str, tmp_path: Path) -> None:
    with FaultServer(miniature(), on("/history", faults.drip(0.5))) as server:
        child = subprocess.Popen(
            [sys.executable, "-m", "lawdiff", command, ACT, *QUICK, "--timeout", "60", "--base-url", server.url,
             "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while f"/rus/docs/{ACT}/history" not in server.paths() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(child.pid, signal.SIGINT) if command == "crawl" else child.send_signal(signal.SIGTERM)
        output, errors = child.communicate(timeout=30)
    assert child.returncode == 1, errors
    summary = json.loads(output)
    assert summary["ok"] is False
    told = summary if command == "crawl" else summary["steps"]["crawl"]["report"]
    assert "interrupted" in told["stopped"]
    assert command == "crawl" or set(summary["steps"]) == {"crawl"}


def test_every_account_ends_with_what_to_do_next(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        command = ("crawl", ACT, "--base-url", server.url, *QUICK, "--current-only")
        new = lawdiff(*command, cwd=tmp_path)
        same = lawdiff(*command, cwd=tmp_path)
        server.fault = on("", faults.instead(faults.CHALLENGE))
        failed = lawdiff(*command, cwd=tmp_path)
    assert new.stdout.splitlines()[-1] == "next: lawdiff build"
    assert same.stdout.splitlines() == ["2 unchanged; 3 requests"]
    assert "lawdiff status" in failed.stdout.splitlines()[-1]
