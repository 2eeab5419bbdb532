"""The stand-in with the real Criminal Code: its faults against the real spider (FORMAT, serve.py)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faultserver import Run, digests, good, run_spider

from lawdiff.archive import Archive, verify
from lawdiff.model import Lang, Verdict
from lawdiff.portal import article_sha256

pytestmark = pytest.mark.shared
ACT = "K1400000226"


@contextmanager
def stand_in(shared: Path, faults: str = "none") -> Iterator[str]:
    """The site on a free port; yields its address."""
    server = subprocess.Popen(
        [sys.executable, "-u", str(shared / "adilet" / "serve.py"), "--port", "0", "--faults", faults],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def published(shared: Path) -> dict[tuple[str, str, str, str | None], str | None]:
    """Digest of every article that the stand-in holds, by act, language, kind and date of redaction."""
    truth = json.loads((shared / "adilet" / "truth-K1400000226.json").read_text(encoding="utf-8"))
    pages: dict[tuple[str, str, str, str | None], str | None] = {}
    for portal, lang in (("rus", "ru"), ("kaz", "kk")):
        folder = shared / "adilet" / "site" / portal / "docs" / ACT
        days = [redaction["date"] for redaction in truth["languages"][portal]]
        for day in days[:-1]:
            name = "{2}.{1}.{0}.html".format(*day.split("-"))
            pages[ACT, lang, "text", day] = article_sha256((folder / name).read_bytes())
        pages[ACT, lang, "text", None] = article_sha256((folder / "index.html").read_bytes())
    return pages


def crawl(shared: Path, archive: Path, faults: str = "none", *arguments: str) -> Run:
    with stand_in(shared, faults) as url:
        return run_spider(archive, "--base-url", url, *arguments)


@pytest.fixture(scope="module")
def held(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("real") / "archive"
    assert crawl(shared, archive).code == 0
    return archive


def test_all_redactions_of_both_languages_are_held_and_nothing_else(shared: Path, held: Path) -> None:
    assert digests(held) == published(shared)
    assert len(published(shared)) == 26
    assert not verify(held)


def test_the_cards_of_the_amending_laws_are_held_once_each(held: Path) -> None:
    cards = [entry for entry in Archive(held).entries() if entry.verdict is Verdict.INFO]
    assert sorted(str(entry.act_id) for entry in cards) == [ACT, "Z2200000139", "Z2300000188", "Z2500000210"]


def test_a_second_crawl_fetches_no_dated_redaction_again(shared: Path, held: Path) -> None:
    before = len(list(Archive(held).entries()))
    run = crawl(shared, held)
    again = list(Archive(held).entries())[before:]
    assert run.code == 0
    assert [(entry.page_kind, entry.lang) for entry in again] == [
        ("robots", None), ("text", Lang.RU), ("text", Lang.KK),
    ]  # fmt: skip
    assert not [entry for entry in again if entry.redaction_date]


@pytest.mark.parametrize("faults", ["none", "flaky"])
def test_four_lanes_bring_the_same_pages(faults: str, shared: Path, held: Path, tmp_path: Path) -> None:
    # Every third request fails, whichever page it is for: beside others, a page may well be met five times running.
    run = crawl(shared, tmp_path / "archive", faults, "--concurrency", "4", "--retries", "20")
    assert run.code == 0, run.summary
    assert digests(tmp_path / "archive") == published(shared)
    assert set(good(tmp_path / "archive")) == set(good(held))
    cards = [entry.act_id for entry in Archive(tmp_path / "archive").entries() if entry.verdict is Verdict.INFO]
    assert len(cards) == len(set(cards)), "each card once, whichever lane came first"
    assert not verify(tmp_path / "archive")


@pytest.mark.parametrize("faults", ["flaky", "maintenance"])
def test_faults_that_mend_themselves_end_complete(faults: str, shared: Path, tmp_path: Path) -> None:
    run = crawl(shared, tmp_path / "archive", faults)
    assert run.code == 0, run.summary
    assert digests(tmp_path / "archive") == published(shared)


@pytest.mark.parametrize(
    ("faults", "verdict"),
    [("shell", Verdict.SHELL), ("captcha", Verdict.CHALLENGE), ("truncate", Verdict.TRUNCATED)],
)
def test_faults_that_do_not_mend_change_nothing_good(
    faults: str, verdict: Verdict, shared: Path, held: Path, tmp_path: Path
) -> None:
    before = good(held)
    run = crawl(shared, held, faults)
    assert run.code == 1
    assert [account["outcome"] for account in run.summary["acts"]] == ["unchecked", "unchecked"]
    assert run.summary["responses"][str(verdict)] >= 2
    assert {key: entry.sha256 for key, entry in good(held).items()} == {
        key: entry.sha256 for key, entry in before.items()
    }
    fresh = crawl(shared, tmp_path / "archive", faults)
    assert fresh.code == 1
    assert not digests(tmp_path / "archive")
