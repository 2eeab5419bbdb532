"""`lawdiff export atom`: the whole history as one feed that readers accept, with the ids of the site's feeds."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from alert_world import CODE, LAW, World
from click.testing import CliRunner

from lawdiff.cli.export import export
from lawdiff.site import feeds
from lawdiff.site.catalogue import Interface
from lawdiff.site.reader import Reader

SITE = "https://law.example.org"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = World()
    world.fetch("2025-09-20", "a")
    for year in range(2015, 2026):
        for number in ("205", "206", "115-1"):
            world.change(number, f"{year}-09-16", law=LAW[0] if year == 2025 else None, new=f"текст {year}")
    world.change("213", "2025-09-16", op="typographic", weight="editorial")
    return world.write(tmp_path_factory.mktemp("atom") / "lawdiff.db")


def exported(db: Path, *arguments: str) -> bytes:
    done = CliRunner().invoke(export, ["atom", "--db", str(db), "--site", SITE, *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout_bytes


def test_every_substantive_change_is_one_entry_newest_first(db: Path) -> None:
    feed = feedparser.parse(exported(db))
    assert not feed.bozo
    assert len(feed.entries) == 11 * 3 * 2
    days = [entry.published[:10] for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert feed.feed.updated >= max(entry.updated for entry in feed.entries)
    assert "<ins>текст 2025</ins>" in feed.entries[0].content[0].value


def test_the_entries_are_those_of_the_sites_feed(db: Path) -> None:
    conn = sqlite3.connect(db)
    conn.row_factory = sqlite3.Row
    reader = Reader(Interface("ru"), datetime.now(UTC).date().isoformat(), SITE)
    page = feeds.answer(conn, reader, "changes.atom", address="/feeds/changes.atom", query={})
    served, whole = feedparser.parse(page.body).entries, feedparser.parse(exported(db)).entries
    names = ("id", "title", "updated", "published", "link", "summary")
    assert [[entry[name] for name in names] for entry in served] == [
        [entry[name] for name in names] for entry in whole[: len(served)]
    ]


def test_wishes_narrow_and_batches_join(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = exported(db)
    monkeypatch.setattr(feeds, "BATCH", 7)
    assert exported(db) == whole
    for wishes, count in (
        (("--law", LAW[0]), 6), (("--act", CODE, "--since", "2024-01-01"), 12), (("--until", "2015-12-31"), 6),
        (("--all-weights",), 68), (("--since", "2030-01-01"), 0),
    ):  # fmt: skip
        assert len(feedparser.parse(exported(db, *wishes)).entries) == count


def test_an_empty_feed_is_still_a_feed(db: Path) -> None:
    feed = feedparser.parse(exported(db, "--since", "2030-01-01"))
    assert (feed.bozo, feed.version, feed.entries) == (False, "atom10", [])
