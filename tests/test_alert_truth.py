"""The Criminal Code of the stand-in site, crawled and built redaction by redaction, against a rule on chapter 7,
115-1 and 232-1.

What must be told is computed from the truth beside the pages, not from the program.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from alert_world import CODE, Clock, rule, rules_file

from lawdiff.alerts import run
from lawdiff.alerts.trial import backtest

WATCHED = {*(str(number) for number in range(205, 214)), "115-1", "232-1"}
RULE = rule(acts=[CODE], chapters=["7"], articles=["115-1", "232-1"])
STEPS = ("2018-07-01", "2019-01-21", "2023-03-07", "2025-09-16")


class Portal:
    """The stand-in's pages as they were on `day`: later redactions are not there yet. `change` edits current texts."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.day = date(2014, 11, 7)
        self.change: Callable[[str, str], str] = lambda lang, body: body

    def page(self, path: str) -> str | None:
        current = re.fullmatch(rf"/(rus|kaz)/docs/{CODE}", path)
        if current:
            folder = self.site / path.lstrip("/")
            dated = folder / f"{self.day:%d.%m.%Y}.html"
            file = dated if dated.is_file() else folder / "index.html"
            return self.change(current[1], file.read_text(encoding="utf-8"))
        if path.endswith(f"{CODE}/history"):
            return self._history((self.site / f"{path.lstrip('/')}.html").read_text(encoding="utf-8"), path)
        for name in (f"{path}.html", f"{path}/index.html"):
            file = self.site / name.lstrip("/")
            if file.is_file() and ".." not in path:
                return file.read_text(encoding="utf-8")
        return None

    def _history(self, body: str, path: str) -> str:
        def keep(row: re.Match[str]) -> str:
            found = re.search(r"<td>(\d\d)\.(\d\d)\.(\d{4})</td>", row[0])
            if found is None:
                return row[0]
            day = date(int(found[3]), int(found[2]), int(found[1]))
            if day > self.day:
                return ""
            plain = path.removesuffix("/history")
            return re.sub(rf'href="{plain}[^"]*"', f'href="{plain}"', row[0]) if day == self.day else row[0]

        return re.sub(r"<tr>.*?</tr>", keep, body, flags=re.DOTALL)


@contextmanager
def served(portal: Portal) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).rstrip("/")
            robots = "User-agent: *\nDisallow: /rus/search/\n"
            body = robots if path == "/robots.txt" else portal.page(path)
            content = (body or "<html><body>404</body></html>").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Tracker:
    """Crawl, build and alert as a timer would, with the real commands."""

    def __init__(self, folder: Path, portal: Portal, base: str) -> None:
        self.folder, self.portal, self.base = folder, portal, base
        self.rules = rules_file(folder, RULE)
        self.db = folder / "lawdiff.db"

    def night(self, *, from_scratch: bool = False) -> None:
        archive = str(self.folder / "archive")
        crawl = ["crawl", CODE, "--base-url", self.base, "--delay", "0", "--archive", archive]
        self.command(*crawl)
        self.command("build", "--archive", archive, "--db", str(self.db), *(["--from-scratch"] if from_scratch else []))

    def command(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "lawdiff", *arguments], capture_output=True, text=True, check=False, env=os.environ
        )
        # A crawl ends with 1 where something could not be checked; cards of old laws are not among the pages.
        assert done.returncode == 0 or arguments[0] == "crawl", done.stderr

    def told(self, day: str) -> set[tuple[str, str, str]]:
        """(article, redaction date, phases) of what is told on `day`."""
        state = self.folder / "alerts.db"
        report = run(self.db, self.rules, state, clock=Clock(day), environ={}, stdout=io.StringIO())
        assert report.ok, report.errors
        return {
            (item["number"] or item["eid"], item["redaction_date"], "+".join(item["phases"])) for item in report.items
        }


def true_changes(shared: Path, after: str, until: str) -> set[tuple[str, str]]:
    """(article, redaction date) of every change of text of a watched article, in either language."""
    truth = json.loads((shared / "adilet" / f"truth-{CODE}.json").read_text(encoding="utf-8"))
    return {
        (number, redaction["date"])
        for redactions in truth["languages"].values()
        for redaction in redactions
        if after < redaction["date"] <= until
        for number, op in redaction["changes"].items()
        if number in WATCHED and op != "note_only"
    }


@pytest.mark.shared
@pytest.mark.slow
def test_the_criminal_code_redaction_by_redaction(shared: Path, tmp_path: Path) -> None:
    portal = Portal(shared / "adilet" / "site")
    with served(portal) as base:
        tracker = Tracker(tmp_path, portal, base)
        portal.day = date.fromisoformat(STEPS[0])
        tracker.night()
        assert tracker.told("2018-07-05") == set()  # the first run sets the baseline
        for before, step in pairwise(STEPS[:3]):
            portal.day = date.fromisoformat(step)
            tracker.night()
            wanted = true_changes(shared, before, step)
            assert {(number, day) for number, day, _ in tracker.told(step)} == wanted
            assert tracker.told(step) == set()

        # Law 210-VIII of 2025-07-16, published 2025-07-17, in force sixty days later, on 2025-09-16.
        portal.day = date.fromisoformat(STEPS[3])
        tracker.night()
        wanted = true_changes(shared, STEPS[2], STEPS[3])
        assert ("115-1", "2025-09-16") in wanted
        assert ("232-1", "2025-09-16") in wanted
        for today, phase in (
            ("2025-07-20", "adopted"), ("2025-08-16", ""), ("2025-08-17", "T-30"), ("2025-09-08", ""),
            ("2025-09-09", "T-7"), ("2025-09-15", ""), ("2025-09-16", "in_force"), ("2025-09-17", ""),
        ):  # fmt: skip
            expected = {(number, day, phase) for number, day in wanted} if phase else set()
            assert tracker.told(today) == expected, today

        # A rebuild from the archive, by another process, tells nothing again.
        tracker.db.unlink()
        tracker.night(from_scratch=True)
        assert tracker.told("2025-09-18") == set()

        # Markup, look-alike letters, typography and the wording of notes are no news …
        portal.change = disguised
        tracker.night()
        assert tracker.told("2025-09-19") == set()

        # … but «не» is.
        portal.change = lambda lang, body: planted(lang, disguised(lang, body))
        tracker.night()
        told = tracker.told("2025-09-20")
        assert {(number, phase) for number, _, phase in told} == {("206", "silent_edit")}

        days = backtest(tracker.db, tracker.rules, "cyber", since=date(2018, 7, 2), until=date(2025, 9, 16))
        replayed = {(item["number"], item["redaction_date"]) for day in days for item in day.items}
        assert replayed == true_changes(shared, STEPS[0], STEPS[3])


def disguised(lang: str, body: str) -> str:
    """The same law under another look: Latin letters inside Cyrillic words, other quotes, spaces, attributes, note
    wording."""
    start, end = body.index("<article>"), body.index("</article>")
    text = body[start:end]
    before = text
    if lang == "rus":
        text = text.replace("информации", "инфoрмации")  # a Latin o
        text = text.replace("внесенными", "внесёнными")
    else:
        text = text.replace("бойынша", "бoйынша")
    text = text.replace("<p>", '<p class="j">', 40).replace(", ", ",&nbsp;", 200)
    assert text != before
    return body[:start] + text + body[end:]


def planted(lang: str, body: str) -> str:
    """«не» before the first verb of article 206 in Russian."""
    if lang != "rus":
        return body
    at = body.index("Статья 206.")
    at = body.index("наказыва", at)
    return body[:at] + "не " + body[at:]
