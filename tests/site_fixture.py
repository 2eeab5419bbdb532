"""A served site for the tests: the bundled sample crawled by the real spider, built, and served by real Datasette."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lawdiff.cli.serve import free_port, running
from lawdiff.demo import SAMPLE_ACTS, serve_sample
from lawdiff.resources import data_path

CHROMIUM = "/usr/bin/chromium"
ARTEFACTS = Path(__file__).resolve().parent.parent / "artefacts" / "site"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Site:
    """A running site. base: its address; db: the file it serves; archive: the folder of pages behind it."""

    base: str
    db: Path
    archive: Path

    def get(self, path: str, **headers: str) -> Answer:
        """One GET without following redirects; an error status is an answer too."""
        wanted = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.base + path, headers=wanted)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=30) as response:
                return Answer(response.status, _lower(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _lower(error.headers), error.read())

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as conn:
            conn.row_factory = sqlite3.Row
            return conn.execute(sql, values).fetchall()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def _lower(headers: object) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}  # type: ignore[attr-defined]


def lawdiff(*arguments: str, may_fail: bool = False) -> None:
    """Run the command line; its output is shown where it fails."""
    done = subprocess.run([sys.executable, "-m", "lawdiff", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or may_fail, done.stderr


def crawl_and_build(
    folder: Path, pages: Path | None = None, *, whole: bool = True, odd: bool = False
) -> tuple[Path, Path]:
    """Archive and database of the sample (or of `pages`, a folder of the same form) below `folder`.

    whole: False where the crawl is meant to end with something that it could not fetch. odd: the pages are odd on
    purpose, and accepted so.
    """
    archive, db = folder / "archive", folder / "lawdiff.db"
    with serve_sample(pages) as base:
        lawdiff(
            "crawl",
            *SAMPLE_ACTS,
            "--base-url",
            base,
            "--delay",
            "0",
            "--backoff",
            "0",
            "--archive",
            str(archive),
            *(part for act in SAMPLE_ACTS if odd for part in ("--accept", act)),
            may_fail=not whole,
        )
    lawdiff("build", "--archive", str(archive), "--db", str(db))
    return archive, db


@contextmanager
def served(archive: Path, db: Path) -> Iterator[Site]:
    port = free_port()
    with running(db, port=port, environment={"LAWDIFF_ARCHIVE": str(archive)}):
        yield Site(f"http://127.0.0.1:{port}", db, archive)


HOSTILE = (
    '&lt;script&gt;window.pwned=1&lt;/script&gt;"&gt;&lt;img src=x onerror="window.pwned=1"&gt;'
    "&lt;/title&gt;&lt;/textarea&gt;{{7*7}}&lt;a href=javascript:window.pwned=1&gt;x&lt;/a&gt;"
)


def hostile_pages(folder: Path) -> Path:
    """The sample with markup as visible text in titles, headings, texts and notes, and raw scripts in its markup."""
    pages = folder / "pages"
    shutil.copytree(data_path("sample"), pages)
    for page in pages.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for word in ("Закон", "согласи", "Кодекс", "субъект", "келісім", "Ескерту.", "Сноска.", "Статья 205. "):
            text = text.replace(word, f"{word} {HOSTILE} ", 40) if f"{word}" in text else text
        page.write_text(text.replace("</p>", "<script>window.pwned=1</script></p>", 5), encoding="utf-8")
    return pages


def need_chromium() -> None:
    """Skip where Chromium is absent, but never in CI."""
    import pytest

    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} must be present in CI: apt install chromium")
        pytest.skip(f"{CHROMIUM} is absent: apt install chromium")
