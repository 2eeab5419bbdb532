"""The pace as the server sees it: never above the set rate, Retry-After kept, no storm; one request at a time here,
several in test_crawl_lanes.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import faultserver as faults
from faultserver import FaultServer, miniature, on, run_spider


def gaps(server: FaultServer) -> list[float]:
    """Seconds from the end of one answer to the next question."""
    return [later.began - earlier.ended for earlier, later in pairwise(server.hits)]


def test_the_server_never_sees_more_than_the_set_rate(tmp_path: Path) -> None:
    with FaultServer(miniature(), on("/history", faults.status(503), first=1)) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--delay", "0.15")
    assert run.code == 0
    starts = [hit.began for hit in server.hits]
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.15
    assert len(server.hits) >= 12


def test_no_request_comes_before_the_last_answer_ended(tmp_path: Path) -> None:
    with FaultServer(miniature(), on("/docs/K1400000226", faults.drip(0.01, 2000))) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url)
    assert min(gaps(server)) > -0.01, "an answer's last byte and the log of it are not one instant"


def test_a_crawl_delay_of_robots_is_kept(tmp_path: Path) -> None:
    site = miniature()
    site.robots = "User-agent: *\nCrawl-delay: 0.2\n"
    with FaultServer(site) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only")
    assert len(server.hits) == 3
    assert min(gaps(server)) >= 0.19


def test_a_crawl_delay_of_days_ends_the_run_instead_of_holding_it_for_days(tmp_path: Path) -> None:
    site = miniature()
    site.robots = "User-agent: *\nRequest-rate: 1/2h\n"
    with FaultServer(site) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only")
    assert run.code == 1
    assert server.paths() == ["/robots.txt"]
    assert "asks for 7200 s between two requests" in run.summary["stopped"]


def test_retry_after_is_kept_in_seconds_and_as_a_date(tmp_path: Path) -> None:
    def later(handler: faults.Handler, page: bytes | None) -> None:
        soon = datetime.now(UTC) + timedelta(seconds=2)
        handler.send(b"", status=503, Retry_After=format_datetime(soon, usegmt=True))

    def busy(path: str, n: int) -> faults.Fault | None:
        if path == "/rus/docs/K1400000226" and n == 1:
            return faults.status(429, Retry_After="1")
        return later if path == "/kaz/docs/K1400000226" and n == 1 else None

    with FaultServer(miniature(), busy) as server:
        run = run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only")
    assert run.code == 0
    first, second = server.hits[1:3]
    assert (first.path, second.path) == ("/rus/docs/K1400000226", "/rus/docs/K1400000226")
    assert second.began - first.ended >= 1.0
    kazakh = [hit for hit in server.hits if hit.path.startswith("/kaz")]
    assert kazakh[1].began - kazakh[0].ended >= 0.9


def test_a_long_retry_after_ends_the_run_and_the_next_run_keeps_it_too(tmp_path: Path) -> None:
    with FaultServer(miniature(), on("", faults.status(503, Retry_After="7200"))) as server:
        first = run_spider(tmp_path / "archive", "--base-url", server.url)
        second = run_spider(tmp_path / "archive", "--base-url", server.url)
    assert [first.code, second.code] == [1, 1]
    assert len(server.hits) == 2, "robots.txt and one page; the second run asked nothing"
    assert "not before" in second.summary["stopped"]


def test_the_agent_says_who_asks_and_whom_to_write_to(tmp_path: Path) -> None:
    with FaultServer(miniature()) as server:
        run_spider(tmp_path / "archive", "--base-url", server.url, "--current-only", "--contact", "mailto:a@b.example")
    agents = {hit.agent for hit in server.hits}
    assert len(agents) == 1
    (agent,) = agents
    assert agent.startswith("lawdiff/")
    assert "mailto:a@b.example" in agent


def test_no_fault_makes_a_storm(tmp_path: Path) -> None:
    """Attempts are bounded for each page and for the run, whatever the server does."""
    for name, fault in (
        ("503", faults.status(503)),
        ("reset", faults.reset_midway),
        ("cut", faults.changed(lambda page: page[: len(page) // 2])),
    ):
        with FaultServer(miniature(), on("", fault)) as server:
            run_spider(tmp_path / name, "--base-url", server.url, "--retries", "4", "--breaker", "10")
        assert len(server.hits) <= 1 + 10, name
        assert max(server.counts.values()) <= 5, name
