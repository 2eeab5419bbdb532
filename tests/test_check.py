"""`lawdiff check`: a good database breaks no rule, and each planted defect is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from stored import SAMPLE, build_all, crawl_files, page_files

from lawdiff.cli import cli
from lawdiff.errors import StoreError
from lawdiff.store import open_database
from lawdiff.store.anomalies import checks, run_checks


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    crawl_files(folder / "archive", page_files(SAMPLE))
    build_all(folder / "archive", folder / "lawdiff.db")
    return folder / "lawdiff.db"


def test_the_sample_breaks_no_rule(good: Path) -> None:
    done = CliRunner().invoke(cli, ["check", "--db", str(good)])
    assert done.exit_code == 0, done.output
    assert "BROKEN" not in done.output


# name of the rule → SQL that breaks it
DEFECTS = {
    "foreign_keys": "UPDATE changes SET old_version_id = 'gone' WHERE old_version_id IS NOT NULL",
    "versions_overlap": "UPDATE article_versions SET valid_to = NULL WHERE version_no = 1",
    "version_ends_before_it_begins": "UPDATE article_versions SET valid_to = '1990-01-01' WHERE valid_to IS NOT NULL",
    "version_numbers": "UPDATE article_versions SET version_no = version_no + 100",
    "version_without_redaction": "UPDATE article_versions SET valid_from = '2015-05-05' WHERE version_no = 1",
    "change_without_redaction": "UPDATE changes SET redaction_date = '2015-05-05'",
    "change_between_other_articles": "UPDATE changes SET lang = CASE lang WHEN 'ru' THEN 'kk' ELSE 'ru' END",
    "change_without_version": "UPDATE changes SET old_version_id = NULL, new_version_id = NULL",
    "unexplained_version": "DELETE FROM changes",
    "two_current_redactions": "UPDATE redactions SET is_current = 1",
    "first_law": "UPDATE changes SET amending_act_id = NULL",
    "unsearchable": "DELETE FROM search_docs",
    "coverage_count": "UPDATE coverage SET redactions_held = 99",
    "in_force_without_phrase": "UPDATE change_laws SET in_force_text = NULL, in_force_from = '2020-01-01'",
    "sanction_without_offence": "DELETE FROM offence_parts WHERE part = 'part_1'",
    "severity_without_reason": "UPDATE offence_parts SET severity_reason = 'because'",
    "text_digest": "UPDATE article_versions SET text = text || ' '",
    "lines": 'UPDATE article_versions SET lines_json = \'["para_1","para_2","para_3","para_4"]\'',
    "diff_replays": "UPDATE changes SET diff_json = (SELECT diff_json FROM changes WHERE op = 'added' LIMIT 1)",
}


@pytest.mark.parametrize("rule", DEFECTS)
def test_a_planted_defect_breaks_its_rule(rule: str, good: Path, tmp_path: Path) -> None:
    db = tmp_path / "lawdiff.db"
    shutil.copy(good, db)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute(DEFECTS[rule])
    done = CliRunner().invoke(cli, ["check", "--db", str(db), "--json"])
    assert done.exit_code == 1
    found = {finding["check"]["name"]: finding for finding in json.loads(done.stdout)}
    assert found[rule]["count"] > 0
    assert found[rule]["examples"]


@pytest.mark.parametrize("table", ["article_versions", "changes", "search_docs"])
def test_a_file_with_a_lost_page_is_named(table: str, good: Path, tmp_path: Path) -> None:
    db = tmp_path / "lawdiff.db"
    with closing(sqlite3.connect(good)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    content = bytearray(good.read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    db.write_bytes(bytes(content))
    done = CliRunner().invoke(cli, ["check", "--db", str(db)])
    assert done.exit_code == 1
    assert isinstance(done.exception, StoreError)
    assert "lawdiff build" in str(done.exception)


def test_every_rule_has_a_planted_defect() -> None:
    rules = {check.name for check in checks() if check.rule} - {"integrity"}
    assert rules == set(DEFECTS)


def test_every_check_has_its_own_name_and_runs(good: Path) -> None:
    with closing(open_database(good)) as connection:
        names = [finding.check.name for finding in run_checks(connection)]
    assert names == [check.name for check in checks()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("anomaly", "plant"),
    [
        ("override_of_nothing", "INSERT INTO severity_overrides VALUES ('K1400000226', 'art_999', '', 'minor', 'x')"),
        ("regulator_of_nothing", "UPDATE regulators SET eid = 'art_999'"),
        ("severity_unknown", "UPDATE offence_parts SET severity = NULL, severity_basis = NULL, severity_reason = 'x'"),
        (
            "unread_sanction",
            "INSERT INTO unread_sanctions SELECT 'x', act_id, article_id, version_id, lang, part, line, 'x', text"
            " FROM sanctions WHERE version_id IN (SELECT id FROM article_current) LIMIT 1",
        ),
    ],
)
def test_what_is_odd_about_offences_is_named_and_breaks_no_rule(
    anomaly: str, plant: str, good: Path, tmp_path: Path
) -> None:
    db = tmp_path / "lawdiff.db"
    shutil.copy(good, db)
    with closing(sqlite3.connect(db)) as connection, connection:
        before = {finding.check.name: finding.count for finding in run_checks(connection)}
        connection.execute(plant)
    done = CliRunner().invoke(cli, ["check", "--db", str(db), "--json"])
    assert done.exit_code == 0
    found = {finding["check"]["name"]: finding["count"] for finding in json.loads(done.stdout)}
    assert before[anomaly] == 0
    assert found[anomaly] > 0
