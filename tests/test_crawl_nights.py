"""Nights on end beside a site that changes and misbehaves, killed at random moments: the history is the scripted one.

Sixty nights here, or as many as LAWDIFF_NIGHTS says; the year is `make nights`. tests/nights.py says what of it is
real and what is simulated.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nights import BUDGET, FIRST, PORTAL, Script, live_through

from lawdiff.archive import Archive, CrawlSummary, verify
from lawdiff.build import build
from lawdiff.model import Verdict
from lawdiff.registry import Registry, TrackedAct

SCRIPT = Script(seed=7, nights=int(os.environ.get("LAWDIFF_NIGHTS", "60")))
KILLS = SCRIPT.nights // 10


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]], int]:
    folder = tmp_path_factory.mktemp("nights")
    lines, kills = live_through(SCRIPT, folder, KILLS)
    return folder, lines, kills


def check_archive(script: Script, archive: Path) -> None:
    """Every good text is what the site served that very night, none is missing at the end, none came twice."""
    held: dict[tuple[str, str, str | None], str | None] = {}
    dated: Counter[tuple[str, str, str]] = Counter()
    published = {night: script.published(night) for night in range(script.nights)}
    for entry in Archive(archive).entries():
        if entry.verdict is not Verdict.TEXT:
            continue
        assert entry.act_id and entry.lang
        day = entry.redaction_date.isoformat() if entry.redaction_date else None
        night = (entry.fetched_at - FIRST) // timedelta(days=1)
        key = (entry.act_id, str(entry.lang), day)
        assert published[night][key] == entry.article_sha256, (night, key)
        held[key] = entry.article_sha256
        if day:
            dated[entry.act_id, str(entry.lang), day] += 1
    assert held == published[script.nights - 1]
    assert set(dated.values()) == {1}, "no dated redaction was fetched twice"
    assert not verify(archive)


def check_history(script: Script, database: Path) -> None:
    """At each redaction's date every article has the scripted text, in both languages."""
    site = script.site(script.nights - 1)
    connection = sqlite3.connect(database)
    for (portal, act_id), act in site.acts.items():
        for day, text in act.redactions.items():
            rows = connection.execute(
                "SELECT a.number, v.text FROM article_versions v JOIN articles a ON a.id = v.article_id "
                "WHERE a.act_id = ? AND v.lang = ? AND a.kind = 'article' AND v.text <> '' AND v.valid_from <= ? "
                "AND (v.valid_to IS NULL OR v.valid_to > ?)",
                (act_id, PORTAL[portal], day.isoformat(), day.isoformat()),
            ).fetchall()
            assert dict(rows) == text, (act_id, portal, day)
            assert len(rows) == len(text)
    seen = connection.execute(
        "SELECT a.act_id, c.lang, c.redaction_date, a.number, c.op FROM changes c "
        "JOIN articles a ON a.id = c.article_id WHERE c.redaction_date >= '2026'"
    ).fetchall()
    connection.close()
    assert sorted(seen) == sorted(scripted_changes(script))


def check_accounts(archive: Path, lines: list[dict[str, Any]]) -> None:
    """Every night that came to its end left its account in the journal, the one that it printed."""
    told = {line["night"]: (line["ok"], line["counts"]) for line in lines}
    kept: dict[int, tuple[bool, dict[str, int]]] = {}
    for line in Archive(archive).lines():
        if isinstance(line, CrawlSummary):
            night = (line.told.finished_at - FIRST) // timedelta(days=1)
            kept[night] = (line.told.ok, line.told.counts())
    assert set(kept) == set(told)
    for night, (ok, counts) in told.items():
        assert kept[night] == (ok, {outcome: number for outcome, number in counts.items() if number}), night


def scripted_changes(script: Script) -> list[tuple[str, str, str, str, str]]:
    """What happened to which article in each language, under the redaction's date, not the night it was seen."""
    known = {(act_id, article) for act_id in {a for _, a in script.site(0).acts} for article in map(str, range(1, 10))}
    changes = []
    for amendment in script.amendments():
        key = (amendment.act_id, amendment.article)
        day = (FIRST + timedelta(days=amendment.night)).date().isoformat()
        op = "amended" if key in known else "added"
        known.add(key)
        changes += [(amendment.act_id, lang, day, amendment.article, op) for lang in PORTAL.values()]
    return changes


def test_the_archive_of_sixty_nights_holds_what_the_site_published_and_nothing_else(
    lived: tuple[Path, list[dict[str, Any]], int],
) -> None:
    folder, lines, kills = lived
    assert [line["night"] for line in lines] == list(range(SCRIPT.nights))
    assert kills == KILLS
    assert len(SCRIPT.amendments()) >= 5
    assert sum(not line["ok"] for line in lines) >= 5, "the faults were felt"
    check_archive(SCRIPT, folder / "archive")
    check_accounts(folder / "archive", lines)


def test_the_history_built_from_sixty_nights_is_the_scripted_one(
    lived: tuple[Path, list[dict[str, Any]], int], tmp_path: Path
) -> None:
    folder, _, _ = lived
    acts = tuple(TrackedAct(act_id, act_id, act_id) for act_id in sorted({a for _, a in SCRIPT.site(0).acts}))
    report = build(folder / "archive", tmp_path / "lawdiff.db", Registry(acts))
    assert report.ok
    check_history(SCRIPT, tmp_path / "lawdiff.db")


def test_no_night_asked_more_than_its_budget_and_a_quiet_one_asks_once_an_act(
    lived: tuple[Path, list[dict[str, Any]], int],
) -> None:
    folder, lines, _ = lived
    per_day = Counter(entry.fetched_at.date() for entry in Archive(folder / "archive").entries())
    assert max(per_day.values()) <= BUDGET
    quiet = [line["requests"] for line in lines if line["ok"] and line["counts"]["unchanged"] == 6]
    assert min(quiet) == 1 + 6
    assert sorted(quiet)[len(quiet) // 2] == 7


def test_memory_does_not_grow_with_the_nights(lived: tuple[Path, list[dict[str, Any]], int]) -> None:
    _, lines, _ = lived
    assert max(line["memory_mb"] for line in lines) <= 150
