"""The stand-in of the real site, from its pages to the database: exactly what its truth file states."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from stored import build_all, crawl_files, page_files

from lawdiff.cli import cli
from lawdiff.model import Lang, Op, State, UnitKind
from lawdiff.store import open_database, read
from lawdiff.store.anomalies import run_checks

pytestmark = pytest.mark.shared
ACT = "K1400000226"
LANGS = {"rus": Lang.RU, "kaz": Lang.KK}


@pytest.fixture(scope="module")
def real_db(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    crawl_files(folder / "archive", page_files(shared / "adilet" / "site"))
    report = build_all(folder / "archive", folder / "lawdiff.db")
    assert report.ok
    assert report.built == (ACT,)
    return folder / "lawdiff.db"


@pytest.fixture
def real(real_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(real_db)) as connection:
        yield connection


@pytest.fixture(scope="module")
def truth(shared: Path) -> dict[str, list[dict[str, Any]]]:
    languages: dict[str, list[dict[str, Any]]] = json.loads(
        (shared / "adilet" / f"truth-{ACT}.json").read_text(encoding="utf-8")
    )["languages"]
    return languages


@pytest.mark.parametrize("portal", sorted(LANGS))
def test_every_redaction_holds_exactly_the_articles_texts_and_headings_of_the_truth(
    portal: str, real: sqlite3.Connection, truth: dict[str, list[dict[str, Any]]]
) -> None:
    lang = LANGS[portal]
    assert [day.isoformat() for day in read.redaction_dates(real, ACT, lang)] == [
        page["date"] for page in truth[portal]
    ]
    for page in truth[portal]:
        held = {
            version.number: version
            for version in read.act_at(real, ACT, lang, date.fromisoformat(page["date"]))
            if version.kind is UnitKind.ARTICLE
        }
        assert set(held) == set(page["articles"]), page["date"]
        for number, expected in page["articles"].items():
            version = held[number]
            assert version.heading == expected["heading"]
            assert version.text_sha256 == expected["text_sha256"]
            assert len(version.lines) == expected["paragraphs"]
            assert (version.state is State.EXCLUDED) == (expected["paragraphs"] == 0)


@pytest.mark.parametrize("portal", sorted(LANGS))
def test_the_notes_of_each_version_are_those_of_the_newest_redaction_that_shows_it(
    portal: str, real: sqlite3.Connection, truth: dict[str, list[dict[str, Any]]]
) -> None:
    newest: dict[str, str] = {}
    for page in truth[portal]:
        for version in read.act_at(real, ACT, LANGS[portal], date.fromisoformat(page["date"])):
            if version.kind is UnitKind.ARTICLE:
                newest[version.id] = page["articles"][version.number]["note"] or ""
    assert len(newest) > 20
    for version_id, note in newest.items():
        version = read.version(real, version_id)
        assert version is not None
        assert version.notes == note, version_id


@pytest.mark.parametrize("portal", sorted(LANGS))
def test_the_changes_of_each_redaction_are_those_of_the_truth(
    portal: str, real: sqlite3.Connection, truth: dict[str, list[dict[str, Any]]]
) -> None:
    for page in truth[portal][1:]:
        day = date.fromisoformat(page["date"])
        rows = read.changes(real, act_id=ACT, lang=LANGS[portal], since=day, until=day)
        found = {row.eid.removeprefix("art_"): row.op for row in rows if row.eid.startswith("art_")}
        assert found == page["changes"], page["date"]
    first = date.fromisoformat(truth[portal][0]["date"])
    assert read.changes(real, act_id=ACT, lang=LANGS[portal], until=first) == []


def test_no_rule_is_broken(real: sqlite3.Connection) -> None:
    broken = [finding for finding in run_checks(real) if finding.check.rule and finding.count]
    assert broken == []


def test_the_law_of_2025_is_found_behind_the_articles_that_it_added(real: sqlite3.Connection) -> None:
    impact = {(row.article_id.partition("/")[2], row.lang): row for row in read.law_impact(real, "Z2500000210")}
    for eid in ("art_115-1", "art_232-1", "art_233-1"):
        for lang in Lang:
            row = impact[eid, lang]
            assert row.op == Op.ADDED
            assert row.in_force_from == date(2025, 9, 16)
    other = {row.article_id.partition("/")[2]: row for row in read.changes(real, act_id=ACT, lang=Lang.RU)}
    assert {row.law_number for row in read.changes(real, key=f"{ACT}/art_121-1")} == {"72-VIII"}
    assert other


def test_show_says_the_text_and_since_when_it_exists(real_db: Path) -> None:
    run = CliRunner()
    shown = run.invoke(cli, ["show", ACT, "115-1", "--db", str(real_db)])
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Статья 115-1. Сталкинг\n")
    missing = run.invoke(cli, ["show", ACT, "115-1", "--on", "2024-01-01", "--db", str(real_db)])
    assert missing.exit_code == 1
    assert "did not exist yet on 2024-01-01" in str(missing.exception)
    assert "2025-09-16" in str(missing.exception)


def test_diff_shows_the_words_between_any_two_days(real_db: Path) -> None:
    run = CliRunner()
    arguments = ["diff", ACT, "205", "--from", "2014-11-07", "--to", "2025-09-16", "--db", str(real_db)]
    shown = run.invoke(cli, arguments)
    assert shown.exit_code == 0
    assert "[-трехсот-]{+ста шестидесяти+}" in shown.stdout
    record = json.loads(run.invoke(cli, [*arguments, "--format", "json"]).stdout)
    assert record["articles"][0]["words_removed"] > 20
    page = run.invoke(cli, [*arguments, "--format", "html"]).stdout
    assert "<del" in page and "<ins" in page
    whole = json.loads(run.invoke(cli, ["diff", ACT, "--format", "json", "--lang", "kk", "--db", str(real_db)]).stdout)
    assert {"K1400000226/art_115-1", "K1400000226/art_205"} <= {row["article_id"] for row in whole["articles"]}
