"""`lawdiff serve`: clear refusals, a clean stop, a new database noticed; and markup in words stays words."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from lxml import etree, html
from site_fixture import Site, crawl_and_build, hostile_pages, served

from lawdiff.cli.serve import free_port
from lawdiff.site.lines import safe_inline

pytestmark = pytest.mark.xdist_group("site")


def serve(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lawdiff", "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_missing_database_is_one_clear_line(tmp_path: Path) -> None:
    child = serve("--db", str(tmp_path / "none.db"), "--port", "0")
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 1
    assert re.fullmatch(
        r"lawdiff: there is no database .*none\.db; run `lawdiff build`, or name one with --db\n", errors
    )


def test_a_taken_port_is_one_clear_line(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        child = serve("--db", str(site.db), "--port", str(taken.getsockname()[1]))
        _, errors = child.communicate(timeout=30)
    assert child.returncode == 1
    assert "cannot listen on 127.0.0.1" in errors
    assert "--port" in errors


def answer(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return str(response.read().decode())


def until(port: int, path: str, holds: object, seconds: float = 30) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            text = answer(port, path)
            if holds(text):  # type: ignore[operator]
                return text
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{path} did not become what was awaited within {seconds} s")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_notices_a_new_database_and_stops_cleanly(site: Site, tmp_path: Path, how: signal.Signals) -> None:
    db, port = tmp_path / "some name.db", free_port()
    shutil.copy(site.db, db)
    child = serve("--db", str(db), "--port", str(port))
    try:
        until(port, "/lawdiff/acts.json?_shape=array", lambda text: "K1400000226" in text)
        newer = tmp_path / "newer.db"
        shutil.copy(site.db, newer)
        with sqlite3.connect(newer) as conn:
            conn.execute("UPDATE acts SET short_ru = 'Новое имя' WHERE id = 'K1400000226'")
        newer.replace(db)
        until(port, "/K1400000226", lambda text: "Новое имя" in text)
        child.send_signal(how)
        _, errors = child.communicate(timeout=30)
        assert child.returncode == 0, errors
        assert f"http://127.0.0.1:{port}/" in errors
        assert "stopped" in errors
        assert "Traceback" not in errors
    finally:
        child.kill()
    with pytest.raises(OSError, match="refused"):
        answer(port, "/")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("hostile")
    with served(*crawl_and_build(folder, hostile_pages(folder), odd=True)) as running_site:
        yield running_site


def test_markup_in_the_words_of_a_page_comes_out_as_words(hostile: Site) -> None:
    """The whole chain: a hostile page is crawled, parsed, stored and shown on every kind of page and feed."""
    holding = hostile.rows(
        "SELECT count(*) FROM article_versions WHERE text LIKE '%<script>%' OR heading LIKE '%<script>%'"
    )
    assert holding[0][0] > 0, "the hostile words must have reached the database"
    assert hostile.rows("SELECT count(*) FROM article_versions WHERE notes LIKE '%<script>%'")[0][0] > 0
    paths = ["/", "/changes?weight=all", "/laws", "/pending", "/status", "/topics/cyber", "/search?q=script",
             "/search?q=%3Cscript%3E",
             "/lawdiff", "/lawdiff/changes", "/lawdiff/article_versions", "/lawdiff/articles",
             "/lawdiff/recent_changes",
             "/lawdiff?sql=select+%27%3Cscript%3Ewindow.pwned%3D1%3C%2Fscript%3E%27",
             "/changes?act=%22%3E%3Cscript%3Ewindow.pwned=1%3C/script%3E", "/K1400000226?on=%3Cscript%3E",
             "/search?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D1%3E",
             "/%3Cscript%3Ealert(1)%3C/script%3E"]  # fmt: skip
    for act in ("K1400000226", "Z1300000094"):
        paths += [f"/{act}", f"/{act}/kk"]
        for row in hostile.rows("SELECT eid FROM articles WHERE act_id = ?", act):
            paths += [f"/{act}/{row[0]}", f"/{act}/{row[0]}/ru-kk",
                      f"/{act}/{row[0]}/diff/2014-11-07..2025-09-16?view=side",
                      f"/{act}/{row[0]}/diff/2013-11-26..2025-09-16"]  # fmt: skip
    seen_as_words = 0
    for path in paths:
        reply = hostile.get(path)
        assert reply.status in (200, 302, 404), (path, reply.status)
        page = html.fromstring(reply.text) if reply.body else html.Element("p")
        assert [script for script in page.iter("script") if "pwned" in (script.text or "")] == [], path
        assert [image for image in page.iter("img") if image.get("src") == "x"] == [], path
        assert [link for link in page.iter("a") if (link.get("href") or "").lower().startswith("javascript")] == [], (
            path
        )
        assert [element for element in page.iter() if element.get("onerror")] == [], path
        seen_as_words += "<script>window.pwned=1</script>" in page.text_content()
        assert "49" not in page.findtext(".//h1", "") or "{{7*7}}" in page.text_content()
    assert seen_as_words > 20
    for path in ("/feeds/changes.atom?weight=all", "/feeds/K1400000226.atom"):
        for content in etree.fromstring(hostile.get(path).body).iter("{http://www.w3.org/2005/Atom}content"):
            fragment = html.fromstring(f"<div>{content.text}</div>")
            assert not fragment.xpath("//script | //img | //@onerror | //a[starts-with(@href, 'javascript')]")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("м<sup>3</sup>", "м<sup>3</sup>"),
        ('H<sub class="x" onclick="y">2</sub>O<br/>', "H<sub>2</sub>O<br>"),
        ("<script>x</script>y", "y"),
        ('<a href="javascript:x">z</a>', "z"),
        ("<sup>1<sub>2", "<sup>1<sub>2</sub></sup>"),
        ("&lt;b&gt; & <b>c</b>", "&lt;b&gt; &amp; c"),
        ("</sup></sub>d", "d"),
    ],
)
def test_stored_html_is_reduced_to_three_bare_tags(stored: str, shown: str) -> None:
    assert safe_inline(stored) == shown


def test_what_could_not_be_fetched_at_all_is_told_on_the_first_page(tmp_path: Path) -> None:
    """An act whose only page was cut short has no row in the database; the archive knows that it was asked for."""
    import json

    from lawdiff.resources import data_path

    pages = tmp_path / "pages"
    shutil.copytree(data_path("sample"), pages)
    for page in pages.rglob("Z1300000094/**/*.html"):
        whole = page.read_bytes()
        page.write_bytes(whole[: len(whole) // 2])
    archive, db = crawl_and_build(tmp_path, pages, whole=False)
    with served(archive, db) as site:
        assert "could not be fully checked" in site.get("/", Cookie="ui=en").text
        assert "could not be fully checked" in site.get("/status", Cookie="ui=en").text
        assert site.get("/Z1300000094", Cookie="ui=en").status == 404
        told = json.loads(site.get("/status.json").text)
        assert told["ok"] is False
        assert told["run"]["counts"] == {"new": 2, "unchecked": 2}
        page = site.get("/status", Cookie="ui=en").text
        assert "new: 2, changed: 0, unchanged: 0, not checked: 2; requests: " in page
        assert "Z1300000094 kk: Z1300000094 kk text: truncated" in page
        assert "не проверено: 2" in site.get("/status", Cookie="ui=ru").text
        never = re.search(r"Tracked, but not asked for yet</th><td>(.*?)</td>", page)
        assert never is not None and "КоАП РК" in never[1]
        assert "Закон о персональных данных" not in never[1]
